//! `money.csv`: the programme's money by project, budget year, line and payer; `lifecycle.csv`: what a place costs for a
//! year in every project.

use std::collections::BTreeMap;

use seatcast_core::{
    geography::Area,
    money::{Item, flows, life_cycle, payers_of},
    supply::Status,
};

use crate::{
    Options, Run,
    long::{PROJECT_COLUMNS, Table, area_cells, number_cell, project_cells, text_cell},
};

/// Money without the noise of its shares: cents.
fn money(amount: f64) -> String {
    number_cell((amount * 100.0).round() / 100.0)
}

/// Budget year, item, line, payer.
type Key = (i32, Item, String, String);

/// `money.csv`: programme at central opening, up to the last year of the run; a row without a project is the sum over
/// the district's.
pub(crate) fn table(run: &Run<'_>, options: Options) -> Vec<u8> {
    let heading = [
        "scenario",
        "district",
        "group",
        "zone",
        "stage",
        "project",
        "year",
        "item",
        "line",
        "payer",
        "amount",
        "present_value",
        "currency",
        "price_year",
    ];
    let mut table = Table::new(options, &heading);
    let scenario = run.scenario;
    let rules = &scenario.money;
    let price_year = rules.price_year.map_or_else(String::new, |y| y.to_string());
    let tail = |amount: f64, year: i32| {
        let present = amount * rules.discount(scenario.base_year, year);
        [money(amount), money(present), text_cell(&rules.currency), price_year.clone()]
    };
    for d in 0..scenario.frame.districts.len() {
        let zones = scenario.frame.zones_in(Area::District(d));
        let mut sums: BTreeMap<Key, f64> = BTreeMap::new();
        let mut rows: Vec<(usize, Key, f64)> = Vec::new();
        for (j, project) in scenario.projects.iter().enumerate() {
            let opened = run.supply.opening(j).central.filter(|_| run.supply.in_programme(j));
            let Some(opened) = opened.filter(|_| zones.contains(&project.zone)) else { continue };
            for flow in flows(scenario, j, opened, scenario.until) {
                for (payer, share) in payers_of(scenario, j, flow.item) {
                    let key = (flow.year, flow.item, flow.line.clone(), payer);
                    *sums.entry(key.clone()).or_default() += flow.amount * share;
                    rows.push((j, key, flow.amount * share));
                }
            }
        }
        let mut write = |area, stage: &str, project: &str, (year, item, line, payer): &Key, amount: f64| {
            let [district, group, zone] = area_cells(&scenario.frame, area);
            let head = [
                text_cell(&scenario.id),
                district,
                group,
                zone,
                text_cell(stage),
                text_cell(project),
                year.to_string(),
                item.code().to_owned(),
                text_cell(line),
                text_cell(payer),
            ];
            table.row(head.into_iter().chain(tail(amount, *year)));
        };
        for (key, amount) in &sums {
            write(Area::District(d), "", "", key, *amount);
        }
        for (j, key, amount) in &rows {
            let project = &scenario.projects[*j];
            let stage = &scenario.frame.stages[project.stage].id;
            write(Area::Zone(project.zone), stage, &project.id, key, *amount);
        }
    }
    table.finish()
}

/// `lifecycle.csv`: every project that adds places, an undecided one taken as decided in this round.
pub(crate) fn life_cycles(run: &Run<'_>, options: Options) -> Vec<u8> {
    let own = [
        "places",
        "life_years",
        "capex",
        "opex",
        "present_value",
        "place_years",
        "capex_per_place",
        "cost_per_place_year",
        "discount_rate",
        "currency",
        "price_year",
    ];
    let mut table = Table::new(options, &[&PROJECT_COLUMNS[..], &own].concat());
    let scenario = run.scenario;
    let rules = &scenario.money;
    for (j, project) in scenario.projects.iter().enumerate() {
        if !project.kind.adds() || project.status == Status::Cancelled {
            continue;
        }
        let opened = run.supply.opening(j).central.unwrap_or(scenario.until + 1);
        let of = life_cycle(scenario, j, opened);
        let places = f64::from(project.places);
        let per_place = if places > 0.0 { money(of.capex / places) } else { String::new() };
        let cells = [
            project.places.to_string(),
            of.life.to_string(),
            money(of.capex),
            money(of.opex),
            money(of.present_value),
            number_cell(of.place_years),
            per_place,
            of.per_place_year.map_or_else(String::new, money),
            number_cell(rules.discount_rate),
            text_cell(&rules.currency),
            rules.price_year.map_or_else(String::new, |y| y.to_string()),
        ];
        table.row(project_cells(&scenario.frame, project, options.lang).into_iter().chain(cells));
    }
    table.finish()
}
