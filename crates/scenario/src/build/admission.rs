//! Ranked admission classes, and where children may be diverted.
//!
//! A class is stated once for all zones (`zone` blank or ALL); a row for one zone overrides its share and dwellings there
//! and nothing else.

use std::collections::BTreeMap;

use seatcast_core::{
    admission::{AdmissionClass, Diversion, Lock},
    geography::{Frame, Intake},
    index::{StageId, ZoneId},
};

use super::{Context, Rows, demand::PoolNames, zones::row_name};
use crate::{
    ids::Ids,
    problem::{Fault, Problems, SupplyFault, Thing},
    table::{Row, Table},
    tables::{Column, ColumnSpec, admission, diversions},
};

/// Columns that belong to the class and not to a zone.
const OF_THE_CLASS: [ColumnSpec; 6] = [
    admission::RANK.spec,
    admission::POOL.spec,
    admission::POINTS_FROM.spec,
    admission::POINTS_TO.spec,
    admission::LOCK_YEARS.spec,
    admission::MOVED_SHARE.spec,
];

/// A number by zone.
type ByZone = seatcast_core::index::Table<ZoneId, f64>;

/// Stage and id of a class.
type ClassKey = (StageId, String);
/// A row of a class, and the zone it is for; `None` = all zones.
type ClassRow<'r> = (&'r Row, Option<ZoneId>);

/// Every class of the table whose rows can be used.
pub(super) fn classes(
    context: &Context<'_>,
    table: &Table,
    names: Option<&PoolNames<'_>>,
    problems: &mut Problems,
) -> Vec<AdmissionClass> {
    let frame = context.frame;
    let mut rows = Rows { file: &table.file, problems };
    let mut of: BTreeMap<ClassKey, Vec<ClassRow<'_>>> = BTreeMap::new();
    let mut order: Vec<ClassKey> = Vec::new();
    for row in &table.rows {
        let stage = rows.stage(row, context);
        let zone = match row.get(admission::ZONE) {
            None | Some("ALL") => Some(None),
            Some(_) => rows.zone(row, context).map(Some),
        };
        check(frame, row, stage, names, &mut rows);
        let (Some(stage), Some(zone), Some(class)) = (stage, zone, row.get(admission::CLASS)) else {
            continue;
        };
        let key = (stage, class.to_owned());
        if !of.contains_key(&key) {
            order.push(key.clone());
        }
        of.entry(key).or_default().push((row, zone));
    }
    let mut classes = Vec::new();
    for key in order {
        let Some(of_class) = of.get(&key) else { continue };
        if let Some(class) = class(frame, key, of_class, &mut rows) {
            classes.push((of_class[0].0, class));
        }
    }
    overlaps(&classes, &mut rows);
    shares(frame, &classes, &table.file, rows.problems);
    classes.into_iter().map(|(_, class)| class).collect()
}

/// What can be said of a row alone.
fn check(
    frame: &Frame,
    row: &Row,
    stage: Option<StageId>,
    names: Option<&PoolNames<'_>>,
    rows: &mut Rows<'_>,
) {
    if let (Some(pool), Some(p)) = (row.get(admission::POOL), stage) {
        if !matches!(frame.stages[p].intake, Intake::Pools { .. }) {
            rows.supply(row, &admission::POOL, SupplyFault::NoPools(frame.stages[p].id.clone()));
        } else if let Some(names) = names.filter(|names| !names.has_class(pool)) {
            let near = rows.problems.nearest_of(Thing::Class, pool, names.class_ids());
            rows.fault(row, &admission::POOL, Fault::UnknownReference(Thing::Class, pool.to_owned(), near));
        }
    }
    for (column, other) in [
        (admission::POINTS_FROM.spec, admission::POINTS_TO.spec),
        (admission::POINTS_TO.spec, admission::POINTS_FROM.spec),
        (admission::LOCK_YEARS.spec, admission::MOVED_SHARE.spec),
    ] {
        if row.is_given(&column) && !row.is_given(&other) {
            rows.supply(row, &other, SupplyFault::Incomplete(column.name, other.name));
        }
    }
    if let (Some(from), Some(to)) = (row.get(admission::POINTS_FROM), row.get(admission::POINTS_TO))
        && from > to
    {
        rows.supply(row, &admission::POINTS_TO, SupplyFault::PointsEnds(from, to));
    }
}

