//! What a scenario learns from its own past: the path of the calibration comes out of the cohort model, given rates and
//! overrides go before it, housing works on top of it.

use seatcast::core::grid::{CellId, Cells};
use seatcast::core::index::{DistrictId, GradeId, GroupId, Ids, StageId, YearOffset, ZoneId};
use seatcast::{
    Name, Scenario, ScenarioParts, Settings,
    core::forecast::{
        Forecaster, Learnt,
        history::{Panel, PastRolls},
    },
    demand::{
        Change, ChildCount, CohortModel, Counted, DemandPart, Estate, FeederFlow, Override, Rate, RateKind,
        Steps, Yield,
    },
    forecast::{ChangeRow, changes},
    geography::{Area, District, Frame, Group, Intake, Stage, StageDetail, Zone},
    time::YearMonth,
};

use crate::simulated::{Recipe, grade, lead, past, simulate, unit};

const BASE: i32 = 2020;
const ZONES: usize = 6;

fn stage(id: &str, grades: std::ops::Range<usize>, intake: Intake) -> Stage {
    let grades = grades.map(|g| g.to_string()).collect();
    Stage {
        id: id.into(),
        name: Name::plain(id),
        grades,
        class_size: 45,
        intake,
        detail: StageDetail::default(),
    }
}

/// A scenario of six zones and nine grades whose rolls are simulated, with a register of every autumn and births.
fn parts(years: usize) -> ScenarioParts {
    parts_of(1, years)
}

/// The same, of one of many such districts.
fn parts_of(seed: u64, years: usize) -> ScenarioParts {
    let zone = |z: usize| format!("z{z}");
    let frame = Frame {
        districts: vec![District { id: "d".into(), name: Name::plain("d") }].into(),
        groups: (0..ZONES)
            .map(|z| Group { id: zone(z), name: Name::plain(zone(z)), district: DistrictId::new(0) })
            .collect(),
        zones: (0..ZONES)
            .map(|z| Zone { id: zone(z), name: Name::plain(zone(z)), group: GroupId::new(z), tile: None })
            .collect(),
        stages: vec![
            stage("primary", 1..7, Intake::Pools { entry_age: 6 }),
            stage("junior", 7..10, Intake::Stages(vec![StageId::new(0)])),
        ]
        .into(),
    };
    let history = simulate(&Recipe { areas: ZONES, years, births: false, seed, ..Recipe::default() });
    let first_year = BASE + 1 - years as i32;
    let roll = (0..ZONES)
        .flat_map(|z| history.rolls.row(unit(z), past(years - 1)).iter().map(|n| *n as u32))
        .collect();
    let roll = Cells::from_vec(frame.cells(), roll);
    let mut children = Vec::new();
    for z in 0..ZONES {
        // births a little below the entrants, in two classes; a register that loses a few of them every year
        for entry in first_year - 1..=BASE + 6 {
            let t = (entry - first_year).clamp(0, years as i32 - 1) as usize;
            let born = 0.9 * history.rolls.get(unit(z), past(t), grade(0));
            for (class, part) in [("local", 0.7), ("other", 0.3)] {
                let child = |year, counted, children| ChildCount {
                    year,
                    zone: ZoneId::new(z),
                    class: class.into(),
                    source: if counted == Counted::BirthsSchoolYear {
                        "births".into()
                    } else {
                        "register".into()
                    },
                    counted,
                    children,
                };
                children.push(child(entry - 6, Counted::BirthsSchoolYear, (born * part).round()));
                for age in 2..6 {
                    let year = entry - 6 + age;
                    if year <= BASE {
                        let seen = (born * part * (1.0 + 0.02 * f64::from(age))).round();
                        children.push(child(year, Counted::Age(age as u32), seen));
                    }
                }
            }
        }
    }
    let mut zones = Panel::unknown(ZONES, years, 9);
    for (z, t) in (0..ZONES).flat_map(|z| (0..years).map(move |t| (z, past(t)))) {
        for g in 0..9 {
            zones.set(ZoneId::new(z), t, GradeId::new(g), history.rolls.get(unit(z), t, grade(g)));
        }
    }
    ScenarioParts {
        roll,
        past: Some(PastRolls { first_year, zones, school_ids: Vec::new(), schools: None }),
        children,
        ..ScenarioParts::empty("learnt", frame, BASE)
    }
}

