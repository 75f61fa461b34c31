//! What the forecast rests on: the ratios used, the years behind them, overrides, what changed since last year, schools.
//!
//! | table | one row is |
//! |---|---|
//! | `ratios.csv` | the ratio into a zone, grade and year: value, where it comes from, what was learnt beside it |
//! | `evidence.csv` | a year behind a learnt ratio: what was observed, with which weight |
//! | `changes.csv` | the forecast of an area, stage or grade and year against last year's, by cause |
//! | `overrides.csv` | what a planner entered |
//! | `school_pupils.csv` | pupils of a school |

use seatcast_core::{
    demand::{Change, DemandPart, Override, RateKind},
    forecast::{
        Chain, Learnt,
        learn::{EntryEvidence, Evidence},
        ratios_used,
    },
    geography::Area,
    index::{ChainGrade, GradeId, Lead, StageId, YearOffset, ZoneId},
    scenario::Scenario,
};

use super::{
    Table,
    cell::{Exact, Number, Text},
    keys::{Place, Quantiles, list},
    row::row,
};
use crate::Run;

pub(super) const TABLES: [&Table; 5] = [&RATIOS, &EVIDENCE, &CHANGES, &OVERRIDES, &SCHOOLS];

row! {
    /// The ratio into one zone, grade and year.
    RatioRow<'a> {
        place: Place<'a>;
        stage: Text<'a> = "学段代码", "key of the stage";
        grade: Text<'a> = "年级", "key of the grade";
        year: i32, Year = "学年", "academic year";
        ratio: Text<'a> = "`entry` 入学率、`progression` 升级率或 `transition` 升学率", "`entry`, `progression` or `transition`";
        value: Exact, Ratio = "采用的比率", "the ratio used";
        from: Text<'a> = "来源：给定、人工调整、学得或假定", "whether it was given, overridden, learnt or assumed";
        learnt: Option<Exact>, Ratio = "由历史学得的比率", "what the history says beside it";
        common: Option<Exact>, Ratio = "其中各学区共有的部分", "what all zones share of it";
        own: Option<Exact>, Ratio = "其中学区自身的部分", "what is the zone's own of it";
        arrivals: Number, Pupils = "不来自本情景各届的学生", "pupils who come from no cohort of the scenario";
    }
}

pub(super) const RATIOS: Table = Table::of::<RatioRow<'_>>(
    "ratios.csv",
    "一个学区、年级、学年采用的比率",
    "the ratio used into a zone, grade and year",
);

pub(super) fn ratios(scenario: &Scenario) -> impl Iterator<Item = RatioRow<'_>> {
    let frame = &scenario.frame;
    ratios_used(scenario).into_iter().map(move |used| RatioRow {
        place: Place::of(frame, Area::Zone(used.zone)),
        stage: (&frame.stages[frame.stage_of(used.grade).0].id).into(),
        grade: frame.grade_id(used.grade).into(),
        year: scenario.year_of(used.t),
        ratio: used.kind.into(),
        value: Exact(used.value),
        from: used.origin.code().into(),
        learnt: used.learnt.map(Exact),
        common: used.parts.map(|(common, _)| Exact(common)),
        own: used.parts.map(|(_, own)| Exact(own)),
        arrivals: Number(used.arrivals),
    })
}

row! {
    /// One year behind a learnt ratio.
    EvidenceRow<'a> {
        zone: Option<Text<'a>> = "学区代码；留空为各学区共有", "key of the zone; blank is what all zones share";
        stage: Text<'a> = "学段代码", "key of the stage";
        grade: Text<'a> = "年级", "key of the grade";
        ratio: Text<'a> = "升级率 `common`、`own`；入学率 `entry_common`、`entry_own`", "`common` or `own` for progression, `entry_common` or `entry_own` for entry";
        source: Option<Text<'a>> = "儿童数来源", "the count of children";
        read_before: Option<usize>, Years = "入学前几年的统计", "how many years before entry it was read";
        year: i32, Year = "学年", "academic year";
        observed: Exact, Ratio = "当年的比率", "the ratio of that year";
        weight: Exact, Share = "在估计中的权重", "its part in the estimate";
    }
}

pub(super) const EVIDENCE: Table =
    Table::of::<EvidenceRow<'_>>("evidence.csv", "学得比率所依据的一年", "a year behind a learnt ratio");

/// `None` where nothing was learnt.
pub(super) fn evidence(scenario: &Scenario) -> Option<Vec<EvidenceRow<'_>>> {
    let learnt = scenario.learnt()?;
    let mut rows = EvidenceRows { scenario, rows: Vec::new() };
    for chain in learnt.chains() {
        rows.chain(learnt, chain);
    }
    Some(rows.rows)
}

struct EvidenceRows<'a> {
    scenario: &'a Scenario,
    rows: Vec<EvidenceRow<'a>>,
}

