//! Result tables. Each is declared once: the type of its rows with the columns, of a long table the measures too; and made
//! by a function from what a command came to.
//!
//! [`cell`] says what a cell holds, [`row`] what a column is, [`csv`] how rows become a file and a file becomes rows,
//! [`keys`] which columns stand together in many tables, [`long`] what the long form is.

mod accuracy;
mod actions;
mod admission;
mod backtest;
pub(crate) mod balance;
mod bands;
mod board;
pub(crate) mod cell;
mod classes;
mod compare;
pub(crate) mod csv;
mod cycle;
pub(crate) mod explained;
mod filed;
pub(crate) mod keys;
mod learnt;
pub(crate) mod long;
mod money;
mod places;
pub(crate) mod projects;
mod pupils;
mod round;
pub(crate) mod row;
mod sweep;
pub(crate) mod tide;
pub(crate) mod timeline;
mod warnings;

pub use cell::CellType;
pub use filed::filed;
pub use long::Measure;
pub use round::filed_round;
pub use row::{Column, Meaning, Unit};

pub(crate) use accuracy::of_accuracy;
pub(crate) use backtest::of_backtest;
pub(crate) use compare::of_comparison;
pub(crate) use cycle::of_cycle;
pub(crate) use sweep::of_sweep;

use csv::{Csv, bytes};
use long::{Figures, Sink};
use row::Row;

use crate::{File, Options, Run};

/// A result table as it is declared.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Name of its file.
    pub file: &'static str,
    /// What one row is.
    pub meaning: Meaning,
    measures: &'static [&'static [Measure]],
    columns: fn() -> Vec<Column>,
}

impl Table {
    const fn of<R: Row>(file: &'static str, zh: &'static str, en: &'static str) -> Self {
        Self { file, meaning: Meaning { zh, en }, measures: &[], columns: R::columns }
    }

    const fn with(self, measures: &'static [&'static [Measure]]) -> Self {
        Self { measures, ..self }
    }

    /// Its columns, in their order.
    pub fn columns(&self) -> Vec<Column> {
        (self.columns)()
    }

    /// The measures of a long table; none of another.
    pub fn measures(&self) -> Vec<Measure> {
        self.measures.concat()
    }

    fn holding(&self, bytes: Vec<u8>) -> File {
        (self.file.to_owned(), bytes)
    }

    fn file<R: Row>(&self, rows: impl IntoIterator<Item = R>, options: Options) -> File {
        self.holding(bytes(rows, options))
    }
}

/// Every result table of every command.
pub fn catalogue() -> Vec<&'static Table> {
    [
        &pupils::TABLE,
        &places::TABLE,
        &balance::TABLE,
        &board::TABLE,
        &actions::TABLE,
        &projects::TABLE,
        &warnings::TABLE,
        &warnings::NOTICE,
        &explained::TABLE,
        &timeline::TABLE,
        &classes::TABLE,
        &admission::TABLE,
        &tide::TABLE,
        &tide::NEEDED,
        &tide::REUSE,
        &money::TABLE,
        &money::LIFE_CYCLES,
    ]
    .into_iter()
    .chain(learnt::TABLES)
    .chain([&bands::TABLE])
    .chain(sweep::TABLES)
    .chain(cycle::TABLES)
    .chain([&round::SINCE, &compare::TABLE])
    .chain(backtest::TABLES)
    .chain(accuracy::TABLES)
    .chain([&filed::TABLE, &round::TABLE])
    .collect()
}

/// The figures that charts are drawn from.
pub(crate) struct ChartFigures<'f> {
    /// Of `balance.csv` and `places.csv`.
    pub(crate) balance: &'f mut Figures,
    /// Of `tide.csv`.
    pub(crate) tide: &'f mut Figures,
}