fn scenario(parts: ScenarioParts) -> Scenario {
    Scenario::new(parts).expect("the parts fit together")
}

fn path(scenario: &Scenario) -> Vec<Vec<f64>> {
    CohortModel::new(scenario).central().iter().map(|row| row.to_vec()).collect()
}

/// The forecast of the calibration, by year and cell.
fn learnt_path(learnt: &Learnt, t: usize, cell: usize) -> f64 {
    let chain = &learnt.chains()[0];
    chain.calibration().pupils(lead(t), unit(cell / 9), grade(cell % 9))
}

/// Pupils in the entry grade of a zone in year `t`.
fn entered(rolls: &Panel<ZoneId, GradeId>, zone: usize, t: usize) -> f64 {
    rolls.get(ZoneId::new(zone), past(t), GradeId::new(0))
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * b.abs().max(1.0)
}

#[test]
fn the_cohort_model_gives_the_learnt_path_exactly() {
    let scenario = scenario(parts(14));
    let learnt = scenario.learnt().expect("there is a past");
    assert!(learnt.entry_on_children(CellId::new(0)) && learnt.has_sizes());
    assert_eq!(learnt.years(), (2007, 2020, 14));
    for (t, row) in path(&scenario).iter().enumerate().skip(1) {
        for (cell, n) in row.iter().enumerate() {
            let forecast = learnt_path(learnt, t, cell);
            assert!(near(*n, forecast), "{t} {cell}: {n} is not {forecast}");
        }
    }
}

#[test]
fn a_given_rate_goes_before_a_learnt_one_and_touches_no_other() {
    let mut given = parts(14);
    given.rates.push(Rate {
        kind: RateKind::Progression { grade: GradeId::new(3) },
        zone: Some(ZoneId::new(1)),
        year: Some(2022),
        value: 0.5,
    });
    let (free, given) = (path(&scenario(parts(14))), path(&scenario(given)));
    for (t, (a, b)) in free.iter().zip(&given).enumerate() {
        for (cell, (a, b)) in a.iter().zip(b).enumerate() {
            // the cohort that is in grade index 3 of zone 1 in 2022
            let touched = cell / 9 == 1 && t >= 2 && cell % 9 == 3 + (t - 2);
            assert_eq!(!touched, near(*a, *b), "{t} {cell}: {a} {b}");
        }
    }
    assert!(near(given[2][9 + 3], 0.5 * given[1][9 + 2]));
}

#[test]
fn a_public_share_that_changes_later_changes_entry_in_proportion() {
    let mut policy = parts(14);
    let share = |year, value| Rate {
        kind: RateKind::PublicShare { stage: StageId::new(0), class: Some("other".into()) },
        zone: None,
        year,
        value,
    };
    policy.rates.push(share(None, 0.8));
    let steady = path(&scenario(policy.clone()));
    policy.rates.push(share(Some(2023), 0.9));
    let changed = path(&scenario(policy));
    for z in 0..ZONES {
        let rise = changed[3][z * 9] / steady[3][z * 9];
        // 0.7 + 0.3 x 0.9 over 0.7 + 0.3 x 0.8 = 0.97 / 0.94, up to the rounding of children
        assert!((rise - 0.97 / 0.94).abs() < 2e-3, "{rise}");
        assert!(near(changed[2][z * 9], steady[2][z * 9]));
    }
}

