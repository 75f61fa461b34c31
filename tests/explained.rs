//! A gap explained, as a reader finds it: a table whose parts add up, a sentence that says the same, a picture of it; and
//! the charts that are drawn from the tide and the ledger.

use std::collections::BTreeMap;

use seatcast::{
    Lang, Session, Settings,
    balance::GapPart,
    load,
    plot::font,
    report::{ChartKind, Figure, Options},
};

use crate::common::{all_shipped, shipped};

type Row = BTreeMap<String, String>;

fn table(session: &Session<'_>, name: &str, lang: Lang) -> Vec<Row> {
    let files = session.files(Options { lang, bom: false, charts: false }).unwrap();
    let Some((_, bytes)) = files.iter().find(|(file, _)| file == name) else { return Vec::new() };
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let heading = reader.headers().unwrap().clone();
    let row = |record: csv::StringRecord| {
        heading.iter().zip(&record).map(|(h, c)| (h.to_owned(), c.to_owned())).collect()
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn number(row: &Row, column: &str) -> i64 {
    row[column].parse().unwrap()
}

fn session_of(name: &str, then: impl Fn(&Session<'_>)) {
    let loaded = load(shipped(name)).unwrap();
    then(&Session::new(&loaded.scenario, Settings { draws: 20, ..Settings::default() }).unwrap());
}

/// The shortage of every area, stage and year: the reference and its parts add up to it, it is that of balance.csv, and a
/// district is the sum of its groups.
#[test]
fn the_parts_of_every_row_add_up_to_the_shortage_of_the_balance() {
    for name in all_shipped() {
        session_of(&name, |session| {
            let rows = table(session, "explained.csv", Lang::En);
            assert_eq!(rows.is_empty(), !session.scenario().has_places(), "{name}");
            let key = |row: &Row| ["district", "group", "stage", "year"].map(|c| row[c].clone());
            let central: BTreeMap<[String; 4], i64> = table(session, "balance.csv", Lang::En)
                .iter()
                .filter(|r| {
                    r["measure"] == "shortage.central" && r["zone"].is_empty() && r["grade"].is_empty()
                })
                .map(|r| (key(r), number(r, "value")))
                .collect();
            let mut groups: BTreeMap<[String; 3], i64> = BTreeMap::new();
            let mut districts: BTreeMap<[String; 3], i64> = BTreeMap::new();
            for row in &rows {
                let parts: i64 = GapPart::ALL.iter().map(|part| number(row, part.code())).sum();
                let shortage = number(row, "shortage");
                assert_eq!(number(row, "before") + parts, shortage, "{name} {row:?}");
                assert_eq!(central[&key(row)], shortage, "{name} {row:?}");
                let of = if row["group"].is_empty() { &mut districts } else { &mut groups };
                *of.entry(["district", "stage", "year"].map(|c| row[c].clone())).or_default() += shortage;
            }
            assert_eq!(groups, districts, "{name}");
        });
    }
}

/// The sentence names the shortage, what it is compared with and the largest cause, in both languages; nothing in it
/// is left out of the sum.
#[test]
fn the_sentence_says_what_the_row_says() {
    session_of("teaching", |session| {
        for lang in [Lang::Zh, Lang::En] {
            let rows = table(session, "explained.csv", lang);
            let mut said = 0;
            for row in &rows {
                let text = &row["text"];
                assert!(text.contains(&row["year"]) && text.contains("2025"), "{text}");
                // the causes stand after the colon, each with its sign: together they are the change
                let causes = text.rsplit(lang.pick("：", ": ")).next().unwrap().replace(',', "");
                let signed = causes.split_whitespace().filter_map(|word| {
                    let word = word.trim_end_matches(['。', '.', ';']).split(['、', '；']).next()?;
                    word.starts_with(['+', '-']).then(|| word.parse::<i64>().unwrap())
                });
                let causes: Vec<i64> = signed.collect();
                let change = number(row, "shortage") - number(row, "before");
                assert_eq!(causes.iter().sum::<i64>(), change, "{text}");
                said += causes.len();
            }
            assert!(said > rows.len(), "{said}");
        }
    });
}

/// Every district and stage with a shortage has a waterfall of its worst year; the tide has a panel for every stage; the
/// time line has a row for every project of the ledger that is under way.
#[test]
fn waterfall_tide_and_ledger_are_drawn_from_what_the_tables_say() {
    session_of("teaching", |session| {
        let rows = table(session, "explained.csv", Lang::En);
        let timeline = table(session, "timeline.csv", Lang::En);
        for lang in [Lang::Zh, Lang::En] {
            let charts = session.charts(lang);
            let of = |kind: ChartKind| charts.iter().filter(move |c| c.kind == kind);
            for chart in of(ChartKind::Waterfall) {
                let Figure::Waterfall(figure) = &chart.figure else { panic!("{}", chart.name) };
                let [_, district, stage] = chart.name.split('-').collect::<Vec<_>>()[..] else { panic!() };
                let worst = rows
                    .iter()
                    .filter(|r| r["district"] == district && r["group"].is_empty() && r["stage"] == stage);
                let worst = worst.max_by_key(|r| (number(r, "shortage"), -number(r, "year"))).unwrap();
                assert_eq!(figure.total() as i64, number(worst, "shortage"), "{}", chart.name);
                assert_eq!(figure.before.1 as i64, number(worst, "before"), "{}", chart.name);
                if lang == Lang::En {
                    assert_eq!(figure.sentence, worst["text"]);
                }
            }
            assert_eq!(of(ChartKind::Waterfall).count(), 10);
            for chart in of(ChartKind::Tide) {
                let Figure::Tide(figure) = &chart.figure else { panic!("{}", chart.name) };
                assert_eq!((figure.panels.len(), figure.years.len(), figure.years[0]), (5, 16, 2025));
                // a name may be written on two lines
                let joined = |text: &str| text.split_whitespace().collect::<String>();
                let text = joined(&font::svg_text(&chart.figure.svg().unwrap()));
                assert!(figure.panels.iter().all(|p| text.contains(&joined(&p.name))), "{text}");
            }
            assert_eq!(of(ChartKind::Tide).count(), 2);
            let mut drawn = 0;
            for chart in of(ChartKind::Ledger) {
                let Figure::Ledger(figure) = &chart.figure else { panic!("{}", chart.name) };
                for row in figure.groups.iter().flat_map(|(_, rows)| rows).filter(|r| r.opening.is_some()) {
                    let opening = row.opening.unwrap();
                    assert!(opening.p10 <= opening.median && opening.median <= opening.p90, "{}", row.label);
                    assert!(row.marks.windows(2).all(|w| w[0].month <= w[1].month), "{}", row.label);
                    assert!(row.marks.iter().all(|m| m.month < f64::from(figure.round)), "{}", row.label);
                    drawn += 1;
                }
            }
            let under_way = timeline.iter().filter(|r| r["event"] == "open_p50").count();
            assert_eq!(drawn, under_way);
            assert!(drawn > 8, "{drawn}");
        }
    });
}

/// A project that is open by its ledger has no opening to wait for, and what is recorded stands in the order of time.
#[test]
fn the_time_line_is_that_of_the_ledger() {
    session_of("teaching", |session| {
        let scenario = session.scenario();
        let rows = table(session, "timeline.csv", Lang::En);
        let of = |project: &str, event: &str| {
            rows.iter().find(|r| r["project"] == project && r["event"] == event).map(|r| r["date"].as_str())
        };
        assert_eq!((of("p01", "open_p50"), of("p01", "topped_out")), (None, Some("2024-12-05")));
        assert_eq!((of("p02", "started"), of("p02", "open_p50")), (Some("2025-02-20"), Some("2027-01")));
        for project in &scenario.projects {
            let recorded =
                scenario.ledger.entries().iter().any(|e| {
                    e.project == project.id && e.date < seatcast::time::Day::first_of(scenario.round())
                });
            let listed = rows.iter().any(|r| r["project"] == project.id);
            assert_eq!(recorded, listed, "{}", project.id);
        }
    });
}
