//! `admission.csv`: who asks, who is placed, diverted or not placed, and where admission ends.
//!
//! Long form with three more keys: `class` (blank = all classes), its `rank`, and `to_group` (where children are diverted).

use seatcast_core::{
    admission::{Admissions, Rank, RankId, ZoneClass},
    forecast::Stats,
    geography::Area,
    index::{GroupId, Ids, StageId, YearOffset, ZoneId},
};

use super::{
    Table,
    cell::{Number, Text},
    keys::Place,
    long::{Figured, Measure, Named, Point, Sink, few, measures},
    row::row,
};
use crate::{AdmissionRun, Run, stats::stats_of};

measures! {
    MEASURES:
    ASKED = "asked", Children, "申请学位的儿童；等于录取、分流、未录取之和", "who ask for a place; placed, diverted and not placed add to it";
    PLACED = "placed", Children, "在本大学区录取", "placed in the own sharing group";
    DIVERTED = "diverted", Children, "分流到其他大学区录取", "placed in another group (分流)";
    NOT_PLACED = "not_placed", Children, "没有录取", "placed nowhere";
    P_PLACED = "p_placed", Share, "一名儿童录取、分流的机会：各次抽样合计", "the chance of one child: placed, or diverted, children of all draws over those who ask";
    P_DIVERTED = "p_diverted", Share, "一名儿童录取、分流的机会：各次抽样合计", "the chance of one child: placed, or diverted, children of all draws over those who ask";
    P_ALL_PLACED = "p_all_placed", Share, "无人未录取的抽样所占份额", "draws in which no child is left without a place";
    CAPACITY = "capacity", Places, "大学区起始年级的学位，按整班计", "of the group's entry grade, in whole classes";
    DIVERTED_TO = "diverted_to", Children, "从该区域、大学区或学区分流到 `to_group`", "from this district, group or zone to `to_group`";
    P_CUTOFF = "p_cutoff", Share, "录取止于该类别的抽样所占份额", "draws in which admission of the group ends in this class";
    CUTOFF_POINTS = "cutoff_points", Points, "在止于该类别的抽样中，最后录取者的积分", "of the last child placed, in the draws in which it ends there";
}

row! {
    /// One figure of an area, stage, year and class.
    AdmissionRow<'a> {
        scenario: Text<'a> = "情景代码", "key of the scenario";
        place: Place<'a>;
        stage: Text<'a> = "学段代码", "key of the stage";
        grade: Text<'a> = "起始年级", "key of the entry grade";
        year: i32, Year = "学年", "academic year";
        lead: usize, Years = "距基年的年数", "the year less the base year";
        class: Option<Text<'a>> = "录取类别；留空为全部，`(none)` 不属任何类别，`(locked)` 学位锁定", "class of admission; blank is all of them, `(none)` children of no listed class, `(locked)` of a locked address";
        rank: Option<u32> = "类别的顺位", "rank of the class";
        to_group: Option<Text<'a>> = "分流去向大学区", "key of the sharing group that children are diverted to";
        measure: Named<'a> = "指标，随抽样变动者带统计量后缀", "measure; with its statistic where it varies over the draws";
        value: Number = "数值", "the figure";
    }
}

impl Figured for AdmissionRow<'_> {
    fn figure(&self) -> Option<Point<'_>> {
        None // every row is of a grade
    }
}

pub(super) const TABLE: Table =
    Table::of::<AdmissionRow<'_>>("admission.csv", "录取情况", "a figure of who gets a place")
        .with(&[MEASURES]);

type Count = fn(ZoneClass) -> u32;

const COUNTS: [(Measure, Count); 4] = [
    (ASKED, |n| n.asked),
    (PLACED, |n| n.placed),
    (DIVERTED, |n| n.diverted),
    (NOT_PLACED, |n| n.not_placed),
];

/// Keys of one row.
#[derive(Clone, Copy)]
struct Key<'k> {
    area: Area,
    stage: StageId,
    t: YearOffset,
    class: Option<&'k str>,
    rank: Option<u32>,
    to_group: Option<GroupId>,
}

struct Writer<'s, 'f> {
    run: &'s Run<'s>,
    sink: &'s mut Sink<'f>,
}

impl<'s> Writer<'s, '_> {
    fn row(run: &'s Run<'s>, key: Key<'s>, measure: Named<'static>, value: Number) -> AdmissionRow<'s> {
        let scenario = run.scenario;
        let frame = &scenario.frame;
        AdmissionRow {
            scenario: (&scenario.id).into(),
            place: Place::of(frame, key.area),
            stage: (&frame.stages[key.stage].id).into(),
            grade: (&frame.stages[key.stage].grades[0]).into(),
            year: scenario.year_of(key.t),
            lead: key.t.index(),
            class: key.class.map(Text::from),
            rank: key.rank,
            to_group: key.to_group.map(|q| (&frame.groups[q].id).into()),
            measure,
            value,
        }
    }

    fn value(&mut self, key: Key<'s>, measure: &Measure, value: f64) {
        self.sink.row(&Self::row(self.run, key, Named::of(measure), Number(value)));
    }

    /// These statistics of a figure.
    fn some(
        &mut self,
        key: Key<'s>,
        measure: &Measure,
        figures: impl IntoIterator<Item = (&'static str, f64)>,
    ) {
        let run = self.run;
        self.sink.statistics(measure, figures, |name, value| Self::row(run, key, name, value));
    }

    fn stats(&mut self, key: Key<'s>, measure: &Measure, stats: &Stats) {
        self.some(key, measure, few(stats));
    }
}

