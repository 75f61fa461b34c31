//! `policies.csv`, `chances.csv`, `worths.csv`, `levels.csv`, `futures.csv`, `decisions.csv`, `since.csv`: a closed loop.

use seatcast_core::{
    Lang,
    cycle::{Gate, Step},
    time::YearMonth,
};

use super::{
    Table,
    cell::{Number, Text, Thousandths},
    csv::{Csv, Line, Record},
    round,
    row::{About, Column, Field, Many, row},
};
use crate::{
    File, Options,
    documents::cycle::{CycleRun, Figure},
    phrases,
};

pub(super) const TABLES: [&Table; 6] = [&POLICIES, &CHANCES, &WORTHS, &LEVELS, &FUTURES, &DECISIONS];

row! {
    /// A figure over many futures.
    FigureCells<'a> {
        measure: Text<'a> = "指标", "measure";
        futures: Text<'a> = "`all` 全部、`calm` 无意外或 `broken` 有意外的未来", "over which futures: `all`, `calm` (nothing broke), `broken`";
        count: u32, Count = "未来个数", "how many";
        mean: Number = "均值", "mean";
        standard_error: Number = "均值的标准误", "standard error of the mean";
        cvar95: Number = "最差 5% 未来的均值", "mean of the worst 5 % of the futures";
        p10: Number = "10% 分位数", "quantile";
        p90: Number = "90% 分位数", "quantile";
    }
}

/// The columns of a figure, in the tables that have figures.
impl Field for FigureCells<'_> {
    fn columns(_: About, columns: &mut Vec<Column>) {
        columns.extend(<Self as super::Row>::columns());
    }

    fn write(&self, record: &mut Record) {
        super::Row::write(self, record);
    }

    fn read(_: &'static str, line: &Line<'_>) -> Option<Self> {
        super::Row::read(line)
    }
}

fn cells(figure: &Figure) -> FigureCells<'_> {
    FigureCells {
        measure: (&figure.measure).into(),
        futures: (&figure.futures).into(),
        count: figure.count,
        mean: Number(figure.mean),
        standard_error: Number(figure.error),
        cvar95: Number(figure.cvar95),
        p10: Number(figure.p10),
        p90: Number(figure.p90),
    }
}

row! {
    /// A figure of a policy.
    PolicyRow<'a> {
        policy: Text<'a> = "规则", "policy";
        outlook: Option<i32>, Years = "展望年数；事后最优没有", "years looked ahead; blank for perfect foresight";
        plan: Option<i32>, Years = "规划年数", "years planned ahead";
        secure: Option<i32>, Years = "落实年数", "years secured ahead";
        plan_level: Option<Number>, Share = "规划把握", "probability at which places are planned";
        secure_level: Option<Number>, Share = "落实把握", "probability at which places are secured";
        figure: FigureCells<'a>;
    }
}

const POLICIES: Table =
    Table::of::<PolicyRow<'_>>("policies.csv", "一个规则的一个数字", "a figure of a policy");

row! {
    /// The chance of a shortage.
    ChanceRow<'a> {
        policy: Text<'a> = "规则", "policy";
        group: Option<Text<'a>> = "大学区代码；留空为任一大学区", "key of the sharing group; blank is any of them";
        stage: Option<Text<'a>> = "学段代码；留空为任一学段", "key of the stage; blank is any of them";
        year: i32, Year = "学年", "academic year";
        p_short: Number, Share = "有缺口的未来所占份额", "futures with a shortage";
    }
}

const CHANCES: Table = Table::of::<ChanceRow<'_>>("chances.csv", "缺学位的可能", "the chance of a shortage");

row! {
    /// What one thing is worth.
    WorthRow<'a> {
        worth: Text<'a> = "所比较的做法", "what is worth something";
        with: Text<'a> = "采用它的规则", "the policy that has it";
        without: Text<'a> = "不采用它的规则", "the policy that lacks it";
        figure: FigureCells<'a>;
    }
}

const WORTHS: Table = Table::of::<WorthRow<'_>>(
    "worths.csv",
    "一项做法的作用",
    "what one thing is worth: the policy with it less the one without",
);

row! {
    /// A figure of a pair of levels.
    LevelRow<'a> {
        plan_level: Number, Share = "规划把握", "probability at which places are planned";
        secure_level: Number, Share = "落实把握", "probability at which places are secured";
        figure: FigureCells<'a>;
    }
}

const LEVELS: Table =
    Table::of::<LevelRow<'_>>("levels.csv", "一对把握的一个数字", "a figure of a pair of levels");

row! {
    /// One future under one policy.
    FutureRow<'a> {
        future: u64 = "未来的编号", "number of the future";
        breaks: Text<'a> = "发生的意外及年份", "what broke, and when";
        policy: Text<'a> = "规则", "policy";
        measures: Many<Number> = "各项指标", "a column a measure";
    }
}

const FUTURES: Table =
    Table::of::<FutureRow<'_>>("futures.csv", "一个规则下的一种未来", "a future under a policy");

row! {
    /// One decision along the first future.
    DecisionRow<'a> {
        policy: Text<'a> = "规则", "policy";
        future: u64 = "未来的编号", "number of the future";
        round: YearMonth = "决策轮次的月份", "month of the round";
        group: Text<'a> = "大学区代码", "key of the sharing group";
        stage: Text<'a> = "学段代码", "key of the stage";
        project: Option<Text<'a>> = "项目代码；没有项目来得及时留空", "key of the project; blank where none is in time";
        step: Step = "行动", "what is done";
        gate: Option<Gate> = "开启的环节", "gate that is opened";
        for_year: i32, Year = "针对的学年", "academic year that it is for";
        p_open: Option<Thousandths>, Share = "届时开办概率", "probability that it is open by then";
        need: i64, Places = "需要", "places needed";
        supply: i64, Places = "已有", "places that count";
        missing: i64, Places = "缺口", "places missing";
        adds: i64, Places = "增加", "places it adds that year";
        p_met: Option<Thousandths>, Share = "不作决定时满足需求的概率", "probability that places meet need";
        reason: Text<'a> = "理由", "why, in a sentence";
    }
}

