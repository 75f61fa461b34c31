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
};

fn item(row: &Row) -> Option<Item> {
    Item::ALL.into_iter().find(|i| row.text("item") == Some(i.code()))
}

/// `costs.csv`.
pub(super) fn costs(table: &Table, projects: &ProjectTable, problems: &mut Problems) -> Vec<CostItem> {
    let ids = Ids::of(projects.iter().map(|p| p.id.as_str()));
    let mut rows = Rows { file: &table.file, problems };
    let mut items = Vec::new();
    for row in &table.rows {
        let project = rows.find(row, "project", Thing::Project, &ids);
        let when = match (row.number("year"), row.number("offset")) {
            (Some(year), None) => Some(When::Year(year as i32)),
            (None, Some(years)) => Some(When::Offset(years as i32)),
            _ => {
                if !row.is_faulty("offset") {
                    rows.supply(row, "year", SupplyFault::OneOf("year", "offset"));
                }
                None
            }
        };
        let (Some(project), Some(when), Some(item), Some(amount)) =
            (project, when, item(row), row.number("amount"))
        else {
            continue;
        };
        let line = row.text("line").unwrap_or_default().to_owned();
        items.push(CostItem { project, item, line, when, amount });
    }
    items
}

/// `payers.csv`.
pub(super) fn payers(table: &Table, projects: &ProjectTable, problems: &mut Problems) -> Vec<PayerShare> {
    let ids = Ids::of(projects.iter().map(|p| p.id.as_str()));
    let mut rows = Rows { file: &table.file, problems };
    let mut shares = Vec::new();
    let mut sums: BTreeMap<(String, String), (f64, &Row)> = BTreeMap::new();
    for row in &table.rows {
        let project = match row.text("project") {
            None | Some("ALL") => Some(None),
            Some(_) => rows.find(row, "project", Thing::Project, &ids).map(Some),
        };
        let (Some(project), Some(payer), Some(share)) = (project, row.text("payer"), row.number("share"))
        else {
            continue;
        };
        let of = row.text("project").unwrap_or("ALL").to_owned();
        let key = (of, row.text("item").unwrap_or_default().to_owned());
        let sum = sums.entry(key).or_insert((0.0, row));
        sum.0 += share;
        shares.push(PayerShare { project, item: item(row), payer: payer.to_owned(), share });
    }
    for ((project, item), (sum, row)) in sums {
        if (sum - 1.0).abs() > 1e-6 {
            let what = if item.is_empty() { project } else { format!("{project} {item}") };
            rows.supply(row, "share", SupplyFault::SharesNotOne(what, sum));
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
            let (file, place) = row.place(&table.file, "capex");
            problems.push(&file, place, Fault::Supply(SupplyFault::NoEffect("capex", "costs.csv")));
        }
    }
}
