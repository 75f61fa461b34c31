//! The rule in closed loop.

use std::fs;

use seatcast::core::grid::{Cells, SlotId};
use seatcast::core::index::{DistrictId, GradeId, GroupId, ProjectId, StageId, YearOffset, ZoneId};
use seatcast::{
    Cycling, CyclingPlan, Lang, Name, Progress, Reading, Scenario, ScenarioParts,
    closed_loop::{CyclePlan, PlayedFuture, cycle, outlooks},
    cycle::{
        Action, Future, Generator, Ground, Outcome, Policy, Prices, Rule, Stage, Step, Wider, demand_of,
        held::with_held, long_terms, play,
    },
    demand::{ChildCount, Counted, Rate, RateKind},
    forecast::{Path, Uncertainty},
    geography::{District, Frame, Group, Intake, Stage as SchoolStage, StageDetail, Zone},
    report::Options,
    scenario::{Problem, read_policy},
    supply::{Delay, Kind, PhaseIn, Programme, Project, School, SupplyModel, Triangle},
};

use crate::common::{check_file, shipped, text, typed};

pub(crate) fn plan(scenario: &Scenario, own: usize, futures: u32, years: usize) -> CyclePlan {
    let mut policies = Policy::compared(scenario);
    policies.extend(Policy::worths(scenario, 2).into_iter().map(|(_, p)| p));
    CyclePlan {
        futures,
        years,
        draws: 40,
        seed: 3,
        threads: 0,
        detailed: policies.len(),
        policies,
        prices: Prices::default(),
        own_projects: ProjectId::new(own),
    }
}

fn played(name: &str, futures: u32, years: usize) -> Vec<PlayedFuture> {
    let loaded = seatcast::load(shipped(name)).unwrap();
    let with = with_held(&loaded.scenario, 2).unwrap();
    let plan = plan(&with, loaded.scenario.projects.len(), futures, years);
    cycle(&with, &plan, &Rule, &Progress::default()).unwrap()
}

#[test]
fn perfect_foresight_is_never_beaten() {
    for (name, futures, years) in [("teaching", 12, 12), ("futian-2019", 4, 10), ("learning", 3, 8)] {
        let mut beaten_by_some = false;
        for future in played(name, futures, years) {
            assert!(future.foresight_held.0 <= future.foresight.score + 1e-6, "more on the menu is no worse");
            for outcome in &future.outcomes {
                let best = if outcome.holds { future.foresight_held.0 } else { future.foresight.score };
                let allowed = best - 1e-6 * best.abs();
                assert!(outcome.score >= allowed, "{name} {}: {} < {best}", future.number, outcome.score);
                beaten_by_some |= outcome.score > best * 1.01;
            }
        }
        assert!(beaten_by_some, "somewhere a rule is worse than what could be had");
    }
}

