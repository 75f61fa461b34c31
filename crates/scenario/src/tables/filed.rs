//! A filed forecast, in the folder `forecasts` of a scenario: written by `run`, read by `accuracy`.

use seatcast_core::bounds;

use super::{Column, ColumnSpec, Key, KnownFrom, Need, TableSpec, columns, may, may_in, must, must_in, shared, words};

columns! {
    BASE_YEAR: i32 = must_in("base_year", bounds::YEAR, words(&["基年"], "base year of the forecast", "预测的基年"));
    YEAR: i32 = must_in("year", bounds::YEAR, words(&["学年", "年份"], "academic year of the forecast", "预测的学年"));
    DISTRICT: Key = must("district", words(&["区", "区县", "行政区"], "key of the district", "行政区的键"));
    STAGE: Key = must("stage", shared::STAGE);
    PUPILS: f64 = must_in("pupils", bounds::PUPILS, words(&["在校生", "在校生数"], "pupils forecast", "预测的在校生数"));
    P2_5: f64 = must_in("p2_5", bounds::PUPILS, words(&["2.5%分位"], "2.5 % quantile", "2.5% 分位数"));
    P10: f64 = must_in("p10", bounds::PUPILS, words(&["10%分位"], "10 % quantile", "10% 分位数"));
    P25: f64 = must_in("p25", bounds::PUPILS, words(&["25%分位"], "25 % quantile", "25% 分位数"));
    P50: f64 = must_in("p50", bounds::PUPILS, words(&["50%分位"], "median", "中位数"));
    P75: f64 = must_in("p75", bounds::PUPILS, words(&["75%分位"], "75 % quantile", "75% 分位数"));
    P90: f64 = must_in("p90", bounds::PUPILS, words(&["90%分位"], "90 % quantile", "90% 分位数"));
    P97_5: f64 = must_in("p97_5", bounds::PUPILS, words(&["97.5%分位"], "97.5 % quantile", "97.5% 分位数"));
    ZONE: Key = may("zone", shared::ZONE);
    GRADE: Key = may("grade", shared::GRADE);
    WITHOUT_OVERRIDES: f64 = may_in("without_overrides", bounds::PUPILS,
        words(&["不含调整"], "as if nobody had entered an override", "不含人工调整的预测"));
}

/// Its declaration.
pub const TABLE: TableSpec = TableSpec {
    name: "filed",
    title: "filed",
    key: &[YEAR.spec.name, DISTRICT.spec.name, ZONE.spec.name, STAGE.spec.name, GRADE.spec.name],
    columns: COLUMNS,
    need: Need::Optional,
    may_be_empty: false,
    known: KnownFrom::Always,
    rules: "",
};
