//! The closed loop of a district that learns: every round forecasts as a run would from what is known then.

use std::{fmt::Write as _, fs, path::Path};

use seatcast::core::grid::Cells;
use seatcast::core::index::{GradeId, Ids, YearOffset, ZoneId};
use seatcast::{
    Cycling, CyclingPlan, Lang, Progress, Scenario, ScenarioParts, Session, Settings,
    closed_loop::{CyclePlan, cycle},
    cycle::{Future, Generator, Looking, Outlook, Planner, Policy, Rule, Wider, learns, long_terms},
    demand::{Change, ChildCount, Counted, Override, Rate, RateKind},
    forecast::{
        Uncertainty,
        history::{Panel, PastRolls},
    },
    report::Options,
    supply::{Delay, Kind, Triangle},
};

use crate::{
    common::shipped,
    cycle::{self, growing},
};

const LOOKING: Looking = Looking { draws: 40, seed: 3, long: 15 };

fn learning() -> Scenario {
    seatcast::load(shipped("learning")).unwrap().scenario
}

fn future(scenario: &Scenario, number: u64) -> Future {
    let terms = long_terms(scenario, 27);
    Generator::new(scenario, &terms, 3, 12).future(number, &scenario.estates, &[]).unwrap()
}

/// The outlook of the round of year `t` of a future, and the scenario it was made from.
fn looked(scenario: &Scenario, future: &Future, t: usize) -> (Outlook, Scenario) {
    looked_as_far(scenario, future, t, 6)
}

/// The same as many years ahead.
fn looked_as_far(scenario: &Scenario, future: &Future, t: usize, leads: usize) -> (Outlook, Scenario) {
    let terms = long_terms(scenario, 27);
    let mut planner = Planner::new(scenario, &terms, LOOKING);
    let rolls: Vec<Cells<u32>> =
        future.pupils.offsets().take(t + 1).map(|year| future.pupils.year(year).to_grid()).collect();
    let seen = planner.seen(future, &rolls);
    let known = planner.known(&seen, leads, true).0;
    (planner.look(&seen, leads).unwrap(), known)
}

/// Writes the shipped scenario as it stands in the round of year `t` of `future`: its tables with rows added.
fn lay(scenario: &Scenario, known: &Scenario, future: &Future, t: usize, folder: &Path) {
    for entry in fs::read_dir(shipped("learning")).unwrap().map(Result::unwrap) {
        fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
    }
    let frame = &scenario.frame;
    let mut rolls = fs::read_to_string(folder.join("rolls.csv")).unwrap();
    for year in 1..=t {
        let row = future.pupils.year(YearOffset::new(year));
        for (cell, pupils) in frame.cells().pairs().zip(row.iter()) {
            let (z, g) = frame.cells().split(cell);
            let (p, position) = frame.stage_of(g);
            let (zone, grade) = (&frame.zones[z].id, &frame.stages[p].grades[position]);
            let _ =
                writeln!(rolls, "{},{zone},{grade},{pupils},invented,,", scenario.base_year + year as i32);
        }
    }
    fs::write(folder.join("rolls.csv"), rolls).unwrap();
    let mut children = fs::read_to_string(folder.join("children.csv")).unwrap();
    for count in known.children.iter().filter(|c| !scenario.children.contains(c)) {
        let (by, age) = match count.counted {
            Counted::Age(age) => ("age", age.to_string()),
            Counted::Kindergarten(class) => ("kindergarten", class.to_string()),
            Counted::Births => ("births", String::new()),
            Counted::BirthsSchoolYear => ("births_school_year", String::new()),
        };
        let (zone, class, source) = (&frame.zones[count.zone].id, &count.class, &count.source);
        let _ = writeln!(children, "{},{zone},{class},{source},{by},{age},{},", count.year, count.children);
    }
    fs::write(folder.join("children.csv"), children).unwrap();
    let (base, until) = (known.base_year, known.until);
    fs::write(folder.join("settings.csv"), format!("key,value\nbase_year,{base}\nuntil,{until}\n")).unwrap();
}

