//! The back-test in parallel: origins, then areas, each whole and collected by index.

use rayon::prelude::*;
use seatcast_core::{
    backtest::{Dataset, Origin, Plan, Row, TotalDraws, WholeForecast, reference::References, total_rows},
    forecast::{
        history::History,
        learn::{Calibration, Fallback, Futures, Past, Spread, Widened},
    },
    grid::Shape,
    index::{Lead, PastYear, UnitId},
};

use crate::{Progress, RunError, pool};

/// Areas that are drawn together: their draws are added in a fixed order.
pub(crate) const CHUNK: usize = 16;

/// A finished back-test.
#[derive(Debug, Clone)]
pub struct Backtest {
    /// Rows by origin, area, school, lead and target; those of all areas together at the end of each origin.
    pub rows: Vec<Row>,
    /// The origins.
    pub origins: Vec<PastYear>,
    /// What could not be learnt, by origin.
    pub fallbacks: Vec<Vec<Fallback>>,
    /// How far the bands were scaled by past errors, by origin.
    pub spreads: Vec<Spread>,
    /// Classes of size whose upper quantiles were widened, by origin.
    pub widened: Vec<Vec<Widened>>,
}

/// One origin, ready to be scored.
struct Prepared {
    history: History,
    calibration: Calibration,
    whole: WholeForecast,
    hindsight: Option<WholeForecast>,
    spread: Spread,
    references: References,
}

/// Scores every origin of `data`.
///
/// # Errors
/// [`RunError`] if the threads cannot be started, or it was stopped.
pub fn backtest(
    data: &Dataset,
    plan: &Plan,
    threads: usize,
    progress: &Progress,
) -> Result<Backtest, RunError> {
    let done = pool(threads, data.areas.len() as u64 * data.truth.rolls.years().len() as u64)?
        .install(|| run(data, plan, progress));
    if progress.is_stopped() { Err(RunError::Stopped) } else { Ok(done) }
}

fn run(data: &Dataset, plan: &Plan, progress: &Progress) -> Backtest {
    let last = data.truth.origin();
    let shortest = plan.leads.iter().copied().min().unwrap_or(Lead::NEXT);
    let all: Vec<PastYear> = data.truth.rolls.years().collect();
    // an origin needs the forecasts of those before it, so even those without a target are made
    let made: Vec<Option<(History, Calibration)>> = all
        .par_iter()
        .map(|&t| {
            let history = data.at(t);
            Past::usable(&history, t).then(|| {
                let calibration = plan.learner.calibrate(&history, plan.longest());
                (history, calibration)
            })
        })
        .collect();
    let mut past = Past::default();
    for (_, calibration) in made.iter().flatten() {
        past.add(calibration);
    }
    let origins: Vec<PastYear> =
        all.into_iter().filter(|&t| t.after(shortest) <= last && plan.is_origin(&data.at(t), t)).collect();
    let prepared: Vec<Prepared> =
        origins.par_iter().map(|&t| prepare(data, plan, t, made[t.index()].as_ref(), &past)).collect();
    let mut out = Backtest {
        rows: Vec::new(),
        origins,
        fallbacks: Vec::new(),
        spreads: Vec::new(),
        widened: Vec::new(),
    };
    for one in prepared {
        out.rows.extend(score(data, plan, &one, progress));
        out.fallbacks.push(one.calibration.fallback().to_vec());
        out.widened.push(one.spread.widened(&one.calibration));
        out.spreads.push(one.spread);
    }
    out
}

fn prepare(
    data: &Dataset,
    plan: &Plan,
    t: PastYear,
    made: Option<&(History, Calibration)>,
    past: &Past,
) -> Prepared {
    let (history, calibration) = made.cloned().unwrap_or_else(|| {
        let history = data.at(t);
        let calibration = plan.learner.calibrate(&history, plan.longest());
        (history, calibration)
    });
    let hindsight = data.revised(t).then(|| {
        let today = data.truth.cut(t);
        WholeForecast::new(&today, &plan.learner.calibrate(&today, plan.longest()))
    });
    // with revised figures the earlier forecasts are those made from what is known at this origin, as a run would
    let own;
    let past = if data.revised(t) {
        own = Past::collect(&history, plan.longest(), plan.learner);
        &own
    } else {
        past
    };
    Prepared {
        whole: WholeForecast::new(&history, &calibration),
        spread: Spread::learn(&history, &calibration, past, &plan.stages),
        references: References::new(&history, plan.longest()),
        hindsight,
        history,
        calibration,
    }
}

fn score(data: &Dataset, plan: &Plan, one: &Prepared, progress: &Progress) -> Vec<Row> {
    let futures = Futures::new(
        &one.calibration,
        &one.spread,
        (&data.areas, &data.schools),
        one.history.schools.as_ref(),
        plan.seed,
        plan.draws,
    )
    .at(&plan.leads);
    let origin = Origin {
        history: &one.history,
        truth: &data.truth,
        calibration: &one.calibration,
        forecast: &one.whole,
        hindsight: one.hindsight.as_ref(),
        futures: &futures,
        references: &one.references,
    };
    let leads = origin.leads(plan);
    let areas: Vec<UnitId> = one.calibration.areas().collect();
    let shape = Shape::new(leads.len(), one.calibration.grades().len());
    let empty = || TotalDraws::filled(shape, vec![0.0; plan.draws]);
    let chunks: Vec<(Vec<Row>, TotalDraws)> = areas
        .par_chunks(CHUNK)
        .map(|areas| {
            let (mut rows, mut sums) = (Vec::new(), empty());
            for &i in areas {
                if progress.is_stopped() {
                    break;
                }
                let (of_area, draws) = origin.area_rows(plan, i);
                rows.extend(of_area);
                for (at, lead) in shape.rows().zip(&leads) {
                    for g in shape.columns() {
                        for (sum, n) in sums[(at, g)].iter_mut().zip(draws.grade(*lead, g)) {
                            *sum += f64::from(n.max(0.0));
                        }
                    }
                }
                progress.add(1);
            }
            (rows, sums)
        })
        .collect();
    let (mut rows, mut total) = (Vec::new(), empty());
    for (of_chunk, sums) in chunks {
        rows.extend(of_chunk);
        for (total, sums) in total.iter_mut().zip(sums.iter()) {
            for (total, sum) in total.iter_mut().zip(sums) {
                *total += sum;
            }
        }
    }
    if areas.len() > 1 {
        rows.extend(total_rows(&origin, plan, &total));
    }
    rows
}
