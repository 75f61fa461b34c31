//! `tide.csv`: demand, places, idle and short to t+15 by area, stage and building; `needed.csv`: how long each project is
//! needed; `reuse.csv`: what converting rooms or moving modules would save.

use seatcast_core::{
    Lang,
    forecast::{Stats, quantile},
    geography::Area,
    grid::SlotId,
    index::{StageId, Years},
    tide::{BuildingOf, Tide, TidePath, Way},
};

use super::{
    Table,
    cell::{Number, Text},
    keys::{Currency, Place, ProjectKeys},
    long::{Figured, Measure, Named, Point, Sink, few, measures},
    row::row,
};
use crate::stats::{assumed, stats_of};

measures! {
    MEASURES:
    DEMAND = "demand", Places, "在校生加预留", "pupils with the reserve margin";
    PLACES = "places", Places, "中位开办时全部校舍的学位", "of all buildings, at central openings";
    IDLE = "idle", Places, "超出需求的学位，按大学区、学段计，不相抵；无年份者为学位·年。校舍一行为排在前面的都坐满后余下的", "beyond the demand, by sharing group and stage, never netted; without a year: seat-years. Of a building: what is left for it when those before it are full";
    SHORT = "short", Places, "需求超出学位的数量，同上", "demand beyond the places, likewise";
    PEAK_YEAR = "peak_year", Year, "需求最大的学年", "in which demand is largest";
    PEAK_DEMAND = "peak_demand", Places, "当年的需求", "that demand";
    ASSUMED_FROM = "assumed_from", Year, "学生开始取决于假定出生数的学年", "from which pupils rest on assumed births";
}

row! {
    /// One figure of an area or a building, stage and year.
    TideRow<'a> {
        scenario: Text<'a> = "情景代码", "key of the scenario";
        place: Place<'a>;
        stage: Text<'a> = "学段代码", "key of the stage";
        building: Option<Text<'a>> = "学校或项目代码；留空为全部", "key of a school or project; blank is all of them";
        year: Option<i32>, Year = "学年；留空为今后各年合计", "academic year; blank is the sum over the coming years";
        lead: Option<i32>, Years = "距基年的年数", "the year less the base year";
        measure: Named<'a> = "指标，随抽样变动者带统计量后缀", "measure; with its statistic where it varies over the draws";
        value: Number = "数值", "the figure";
    }
}

impl Figured for TideRow<'_> {
    fn figure(&self) -> Option<Point<'_>> {
        let TideRow { place, stage, year, measure, value, .. } = self;
        let point = Point { place, stage: Some(stage), year: *year, named: measure, value: *value };
        self.building.is_none().then_some(point)
    }
}

pub(super) const TABLE: Table = Table::of::<TideRow<'_>>(
    "tide.csv",
    "至 t+15 的需求、学位、闲置与缺口",
    "a figure of what is idle and short to t+15",
)
.with(&[MEASURES]);

/// Keys of one row: area, stage, building (`None` = all), year (`None` = all coming years).
#[derive(Clone, Copy)]
struct Key<'k> {
    area: Area,
    stage: StageId,
    building: Option<&'k str>,
    year: Option<i32>,
}

struct Writer<'s, 'f> {
    tide: &'s Tide,
    sink: &'s mut Sink<'f>,
}

