//! Feeder flows: to which zone the pupils of a zone go on in the next stage.

use std::collections::BTreeMap;

use seatcast_core::{
    demand::FeederFlow,
    geography::Intake,
    index::{self, StageId, ZoneId},
};

use super::{Context, Rows};
use crate::{
    problem::{Fault, Place, Problems, Thing},
    table::Table,
    tables::flows,
};

/// Origin zone, destination zone, share.
type Share = (ZoneId, ZoneId, f64);

/// The flows of the table. A zone that is not listed for a pair of stages sends every pupil to its own zone.
pub(super) fn flows(context: &Context<'_>, table: &Table, problems: &mut Problems) -> Vec<FeederFlow> {
    let frame = context.frame;
    let mut rows = Rows { file: &table.file, problems };
    let mut shares: BTreeMap<(StageId, StageId), Vec<Share>> = BTreeMap::new();
    let mut any_broken = false;
    for row in &table.rows {
        let stages = [flows::STAGE_FROM, flows::STAGE_TO]
            .map(|column| rows.find(row, column, Thing::Stage, &context.stages));
        let zones = [flows::ZONE_FROM, flows::ZONE_TO]
            .map(|column| rows.find(row, column, Thing::Zone, &context.zones));
        let (&[Some(from), Some(to)], &[Some(z), Some(z2)], Some(share)) =
            (&stages, &zones, row.get(flows::SHARE))
        else {
            any_broken = true;
            continue;
        };
        let feeds = matches!(&frame.stages[to].intake, Intake::Stages(feeding) if feeding.contains(&from));
        if !feeds {
            let id = |p: StageId| frame.stages[p].id.clone();
            rows.fault(row, &flows::STAGE_TO, Fault::FlowNotThere(id(from), id(to)));
            any_broken = true;
            continue;
        }
        shares.entry((from, to)).or_default().push((z, z2, share));
    }
    let mut flows = Vec::new();
    for ((from, to), mut shares) in shares {
        let mut sums: index::Table<ZoneId, Option<f64>> = index::Table::filled(frame.zones.len(), None);
        for &(z, _, share) in &shares {
            sums[z] = Some(sums[z].unwrap_or(0.0) + share);
        }
        for (z, sum) in sums.pairs() {
            let Some(sum) = sum else {
                shares.push((z, z, 1.0));
                continue;
            };
            // a row that cannot be read may hold the share that is missing
            if (sum - 1.0).abs() > 1e-9 && !any_broken {
                let stages = format!("{} -> {}", frame.stages[from].id, frame.stages[to].id);
                let fault = Fault::FlowSum(
                    stages,
                    frame.zones[z].id.clone(),
                    format!("{}", (sum * 1e12).round() / 1e12),
                );
                rows.problems.push(&table.file, Place::File, fault);
            }
        }
        shares.sort_by_key(|(z, z2, _)| (*z, *z2));
        flows.push(FeederFlow { from, to, shares });
    }
    flows
}
