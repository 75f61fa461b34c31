//! The projection alone, and with its random numbers: one draw of Futian, and of an invented city of 40 zones.

#![expect(clippy::panic, reason = "a bench that cannot start says why and ends")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use seatcast::{
    Name, Scenario, ScenarioParts,
    demand::{ChildCount, CohortModel, Counted},
    forecast::Forecaster,
    geography::{District, Frame, Group, Intake, Stage, Zone},
};

fn city(zones: usize) -> Scenario {
    let stage = |id: &str, grades: std::ops::RangeInclusive<u32>, intake| Stage {
        id: id.into(),
        name: Name::plain(id),
        grades: grades.map(|g| g.to_string()).collect(),
        class_size: 45,
        intake,
        detail: seatcast::geography::StageDetail::default(),
    };
    let frame = Frame {
        districts: vec![District { id: "d".into(), name: Name::plain("d") }],
        groups: (0..zones)
            .map(|z| Group { id: format!("z{z}"), name: Name::plain("z"), district: 0 })
            .collect(),
        zones: (0..zones)
            .map(|z| Zone { id: format!("z{z}"), name: Name::plain("z"), group: z, tile: None })
            .collect(),
        stages: vec![
            stage("primary", 1..=6, Intake::Pools { entry_age: 6 }),
            stage("junior", 7..=9, Intake::Stages(vec![0])),
        ],
    };
    let children = (0..zones)
        .flat_map(|zone| {
            (0..6).map(move |age| ChildCount {
                year: 2025,
                zone,
                class: String::new(),
                source: "register".into(),
                counted: Counted::Age(age),
                children: 700.0,
            })
        })
        .collect();
    let roll = vec![700; frame.cell_count()];
    let parts = ScenarioParts { roll, children, until: 2040, ..ScenarioParts::empty("city", frame, 2025) };
    Scenario::new(parts).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn projection(c: &mut Criterion) {
    let futian = seatcast::load("scenarios/futian-2019").unwrap_or_else(|e| panic!("{e}")).scenario;
    for (name, scenario) in [("futian, 10 zones, 6 years", futian), ("city, 40 zones, 15 years", city(40))] {
        let model = CohortModel::new(&scenario);
        c.bench_function(&format!("project/{name}"), |b| b.iter(|| black_box(model.central())));
        let forecaster = Forecaster::new(&scenario);
        let mut w = 0;
        c.bench_function(&format!("draw/{name}"), |b| {
            b.iter(|| {
                w += 1;
                black_box(forecaster.draw(1, w))
            });
        });
    }
}

criterion_group!(benches, projection);
criterion_main!(benches);
