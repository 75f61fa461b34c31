//! An archived round, in the folder `rounds` of a scenario: written by `cycle`, read by the `cycle` of a later year. A row
//! without a project is a group and stage in a year.

use seatcast_core::{bounds, cycle::{Gate, Step}, supply::Status};

use super::{Code, Column, ColumnSpec, Key, KnownFrom, Need, TableSpec, columns, may, may_in, must, must_in, shared, words};

columns! {
    BASE_YEAR: i32 = must_in("base_year", bounds::YEAR, words(&["基年"], "base year of the round", "本轮的基年"));
    NUMBER: u32 = must_in("number", bounds::FILED,
        words(&["序号"], "which of the rounds archived in that year, from 1", "当年存档的第几轮"));
    GROUP: Key = must("group", words(&["大学区", "学位共享组"], "key of the sharing group", "大学区的键"));
    STAGE: Key = must("stage", shared::STAGE);
    VARIANT: Key = may("variant", words(&["变体"], "variant; blank for the scenario itself", "变体，空白为情景本身"));
    PROJECT: Key = may("project",
        words(&["项目", "项目编号"], "key of the project; blank: the row is a group and stage in a year", "项目的键，空白表示该行为一个大学区、学段、年份"));
    YEAR: i32 = may_in("year", bounds::YEAR, words(&["年份", "学年"], "academic year it is for", "所指学年"));
    NEED: i64 = may_in("need", bounds::PUPILS,
        words(&["需要"], "places needed at the level of the lead", "按该提前期要求把握需要的学位"));
    PROGRAMME: i64 = may_in("programme", bounds::PROGRAMME,
        words(&["计划学位"], "places of the whole programme", "全部计划内学位"));
    MISSING: i64 = may_in("missing", bounds::PUPILS, words(&["缺"], "places missing", "缺的学位"));
    STATUS: Code<Status> = may("status", words(&["状态"], "how far the project had come", "项目进度"));
    STEP: Code<Step> = may("step", words(&["步骤"], "what was decided", "所作决定"));
    GATE: Code<Gate> = may("gate", words(&["环节"], "gate to be opened", "开启的环节"));
    OPENS: i32 = may_in("opens", bounds::YEAR,
        words(&["开办学年"], "academic year it was expected to open in", "预计开办学年"));
}

/// Its declaration.
pub const TABLE: TableSpec = TableSpec {
    name: "round",
    title: "rounds/BASE_YEAR-HASH.csv",
    key: &[GROUP.spec.name, STAGE.spec.name, PROJECT.spec.name, YEAR.spec.name],
    columns: COLUMNS,
    need: Need::Optional,
    may_be_empty: false,
    known: KnownFrom::Always,
    rules: "\
        Optional. Rounds archived by `seatcast cycle --file-round`; the letter of a later year says what became of \
        the newest. A row without `project` is a group and stage in a year.",
};
