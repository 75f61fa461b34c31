//! The ledger (一项目一清单一台账): dated entries of every project, and what they make of it.
//!
//! | milestone | stands for | share of the gate's lead |
//! |---|---|---|
//! | planned | site gate opened | 0 of the site lead |
//! | land | land is there | 0.60 of the site lead |
//! | approved | build gate opened | 0 of the build lead |
//! | started | work on the site | 0.15 of the build lead |
//! | topped out | the shell stands (封顶) | 0.60 of the build lead |
//! | accepted | finished and taken over (验收) | 0.95 of the build lead |
//! | open | in use | - |
//! | cancelled | given up | - |
//!
//! An entry is never erased: a wrong one is corrected by a later one that names it and takes its place. Entries speak up
//! to the day the ledger is seen from, nothing later. What they make of a project is [`super::standing`].
//!
//! The shares are our judgement. Not done here: files and their locks (the reader's crate), the record of finished
//! projects ([`super::record`]).

use std::{collections::BTreeMap, fmt};

use super::{
    project::{Project, ProjectTable, Status},
    standing::{Standing, applied},
};
use crate::{
    codes,
    time::{Day, YearMonth},
};

codes! {
    /// A step of a project that an entry records.
    pub enum Milestone {
        /// On the plan: the site gate is open.
        Planned = "planned", "立项", "planned";
        /// The land is there.
        Land = "land", "取得用地", "land";
        /// Approved: the build gate is open.
        Approved = "approved", "批准建设", "approved";
        /// Work on the site has begun.
        Started = "started", "开工", "started";
        /// The shell stands.
        ToppedOut = "topped_out", "封顶", "topped out";
        /// Finished and taken over.
        Accepted = "accepted", "验收", "accepted";
        /// In use.
        Open = "open", "开办", "open";
        /// Given up.
        Cancelled = "cancelled", "取消", "cancelled";
    }
}

impl Milestone {
    /// The status a project has once it is reached.
    pub fn status(self) -> Status {
        match self {
            Milestone::Planned | Milestone::Land => Status::Site,
            Milestone::Approved => Status::Committed,
            Milestone::Started | Milestone::ToppedOut | Milestone::Accepted => Status::Started,
            Milestone::Open => Status::Open,
            Milestone::Cancelled => Status::Cancelled,
        }
    }
}

/// One entry of the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its number: 1, 2, 3 ... in the order of writing.
    pub number: u64,
    /// The day it speaks of.
    pub date: Day,
    /// Key of the project.
    pub project: String,
    /// Milestone reached on that day.
    pub milestone: Option<Milestone>,
    /// Share of the building work done on that day, 0..=1.
    pub progress: Option<f64>,
    /// Money spent up to that day.
    pub spent: Option<f64>,
    /// Free text.
    pub note: String,
    /// Who wrote it.
    pub author: String,
    /// Number of the entry whose place it takes.
    pub corrects: Option<u64>,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum EntryFault {
    /// No such project.
    UnknownProject,
    /// A milestone dated before one that comes first: it, its date, the other, its date.
    BeforePredecessor(Milestone, Day, Milestone, Day),
    /// A milestone dated before the decision that the project's row states: it, its date, column, month.
    BeforeRow(Milestone, Day, &'static str, YearMonth),
    /// Dated before an earlier entry of the project: date, the earlier entry's number and date.
    OutOfOrder(Day, u64, Day),
    /// Dated after the project was open or cancelled: date, that milestone, its date.
    AfterTheEnd(Day, Milestone, Day),
    /// Corrects what is not there, or is of another project: number.
    CorrectsNothing(u64),
    /// Corrects what another entry has corrected already: number, the other entry.
    CorrectedTwice(u64, u64),
    /// Less progress than an earlier entry: percent, earlier percent, its number.
    ProgressFalls(f64, f64, u64),
    /// Less money spent than an earlier entry: money, earlier money, its number.
    SpentFalls(f64, f64, u64),
    /// A milestone of a build whose gate is nowhere dated: neither approved nor started, nor in the row.
    NoGate(Milestone),
    /// Neither milestone nor progress nor money nor note.
    SaysNothing,
}

impl EntryFault {
    /// Whether it only asks to be looked at: the entry can still be read as it stands.
    pub fn is_warning(&self) -> bool {
        matches!(
            self,
            EntryFault::OutOfOrder(..) | EntryFault::ProgressFalls(..) | EntryFault::SpentFalls(..)
        )
    }
}

/// All entries, in the order of writing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ledger {
    entries: Vec<Entry>,
    /// The first correction of an entry, by its number.
    corrections: BTreeMap<u64, u64>,
    /// Indices of the entries of a project.
    of_project: BTreeMap<String, Vec<usize>>,
}

