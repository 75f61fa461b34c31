//! What holds of the board, of decisions, and of policies that are played.

use super::{Action, Board, LastSafe, Outcome, board::BoardLine};
use crate::{
    geography::{Area, Frame},
    law::{Kept, Law, at_most, between, same},
    scenario::Scenario,
};

impl Board {
    /// Whether every district is the sum of its groups, and no figure is impossible.
    ///
    /// # Errors
    /// The first law that is broken.
    pub fn check(&self, scenario: &Scenario) -> Kept {
        let frame = &scenario.frame;
        for line in &self.lines {
            let place = || place(frame, line);
            at_most(Law::BoardMissing, 0, line.missing, place)?;
            let Area::District(_) = line.area else { continue };
            let groups = frame.groups_in(line.area);
            let of = |other: &&BoardLine| {
                let is_member = matches!(other.area, Area::Group(q) if groups.contains(&q));
                is_member && other.stage == line.stage && other.year == line.year
            };
            let members: Vec<&BoardLine> = self.lines.iter().filter(of).collect();
            let sum = |figure: fn(&BoardLine) -> i64| members.iter().map(|line| figure(line)).sum::<i64>();
            let figures: [fn(&BoardLine) -> i64; 4] = [
                |line| line.need,
                |line| line.missing,
                |line| line.with_candidates,
                |line| line.places.iter().sum(),
            ];
            for figure in figures {
                same(Law::BoardDistrict, figure(line), sum(figure), place)?;
            }
        }
        Ok(())
    }
}

fn place(frame: &Frame, line: &BoardLine) -> String {
    format!("{} {} {}", frame.area_name(line.area).en, frame.stages[line.stage].id, line.year)
}

impl Action {
    /// Whether the decision is one that `scenario` can take: whoever proposes may be another program.
    ///
    /// # Errors
    /// The first law that is broken.
    pub fn check(&self, scenario: &Scenario) -> Kept {
        let frame = &scenario.frame;
        let place = || format!("{} {}", self.step.code(), self.for_year);
        let last = |count: usize| count as i64 - 1;
        if let Some(j) = self.project {
            at_most(Law::ActionProject, j.index() as i64, last(scenario.projects.len()), place)?;
        }
        at_most(Law::ActionPlace, self.group.index() as i64, last(frame.groups.len()), place)?;
        at_most(Law::ActionPlace, self.stage.index() as i64, last(frame.stages.len()), place)?;
        at_most(Law::ActionYear, i64::from(self.round.year), i64::from(self.for_year), place)?;
        for p in [self.p_open, self.p_met].into_iter().flatten() {
            between(Law::ActionShare, p, (0.0, 1.0 + 1e-9), place)?; // a sum of many months, each rounded
        }
        Ok(())
    }
}

/// Whether every project has its last safe date.
///
/// # Errors
/// [`Law::LastSafeProjects`].
pub fn check_last_safe(scenario: &Scenario, dates: &[(Option<i32>, LastSafe)]) -> Kept {
    same(Law::LastSafeProjects, dates.len() as i64, scenario.projects.len() as i64, || scenario.id.clone())
}

impl Outcome {
    /// Whether the sums of the outcome are those of its years and slots.
    ///
    /// # Errors
    /// The first law that is broken.
    pub fn check(&self, policy: &str) -> Kept {
        let place = || policy.to_owned();
        let rows = || self.short.shape().rows().map(|year| self.short.row(year));
        let sum: u64 = self.short.iter().map(|&n| u64::from(n)).sum();
        same(Law::PlayShortage, self.shortage as i64, sum as i64, place)?;
        let worst = self.short.iter().copied().max().unwrap_or(0);
        same(Law::PlayWorst, self.worst as i64, i64::from(worst), place)?;
        let years = rows().filter(|row| row.iter().any(|&n| n > 0)).count();
        same(Law::PlayYears, i64::from(self.years_short), years as i64, place)?;
        for figure in [self.score, self.committed] {
            between(Law::PlayFinite, figure, (f64::MIN, f64::MAX), place)?;
        }
        Ok(())
    }