/// The least score found by trying every opening of every project, for the search to be held against.
#[test]
fn the_search_of_perfect_foresight_finds_what_trying_everything_finds() {
    let scenario = growing(&[(300, false), (200, false), (150, true)]);
    let plan = plan(&scenario, scenario.projects.len(), 6, 8);
    for (future, played) in
        futures(&scenario, &plan).zip(cycle(&scenario, &plan, &Rule, &Progress::default()).unwrap())
    {
        let long = scenario.lasting_to(scenario.base_year + 8);
        let supply = SupplyModel::new(&long, &Programme::Committed);
        let ground = Ground::new(&long, &supply, ProjectId::new(3), plan.seed, 1);
        let demand = demand_of(&ground, &future);
        // openings as perfect foresight may reach them: found by asking for each alone
        let years = 8;
        let mut least = f64::INFINITY;
        let ways: Vec<Vec<Option<i32>>> = (0..3)
            .map(|j| {
                let reached = (0..i32::from(u8::try_from(years).unwrap()))
                    .filter_map(|round| opening(&ground, &future, ProjectId::new(j), round))
                    .filter(|o| *o <= 2025 + 8);
                let mut all: Vec<Option<i32>> = reached.map(Some).collect();
                all.push(None);
                all.dedup();
                all
            })
            .collect();
        for a in &ways[0] {
            for b in &ways[1] {
                for c in &ways[2] {
                    let openings = [*a, *b, *c];
                    let mut score = 0.0;
                    for (t, demand) in demand.ids().zip(demand.iter()).skip(1) {
                        let places: i64 = ground.base(t, SlotId::new(0))
                            + ground
                                .works
                                .ids()
                                .zip(openings)
                                .filter_map(|(j, o)| o.map(|o| ground.works[j].touches[0].change(o, t)))
                                .sum::<i64>();
                        let over = places - demand;
                        score +=
                            (-over).max(0) as f64 * plan.prices.short + over.max(0) as f64 * plan.prices.idle;
                    }
                    for (j, opened) in ground.works.ids().zip(openings) {
                        let work = &ground.works[j];
                        let site =
                            if work.laws.land[0] >= 1.0 { 0.0 } else { plan.prices.site * work.capital };
                        score += opened.map_or(0.0, |o| f64::from(2025 + 8 - o + 1) * work.yearly + site);
                    }
                    least = least.min(score);
                }
            }
        }
        assert!(played.foresight.exact);
        // hurrying may do better still, nothing may do worse
        assert!(played.foresight.score <= least + 1e-6 * least, "{} {least}", played.foresight.score);
        assert!(played.foresight.score >= 0.8 * least, "{} {least}", played.foresight.score);
    }
}

/// The opening of a project whose gates are opened in `round`, by the laws of its gates.
fn opening(ground: &Ground<'_>, future: &Future, j: ProjectId, round: i32) -> Option<i32> {
    let laws = &ground.works[j].laws;
    let (site, build) = future.gates[j];
    let land = laws.land.iter().position(|p| *p >= site - 1e-12)? as i32;
    let takes = laws.build.iter().position(|p| *p >= build)? as i32;
    (round >= land).then_some(2025 + round + takes)
}

/// One zone, one stage of two grades that grows every year, and prefab candidates (places, site in hand).
pub(crate) fn growing(candidates: &[(u32, bool)]) -> Scenario {
    let frame = Frame {
        districts: vec![District { id: "d".into(), name: Name::plain("D") }].into(),
        groups: vec![Group { id: "a".into(), name: Name::plain("A"), district: DistrictId::new(0) }].into(),
        zones: vec![Zone { id: "a".into(), name: Name::plain("A"), group: GroupId::new(0), tile: None }]
            .into(),
        stages: vec![SchoolStage {
            id: "primary".into(),
            name: Name::plain("Primary"),
            grades: vec!["1".into(), "2".into()],
            class_size: 10,
            intake: Intake::Pools { entry_age: 6 },
            detail: StageDetail::default(),
        }]
        .into(),
    };
    let child = |age: u32| ChildCount {
        year: 2025,
        zone: ZoneId::new(0),
        class: String::new(),
        source: "register".into(),
        counted: Counted::Age(age),
        children: 100.0 + 20.0 * f64::from(6 - age),
    };
    let project = |(i, (places, in_hand)): (usize, &(u32, bool))| Project {
        site_in_hand: *in_hand,
        phase_in: Some(PhaseIn::All),
        ..Project::candidate(format!("p{i}"), ZoneId::new(0), StageId::new(0), Kind::Prefab, *places)
    };
    let parts = ScenarioParts {
        roll: Cells::filled(frame.cells(), 100),
        children: (0..6).map(child).collect(),
        rates: vec![Rate {
            kind: RateKind::Progression { grade: GradeId::new(1) },
            zone: None,
            year: None,
            value: 1.0,
        }],
        schools: vec![School::new("s", ZoneId::new(0), StageId::new(0), 210)].into(),
        projects: candidates.iter().enumerate().map(project).collect(),
        ..ScenarioParts::empty("growing", frame, 2025)
    };
    Scenario::new(parts).unwrap()
}