/// What a run of evidence is about.
#[derive(Clone, Copy)]
struct About<'a> {
    zone: Option<ZoneId>,
    grade: GradeId,
    ratio: &'static str,
    source: Option<&'a str>,
    read_before: Option<usize>,
}

impl<'a> EvidenceRows<'a> {
    fn chain(&mut self, learnt: &'a Learnt, chain: &'a Chain) {
        let (history, calibration) = (chain.history(), chain.calibration());
        let first_year = history.first_year;
        for (position, grade) in chain.grades().pairs().filter_map(|(k, g)| Some((k, (*g)?))) {
            if position == ChainGrade::ENTRY {
                continue;
            }
            let of = About { zone: None, grade, ratio: "common", source: None, read_before: None };
            self.rows(first_year, of, &calibration.common_evidence(position));
            for i in calibration.areas() {
                let own = calibration.own_evidence(i, position);
                self.rows(first_year, About { zone: Some(ZoneId::new(i.index())), ratio: "own", ..of }, &own);
            }
        }
        let Some(Some(entry)) = chain.grades().first() else { return };
        let mut said: Vec<(Option<usize>, Option<Lead>)> = Vec::new();
        for i in calibration.areas() {
            let zone = ZoneId::new(i.index());
            let cell = self.scenario.frame.cells().at(zone, *entry);
            if learnt.entrants(cell, YearOffset::new(1)).is_none() {
                continue;
            }
            for of in calibration.entry_evidence(history, i) {
                let EntryEvidence { source, read_at, common, own, .. } = &of;
                let about = About {
                    zone: None,
                    grade: *entry,
                    ratio: "entry_common",
                    source: source.map(|k| history.sources[k].id.as_str()),
                    read_before: read_at.map(Lead::index),
                };
                // what the zones share is said once for each way a source was read
                if !said.contains(&(*source, *read_at)) {
                    said.push((*source, *read_at));
                    self.rows(first_year, about, common);
                }
                self.rows(first_year, About { zone: Some(zone), ratio: "entry_own", ..about }, own);
            }
        }
    }

    fn rows(&mut self, first_year: i32, about: About<'a>, years: &[Evidence]) {
        let frame = &self.scenario.frame;
        self.rows.extend(years.iter().map(|of| EvidenceRow {
            zone: about.zone.map(|z| (&frame.zones[z].id).into()),
            stage: (&frame.stages[frame.stage_of(about.grade).0].id).into(),
            grade: frame.grade_id(about.grade).into(),
            ratio: about.ratio.into(),
            source: about.source.map(Text::from),
            read_before: about.read_before,
            year: first_year + of.t.index() as i32,
            observed: Exact(of.ratio),
            weight: Exact(of.weight),
        }));
    }
}

list! {
    /// What each cause changed.
    Changed: i64, DemandPart::ALL.map(DemandPart::code),
    "该原因带来的变动", "what this cause changed"
}

row! {
    /// One figure of this year's forecast against last year's.
    ForecastChange<'a> {
        place: Place<'a>;
        stage: Text<'a> = "学段代码", "key of the stage";
        grade: Option<Text<'a>> = "年级；留空为学段", "key of the grade; blank is the stage";
        year: i32, Year = "学年", "academic year";
        last_forecast: i64, Pupils = "去年的预测", "last year's forecast, made again";
        causes: Changed, SignedPupils;
        this_forecast: i64, Pupils = "今年的预测", "this year's forecast";
    }
}

pub(super) const CHANGES: Table = Table::of::<ForecastChange<'_>>(
    "changes.csv",
    "与去年预测的差异",
    "this year's forecast against last year's, by cause",
);

/// `None` where there is no forecast of last year.
pub(super) fn changes<'a>(run: &'a Run<'_>) -> Option<impl Iterator<Item = ForecastChange<'a>>> {
    let frame = &run.scenario.frame;
    let row = move |row: &seatcast_core::forecast::ChangeRow| ForecastChange {
        place: Place::of(frame, row.area),
        stage: (&frame.stages[row.stage].id).into(),
        grade: row.grade.map(|g| frame.grade_id(g).into()),
        year: row.year,
        last_forecast: row.before,
        causes: Changed(row.parts.to_vec()),
        this_forecast: row.after,
    };
    (!run.changes.is_empty()).then(|| run.changes.iter().map(row))
}

row! {
    /// One override.
    OverrideRow<'a> {
        r#override: Text<'a> = "调整代码", "key of the override";
        change: Text<'a> = "`rate` 比率、`factor` 倍数或 `pupils` 人数", "`rate`, `factor` or `pupils`";
        zone: Text<'a> = "学区代码，或 `ALL`", "key of the zone, or `ALL`";
        stage: Option<Text<'a>> = "学段代码", "key of the stage";
        grade: Option<Text<'a>> = "年级", "key of the grade";
        source: Option<Text<'a>> = "儿童数来源，或来源学段", "the count of children, or the stage they come from";
        class: Option<Text<'a>> = "儿童类别", "class of the children";
        rate: Option<Text<'a>> = "比率种类", "which rate";
        value: Exact = "数值", "its value";
        from: i32, Year = "起始学年", "first academic year";
        until: Option<i32>, Year = "最后学年；留空为长期", "last academic year; blank for ever";
        author: Text<'a> = "录入人", "who entered it";
        date: Text<'a> = "录入日期", "when";
        reason: Text<'a> = "理由", "why";
    }
}

