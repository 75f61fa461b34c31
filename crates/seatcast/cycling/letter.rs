//! The year's letter: what a bureau needs each autumn, from the round of the base year and from what the futures taught.

use seatcast_core::{
    Lang, Scenario,
    cycle::{Break, FiledRound, Policy, Step, ThisRound, Turned, since},
    forecast::ChangeRow,
    geography::Area,
    index::ProjectId,
    supply::{Programme, SupplyModel},
};
use seatcast_report::letter::{Danger, Letter, letter_text};
use seatcast_runner::{Progress, RunError, Settings, cycle::PlayedFuture};

use super::{CyclingPlan, figure};
use crate::session::{self, Asked, Round};

/// Draws of the forecast of a letter, at least.
const DRAWS: u32 = 500;

/// The round of the base year and all that a letter tells of it, whatever its language.
pub(super) struct Autumn {
    pub(super) round: Round,
    own_projects: ProjectId,
    dangers: Vec<Danger>,
    futures: u32,
    pub(super) changes: Vec<ChangeRow>,
    pub(super) since: Option<(FiledRound, Vec<Turned>)>,
}

impl std::fmt::Debug for Autumn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Autumn").field("since", &self.since).finish_non_exhaustive()
    }
}

impl Autumn {
    /// The round of `scenario`, modules held ready behind its own projects, under `policy`.
    pub(super) fn new(
        scenario: &Scenario,
        own_projects: ProjectId,
        policy: &Policy,
        played: &[PlayedFuture],
        plan: &CyclingPlan,
        progress: &Progress,
    ) -> Result<Self, RunError> {
        let settings = Settings {
            seed: plan.seed,
            draws: Self::draws(plan),
            threads: plan.threads,
            programme: Programme::Committed,
        };
        let forecast = seatcast_runner::forecast(scenario, &settings, progress)?;
        let supply = SupplyModel::new(scenario, &settings.programme);
        let asked = Asked { policy, own_projects, seed: plan.seed };
        Ok(Self {
            round: session::round(scenario, &supply, &forecast, asked)?,
            own_projects,
            dangers: dangers(scenario, played),
            futures: plan.futures,
            changes: Vec::new(),
            since: None,
        })
    }

    /// Draws of the forecast of a letter.
    pub(super) fn draws(plan: &CyclingPlan) -> u32 {
        plan.draws.max(DRAWS)
    }

    /// This round, to be archived or compared.
    pub(super) fn this<'a>(&'a self, scenario: &'a Scenario) -> ThisRound<'a> {
        ThisRound {
            scenario,
            actions: &self.round.actions,
            openings: &self.round.openings,
            lines: &self.round.board.lines,
        }
    }

    /// Compares with a round that was archived.
    pub(super) fn compare(&mut self, scenario: &Scenario, filed: &FiledRound) {
        let turned = since(filed, self.this(scenario));
        self.since = Some((filed.clone(), turned));
    }

    /// The letter.
    pub(super) fn text(&self, scenario: &Scenario, policy: &Policy, lang: Lang) -> String {
        let round = &self.round;
        let told = |a: &&seatcast_core::cycle::Action| a.step != Step::Defer || a.missing > 0;
        let own = self.own_projects.index();
        let last_safe = round.last_safe.iter().take(own).copied().collect();
        letter_text(
            &Letter {
                scenario,
                policy,
                lines: round.board.lines.iter().filter(|l| matches!(l.area, Area::District(_))).collect(),
                actions: round.actions.iter().filter(told).collect(),
                last_safe: &last_safe,
                waiting: &round.waiting,
                since: self.since.as_ref().map(|(filed, turned)| (filed, turned.as_slice())),
                changes: &self.changes,
                dangers: self.dangers.clone(),
                futures: self.futures,
            },
            lang,
        )
    }
}

/// What each break adds to the shortage of the policy in question, against the futures in which nothing broke.
fn dangers(scenario: &Scenario, played: &[PlayedFuture]) -> Vec<Danger> {
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
            often: scenario.breaks.often(broken),
            count: values.len(),
            more: figure.mean - calm.mean,
            error: (figure.error * figure.error + calm.error * calm.error).sqrt(),
        })
    };
    Break::ALL.into_iter().filter_map(of).collect()
}