impl<'s> Writer<'s, '_> {
    fn row(tide: &'s Tide, key: Key<'s>, measure: Named<'static>, value: Number) -> TideRow<'s> {
        let scenario = &tide.scenario;
        TideRow {
            scenario: (&scenario.id).into(),
            place: Place::of(&scenario.frame, key.area),
            stage: (&scenario.frame.stages[key.stage].id).into(),
            building: key.building.map(Text::from),
            year: key.year,
            lead: key.year.map(|year| year - scenario.base_year),
            measure,
            value,
        }
    }

    fn value(&mut self, key: Key<'s>, measure: &Measure, value: f64) {
        self.sink.row(&Self::row(self.tide, key, Named::of(measure), Number(value)));
    }

    /// These statistics of a figure.
    fn some(
        &mut self,
        key: Key<'s>,
        measure: &Measure,
        figures: impl IntoIterator<Item = (&'static str, f64)>,
    ) {
        let tide = self.tide;
        self.sink.statistics(measure, figures, |name, value| Self::row(tide, key, name, value));
    }

    fn stats(&mut self, key: Key<'s>, measure: &Measure, figure: impl Fn(&TidePath) -> f64) {
        if self.sink.wants(measure) {
            let stats = stats_of(&self.tide.central, &self.tide.draws, figure);
            self.some(key, measure, few(&stats));
        }
    }
}

pub(super) fn rows(tide: &Tide, sink: &mut Sink<'_>) {
    let buildings = sink.csv.is_some();
    let mut writer = Writer { tide, sink };
    let frame = &tide.scenario.frame;
    let districts = frame.districts.ids().map(Area::District);
    for area in districts.chain(frame.groups.ids().map(Area::Group)) {
        for stage in frame.stages.ids() {
            of_area(&mut writer, Key { area, stage, building: None, year: None });
        }
    }
    if !buildings {
        return; // charts are drawn from areas alone
    }
    for q in frame.groups.ids() {
        for stage in frame.stages.ids() {
            of_buildings(&mut writer, frame.slots().at(q, stage));
        }
    }
}

fn of_area<'s>(writer: &mut Writer<'s, '_>, all: Key<'s>) {
    let tide = writer.tide;
    let (area, p) = (all.area, all.stage);
    let coming = || tide.scenario.coming();
    for (t, year) in tide.scenario.calendar() {
        let key = Key { year: Some(year), ..all };
        writer.stats(key, &DEMAND, |path| tide.demand(path, area, t, p) as f64);
        let places = tide.places(&tide.central, area, t, p) as f64;
        writer.some(key, &PLACES, [("central", places)]);
        writer.stats(key, &IDLE, |path| tide.idle(path, area, t, p) as f64);
        writer.stats(key, &SHORT, |path| tide.short(path, area, t, p) as f64);
    }
    writer.stats(all, &IDLE, |path| coming().map(|t| tide.idle(path, area, t, p)).sum::<u64>() as f64);
    writer.stats(all, &SHORT, |path| coming().map(|t| tide.short(path, area, t, p)).sum::<u64>() as f64);
    writer.stats(all, &PEAK_YEAR, |path| f64::from(tide.peak(path, area, p).0));
    writer.stats(all, &PEAK_DEMAND, |path| tide.peak(path, area, p).1 as f64);
    let zones = tide.scenario.frame.zones_in(area);
    let from = zones.iter().filter_map(|&z| assumed(&tide.scenario.frame, &tide.assumed_from, z, p)).min();
    if let Some(t) = from {
        writer.value(all, &ASSUMED_FROM, f64::from(tide.scenario.year_of(t)));
    }
}

/// Idle places of the buildings of a slot, in the order in which they are filled.
fn of_buildings(writer: &mut Writer<'_, '_>, slot: SlotId) {
    let tide = writer.tide;
    let all_years = || tide.scenario.offsets();
    let table = |path: &TidePath| -> Years<Vec<u32>> {
        all_years().map(|t| path.idle_of_buildings(&tide.stock, t, slot)).collect()
    };
    let central = table(&tide.central);
    let draws: Vec<Years<Vec<u32>>> = tide.draws.iter().map(table).collect();
    for (i, b) in tide.stock.of_slot(slot).enumerate() {
        let building = tide.stock.buildings[b];
        let there = |path: &TidePath| all_years().any(|t| path.of_building(t, b) > 0);
        if !there(&tide.central) && !tide.draws.iter().any(there) {
            continue; // a project outside the programme
        }
        let id = match building.of {
            BuildingOf::School(s) => &tide.scenario.schools[s].id,
            BuildingOf::Project(j) => &tide.scenario.projects[j].id,
        };
        let all =
            Key { area: Area::Zone(building.zone), stage: building.stage, building: Some(id), year: None };
        let stats = |of: &dyn Fn(&Years<Vec<u32>>) -> f64| {
            let mut values: Vec<f64> = draws.iter().map(of).collect();
            Stats::new(of(&central), &mut values)
        };
        for (t, year) in tide.scenario.calendar().skip(1) {
            let key = Key { year: Some(year), ..all };
            let places = f64::from(tide.central.of_building(t, b));
            writer.some(key, &PLACES, [("central", places)]);
            writer.some(key, &IDLE, few(&stats(&|of| f64::from(of[t][i]))));
        }
        let sum = stats(&|of| of.iter().skip(1).map(|row| f64::from(row[i])).sum());
        writer.some(all, &IDLE, few(&sum));
    }
}