pub(super) const OVERRIDES: Table =
    Table::of::<OverrideRow<'_>>("overrides.csv", "一项人工调整", "an override that a planner entered");

/// `None` where nobody entered one.
pub(super) fn overrides(scenario: &Scenario) -> Option<impl Iterator<Item = OverrideRow<'_>>> {
    let rows = move || scenario.overrides.iter().map(move |o| override_row(scenario, o));
    (!scenario.overrides.is_empty()).then(rows)
}

fn override_row<'a>(scenario: &'a Scenario, o: &'a Override) -> OverrideRow<'a> {
    let frame = &scenario.frame;
    let (value, change) = match &o.change {
        Change::Rate { value, .. } => (*value, "rate"),
        Change::Factor { value, .. } => (*value, "factor"),
        Change::Pupils { pupils, .. } => (*pupils, "pupils"),
    };
    let mut row = OverrideRow {
        r#override: (&o.id).into(),
        change: change.into(),
        zone: o.zone.map_or_else(|| Text::from("ALL"), |z| (&frame.zones[z].id).into()),
        stage: None,
        grade: None,
        source: None,
        class: None,
        rate: None,
        value: Exact(value),
        from: o.from,
        until: o.until,
        author: (&o.author).into(),
        date: (&o.date).into(),
        reason: (&o.reason).into(),
    };
    let stage = |p: StageId| Some(Text::from(&frame.stages[p].id));
    let grade = |g: GradeId| Some(Text::from(frame.grade_id(g)));
    match &o.change {
        Change::Rate { kind, .. } => {
            let rate = match kind {
                RateKind::Progression { grade: g } => {
                    row.grade = grade(*g);
                    "progression"
                }
                RateKind::Entry { stage: p, source, class } => {
                    (row.stage, row.source) = (stage(*p), source.as_ref().map(Text::from));
                    row.class = class.as_ref().map(Text::from);
                    "entry"
                }
                RateKind::Transition { from, to } => {
                    (row.stage, row.source) = (stage(*to), stage(*from));
                    "transition"
                }
                RateKind::PublicShare { stage: p, class } => {
                    (row.stage, row.class) = (stage(*p), class.as_ref().map(Text::from));
                    "public_share"
                }
            };
            row.rate = Some(rate.into());
        }
        Change::Factor { grade: g, .. } => row.grade = grade(*g),
        Change::Pupils { grades, .. } => match grades.as_slice() {
            [g] => row.grade = grade(*g),
            grades => row.stage = grades.first().and_then(|g| stage(frame.stage_of(*g).0)),
        },
    }
    row
}

row! {
    /// Pupils of one school, stage or grade, and year.
    SchoolRow<'a> {
        school: Text<'a> = "学校代码", "key of the school";
        zone: Text<'a> = "学区代码", "key of the zone";
        stage: Text<'a> = "学段代码", "key of the stage";
        grade: Option<Text<'a>> = "年级；留空为学校该学段", "key of the grade; blank is the school's stage";
        year: i32, Year = "学年", "academic year";
        lead: usize, Years = "距基年的年数", "the year less the base year";
        central: Number, Pupils = "中心路径", "pupils, on the central path";
        mean: Number, Pupils = "各次抽样的均值", "mean over the draws";
        quantiles: Quantiles, Pupils;
    }
}

pub(super) const SCHOOLS: Table = Table::of::<SchoolRow<'_>>(
    "school_pupils.csv",
    "一所学校的学生数",
    "pupils of a school whose rolls are known",
);

/// `None` where no rolls of schools are known.
pub(super) fn schools<'a>(run: &'a Run<'_>) -> Option<impl Iterator<Item = SchoolRow<'a>>> {
    let past = run.scenario.past.as_ref().filter(|_| !run.schools.is_empty())?;
    let frame = &run.scenario.frame;
    Some(run.schools.iter().map(move |line| SchoolRow {
        school: (&past.school_ids[line.school.index()]).into(),
        zone: (&frame.zones[line.zone].id).into(),
        stage: (&frame.stages[line.stage].id).into(),
        grade: line.grade.map(|g| frame.grade_id(g).into()),
        year: run.scenario.year_of(line.t),
        lead: line.t.index(),
        central: Number(line.stats.central),
        mean: Number(line.stats.mean),
        quantiles: Quantiles::of(&line.stats),
    }))
}
