//! Errors of the forecasts of earlier origins, and the scales of today's bands that follow from them.
//!
//! The forecast is made again at every earlier origin, each from what was known then, and compared with the rolls that
//! came, at each lead, separately for cohorts in school at the origin and those that entered later. Its errors
//! ([`super::errors`]) against what the sizes of [`super::noise`] expect give the scales of the bands ([`super::scales`]).

use super::{
    errors::Outcome,
    learner::Learner,
    noise::Sizes,
    point::{Calibration, Projected},
    scales::{Scale, Scales, Temper},
};
use crate::{
    forecast::history::History,
    index::{ChainGrade, Ids, Lead, PastYear},
};

/// Fewest years of rolls from which an earlier forecast is made.
const FEWEST_YEARS: usize = 3;

/// The forecast of an earlier origin.
#[derive(Debug, Clone)]
pub(super) struct PastForecast {
    pub(super) origin: PastYear,
    pub(super) leads: usize,
    pub(super) areas: Projected,
    pub(super) schools: Option<Projected>,
}

/// Forecasts of earlier origins.
#[derive(Debug, Clone, Default)]
pub struct Past {
    forecasts: Vec<PastForecast>,
}

impl Past {
    /// The forecasts that would have been made at every earlier origin of `history`, each from what was known then.
    pub fn collect(history: &History, leads: usize, learner: Learner) -> Self {
        let mut past = Self::default();
        let last = history.origin().index();
        for origin in Ids::first(last).filter(|&origin| Self::usable(history, origin)) {
            past.add(&learner.calibrate(&history.cut(origin), leads.min(last - origin.index())));
        }
        past
    }

    /// Whether the year `origin` has rolls and enough years before it.
    pub fn usable(history: &History, origin: PastYear) -> bool {
        history.rolls.any_in_year(origin)
            && history.rolls.known_years().filter(|t| *t <= origin).count() >= FEWEST_YEARS
    }

    /// Adds a forecast, for callers that make one after another anyway.
    pub fn add(&mut self, calibration: &Calibration) {
        self.forecasts.push(PastForecast {
            origin: calibration.years().end().minus(1),
            leads: calibration.leads(),
            areas: calibration.all_pupils().clone(),
            schools: calibration.schools.as_ref().map(|s| s.pupils.clone()),
        });
    }

    /// Scales for a forecast from `history`; only errors at targets up to its origin are read. `stages` are the grades
    /// whose totals matter.
    pub fn scales(
        &self,
        history: &History,
        calibration: &Calibration,
        sizes: &Sizes,
        stages: &[Ids<ChainGrade>],
    ) -> Scales {
        let stages = &with_rest(stages, calibration.grades().len());
        let outcome = Outcome { history, calibration, sizes, stages };
        let mut out = Scales::one(calibration.leads());
        // the shortest lead tells units that always err from those that hardly do; then every lead is scaled
        let schools = history.schools.as_ref().map_or(0, |s| s.rolls.units().len());
        let (mut areas, mut schools) = (Temper::new(history.rolls.units().len()), Temper::new(schools));
        for in_school in [true, false] {
            let errors = outcome.errors(&self.forecasts, Lead::NEXT, in_school);
            let scale =
                Scale::learnt(&errors, Lead::NEXT, Scale::ONE, (&out.area_temper, &out.school_temper));
            areas.add(&errors.area, &scale.area);
            schools.add(&errors.school, &scale.school);
        }
        out.area_temper = areas.finish();
        out.school_temper = schools.finish();
        for h in Lead::up_to(calibration.leads()) {
            for in_school in [true, false] {
                let before = if h == Lead::NEXT { Scale::ONE } else { *out.at(h.minus(1), in_school) };
                let errors = outcome.errors(&self.forecasts, h, in_school);
                let at = h.index() - 1;
                out.origins[at] = out.origins[at].max(errors.common.len());
                let scale = Scale::learnt(&errors, h, before, (&out.area_temper, &out.school_temper));
                if in_school {
                    out.in_school[at] = scale;
                } else {
                    out.entering[at] = scale;
                }
            }
        }
        out
    }
}

/// The stages, and the runs of grades that are in none: the bands of those are learnt too.
fn with_rest(stages: &[Ids<ChainGrade>], grades: usize) -> Vec<Ids<ChainGrade>> {
    let mut all = stages.to_vec();
    let mut start = 0;
    for g in 0..=grades {
        if g == grades || stages.iter().any(|s| s.range().contains(&g)) {
            if start < g {
                all.push(Ids::of(start..g));
            }
            start = g + 1;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_outside_the_stages_are_learnt_from_in_runs() {
        assert_eq!(with_rest(&[1..7, 7..10].map(Ids::of), 13), [1..7, 7..10, 0..1, 10..13].map(Ids::of));
        assert_eq!(with_rest(&[0..6, 6..9].map(Ids::of), 9), [0..6, 6..9].map(Ids::of));
        assert_eq!(with_rest(&[1..2, 2..3].map(Ids::of), 4), [1..2, 2..3, 0..1, 3..4].map(Ids::of));
    }
}
