//! `projects.csv`: every project with its standing and its last safe decision date.

use seatcast_core::{
    Lang,
    cycle::{Footing, LastSafe},
    money::capital,
    time::YearMonth,
};

use super::{
    Table,
    cell::{Number, Thousandths},
    keys::ProjectKeys,
    row::row,
};
use crate::Run;

row! {
    /// One project.
    ProjectRow<'a> {
        project: ProjectKeys<'a>;
        footing: Option<Footing> = "落实程度；不在口径内时留空", "how sure it is; blank outside the programme";
        places: u32, Places = "学位数", "places it adds, or takes";
        decided: Option<YearMonth> = "决策月份", "month in which it is decided";
        site_from: Option<YearMonth> = "用地环节开始", "month in which its site is sought from";
        site_to: Option<YearMonth> = "用地环节结束", "month in which the site is there";
        build_from: Option<YearMonth> = "建设开始", "month in which it is built from";
        build_to: Option<YearMonth> = "建设结束", "month in which it is built";
        opens: Option<i32>, Year = "开办学年", "academic year in which it opens";
        full_from: Option<i32>, Year = "学位全部可用的学年", "academic year from which every place is usable";
        used_until: Option<i32>, Year = "最后使用学年", "last academic year in use";
        opens_central: Option<i32>, Year = "中位开办学年", "first academic year by which it is open with probability 0.5";
        p_open_next: Thousandths, Share = "在须落实的学年开办的概率", "probability that it is open in the year that is secured";
        needed_in: Option<i32>, Year = "最早需要的学年", "first academic year that misses its level without it";
        last_safe_date: LastSafe = "最迟决策日期", "last month in which it can be decided in time";
        cost: Number, Money = "建设投资", "capital";
    }
}

pub(super) const TABLE: Table = Table::of::<ProjectRow<'_>>(
    "projects.csv",
    "一个项目及其最迟决策日期",
    "a project and its last safe decision date",
);

pub(crate) fn rows<'a>(run: &'a Run<'_>, lang: Lang) -> impl Iterator<Item = ProjectRow<'a>> {
    let scenario = run.scenario;
    scenario.projects.pairs().map(move |(j, project)| {
        let opening = run.supply.opening(j);
        let (needed_in, last_safe_date) = run.last_safe[j];
        let timeline = run.supply.timeline(j);
        let of = timeline.as_ref();
        ProjectRow {
            project: ProjectKeys::of(scenario, project, lang),
            footing: run.board.footing(j),
            places: project.places,
            decided: run.supply.decided(j),
            site_from: of.and_then(|t| t.site).map(|(from, _)| from),
            site_to: of.and_then(|t| t.site).map(|(_, to)| to),
            build_from: of.map(|t| t.build.0),
            build_to: of.map(|t| t.build.1),
            opens: of.map(|t| t.opens),
            full_from: of.map(|t| t.full),
            used_until: of.and_then(|t| t.last),
            opens_central: opening.central,
            p_open_next: Thousandths(opening.by_year(scenario.base_year + scenario.horizon.secure)),
            needed_in,
            last_safe_date,
            cost: Number(capital(scenario, j)),
        }
    })
}
