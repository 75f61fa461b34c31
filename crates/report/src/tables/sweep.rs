//! `schedules.csv`, `front.csv`, `best.csv`, `worth.csv`: the schedules of a sweep.

use seatcast_core::{supply::Pick, time::YearMonth};

use super::{
    Table,
    cell::{Cell, CellType, Number, Text},
    csv::Csv,
    row::{Many, row},
};
use crate::{
    File, Options,
    documents::sweep::{Measures, ScheduleRow, SweepRun},
};

pub(super) const TABLES: [&Table; 4] = [&SCHEDULES, &FRONT, &BEST, &WORTH];

/// A measure by its name.
type Named = (&'static str, fn(&Measures) -> f64);

const MEASURES: [Named; 6] = [
    ("mean_shortage", |m| m.mean_shortage),
    ("cvar95_shortage", |m| m.cvar95_shortage),
    ("worst_group_year", |m| m.worst_group_year),
    ("p_all_secured", |m| m.p_all_secured),
    ("idle_seat_years", |m| m.idle_seat_years),
    ("cost", |m| m.cost),
];

row! {
    /// A schedule of the front.
    FrontRow<'a> {
        schedule: Text<'a> = "方案代码", "key of the schedule";
        measures: Many<Number> = "各项指标，多个情形时带情形后缀", "`mean_shortage`, `cvar95_shortage`, `worst_group_year`, `p_all_secured`, `idle_seat_years`, `cost`; with several variants each with the variant as its ending";
        regret: Many<Number>, SeatYears = "最大后悔值；只有一个情形时没有此列", "largest regret over the variants; only with several";
        projects: Many<Option<YearMonth>> = "每个项目一列：决策月份", "a column a project: the month of its decision; blank if it is not built";
    }
}

row! {
    /// A schedule with its rank.
    RankedRow<'a> {
        rank: usize = "名次", "rank, 1 is the best";
        schedule: Text<'a> = "方案代码", "key of the schedule";
        measures: Many<Number> = "各项指标，多个情形时带情形后缀", "`mean_shortage`, `cvar95_shortage`, `worst_group_year`, `p_all_secured`, `idle_seat_years`, `cost`; with several variants each with the variant as its ending";
        regret: Many<Number>, SeatYears = "最大后悔值；只有一个情形时没有此列", "largest regret over the variants; only with several";
        projects: Many<Option<YearMonth>> = "每个项目一列：决策月份", "a column a project: the month of its decision; blank if it is not built";
    }
}

const SCHEDULES: Table =
    Table::of::<RankedRow<'_>>("schedules.csv", "一个好方案", "a good schedule, best first");
const FRONT: Table =
    Table::of::<FrontRow<'_>>("front.csv", "前沿上的一个方案", "a schedule of the front, cheapest first");

/// The month in which a project is decided, or `never`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decide(Option<YearMonth>);

impl Cell for Decide {
    fn holds() -> CellType {
        CellType::MonthOr(vec!["never"])
    }

    fn write(&self, out: &mut String) {
        match self.0 {
            Some(month) => month.write(out),
            None => out.push_str("never"),
        }
    }

    fn read(text: &str) -> Option<Self> {
        if text == "never" { Some(Self(None)) } else { YearMonth::read(text).map(|m| Self(Some(m))) }
    }
}

row! {
    /// When the best schedule decides a project.
    BestRow<'a> {
        project: Text<'a> = "项目代码", "key of the project";
        decide: Decide = "决策月份，或 `never`", "month of its decision, or `never`";
    }
}

const BEST: Table = Table::of::<BestRow<'_>>(
    "best.csv",
    "最佳方案中的一个项目",
    "a project of the best schedule, as `run --programme` takes it",
);

