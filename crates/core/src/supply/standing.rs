//! How far a project has come by its entries, and what that makes of its row.
//!
//! The furthest of row and ledger is the status; a dated milestone is the month of its gate. Of a gate under way the last
//! milestone or stated progress speaks, whichever is later (every earlier one is inside it), and the next milestone by its
//! absence, up to the last day on which anybody wrote. Progress is building work done, from the start of work to the
//! acceptance: p stands for 0.15 + 0.80 p of the build lead. A published month of a building site gives way to the ledger
//! as soon as it speaks; closures and contracts keep theirs.

use super::{
    evidence::{Evidence, Mark},
    ledger::Milestone,
    project::{Project, Status},
};
use crate::time::Day;

/// Share of the site lead after which the land is there.
const LAND: f64 = 0.60;
/// Share of the build lead at which work begins, and that which passes until it is accepted.
const WORK: (f64, f64) = (0.15, 0.80);

/// How far a project has come by its entries.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Standing {
    /// Day of each milestone of [`Milestone::ALL`].
    pub reached: [Option<Day>; 8],
    /// Last stated progress, with its day.
    pub progress: Option<(Day, f64)>,
    /// Last stated money, with its day.
    pub spent: Option<(Day, f64)>,
    /// Day of the last entry.
    pub last: Option<Day>,
}

impl Standing {
    /// Day of a milestone, if it is reached.
    pub fn day(&self, milestone: Milestone) -> Option<Day> {
        self.reached[milestone as usize]
    }

    /// The furthest milestone; cancelled before everything else.
    pub fn furthest(&self) -> Option<Milestone> {
        Milestone::ALL.into_iter().rev().find(|m| self.day(*m).is_some())
    }
}

/// Share of the build lead a milestone stands for, if it lies within the build.
fn build_share(milestone: Milestone) -> Option<f64> {
    match milestone {
        Milestone::Started => Some(0.15),
        Milestone::ToppedOut => Some(0.60),
        Milestone::Accepted => Some(0.95),
        _ => None,
    }
}

/// A project with what its entries say; `until` is the last day on which the ledger was kept.
pub(super) fn applied(project: &Project, standing: &Standing, until: Day) -> Project {
    let Some(furthest) = standing.furthest() else {
        let mut same = project.clone();
        if project.status.is_building() && project.kind.is_built() {
            // nothing is known to be waited for where nobody records milestones
            same.evidence = build_evidence(project, standing, None, until).filter(|e| e.reached.is_some());
            same.opens = if same.evidence.is_some() { None } else { project.opens };
        }
        return same;
    };
    let mut known = project.clone();
    let status = furthest.status();
    // what has come further counts, be it the row or the ledger
    known.status =
        if project.status == Status::Cancelled { project.status } else { status.max(project.status) };
    let month = |m: Milestone| standing.day(m).map(Day::year_month);
    known.site_decided = month(Milestone::Planned).or(project.site_decided);
    let gate = standing
        .day(Milestone::Approved)
        .or_else(|| standing.day(Milestone::Started).filter(|_| project.build_decided.is_none()));
    known.build_decided = gate.map(Day::year_month).or(project.build_decided);
    if known.status == Status::Open {
        known.opens = month(Milestone::Open).or(project.opens);
    } else if known.status.is_building()
        && project.kind.is_built()
        && (gate.is_some() || standing.progress.is_some())
    {
        // the ledger knows better than a published month
        known.opens = None;
    }
    if known.status == Status::Site && known.site_decided.is_none() {
        known.site_decided = month(Milestone::Land);
    }
    if known.status.is_building() && known.kind.is_built() {
        known.evidence = build_evidence(&known, standing, gate, until);
    } else if known.status == Status::Site {
        known.evidence = site_evidence(&known, standing, until);
    }
    known
}

fn site_evidence(project: &Project, standing: &Standing, until: Day) -> Option<Evidence> {
    let opened = standing.day(Milestone::Planned).or(project.site_decided.map(Day::first_of))?;
    let mark = |day: Day| Mark { share: LAND, months: day.months() - opened.months() };
    let some = |mark: Mark| (mark.months > 0.0).then_some(mark);
    match standing.day(Milestone::Land) {
        Some(day) => Some(Evidence { reached: Some(some(mark(day))?), waiting: None }),
        None => Some(Evidence { reached: None, waiting: Some(some(mark(until))?) }),
    }
}