#[test]
fn overrides_change_what_they_say_and_can_be_taken_away() {
    let plain = path(&scenario(parts(14)));
    let mut with = parts(14);
    let entered = |id: &str, zone, from, until, change| Override {
        id: id.into(),
        change,
        zone,
        from,
        until,
        author: "Chen".into(),
        date: "2020-10-09".into(),
        reason: "seen on site".into(),
    };
    with.overrides = vec![
        entered(
            "factory",
            Some(ZoneId::new(0)),
            2021,
            Some(2021),
            Change::Pupils { grades: [2, 3].map(GradeId::new).to_vec(), pupils: 80.0 },
        ),
        entered("policy", None, 2022, None, Change::Factor { grade: GradeId::new(0), value: 1.1 }),
        entered(
            "ratio",
            Some(ZoneId::new(5)),
            2021,
            None,
            Change::Rate {
                kind: RateKind::Transition { from: StageId::new(0), to: StageId::new(1) },
                value: 0.7,
            },
        ),
    ];
    let with = scenario(with);
    let changed = path(&with);
    assert!(near(changed[1][2], plain[1][2] + 40.0) && near(changed[1][3], plain[1][3] + 40.0));
    assert!(changed[2][3] > plain[2][3] + 30.0, "they go up with their cohort");
    assert!(near(changed[1][9], plain[1][9]) && near(changed[2][9], 1.1 * plain[2][9]));
    assert!(near(changed[1][5 * 9 + 6], 0.7 * f64::from(with.roll[CellId::new(5 * 9 + 5)])));
    assert_eq!(path(&with.without_overrides()), plain);
}

#[test]
fn with_flows_the_total_that_goes_on_is_learnt_and_the_flows_say_where() {
    let mut flows = parts(14);
    let shares = (0..ZONES).map(|z| (ZoneId::new(z), ZoneId::new(if z == 5 { 4 } else { z }), 1.0)).collect();
    flows.flows.push(FeederFlow { from: StageId::new(0), to: StageId::new(1), shares });
    let scenario = scenario(flows);
    let years = path(&scenario);
    assert!(near(years[1][5 * 9 + 6], 0.0));
    let total: f64 = (0..ZONES).map(|z| years[1][z * 9 + 6]).sum();
    let leaving: f64 = (0..ZONES).map(|z| f64::from(scenario.roll[CellId::new(z * 9 + 5)])).sum();
    let ratio = scenario
        .learnt()
        .expect("there is a past")
        .total_ratio(GradeId::new(6), YearOffset::new(1))
        .expect("it is known");
    assert!(near(total, ratio * leaving));
}

#[test]
fn without_children_entry_is_learnt_from_itself() {
    let mut alone = parts(14);
    alone.children.clear();
    let scenario = scenario(alone);
    let learnt = scenario.learnt().expect("there is a past");
    assert!(!learnt.entry_on_children(CellId::new(0)));
    for (t, row) in path(&scenario).iter().enumerate().skip(1) {
        for z in 0..ZONES {
            assert!(row[z * 9] > 0.0 && near(row[z * 9], learnt_path(learnt, t, z * 9)));
        }
    }
}

#[test]
fn children_that_taught_nothing_are_taken_as_they_are() {
    // a register of the base year alone: no entry of the past was forecast from it
    let mut fresh = parts(14);
    fresh.children.retain(|c| c.source == "register" && c.year == BASE);
    let children: f64 = fresh
        .children
        .iter()
        .filter(|c| c.zone == ZoneId::new(2) && c.counted == Counted::Age(5))
        .map(|c| c.children)
        .sum();
    let scenario = scenario(fresh);
    assert!(near(path(&scenario)[1][2 * 9], children));
}

