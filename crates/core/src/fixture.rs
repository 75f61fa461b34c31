//! A small scenario for tests inside the crate: two sharing groups, one of two zones; a primary of two grades that children
//! enter, a junior of one grade that primary pupils go on to; three schools, one project.

use crate::{
    Name, Scenario, ScenarioParts,
    admission::AdmissionClass,
    cycle::{Action, Board, Ground, Known, Outlook, Policy, Rule, View, round as decide},
    demand::{ChildCount, Counted, Rate, RateKind},
    forecast::Forecaster,
    geography::{District, Frame, Group, Intake, Stage, StageDetail, Zone},
    grid::Cells,
    index::{DistrictId, GradeId, GroupId, StageId, Table, ZoneId},
    supply::{Kind, Programme, Project, School, SupplyModel},
};

pub(crate) fn frame() -> Frame {
    let zone = |id: &str, group| Zone {
        id: id.into(),
        name: Name::plain(id),
        group: GroupId::new(group),
        tile: None,
    };
    let group = |id: &str| Group { id: id.into(), name: Name::plain(id), district: DistrictId::new(0) };
    Frame {
        districts: vec![District { id: "d".into(), name: Name::plain("d") }].into(),
        groups: vec![group("a"), group("b")].into(),
        zones: vec![zone("a1", 0), zone("a2", 0), zone("b1", 1)].into(),
        stages: vec![
            Stage { id: "primary".into(), ..Stage::from_pools(2, 40) },
            Stage {
                id: "junior".into(),
                name: Name::plain("junior"),
                grades: vec!["7".into()],
                class_size: 40,
                intake: Intake::Stages(vec![StageId::new(0)]),
                detail: StageDetail::default(),
            },
        ]
        .into(),
    }
}

/// What [`scenario`] is made of.
pub(crate) fn parts() -> ScenarioParts {
    let frame = frame();
    let (primary, junior) = (StageId::new(0), StageId::new(1));
    let child = |zone, age, children| ChildCount {
        year: 2025,
        zone: ZoneId::new(zone),
        class: String::new(),
        source: "register".into(),
        counted: Counted::Age(age),
        children,
    };
    let mut children = Vec::new();
    for (z, first) in [(0, 90.0), (1, 40.0), (2, 60.0)] {
        children.extend((0..6).map(|age| child(z, age, first + 7.0 * f64::from(age))));
    }
    let rate = |kind, value| Rate { kind, zone: None, year: None, value };
    ScenarioParts {
        roll: Cells::from_vec(frame.cells(), vec![80, 70, 60, 40, 40, 30, 60, 50, 40]),
        children,
        rates: vec![
            rate(RateKind::Progression { grade: GradeId::new(1) }, 0.97),
            rate(RateKind::Transition { from: primary, to: junior }, 0.9),
            rate(RateKind::Entry { stage: primary, source: None, class: None }, 0.95),
            rate(RateKind::PublicShare { stage: primary, class: None }, 0.93),
        ],
        schools: vec![
            School::new("s1", ZoneId::new(0), primary, 160),
            School::new("s2", ZoneId::new(1), primary, 110),
            School::new("s3", ZoneId::new(2), primary, 100),
            School::new("s4", ZoneId::new(0), junior, 120),
            School::new("s5", ZoneId::new(2), junior, 40),
        ]
        .into(),
        projects: vec![Project {
            site_in_hand: true,
            ..Project::candidate("p", ZoneId::new(2), primary, Kind::Permanent, 80)
        }]
        .into(),
        reserve_per_mille: 50,
        until: 2031,
        ..ScenarioParts::empty("fixture", frame, 2025)
    }
}

/// The same with a zone more.
pub(crate) fn wide() -> ScenarioParts {
    let mut parts = parts();
    let zone = Zone { id: "b2".into(), ..parts.frame.zones[ZoneId::new(2)].clone() };
    parts.frame.zones.push(zone);
    parts.roll = Cells::from_fn(parts.frame.cells(), |_, _| 50);
    parts
}

/// The same with ranked classes of the primary: half of the children first.
pub(crate) fn ranked() -> ScenarioParts {
    let mut parts = parts();
    parts.admission.classes = vec![AdmissionClass {
        id: "own".into(),
        name: Name::plain("own"),
        stage: StageId::new(0),
        rank: 1,
        pool: None,
        share: Table::filled(parts.frame.zones.len(), 0.5),
        points: None,
        lock: None,
    }];
    parts
}

pub(crate) fn of(parts: ScenarioParts) -> Scenario {
    Scenario::new(parts).unwrap()
}

pub(crate) fn scenario() -> Scenario {
    of(parts())
}

/// The board and the decisions of the base year.
pub(crate) fn round(scenario: &Scenario) -> (Board, Vec<Action>) {
    let supply = SupplyModel::new(scenario, &Programme::Committed);
    let forecaster = Forecaster::new(scenario);
    let long = scenario.lasting_to(scenario.base_year + crate::tide::AHEAD);
    let outlook = Outlook::new(scenario, Forecaster::new(&long).central(), &forecaster.draws(1, 0, 20));
    let ground = Ground::new(scenario, &supply, scenario.projects.ids().end(), 1, 20);
    let known = Known::of_supply(&ground, &supply, &outlook);
    let policy = Policy::of(scenario);
    let view = View::new(&known, policy.horizon, policy.levels);
    (Board::new(&view), decide(&known, &policy, &Rule))
}
