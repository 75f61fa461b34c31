//! `board.csv`: need against places by how sure they are.

use seatcast_core::cycle::Footing;

use crate::{
    Options, Run,
    long::{Key, Long},
};

pub(crate) fn table(run: &Run<'_>, options: Options) -> Vec<u8> {
    let mut long = Long::new(run.scenario, options);
    for line in &run.board.lines {
        let key = Key { area: line.area, stage: Some(line.stage), grade: None, year: Some(line.year) };
        long.value(key, "need", line.need as f64);
        for (footing, places) in Footing::ALL.iter().zip(line.places) {
            long.value(key, footing.code(), places as f64);
        }
        long.value(key, "missing", line.missing as f64);
        long.value(key, "with_candidates", line.with_candidates as f64);
    }
    long.finish()
}
