//! `tide.csv`: demand, places, idle and short to t+15 by area, stage and building; `needed.csv`: how long each project is
//! needed; `reuse.csv`: what converting rooms or moving modules would save.

use seatcast_core::{
    forecast::{Stats, quantile},
    geography::{Area, Frame, Intake},
    tide::{BuildingOf, Tide, TidePath},
};

use crate::{
    Options,
    long::{PROJECT_COLUMNS, Table, area_cells, few, number_cell, project_cells, stats_of, text_cell},
};

/// Keys of one row: area, stage, building (blank = all), year (`None` = all coming years).
#[derive(Clone, Copy)]
struct Key<'k> {
    area: Area,
    stage: usize,
    building: &'k str,
    year: Option<i32>,
}

struct Writer<'a> {
    tide: &'a Tide,
    table: Table,
}

impl Writer<'_> {
    fn value(&mut self, key: Key<'_>, measure: &str, value: f64) {
        let scenario = &self.tide.scenario;
        let [district, group, zone] = area_cells(&scenario.frame, key.area);
        self.table.row([
            text_cell(&scenario.id),
            district,
            group,
            zone,
            text_cell(&scenario.frame.stages[key.stage].id),
            text_cell(key.building),
            key.year.map_or_else(String::new, |y| y.to_string()),
            key.year.map_or_else(String::new, |y| (y - scenario.base_year).to_string()),
            measure.to_owned(),
            number_cell(value),
        ]);
    }

    fn stats(&mut self, key: Key<'_>, measure: &str, figure: impl Fn(&TidePath) -> f64) {
        let stats = stats_of(&self.tide.central, &self.tide.draws, figure);
        for (ending, value) in few(&stats) {
            self.value(key, &format!("{measure}.{ending}"), value);
        }
    }
}

/// `tide.csv`.
pub(crate) fn table(tide: &Tide, options: Options) -> Vec<u8> {
    let heading =
        ["scenario", "district", "group", "zone", "stage", "building", "year", "lead", "measure", "value"];
    let mut writer = Writer { tide, table: Table::new(options, &heading) };
    let frame = &tide.scenario.frame;
    let districts = (0..frame.districts.len()).map(Area::District);
    for area in districts.chain((0..frame.groups.len()).map(Area::Group)) {
        for stage in 0..frame.stages.len() {
            of_area(&mut writer, Key { area, stage, building: "", year: None });
        }
    }
    for q in 0..frame.groups.len() {
        for stage in 0..frame.stages.len() {
            of_buildings(&mut writer, q * frame.stages.len() + stage);
        }
    }
    writer.table.finish()
}

fn of_area(writer: &mut Writer<'_>, all: Key<'_>) {
    let tide = writer.tide;
    let (area, p) = (all.area, all.stage);
    let years = tide.scenario.years_ahead();
    for t in 0..=years {
        let key = Key { year: Some(tide.scenario.base_year + t as i32), ..all };
        writer.stats(key, "demand", |path| tide.demand(path, area, t, p) as f64);
        writer.value(key, "places.central", tide.places(&tide.central, area, t, p) as f64);
        writer.stats(key, "idle", |path| tide.idle(path, area, t, p) as f64);
        writer.stats(key, "short", |path| tide.short(path, area, t, p) as f64);
    }
    writer.stats(all, "idle", |path| (1..=years).map(|t| tide.idle(path, area, t, p)).sum::<u64>() as f64);
    writer.stats(all, "short", |path| (1..=years).map(|t| tide.short(path, area, t, p)).sum::<u64>() as f64);
    writer.stats(all, "peak_year", |path| f64::from(tide.peak(path, area, p).0));
    writer.stats(all, "peak_demand", |path| tide.peak(path, area, p).1 as f64);
    let zones = tide.scenario.frame.zones_in(area);
    let from = zones.iter().filter_map(|&z| assumed(&tide.scenario.frame, &tide.assumed_from, z, p)).min();
    if let Some(t) = from {
        writer.value(all, "assumed_from", f64::from(tide.scenario.base_year + t as i32));
    }
}

/// The first year in which pupils of zone `z` and stage `p` rest on assumed births: its own entrants do, or those of the
/// stage they come from did before.
pub(crate) fn assumed(frame: &Frame, from: &[Option<usize>], z: usize, p: usize) -> Option<usize> {
    match &frame.stages[p].intake {
        Intake::Pools { .. } => *from.get(z * frame.stages.len() + p)?,
        Intake::Stages(feeding) => feeding
            .iter()
            .filter_map(|&q| Some(assumed(frame, from, z, q)? + frame.stages[q].grades.len()))
            .min(),
    }
}

