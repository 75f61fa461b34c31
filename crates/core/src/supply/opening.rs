//! The opening of one project, tabulated over the years of a run.
//!
//! The opening of a draw is the first September by which P(open) reaches the draw's uniform number; the central opening
//! is the first by which it is one half.

use super::gates::OpeningLaw;
use crate::{
    law::{Kept, Law, between, same},
    supply::stock::BEYOND,
    time::YearMonth,
};

/// The opening of one project over the years of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    /// P(open by 1 September), by year from the first.
    pub by: Vec<f64>,
    /// First academic year with P >= 0.5, if within the years: the central opening. A fixed month gives its year, which
    /// may lie before the first.
    pub central: Option<i32>,
    first: i32,
    fixed: Option<i32>,
}

impl Opening {
    /// Tabulates `law` for the academic years `first..=last`.
    pub fn new(law: &OpeningLaw, first: i32, last: i32) -> Self {
        let by: Vec<f64> = (first..=last).map(|year| law.by_september(year)).collect();
        let fixed = match law {
            OpeningLaw::Fixed(month) => Some(YearMonth::of_index(*month as i32).first_september()),
            _ => None,
        };
        let central = match fixed {
            Some(year) => (year <= last).then_some(year),
            None => by.iter().position(|&p| p >= 0.5).map(|i| first + i as i32),
        };
        Self { by, central, first, fixed }
    }

    /// The opening of a draw with uniform number `u`: the first academic year with P >= u.
    pub fn drawn(&self, u: f64) -> Option<i32> {
        match self.fixed {
            Some(_) => self.central,
            None => self.by.iter().position(|&p| p >= u).map(|i| self.first + i as i32),
        }
    }

    /// P(open by 1 September of `year`); years before the first count as the first, later ones as the last.
    pub fn by_year(&self, year: i32) -> f64 {
        let last = self.by.len() - 1;
        self.by[((year - self.first).max(0) as usize).min(last)]
    }
}

impl Opening {
    /// Whether the probabilities of being open are such, and the central opening is theirs.
    ///
    /// # Errors
    /// The first law that is broken.
    pub fn check(&self, project: &str) -> Kept {
        // sums of many months, each rounded
        const ROUNDING: f64 = 1e-9;
        let mut before = 0.0;
        for &p in &self.by {
            between(Law::OpeningShare, p, (0.0, 1.0 + ROUNDING), || project.to_owned())?;
            between(Law::OpeningRises, p, (before - ROUNDING, f64::MAX), || project.to_owned())?;
            before = p;
        }
        let half = self.by.iter().position(|&p| p >= 0.5).map(|i| self.first + i as i32);
        // a fixed month may lie before the first year
        let central = self.central.map(|year| year.max(self.first));
        let shown = |year: Option<i32>| i64::from(year.unwrap_or(BEYOND));
        same(Law::OpeningCentral, shown(central), shown(half), || project.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{StageId, ZoneId};
    use crate::supply::{Kind, KindDefaults, Project};

    const ROUND: YearMonth = YearMonth { year: 2019, month: 10 };

    #[test]
    fn the_opening_drawn_is_the_first_september_whose_probability_reaches_the_number() {
        let project = Project {
            site_in_hand: true,
            ..Project::candidate("p", ZoneId::new(0), StageId::new(0), Kind::Permanent, 900)
        };
        let law = OpeningLaw::of(&project, &KindDefaults::default(), ROUND, ROUND);
        let opening = Opening::new(&law, 2019, 2025);
        assert_eq!(opening.central, Some(2022), "0.498 in 2021 is not half");
        assert_eq!(
            (opening.drawn(0.40), opening.drawn(0.60), opening.drawn(0.97)),
            (Some(2021), Some(2022), Some(2023))
        );
    }

    #[test]
    fn an_opening_that_is_no_law_of_chance_is_found() {
        let project = Project::candidate("p", ZoneId::new(0), StageId::new(0), Kind::Permanent, 900);
        let law = OpeningLaw::of(&project, &KindDefaults::default(), ROUND, ROUND);
        let check = |change: &dyn Fn(&mut Opening)| {
            let mut opening = Opening::new(&law, 2019, 2030);
            change(&mut opening);
            opening.check("p").map_err(|broken| broken.law)
        };
        assert_eq!(check(&|_| ()), Ok(()));
        assert_eq!(check(&|o| o.by[0] = -0.1), Err(Law::OpeningShare));
        assert_eq!(
            check(&|o| o.by.iter_mut().last().into_iter().for_each(|p| *p = 0.0)),
            Err(Law::OpeningRises)
        );
        assert_eq!(check(&|o| o.central = Some(2099)), Err(Law::OpeningCentral));
    }
}
