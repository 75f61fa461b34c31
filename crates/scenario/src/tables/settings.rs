//! `settings.csv`: what a planner changes every year, so that she need not open `scenario.json`.

use super::{Column, ColumnSpec, Free, Key, KnownFrom, Need, TableSpec, columns, may, must, words};

columns! {
    KEY: Key = must("key", words(&["设置项", "键"], "key path of scenario.json", "scenario.json 中的键"));
    VALUE: Free = must("value", words(&["数值", "取值", "值"], "its value", "取值"));
    UNIT: Free = may("unit", words(&["单位"], "unit, for the reader", "单位，仅供阅读"));
}

/// Its declaration.
pub const TABLE: TableSpec = TableSpec {
    name: "settings",
    title: "settings.csv",
    key: &[KEY.spec.name],
    columns: COLUMNS,
    need: Need::Optional,
    may_be_empty: false,
    known: KnownFrom::Always,
    rules: "\
        Optional. Keys of `scenario.json` as a table: `levels.secure`, `stages[0].class_size`. A setting overrides \
        the document, with a warning where the two differ; a variant overrides both.",
};
