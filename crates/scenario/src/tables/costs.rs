//! `costs.csv`.

use seatcast_core::{bounds, money::Item};

use super::{Code, Column, ColumnSpec, Key, KnownFrom, Need, TableSpec, columns, may, may_in, must, must_in, shared, words};

columns! {
    PROJECT: Key = must("project", shared::PROJECT);
    ITEM: Code<Item> = must("item", words(&["费用类别"], "capital or running money", "建设费或运行费"));
    AMOUNT: f64 = must_in("amount", bounds::MONEY, shared::AMOUNT);
    YEAR: i32 = may_in("year", bounds::YEAR,
        words(&["年份", "年度"], "budget year in which it is due, whenever the project opens", "支出年份，与开办无关"));
    OFFSET: i32 = may_in("offset", bounds::OFFSET,
        words(&["相对开办年数"], "years after the academic year of the opening, negative: before", "相对开办学年的年数，负数为之前"));
    LINE: Key = may("line", words(&["预算科目"], "budget line", "预算科目"));
}

/// Its declaration.
pub const TABLE: TableSpec = TableSpec {
    name: "costs",
    title: "costs.csv",
    key: &[PROJECT.spec.name, ITEM.spec.name, LINE.spec.name, YEAR.spec.name, OFFSET.spec.name],
    columns: COLUMNS,
    need: Need::Optional,
    may_be_empty: false,
    known: KnownFrom::Always,
    rules: "\
        Optional. Exactly one of `year` and `offset`. Stated capital money replaces `capex` of the project; stated \
        running money is added to its yearly `opex`.",
};
