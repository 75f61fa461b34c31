//! Which projects count as supply, and from which decision.

use super::project::{Project, Status};
use crate::{
    index::{ProjectId, Table},
    time::YearMonth,
};

/// When what is still undecided of each project is decided, by project; `None` = never.
///
/// Entries of projects that are already building, open or given up are not read: nothing is left to decide.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schedule(Table<ProjectId, Option<YearMonth>>);

impl Schedule {
    /// A schedule from the month of decision of each project, in the order of the scenario.
    pub fn new(decide: impl IntoIterator<Item = Option<YearMonth>>) -> Self {
        Self(decide.into_iter().collect())
    }

    /// The schedule that says of every project what the programme says: projects at their site gate are decided in
    /// `round`, candidates never.
    pub fn of_programme(projects: &[Project], round: YearMonth) -> Self {
        Self(projects.iter().map(|p| (p.status == Status::Site).then_some(round)).collect())
    }

    /// The month in which project `j` is decided.
    pub fn decide(&self, j: ProjectId) -> Option<YearMonth> {
        self.0.at(j).copied().flatten()
    }

    /// Sets the month in which project `j` is decided; nothing if there is no such project.
    pub fn set(&mut self, j: ProjectId, decide: Option<YearMonth>) {
        if let Some(entry) = self.0.get_mut(j.index()) {
            *entry = decide;
        }
    }
}

/// Which projects count as supply.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Programme {
    /// Schools alone.
    None,
    /// With every project of status site or later.
    #[default]
    Committed,
    /// With all candidates at their earliest too: decided in this year's round.
    All,
    /// With every decision taken, and those of a schedule.
    Schedule(Schedule),
}

impl Programme {
    /// The programmes that need no schedule.
    pub const NAMED: [Programme; 3] = [Programme::None, Programme::Committed, Programme::All];

    /// Code in tables and on the command line.
    pub fn code(&self) -> &'static str {
        match self {
            Programme::None => "none",
            Programme::Committed => "committed",
            Programme::All => "all",
            Programme::Schedule(_) => "schedule",
        }
    }

    /// The month in which what is undecided of project `j` is decided; `None` if the project does not count.
    pub(super) fn decide(&self, j: ProjectId, project: &Project, round: YearMonth) -> Option<YearMonth> {
        let counts = match (self, project.status) {
            (_, Status::Cancelled) | (Programme::None, _) => false,
            (Programme::Committed, status) => status.in_programme(),
            (Programme::All, _) => true,
            (Programme::Schedule(schedule), _) if project.is_undecided() => return schedule.decide(j),
            (Programme::Schedule(_), status) => status.in_programme(),
        };
        counts.then_some(round)
    }
}
