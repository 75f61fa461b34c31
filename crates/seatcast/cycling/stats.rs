//! Figures over many futures: means with their errors, tails, differences between policies on the same futures.

use seatcast_core::{
    forecast::quantile,
    grid::SlotId,
    index::{ComingYear, Ids},
};
use seatcast_report::documents::cycle::Figure;
use seatcast_runner::cycle::PlayedFuture;

/// Measures of one policy in one future.
pub(super) const MEASURES: [&str; 10] = [
    "shortage",
    "worst_group_year",
    "years_short",
    "idle",
    "late",
    "committed",
    "stretched",
    "reversals",
    "score",
    "regret",
];

/// All futures.
pub(super) struct Tally<'a> {
    pub(super) played: &'a [PlayedFuture],
    pub(super) years: usize,
}

impl Tally<'_> {
    /// A measure of policy `i` in future `f`.
    pub(super) fn value(&self, f: usize, i: usize, measure: &str) -> f64 {
        let future = &self.played[f];
        let outcome = &future.outcomes[i];
        match measure {
            "shortage" => outcome.shortage as f64,
            "worst_group_year" => outcome.worst as f64,
            "years_short" => f64::from(outcome.years_short),
            "idle" => outcome.idle as f64,
            "late" => outcome.late as f64,
            "committed" => outcome.committed,
            "stretched" => outcome.stretched as f64,
            "reversals" => f64::from(outcome.reversals),
            "score" => outcome.score,
            _ => outcome.score - if outcome.holds { future.foresight_held.0 } else { future.foresight.score },
        }
    }

    /// Every measure of policy `i`, over all futures, those in which nothing broke, and the others.
    pub(super) fn figures(&self, i: usize) -> Vec<Figure> {
        self.over(&MEASURES, |f, measure| self.value(f, i, measure))
    }

    /// Differences of policies `with` and `without`, future by future.
    pub(super) fn difference(&self, with: usize, without: usize) -> Vec<Figure> {
        self.over(&MEASURES, |f, measure| self.value(f, with, measure) - self.value(f, without, measure))
    }

    /// Measures of perfect foresight.
    pub(super) fn foresight(&self) -> Vec<Figure> {
        self.over(&["shortage", "years_short", "idle", "committed", "score"], |f, measure| {
            let of = &self.played[f].foresight;
            match measure {
                "shortage" => of.shortage as f64,
                "years_short" => of.years_short.iter().filter(|short| **short).count() as f64,
                "idle" => of.idle as f64,
                "committed" => of.committed,
                _ => of.score,
            }
        })
    }

    fn over(&self, measures: &[&str], value: impl Fn(usize, &str) -> f64) -> Vec<Figure> {
        let mut figures = Vec::new();
        for measure in measures {
            let pick = |wanted: &dyn Fn(&PlayedFuture) -> bool| -> Vec<f64> {
                let chosen = self.played.iter().enumerate().filter(|(_, future)| wanted(future));
                chosen.map(|(f, _)| value(f, measure)).collect()
            };
            figures.push(figure(measure, "all", &pick(&|_| true)));
            for (name, values) in [
                ("calm", pick(&|future| future.breaks.is_empty())),
                ("broken", pick(&|future| !future.breaks.is_empty())),
            ] {
                if !values.is_empty() {
                    figures.push(figure(measure, name, &values));
                }
            }
        }
        figures
    }

    /// Slots of which policy `i` keeps the shortage.
    pub(super) fn slots(&self, i: usize) -> Ids<SlotId> {
        self.played.first().map_or(Ids::first(0), |f| f.outcomes[i].short.shape().columns())
    }

    /// Share of the futures in which any of `slots` is short, by year.
    pub(super) fn any_short(&self, i: usize, slots: &Ids<SlotId>) -> Vec<f64> {
        let any = |t: ComingYear, f: &PlayedFuture| {
            f.outcomes[i].short.row(t)[slots.range()].iter().any(|n| *n > 0)
        };
        Ids::first(self.years).map(|t| self.share(|f| any(t, f))).collect()
    }

    /// Share of the futures with a property.
    pub(super) fn share(&self, of: impl Fn(&PlayedFuture) -> bool) -> f64 {
        self.played.iter().filter(|f| of(f)).count() as f64 / self.played.len().max(1) as f64
    }
}

/// A figure from its values, one a future; the worst are the largest.
pub(super) fn figure(measure: &str, futures: &str, values: &[f64]) -> Figure {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    let spread: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    let error = if values.len() > 1 { (spread / (n - 1.0) / n).sqrt() } else { 0.0 };
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let worst = ((0.05 * n).round() as usize).max(1).min(sorted.len());
    let cvar95 = sorted[sorted.len() - worst..].iter().sum::<f64>() / worst.max(1) as f64;
    let at = |level: f64| if sorted.is_empty() { 0.0 } else { quantile(&sorted, level) };
    Figure {
        measure: measure.to_owned(),
        futures: futures.to_owned(),
        count: values.len() as u32,
        mean,
        error,
        cvar95,
        p10: at(0.1),
        p90: at(0.9),
    }
}