/// The forecast of a round is, bit for bit, that of a run that reads the same history from its tables.
#[test]
fn a_round_forecasts_what_a_run_forecasts() {
    let scenario = learning();
    let future = (0..100).map(|f| future(&scenario, f)).find(|f| !f.late[0]).unwrap();
    for t in [0, 3] {
        let (outlook, known) = looked(&scenario, &future, t);
        let folder = tempfile::tempdir().unwrap();
        lay(&scenario, &known, &future, t, folder.path());
        let read = seatcast::load(folder.path()).unwrap().scenario;
        assert_eq!(read.base_year, scenario.base_year + t as i32);
        let settings = Settings { seed: LOOKING.seed, draws: LOOKING.draws as u32, ..Settings::default() };
        let session = Session::new(&read, settings).unwrap();
        let forecast = session.forecast();
        let run = Outlook::new(&read, &forecast.central, &forecast.draws);
        assert_eq!(outlook.leads(), 6);
        // a plan that is kept for years is looked at for longer, and sees the same
        let longer = looked_as_far(&scenario, &future, t, 10).0;
        let mut uncertain = false;
        for slot in read.frame.slots().pairs() {
            for lead in 1..=6 {
                assert_eq!(outlook.draws_of(slot, lead), run.draws_of(slot, lead), "{t} {slot:?} {lead}");
                assert_eq!(longer.draws_of(slot, lead), run.draws_of(slot, lead), "{t} {slot:?} {lead}");
                assert_eq!(outlook.central(slot, lead), run.central(slot, lead), "{t} {slot:?} {lead}");
                uncertain |= run.need(slot, lead, 0.98) > run.need(slot, lead, 0.5);
            }
        }
        assert!(uncertain);
        let (first, last, years) = known.learnt().unwrap().years();
        assert_eq!((first, last, years), (2010, 2024 + t as i32, 15 + t), "learnt from all that is known");
    }
}

/// Rolls alone are enough to change what a round expects: it does not repeat what was learnt in the base year.
#[test]
fn ratios_and_sizes_are_learnt_anew() {
    let scenario = learning();
    let plain = future(&scenario, 0);
    let mut fewer = plain.clone();
    let rows: Vec<Vec<f64>> = (0..=12)
        .map(|year| {
            let width = scenario.frame.grade_count();
            // every year a twentieth leaves between the third grade and the fourth
            let stays =
                |cell: usize| (1..=year).filter(|_| cell % width == 3).map(|_| 0.95_f64).product::<f64>();
            plain
                .pupils
                .year(YearOffset::new(year))
                .iter()
                .enumerate()
                .map(|(c, n)| f64::from(*n) * stays(c))
                .collect()
        })
        .collect();
    fewer.pupils =
        seatcast::forecast::Path::round(&scenario.frame, &crate::common::in_shape(&scenario.frame, rows));
    let ratio = |future: &Future| {
        looked(&scenario, future, 4)
            .1
            .learnt()
            .unwrap()
            .total_ratio(GradeId::new(3), YearOffset::new(1))
            .unwrap()
    };
    assert!(ratio(&fewer) < ratio(&plain) - 0.02, "{} {}", ratio(&fewer), ratio(&plain));
    let wide = |known: &Scenario| {
        let spread = known.learnt().unwrap().chains()[0].spread().unwrap().sizes.common.grade;
        assert!(spread > 0.0);
        spread
    };
    assert_ne!(wide(&looked(&scenario, &fewer, 4).1).to_bits(), wide(&scenario).to_bits());
}

/// Rates that are given are not learnt: what surprises corrects them, and them alone.
#[test]
fn a_given_rate_is_corrected_and_a_learnt_one_is_not() {
    let mut parts = learning().into_parts();
    parts.overrides.clear();
    for grade in Ids::of(1..6) {
        let kind = RateKind::Progression { grade };
        parts.rates.push(Rate { kind, zone: None, year: None, value: 1.1 });
    }
    let scenario = Scenario::new(parts).unwrap();
    let width = scenario.frame.grade_count();
    let terms = long_terms(&scenario, 27);
    let mut planner = Planner::new(&scenario, &terms, LOOKING);
    let mut future = future(&scenario, 0);
    // nobody but the table believes that a tenth comes in every year of primary school
    let rows: Vec<Vec<f64>> = (0..=12)
        .map(|_| future.pupils.year(YearOffset::BASE).iter().map(|n| f64::from(*n)).collect())
        .collect();
    future.pupils =
        seatcast::forecast::Path::round(&scenario.frame, &crate::common::in_shape(&scenario.frame, rows));
    let rolls: Vec<Cells<u32>> =
        future.pupils.offsets().take(5).map(|year| future.pupils.year(year).to_grid()).collect();
    for t in 0..4 {
        planner.look(&planner.seen(&future, &rolls[..=t]), 6).unwrap();
    }
    let (known, terms) = planner.known(&planner.seen(&future, &rolls), 6, false);
    let learnt = known.learnt().unwrap();
    let second = YearOffset::new(2);
    for (cell, ratio) in terms.progression[second].pairs() {
        match cell.index() % width {
            1..=5 => assert!((0.8..1.09).contains(ratio), "{cell:?}: {ratio}"),
            g if g > 6 => assert_eq!(Some(*ratio), learnt.ratio(cell, second), "{cell:?}"),
            _ => {}
        }
    }
}

