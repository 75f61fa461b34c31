//! `classes.csv`: classes by school, grade and year on the central path, where a sharing group states them.

use seatcast_core::{balance::ClassPlan, geography::Area};

use crate::{
    Options, Run,
    long::{Table, area_cells, number_cell, text_cell},
};

const HEADING: [&str; 15] = [
    "scenario",
    "district",
    "group",
    "zone",
    "stage",
    "school",
    "name",
    "grade",
    "year",
    "lead",
    "rooms",
    "pupils",
    "classes",
    "needed",
    "class_size",
];

/// The table; `None` if no group states its classes.
pub(crate) fn table(run: &Run<'_>, options: Options) -> Option<Vec<u8>> {
    let scenario = run.scenario;
    let frame = &scenario.frame;
    let plan = ClassPlan::new(scenario, &run.forecast.central, run.places)?;
    let houses = &run.places.houses().all;
    let mut table = Table::new(options, &HEADING);
    for q in 0..frame.groups.len() {
        for p in (0..frame.stages.len()).filter(|&p| run.balances.central.counts_classes(q, p)) {
            for (t, year) in scenario.years().enumerate() {
                let rooms = run.places.rooms(t);
                for of in plan.grades(scenario, &run.forecast.central, run.places, t, (q, p)) {
                    let house = &houses[of.house];
                    let rooms = rooms[of.house].rooms;
                    if rooms == 0 && of.held == 0 {
                        continue;
                    }
                    let [district, group, zone] = area_cells(frame, Area::Zone(house.zone));
                    let size = f64::from(of.pupils) / f64::from(of.held);
                    table.row([
                        text_cell(&scenario.id),
                        district,
                        group,
                        zone,
                        text_cell(&frame.stages[p].id),
                        text_cell(&house.id),
                        text_cell(house.name.in_lang(options.lang)),
                        text_cell(frame.grade_id(frame.grades_of(p).start + of.position)),
                        year.to_string(),
                        (year - scenario.base_year).to_string(),
                        rooms.to_string(),
                        of.pupils.to_string(),
                        of.held.to_string(),
                        of.needed.to_string(),
                        if of.held == 0 { String::new() } else { number_cell(size) },
                    ]);
                }
            }
        }
    }
    Some(table.finish())
}