    /// Whether perfect foresight, `best`, is no worse than this.
    ///
    /// # Errors
    /// [`Law::ForesightBest`].
    pub fn check_foresight(&self, best: f64, policy: &str) -> Kept {
        // both are sums of the same amounts in another order
        let most = self.score + 1e-6 * (1.0 + self.score.abs());
        between(Law::ForesightBest, best, (f64::MIN, most), || policy.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cycle::{Gate, Step},
        fixture::{self, round as board},
        grid::{Grid, Shape},
        index::{GroupId, ProjectId, StageId},
        time::YearMonth,
    };

    #[test]
    fn a_board_that_does_not_add_up_is_found() {
        let scenario = fixture::scenario();
        let check = |change: &dyn Fn(&mut BoardLine)| {
            let (mut board, _) = board(&scenario);
            let line = board.lines.iter_mut().find(|line| matches!(line.area, Area::District(_))).unwrap();
            change(line);
            board.check(&scenario).map_err(|broken| broken.law)
        };
        assert_eq!(check(&|_| ()), Ok(()));
        assert_eq!(check(&|line| line.need += 1), Err(Law::BoardDistrict));
        assert_eq!(check(&|line| line.missing = -1), Err(Law::BoardMissing));
        assert_eq!(check(&|line| line.with_candidates += 1), Err(Law::BoardDistrict));
    }

    #[test]
    fn a_decision_about_what_is_not_there_is_found() {
        let scenario = fixture::scenario();
        let (_, actions) = board(&scenario);
        for action in &actions {
            assert_eq!(action.check(&scenario), Ok(()));
        }
        let good = Action {
            round: YearMonth { year: 2025, month: 10 },
            group: GroupId::new(0),
            stage: StageId::new(0),
            project: Some(ProjectId::new(0)),
            step: Step::Plan,
            gate: Some(Gate::Build),
            for_year: 2028,
            last_safe: None,
            p_open: Some(0.5),
            need: 1,
            supply: 0,
            missing: 1,
            adds: 1,
            p_met: None,
        };
        let check = |change: &dyn Fn(&mut Action)| {
            let mut action = good.clone();
            change(&mut action);
            action.check(&scenario).map_err(|broken| broken.law)
        };
        assert_eq!(check(&|_| ()), Ok(()));
        assert_eq!(check(&|a| a.project = Some(ProjectId::new(9999))), Err(Law::ActionProject));
        assert_eq!(check(&|a| a.group = GroupId::new(99)), Err(Law::ActionPlace));
        assert_eq!(check(&|a| a.stage = StageId::new(99)), Err(Law::ActionPlace));
        assert_eq!(check(&|a| a.for_year = 2024), Err(Law::ActionYear));
        assert_eq!(check(&|a| a.p_open = Some(1.1)), Err(Law::ActionShare));
        assert_eq!(check_last_safe(&scenario, &[]).unwrap_err().law, Law::LastSafeProjects);
    }

    #[test]
    fn an_outcome_that_is_not_the_sum_of_its_years_is_found() {
        let outcome = || Outcome {
            short: Grid::from_vec(Shape::new(2, 2), vec![0, 0, 3, 4]),
            shortage: 7,
            worst: 4,
            years_short: 1,
            score: 10.0,
            ..Outcome::default()
        };
        let check = |change: &dyn Fn(&mut Outcome)| {
            let mut outcome = outcome();
            change(&mut outcome);
            outcome.check("p").map_err(|broken| broken.law)
        };
        assert_eq!(check(&|_| ()), Ok(()));
        assert_eq!(check(&|o| o.shortage = 8), Err(Law::PlayShortage));
        assert_eq!(check(&|o| o.worst = 3), Err(Law::PlayWorst));
        assert_eq!(check(&|o| o.years_short = 2), Err(Law::PlayYears));
        assert_eq!(check(&|o| o.score = f64::NAN), Err(Law::PlayFinite));
        assert_eq!(outcome().check_foresight(10.0, "p"), Ok(()));
        assert_eq!(outcome().check_foresight(10.1, "p").unwrap_err().law, Law::ForesightBest);
    }
}
