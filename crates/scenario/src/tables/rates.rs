//! `rates.csv`.

use seatcast_core::{bounds, codes};

use super::{Code, Column, ColumnSpec, Key, KnownFrom, Need, TableSpec, columns, may, may_in, must, must_in, shared, words};

codes! {
    /// What a rate is a ratio of.
    pub enum RateName {
        /// Pupils of a grade per pupil of the grade below a year before.
        Progression = "progression", "升级率", "progression ratio";
        /// Entrants per child.
        Entry = "entry", "入学率", "entry ratio";
        /// First-grade pupils per pupil of the last grade below.
        Transition = "transition", "升学率", "transition ratio";
        /// Share of the entrants who ask for public places.
        PublicShare = "public_share", "公办占比", "public share";
    }
}

columns! {
    RATE: Code<RateName> = must("rate", words(&["比率", "指标"], "what it is a ratio of", "比率的种类"));
    ZONE: Key = must("zone", shared::ZONE);
    VALUE: f64 = must_in("value", bounds::RATIO, words(&["数值", "取值"], "the ratio", "比率的值"));
    CLASS: Key = may("class", shared::CLASS);
    SOURCE: Key = may("source", shared::SOURCE);
    STAGE: Key = may("stage", shared::STAGE);
    GRADE: Key = may("grade", shared::GRADE);
    YEAR: i32 = may_in("year", bounds::YEAR,
        words(&["学年", "年份"], "academic year of arrival; blank: every year", "到达学年，空白为每年"));
}

/// Its declaration.
pub const TABLE: TableSpec = TableSpec {
    name: "rates",
    title: "rates.csv",
    key: &[RATE.spec.name, ZONE.spec.name, CLASS.spec.name, SOURCE.spec.name, STAGE.spec.name, GRADE.spec.name, YEAR.spec.name],
    columns: COLUMNS,
    need: Need::Optional,
    may_be_empty: false,
    known: KnownFrom::Always,
    rules: "Required. What is not given is 1, with a warning.",
};

/// What each rate needs and means, for the page of the formats.
pub(crate) const BY_RATE: &str = "\
| rate | needs | means |
|---|---|---|
| `progression` | `grade` (arrived in) | pupils of the grade per pupil of the grade below a year before |
| `entry` | `stage`, `source` (blank = every source), `class` | entrants per child of the pool |
| `transition` | `stage` (arrived in), `source` (stage left; blank if only one) | first-grade pupils per pupil of the last grade below; the public share is inside |
| `public_share` | `stage`, `class` | share of entrants who ask for public places |

The most specific row wins: own zone before `ALL`, then a stated class, source and year before blank.
";