/// A row of children says the same in every later round, and nothing of births beyond what was known when it was counted.
#[test]
fn children_are_counted_once_and_tell_nothing_of_the_future() {
    let mut parts = learning().into_parts();
    // one zone sees its children three years ahead only, and families come while their children are three
    let island = parts.frame.zones.find(|z| z.id == "island").unwrap();
    parts.children.retain(|c| c.zone != island || matches!(c.counted, Counted::Kindergarten(_)));
    for count in parts.children.iter_mut().filter(|c| matches!(c.counted, Counted::Age(4..))) {
        count.children *= 1.1;
    }
    let scenario = Scenario::new(parts).unwrap();
    let terms = long_terms(&scenario, 27);
    let known = terms.assumed_from.iter().flatten().min().unwrap().index() - 1;
    assert_eq!(known, 3);
    let mut of = future(&scenario, 0);
    of.births[..=known].fill(1.0);
    for t in known + 1..of.births.len() {
        of.births[t] = 0.95 * of.births[t - 1];
    }
    let children = |future: &Future, t: usize| looked(&scenario, future, t).1.children.clone();
    let (third, fifth) = (children(&of, 3), children(&of, 5));
    assert!(third.iter().all(|row| fifth.contains(row)));
    let new = |rows: &[ChildCount]| rows.len() - scenario.children.len();
    assert_eq!((new(&third) % 3, new(&fifth)), (0, new(&third) / 3 * 5), "as many rows every year");
    let mut other = of.clone();
    other.births.iter_mut().skip(3 + known + 1).for_each(|births| *births *= 1.5);
    assert_eq!(children(&other, 3), third);
    assert_ne!(children(&other, 5), fifth, "it shows when it is known");
    // a register follows its cohorts as it has: the three-year-olds of this autumn are four a year later
    let count = |rows: &[ChildCount], year: i32, age: u32| -> f64 {
        rows.iter().filter(|c| (c.year, c.counted) == (year, Counted::Age(age))).map(|c| c.children).sum()
    };
    let (now, later) = (count(&third, 2024, 3), count(&third, 2025, 4));
    let usual: f64 = (2016..2024).map(|y| count(&third, y + 1, 4) / count(&third, y, 3)).sum::<f64>() / 8.0;
    assert!(usual > 1.05 && (later / now - usual).abs() < 0.02, "{later} {now} {usual}");
}

/// What an override says for good is in the rolls after some years: it is not counted twice.
#[test]
fn an_override_without_an_end_is_struck_out_when_the_rolls_show_it() {
    let mut parts = learning().into_parts();
    let lasting = parts.overrides.iter().position(|o| o.until.is_none()).unwrap();
    assert_eq!(parts.overrides[lasting].from, 2026);
    let ends = Override { id: "ends".into(), until: Some(2040), ..parts.overrides[lasting].clone() };
    parts.overrides.push(ends);
    let scenario = Scenario::new(parts).unwrap();
    let future = future(&scenario, 0);
    let ids = |t: usize| -> Vec<String> {
        looked(&scenario, &future, t).1.overrides.iter().map(|o| o.id.clone()).collect()
    };
    let id = &scenario.overrides[lasting].id;
    assert!(ids(5).contains(id) && !ids(6).contains(id), "{:?}", ids(6));
    assert!(ids(6).contains(&"ends".to_owned()));
    assert!(matches!(scenario.overrides[lasting].change, Change::Factor { .. }));
}