fn futures<'s>(scenario: &'s Scenario, plan: &'s CyclePlan) -> impl Iterator<Item = Future> + 's {
    let terms = long_terms(scenario, plan.years as i32 + 15);
    let generator = Generator::new(scenario, &terms, plan.seed, plan.years);
    let ids: Vec<String> = scenario.projects.iter().map(|p| p.id.clone()).collect();
    (0..u64::from(plan.futures)).map(move |f| generator.future(f, &scenario.estates, &ids).unwrap())
}

/// No noise, no delay, enough money and prefab sites in hand: nobody is short from the second round on.
#[test]
fn where_nothing_can_go_wrong_no_child_is_short() {
    let mut parts = growing(&[(60, true); 8]).into_parts();
    (parts.uncertainty, parts.breaks) = (Some(Uncertainty::NONE), Wider::NONE);
    let kind = parts.kinds.of_mut(Kind::Prefab);
    kind.delay = Delay { mean: 1.0, sd: 0.0 };
    kind.build = Triangle::new(6.0, 6.0, 6.0).unwrap();
    let scenario = Scenario::new(parts).unwrap();
    let mut plan = plan(&scenario, 8, 2, 10);
    let own =
        |played: &[PlayedFuture]| -> Vec<u64> { played.iter().map(|f| f.outcomes[0].shortage).collect() };
    assert_eq!(own(&cycle(&scenario, &plan, &Rule, &Progress::default()).unwrap()), [0, 0]);
    // and it is not for want of pupils: with nothing on the menu there is a shortage in every year
    plan.policies[0].quick = false;
    let short = own(&cycle(&scenario, &plan, &Rule, &Progress::default()).unwrap());
    assert!(short.iter().all(|n| *n > 500), "{short:?}");
}

/// What comes later is overwritten; no decision up to then may change.
#[test]
fn nothing_that_is_known_later_changes_a_decision() {
    nothing_later("teaching", &[3, 5, 7]);
    nothing_later("learning", &[3, 6]);
}

fn nothing_later(name: &str, rounds: &[usize]) {
    let loaded = seatcast::load(shipped(name)).unwrap();
    let with = with_held(&loaded.scenario, 2).unwrap();
    let mut plan = plan(&with, loaded.scenario.projects.len(), 3, 12);
    plan.policies.truncate(7);
    let terms = long_terms(&with, 27);
    let known = terms.assumed_from.iter().flatten().min().map_or(12, |t| t.index() - 1);
    for (future, t) in futures(&with, &plan).zip(rounds.iter().copied()) {
        let before = decisions(&with, &plan, &future);
        let mut other = future.clone();
        let rows: Vec<Vec<f64>> = (0..=12)
            .map(|year| {
                let factor = if year > t { 1.4 } else { 1.0 };
                future.pupils.year(YearOffset::new(year)).iter().map(|n| f64::from(*n) * factor).collect()
            })
            .collect();
        other.pupils = Path::round(&with.frame, &crate::common::in_shape(&with.frame, rows));
        other.births.iter_mut().skip(t + known + 1).for_each(|b| *b *= 1.5);
        let base = with.base_year;
        // what has not opened by then opens later still
        for (j, gate) in with.projects.ids().zip(&mut other.gates) {
            let opened =
                |out: &(Outcome, Vec<Action>)| out.0.openings[j].is_some_and(|o| o <= base + t as i32);
            if !before.iter().any(opened) {
                gate.1 = gate.1.max(0.999);
            }
        }
        let after = decisions(&with, &plan, &other);
        let mut differs = false;
        for ((_, before), (_, after)) in before.iter().zip(&after) {
            let until = |actions: &[Action], from: i32, to: i32| -> Vec<Action> {
                actions.iter().filter(|a| (from..=to).contains(&a.round.year)).cloned().collect()
            };
            let round = base + t as i32;
            assert_eq!(until(before, base, round), until(after, base, round), "future {}", future.number);
            differs |= until(before, round + 1, base + 12) != until(after, round + 1, base + 12);
        }
        assert!(differs, "{name}: what was overwritten matters afterwards");
    }
}

