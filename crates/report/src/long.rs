//! The long form: one figure a row, a blank key is the total over it.

use seatcast_core::{
    Lang,
    forecast::{LEVELS, Stats},
    geography::{Area, Frame},
    scenario::Scenario,
    supply::Project,
};

use crate::Options;

/// Keys of a long row; a blank one stands for the total.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key {
    pub(crate) area: Area,
    pub(crate) stage: Option<usize>,
    pub(crate) grade: Option<usize>,
    pub(crate) year: Option<i32>,
}

/// A CSV table for people and scripts.
pub(crate) struct Table {
    writer: csv::Writer<Vec<u8>>,
}

impl Table {
    pub(crate) fn new(options: Options, heading: &[&str]) -> Self {
        let mut bytes = Vec::new();
        if options.bom {
            bytes.extend_from_slice("\u{feff}".as_bytes());
        }
        let mut table = Self { writer: csv::Writer::from_writer(bytes) };
        table.row(heading.iter().map(|h| (*h).to_owned()));
        table
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        // writing to memory cannot fail, and every row has the width of the heading by construction
        let written = self.writer.write_record(cells);
        debug_assert!(written.is_ok(), "row of another width than the heading");
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.writer.into_inner().unwrap_or_default()
    }
}

/// A text of the scenario as a cell: never taken for a formula by a spreadsheet.
pub(crate) fn text_cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// A number as a cell: whole where it is whole, else at most four decimals.
pub(crate) fn number_cell(number: f64) -> String {
    let text = format!("{number:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// District, group and zone of an area as cells.
pub(crate) fn area_cells(frame: &Frame, area: Area) -> [String; 3] {
    let (d, q, z) = match area {
        Area::All => (None, None, None),
        Area::District(d) => (Some(d), None, None),
        Area::Group(q) => (Some(frame.groups[q].district), Some(q), None),
        Area::Zone(z) => (Some(frame.district_of(z)), Some(frame.zones[z].group), Some(z)),
    };
    [
        d.map_or_else(String::new, |d| text_cell(&frame.districts[d].id)),
        q.map_or_else(String::new, |q| text_cell(&frame.groups[q].id)),
        z.map_or_else(String::new, |z| text_cell(&frame.zones[z].id)),
    ]
}

/// The columns that say which project a row is about, in every table of projects.
pub(crate) const PROJECT_COLUMNS: [&str; 8] =
    ["project", "name", "district", "group", "zone", "stage", "kind", "status"];

/// [`PROJECT_COLUMNS`] of a project.
pub(crate) fn project_cells(frame: &Frame, project: &Project, lang: Lang) -> [String; 8] {
    let [district, group, zone] = area_cells(frame, Area::Zone(project.zone));
    [
        text_cell(&project.id),
        text_cell(project.name.in_lang(lang)),
        district,
        group,
        zone,
        text_cell(&frame.stages[project.stage].id),
        project.kind.code().to_owned(),
        project.status.code().to_owned(),
    ]
}

/// A table in long form.
pub(crate) struct Long<'a> {
    scenario: &'a Scenario,
    table: Table,
}

impl<'a> Long<'a> {
    pub(crate) fn new(scenario: &'a Scenario, options: Options) -> Self {
        let heading =
            ["scenario", "district", "group", "zone", "stage", "grade", "year", "lead", "measure", "value"];
        Self { scenario, table: Table::new(options, &heading) }
    }

    pub(crate) fn value(&mut self, key: Key, measure: &str, value: f64) {
        let frame = &self.scenario.frame;
        let [district, group, zone] = area_cells(frame, key.area);
        self.table.row([
            text_cell(&self.scenario.id),
            district,
            group,
            zone,
            key.stage.map_or_else(String::new, |p| text_cell(&frame.stages[p].id)),
            key.grade.map_or_else(String::new, |g| text_cell(frame.grade_id(g))),
            key.year.map_or_else(String::new, |y| y.to_string()),
            key.year.map_or_else(String::new, |y| (y - self.scenario.base_year).to_string()),
            measure.to_owned(),
            number_cell(value),
        ]);
    }

    /// Central value, mean and quantiles of a figure.
    pub(crate) fn stats(&mut self, key: Key, measure: &str, stats: &Stats) {
        self.value(key, &format!("{measure}.central"), stats.central);
        self.value(key, &format!("{measure}.mean"), stats.mean);
        for ((_, suffix), value) in LEVELS.iter().zip(stats.quantiles) {
            self.value(key, &format!("{measure}.{suffix}"), value);
        }
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.table.finish()
    }
}

/// Quantiles that are reported where every quantile would be too many rows.
const FEW: [&str; 3] = ["p10", "p50", "p90"];

/// Central value, mean and [`FEW`] quantiles, with the endings of their measures.
pub(crate) fn few(stats: &Stats) -> impl Iterator<Item = (&'static str, f64)> {
    let quantiles = LEVELS.iter().zip(stats.quantiles).map(|((_, ending), value)| (*ending, value));
    let quantiles = quantiles.filter(|(ending, _)| FEW.contains(ending));
    [("central", stats.central), ("mean", stats.mean)].into_iter().chain(quantiles)
}

/// Stats of a figure that is taken from the central path and from each draw.
pub(crate) fn stats_of<T>(central: &T, draws: &[T], mut figure: impl FnMut(&T) -> f64) -> Stats {
    let first = figure(central);
    let mut values: Vec<f64> = draws.iter().map(figure).collect();
    Stats::new(first, &mut values)
}

/// Mean of the worst 5 % of the draws: the largest max(1, round(0.05 D)) of them.
pub(crate) fn worst_mean(draws: &mut [i64]) -> f64 {
    draws.sort_unstable();
    let k = ((0.05 * draws.len() as f64).round() as usize).max(1).min(draws.len());
    let worst: i64 = draws[draws.len() - k..].iter().sum();
    if k == 0 { 0.0 } else { worst as f64 / k as f64 }
}

/// Each stage, and all of them together (`None`), with its stages.
pub(crate) fn stage_levels(stages: usize) -> Vec<(Option<usize>, Vec<usize>)> {
    let mut levels: Vec<(Option<usize>, Vec<usize>)> = Vec::new();
    if stages > 1 {
        levels.push((None, (0..stages).collect()));
    }
    levels.extend((0..stages).map(|p| (Some(p), vec![p])));
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_whole_where_they_are_whole() {
        let shown: Vec<String> = [3.0, 0.5, -0.000_01, 1.234_56, 1e9].map(number_cell).to_vec();
        assert_eq!(shown, ["3", "0.5", "0", "1.2346", "1000000000"]);
    }

    #[test]
    fn no_text_is_a_formula() {
        assert_eq!(["=1+1", "-x", "plain"].map(text_cell), ["'=1+1", "'-x", "plain"]);
    }
}
