//! A change of a table: its cells, rows, columns and headings.
//!
//! Rows and cells are told apart by line breaks and commas alone: where a quoted cell holds one, the change breaks the
//! quotes too, which is one more thing to be read.

use super::{Chance, change::value};

type Rows = Vec<Vec<String>>;

pub(super) fn one(bytes: &[u8], chance: &mut Chance) -> Option<(Vec<u8>, &'static str)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut rows: Rows = text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
    if rows.is_empty() {
        return None;
    }
    let what = match chance.below(10) {
        0..5 => cell(&mut rows, chance),
        5..8 => row(&mut rows, chance),
        _ => Some(column(&mut rows, chance)),
    }?;
    let lines: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
    let end = if chance.one_in(12) { "" } else { "\n" };
    Some((format!("{}{end}", lines.join("\n")).into_bytes(), what))
}

/// A row below the heading.
fn some_row(rows: &Rows, chance: &mut Chance) -> Option<usize> {
    (rows.len() > 1).then(|| 1 + chance.below(rows.len() - 1))
}

fn cell(rows: &mut Rows, chance: &mut Chance) -> Option<&'static str> {
    let r = some_row(rows, chance)?;
    let c = chance.below(rows[r].len());
    Some(match chance.below(6) {
        0 => {
            rows[r][c].clear();
            "a cell blank"
        }
        1 => {
            let other = some_row(rows, chance)?;
            rows[r][c] = rows[other].get(c)?.clone();
            "the cell of another row"
        }
        2 => {
            let other = chance.below(rows[r].len());
            rows[r].swap(c, other);
            "two cells changed places"
        }
        3 => {
            // the same of a whole column, such as every rate ten times as high
            let factor = *chance.of_these(&[0.0, 0.1, 0.5, 2.0, 10.0, 1000.0, -1.0]);
            for row in rows.iter_mut().skip(1) {
                let number = row.get(c).and_then(|cell| cell.parse::<f64>().ok());
                if let Some(number) = number {
                    row[c] = (number * factor).to_string();
                }
            }
            "a column multiplied"
        }
        _ => {
            rows[r][c] = value(&rows[r][c], chance);
            "another value"
        }
    })
}

fn row(rows: &mut Rows, chance: &mut Chance) -> Option<&'static str> {
    let r = some_row(rows, chance)?;
    Some(match chance.below(9) {
        0 => {
            rows.remove(r);
            "a row taken out"
        }
        1 => {
            rows.insert(r, rows[r].clone());
            "a row twice"
        }
        2 => {
            // twice but for one cell: the same key with another figure
            let mut twin = rows[r].clone();
            let c = chance.below(twin.len());
            twin[c] = value(&twin[c], chance);
            rows.push(twin);
            "a row nearly twice"
        }
        3 => {
            let many = [50, 500, 5000][chance.below(3)];
            let again = rows[r].clone();
            rows.extend((0..many).map(|_| again.clone()));
            "a row many times"
        }
        4 => {
            let other = some_row(rows, chance)?;
            rows.swap(r, other);
            "two rows changed places"
        }
        5 => {
            let blank = vec![String::new(); rows[r].len()];
            rows.insert(r, blank);
            "a blank row"
        }
        6 => {
            let more = 1 + chance.below(4);
            rows[r].extend((0..more).map(|i| i.to_string()));
            "a row too long"
        }
        7 => {
            rows[r].pop();
            "a row too short"
        }
        _ => {
            rows.truncate(r);
            "rows cut off"
        }
    })
}

fn column(rows: &mut Rows, chance: &mut Chance) -> &'static str {
    let c = chance.below(rows[0].len());
    match chance.below(8) {
        0 => {
            rows.iter_mut().filter(|row| c < row.len()).for_each(|row| drop(row.remove(c)));
            "a column taken out"
        }
        1 => {
            for row in rows.iter_mut().filter(|row| c < row.len()) {
                row.push(row[c].clone());
            }
            "a column twice"
        }
        2 => {
            let heading = value(&rows[0][c], chance);
            rows[0][c] = heading;
            "another heading"
        }
        3 => {
            rows[0][c] = rows[0][c].to_uppercase();
            "a heading in capitals"
        }
        4 => {
            let other = chance.below(rows[0].len());
            rows.iter_mut().filter(|row| c.max(other) < row.len()).for_each(|row| row.swap(c, other));
            "two columns changed places"
        }
        5 => {
            for row in rows.iter_mut().skip(1).filter(|row| c < row.len()) {
                row[c].clear();
            }
            "a column blank"
        }
        6 => {
            let same = value(rows.get(1).and_then(|row| row.get(c)).map_or("", String::as_str), chance);
            for row in rows.iter_mut().skip(1).filter(|row| c < row.len()) {
                row[c].clone_from(&same);
            }
            "a column all the same"
        }
        _ => {
            let more = [1, 30, 3000][chance.below(3)];
            rows[0].extend((0..more).map(|i| format!("column {i}")));
            "columns nobody knows"
        }
    }
}
