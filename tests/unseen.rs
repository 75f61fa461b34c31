//! Systems of other shapes than those the method was tried on: gaps, drifts, broken years, few grades, areas and schools
//! that come and go. Each is simulated, so that what is right is known.

use seatcast::{
    BacktestSession, Lang, Progress,
    backtest::{
        Plan,
        reference::Rule,
        score::{Kind, Level, Line, Method},
    },
    forecast::{
        history::{History, Panel, Schools},
        learn::{Fallback, Ingredient, Learner},
    },
    index::{Ids, StageId},
};

use crate::{
    backtest::input,
    simulated::{Recipe, grade, lead, past, simulate, unit},
};

const LEADS: [usize; 3] = [1, 3, 6];

/// The system of a recipe with something done to its rolls.
fn with(recipe: &Recipe, change: impl Fn(&mut Panel)) -> History {
    let mut history = simulate(recipe);
    change(&mut history.rolls);
    history
}

/// Multiplies every cell by `factor(t, g)`, to whole pupils.
fn times(rolls: &mut Panel, factor: impl Fn(usize, usize) -> f64) {
    for i in 0..rolls.units().len() {
        for t in 0..rolls.years().len() {
            for g in 0..rolls.grades().len() {
                rolls.set(
                    unit(i),
                    past(t),
                    grade(g),
                    (rolls.get(unit(i), past(t), grade(g)) * factor(t, g)).round(),
                );
            }
        }
    }
}

/// The accuracy table.
#[expect(clippy::redundant_closure_for_method_calls, reason = "as a value the method has one lifetime")]
fn lines(session: &BacktestSession) -> Vec<Line> {
    session.with_run(Lang::En, |run| run.accuracy())
}

fn accuracy(history: History, learner: Learner) -> Vec<Line> {
    let input = input(history);
    let plan = Plan { learner, ..input.plan(&LEADS, 4, 64, 1) };
    let session = BacktestSession::new(input, plan, 20.0, 2, &Progress::default()).expect("it runs");
    lines(&session)
}

/// MAPE against that of three-year grade progression at each lead: the mean over `seeds` of the first stage.
fn against_progression(make: impl Fn(u64) -> History, seeds: u64) -> [f64; 3] {
    against(make, seeds, Learner::FULL)
}

fn against(make: impl Fn(u64) -> History, seeds: u64, learner: Learner) -> [f64; 3] {
    let mut sums = [[0.0; 2]; 3];
    for seed in 0..seeds {
        let lines = accuracy(make(seed), learner);
        for (h, sums) in LEADS.into_iter().zip(&mut sums) {
            let of = |method| {
                let wanted = |l: &&Line| {
                    (l.cell.level, l.cell.kind, l.cell.lead)
                        == (Level::Area, Kind::Stage(StageId::new(0)), lead(h))
                        && l.method == method
                };
                lines.iter().find(wanted).expect("it is scored").score
            };
            sums[0] += of(Method::Seatcast).mape;
            sums[1] += of(Method::Rule(Rule::Progression)).mape;
            assert!(of(Method::Seatcast).bands.is_some_and(|b| b.width.iter().all(|w| *w > 0.0)));
        }
    }
    sums.map(|[ours, rule]| ours / rule)
}

/// What a lasting drift has added to a cohort in grade `g` of year `t`: ratios fall by `by` more each year from `from` on.
fn drifted(t: usize, g: usize, from: usize, by: f64) -> f64 {
    let steps = (0..g).map(|back| t.saturating_sub(back)).filter(|t| *t > from);
    libm::exp(-steps.map(|t| by * (t - from) as f64).sum::<f64>())
}

#[test]
fn a_lasting_drift_without_births_is_followed() {
    let recipe = |seed| Recipe { seed, births: false, years: 16, ..Recipe::default() };
    let make = |by: f64| move |seed| with(&recipe(seed), |rolls| times(rolls, |t, g| drifted(t, g, 5, by)));
    let ratios = against_progression(make(0.004), 4);
    assert!(ratios.iter().all(|r| *r <= 1.10), "{ratios:?}");
    // of a stronger one the long memory alone lags
    let (ratios, lagging) = (
        against_progression(make(0.012), 4),
        against(make(0.012), 4, Learner::without(Ingredient::Memories)),
    );
    assert!(ratios.iter().all(|r| *r <= 1.10), "{ratios:?}");
    assert!(lagging[1] > 1.05 * ratios[1] && lagging[2] > 1.05 * ratios[2], "{lagging:?} {ratios:?}");
}