#[test]
fn children_in_kindergarten_say_more_than_births_where_they_did_so_far() {
    // births that say nothing of the entrants; classes that said all of them, three years ahead, and now say a fifth more
    let with = |classes: bool| {
        let mut parts = parts(14);
        let past = parts.past.as_ref().expect("there is a past").zones.clone();
        let count = |year, zone, source: &str, counted, children: f64| ChildCount {
            year,
            zone,
            class: "local".into(),
            source: source.into(),
            counted,
            children: children.round(),
        };
        parts.children.clear();
        for zone in 0..ZONES {
            for entry in 2007..=BASE + 6 {
                let wandering = 150.0 + 40.0 * f64::from((entry * 7 + zone as i32 * 5) % 11 - 5) / 5.0;
                parts.children.push(count(
                    entry - 6,
                    ZoneId::new(zone),
                    "births",
                    Counted::BirthsSchoolYear,
                    wandering,
                ));
                let entrants = if entry > BASE {
                    1.2 * entered(&past, zone, 13)
                } else {
                    entered(&past, zone, (entry - 2007) as usize)
                };
                for class in (1..=3).filter(|class| classes && entry - class <= BASE) {
                    parts.children.push(count(
                        entry - class,
                        ZoneId::new(zone),
                        "kindergarten",
                        Counted::Kindergarten(class as u32),
                        entrants,
                    ));
                }
            }
        }
        (scenario(parts), past)
    };
    let ((read, past), (births, _)) = (with(true), with(false));
    let (read, alone) = (path(&read), path(&births));
    for year in 1..=3 {
        let sum = |path: &[Vec<f64>]| (0..ZONES).map(|z| path[year][z * 9]).sum::<f64>();
        let now: f64 = (0..ZONES).map(|z| entered(&past, z, 13)).sum();
        assert!((sum(&read) / now - 1.2).abs() < 0.03, "{year}: {} of {now}", sum(&read));
        assert!((sum(&alone) / now - 1.2).abs() > 0.08, "{year}: {} of {now}", sum(&alone));
    }
    // who is in no class yet is forecast from births again
    let share = |path: &[Vec<f64>]| path[6][0] / path[5][0];
    assert!((share(&read) / share(&alone) - 1.0).abs() < 0.03, "{} {}", share(&read), share(&alone));
}

#[test]
fn what_changed_since_last_year_adds_up_in_a_district_that_learns() {
    for seed in 1..=8 {
        let now = parts_of(seed, 14);
        let mut then = parts_of(seed, 14);
        let last = then.past.as_mut().expect("there is a past");
        last.zones = last.zones.cut(13);
        let roll = (0..ZONES)
            .flat_map(|z| last.zones.row(ZoneId::new(z), past(12)).iter().map(|n| *n as u32))
            .collect();
        then.roll = Cells::from_vec(then.frame.cells(), roll);
        then.base_year = BASE - 1;
        then.children.retain(|c| c.year < BASE);
        let (then, now) = (scenario(then), scenario(now));
        let steps = Steps::since(&then, &now).expect("one frame, a year apart");
        let rows = changes(&now, &steps);
        let (was, is) = (path(&then), path(&now));
        let mut moved = [0_i64; DemandPart::ALL.len()];
        for row in &rows {
            assert_eq!(row.before + row.parts.iter().sum::<i64>(), row.after, "seed {seed} {row:?}");
            for (moved, part) in moved.iter_mut().zip(row.parts) {
                *moved += part.abs();
            }
        }
        // what is said to change is the forecast of each year, up to rounding
        let of = |path: &[Vec<f64>], t: usize| path[t].iter().sum::<f64>();
        for t in 1..=steps.years_ahead() {
            let year = BASE + t as i32;
            let whole = |of: fn(&ChangeRow) -> i64| -> i64 {
                let district = |r: &&ChangeRow| {
                    r.year == year && r.grade.is_none() && r.area == Area::District(DistrictId::new(0))
                };
                rows.iter().filter(district).map(of).sum()
            };
            assert!((whole(|r| r.before) as f64 - of(&was, t + 1)).abs() <= 9.0, "seed {seed} {year}");
            assert!((whole(|r| r.after) as f64 - of(&is, t)).abs() <= 9.0, "seed {seed} {year}");
        }
        // a year of rolls came, and ratios and entry were learnt anew from it
        for part in [DemandPart::NewData, DemandPart::EntryRatio, DemandPart::Progression] {
            assert!(moved[part as usize] > 0, "seed {seed}: {part:?} moves nothing");
        }
        for part in [DemandPart::Housing, DemandPart::Overrides] {
            assert_eq!(moved[part as usize], 0, "seed {seed}: {part:?}");
        }
    }
}

