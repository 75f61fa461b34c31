//! Entry pools: counts of children become cohorts by the year in which they enter a stage.
//!
//! | counted | at | enters in |
//! |---|---|---|
//! | children aged a on 1 September of y | y | y + A - a |
//! | births of calendar year y, cut-off at the end of month m | y | m/12 in y + A, the rest in y + A + 1 |
//! | births September y-1 .. August y | y | y + A |
//! | kindergarten class k (k = 1 leaves next) | y | y + k |
//!
//! A kindergarten class feeds the stage that children enter last from the pools (primary, where kindergarten is a stage of
//! its own). A is the entry age. With A = 6 and the end of August as cut-off the pool of year t is 1/3 of the births of t-7 and
//! 2/3 of those of t-6. A cohort of calendar births is known only when both its years are. Where a source counted the same
//! children more than once, the last count holds: a register of every autumn shows a cohort each year until it enters.
//! Source: docs/model.md, section 1.

use std::collections::BTreeMap;

use crate::{
    geography::{Frame, Intake, Stage},
    index::{StageId, ZoneId},
};

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counted {
    /// Children of this age, in whole years, on 1 September.
    Age(u32),
    /// Births of a calendar year.
    Births,
    /// Births of a school year, labelled by the year it ends in.
    BirthsSchoolYear,
    /// Kindergarten class, 1 = enters school next autumn.
    Kindergarten(u32),
}

impl Counted {
    /// Whether children counted so can enter stage `p`: a kindergarten class enters the stage after kindergarten only.
    pub fn feeds(self, frame: &Frame, p: StageId) -> bool {
        let age = |stage: &Stage| match stage.intake {
            Intake::Pools { entry_age } => Some(entry_age),
            Intake::Stages(_) => None,
        };
        match self {
            Counted::Kindergarten(_) => age(&frame.stages[p]) == frame.stages.iter().filter_map(age).max(),
            _ => true,
        }
    }
}

/// One row of the children table.
#[derive(Debug, Clone, PartialEq)]
pub struct ChildCount {
    /// Year of the count, or of birth.
    pub year: i32,
    /// Index of the zone.
    pub zone: ZoneId,
    /// Admission class, empty if none is told apart.
    pub class: String,
    /// The district's name for this source.
    pub source: String,
    /// What was counted.
    pub counted: Counted,
    /// Children.
    pub children: f64,
}

impl ChildCount {
    /// Entry years this count contributes to, each with its share of the whole cohort of that year.
    pub fn entry_years(&self, entry_age: u32, cutoff_month: u8) -> Vec<(i32, f64)> {
        let age = entry_age as i32;
        match self.counted {
            Counted::Age(a) => vec![(self.year + age - a as i32, 1.0)],
            Counted::BirthsSchoolYear => vec![(self.year + age, 1.0)],
            Counted::Kindergarten(k) => vec![(self.year + k as i32, 1.0)],
            Counted::Births => {
                let same = f64::from(cutoff_month) / 12.0;
                let mut years = vec![(self.year + age, same)];
                if cutoff_month < 12 {
                    years.push((self.year + age + 1, 1.0 - same));
                }
                years
            }
        }
    }
}

/// The known cohorts of one (zone, class, source), by entry year.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cohorts {
    known: BTreeMap<i32, f64>,
}

impl Cohorts {
    /// Cohorts of those `counts` that belong together. A cohort of which only a part is known is left out.
    pub fn new<'a>(counts: impl Iterator<Item = &'a ChildCount>, entry_age: u32, cutoff_month: u8) -> Self {
        let mut births: BTreeMap<i32, (f64, f64)> = BTreeMap::new();
        let mut last: BTreeMap<i32, (i32, Counted, f64)> = BTreeMap::new();
        for count in counts {
            for (year, share) in count.entry_years(entry_age, cutoff_month) {
                if count.counted == Counted::Births {
                    let entry = births.entry(year).or_default();
                    entry.0 += share * count.children;
                    entry.1 += share;
                } else {
                    let counted = (count.year, count.counted, count.children);
                    let entry = last.entry(year).or_insert(counted);
                    if (counted.0, counted.1) > (entry.0, entry.1) {
                        *entry = counted;
                    }
                }
            }
        }
        let whole = births.into_iter().filter(|(_, (_, share))| *share > 1.0 - 1e-9);
        let mut known: BTreeMap<i32, f64> = whole.map(|(year, (children, _))| (year, children)).collect();
        known.extend(last.into_iter().map(|(year, (_, _, children))| (year, children)));
        Self { known }
    }

    /// Children entering in `year`, if known.
    pub fn known(&self, year: i32) -> Option<f64> {
        self.known.get(&year).copied()
    }

    /// The last known cohort not after `year`: year and children.
    pub fn last_until(&self, year: i32) -> Option<(i32, f64)> {
        self.known.range(..=year).next_back().map(|(&y, &c)| (y, c))
    }

    /// The first known cohort from `year` on.
    pub fn first_from(&self, year: i32) -> Option<(i32, f64)> {
        self.known.range(year..).next().map(|(&y, &c)| (y, c))
    }

    /// Last entry year with a known cohort.
    pub fn last_year(&self) -> Option<i32> {
        self.known.keys().next_back().copied()
    }

    /// Years between the first and the last known cohort for which nothing is known.
    pub fn holes(&self) -> Vec<i32> {
        let (Some((&first, _)), Some((&last, _))) =
            (self.known.first_key_value(), self.known.last_key_value())
        else {
            return Vec::new();
        };
        (first..=last).filter(|y| !self.known.contains_key(y)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(year: i32, counted: Counted, children: f64) -> ChildCount {
        ChildCount { year, zone: ZoneId::new(0), class: String::new(), source: "s".into(), counted, children }
    }

    #[test]
    fn calendar_births_enter_a_third_seven_and_two_thirds_six_years_later() {
        let counts = [count(2013, Counted::Births, 900.0), count(2014, Counted::Births, 1200.0)];
        let cohorts = Cohorts::new(counts.iter(), 6, 8);
        // 2020: 1/3 of 2013 + 2/3 of 2014 = 300 + 800; 2019 and 2021 are known in part only
        assert!((cohorts.known(2020).unwrap() - 1100.0).abs() < 1e-9);
        assert_eq!((cohorts.known(2019), cohorts.known(2021)), (None, None));
    }

    #[test]
    fn ages_and_kindergarten_classes_enter_when_they_reach_the_entry_age() {
        let age = Cohorts::new([count(2020, Counted::Age(2), 7.0)].iter(), 6, 8);
        let kindergarten = Cohorts::new([count(2020, Counted::Kindergarten(1), 8.0)].iter(), 6, 8);
        assert_eq!((age.known(2024), kindergarten.known(2021)), (Some(7.0), Some(8.0)));
    }

    #[test]
    fn of_two_counts_of_the_same_children_the_last_holds() {
        let counts = [count(2020, Counted::Age(4), 90.0), count(2021, Counted::Age(5), 97.0)];
        let births =
            [count(2015, Counted::BirthsSchoolYear, 80.0), count(2016, Counted::BirthsSchoolYear, 70.0)];
        let cohorts = Cohorts::new(counts.iter().chain(&births), 6, 8);
        assert_eq!((cohorts.known(2021), cohorts.known(2022)), (Some(80.0), Some(97.0)));
    }

    #[test]
    fn a_hole_between_known_cohorts_is_named() {
        let counts = [count(2020, Counted::Age(5), 1.0), count(2020, Counted::Age(3), 1.0)];
        assert_eq!(Cohorts::new(counts.iter(), 6, 8).holes(), [2022]);
    }
}