impl Ledger {
    /// A ledger of entries in the order of writing.
    pub fn new(entries: Vec<Entry>) -> Self {
        let mut corrections = BTreeMap::new();
        let mut of_project: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (i, entry) in entries.iter().enumerate() {
            if let Some(number) = entry.corrects {
                corrections.entry(number).or_insert(entry.number);
            }
            of_project.entry(entry.project.clone()).or_default().push(i);
        }
        Self { entries, corrections, of_project }
    }

    /// Every entry, corrected ones too, in the order of writing.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry that takes the place of entry `number`, if any.
    pub fn correction_of(&self, number: u64) -> Option<u64> {
        self.corrections.get(&number).copied()
    }

    /// Entries that stand: not corrected by a later one.
    pub fn standing_entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|e| self.correction_of(e.number).is_none())
    }

    /// The last day that an entry speaks of which still stands.
    pub fn last_day(&self) -> Option<Day> {
        self.standing_entries().map(|e| e.date).max()
    }

    /// Those of one project, with their place among all entries.
    fn standing_entries_of(&self, project: &str) -> impl Iterator<Item = (usize, &Entry)> {
        let indices = self.of_project.get(project).map(Vec::as_slice).unwrap_or_default();
        let entries = indices.iter().map(|&i| (i, &self.entries[i]));
        entries.filter(|(_, e)| self.correction_of(e.number).is_none())
    }

    /// How far `project` has come by the entries up to and on `as_of`.
    pub fn standing(&self, project: &str, as_of: Day) -> Standing {
        let mut standing = Standing::default();
        for (_, entry) in self.standing_entries_of(project).filter(|(_, e)| e.date <= as_of) {
            if let Some(milestone) = entry.milestone {
                // a milestone is reached once: the first day that stands
                let day = &mut standing.reached[milestone as usize];
                *day = Some(day.map_or(entry.date, |d| d.min(entry.date)));
            }
            let later = |held: Option<(Day, f64)>, value: Option<f64>| match (held, value) {
                (Some((day, _)), Some(_)) if day > entry.date => held,
                (_, Some(value)) => Some((entry.date, value)),
                (held, None) => held,
            };
            standing.progress = later(standing.progress, entry.progress);
            standing.spent = later(standing.spent, entry.spent);
            standing.last = standing.last.max(Some(entry.date));
        }
        standing
    }

    /// `projects` as the ledger knows them on `as_of`; rows the ledger says nothing of stay as they are.
    pub fn apply(&self, projects: &ProjectTable, as_of: Day) -> ProjectTable {
        // what is not recorded by the last day on which anybody wrote is not reached by then
        let until = self.standing_entries().map(|e| e.date).filter(|d| *d <= as_of).max();
        let Some(until) = until else { return projects.clone() };
        projects.iter().map(|project| applied(project, &self.standing(&project.id, as_of), until)).collect()
    }

    /// Everything wrong, by entry in the order of writing.
    pub fn faults(&self, projects: &[Project]) -> Vec<(u64, EntryFault)> {
        let of = |i: usize| {
            let number = self.entries[i].number;
            self.faults_at(i, projects).into_iter().map(move |fault| (number, fault))
        };
        (0..self.entries.len()).flat_map(of).collect()
    }

    /// What is wrong with the last entry.
    pub fn faults_of_last(&self, projects: &[Project]) -> Vec<EntryFault> {
        self.entries.len().checked_sub(1).map(|i| self.faults_at(i, projects)).unwrap_or_default()
    }

    fn faults_at(&self, i: usize, projects: &[Project]) -> Vec<EntryFault> {
        let entry = &self.entries[i];
        let mut faults = Vec::new();
        if self.correction_of(entry.number).is_some() {
            return faults; // it is fixed: what was wrong with it is history
        }
        let mut say = |fault| faults.push(fault);
        let known = |id: &str| projects.iter().find(|p| p.id == id);
        let project = known(&entry.project);
        if project.is_none() {
            say(EntryFault::UnknownProject);
        }
        let empty = entry.milestone.is_none() && entry.progress.is_none() && entry.spent.is_none();
        if empty && entry.note.trim().is_empty() {
            say(EntryFault::SaysNothing);
        }
        if let Some(number) = entry.corrects {
            let corrected = self.entries[..i].iter().find(|e| e.number == number);
            // a misspelt project is corrected by an entry of the right one
            let fits = |e: &Entry| e.project == entry.project || known(&e.project).is_none();
            if !corrected.is_some_and(fits) {
                say(EntryFault::CorrectsNothing(number));
            } else if let Some(other) = self.correction_of(number).filter(|other| *other != entry.number) {
                say(EntryFault::CorrectedTwice(number, other));
            }
        }
        let own = self.standing_entries_of(&entry.project);
        let before: Vec<&Entry> = own.filter(|(at, _)| *at < i).map(|(_, e)| e).collect();
        self.against(entry, &before, project, &mut say);
        faults
    }

    /// Faults of `entry` against the standing entries of its project written `before` it, and against its row.
    fn against(
        &self,
        entry: &Entry,
        before: &[&Entry],
        project: Option<&Project>,
        say: &mut impl FnMut(EntryFault),
    ) {
        let latest = before.iter().max_by_key(|e| e.date);
        // an entry that takes another's place may well speak of an earlier day
        if let Some(latest) = latest.filter(|e| entry.date < e.date && entry.corrects.is_none()) {
            say(EntryFault::OutOfOrder(entry.date, latest.number, latest.date));
        }
        if let Some(milestone) = entry.milestone {
            let others = || self.standing_entries_of(&entry.project).map(|(_, e)| e);
            let wrong = others().filter_map(|e| Some((e.milestone?, e.date))).find(|(other, date)| {
                *other < milestone && milestone != Milestone::Cancelled && *date > entry.date
            });
            if let Some((other, date)) = wrong {
                say(EntryFault::BeforePredecessor(milestone, entry.date, other, date));
            }
            let gate = |e: &Entry| matches!(e.milestone, Some(Milestone::Approved | Milestone::Started));
            let within = matches!(milestone, Milestone::ToppedOut | Milestone::Accepted);
            let dated = project.is_none_or(|p| p.build_decided.is_some()) || others().any(gate);
            if within && !dated {
                say(EntryFault::NoGate(milestone));
            }
            let decided = project.and_then(|p| {
                let row = match milestone {
                    Milestone::Started | Milestone::ToppedOut | Milestone::Accepted | Milestone::Open => {
                        ("build_decided", p.build_decided)
                    }
                    Milestone::Land | Milestone::Approved => ("site_decided", p.site_decided),
                    Milestone::Planned | Milestone::Cancelled => return None,
                };
                row.1.filter(|month| entry.date.year_month() < *month).map(|month| (row.0, month))
            });
            if let Some((column, month)) = decided {
                say(EntryFault::BeforeRow(milestone, entry.date, column, month));
            }
        }
        let ended = before.iter().find_map(|e| {
            let end = e.milestone.filter(|m| matches!(m, Milestone::Open | Milestone::Cancelled))?;
            (entry.date > e.date).then_some((end, e.date))
        });
        if let Some((end, date)) = ended.filter(|_| entry.milestone.is_some() || entry.progress.is_some()) {
            say(EntryFault::AfterTheEnd(entry.date, end, date));
        }
        let last = |value: fn(&Entry) -> Option<f64>| {
            before
                .iter()
                .filter(|e| e.date <= entry.date)
                .filter_map(|e| Some((value(e)?, e.number)))
                .next_back()
        };
        if let (Some(now), Some((then, number))) = (entry.progress, last(|e| e.progress))
            && now < then
        {
            say(EntryFault::ProgressFalls(now * 100.0, then * 100.0, number));
        }
        if let (Some(now), Some((then, number))) = (entry.spent, last(|e| e.spent))
            && now < then
        {
            say(EntryFault::SpentFalls(now, then, number));
        }
    }
}

