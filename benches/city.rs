//! An invented city of any number of zones: primary and junior middle schools, from 2025 on.

#![expect(clippy::panic, reason = "a bench that cannot start says why and ends")]

use seatcast::core::grid::Cells;
use seatcast::core::index::{DistrictId, GroupId, StageId, ZoneId};
use seatcast::{
    Name, Scenario, ScenarioParts,
    demand::{ChildCount, Counted},
    geography::{District, Frame, Group, Intake, Stage, Zone},
};

/// The city, forecast for so many years.
pub(crate) fn city(zones: usize, years: usize) -> Scenario {
    let stage = |id: &str, grades: std::ops::RangeInclusive<u32>, intake| Stage {
        id: id.into(),
        name: Name::plain(id),
        grades: grades.map(|g| g.to_string()).collect(),
        class_size: 45,
        intake,
        detail: seatcast::geography::StageDetail::default(),
    };
    let frame = Frame {
        districts: vec![District { id: "d".into(), name: Name::plain("d") }].into(),
        groups: (0..zones)
            .map(|z| Group { id: format!("z{z}"), name: Name::plain("z"), district: DistrictId::new(0) })
            .collect(),
        zones: (0..zones)
            .map(|z| Zone { id: format!("z{z}"), name: Name::plain("z"), group: GroupId::new(z), tile: None })
            .collect(),
        stages: vec![
            stage("primary", 1..=6, Intake::Pools { entry_age: 6 }),
            stage("junior", 7..=9, Intake::Stages(vec![StageId::new(0)])),
        ]
        .into(),
    };
    let children = (0..zones)
        .flat_map(|zone| {
            (0..6).map(move |age| ChildCount {
                year: 2025,
                zone: ZoneId::new(zone),
                class: String::new(),
                source: "register".into(),
                counted: Counted::Age(age),
                children: 700.0,
            })
        })
        .collect();
    let roll = Cells::filled(frame.cells(), 700);
    let parts = ScenarioParts {
        roll,
        children,
        until: 2025 + years as i32,
        ..ScenarioParts::empty("city", frame, 2025)
    };
    Scenario::new(parts).unwrap_or_else(|problems| panic!("{problems:?}"))
}