fn decisions(scenario: &Scenario, plan: &CyclePlan, future: &Future) -> Vec<(Outcome, Vec<Action>)> {
    let long = scenario.lasting_to(scenario.base_year + plan.years as i32);
    let supply = SupplyModel::new(&long, &Programme::Committed);
    let ground = Ground::new(&long, &supply, plan.own_projects, plan.seed, plan.draws as usize);
    let terms = long_terms(scenario, plan.years as i32 + 15);
    let outlooks = outlooks(scenario, &terms, plan, future).unwrap();
    let stage = Stage {
        ground: &ground,
        future,
        demand: demand_of(&ground, future),
        outlooks: &outlooks,
        prices: plan.prices,
    };
    let one = |policy: &Policy| {
        let mut outcome = play(&stage, policy, &Rule, true).unwrap();
        let actions = std::mem::take(&mut outcome.actions);
        (outcome, actions)
    };
    plan.policies.iter().map(one).collect()
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    let loaded = seatcast::load(shipped("teaching")).unwrap();
    let files = |threads| {
        let plan =
            CyclingPlan { futures: 6, years: 6, draws: 20, threads, grid: false, ..Default::default() };
        let cycling = Cycling::new(&loaded.scenario, &plan, &Progress::default()).unwrap();
        cycling.files(Options { lang: Lang::Zh, bom: true, charts: true }).unwrap()
    };
    let one = files(1);
    assert!(one == files(3));
    let names: Vec<&str> = one.iter().map(|(name, _)| name.as_str()).collect();
    for wanted in
        ["policies.csv", "futures.csv", "decisions.csv", "letter.md", "cycle.json", "charts/policies.svg"]
    {
        assert!(names.contains(&wanted), "{wanted} is not in {names:?}");
    }
}

#[test]
fn every_decision_names_its_figures_and_every_step_is_taken_somewhere() {
    let mut steps = std::collections::BTreeSet::new();
    for name in ["teaching", "futian-2019"] {
        for future in played(name, 1, 12) {
            for action in future.outcomes.iter().flat_map(|o| &o.actions) {
                steps.insert(action.step);
                assert_eq!(action.project.is_none(), action.step == Step::Uncovered);
                assert_eq!(action.missing, (action.need - action.supply).max(0));
                let opens = matches!(action.step, Step::Plan | Step::Secure | Step::Outlook);
                assert!(!opens || (action.p_open.is_some() && action.gate.is_some()), "{action:?}");
                assert!(action.step != Step::Plan || action.p_met.is_some_and(|p| p < 1.0), "{action:?}");
            }
        }
    }
    for step in [Step::Outlook, Step::Plan, Step::Defer, Step::Cancel, Step::Secure, Step::Uncovered] {
        assert!(steps.contains(&step), "{step:?} never happens: {steps:?}");
    }
}

#[test]
fn a_policy_of_ones_own_is_read_and_everything_wrong_with_it_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("mine.csv");
    let scenario = seatcast::load(shipped("teaching")).unwrap().scenario;
    fs::write(&at, "key,value\nname,careful\nplan_level,0.9\noutlook,7\nheld,1\nquick,no\nhurries,0\n")
        .unwrap();
    let policy = read_policy(&at, &scenario, &Reading::default()).unwrap().value;
    assert_eq!((policy.name.as_str(), policy.horizon.outlook, policy.held), ("careful", 7, 1));
    assert_eq!((policy.quick, policy.hurry, policy.lasting), (false, None, true));
    assert!((policy.levels.plan - 0.9).abs() < 1e-12);
    fs::write(&at, "key,value\nplan,9\nplan_level,2\nlast,yes\nquick,maybe\nheld,1.5\n").unwrap();
    let codes: Vec<&str> = read_policy(&at, &scenario, &Reading::default())
        .unwrap_err()
        .problems
        .iter()
        .map(Problem::code)
        .collect();
    assert_eq!(codes.len(), 5, "{codes:?}");
}