#[test]
fn a_step_of_every_ratio_without_births_is_followed() {
    let recipe = |seed| Recipe { seed, births: false, years: 16, ..Recipe::default() };
    let step = |t: usize, g: usize| {
        let steps = (0..g).filter(|back| t >= 9 + back).count();
        libm::exp(-0.02 * steps as f64)
    };
    let ratios = against_progression(|seed| with(&recipe(seed), |rolls| times(rolls, step)), 4);
    assert!(ratios.iter().all(|r| *r <= 1.10), "{ratios:?}");
}

/// Two years that nobody counted.
fn missing(rolls: &mut Panel) {
    let (areas, grades) = (rolls.units().len(), rolls.grades().len());
    for (t, i) in [5, 10].into_iter().flat_map(|t| (0..areas).map(move |i| (t, i))) {
        for g in 0..grades {
            rolls.set(unit(i), past(t), grade(g), f64::NAN);
        }
    }
}

#[test]
fn missing_years_cost_little() {
    for births in [true, false] {
        let recipe = Recipe { births, years: 18, ..Recipe::default() };
        let (whole, holed) = (simulate(&recipe), with(&recipe, missing));
        let (a, b) = (Learner::FULL.calibrate(&whole, 6), Learner::FULL.calibrate(&holed, 6));
        for i in 0..recipe.areas {
            for g in 0..recipe.grades {
                let off = b.pupils(lead(3), unit(i), grade(g)) / a.pupils(lead(3), unit(i), grade(g)) - 1.0;
                assert!(off.abs() < 0.12, "area {i}, grade {g}: {off}");
            }
        }
        // and where the rules speak, that need four years in a row, they are beaten
        let ratios = against_progression(|_| with(&recipe, missing), 1);
        assert!(ratios.iter().all(|r| *r < 1.05), "{births} {ratios:?}");
    }
}

#[test]
fn few_grades_are_enough() {
    for (grades, births) in [(6, true), (6, false), (3, false), (3, true), (2, false)] {
        let recipe = |seed| Recipe { seed, grades, births, years: 16, ..Recipe::default() };
        let ratios = against_progression(|seed| simulate(&recipe(seed)), 3);
        assert!(ratios.iter().all(|r| *r < 1.05), "{grades} {births} {ratios:?}");
    }
}

#[test]
fn a_broken_year_does_not_carry_the_forecast_away() {
    // in year 10 a tenth of the children enter a year late, and two in a hundred pupils leave for that year
    let broken = |rolls: &mut Panel| {
        for i in 0..rolls.units().len() {
            let late = (0.1 * rolls.get(unit(i), past(10), grade(0))).round();
            rolls.set(unit(i), past(10), grade(0), rolls.get(unit(i), past(10), grade(0)) - late);
            for g in 1..rolls.grades().len() {
                rolls.set(
                    unit(i),
                    past(10),
                    grade(g),
                    (0.98 * rolls.get(unit(i), past(10), grade(g))).round(),
                );
            }
        }
    };
    let recipe = |seed| Recipe { seed, years: 18, ..Recipe::default() };
    // origins after it: the year before and the year itself are in everybody's last three years
    for origin in [10, 11, 12] {
        let (mut ours, mut rule) = (0.0, 0.0);
        for seed in 0..4 {
            let history = with(&recipe(seed), broken);
            let known = history.cut(past(origin));
            let calibration = Learner::FULL.calibrate(&known, 3);
            let rules = seatcast::backtest::reference::References::new(&known, 3);
            for i in 0..known.rolls.units().len() {
                let actual: f64 =
                    (0..6).map(|g| history.rolls.get(unit(i), past(origin + 3), grade(g))).sum();
                let forecast: f64 = (0..6).map(|g| calibration.pupils(lead(3), unit(i), grade(g))).sum();
                ours += (forecast / actual - 1.0).abs();
                rule += (rules.area(unit(i), lead(3), &Ids::first(6))[Rule::Progression as usize] / actual
                    - 1.0)
                    .abs();
            }
        }
        assert!(ours < 0.95 * rule, "origin {origin}: {ours} {rule}");
    }
}