/// Idle places of the buildings of a cell, in the order in which they are filled.
fn of_buildings(writer: &mut Writer<'_>, cell: usize) {
    let tide = writer.tide;
    let years = tide.scenario.years_ahead();
    let range = tide.stock.of_cell(cell);
    let table = |path: &TidePath| -> Vec<Vec<u32>> {
        (0..=years).map(|t| path.idle_of_buildings(&tide.stock, t, cell)).collect()
    };
    let central = table(&tide.central);
    let draws: Vec<Vec<Vec<u32>>> = tide.draws.iter().map(table).collect();
    for (i, b) in range.enumerate() {
        let building = tide.stock.buildings[b];
        let there = |path: &TidePath| (0..=years).any(|t| path.of_building(t, b) > 0);
        if !there(&tide.central) && !tide.draws.iter().any(there) {
            continue; // a project outside the programme
        }
        let id = match building.of {
            BuildingOf::School(s) => &tide.scenario.schools[s].id,
            BuildingOf::Project(j) => &tide.scenario.projects[j].id,
        };
        let all = Key { area: Area::Zone(building.zone), stage: building.stage, building: id, year: None };
        let stats = |of: &dyn Fn(&Vec<Vec<u32>>) -> f64| {
            let mut values: Vec<f64> = draws.iter().map(of).collect();
            Stats::new(of(&central), &mut values)
        };
        for t in 1..=years {
            let key = Key { year: Some(tide.scenario.base_year + t as i32), ..all };
            writer.value(key, "places.central", f64::from(tide.central.of_building(t, b)));
            for (ending, value) in few(&stats(&|of| f64::from(of[t][i]))) {
                writer.value(key, &format!("idle.{ending}"), value);
            }
        }
        let sum = stats(&|of| of[1..].iter().map(|row| f64::from(row[i])).sum());
        for (ending, value) in few(&sum) {
            writer.value(all, &format!("idle.{ending}"), value);
        }
    }
}

/// `needed.csv`.
pub(crate) fn needed(tide: &Tide, options: Options) -> Vec<u8> {
    let own = [
        "places",
        "opens_central",
        "years_mean",
        "years_p10",
        "years_p50",
        "years_p90",
        "until_p50",
        "p_needed",
        "p_lasting",
        "needed_seat_years",
        "spare_seat_years",
        "cost_per_needed_place_year",
        "break_even_years",
        "p_break_even",
        "convertible",
        "need",
        "suits",
        "currency",
        "price_year",
    ];
    let mut table = Table::new(options, &[&PROJECT_COLUMNS[..], &own].concat());
    let scenario = &tide.scenario;
    for need in tide.needs() {
        let project = &scenario.projects[need.project];
        let at = |values: &[i64], level| {
            if values.is_empty() { String::new() } else { quantile(values, level).to_string() }
        };
        let mean = need.years.iter().sum::<i64>() as f64 / need.years.len().max(1) as f64;
        let cells = [
            project.places.to_string(),
            tide.central.openings[need.project].map_or_else(String::new, |y| y.to_string()),
            number_cell((mean * 100.0).round() / 100.0),
            at(&need.years, 0.1),
            at(&need.years, 0.5),
            at(&need.years, 0.9),
            at(&need.until, 0.5),
            number_cell(need.p_needed),
            number_cell(need.p_lasting),
            number_cell(need.needed_seat_years.round()),
            number_cell(need.spare_seat_years.round()),
            need.cost.map_or_else(String::new, |cost| number_cell(cost.round())),
            need.break_even.map_or_else(String::new, |n| n.to_string()),
            need.p_break_even.map_or_else(String::new, number_cell),
            need.convertible.to_string(),
            need.lasts.code().to_owned(),
            need.suits.code().to_owned(),
            text_cell(&scenario.money.currency),
            scenario.money.price_year.map_or_else(String::new, |y| y.to_string()),
        ];
        table.row(project_cells(&scenario.frame, project, options.lang).into_iter().chain(cells));
    }
    table.finish()
}

/// `reuse.csv`.
pub(crate) fn reuse(tide: &Tide, options: Options) -> Vec<u8> {
    let heading = [
        "way",
        "district",
        "from_group",
        "from_stage",
        "project",
        "to_group",
        "to_stage",
        "from_year",
        "places",
        "seat_years",
        "saves",
        "currency",
        "price_year",
    ];
    let mut table = Table::new(options, &heading);
    let scenario = &tide.scenario;
    let frame = &scenario.frame;
    for reuse in tide.reuse() {
        table.row([
            reuse.way.code().to_owned(),
            text_cell(&frame.districts[frame.groups[reuse.from_group].district].id),
            text_cell(&frame.groups[reuse.from_group].id),
            text_cell(&frame.stages[reuse.from_stage].id),
            reuse.project.map_or_else(String::new, |j| text_cell(&scenario.projects[j].id)),
            text_cell(&frame.groups[reuse.to_group].id),
            text_cell(&frame.stages[reuse.to_stage].id),
            reuse.first_year.to_string(),
            reuse.places.to_string(),
            number_cell(reuse.seat_years.round()),
            number_cell(reuse.money),
            text_cell(&scenario.money.currency),
            scenario.money.price_year.map_or_else(String::new, |y| y.to_string()),
        ]);
    }
    table.finish()
}
