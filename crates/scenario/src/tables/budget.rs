//! Money that may be committed.

use seatcast_core::bounds;

use super::{Column, ColumnSpec, KnownFrom, Need, TableSpec, columns, may_in, must_in, shared, words};

columns! {
    YEAR: i32 = may_in("year", bounds::YEAR,
        words(&["年份", "年度"], "year of the decisions it pays for; blank: in all", "该年决策的预算，空白为总额"));
    AMOUNT: f64 = must_in("amount", bounds::MONEY, shared::AMOUNT);
}

/// Its declaration.
pub const TABLE: TableSpec = TableSpec {
    name: "budget",
    title: "A budget, for `sweep --budget FILE`",
    key: &[YEAR.spec.name],
    columns: COLUMNS,
    need: Need::Optional,
    may_be_empty: false,
    known: KnownFrom::Always,
    rules: "\
        Money that may be committed: the cost of what is decided in a year, and in all. A blank year is the total; \
        a year that is not listed is not limited on its own.",
};
