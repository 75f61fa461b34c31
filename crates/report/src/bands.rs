//! How wide the bands are and why: what the errors of earlier forecasts made of the sizes, by lead.
//!
//! | column | meaning |
//! |---|---|
//! | `level` | `zone` or `school` |
//! | `cohorts` | `in_school` at the base year, or `entering` later |
//! | `size` | class of the pupils foretold |
//! | `origins` | earlier forecasts whose errors were known at this lead |
//! | `common`, `unit`, `cell` | scales of what all zones share, of a unit's own, of a grade alone; 1 is as the sizes have it |
//! | `unit_tail`, `cell_tail` | stretch of the upper tail beyond the 90 % quantile; 1 is none |

use seatcast_core::{
    backtest::score::class_code,
    forecast::learn::{SIZE_CLASSES, UnitScale},
    scenario::Scenario,
};

use crate::{
    Options,
    long::{Table, number_cell, text_cell},
};

/// `bands.csv`; `None` where no sizes were learnt.
pub(crate) fn table(scenario: &Scenario, options: Options) -> Option<Vec<u8>> {
    let chains = scenario.learnt()?.chains();
    chains.iter().find(|chain| chain.spread().is_some())?;
    let heading = [
        "stage",
        "level",
        "lead",
        "cohorts",
        "size",
        "origins",
        "common",
        "unit",
        "cell",
        "unit_tail",
        "cell_tail",
    ];
    let mut table = Table::new(options, &heading);
    for chain in chains {
        let (Some(spread), Some((stage, _))) = (chain.spread(), chain.stages().first()) else { continue };
        let scales = &spread.scales;
        for (h, origins) in (1..).zip(&scales.origins) {
            for in_school in [true, false] {
                let at = scales.at(h, in_school);
                let schools = chain.history().schools.as_ref().map(|_| ("school", at.school));
                for (level, scale) in [Some(("zone", at.area)), schools].into_iter().flatten() {
                    rows(&mut table, &scale, |size| {
                        let cohorts = if in_school { "in_school" } else { "entering" };
                        [
                            text_cell(&scenario.frame.stages[*stage].id),
                            level.to_owned(),
                            h.to_string(),
                            cohorts.to_owned(),
                            size,
                            origins.to_string(),
                            number_cell(at.common),
                        ]
                    });
                }
            }
        }
    }
    Some(table.finish())
}

/// A row for each class of size.
fn rows(table: &mut Table, scale: &UnitScale, keys: impl Fn(String) -> [String; 7]) {
    for class in 0..=SIZE_CLASSES.len() {
        let numbers = [scale.unit, scale.cell, scale.unit_stretch(class), scale.cell_tail[class]];
        table.row(keys(class_code(class)).into_iter().chain(numbers.map(number_cell)));
    }
}
