//! The projection alone, and with its random numbers: one draw of Futian, and of an invented city of 40 zones.

#![expect(clippy::panic, reason = "a bench that cannot start says why and ends")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use seatcast::{demand::CohortModel, forecast::Forecaster};

mod city;

use city::city;

fn projection(c: &mut Criterion) {
    let futian = seatcast::load("scenarios/futian-2019").unwrap_or_else(|e| panic!("{e}")).scenario;
    for (name, scenario) in
        [("futian, 10 zones, 6 years", futian), ("city, 40 zones, 15 years", city(40, 15))]
    {
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