row! {
    /// What a project is worth in the best schedule.
    WorthRow<'a> {
        project: Text<'a> = "项目代码", "key of the project";
        decide: Option<Text<'a>> = "决策月份；不建则留空", "month of its decision; blank if it is not built";
        with: Option<Text<'a>> = "须一并决定的项目", "projects that go with it";
        mean_shortage: Number, SeatYears = "减少的平均缺口", "mean shortage that it takes off";
        cvar95_shortage: Number, SeatYears = "减少的最差 5% 缺口", "shortage of the worst 5 % that it takes off";
        one_round_later: Option<Number>, SeatYears = "推迟一轮增加的最差 5% 缺口", "shortage of the worst 5 % that one round later would add";
        cost: Number, Money = "费用", "money it costs";
    }
}

const WORTH: Table = Table::of::<WorthRow<'_>>(
    "worth.csv",
    "最佳方案中一个项目的作用",
    "what a project is worth in the best schedule",
);

/// The tables of a sweep.
pub(crate) fn of_sweep(run: &SweepRun<'_>, options: Options) -> Vec<File> {
    let mut schedules = Csv::wide(&SCHEDULES.columns(), &headings(run), options);
    for (rank, row) in (1..).zip(&run.top) {
        let FrontRow { schedule, measures, regret, projects } = front(run, row);
        schedules.row(&RankedRow { rank, schedule, measures, regret, projects });
    }
    let mut fronts = Csv::wide(&FRONT.columns(), &headings(run), options);
    for row in &run.front {
        fronts.row(&front(run, row));
    }
    let mut files = vec![SCHEDULES.holding(schedules.finish()), FRONT.holding(fronts.finish())];
    if let Some(best) = run.top.first() {
        let rows = decisions(run, &best.picks)
            .map(|(project, month)| BestRow { project: project.into(), decide: Decide(month) });
        files.push(BEST.file(rows, options));
        files.push(WORTH.file(worth(run), options));
    }
    files
}

/// Headings of the measures, of the regret and of the projects.
fn headings(run: &SweepRun<'_>) -> [Vec<String>; 3] {
    let variants = &run.document.variants;
    let several = variants.len() > 1;
    let measures = variants.iter().flat_map(|variant| {
        let ending = if several { format!(".{variant}") } else { String::new() };
        MEASURES.map(|(name, _)| format!("{name}{ending}"))
    });
    let project = |id: &String| {
        let mut heading = String::new();
        Text::from(id).write(&mut heading);
        heading
    };
    [
        measures.collect(),
        several.then(|| "regret".to_owned()).into_iter().collect(),
        run.menu.choices.iter().map(|choice| project(&choice.id)).collect(),
    ]
}

fn front<'r>(run: &SweepRun<'_>, row: &'r ScheduleRow) -> FrontRow<'r> {
    FrontRow {
        schedule: (&row.key).into(),
        measures: Many(row.measures.iter().flat_map(|m| MEASURES.map(|(_, of)| Number(of(m)))).collect()),
        regret: Many(row.regret.map(Number).into_iter().collect()),
        projects: Many(decisions(run, &row.picks).map(|(_, month)| month).collect()),
    }
}

fn worth<'r>(run: &'r SweepRun<'_>) -> impl Iterator<Item = WorthRow<'r>> {
    run.document.worth.iter().map(|worth| WorthRow {
        project: (&worth.project).into(),
        decide: worth.decide.as_ref().map(Text::from),
        with: worth.with.as_ref().map(Text::from),
        mean_shortage: Number(worth.mean_shortage),
        cvar95_shortage: Number(worth.cvar95_shortage),
        one_round_later: worth.one_round_later.map(Number),
        cost: Number(worth.cost),
    })
}

/// Each project with the month in which a schedule decides it.
fn decisions<'r>(
    run: &'r SweepRun<'_>,
    picks: &'r [Pick],
) -> impl Iterator<Item = (&'r str, Option<YearMonth>)> {
    let picked = run.menu.choices.iter().zip(picks);
    picked.map(|(choice, pick)| (choice.id.as_str(), pick.map(|r| choice.rounds[r])))
}
