//! The long form: one figure a row, a blank key is the total over it.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use seatcast_core::{
    forecast::{LEVELS, Stats},
    geography::Area,
    index::{GradeId, StageId},
    scenario::Scenario,
};

use super::{
    cell::{Cell, CellType, Number, Text},
    csv::Csv,
    keys::Place,
    row::{Meaning, Row, Unit, row},
};

/// A figure of a long table, declared once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// Its name.
    pub name: &'static str,
    /// What it is counted in.
    pub unit: Unit,
    /// What it means.
    pub meaning: Meaning,
}

/// Declares the measures of a table, each a constant by which its figures are written, and the list of them all.
macro_rules! measures {
    ($list:ident: $($constant:ident = $name:literal, $unit:ident, $zh:literal, $en:literal;)+) => {
        $(const $constant: $crate::tables::long::Measure = $crate::tables::long::Measure {
            name: $name,
            unit: $crate::tables::row::Unit::$unit,
            meaning: $crate::tables::row::Meaning { zh: $zh, en: $en },
        };)+
        /// Every measure of the table.
        pub(super) const $list: &[$crate::tables::long::Measure] = &[$($constant),+];
    };
}
pub(crate) use measures;

/// Which figure a row has: a measure, and of one that varies over the draws the statistic.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Named<'a> {
    pub(crate) measure: Cow<'a, str>,
    pub(crate) statistic: Option<Cow<'a, str>>,
}

impl Named<'_> {
    /// A figure that does not vary over the draws.
    pub(crate) fn of(measure: &Measure) -> Self {
        Self { measure: Cow::Borrowed(measure.name), statistic: None }
    }

    fn statistic(measure: &Measure, statistic: &'static str) -> Self {
        Self { measure: Cow::Borrowed(measure.name), statistic: Some(Cow::Borrowed(statistic)) }
    }
}

impl Cell for Named<'_> {
    fn holds() -> CellType {
        CellType::Text
    }

    fn write(&self, out: &mut String) {
        out.push_str(&self.measure);
        if let Some(statistic) = &self.statistic {
            out.push('.');
            out.push_str(statistic);
        }
    }

    fn read(text: &str) -> Option<Self> {
        let (measure, statistic) = match text.split_once('.') {
            Some((measure, statistic)) => (measure, Some(Cow::Owned(statistic.to_owned()))),
            None => (text, None),
        };
        Some(Self { measure: Cow::Owned(measure.to_owned()), statistic })
    }
}

row! {
    /// One figure of an area, stage, grade and year.
    LongRow<'a> {
        scenario: Text<'a> = "情景代码", "key of the scenario";
        place: Place<'a>;
        stage: Option<Text<'a>> = "学段代码；留空为合计", "key of the stage; blank is the total over them";
        grade: Option<Text<'a>> = "年级；留空为合计", "key of the grade; blank is the total over them";
        year: Option<i32>, Year = "学年；留空为今后各年合计", "academic year; blank is the sum over the coming years";
        lead: Option<i32>, Years = "距基年的年数", "the year less the base year";
        measure: Named<'a> = "指标，随抽样变动者带统计量后缀", "measure; with its statistic where it varies over the draws";
        value: Number = "数值", "the figure";
    }
}

/// Keys of a long row; `None` stands for the total.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key {
    pub(crate) area: Area,
    pub(crate) stage: Option<StageId>,
    pub(crate) grade: Option<GradeId>,
    pub(crate) year: Option<i32>,
}

/// A row with a figure in the long form.
pub(crate) trait Figured: Row {
    /// Area, stage, year, name and value; `None` where the row has a finer key, as a grade or a building.
    fn figure(&self) -> Option<Point<'_>>;
}

/// One figure by area, stage and year.
pub(crate) struct Point<'r> {
    pub(crate) place: &'r Place<'r>,
    pub(crate) stage: Option<&'r Text<'r>>,
    pub(crate) year: Option<i32>,
    pub(crate) named: &'r Named<'r>,
    pub(crate) value: Number,
}

impl Figured for LongRow<'_> {
    fn figure(&self) -> Option<Point<'_>> {
        let LongRow { place, stage, year, measure, value, .. } = self;
        let point = Point { place, stage: stage.as_ref(), year: *year, named: measure, value: *value };
        self.grade.is_none().then_some(point)
    }
}

/// Figures by area, stage, year (`None` = all coming years) and name, of the measures that somebody wants: what charts are
/// drawn from.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Figures {
    wanted: &'static [&'static str],
    figures: BTreeMap<(Place<'static>, String, Option<i32>, String), f64>,
}

