//! What a place costs for a year, over the life of its building.
//!
//! ```text
//! PV cost      = sum over years k of the life   (capex_k + opex_k) / (1 + r)^k          k = years from the opening
//! PV places    = sum over years k of the life   usable places_k / (1 + r)^k
//! cost of a place and year = PV cost / PV places                                        (levelised)
//! break-even n: the fewest years of use with   capex_l / a(n, r) <= capex_q / a(life_q, r)
//! a(n, r)      = (1 + r) * (1 - (1 + r)^-n) / r,   n where r = 0                         (annuity, paid at once)
//! ```
//!
//! The life of a building that outlasts every horizon is the accounting life of the scenario. A school that fills grade
//! by grade has fewer place-years at first, and so dearer ones. Break-even compares a lasting building, used for n years
//! and worth nothing after, with a quick one that is used up: from n years of need on the lasting one is the cheaper.

use super::flow::{Item, MoneyRules, flows};
use crate::{
    index::ProjectId,
    scenario::ScenarioParts,
    supply::{Cause, effect},
};

/// The life-cycle money of one project.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LifeCycle {
    /// Years of use counted.
    pub life: u32,
    /// All capital money.
    pub capex: f64,
    /// Running money of a full year.
    pub opex: f64,
    /// Present value of all of it at the opening.
    pub present_value: f64,
    /// Usable places summed over the years of use.
    pub place_years: f64,
    /// Levelised cost of one place for one year; `None` without a place.
    pub per_place_year: Option<f64>,
}

/// The life-cycle cost of project `j` if it opened in `opened`.
pub fn life_cycle(parts: &ScenarioParts, j: ProjectId, opened: i32) -> LifeCycle {
    let project = &parts.projects[j];
    let money = &parts.money;
    // a swing building's places open with the project that releases it
    let gains: Vec<_> = effect::effects(parts, project.leader(j))
        .into_iter()
        .filter(|e| e.project == j && e.gains && e.cause == Cause::Gained)
        .collect();
    // a relocation ends with the life its modules have left; everything else with its own
    let life = project
        .life(&parts.kinds)
        .map(|life| life as i32)
        .or_else(|| gains.iter().find_map(|e| e.ends(opened)).map(|end| end - opened))
        .unwrap_or(money.accounting_life as i32)
        .max(1);
    let last = opened + life - 1;
    let flows = flows(parts, j, opened, last);
    let sum = |item| flows.iter().filter(|f| f.item == item).map(|f| f.amount).sum::<f64>();
    let present_value = flows.iter().map(|f| f.amount * money.discount(opened, f.year)).sum();
    let usable = |year| gains.iter().map(|e| e.usable(opened, year)).sum::<i64>().max(0) as f64;
    let place_years = (opened..=last).map(usable).sum();
    let discounted: f64 = (opened..=last).map(|year| usable(year) * money.discount(opened, year)).sum();
    LifeCycle {
        life: life as u32,
        capex: sum(Item::Capex),
        opex: project.opex.unwrap_or(0.0),
        present_value,
        place_years,
        per_place_year: (discounted > 0.0).then(|| present_value / discounted),
    }
}

/// Present value of one unit of money a year for `years` years, the first now.
pub fn annuity(rate: f64, years: u32) -> f64 {
    if rate <= 0.0 {
        return f64::from(years);
    }
    (1.0 - libm::pow(1.0 + rate, -f64::from(years))) / rate * (1.0 + rate)
}