pub(super) fn rows(run: &Run<'_>, admission: &AdmissionRun<'_>, sink: &mut Sink<'_>) {
    let scenario = run.scenario;
    let frame = &scenario.frame;
    let mut writer = Writer { run, sink };
    for (i, stage) in admission.plan.stages().enumerate() {
        let ranks = admission.plan.ranks(i);
        for area in frame.areas() {
            let zones = frame.zones_in(area);
            for t in scenario.coming() {
                let all = Key { area, stage, t, class: None, rank: None, to_group: None };
                counts(&mut writer, admission, i, all, &zones, None);
                for (c, rank) in Ids::first(ranks.len()).zip(&ranks) {
                    let (class, rank) = named(run, *rank);
                    let asked = |a: &Admissions| a.sum(i, t, &zones, Some(c)).asked;
                    if asked(&admission.central) == 0 && admission.draws.iter().all(|a| asked(a) == 0) {
                        continue;
                    }
                    let key = Key { class: Some(class), rank, ..all };
                    counts(&mut writer, admission, i, key, &zones, Some(c));
                }
                diversions(&mut writer, admission, i, all, &zones);
                if let Area::Group(q) = area {
                    group(&mut writer, admission, i, all, q, &ranks);
                }
            }
        }
    }
}

/// Key and rank of a class.
fn named<'r>(run: &'r Run<'_>, rank: Rank) -> (&'r str, Option<u32>) {
    match rank {
        Rank::Ranked(c) => {
            let class = &run.scenario.admission.classes[c];
            (class.id.as_str(), Some(class.rank))
        }
        Rank::None => ("(none)", None),
        Rank::Locked => ("(locked)", None),
    }
}

fn counts<'s>(
    writer: &mut Writer<'s, '_>,
    admission: &AdmissionRun<'_>,
    i: usize,
    key: Key<'s>,
    zones: &[ZoneId],
    c: Option<RankId>,
) {
    let of = |a: &Admissions| a.sum(i, key.t, zones, c);
    for (measure, count) in COUNTS {
        let stats = stats_of(&admission.central, &admission.draws, |a| f64::from(count(of(a))));
        writer.stats(key, &measure, &stats);
    }
    let draws = || admission.draws.iter().map(of);
    let sum = |count: Count| draws().map(|n| u64::from(count(n))).sum::<u64>() as f64;
    let asked = sum(|n| n.asked);
    if asked > 0.0 {
        // the chance of one child, and of nobody being left out
        writer.value(key, &P_PLACED, sum(|n| n.placed) / asked);
        writer.value(key, &P_DIVERTED, sum(|n| n.diverted) / asked);
        let whole = draws().filter(|n| n.not_placed == 0).count();
        writer.value(key, &P_ALL_PLACED, whole as f64 / admission.draws.len() as f64);
    }
}

/// Where diverted children go.
fn diversions<'s>(
    writer: &mut Writer<'s, '_>,
    admission: &AdmissionRun<'_>,
    i: usize,
    key: Key<'s>,
    zones: &[ZoneId],
) {
    for to in admission.plan.targets(zones) {
        let sent = |a: &Admissions| f64::from(a.diverted(i, key.t, zones, to));
        if sent(&admission.central) > 0.0 || admission.draws.iter().any(|a| sent(a) > 0.0) {
            let stats = stats_of(&admission.central, &admission.draws, sent);
            writer.stats(Key { to_group: Some(to), ..key }, &DIVERTED_TO, &stats);
        }
    }
}

/// Places and the cut-off of one sharing group.
fn group<'s>(
    writer: &mut Writer<'s, '_>,
    admission: &AdmissionRun<'_>,
    i: usize,
    key: Key<'s>,
    q: GroupId,
    ranks: &[Rank],
) {
    let t = key.t;
    let places = stats_of(&admission.central, &admission.draws, |a| f64::from(a.capacity(i, t, q)));
    writer.stats(key, &CAPACITY, &places);
    let n = admission.draws.len().max(1) as f64;
    for (c, rank) in ranks.iter().enumerate() {
        let ends = |a: &Admissions| a.cutoff(i, t, q).filter(|cut| cut.class == c);
        let here: Vec<_> = admission.draws.iter().filter_map(ends).collect();
        let central = ends(&admission.central);
        if here.is_empty() && central.is_none() {
            continue;
        }
        let (class, number) = named(writer.run, *rank);
        let key = Key { class: Some(class), rank: number, ..key };
        writer.value(key, &P_CUTOFF, here.len() as f64 / n);
        let Rank::Ranked(index) = *rank else { continue };
        let Some(points) = writer.run.scenario.admission.classes[index].points else { continue };
        if let Some(cut) = central {
            writer.some(key, &CUTOFF_POINTS, [("central", cut.points(points))]);
        }
        let mut drawn: Vec<f64> = here.iter().map(|cut| cut.points(points)).collect();
        if !drawn.is_empty() {
            let stats = Stats::new(0.0, &mut drawn);
            writer.some(key, &CUTOFF_POINTS, few(&stats).filter(|(ending, _)| ending.starts_with('p')));
        }
    }
}
