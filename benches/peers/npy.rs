//! Reads the plain `.npy` arrays of a workload: little-endian, C order, one of `<f4`, `<i4`, `|u1`.

use std::{fs, path::Path};

/// An array: its shape and its figures, row by row.
pub(crate) struct Array {
    pub(crate) shape: Vec<usize>,
    pub(crate) values: Vec<f64>,
}

/// Reads `NAME.npy` of a folder.
pub(crate) fn read(folder: &Path, name: &str) -> Result<Array, String> {
    let path = folder.join(format!("{name}.npy"));
    let wrong = |what: &str| format!("{}: {what}", path.display());
    let bytes = fs::read(&path).map_err(|e| wrong(&e.to_string()))?;
    if bytes.len() < 10 || bytes[..8] != *b"\x93NUMPY\x01\x00" {
        return Err(wrong("not an .npy file of version 1"));
    }
    let length = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let header = bytes.get(10..10 + length).ok_or_else(|| wrong("cut short"))?;
    let header = String::from_utf8_lossy(header);
    let after = |key: &str| header.split(key).nth(1).unwrap_or_default();
    if !after("'fortran_order': ").starts_with("False") {
        return Err(wrong("not in C order"));
    }
    let shape: Vec<usize> = after("'shape': (")
        .split(')')
        .next()
        .unwrap_or_default()
        .split(',')
        .filter_map(|n| n.trim().parse().ok())
        .collect();
    let kind = after("'descr': '").split('\'').next().unwrap_or_default();
    let data = &bytes[10 + length..];
    let four = || data.chunks_exact(4).map(|b| [b[0], b[1], b[2], b[3]]);
    let values: Vec<f64> = match kind {
        "<f4" => four().map(|b| f64::from(f32::from_le_bytes(b))).collect(),
        "<i4" => four().map(|b| f64::from(i32::from_le_bytes(b))).collect(),
        "|u1" => data.iter().map(|&b| f64::from(b)).collect(),
        _ => return Err(wrong(&format!("figures of the kind {kind}"))),
    };
    if values.len() != shape.iter().product::<usize>() {
        return Err(wrong("its length is not that of its shape"));
    }
    Ok(Array { shape, values })
}