row! {
    /// How long one project is needed.
    NeededRow<'a> {
        project: ProjectKeys<'a>;
        places: u32, Places = "学位数", "places it adds, or takes";
        opens_central: Option<i32>, Year = "中位开办学年", "first academic year by which it is open with probability 0.5";
        years_mean: Number, Years = "需要年数的均值", "years in which it is needed, mean over the draws";
        years_p10: Option<i64>, Years = "需要年数的分位数", "the same, quantile";
        years_p50: Option<i64>, Years = "需要年数的分位数", "the same, quantile";
        years_p90: Option<i64>, Years = "需要年数的分位数", "the same, quantile";
        until_p50: Option<i64>, Year = "最后需要学年的中位数", "median of the last academic year in which it is needed";
        p_needed: Number, Share = "需要的概率", "draws in which it is needed at all";
        p_lasting: Number, Share = "持续需要的概率", "draws in which the need lasts";
        needed_seat_years: Number, SeatYears = "用上的学位·年", "seat-years that are needed, mean";
        spare_seat_years: Number, SeatYears = "闲置的学位·年", "seat-years that are not needed, mean";
        cost_per_needed_place_year: Option<Number>, MoneyPerPlace = "每个用上的学位·年的费用", "life-cycle cost of a place for a year in which it is needed";
        break_even_years: Option<u32>, Years = "与快建学位费用持平的年数", "years from which it costs less than quick places";
        p_break_even: Option<Number>, Share = "达到持平年数的概率", "draws in which it is needed as long as that";
        convertible: i64, Places = "可由相邻学段改办的学位", "idle places of the stages before and after in the same group throughout the need, median";
        need: Text<'a> = "需求类型", "whether the need lasts";
        suits: Text<'a> = "适合的办法", "what suits such a need";
        currency: Currency<'a>;
    }
}

pub(super) const NEEDED: Table = Table::of::<NeededRow<'_>>(
    "needed.csv",
    "一个项目需要多久",
    "how long a project is needed, and at what cost",
);

pub(super) fn needed(tide: &Tide, lang: Lang) -> impl Iterator<Item = NeededRow<'_>> {
    let scenario = &tide.scenario;
    tide.needs().into_iter().map(move |need| {
        let project = &scenario.projects[need.project];
        let at = |values: &[i64], level| (!values.is_empty()).then(|| quantile(values, level));
        let mean = need.years.iter().sum::<i64>() as f64 / need.years.len().max(1) as f64;
        NeededRow {
            project: ProjectKeys::of(scenario, project, lang),
            places: project.places,
            opens_central: tide.central.openings[need.project],
            years_mean: Number((mean * 100.0).round() / 100.0),
            years_p10: at(&need.years, 0.1),
            years_p50: at(&need.years, 0.5),
            years_p90: at(&need.years, 0.9),
            until_p50: at(&need.until, 0.5),
            p_needed: Number(need.p_needed),
            p_lasting: Number(need.p_lasting),
            needed_seat_years: Number(need.needed_seat_years.round()),
            spare_seat_years: Number(need.spare_seat_years.round()),
            cost_per_needed_place_year: need.cost.map(|cost| Number(cost.round())),
            break_even_years: need.break_even,
            p_break_even: need.p_break_even.map(Number),
            convertible: need.convertible,
            need: need.lasts.code().into(),
            suits: need.suits.code().into(),
            currency: Currency::of(scenario),
        }
    })
}

row! {
    /// Places used again elsewhere.
    ReuseRow<'a> {
        way: Way = "办法", "how places are used again";
        district: Text<'a> = "区域代码", "key of the district";
        from_group: Text<'a> = "来源大学区", "key of the sharing group they are taken from";
        from_stage: Text<'a> = "来源学段", "key of the stage they are taken from";
        project: Option<Text<'a>> = "迁移的项目", "key of the project that is moved";
        to_group: Text<'a> = "去向大学区", "key of the sharing group that gets them";
        to_stage: Text<'a> = "去向学段", "key of the stage that gets them";
        from_year: i32, Year = "起始学年", "first academic year";
        places: i64, Places = "一年中最多用上的学位，中位数", "median of the most places that would be used in a year";
        seat_years: Number, SeatYears = "减少的缺口", "shortage that it saves";
        saves: Number, Money = "节省的资金", "money that it saves";
        currency: Currency<'a>;
    }
}

pub(super) const REUSE: Table = Table::of::<ReuseRow<'_>>(
    "reuse.csv",
    "改办或迁移校舍可节省的",
    "what converting rooms or moving modules would save",
);

pub(super) fn reuse(tide: &Tide) -> impl Iterator<Item = ReuseRow<'_>> {
    let scenario = &tide.scenario;
    let frame = &scenario.frame;
    tide.reuse().into_iter().map(move |reuse| ReuseRow {
        way: reuse.way,
        district: (&frame.districts[frame.groups[reuse.from_group].district].id).into(),
        from_group: (&frame.groups[reuse.from_group].id).into(),
        from_stage: (&frame.stages[reuse.from_stage].id).into(),
        project: reuse.project.map(|j| (&scenario.projects[j].id).into()),
        to_group: (&frame.groups[reuse.to_group].id).into(),
        to_stage: (&frame.stages[reuse.to_stage].id).into(),
        from_year: reuse.first_year,
        places: reuse.places,
        seat_years: Number(reuse.seat_years.round()),
        saves: Number(reuse.money),
        currency: Currency::of(scenario),
    })
}