#[test]
fn the_command_writes_its_results_and_charts_are_drawn_from_them_alone() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().display();
    let said = typed(&format!(
        "seatcast cycle scenarios/teaching -o {here}/loop --futures 4 --years 6 --draws 20 --no-grid"
    ));
    assert!(text(&said.stdout).contains("perfect foresight"), "{}", text(&said.stdout));
    typed(&format!("seatcast plot {here}/loop -o {here}/charts --chart policies"));
    let svg = |of: &str| fs::read_to_string(folder.path().join(of)).unwrap();
    assert_eq!(svg("charts/policies.svg"), svg("loop/charts/policies.svg"));
    assert!(svg("loop/letter.md").contains("Last safe dates"));
}

/// What the rule decides from 2019 on, pupils as the forecast of 2019 has them, beside the programme that was published: a
/// table of docs/cycle.md. It is not scored, since what came is not published.
#[test]
fn the_rule_beside_the_published_programme_of_futian() {
    let mut parts = seatcast::load(shipped("futian-2019")).unwrap().scenario.into_parts();
    parts.breaks = Wider::NONE;
    let scenario = Scenario::new(parts).unwrap();
    let own = scenario.projects.len();
    let policies = vec![Policy::of(&scenario)];
    let plan = CyclePlan { draws: 500, seed: 1, detailed: 1, policies, ..plan(&scenario, own, 1, 12) };
    let played = cycle(&scenario, &plan, &Rule, &Progress::default()).unwrap();
    let outcome = &played[0].outcomes[0];
    let places = |wanted: &dyn Fn(ProjectId) -> bool, stage: StageId| -> u32 {
        let of = scenario.projects.pairs().filter(|(j, p)| p.stage == stage && wanted(*j));
        of.map(|(_, project)| project.places).sum()
    };
    let pair = |wanted: &dyn Fn(ProjectId) -> bool| -> String {
        format!("{} + {}", places(wanted, StageId::new(0)), places(wanted, StageId::new(1)))
    };
    let mut table = String::from(
        "| year | published: new places due | the rule: sites opened | the rule: builds decided | the rule: new places in use | uncovered next September |\n|---|---|---|---|---|---|\n",
    );
    for year in 2019..=2025 {
        let due = |j: ProjectId| {
            let project = &scenario.projects[j];
            project.opens.or(project.earliest).is_some_and(|month| month.first_september() == year)
        };
        let decided = |steps: &[Step]| {
            let of = |j: ProjectId| {
                let action = |a: &&Action| a.project == Some(j) && a.round.year == year;
                outcome.actions.iter().any(|a| action(&a) && steps.contains(&a.step))
            };
            pair(&of)
        };
        let in_use = |j: ProjectId| outcome.openings[j] == Some(year);
        let uncovered: i64 = outcome
            .actions
            .iter()
            .filter(|a| a.round.year == year && a.step == Step::Uncovered)
            .map(|a| a.missing)
            .sum();
        let round = year <= 2023;
        let decisions = |steps: &[Step]| if round { decided(steps) } else { String::new() };
        table.push_str(&format!(
            "| {year} | {} | {} | {} | {} | {} |\n",
            pair(&due),
            decisions(&[Step::Outlook]),
            decisions(&[Step::Plan, Step::Secure]),
            pair(&in_use),
            if round { uncovered.to_string() } else { String::new() },
        ));
    }
    // the totals that were published
    let due: Vec<u32> = (2020..=2022)
        .map(|year| {
            let of = |project: &&Project| {
                project.opens.or(project.earliest).is_some_and(|m| m.first_september() == year)
            };
            scenario.projects.iter().filter(of).map(|p| p.places).sum()
        })
        .collect();
    assert_eq!(due, [10_135, 7_110, 5_160]);
    let page = crate::common::root().join("docs/cycle.md");
    let text = fs::read_to_string(&page).unwrap();
    let (before, rest) = text.split_once("<!-- table of tests/cycle.rs -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- end of the table -->").unwrap();
    check_file(
        &page,
        &format!("{before}<!-- table of tests/cycle.rs -->\n{table}<!-- end of the table -->{after}"),
    );
}
