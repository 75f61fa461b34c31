//! `bands.csv`: how wide the bands are and why: what the errors of earlier forecasts made of the sizes, by lead.

use seatcast_core::{
    backtest::score::class_code, forecast::learn::SIZE_CLASSES, index::Lead, scenario::Scenario,
};

use super::{
    Table,
    cell::{Number, Text},
    row::row,
};

row! {
    /// Scales of one lead, level and class of size.
    BandRow<'a> {
        stage: Text<'a> = "学段代码：相互升学的各学段中的第一个", "key of the first of the stages whose pupils pass through one another";
        level: Text<'a> = "`zone` 学区或 `school` 学校", "`zone` or `school`";
        lead: usize, Years = "预测期", "years ahead";
        cohorts: Text<'a> = "基年已在校 `in_school`，或以后入学 `entering`", "`in_school` at the base year, or `entering` later";
        size: Text<'a> = "预测人数的规模", "class of the pupils forecast";
        origins: usize, Count = "该预测期误差已知的历次预测", "earlier forecasts whose errors were known at this lead";
        common: Number, Ratio = "各学区共有部分的倍数，1 为不变", "scale of the part that all zones share; 1 is as the residuals have it";
        unit: Number, Ratio = "单元自身部分的倍数", "scale of a unit's own part";
        cell: Number, Ratio = "单个年级部分的倍数", "scale of a single grade's part";
        unit_tail: Number, Ratio = "单元自身部分 90% 分位以上上尾的拉伸，1 为不拉伸", "stretch of the upper tail of a unit's own part beyond the 90 % quantile; 1 is none";
        cell_tail: Number, Ratio = "单个年级部分上尾的拉伸", "the same of a single grade's part";
    }
}

pub(super) const TABLE: Table =
    Table::of::<BandRow<'_>>("bands.csv", "预测区间的宽度及其由来", "how wide the bands are, and why");

/// The rows; `None` where no sizes were learnt.
pub(super) fn rows(scenario: &Scenario) -> Option<Vec<BandRow<'_>>> {
    let chains = scenario.learnt()?.chains();
    chains.iter().find(|chain| chain.spread().is_some())?;
    let mut rows = Vec::new();
    for chain in chains {
        let (Some(spread), Some((stage, _))) = (chain.spread(), chain.stages().first()) else { continue };
        let scales = &spread.scales;
        for (lead, origins) in Lead::up_to(scales.origins.len()).zip(&scales.origins) {
            for in_school in [true, false] {
                let at = scales.at(lead, in_school);
                let schools = chain.history().schools.as_ref().map(|_| ("school", at.school));
                for (level, scale) in [Some(("zone", at.area)), schools].into_iter().flatten() {
                    rows.extend((0..=SIZE_CLASSES.len()).map(|class| BandRow {
                        stage: (&scenario.frame.stages[*stage].id).into(),
                        level: level.into(),
                        lead: lead.index(),
                        cohorts: if in_school { "in_school" } else { "entering" }.into(),
                        size: class_code(class).into(),
                        origins: *origins,
                        common: Number(at.common),
                        unit: Number(scale.unit),
                        cell: Number(scale.cell),
                        unit_tail: Number(scale.unit_stretch(class)),
                        cell_tail: Number(scale.cell_tail[class]),
                    }));
                }
            }
        }
    }
    Some(rows)
}
