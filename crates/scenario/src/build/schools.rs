//! Schools: places, or classes times class size; rooms; the end of a building's life.

use seatcast_core::{
    bounds::{Bound, CLASS_SIZE, CLASSES, PLACES},
    geography::Stage,
    supply::{Classes, School, SchoolTable},
    time::YearMonth,
};

use super::{Context, Rows, zones::row_name};
use crate::{
    json::shorten,
    limits::Limit,
    number,
    problem::{Expected, Fault, Place, Problems, SupplyFault},
    table::{Row, Table},
    tables::schools,
};

/// What a row says of its classes.
enum Said {
    Nothing,
    /// Something that cannot be used; its fault is reported.
    Faulty,
    Classes(Classes),
}

/// Every school of the table whose row can be used.
pub(super) fn schools(context: &Context<'_>, table: &Table, problems: &mut Problems) -> SchoolTable {
    let frame = context.frame;
    if !problems.within(Limit::Schools, table.rows.len() as u64, &table.file, Place::File) {
        return SchoolTable::default();
    }
    let mut rows = Rows { file: &table.file, problems };
    let mut schools = SchoolTable::default();
    for row in &table.rows {
        let (zone, stage) = (rows.zone(row, context), rows.stage(row, context));
        let (Some(id), Some(zone), Some(stage)) = (row.get(schools::SCHOOL), zone, stage) else { continue };
        let said = classes(row, &frame.stages[stage], &mut rows);
        let places = match (row.get(schools::PLACES), &said) {
            (Some(places), Said::Nothing | Said::Classes(_)) => Some(places),
            (None, Said::Classes(classes)) => sum(row, classes, &mut rows),
            (_, Said::Faulty) => None,
            (None, Said::Nothing) => {
                if !row.is_faulty(&schools::CLASSES_PER_GRADE) {
                    rows.fault(row, &schools::PLACES, Fault::PlacesOrClasses);
                }
                None
            }
        };
        let opened = row.get(schools::OPENED).map(YearMonth::first_september);
        let life = row.get(schools::LIFE_YEARS);
        if life.is_some() && opened.is_none() {
            rows.fault(row, &schools::OPENED, Fault::Supply(SupplyFault::LifeNeedsOpened));
        }
        if let Some(places) = places {
            schools.push(School {
                name: row_name(row, id),
                classes: match said {
                    Said::Classes(classes) => Some(classes),
                    _ => None,
                },
                until: opened.zip(life).map(|(year, life)| year + life),
                ..School::new(id, zone, stage, places)
            });
        }
    }
    schools
}

fn classes(row: &Row, stage: &Stage, rows: &mut Rows<'_>) -> Said {
    let grades = stage.grades.len();
    let Some(text) = row.get(schools::CLASSES_PER_GRADE) else {
        if let Some(rooms) = row.get(schools::ROOMS) {
            rows.fault(row, &schools::ROOMS, Fault::Supply(SupplyFault::RoomsNeedClasses(rooms)));
        }
        return Said::Nothing;
    };
    let by_grade = per_grade(text, grades, CLASSES, Fault::ClassesPerGrade);
    let sizes = match row.get(schools::CLASS_SIZE) {
        None => Ok((0..grades).map(|g| stage.size_at(g)).collect()),
        Some(text) => sizes(text, stage),
    };
    let mut ok = true;
    for (column, fault) in
        [(schools::CLASSES_PER_GRADE, by_grade.as_ref().err()), (schools::CLASS_SIZE, sizes.as_ref().err())]
    {
        if let Some(fault) = fault {
            rows.fault(row, &column, fault.clone());
            ok = false;
        }
    }
    let (Ok(by_grade), Ok(sizes), true) = (by_grade, sizes, ok) else { return Said::Faulty };
    let largest = sizes.iter().copied().max().unwrap_or(0);
    let stretch = row.get(schools::STRETCH_SIZE).unwrap_or(stage.stretch().max(largest));
    if stretch < largest {
        rows.fault(row, &schools::STRETCH_SIZE, Fault::Supply(SupplyFault::StretchBelow(stretch, largest)));
    }
    let held = by_grade.iter().sum();
    let rooms = row.get(schools::ROOMS).unwrap_or(held);
    if rooms < held {
        rows.fault(row, &schools::ROOMS, Fault::Supply(SupplyFault::RoomsFew(rooms, held)));
    }
    Said::Classes(Classes { by_grade, sizes, stretch, rooms })
}

/// All places of the classes, unless that is an absurd number.
fn sum(row: &Row, classes: &Classes, rows: &mut Rows<'_>) -> Option<u32> {
    let places: f64 =
        classes.by_grade.iter().zip(&classes.sizes).map(|(n, size)| f64::from(*n) * f64::from(*size)).sum();
    if PLACES.contains(places) {
        return Some(places as u32);
    }
    let size = classes.sizes.iter().copied().max().unwrap_or(1);
    let max = (PLACES.max / f64::from(size) / classes.sizes.len() as f64).floor();
    let text = row.get(schools::CLASSES_PER_GRADE).unwrap_or_default();
    rows.fault(row, &schools::CLASSES_PER_GRADE, Fault::OutOfRange(shorten(text), Bound { max, ..CLASSES }));
    None
}

/// Class sizes of a row: one, or one a grade. A blank one among several is a grade whose places have no class size.
fn sizes(text: &str, stage: &Stage) -> Result<Vec<u32>, Fault> {
    let parts: Vec<&str> = text.split([';', '；']).map(str::trim).collect();
    if parts.len() == stage.grades.len()
        && let Some(blank) = parts.iter().position(|part| part.is_empty())
    {
        return Err(Fault::Supply(SupplyFault::NoClassSize(stage.grades[blank].clone())));
    }
    let length = |found, grades| Fault::Supply(SupplyFault::SizesPerGrade(found, grades));
    per_grade(text, stage.grades.len(), CLASS_SIZE, length)
}

/// One whole number for every grade, or one each, separated by `;`.
pub(super) fn per_grade(
    text: &str,
    grades: usize,
    bound: Bound,
    length: impl Fn(usize, usize) -> Fault,
) -> Result<Vec<u32>, Fault> {
    let parts: Vec<&str> = text.split([';', '；']).map(str::trim).collect();
    if parts.len() != 1 && parts.len() != grades {
        return Err(length(parts.len(), grades));
    }
    let mut numbers = Vec::with_capacity(grades);
    for part in &parts {
        let plain = number::plain_number(part).unwrap_or_default();
        let digits = plain.strip_prefix('-').unwrap_or(&plain);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            let shown = if part.is_empty() { text } else { part };
            return Err(Fault::WrongType(shorten(shown), Expected::Whole));
        }
        match plain.parse::<u32>() {
            Ok(number) if bound.contains(f64::from(number)) => numbers.push(number),
            _ => return Err(Fault::OutOfRange(shorten(part), bound)),
        }
    }
    Ok(if numbers.len() == 1 { numbers.repeat(grades) } else { numbers })
}