/// Every table of a run; `charts` keeps the figures that charts are drawn from.
pub(crate) fn of_run(run: &Run<'_>, options: Options, charts: Option<ChartFigures<'_>>) -> Vec<File> {
    let Options { lang, .. } = options;
    let (figures, tide_figures) = charts.map(|of| (of.balance, of.tide)).unzip();
    let mut figures = figures;
    let mut files = vec![
        long_file(&pupils::TABLE, options, None, |sink| pupils::rows(run, sink)),
        long_file(&balance::TABLE, options, figures.as_deref_mut(), |sink| balance::rows(run, sink)),
        learnt::RATIOS.file(learnt::ratios(run.scenario), options),
    ];
    // what not every run has
    let mut some = |file: Option<File>| files.extend(file);
    some(learnt::evidence(run.scenario).map(|rows| learnt::EVIDENCE.file(rows, options)));
    some(bands::rows(run.scenario).map(|rows| bands::TABLE.file(rows, options)));
    some(learnt::changes(run).map(|rows| learnt::CHANGES.file(rows, options)));
    some(learnt::overrides(run.scenario).map(|rows| learnt::OVERRIDES.file(rows, options)));
    some(learnt::schools(run).map(|rows| learnt::SCHOOLS.file(rows, options)));
    if !run.scenario.has_places() {
        return files; // there is nothing to set the demand against
    }
    some(timeline::rows(run, lang).map(|rows| timeline::TABLE.file(rows, options)));
    some(classes::rows(run, lang).map(|rows| classes::TABLE.file(rows, options)));
    some(run.admission.as_ref().map(|admission| {
        long_file(&admission::TABLE, options, None, |sink| admission::rows(run, admission, sink))
    }));
    if let Some(tide) = &run.tide {
        files.extend([
            long_file(&tide::TABLE, options, tide_figures, |sink| tide::rows(tide, sink)),
            tide::NEEDED.file(tide::needed(tide, lang), options),
            tide::REUSE.file(tide::reuse(tide), options),
        ]);
    }
    files.extend([
        long_file(&places::TABLE, options, figures, |sink| places::rows(run, sink)),
        long_file(&board::TABLE, options, None, |sink| board::rows(run, sink)),
        actions::TABLE.file(actions::rows(run, lang), options),
        projects::TABLE.file(projects::rows(run, lang), options),
        warnings::TABLE.file(warnings::rows(run), options),
        warnings::NOTICE.file(warnings::notice(run, lang), options),
        explained::TABLE.file(explained::rows(run, lang), options),
        money::TABLE.file(money::rows(run), options),
        money::LIFE_CYCLES.file(money::life_cycles(run, lang), options),
    ]);
    files
}

/// The figures that charts of a run are drawn from, without a table being written.
pub(crate) fn chart_figures(run: &Run<'_>, figures: &mut Figures, tide_figures: &mut Figures) {
    let mut sink = Sink { csv: None, figures: Some(figures) };
    balance::rows(run, &mut sink);
    if run.scenario.has_places() {
        places::rows(run, &mut sink);
    }
    if let Some(tide) = &run.tide {
        tide::rows(tide, &mut Sink { csv: None, figures: Some(tide_figures) });
    }
}