fn class(
    frame: &Frame,
    (stage, id): ClassKey,
    of_class: &[ClassRow<'_>],
    rows: &mut Rows<'_>,
) -> Option<AdmissionClass> {
    let (first, _) = of_class.iter().find(|(_, zone)| zone.is_none()).or(of_class.first())?;
    for (row, _) in of_class {
        for column in OF_THE_CLASS {
            let differs = row.is_given(&column) && row.shown(column.name) != first.shown(column.name);
            if differs {
                rows.supply(row, &column, SupplyFault::ClassDiffers(id.clone(), column.name));
            }
        }
    }
    let by_zone = |column: Column<f64>, otherwise: f64| -> ByZone {
        let general = of_class.iter().find(|(_, zone)| zone.is_none());
        let mut of_zone: BTreeMap<ZoneId, &ClassRow<'_>> = BTreeMap::new();
        for class_row in of_class {
            if let Some(z) = class_row.1 {
                of_zone.entry(z).or_insert(class_row);
            }
        }
        frame
            .zones
            .ids()
            .map(|z| {
                let own = of_zone.get(&z);
                let stated = own.and_then(|(row, _)| row.get(column));
                stated.or_else(|| general.and_then(|(row, _)| row.get(column))).unwrap_or(
                    // a class stated for some zones only has no children in the others
                    if general.is_none() && own.is_none() { 0.0 } else { otherwise },
                )
            })
            .collect()
    };
    let lock = match (first.get(admission::LOCK_YEARS), first.get(admission::MOVED_SHARE)) {
        (Some(years), Some(moved)) => {
            let dwellings = by_zone(admission::DWELLINGS, 0.0);
            if dwellings.iter().all(|d| *d <= 0.0) {
                rows.supply(
                    first,
                    &admission::DWELLINGS,
                    SupplyFault::Incomplete(admission::LOCK_YEARS.name, admission::DWELLINGS.name),
                );
            }
            Some(Lock { years, dwellings, moved })
        }
        _ => None,
    };
    Some(AdmissionClass {
        name: row_name(first, &id),
        stage,
        rank: first.get(admission::RANK)?,
        pool: first.get(admission::POOL).map(str::to_owned),
        share: by_zone(admission::SHARE, 1.0),
        points: first.get(admission::POINTS_FROM).zip(first.get(admission::POINTS_TO)),
        lock,
        id,
    })
}

/// Two classes of one stage on one rank, or points that belong to two classes, or a worse rank with better points.
fn overlaps(classes: &[(&Row, AdmissionClass)], rows: &mut Rows<'_>) {
    for (i, (row, class)) in classes.iter().enumerate() {
        for (_, other) in classes[..i].iter().filter(|(_, o)| o.stage == class.stage) {
            if other.rank == class.rank {
                rows.supply(row, &admission::RANK, SupplyFault::RanksEqual(class.rank, other.id.clone()));
            }
            let (Some(a), Some(b)) = (class.points, other.points) else { continue };
            if class.pool != other.pool {
                continue;
            }
            let (better, worse) = if other.rank < class.rank { (b, a) } else { (a, b) };
            if worse.1 > better.0 {
                rows.supply(row, &admission::POINTS_TO, SupplyFault::PointsOverlap(other.id.clone()));
            }
        }
    }
}

/// The classes of one pool may not hold more than the pool.
fn shares(frame: &Frame, classes: &[(&Row, AdmissionClass)], file: &str, problems: &mut Problems) {
    let mut sums: BTreeMap<(StageId, Option<&str>, ZoneId), (f64, &Row)> = BTreeMap::new();
    for (row, class) in classes {
        for (z, share) in class.share.pairs() {
            let sum = sums.entry((class.stage, class.pool.as_deref(), z)).or_insert((0.0, *row));
            sum.0 += share;
        }
    }
    for ((_, pool, z), (sum, row)) in sums {
        if sum > 1.0 + 1e-9 {
            let fault =
                SupplyFault::SharesOver(frame.zones[z].id.clone(), pool.unwrap_or_default().to_owned(), sum);
            let (file, place) = row.place(file, &admission::SHARE);
            problems.push(&file, place, Fault::Supply(fault));
        }
    }
}

/// Where children may be diverted, in the order of the table.
pub(super) fn diversions(context: &Context<'_>, table: &Table, problems: &mut Problems) -> Vec<Diversion> {
    let groups = Ids::of(context.frame.groups.iter().map(|g| g.id.as_str()));
    let mut rows = Rows { file: &table.file, problems };
    let mut diversions = Vec::new();
    for row in &table.rows {
        let from = rows.find(row, diversions::FROM_GROUP, Thing::Group, &groups);
        let to = rows.find(row, diversions::TO_GROUP, Thing::Group, &groups);
        let (Some(from), Some(to)) = (from, to) else { continue };
        if from == to {
            rows.supply(
                row,
                &diversions::TO_GROUP,
                SupplyFault::SameZone(context.frame.groups[to].id.clone()),
            );
        }
        diversions.push(Diversion { from, to, limit: row.get(diversions::LIMIT) });
    }
    diversions
}