impl fmt::Display for Milestone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What tests of the ledger and of what is read off it have in common: one project and its entries.
#[cfg(test)]
pub(super) mod said {
    use super::{Day, Entry, Ledger, Milestone, Project};
    use crate::index::{StageId, ZoneId};
    use crate::supply::Kind;

    pub(in crate::supply) fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    /// Date, milestone, progress, what it corrects.
    pub(in crate::supply) type Said<'a> = (&'a str, Option<Milestone>, Option<f64>, Option<u64>);

    /// Entries of one project, numbered as they stand.
    pub(in crate::supply) fn ledger(entries: &[Said<'_>]) -> Ledger {
        let entry = |(i, said): (usize, &Said<'_>)| Entry {
            number: i as u64 + 1,
            date: day(said.0),
            project: "p".into(),
            milestone: said.1,
            progress: said.2,
            spent: None,
            note: String::new(),
            author: "a".into(),
            corrects: said.3,
        };
        Ledger::new(entries.iter().enumerate().map(entry).collect())
    }

    pub(in crate::supply) fn project() -> Project {
        Project::candidate("p", ZoneId::new(0), StageId::new(0), Kind::Permanent, 900)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        said::{Said, day, ledger, project},
        *,
    };

    use Milestone::{Approved, Cancelled, Planned, Started, ToppedOut};

    #[test]
    fn every_fault_of_an_entry_is_found() {
        let of = |entries: &[Said<'_>]| ledger(entries).faults(&[project()]);
        let (a, b) = ("2024-06-01", "2024-09-01");
        assert_eq!(
            of(&[(b, Some(Approved), None, None), (a, Some(Started), None, None)]),
            [
                (2, EntryFault::OutOfOrder(day(a), 1, day(b))),
                (2, EntryFault::BeforePredecessor(Started, day(a), Approved, day(b)))
            ]
        );
        assert_eq!(
            of(&[(a, Some(Cancelled), None, None), (b, Some(Started), None, None)]),
            [(2, EntryFault::AfterTheEnd(day(b), Cancelled, day(a)))]
        );
        assert_eq!(of(&[(a, None, None, None)]), [(1, EntryFault::SaysNothing)]);
        assert_eq!(of(&[(a, Some(ToppedOut), None, None)]), [(1, EntryFault::NoGate(ToppedOut))]);
        assert_eq!(of(&[(a, Some(Planned), None, Some(7))]), [(1, EntryFault::CorrectsNothing(7))]);
        assert_eq!(
            of(&[(a, Some(Started), Some(0.5), None), (b, None, Some(0.4), None)]),
            [(2, EntryFault::ProgressFalls(40.0, 50.0, 1))]
        );
        let row = Project { build_decided: YearMonth::new(2024, 12), ..project() };
        let faults = ledger(&[(a, Some(Started), None, None)]).faults(&[row]);
        assert_eq!(
            faults,
            [(1, EntryFault::BeforeRow(Started, day(a), "build_decided", YearMonth::new(2024, 12).unwrap()))]
        );
        assert_eq!(ledger(&[(a, Some(Planned), None, None)]).faults(&[]), [(1, EntryFault::UnknownProject)]);
    }
}