#[test]
fn an_area_that_comes_or_goes_is_forecast_while_it_is_there_and_moves_no_other() {
    let recipe = Recipe { areas: 12, years: 14, ..Recipe::default() };
    let whole = simulate(&recipe);
    let comes_and_goes = with(&recipe, |rolls| {
        for (i, years) in [(0, 0..9), (1, 10..14)] {
            for (t, g) in years.flat_map(|t| (0..9).map(move |g| (t, g))) {
                rolls.set(unit(i), past(t), grade(g), f64::NAN);
            }
        }
    });
    let (a, b) = (Learner::FULL.calibrate(&whole, 6), Learner::FULL.calibrate(&comes_and_goes, 6));
    for h in 1..=6 {
        for g in 0..9 {
            // the new one has a forecast near its own cohorts, the one that is gone has none
            let off = b.pupils(lead(h), unit(0), grade(g)) / a.pupils(lead(h), unit(0), grade(g)) - 1.0;
            assert!(off.abs() < 0.35, "{h} {g} {off}");
            assert!(b.pupils(lead(h), unit(1), grade(g)).is_nan());
            for i in 2..12 {
                let off = b.pupils(lead(h), unit(i), grade(g)) / a.pupils(lead(h), unit(i), grade(g)) - 1.0;
                assert!(off.abs() < 0.06, "{h} {i} {g} {off}");
            }
        }
    }
    assert!(b.fallback().contains(&Fallback::AreaGone { area: unit(1) }), "{:?}", b.fallback());
    // every origin is scored, and nothing of it is no number
    for line in accuracy(comes_and_goes, Learner::FULL) {
        assert!(line.score.mape.is_finite() && line.score.count > 0);
    }
}

#[test]
fn a_school_that_fills_grade_by_grade_is_no_ratio_for_ever() {
    // the first area opens with one grade of 60 in year 10 and one more each year; as an area, and as one of two schools
    let recipe = Recipe { areas: 12, years: 14, ..Recipe::default() };
    let filling = |t: usize, g: usize| if t >= 10 && g <= t - 10 { 60.0 + (t + g) as f64 } else { 0.0 };
    let history = with(&recipe, |rolls| {
        for (t, g) in (0..14).flat_map(|t| (0..9).map(move |g| (t, g))) {
            rolls.set(unit(0), past(t), grade(g), filling(t, g));
        }
    });
    let calibration = Learner::FULL.calibrate(&history, 6);
    for h in 1..=6 {
        for g in 0..9 {
            let n = calibration.pupils(lead(h), unit(0), grade(g));
            if g <= 3 + h {
                // it goes on filling, and no cohort explodes
                assert!((35.0..110.0).contains(&n), "area: {h} {g} {n}");
            } else {
                assert!(n.is_nan(), "area: {h} {g} {n}");
            }
        }
    }
    let mut with_schools = simulate(&recipe);
    let mut rolls = Panel::unknown(24, 14, 9);
    for (i, t) in (0..12).flat_map(|i| (0..14).map(move |t| (i, t))) {
        for g in 0..9 {
            let all = with_schools.rolls.get(unit(i), past(t), grade(g));
            let new = if i == 11 { filling(t, g) } else { (0.4 * all).round() };
            rolls.set(unit(2 * i), past(t), grade(g), if i == 11 && new == 0.0 { f64::NAN } else { new });
            rolls.set(unit(2 * i + 1), past(t), grade(g), all - new);
        }
    }
    with_schools.schools = Some(Schools { rolls, area_of: (0..24).map(|s| unit(s / 2)).collect() });
    let calibration = Learner::FULL.calibrate(&with_schools, 6);
    for h in 1..=6 {
        for g in 0..9 {
            let (n, area) = (
                calibration.school_pupils(lead(h), unit(22), grade(g)),
                calibration.pupils(lead(h), unit(11), grade(g)),
            );
            if g <= 3 + h {
                assert!(n > 25.0 && n < 130.0 && n < area, "school: {h} {g} {n} of {area}");
            } else {
                assert!(n.is_nan(), "school: {h} {g} {n}");
            }
        }
    }
}