impl Figures {
    /// None yet; those of these names are kept.
    pub(crate) fn of(wanted: &'static [&'static str]) -> Self {
        Self { wanted, figures: BTreeMap::new() }
    }

    fn wants(&self, measure: &Measure) -> bool {
        self.wanted
            .iter()
            .any(|name| name.split_once('.').map_or(*name, |(measure, _)| measure) == measure.name)
    }

    /// Keeps the figure of a row, as it is published, if it is one of those that are wanted.
    pub(crate) fn keep(&mut self, row: &impl Figured) {
        let Some(point) = row.figure() else { return };
        let mut name = String::new();
        point.named.write(&mut name);
        if self.wanted.contains(&name.as_str()) {
            let stage = point.stage.map_or_else(String::new, |stage| stage.0.clone().into_owned());
            self.figures.insert((point.place.to_static(), stage, point.year, name), point.value.published());
        }
    }

    /// The figure of a year.
    pub(crate) fn get(&self, place: &Place<'static>, stage: &str, year: i32, name: &str) -> Option<f64> {
        self.figure(place, stage, Some(year), name)
    }

    /// The figure over all coming years.
    pub(crate) fn total(&self, place: &Place<'static>, stage: &str, name: &str) -> Option<f64> {
        self.figure(place, stage, None, name)
    }

    fn figure(&self, place: &Place<'static>, stage: &str, year: Option<i32>, name: &str) -> Option<f64> {
        self.figures.get(&(place.clone(), stage.to_owned(), year, name.to_owned())).copied()
    }

    /// The years of an area.
    pub(crate) fn years(&self, place: &Place<'static>) -> Vec<i32> {
        let years = self.figures.keys().filter(|(of, ..)| of == place).filter_map(|(_, _, year, _)| *year);
        years.collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// Where the rows of a long table go: to its file, to the figures that charts are drawn from, or to both. A figure that
/// neither wants is not made.
pub(crate) struct Sink<'s> {
    pub(crate) csv: Option<Csv>,
    pub(crate) figures: Option<&'s mut Figures>,
}

impl Sink<'_> {
    /// Whether somebody wants a measure.
    pub(crate) fn wants(&self, measure: &Measure) -> bool {
        self.csv.is_some() || self.figures.as_ref().is_some_and(|figures| figures.wants(measure))
    }

    /// Takes a row.
    pub(crate) fn row(&mut self, row: &impl Figured) {
        if let Some(csv) = &mut self.csv {
            csv.row(row);
        }
        if let Some(figures) = &mut self.figures {
            figures.keep(row);
        }
    }

    /// The same figure in each of its statistics: `row` makes the row of a name and value.
    pub(crate) fn statistics<R: Figured>(
        &mut self,
        measure: &Measure,
        statistics: impl IntoIterator<Item = (&'static str, f64)>,
        row: impl Fn(Named<'static>, Number) -> R,
    ) {
        for (statistic, value) in statistics {
            self.row(&row(Named::statistic(measure, statistic), Number(value)));
        }
    }
}

/// A long table in the making.
pub(crate) struct Long<'s, 'f> {
    pub(crate) scenario: &'s Scenario,
    pub(crate) sink: &'s mut Sink<'f>,
}

impl<'s> Long<'s, '_> {
    fn row(scenario: &'s Scenario, key: Key, measure: Named<'static>, value: Number) -> LongRow<'s> {
        let frame = &scenario.frame;
        LongRow {
            scenario: (&scenario.id).into(),
            place: Place::of(frame, key.area),
            stage: key.stage.map(|p| (&frame.stages[p].id).into()),
            grade: key.grade.map(|g| frame.grade_id(g).into()),
            year: key.year,
            lead: key.year.map(|year| year - scenario.base_year),
            measure,
            value,
        }
    }

    /// A figure that does not vary over the draws.
    pub(crate) fn value(&mut self, key: Key, measure: &Measure, value: impl FnOnce() -> f64) {
        if self.sink.wants(measure) {
            let row = Self::row(self.scenario, key, Named::of(measure), Number(value()));
            self.sink.row(&row);
        }
    }

    /// One statistic of a figure that varies.
    pub(crate) fn one(
        &mut self,
        key: Key,
        measure: &Measure,
        statistic: &'static str,
        value: impl FnOnce() -> f64,
    ) {
        if self.sink.wants(measure) {
            let row = Self::row(self.scenario, key, Named::statistic(measure, statistic), Number(value()));
            self.sink.row(&row);
        }
    }

    /// Central value, mean and quantiles of a figure.
    pub(crate) fn stats(&mut self, key: Key, measure: &Measure, stats: impl FnOnce() -> Stats) {
        if self.sink.wants(measure) {
            let scenario = self.scenario;
            self.sink.statistics(measure, all(&stats()), |name, value| Self::row(scenario, key, name, value));
        }
    }
}

/// Central value, mean and every quantile of a figure, with the endings of its measure.
fn all(stats: &Stats) -> impl Iterator<Item = (&'static str, f64)> + use<> {
    let quantiles = LEVELS.into_iter().zip(stats.quantiles).map(|((_, ending), value)| (ending, value));
    [("central", stats.central), ("mean", stats.mean)].into_iter().chain(quantiles)
}

/// Quantiles that are reported where every quantile would be too many rows.
const FEW: [&str; 3] = ["p10", "p50", "p90"];

/// Central value, mean and [`FEW`] quantiles, with the endings of their measures.
pub(crate) fn few(stats: &Stats) -> impl Iterator<Item = (&'static str, f64)> + use<> {
    all(stats).filter(|(ending, _)| FEW.contains(ending) || !ending.starts_with('p'))
}