/// The last of the milestones of the build and the stated progress, and the milestone that is waited for.
fn build_evidence(project: &Project, standing: &Standing, gate: Option<Day>, until: Day) -> Option<Evidence> {
    let opened = gate.or(project.build_decided.map(Day::first_of))?;
    let at = |day: Day, share: f64| Mark { share, months: day.months() - opened.months() };
    let within = || Milestone::ALL.into_iter().filter_map(|m| Some((m, build_share(m)?)));
    let milestones = within().filter_map(|(m, share)| Some(at(standing.day(m)?, share)));
    let progress = standing.progress.map(|(day, share)| at(day, WORK.0 + WORK.1 * share));
    let reached = milestones
        .chain(progress)
        .filter(|mark| mark.months > 0.0)
        .max_by(|a, b| a.months.total_cmp(&b.months).then(a.share.total_cmp(&b.share)));
    // progress says how far it is today; only where milestones alone are kept does the next one tell by its absence
    let waiting = within()
        .find(|(m, share)| standing.day(*m).is_none() && reached.is_none_or(|r| *share > r.share))
        .map(|(_, share)| at(until, share))
        .filter(|mark| mark.months > 0.0 && standing.progress.is_none());
    (reached.is_some() || waiting.is_some()).then_some(Evidence { reached, waiting })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        supply::{
            Kind,
            ledger::said::{day, ledger, project},
        },
        time::YearMonth,
    };

    use Milestone::{Approved, Land, Open, Planned, Started, ToppedOut};

    /// The only project of a scenario as the ledger knows it.
    fn known(ledger: &crate::supply::Ledger, row: Project, date: &str) -> Project {
        ledger.apply(&[row].into(), day(date)).into_vec().remove(0)
    }

    #[test]
    fn status_and_gates_follow_the_entries_up_to_the_day_and_no_further() {
        let ledger = ledger(&[
            ("2022-03-10", Some(Planned), None, None),
            ("2023-12-20", Some(Land), None, None),
            ("2024-06-15", Some(Approved), None, None),
            ("2024-10-01", Some(Started), None, None),
            ("2026-08-20", Some(Open), None, None),
        ]);
        let at = |date: &str| known(&ledger, project(), date);
        assert_eq!(at("2022-03-09").status, Status::Candidate);
        let site = at("2024-01-01");
        assert_eq!((site.status, site.site_decided), (Status::Site, YearMonth::new(2022, 3)));
        // 10 March 2022 to 20 December 2023: 21 months and 19/31 - 9/31 of one
        let land = site.evidence.and_then(|e| e.reached).unwrap();
        assert!((land.months - (21.0 + 10.0 / 31.0)).abs() < 1e-9 && (land.share - 0.6).abs() < 1e-12);
        let building = at("2025-01-01");
        assert_eq!((building.status, building.build_decided), (Status::Started, YearMonth::new(2024, 6)));
        let evidence = building.evidence.unwrap();
        assert_eq!(evidence.reached.map(|m| m.share), Some(0.15));
        // the shell is waited for since: until 1 October 2024, the last day on which somebody wrote
        assert_eq!(evidence.waiting.map(|m| (m.share, (m.months * 10.0).round())), Some((0.6, 35.0)));
        let open = at("2026-08-20");
        assert_eq!((open.status, open.opens), (Status::Open, YearMonth::new(2026, 8)));
    }

    #[test]
    fn the_last_of_milestone_and_progress_speaks_and_overrides_a_published_month() {
        let ledger = ledger(&[
            ("2024-06-01", Some(Approved), None, None),
            ("2025-03-01", Some(ToppedOut), Some(0.4), None),
            ("2025-06-01", None, Some(0.8), None),
        ]);
        let row = Project { opens: YearMonth::new(2025, 8), status: Status::Committed, ..project() };
        let now = known(&ledger, row, "2025-07-01");
        assert_eq!(now.opens, None);
        // a year after approval four fifths of the work are done: 0.15 + 0.80 x 0.8 of the lead
        let evidence = now.evidence.and_then(|e| e.reached).unwrap();
        assert!((evidence.share - 0.79).abs() < 1e-12 && (evidence.months - 12.0).abs() < 1e-12);
        // in April the shell stood after nine months: the milestone says more than the 40 % of the same day
        let row = Project { status: Status::Committed, ..project() };
        let now = known(&ledger, row, "2025-04-01");
        assert_eq!(now.evidence.and_then(|e| e.reached), Some(Mark { share: 0.6, months: 9.0 }));
        // what is closed by order opens when the order says
        let row = Project {
            opens: YearMonth::new(2026, 8),
            kind: Kind::Closure,
            status: Status::Committed,
            ..project()
        };
        assert_eq!(known(&ledger, row, "2025-04-01").opens, YearMonth::new(2026, 8));
    }

    #[test]
    fn a_corrected_entry_is_kept_and_does_not_count() {
        let ledger = ledger(&[
            ("2024-06-01", Some(Approved), None, None),
            ("2024-09-01", Some(Open), None, None),
            ("2024-09-01", Some(Started), None, Some(2)),
        ]);
        assert_eq!(ledger.entries().len(), 3);
        let now = known(&ledger, project(), "2025-01-01");
        assert_eq!(now.status, Status::Started);
        assert!(ledger.faults(&[project()]).is_empty(), "{:?}", ledger.faults(&[project()]));
    }
}
