//! Stated amounts by year, and who pays them.

use std::collections::{BTreeMap, BTreeSet};

use seatcast_core::{
    index::ProjectId,
    money::{CostItem, Item, PayerShare, When},
    supply::ProjectTable,
};

use super::{Rows, kinds::rows_of};
use crate::{
    ids::Ids,
    problem::{Fault, Problems, SupplyFault, Thing},
    table::{Row, Table},
    tables::{costs, payers, projects},
};

/// `costs.csv`.
pub(super) fn costs(table: &Table, projects: &ProjectTable, problems: &mut Problems) -> Vec<CostItem> {
    let ids = Ids::of(projects.iter().map(|p| p.id.as_str()));
    let mut rows = Rows { file: &table.file, problems };
    let mut items = Vec::new();
    for row in &table.rows {
        let project = rows.find(row, costs::PROJECT, Thing::Project, &ids);
        let when = match (row.get(costs::YEAR), row.get(costs::OFFSET)) {
            (Some(year), None) => Some(When::Year(year)),
            (None, Some(years)) => Some(When::Offset(years)),
            _ => {
                if !row.is_faulty(&costs::OFFSET) {
                    rows.supply(row, &costs::YEAR, SupplyFault::OneOf(costs::YEAR.name, costs::OFFSET.name));
                }
                None
            }
        };
        let (Some(project), Some(when), Some(item), Some(amount)) =
            (project, when, row.get(costs::ITEM), row.get(costs::AMOUNT))
        else {
            continue;
        };
        let line = row.get(costs::LINE).unwrap_or_default().to_owned();
        items.push(CostItem { project, item, line, when, amount });
    }
    items
}

/// `payers.csv`.
pub(super) fn payers(table: &Table, projects: &ProjectTable, problems: &mut Problems) -> Vec<PayerShare> {
    let ids = Ids::of(projects.iter().map(|p| p.id.as_str()));
    let mut rows = Rows { file: &table.file, problems };
    let mut shares = Vec::new();
    let mut sums: BTreeMap<(String, &str), (f64, &Row)> = BTreeMap::new();
    for row in &table.rows {
        let project = match row.get(payers::PROJECT) {
            None | Some("ALL") => Some(None),
            Some(_) => rows.find(row, payers::PROJECT, Thing::Project, &ids).map(Some),
        };
        let (Some(project), Some(payer), Some(share)) =
            (project, row.get(payers::PAYER), row.get(payers::SHARE))
        else {
            continue;
        };
        let of = row.get(payers::PROJECT).unwrap_or("ALL").to_owned();
        let key = (of, row.get(payers::ITEM).map_or("", Item::code));
        let sum = sums.entry(key).or_insert((0.0, row));
        sum.0 += share;
        shares.push(PayerShare { project, item: row.get(payers::ITEM), payer: payer.to_owned(), share });
    }
    for ((project, item), (sum, row)) in sums {
        if (sum - 1.0).abs() > 1e-6 {
            let what = if item.is_empty() { project } else { format!("{project} {item}") };
            rows.supply(row, &payers::SHARE, SupplyFault::SharesNotOne(what, sum));
        }
    }
    shares
}

/// Capex of a project row that stated amounts override.
pub(super) fn overridden(
    items: &[CostItem],
    projects: &ProjectTable,
    table: &Table,
    problems: &mut Problems,
) {
    let rows = rows_of(table);
    let stated: BTreeSet<ProjectId> =
        items.iter().filter(|i| i.item == Item::Capex).map(|i| i.project).collect();
    for (j, project) in projects.pairs() {
        let row = rows.get(project.id.as_str()).map(|&i| &table.rows[i]);
        if let (true, Some(row)) = (stated.contains(&j) && project.capex.is_some(), row) {
            let (file, place) = row.place(&table.file, &projects::CAPEX);
            problems.push(
                &file,
                place,
                Fault::Supply(SupplyFault::NoEffect(projects::CAPEX.name, "costs.csv")),
            );
        }
    }
}
