//! The year's letter: what a bureau needs each autumn, from the round of the base year and from what the futures taught.

use seatcast_core::{
    Lang, Scenario,
    cycle::{Break, Policy, Step},
    geography::Area,
    supply::{Programme, SupplyModel},
};
use seatcast_report::letter::{Danger, Letter, letter_text};
use seatcast_runner::{Progress, Settings, cycle::PlayedFuture};

use super::{CyclingPlan, figure};
use crate::session;

/// The letter in one language; blank if the forecast of the round could not be made.
pub(super) fn letter(
    scenario: &Scenario,
    policy: &Policy,
    played: &[PlayedFuture],
    plan: &CyclingPlan,
    lang: Lang,
) -> String {
    let settings = Settings {
        seed: plan.seed,
        draws: plan.draws.max(500),
        threads: plan.threads,
        programme: Programme::Committed,
    };
    let Ok(forecast) = seatcast_runner::forecast(scenario, &settings, &Progress::default()) else {
        return String::new();
    };
    let supply = SupplyModel::new(scenario, &settings.programme);
    let round = session::round(scenario, &supply, &forecast, plan.seed);
    let actions: Vec<_> = round.actions.iter().filter(|a| a.step != Step::Defer || a.missing > 0).collect();
    letter_text(
        &Letter {
            scenario,
            policy,
            lines: round.board.lines.iter().filter(|l| matches!(l.area, Area::District(_))).collect(),
            actions,
            last_safe: &round.last_safe,
            waiting: &round.waiting,
            dangers: dangers(played),
            futures: plan.futures,
        },
        lang,
    )
}

/// What each break adds to the shortage of the policy in question, against the futures in which nothing broke.
fn dangers(played: &[PlayedFuture]) -> Vec<Danger> {
    let short = |wanted: &dyn Fn(&PlayedFuture) -> bool| -> Vec<f64> {
        played.iter().filter(|f| wanted(f)).map(|f| f.outcomes[0].shortage as f64).collect()
    };
    let calm = short(&|f| f.breaks.is_empty());
    if calm.is_empty() {
        return Vec::new();
    }
    let calm = figure("shortage", "calm", &calm);
    let of = |broken: Break| {
        let values = short(&|f| f.breaks.iter().any(|(b, _)| *b == broken));
        let figure = figure("shortage", broken.code(), &values);
        (!values.is_empty()).then(|| Danger {
            broken,
            count: values.len(),
            more: figure.mean - calm.mean,
            error: (figure.error * figure.error + calm.error * calm.error).sqrt(),
        })
    };
    Break::ALL.into_iter().filter_map(of).collect()
}
