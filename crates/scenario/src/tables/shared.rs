//! Columns that every table accepts, and words of columns that mean the same in several tables.

use seatcast_core::{codes, time::YearMonth};

use super::{Code, Column, ColumnSpec, Free, Remark, Words, columns, may, words};

codes! {
    /// How good a figure is.
    pub enum FigureMark {
        /// Stated by a source.
        Stated = "stated", "公布", "stated";
        /// Worked out from stated figures.
        Derived = "derived", "推算", "derived";
        /// Put together where no source has it; nothing is learnt from it.
        Reconstructed = "reconstructed", "重建", "reconstructed";
        /// Somebody's judgement.
        Judgement = "judgement", "判断", "judgement";
        /// Made up.
        Invented = "invented", "虚构", "invented";
    }
}

columns! {
    MARK: Code<FigureMark> = may("mark", words(&["标记", "可信度"], "how good the figure is", "数据的可信程度"));
    NOTE: Remark = may("note", words(&["备注", "说明"], "source, or the rule by which the row was made", "来源，或推算规则"));
    KNOWN_FROM: YearMonth = may("known_from", words(&["获知月份", "公布月份"], "month in which the figure became known", "何时得知该数"));
}

/// Columns that every table accepts.
pub const COMMON: &[ColumnSpec] = COLUMNS;

/// A name in Chinese.
pub(crate) const NAME_ZH: Column<Free> =
    may("name_zh", words(&["中文名", "名称", "中文名称"], "name in Chinese", "中文名称"));
/// A name in English.
pub(crate) const NAME_EN: Column<Free> =
    may("name_en", words(&["英文名", "英文名称"], "name in English", "英文名称"));
pub(super) const ZONE: Words =
    words(&["学区", "片区", "招生片区", "学区代码"], "key of the zone", "学区的键");
pub(super) const STAGE: Words = words(&["学段"], "key of the stage", "学段的键");
pub(super) const GRADE: Words = words(&["年级"], "key of the grade", "年级的键");
pub(super) const CLASS: Words = words(&["录取类别", "类别"], "admission class", "录取类别");
pub(super) const SOURCE: Words =
    words(&["数据来源", "来源"], "your name for where the figure comes from", "数据来源的名称");
pub(super) const TYPE: Words = words(&["住房类型", "户型"], "type of housing", "住房类型");
pub(super) const SCHEDULE: Words = words(&["方案", "方案编号"], "key of the schedule", "方案的键");
pub(super) const PROJECT: Words = words(&["项目", "项目编号"], "key of the project", "项目的键");
pub(super) const DECIDE: Words =
    words(&["决策月份", "决定"], "month of decision, or never", "决策月份，或 never（不建）");
pub(super) const AMOUNT: Words = words(&["金额", "预算"], "money", "金额");
pub(super) const AREA: Words = words(&["地区", "区县", "学区", "区域"], "name of the area", "地区名称");