/// The fewest years of use from which a place in a lasting building costs no more a year than one in a quick one that is
/// used for its whole life; `None` if it never does within the accounting life.
pub fn break_even(money: &MoneyRules, lasting: f64, quick: f64, quick_life: u32) -> Option<u32> {
    let yearly = quick / annuity(money.discount_rate, quick_life.max(1));
    (1..=money.accounting_life).find(|&n| lasting / annuity(money.discount_rate, n) <= yearly + 1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{StageId, ZoneId};
    use crate::{
        Scenario,
        geography::{Frame, Stage},
        money::{CostItem, PayerShare, When, payers_of},
        supply::{Kind, PhaseIn, Project},
    };

    fn parts(project: Project) -> ScenarioParts {
        let frame = Frame::of_one_zone(vec![Stage::from_pools(2, 10)]);
        let mut parts =
            ScenarioParts { projects: vec![project].into(), ..ScenarioParts::empty("m", frame, 2025) };
        parts.money.discount_rate = 0.1;
        parts
    }

    /// 100 places, half of them in the first year, three years: 50 + 100 + 100. Capex 1,100 in the opening year, opex 110.
    #[test]
    fn a_place_and_year_costs_what_it_costs_on_paper() {
        let project = Project {
            capex: Some(1100.0),
            opex: Some(110.0),
            life_years: Some(3),
            phase_in: Some(PhaseIn::GradeByGrade),
            ..Project::candidate("p", ZoneId::new(0), StageId::new(0), Kind::Prefab, 100)
        };
        let of = life_cycle(&parts(project), ProjectId::new(0), 2027);
        // 1100 + 110 + 110/1.1 + 110/1.21 = 1400.909; 50 + 100/1.1 + 100/1.21 = 223.554
        assert!((of.present_value - 1400.909).abs() < 1e-3 && (of.place_years - 250.0).abs() < 1e-9);
        assert!((of.per_place_year.unwrap() - 1400.909 / 223.554).abs() < 1e-3);
    }

    #[test]
    fn stated_amounts_keep_their_year_or_follow_the_opening() {
        let mut parts = parts(Project::candidate("p", ZoneId::new(0), StageId::new(0), Kind::Permanent, 100));
        let item = |when, amount| CostItem {
            project: ProjectId::new(0),
            item: Item::Capex,
            line: "land".into(),
            when,
            amount,
        };
        parts.money.items = vec![item(When::Year(2026), 5.0), item(When::Offset(-1), 7.0)];
        let years = |opened| {
            flows(&parts, ProjectId::new(0), opened, 2040)
                .iter()
                .map(|f| (f.year, f.amount))
                .collect::<Vec<_>>()
        };
        assert_eq!(years(2029), [(2026, 5.0), (2028, 7.0)]);
        assert_eq!(years(2031), [(2026, 5.0), (2030, 7.0)], "the default capex of the kind is not added");
    }

    #[test]
    fn the_payers_that_say_most_pay() {
        let mut parts = parts(Project::candidate("p", ZoneId::new(0), StageId::new(0), Kind::Permanent, 100));
        let share =
            |project, item, payer: &str, share| PayerShare { project, item, payer: payer.into(), share };
        parts.money.payers = vec![
            share(None, None, "city", 0.4),
            share(None, None, "township", 0.6),
            share(Some(ProjectId::new(0)), Some(Item::Opex), "township", 1.0),
        ];
        let scenario = Scenario::new(parts).unwrap();
        let of = |item| payers_of(&scenario, ProjectId::new(0), item);
        assert_eq!(of(Item::Capex), [("city".to_owned(), 0.4), ("township".to_owned(), 0.6)]);
        assert_eq!(of(Item::Opex), [("township".to_owned(), 1.0)]);
    }

    #[test]
    fn break_even_is_where_the_annuities_meet() {
        let money = MoneyRules { discount_rate: 0.0, accounting_life: 100, ..MoneyRules::default() };
        // 45,000 over 20 years is 2,250 a year; 180,000 reaches that after 80
        assert_eq!(break_even(&money, 180_000.0, 45_000.0, 20), Some(80));
        assert_eq!(break_even(&money, 90_000.0, 45_000.0, 5), Some(10));
        assert_eq!(break_even(&MoneyRules { accounting_life: 50, ..money }, 180_000.0, 45_000.0, 20), None);
    }
}