/// What happens is wider than what is expected by the factor that the scenario states, where sizes are learnt too.
#[test]
fn futures_are_wider_than_what_was_learnt() {
    let mut parts = learning().into_parts();
    let mut spread = |shocks: f64, uncertainty: Option<Uncertainty>| -> f64 {
        (parts.breaks, parts.uncertainty) = (Wider { shocks, ..Wider::NONE }, uncertainty);
        let scenario = Scenario::new(parts.clone()).unwrap();
        let calm = Scenario::new(ScenarioParts { breaks: Wider::NONE, ..parts.clone() }).unwrap();
        let central = future(&calm, 0);
        let mut squares = 0.0;
        for f in 0..20 {
            let drawn = future(&scenario, f);
            for year in Ids::of(1..7) {
                for (n, c) in drawn.pupils.year(year).iter().zip(central.pupils.year(year).iter()) {
                    if *c > 100 {
                        let off = libm::log(f64::from(*n) / f64::from(*c));
                        squares += off * off;
                    }
                }
            }
        }
        squares.sqrt()
    };
    let (as_learnt, wider) = (spread(1.0, None), spread(1.25, None));
    assert!((wider / as_learnt - 1.25).abs() < 0.02, "{wider} {as_learnt}");
    let stated = spread(1.0, Some(Uncertainty::default()));
    assert!(
        (stated / as_learnt - 1.0).abs() > 0.05,
        "{stated} {as_learnt}: not the defaults, but what was learnt"
    );
}

/// The district of `tests/cycle.rs` that grows every year, with six years of rolls to learn that from.
fn growing_with_a_past(candidates: &[(u32, bool)]) -> Scenario {
    let mut parts = growing(candidates).into_parts();
    parts.rates.clear();
    let mut panel = Panel::unknown(1, 6, 2);
    let entered = |year: i32| f64::from(120 + 20 * (year - 2025));
    for (t, year) in panel.years().zip(2020..=2025) {
        panel.set(ZoneId::new(0), t, GradeId::new(0), entered(year).max(20.0));
        panel.set(ZoneId::new(0), t, GradeId::new(1), entered(year - 1).max(20.0));
        for age in 0..6_u32 {
            let children = entered(year + 6 - age as i32).max(20.0);
            parts.children.push(ChildCount {
                year,
                zone: ZoneId::new(0),
                class: String::new(),
                source: "register".into(),
                counted: Counted::Age(age),
                children,
            });
        }
    }
    parts.children.drain(..6);
    parts.roll = Cells::from_vec(parts.frame.cells(), vec![120, 100]);
    parts.past = Some(PastRolls { first_year: 2020, zones: panel, school_ids: Vec::new(), schools: None });
    Scenario::new(parts).unwrap()
}

fn plan(scenario: &Scenario, futures: u32, years: usize) -> CyclePlan {
    let policies = Policy::compared(scenario);
    let own = scenario.projects.len();
    CyclePlan { detailed: policies.len(), policies, ..cycle::plan(scenario, own, futures, years) }
}

/// No noise, no delay, enough money and prefab sites in hand: nobody is short from the second round on.
#[test]
fn where_nothing_can_go_wrong_no_child_is_short_in_a_district_that_learns() {
    let mut parts = growing_with_a_past(&[(60, true); 8]).into_parts();
    parts.breaks = Wider::NONE;
    let kind = parts.kinds.of_mut(Kind::Prefab);
    kind.delay = Delay { mean: 1.0, sd: 0.0 };
    kind.build = Triangle::new(6.0, 6.0, 6.0).unwrap();
    let scenario = Scenario::new(parts).unwrap();
    assert!(learns(&scenario) && scenario.learnt().unwrap().has_sizes());
    let mut plan = plan(&scenario, 2, 10);
    let short = |plan: &CyclePlan| -> Vec<u64> {
        let played = cycle(&scenario, plan, &Rule, &Progress::default()).unwrap();
        played.iter().map(|f| f.outcomes[0].shortage).collect()
    };
    assert_eq!(short(&plan), [0, 0]);
    // and it is not for want of pupils: with nothing on the menu there is a shortage
    plan.policies[0].quick = false;
    assert!(short(&plan).iter().all(|n| *n > 500), "{:?}", short(&plan));
}

#[test]
fn the_same_bytes_for_any_number_of_threads_in_a_district_that_learns() {
    let scenario = learning();
    let files = |threads| {
        let plan =
            CyclingPlan { futures: 3, years: 3, draws: 20, threads, grid: false, ..Default::default() };
        let cycling = Cycling::new(&scenario, &plan, &Progress::default()).unwrap();
        cycling.files(Options { lang: Lang::Zh, bom: true, charts: false }).unwrap()
    };
    assert!(files(1) == files(3));
}

/// A scenario all of whose rates are stated is none that learns, whatever rolls it has.
#[test]
fn who_learns_and_who_does_not() {
    let of = |name: &str| learns(&seatcast::load(shipped(name)).unwrap().scenario);
    assert_eq!([of("learning"), of("futian-2019"), of("zhengzhou-2024")], [true, false, false]);
}