fn long_file(
    table: &Table,
    options: Options,
    figures: Option<&mut Figures>,
    rows: impl FnOnce(&mut Sink<'_>),
) -> File {
    let mut sink = Sink { csv: Some(Csv::with(&table.columns(), options)), figures };
    rows(&mut sink);
    table.holding(sink.csv.map(Csv::finish).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use seatcast_core::{
        Lang,
        balance::{PARTS, Reference},
        cycle::{Footing, LastSafe},
        supply::{Kind, Status},
        time::{Day, YearMonth},
    };

    use super::{
        cell::{Number, Text, Thousandths, When},
        explained::{Causes, ExplainedRow},
        keys::{Place, ProjectKeys},
        long::{Figured, LongRow, Named},
        projects::ProjectRow,
        tide::TideRow,
        timeline::TimelineRow,
        *,
    };

    fn comes_back<R: Row + PartialEq + std::fmt::Debug>(rows: &[R]) {
        let mut csv = Csv::with(&R::columns(), Options { lang: Lang::Zh, bom: true, charts: false });
        for row in rows {
            csv.row(row);
        }
        let mut back: Vec<R> = Vec::new();
        csv::read(&csv.finish(), |row| back.push(row)).unwrap();
        assert_eq!(back, rows);
    }

    fn named(measure: &'static str, statistic: Option<&'static str>) -> Named<'static> {
        Named { measure: Cow::Borrowed(measure), statistic: statistic.map(Cow::Borrowed) }
    }

    fn long(
        zone: Option<&str>,
        grade: Option<&'static str>,
        statistic: Option<&'static str>,
    ) -> LongRow<'static> {
        LongRow {
            scenario: "s".into(),
            place: Place::named([Some("d"), Some("=g"), zone]),
            stage: Some("primary".into()),
            grade: grade.map(Text::from),
            year: Some(2030),
            lead: Some(5),
            measure: named("demand", statistic),
            value: Number(12.345_6),
        }
    }

    fn keys() -> ProjectKeys<'static> {
        ProjectKeys {
            project: "p-1".into(),
            name: "-甲校".into(),
            district: "d".into(),
            group: "g".into(),
            zone: "z".into(),
            stage: "primary".into(),
            kind: Kind::Prefab,
            status: Status::Candidate,
        }
    }

    #[test]
    fn rows_of_every_table_that_charts_are_drawn_from_come_back_as_they_were() {
        comes_back(&[long(None, None, Some("p2_5")), long(Some("z"), Some("1"), None)]);
        comes_back(&[TideRow {
            scenario: "s".into(),
            place: Place::named([Some("d"), None, None]),
            stage: "primary".into(),
            building: Some("school".into()),
            year: None,
            lead: None,
            measure: named("idle", Some("p50")),
            value: Number(0.0),
        }]);
        let month = |month| Some(YearMonth { year: 2027, month });
        comes_back(&[ProjectRow {
            project: keys(),
            footing: Some(Footing::Planned),
            places: 900,
            decided: None,
            site_from: month(1),
            site_to: month(6),
            build_from: month(7),
            build_to: month(12),
            opens: Some(2028),
            full_from: Some(2030),
            used_until: None,
            opens_central: None,
            p_open_next: Thousandths(0.125),
            needed_in: Some(2029),
            last_safe_date: LastSafe::Passed,
            cost: Number(1e8),
        }]);
        let timeline = |date, value| TimelineRow { project: keys(), event: "p_open".into(), date, value };
        comes_back(&[
            timeline(month(3).map(When::Month), None),
            timeline(Some(When::Day(Day { year: 2027, month: 9, day: 1 })), Some(Number(0.25))),
        ]);
        comes_back(&[Reference::BaseYear, Reference::Forecast(2024)].map(|reference| ExplainedRow {
            scenario: "s".into(),
            district: "d".into(),
            group: None,
            stage: "primary".into(),
            year: 2030,
            lead: 5,
            reference,
            before: 40,
            causes: Causes((0..PARTS as i64).map(|n| n - 5).collect()),
            shortage: 46,
            text: "甲区, 2030: 缺 46".into(),
        }));
    }

    #[test]
    fn only_figures_that_are_wanted_are_made_and_kept_as_they_are_published() {
        let mut figures = Figures::of(&["demand.p50"]);
        let unwanted = long(None, None, Some("p90"));
        let finer = long(None, Some("1"), Some("p50"));
        for row in [&long(None, None, Some("p50")), &unwanted, &finer] {
            figures.keep(row);
        }
        let place = Place::named([Some("d"), Some("=g"), None]);
        assert_eq!(figures.get(&place, "primary", 2030, "demand.p50"), Some(12.345_6));
        assert_eq!(figures.get(&place, "primary", 2030, "demand.p90"), None);
        assert_eq!(figures.years(&place), [2030]);
        assert!(finer.figure().is_none(), "a grade is no figure of a chart");
        let sink = Sink { csv: None, figures: Some(&mut figures) };
        let of = |name| balance::TABLE.measures().into_iter().find(|m| m.name == name).unwrap();
        assert!(sink.wants(&of("demand")) && !sink.wants(&of("shortage")));
    }

    #[test]
    fn every_column_and_measure_says_what_it_means_in_both_languages() {
        let mut files = Vec::new();
        for table in catalogue() {
            let columns = table.columns().into_iter().map(|c| (c.name, c.meaning));
            let measures = table.measures().into_iter().map(|m| (m.name, m.meaning));
            for (name, meaning) in columns.chain(measures).chain([(table.file, table.meaning)]) {
                assert!(!meaning.zh.is_empty() && !meaning.en.is_empty(), "{}: {name}", table.file);
            }
            files.push(table.file);
        }
        assert!(files.len() > 35, "{files:?}");
    }
}
