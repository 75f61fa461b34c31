//! `money.csv`: the programme's money by project, budget year, line and payer; `lifecycle.csv`: what a place costs for a
//! year in every project.

use std::collections::BTreeMap;

use seatcast_core::{
    Lang,
    geography::Area,
    index::ProjectId,
    money::{Item, flows, life_cycle, payers_of},
    supply::Status,
};

use super::{
    Table,
    cell::{Cents, Number, Text},
    keys::{Currency, Place, ProjectKeys},
    row::row,
};
use crate::Run;

row! {
    /// Money of a project, or of all projects of a district, in a budget year.
    MoneyRow<'a> {
        scenario: Text<'a> = "情景代码", "key of the scenario";
        place: Place<'a>;
        stage: Option<Text<'a>> = "学段代码；留空为合计", "key of the stage; blank in the sum over the district's projects";
        project: Option<Text<'a>> = "项目代码；留空为区域合计", "key of the project; blank is the sum over the district's";
        year: i32, Year = "预算年度", "budget year";
        item: Item = "投资或运行费", "capital or running cost";
        line: Text<'a> = "预算科目", "budget line";
        payer: Text<'a> = "出资方", "who pays";
        amount: Cents, Money = "金额", "amount";
        present_value: Cents, Money = "折现到基年的金额", "amount discounted to the base year";
        currency: Currency<'a>;
    }
}

pub(super) const TABLE: Table = Table::of::<MoneyRow<'_>>(
    "money.csv",
    "一个预算年度的一笔资金",
    "money of a project, budget year, line and payer",
);

/// What amounts are summed by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Purpose {
    year: i32,
    item: Item,
    line: String,
    payer: String,
}

/// The programme at central opening, up to the last year of the run; of each district first the sums, then its projects.
pub(super) fn rows<'a>(run: &'a Run<'_>) -> Vec<MoneyRow<'a>> {
    let scenario = run.scenario;
    let frame = &scenario.frame;
    let row = |area, project: Option<ProjectId>, of: Purpose, amount: f64| MoneyRow {
        scenario: (&scenario.id).into(),
        place: Place::of(frame, area),
        stage: project.map(|j| (&frame.stages[scenario.projects[j].stage].id).into()),
        project: project.map(|j| (&scenario.projects[j].id).into()),
        year: of.year,
        item: of.item,
        line: of.line.into(),
        payer: of.payer.into(),
        amount: Cents(amount),
        present_value: Cents(amount * scenario.money.discount(scenario.base_year, of.year)),
        currency: Currency::of(scenario),
    };
    let mut rows = Vec::new();
    for d in frame.districts.ids() {
        let zones = frame.zones_in(Area::District(d));
        let mut sums: BTreeMap<Purpose, f64> = BTreeMap::new();
        let mut own = Vec::new();
        for (j, project) in scenario.projects.pairs() {
            let opened = run.supply.opening(j).central.filter(|_| run.supply.in_programme(j));
            let Some(opened) = opened.filter(|_| zones.contains(&project.zone)) else { continue };
            for flow in flows(scenario, j, opened, scenario.until) {
                for (payer, share) in payers_of(scenario, j, flow.item) {
                    let of = Purpose { year: flow.year, item: flow.item, line: flow.line.clone(), payer };
                    *sums.entry(of.clone()).or_default() += flow.amount * share;
                    own.push(row(Area::Zone(project.zone), Some(j), of, flow.amount * share));
                }
            }
        }
        rows.extend(sums.into_iter().map(|(of, amount)| row(Area::District(d), None, of, amount)));
        rows.extend(own);
    }
    rows
}

row! {
    /// The life-cycle cost of a project.
    LifeCycleRow<'a> {
        project: ProjectKeys<'a>;
        places: u32, Places = "学位数", "places it adds";
        life_years: u32, Years = "使用年限", "years of use that are counted";
        capex: Cents, Money = "建设投资", "capital";
        opex: Cents, Money = "运行费合计", "running cost over the life";
        present_value: Cents, Money = "折现到开办年的费用", "cost discounted to the opening";
        place_years: Number, PlaceYears = "学位·年", "usable places summed over the years";
        capex_per_place: Option<Cents>, MoneyPerPlace = "每个学位的投资", "capital a place";
        cost_per_place_year: Option<Cents>, MoneyPerPlace = "每个学位·年的费用", "present value of the cost over that of the place-years";
        discount_rate: Number, Ratio = "折现率", "discount rate";
        currency: Currency<'a>;
    }
}

pub(super) const LIFE_CYCLES: Table = Table::of::<LifeCycleRow<'_>>(
    "lifecycle.csv",
    "一个项目的全周期费用",
    "the life-cycle cost of a project that adds places",
);

/// Every project that adds places, an undecided one taken as decided in this round.
pub(super) fn life_cycles<'a>(run: &'a Run<'_>, lang: Lang) -> impl Iterator<Item = LifeCycleRow<'a>> {
    let scenario = run.scenario;
    let adds = scenario.projects.pairs();
    let adds = adds.filter(|(_, project)| project.kind.adds() && project.status != Status::Cancelled);
    adds.map(move |(j, project)| {
        let opened = run.supply.opening(j).central.unwrap_or(scenario.until + 1);
        let of = life_cycle(scenario, j, opened);
        let places = f64::from(project.places);
        LifeCycleRow {
            project: ProjectKeys::of(scenario, project, lang),
            places: project.places,
            life_years: of.life,
            capex: Cents(of.capex),
            opex: Cents(of.opex),
            present_value: Cents(of.present_value),
            place_years: Number(of.place_years),
            capex_per_place: (places > 0.0).then(|| Cents(of.capex / places)),
            cost_per_place_year: of.per_place_year.map(Cents),
            discount_rate: Number(scenario.money.discount_rate),
            currency: Currency::of(scenario),
        }
    })
}