const DECISIONS: Table = Table::of::<DecisionRow<'_>>(
    "decisions.csv",
    "第一种未来中的一项决策",
    "a decision along the first future",
);

/// The tables of a closed loop.
pub(crate) fn of_cycle(run: &CycleRun<'_>, options: Options) -> Vec<File> {
    let names = run.rows.first().map_or_else(Vec::new, |row| {
        row.measures.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>()
    });
    let mut futures = Csv::wide(&FUTURES.columns(), &[names], options);
    for row in self::futures(run) {
        futures.row(&row);
    }
    let mut files = vec![
        POLICIES.file(policies(run), options),
        CHANCES.file(chances(run), options),
        WORTHS.file(worths(run), options),
        LEVELS.file(levels(run), options),
        FUTURES.holding(futures.finish()),
        DECISIONS.file(decisions(run, options.lang), options),
    ];
    if let Some((filed, turned)) = run.since {
        files.push(round::SINCE.file(round::since(run.scenario, filed, turned), options));
    }
    files
}

fn policies<'r>(run: &'r CycleRun<'_>) -> impl Iterator<Item = PolicyRow<'r>> {
    run.document.policies.iter().flat_map(|line| {
        let (outlook, plan, secure) = line.horizon;
        // perfect foresight has neither horizon nor level
        let years = |n: i32| (n != 0).then_some(n);
        let level = |x: f64| (x > 0.0).then_some(Number(x));
        line.figures.iter().map(move |figure| PolicyRow {
            policy: (&line.policy).into(),
            outlook: years(outlook),
            plan: years(plan),
            secure: years(secure),
            plan_level: level(line.levels.0),
            secure_level: level(line.levels.1),
            figure: cells(figure),
        })
    })
}

fn chances<'r>(run: &'r CycleRun<'_>) -> Vec<ChanceRow<'r>> {
    let frame = &run.scenario.frame;
    let mut rows = Vec::new();
    for line in &run.document.policies {
        let row = |year, p: f64| ChanceRow {
            policy: (&line.policy).into(),
            group: None,
            stage: None,
            year,
            p_short: Number(p),
        };
        let years = run.scenario.base_year + 1..;
        rows.extend(years.clone().zip(&line.p_any_short).map(|(year, p)| row(year, *p)));
        for (slot, of) in frame.slots().pairs().zip(&line.p_short) {
            let (group, stage) = frame.slots().split(slot);
            rows.extend(years.clone().zip(of).map(|(year, p)| ChanceRow {
                group: Some((&frame.groups[group].id).into()),
                stage: Some((&frame.stages[stage].id).into()),
                ..row(year, *p)
            }));
        }
    }
    rows
}

fn worths<'r>(run: &'r CycleRun<'_>) -> impl Iterator<Item = WorthRow<'r>> {
    run.document.worths.iter().flat_map(|line| {
        line.figures.iter().map(|figure| WorthRow {
            worth: (&line.worth).into(),
            with: (&line.with).into(),
            without: (&line.without).into(),
            figure: cells(figure),
        })
    })
}

fn levels<'r>(run: &'r CycleRun<'_>) -> impl Iterator<Item = LevelRow<'r>> {
    run.document.levels.iter().flat_map(|line| {
        line.figures.iter().map(|figure| LevelRow {
            plan_level: Number(line.plan),
            secure_level: Number(line.secure),
            figure: cells(figure),
        })
    })
}

fn futures<'r>(run: &'r CycleRun<'_>) -> impl Iterator<Item = FutureRow<'r>> {
    let base_year = run.scenario.base_year;
    run.rows.iter().map(move |row| {
        let of = |(code, year): &(String, usize)| match year {
            0 => code.clone(),
            year => format!("{code} {}", base_year + *year as i32),
        };
        FutureRow {
            future: row.future,
            breaks: row.breaks.iter().map(of).collect::<Vec<_>>().join("; ").into(),
            policy: (&row.policy).into(),
            measures: Many(row.measures.iter().map(|(_, value)| Number(*value)).collect()),
        }
    })
}

fn decisions<'r>(run: &'r CycleRun<'_>, lang: Lang) -> impl Iterator<Item = DecisionRow<'r>> {
    let scenario = run.scenario;
    let frame = &scenario.frame;
    run.decisions.iter().flat_map(move |(policy, actions)| {
        actions.iter().map(move |action| DecisionRow {
            policy: (&policy.name).into(),
            future: 0,
            round: action.round,
            group: (&frame.groups[action.group].id).into(),
            stage: (&frame.stages[action.stage].id).into(),
            project: action.project.map(|j| (&scenario.projects[j].id).into()),
            step: action.step,
            gate: action.gate,
            for_year: action.for_year,
            p_open: action.p_open.map(Thousandths),
            need: action.need,
            supply: action.supply,
            missing: action.missing,
            adds: action.adds,
            p_met: action.p_met.map(Thousandths),
            reason: phrases::reason_of(action, action.round.year, policy.levels, policy.horizon, lang).into(),
        })
    })
}