#[test]
fn an_estate_in_the_past_is_taken_off_and_one_to_come_is_added() {
    let estate = |completed| Estate {
        id: "e".into(),
        zone: ZoneId::new(0),
        housing_type: "flat".into(),
        units: 1000.0,
        completed: YearMonth { year: completed, month: 5 },
        occupancy: 1.0,
        in_pool: 1.0,
        in_pool_from: None,
    };
    let yields: Vec<Yield> = Ids::first(9)
        .map(|grade| Yield { housing_type: "flat".into(), years_since: 0, grade, pupils_per_unit: 0.01 })
        .collect();
    let plain = path(&scenario(parts(14)));
    let mut coming = parts(14);
    coming.estates.push(estate(2022));
    coming.yields.clone_from(&yields);
    let coming = path(&scenario(coming));
    assert!(near(coming[1][3], plain[1][3]) && near(coming[2][3], plain[2][3] + 10.0));
    // its pupils stay what it implies, and the cohorts below it what they were
    assert!(near(coming[4][5], plain[4][5] + 10.0) && near(coming[2][0], plain[2][0]));
    let mut past = parts(14);
    past.estates.push(estate(2015));
    past.yields = yields;
    // ten pupils of the estate in each grade since 2015: those who entered since came by the pools, the others besides
    let with = past.past.as_mut().expect("there is a past");
    for (t, year) in with.zones.years().zip(2007..=BASE).filter(|(_, year)| *year >= 2015) {
        for g in (0..9).filter(|g| year - g < 2015) {
            let (zone, grade) = (ZoneId::new(0), GradeId::new(g as usize));
            with.zones.set(zone, t, grade, with.zones.get(zone, t, grade) + 10.0);
            if year == BASE {
                past.roll[(zone, grade)] += 10;
            }
        }
    }
    // they are there in the forecast too, and the ratios are those of everybody else
    let past = path(&scenario(past));
    for g in 1..9 {
        let (with, without) = (past[3][g], plain[3][g]);
        assert!((with / without - 1.0).abs() < 0.05, "{g}: {with} {without}");
    }
}

#[test]
fn nothing_is_learnt_from_one_year_and_no_sizes_from_three() {
    let one = scenario(ScenarioParts { rates: vec![], ..parts(1) });
    assert!(one.learnt().is_none());
    let three = scenario(parts(3));
    assert!(three.learnt().is_some_and(|learnt| !learnt.has_sizes()));
    let stated =
        scenario(ScenarioParts { uncertainty: Some(seatcast::forecast::Uncertainty::NONE), ..parts(14) });
    let forecaster = Forecaster::new(&stated);
    assert_eq!(&forecaster.draw(1, 7), forecaster.central(), "stated sizes go before learnt ones");
}

#[test]
fn learnt_draws_are_centred_on_the_path_and_the_same_alone_or_in_blocks() {
    let scenario = scenario(parts(14));
    let forecaster = Forecaster::new(&scenario);
    let draws = forecaster.draws(1, 0, 400);
    for w in [0, 17, 255] {
        assert_eq!(draws[w], forecaster.draw(1, w as u64));
    }
    for t in [1, 3, 6] {
        let central = f64::from(forecaster.central().year(YearOffset::new(t))[CellId::new(20)]);
        let mut drawn: Vec<u32> = draws.iter().map(|d| d.year(YearOffset::new(t))[CellId::new(20)]).collect();
        drawn.sort_unstable();
        let (low, middle, high) = (f64::from(drawn[40]), f64::from(drawn[200]), f64::from(drawn[360]));
        assert!((middle / central - 1.0).abs() < 0.03, "{t}: {middle} {central}");
        assert!(low < 0.99 * central && high > 1.01 * central && high < 1.6 * central, "{t}: {low} {high}");
    }
    // widths grow with the lead
    let width = |t: usize| {
        let mut drawn: Vec<u32> = draws.iter().map(|d| d.year(YearOffset::new(t))[CellId::new(20)]).collect();
        drawn.sort_unstable();
        f64::from(drawn[360] - drawn[40])
            / f64::from(forecaster.central().year(YearOffset::new(t))[CellId::new(20)])
    };
    assert!(width(6) > width(1));
    let settings = Settings { draws: 40, ..Settings::default() };
    let session = seatcast::Session::new(&scenario, settings).expect("threads start");
    assert!(
        session
            .board_text(seatcast::Lang::En, None)
            .contains("learnt from the district's own history (2007-2020")
    );
}
