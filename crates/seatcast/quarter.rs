//! The quarterly bulletin: two looks at one scenario, on the same draws of pupils.

use seatcast_core::{
    Scenario, balance,
    cycle::{Bulletin, Look},
    supply::SupplyModel,
};
use seatcast_report::Quarter;
use seatcast_runner::{Progress, RunError, Settings};

use crate::session::{Asked, round, stated};

/// A bulletin with the scenario as the ledger knows it at its end.
#[derive(Debug, Clone)]
pub struct QuarterNews {
    /// What changed.
    pub bulletin: Bulletin,
    /// The scenario at the end of the quarter.
    pub scenario: Scenario,
}

/// Makes the bulletin of `quarter`: what the ledger of `scenario` changed since the quarter before.
///
/// # Errors
/// [`RunError`] if the threads cannot be started, a forecast is more than can be counted, or it was stopped.
pub fn quarter_news(
    scenario: &Scenario,
    settings: &Settings,
    quarter: Quarter,
    progress: &Progress,
) -> Result<QuarterNews, RunError> {
    let forecast = seatcast_runner::forecast(scenario, settings, progress)?;
    let (start, end) = (quarter.start(), quarter.end());
    let (then, now) = (scenario.seen_at(start), scenario.seen_at(end));
    let supplies = [
        SupplyModel::seen_from(&then, &settings.programme, start),
        SupplyModel::seen_from(&now, &settings.programme, end),
    ];
    let mut looked = Vec::with_capacity(2);
    for (seen, supply) in [&then, &now].into_iter().zip(&supplies) {
        let outcome = seatcast_runner::balance(seen, supply, &forecast, settings, progress)?;
        let (policy, own_projects) = (stated(seen), seen.projects.ids().end());
        let asked = Asked { policy: &policy, own_projects, seed: settings.seed };
        let last_safe = round(seen, supply, &forecast, asked)?.last_safe;
        looked.push((balance::warnings(seen, &outcome.balances), last_safe));
    }
    let look = |i: usize, seen, scenario| Look {
        seen,
        scenario,
        supply: &supplies[i],
        warnings: &looked[i].0,
        last_safe: &looked[i].1,
    };
    let bulletin = Bulletin::new(look(0, start, &then), look(1, end, &now));
    drop(supplies);
    Ok(QuarterNews { bulletin, scenario: now })
}
