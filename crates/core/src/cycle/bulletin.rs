//! The quarterly bulletin (一项目一清单一台账, 季度通报): what the ledger changed since the quarter before.
//!
//! | part | holds |
//! |---|---|
//! | projects | P(open by the next 1 September) and the month by which it is open with probability one half, then and now |
//! | slips | projects whose half-way month moved, in months |
//! | at risk | places due this September times the probability that they are not there |
//! | colours | areas whose early warning changes colour because of it: the same pupils, other openings |
//! | passed | projects whose last safe decision date went by undecided |
//!
//! Both looks use the same draws of pupils, so that what differs is supply alone. Not done here: words ([the report
//! crate](crate::cycle)), the entries themselves.

use super::last_safe::LastSafe;
use crate::{
    balance::Warning,
    geography::Area,
    index::{ProjectId, Table},
    scenario::Scenario,
    supply::{OpeningLaw, Special, Status, SupplyModel},
    time::{Day, YearMonth},
};

/// What is known on one day.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// The first day after the quarter.
    pub seen: YearMonth,
    /// The scenario with its projects as the ledger knows them then.
    pub scenario: &'a Scenario,
    /// Its supply, seen from then.
    pub supply: &'a SupplyModel<'a>,
    /// Its early warnings.
    pub warnings: &'a [Warning],
    /// Its last safe decision dates, by project.
    pub last_safe: &'a Table<ProjectId, (Option<i32>, LastSafe)>,
}

/// One project in the bulletin.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectNews {
    /// Index of the project.
    pub project: ProjectId,
    /// Status at the end of the quarter.
    pub status: Status,
    /// P(open by the next 1 September) at the end of the quarter before.
    pub p_before: f64,
    /// And of this one.
    pub p_now: f64,
    /// Month by which it is open with probability one half, before; `None` if never.
    pub half_before: Option<YearMonth>,
    /// And now.
    pub half_now: Option<YearMonth>,
    /// Months that moved: positive is later.
    pub slip: i32,
    /// Usable places in its own zone and stage that September, if it is open then.
    pub places: u32,
    /// Whether it was counted on for then: open with probability one half or more, at the round or now, or published.
    pub due: bool,
    /// Day of its last entry in the ledger.
    pub last_entry: Option<Day>,
    /// Progress last stated, share.
    pub progress: Option<f64>,
    /// Money spent, last stated.
    pub spent: Option<f64>,
}

impl ProjectNews {
    /// Places due that September times the probability that they are not there.
    pub fn at_risk(&self) -> f64 {
        if self.due { f64::from(self.places) * (1.0 - self.p_now) } else { 0.0 }
    }
}

/// An early warning that changed colour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ColourChange {
    /// The warning before.
    pub before: Warning,
    /// And now.
    pub now: Warning,
}

/// The bulletin of one quarter.
#[derive(Debug, Clone, PartialEq)]
pub struct Bulletin {
    /// First day after the quarter.
    pub seen: YearMonth,
    /// First day after the quarter before.
    pub before: YearMonth,
    /// Academic year of the next 1 September.
    pub september: i32,
    /// Projects of the programme that were not open before the quarter, by id as in the table.
    pub projects: Vec<ProjectNews>,
    /// Warnings that changed colour, zones and groups only.
    pub colours: Vec<ColourChange>,
    /// Projects whose last safe decision date went by in the quarter, undecided: index, the date.
    pub passed: Vec<(ProjectId, YearMonth)>,
}

impl Bulletin {
    /// Compares two looks at one scenario.
    pub fn new(before: Look<'_>, now: Look<'_>) -> Self {
        let september = now.seen.first_september();
        let at_round = now.scenario.seen_at(now.scenario.round());
        let projects = now
            .scenario
            .projects
            .ids()
            .filter(|&j| before.scenario.projects[j].status != Status::Open)
            .filter(|&j| now.supply.in_programme(j) || before.supply.in_programme(j))
            .map(|j| news(before, now, &at_round, j, september))
            .collect();
        let spot = |w: &Warning| (w.area, w.stage, w.year);
        let colours = now
            .warnings
            .iter()
            .filter(|w| matches!(w.area, Area::Zone(_) | Area::Group(_)))
            .filter_map(|w| {
                let earlier = before.warnings.iter().find(|b| spot(b) == spot(w))?;
                (earlier.colour != w.colour).then_some(ColourChange { before: *earlier, now: *w })
            })
            .collect();
        let passed = before
            .last_safe
            .pairs()
            .filter_map(|(j, (_, date))| match date {
                LastSafe::Date(month)
                    if *month >= before.seen
                        && *month < now.seen
                        && now.scenario.projects[j].is_undecided() =>
                {
                    Some((j, *month))
                }
                _ => None,
            })
            .collect();
        Self { seen: now.seen, before: before.seen, september, projects, colours, passed }
    }

    /// Slips of a month or more, longest first.
    pub fn slips(&self) -> Vec<&ProjectNews> {
        let mut slips: Vec<&ProjectNews> = self.projects.iter().filter(|p| p.slip >= 1).collect();
        slips.sort_by_key(|p| (-p.slip, p.project));
        slips
    }

    /// Projects due this September that are not sure at `level`, most places at risk first.
    pub fn at_risk(&self, level: f64) -> Vec<&ProjectNews> {
        let mut risky: Vec<&ProjectNews> =
            self.projects.iter().filter(|p| p.due && p.p_now < level).collect();
        risky.sort_by(|a, b| b.at_risk().total_cmp(&a.at_risk()).then(a.project.cmp(&b.project)));
        risky
    }
}

/// The law of a project's opening as seen on the first day of a month; a swing building's is that of its leader.
pub fn law_at(scenario: &Scenario, j: ProjectId, seen: YearMonth) -> OpeningLaw {
    let leader = match scenario.projects[j].special {
        Special::Released { by } => by,
        _ => j,
    };
    OpeningLaw::of(&scenario.projects[leader], &scenario.kinds, seen, scenario.round().max(seen))
}

fn news(before: Look<'_>, now: Look<'_>, at_round: &Scenario, j: ProjectId, september: i32) -> ProjectNews {
    let month = |index: i32| YearMonth { year: 0, month: 1 }.plus(index);
    let law = |look: Look<'_>| law_at(look.scenario, j, look.seen);
    let (then, today) = (law(before), law(now));
    let half = |law: &OpeningLaw| law.month_at(0.5).map(month);
    let (half_before, half_now) = (half(&then), half(&today));
    let (p_before, p_now) = (then.by_september(september), today.by_september(september));
    let project = &now.scenario.projects[j];
    let promised = now.scenario.rows()[j].opens.is_some_and(|m| m.first_september() <= september);
    let counted_on = promised || {
        let expected = law_at(at_round, j, at_round.round()).by_september(september);
        at_round.projects[j].status.in_programme() && expected >= 0.5
    };
    let standing = now.scenario.ledger.standing(&project.id, Day::first_of(now.seen));
    ProjectNews {
        project: j,
        status: project.status,
        p_before,
        p_now,
        half_before,
        half_now,
        slip: half_before.zip(half_now).map_or(0, |(a, b)| b.index() - a.index()),
        places: now.supply.offered(j, Some(september), september),
        due: counted_on || p_now >= 0.5,
        last_entry: standing.last,
        progress: standing.progress.map(|(_, share)| share),
        spent: standing.spent.map(|(_, money)| money),
    }
}
