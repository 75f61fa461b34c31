//! The cash flow of a project, as a function of its opening year.
//!
//! ```text
//! capex(o)   = stated amounts, in their own years or so many years from o;  else all of it in o
//! opex(o, y) = opex a year while the building is in use, and stated amounts
//! amount of payer k = share_k * amount                 shares of a project and item add to 1
//! present value     = amount / (1 + r)^(y - base year)
//! ```
//!
//! | symbol | meaning | unit |
//! |---|---|---|
//! | o | academic year of the opening | year |
//! | y | budget year | year |
//! | r | real discount rate | share a year |

use crate::{
    codes,
    index::ProjectId,
    scenario::{Scenario, ScenarioParts},
};

codes! {
    /// Capital or running money.
    pub enum Item {
        /// To build, buy, move.
        Capex = "capex", "建设费", "capital";
        /// To run, rent, maintain.
        Opex = "opex", "运行费", "running";
    }
}

/// When an amount is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// In this budget year, whenever the project opens.
    Year(i32),
    /// So many years after the academic year of the opening; negative = before.
    Offset(i32),
}

/// A stated amount of a project.
#[derive(Debug, Clone, PartialEq)]
pub struct CostItem {
    /// Index of the project.
    pub project: ProjectId,
    /// Capital or running.
    pub item: Item,
    /// Budget line; may be empty.
    pub line: String,
    /// When it is due.
    pub when: When,
    /// Money.
    pub amount: f64,
}

/// Who pays which share.
#[derive(Debug, Clone, PartialEq)]
pub struct PayerShare {
    /// Index of the project; `None` = every project that states no payers of its own.
    pub project: Option<ProjectId>,
    /// Of this item only; `None` = of both.
    pub item: Option<Item>,
    /// Name of the payer.
    pub payer: String,
    /// Its share.
    pub share: f64,
}

/// Everything the money of a scenario needs besides its projects.
#[derive(Debug, Clone, PartialEq)]
pub struct MoneyRules {
    /// Currency of every amount.
    pub currency: String,
    /// Year whose prices the amounts are in, if stated.
    pub price_year: Option<i32>,
    /// Real discount rate a year.
    pub discount_rate: f64,
    /// Years a building is written off over where its life is beyond every horizon.
    pub accounting_life: u32,
    /// Stated amounts.
    pub items: Vec<CostItem>,
    /// Payers' shares.
    pub payers: Vec<PayerShare>,
}

impl Default for MoneyRules {
    /// CNY, prices of no stated year, no discounting, fifty years.
    fn default() -> Self {
        Self {
            currency: "CNY".to_owned(),
            price_year: None,
            discount_rate: 0.0,
            accounting_life: 50,
            items: Vec::new(),
            payers: Vec::new(),
        }
    }
}

impl MoneyRules {
    /// What one unit of money in `year` is worth in `base`.
    pub fn discount(&self, base: i32, year: i32) -> f64 {
        libm::pow(1.0 + self.discount_rate, f64::from(base - year))
    }
}

/// An amount in a year.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// Budget year.
    pub year: i32,
    /// Capital or running.
    pub item: Item,
    /// Budget line; may be empty.
    pub line: String,
    /// Money.
    pub amount: f64,
}

/// The money of project `j` if it opens in the academic year `opened`, up to and with the year `last`; by year, capital
/// first.
pub fn flows(parts: &ScenarioParts, j: ProjectId, opened: i32, last: i32) -> Vec<Flow> {
    let project = &parts.projects[j];
    let stated: Vec<&CostItem> = parts.money.items.iter().filter(|i| i.project == j).collect();
    let mut flows: Vec<Flow> = stated
        .iter()
        .map(|i| Flow {
            year: match i.when {
                When::Year(year) => year,
                When::Offset(years) => opened + years,
            },
            item: i.item,
            line: i.line.clone(),
            amount: i.amount,
        })
        .collect();
    let plain = |year, item, amount| Flow { year, item, line: String::new(), amount };
    if !stated.iter().any(|i| i.item == Item::Capex) {
        let cost = project.cost(&parts.kinds);
        if cost > 0.0 {
            flows.push(plain(opened, Item::Capex, cost));
        }
    }
    let opex = project.opex.unwrap_or(0.0);
    if opex > 0.0 {
        let end = project.life(&parts.kinds).map_or(i32::MAX, |life| opened.saturating_add(life as i32));
        flows.extend((opened..end.min(last.saturating_add(1))).map(|year| plain(year, Item::Opex, opex)));
    }
    flows.retain(|f| f.year <= last);
    flows.sort_by(|a, b| (a.year, a.item, &a.line).cmp(&(b.year, b.item, &b.line)));
    flows
}

/// All capital money of project `j`: what is stated, else the one figure of the project, else that of its kind.
pub fn capital(parts: &ScenarioParts, j: ProjectId) -> f64 {
    let stated = parts.money.items.iter().filter(|i| i.project == j && i.item == Item::Capex);
    let (count, sum) = stated.fold((0, 0.0), |(count, sum), i| (count + 1, sum + i.amount));
    if count == 0 { parts.projects[j].cost(&parts.kinds) } else { sum }
}

/// Capital money per place of project `j`: what candidates are ordered by.
pub fn capital_per_place(parts: &ScenarioParts, j: ProjectId) -> f64 {
    let places = parts.projects[j].places;
    if places == 0 { f64::INFINITY } else { capital(parts, j) / f64::from(places) }
}

/// Who pays an item of project `j`: payer and share. One unnamed payer where nobody is stated.
///
/// The rows that say most win: those of the project before those of all, those of the item before those of both.
pub fn payers_of(scenario: &Scenario, j: ProjectId, item: Item) -> Vec<(String, f64)> {
    let rows = |project: Option<ProjectId>, of: Option<Item>| -> Vec<(String, f64)> {
        let fits = scenario.money.payers.iter().filter(|p| p.project == project && p.item == of);
        fits.map(|p| (p.payer.clone(), p.share)).collect()
    };
    [(Some(j), Some(item)), (Some(j), None), (None, Some(item)), (None, None)]
        .into_iter()
        .map(|(project, of)| rows(project, of))
        .find(|found| !found.is_empty())
        .unwrap_or_else(|| vec![(String::new(), 1.0)])
}
