use seatcast_core::{Lang, supply::Budget};

use super::{ALL, ColumnSpec, Content, TableSpec, settings};
use crate::{
    BareOptions, Limits, Reading, asked::asked, load, problem::Problems, raw::RawTable, read_bare,
    read_budget, read_filed, read_rounds, read_schedule, read_schedules, table::Table,
};

/// A folder of the repository.
fn root(path: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

#[test]
fn no_heading_means_two_columns_of_a_table() {
    for table in ALL {
        let mut taken: Vec<&str> = Vec::new();
        for heading in table.all_columns().flat_map(ColumnSpec::spellings) {
            assert!(!taken.contains(&heading), "{}: {heading} means two columns", table.name);
            taken.push(heading);
        }
        assert!(table.key.iter().all(|key| table.column(key).is_some()));
    }
}

/// Cells that fit a column: of codes each.
fn fitting(column: &ColumnSpec) -> Vec<String> {
    match column.content {
        Content::Key | Content::List | Content::Free | Content::Remark => vec!["甲".to_owned()],
        Content::Whole(bound) | Content::Number(bound) => vec![bound.min.to_string(), bound.max.to_string()],
        Content::Month => vec!["2025-09".to_owned()],
        Content::Day => vec!["2025-09-01".to_owned()],
        Content::YesNo => vec!["yes".to_owned(), "no".to_owned()],
        Content::Decision => vec!["2025-09".to_owned(), "never".to_owned()],
        Content::Code(codes) => codes.iter().map(|of| of.code.to_owned()).collect(),
    }
}

/// A table as its declaration would have it, with headings in `lang`; every fitting cell of every column appears.
fn filled(table: &TableSpec, lang: Lang) -> (String, Vec<Vec<String>>) {
    let columns: Vec<&ColumnSpec> = table.all_columns().collect();
    let cells: Vec<Vec<String>> = columns.iter().map(|column| fitting(column)).collect();
    let most = cells.iter().map(Vec::len).max().unwrap_or(0);
    // a key of its own for each row where a text can be one
    let cell = |i: usize, row: usize| match columns[i].content {
        Content::Key => format!("甲{row}"),
        _ => cells[i][row % cells[i].len()].clone(),
    };
    let rows: Vec<Vec<String>> =
        (0..most).map(|row| (0..columns.len()).map(|i| cell(i, row)).collect()).collect();
    let heading: Vec<&str> = columns.iter().map(|column| column.heading(lang)).collect();
    let lines: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
    (format!("{}\n{}\n", heading.join(","), lines.join("\n")), rows)
}

#[test]
fn what_a_declaration_writes_its_reader_reads() {
    for table in ALL {
        for lang in [Lang::Zh, Lang::En] {
            let (text, rows) = filled(table, lang);
            let mut problems = Problems::default();
            let raw = RawTable::parse(table.name, &text, table, &mut problems).unwrap();
            let read = Table::read(raw, &mut problems);
            let problems = problems.into_sorted();
            // cells of a key that take few values make rows alike
            let wrong: Vec<_> = problems.iter().filter(|p| p.code() != "E036").collect();
            assert!(wrong.is_empty(), "{} {lang:?}: {wrong:?}", table.name);
            assert_eq!(read.rows.len(), rows.len());
            for (row, stated) in read.rows.iter().zip(&rows) {
                for (column, text) in table.all_columns().zip(stated) {
                    let shown = match row.shown(column.name).as_str() {
                        "true" => "yes".to_owned(),
                        "false" => "no".to_owned(),
                        other => other.to_owned(),
                    };
                    assert_eq!(&shown, text, "{}.{}", table.name, column.name);
                }
            }
        }
    }
}

/// Files that a scenario does not hold in itself.
const GIVEN: [(&str, &str); 7] = [
    ("schedule.csv", "project,decide\nc09,never\n"),
    ("schedules.csv", "schedule,project,decide\na,c09,never\n"),
    ("budget.csv", "year,amount\n2026,1\n"),
    ("rolls.csv", "year,area,school,grade,pupils\n2024,a,s,1,9\n2025,a,s,1,9\n"),
    ("births.csv", "year,area,births\n2018,a,9\n2019,a,9\n"),
    (
        "forecasts/2024-a.csv",
        "base_year,year,district,zone,stage,grade,pupils,p2_5,p10,p25,p50,p75,p90,p97_5,without_overrides\n\
         2024,2025,east,old_town,primary,1,9,1,2,3,4,5,6,7,9\n",
    ),
    (
        "rounds/2024-a.csv",
        "base_year,number,group,stage,variant,project,year,need,programme,missing,status,step,gate,opens\n\
         2024,1,centre,primary,,p01,2025,,,,open,plan,build,2025\n2024,1,centre,primary,,,2025,9,8,1,,,,\n",
    ),
];

#[test]
fn every_declared_column_is_read() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["forecasts", "rounds"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
    }
    for (name, text) in GIVEN {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let given = |name: &str| folder.path().join(name);
    let (reading, any) = (Reading::default(), Budget::default());
    let asked = asked(|| {
        let scenario = load(root("scenarios/teaching")).unwrap().scenario;
        for other in ["futian-2019", "learning"] {
            load(root("scenarios").join(other)).unwrap();
        }
        read_schedule(&given("schedule.csv"), &scenario, &reading).unwrap();
        read_schedules(&given("schedules.csv"), &scenario, &any, &reading).unwrap();
        read_budget(&given("budget.csv"), &reading).unwrap();
        read_filed(folder.path(), &scenario, &reading).unwrap();
        read_rounds(folder.path(), &scenario, &reading).unwrap();
        read_bare(&BareOptions {
            rolls: given("rolls.csv"),
            births: Some(given("births.csv")),
            entry_grade: None,
            entry_lag: 6,
            mask_years: Vec::new(),
            stages: Vec::new(),
            as_of: None,
            decision_month: 10,
            encoding: None,
            limits: Limits::default(),
        })
        .unwrap();
    });
    // the unit of a setting is for people alone
    let for_people = (settings::TABLE.name, settings::UNIT.spec.name);
    let declared = ALL.iter().flat_map(|table| table.columns.iter().map(|column| (table.name, column.name)));
    let unread: Vec<_> = declared
        .filter(|(table, column)| !asked.contains(&format!("{table}.csv {column}")))
        .filter(|column| *column != for_people)
        .collect();
    assert!(unread.is_empty(), "declared and never read: {unread:?}");
}