#[test]
fn an_entry_rate_that_drifts_while_births_are_known_is_followed_by_several_readings() {
    // two in a hundred fewer of the children enter each year
    let recipe = |seed| Recipe { seed, years: 16, ..Recipe::default() };
    let drift = |t: usize, g: usize| libm::exp(-0.02 * (t as f64 - g as f64));
    let make = |seed| with(&recipe(seed), |rolls| times(rolls, drift));
    let (full, one) =
        (against(make, 4, Learner::FULL), against(make, 4, Learner::without(Ingredient::EntryReadings)));
    assert!(full.iter().zip(&one).all(|(full, one)| *full < 0.97 * one), "{full:?} {one:?}");
}

#[test]
fn ratios_over_missing_years_bring_the_forecast_nearer() {
    let error = |learner: Learner| -> f64 {
        let mut sum = 0.0;
        for seed in 0..3 {
            let history = with(&Recipe { seed, years: 18, ..Recipe::default() }, missing);
            for origin in 11..16 {
                let calibration = learner.calibrate(&history.cut(past(origin)), 2);
                for i in 0..history.rolls.units().len() {
                    let forecast: f64 = (0..6).map(|g| calibration.pupils(lead(2), unit(i), grade(g))).sum();
                    let actual: f64 =
                        (0..6).map(|g| history.rolls.get(unit(i), past(origin + 2), grade(g))).sum();
                    sum += (forecast / actual - 1.0).abs();
                }
            }
        }
        sum
    };
    let (full, without) = (error(Learner::FULL), error(Learner::without(Ingredient::Gaps)));
    assert!(full < 0.99 * without, "{full} {without}");
}

#[test]
fn a_class_whose_past_errors_went_far_up_is_widened_from_them_and_said_so() {
    // in each year one small area in twelve takes in a quarter more in every grade, for good
    let recipe = Recipe { areas: 48, years: 14, size: (12.0, 14.0), ..Recipe::default() };
    let jumping = |rolls: &mut Panel| {
        let (areas, years, grades) = (rolls.units().len(), rolls.years().len(), rolls.grades().len());
        for (i, t) in (0..areas).flat_map(|i| (0..years).map(move |t| (i, t))) {
            let jumps = (0..=t).filter(|t| (i * 7 + t * 5) % 12 == 0).count();
            let kept = libm::exp(-0.03 * t as f64);
            for g in 0..grades {
                let n = rolls.get(unit(i), past(t), grade(g)) * kept * libm::exp(0.34 * jumps as f64);
                rolls.set(unit(i), past(t), grade(g), n.round());
            }
        }
    };
    let session = |history| {
        let input = input(history);
        let plan = input.plan(&[1], 4, 400, 1);
        BacktestSession::new(input, plan, 20.0, 2, &Progress::default()).expect("it runs")
    };
    let (calm, wild) = (session(simulate(&recipe)), session(with(&recipe, jumping)));
    let widened = wild.result().widened.last().expect("there is an origin");
    assert!(widened.iter().any(|w| !w.schools && w.percent >= 20), "{widened:?}");
    for (lang, words) in [(Lang::En, "N217 past forecasts were too low"), (Lang::Zh, "N217 以往的预测偏低")]
    {
        assert!(wild.text(lang, None).contains(words), "{}", wild.text(lang, None));
        assert!(!calm.text(lang, None).contains("N217"), "{}", calm.text(lang, None));
    }
}

#[test]
fn an_area_alone_whose_bands_became_narrow_is_not_said_to_be_widened() {
    // the same rolls every year: nothing was ever forecast wrong, and its tail is kept while the middle narrows
    let steady = |rolls: &mut Panel| {
        for (t, g) in (0..rolls.years().len()).flat_map(|t| (0..9).map(move |g| (t, g))) {
            rolls.set(unit(0), past(t), grade(g), 400.0 - 3.0 * g as f64);
        }
    };
    let recipe = Recipe { areas: 1, births: false, ..Recipe::default() };
    let input = input(with(&recipe, steady));
    let plan = input.plan(&[1], 4, 100, 1);
    let session = BacktestSession::new(input, plan, 20.0, 2, &Progress::default()).expect("it runs");
    assert!(session.result().widened.iter().all(Vec::is_empty), "{:?}", session.result().widened);
    assert!(!session.text(Lang::En, None).contains("N217"));
}
