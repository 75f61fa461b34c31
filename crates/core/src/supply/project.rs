//! Schools there are and projects that may add to them, move them or close them.

use super::{
    defaults::{KindDefaults, Triangle},
    evidence::Evidence,
    kind::{Detail, Kind, PhaseIn},
};
use crate::{
    codes,
    index::{ProjectId, SchoolId, StageId, Table, ZoneId},
    lang::Name,
    time::YearMonth,
};

/// The rooms of a school, where its classes are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classes {
    /// Classes of each grade in the base year, entry grade first.
    pub by_grade: Vec<u32>,
    /// Standard class size of each grade, pupils.
    pub sizes: Vec<u32>,
    /// Pupils a class may be stretched to.
    pub stretch: u32,
    /// Class rooms; the classes of the base year, or more if some stand empty.
    pub rooms: u32,
}

/// The places of one school in one stage.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct School {
    /// Key in every table.
    pub id: String,
    /// Name for people.
    pub name: Name,
    /// Its zone.
    pub zone: ZoneId,
    /// Its stage.
    pub stage: StageId,
    /// Places in all grades of the stage.
    pub places: u32,
    /// Its classes, if they are known.
    pub classes: Option<Classes>,
    /// First academic year in which the building is no longer used: the end of its life.
    pub until: Option<i32>,
}

impl School {
    /// A school of so many places, of which nothing more is known.
    pub fn new(id: impl Into<String>, zone: ZoneId, stage: StageId, places: u32) -> Self {
        let id = id.into();
        Self { name: Name::plain(&id), id, zone, stage, places, classes: None, until: None }
    }

    /// Whether the building is in use in `year`.
    pub fn in_use(&self, year: i32) -> bool {
        self.until.is_none_or(|until| year < until)
    }
}

/// The schools of a scenario.
pub type SchoolTable = Table<SchoolId, School>;

/// The projects of a scenario.
pub type ProjectTable = Table<ProjectId, Project>;

codes! {
    /// How far a project has come.
    pub enum Status {
        /// On the menu, nothing decided.
        Candidate = "candidate", "备选", "candidate";
        /// The site gate is open.
        Site = "site", "用地环节", "site";
        /// The build gate is open.
        Committed = "committed", "已批准建设", "committed";
        /// Work on the site has begun.
        Started = "started", "在建", "started";
        /// In use.
        Open = "open", "已开办", "open";
        /// Given up.
        Cancelled = "cancelled", "已取消", "cancelled";
    }
}

impl Status {
    /// Whether the project is in the programme: status site or later, not cancelled.
    pub fn in_programme(self) -> bool {
        !matches!(self, Status::Candidate | Status::Cancelled)
    }

    /// Whether the build gate has been opened and the building is not yet in use.
    pub fn is_building(self) -> bool {
        matches!(self, Status::Committed | Status::Started)
    }
}

/// Places out of use while building goes on (腾挪), at the site of the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decant {
    /// Places out of use.
    pub places: u32,
    /// Academic years before the opening in which they are; a building known to be under way has them out of use from
    /// the first September after its build gate, however late it opens.
    pub years: i32,
}

/// The building that a relocation takes down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A school.
    School(SchoolId),
    /// A project whose month of opening is known.
    Project(ProjectId),
}

/// What only some kinds have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Special {
    /// Nothing of the kind.
    None,
    /// Swing: released when this project opens.
    Released {
        /// The project whose pupils it holds.
        by: ProjectId,
    },
    /// Conversion: the stage that gives up rooms, at the zone of the project.
    Converts {
        /// Stage that gives up rooms.
        stage: StageId,
        /// Places it gives up.
        places: u32,
        /// Rooms it gives up, if known.
        classes: Option<u32>,
    },
    /// Relocation: the building taken down.
    Moves {
        /// The building.
        source: Source,
    },
    /// Merger: places kept for the pupils of the closed school.
    Receives {
        /// Zone of the school that takes them.
        zone: ZoneId,
        /// Places kept for them there; with boarding, no more than there are beds.
        places: u32,
    },
    /// Unsafe: closed from this month unless rebuilt.
    CloseBy {
        /// Month by which it must be empty.
        month: YearMonth,
        /// Places lost then.
        places: u32,
    },
    /// Handover: the estate it belongs to is finished in this month.
    Estate {
        /// Month of completion.
        completed: YearMonth,
    },
}

/// A project: places that may come, move or go.
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    /// Key in every table.
    pub id: String,
    /// Name for people.
    pub name: Name,
    /// Its zone.
    pub zone: ZoneId,
    /// Its stage.
    pub stage: StageId,
    /// Kind.
    pub kind: Kind,
    /// Places in all grades when full; of a kind that only takes, the places taken.
    pub places: u32,
    /// Whole classes in all grades when full, if known.
    pub classes: Option<u32>,
    /// The school it is about: whose rooms are taken, rebuilt or closed.
    pub school: Option<SchoolId>,
    /// How far it has come.
    pub status: Status,
    /// Whether the site is there already, so that no site gate is needed.
    pub site_in_hand: bool,
    /// Month in which the site gate was opened.
    pub site_decided: Option<YearMonth>,
    /// Month in which the build gate was opened.
    pub build_decided: Option<YearMonth>,
    /// Month before which it cannot open.
    pub earliest: Option<YearMonth>,
    /// Published month of opening: no lead, no delay.
    pub opens: Option<YearMonth>,
    /// Lead of the site gate; `None` = default of the kind.
    pub site_lead: Option<Triangle>,
    /// Lead of the build gate; `None` = default of the kind.
    pub build_lead: Option<Triangle>,
    /// Years of use; `None` = default of the kind.
    pub life_years: Option<u32>,
    /// Money to build; `None` = places x default of the kind.
    pub capex: Option<f64>,
    /// Money a year while in use; `None` = none stated.
    pub opex: Option<f64>,
    /// Phase-in; `None` = default of the kind.
    pub phase_in: Option<PhaseIn>,
    /// Places out of use while building.
    pub decant: Option<Decant>,
    /// What only its kind has.
    pub special: Special,
    /// How far the gate under way has come, by the ledger.
    pub evidence: Option<Evidence>,
    /// Key of the site it stands on: of the projects that name the same site at most one is built.
    pub site: Option<String>,
    /// Projects that are not built if this one is.
    pub excludes: Vec<ProjectId>,
    /// Projects that must be decided no later than this one.
    pub requires: Vec<ProjectId>,
}

impl Project {
    /// A candidate with the defaults of its kind, to be refined field by field.
    pub fn candidate(id: impl Into<String>, zone: ZoneId, stage: StageId, kind: Kind, places: u32) -> Self {
        let id = id.into();
        Self {
            name: Name::plain(&id),
            id,
            zone,
            stage,
            kind,
            places,
            classes: None,
            school: None,
            status: Status::Candidate,
            site_in_hand: false,
            site_decided: None,
            build_decided: None,
            earliest: None,
            opens: None,
            site_lead: None,
            build_lead: None,
            life_years: None,
            capex: None,
            opex: None,
            phase_in: None,
            decant: None,
            special: Special::None,
            evidence: None,
            site: None,
            excludes: Vec::new(),
            requires: Vec::new(),
        }
    }

    /// Money to build it where no amounts by year are stated ([`crate::money::capital`]).
    pub fn cost(&self, kinds: &KindDefaults) -> f64 {
        self.capex.unwrap_or_else(|| f64::from(self.places) * kinds.of(self.kind).cost_per_place)
    }

    /// The project whose opening is that of this one, which is number `j`: itself, or the one that releases it.
    pub fn leader(&self, j: ProjectId) -> ProjectId {
        match self.special {
            Special::Released { by } => by,
            _ => j,
        }
    }

    /// Years of use from the opening; `None` = beyond every horizon.
    pub fn life(&self, kinds: &KindDefaults) -> Option<u32> {
        self.life_years.or(kinds.of(self.kind).life_years)
    }

    /// Phase-in of this project.
    pub fn phase(&self, kinds: &KindDefaults) -> PhaseIn {
        self.phase_in.unwrap_or(kinds.of(self.kind).phase_in)
    }

    /// Whether the build gate can be opened at `month`: no site gate is needed, or it has surely been passed.
    pub fn past_site_gate(&self, kinds: &KindDefaults, month: YearMonth) -> bool {
        let lead = self.site_lead.unwrap_or(kinds.of(self.kind).site);
        self.site_in_hand
            || !self.kind.needs_site()
            || self.status.is_building()
            || self.site_decided.is_some_and(|d| f64::from(month.index() - d.index()) >= lead.max)
    }

    /// Whether the building is in use in `year` if it opened for the first September of `opened`.
    pub fn in_use(&self, kinds: &KindDefaults, opened: i32, year: i32) -> bool {
        year >= opened && self.life(kinds).is_none_or(|life| year - opened < life as i32)
    }

    /// Whether somebody can still decide on it: its build gate is closed, and it is not decided by another's opening.
    pub fn is_undecided(&self) -> bool {
        matches!(self.status, Status::Candidate | Status::Site) && !self.kind.follows_another()
    }

    /// A rule of the model that the row breaks, in words.
    pub fn broken_rule(&self) -> Option<String> {
        let status = self.status.code();
        let fits = match self.kind.detail() {
            Detail::Nothing => self.special == Special::None,
            Detail::Release => matches!(self.special, Special::Released { .. } | Special::None),
            Detail::Conversion => matches!(self.special, Special::Converts { .. }),
            Detail::Source => matches!(self.special, Special::Moves { .. }),
            Detail::Reception => matches!(self.special, Special::Receives { .. }),
            Detail::Deadline => matches!(self.special, Special::CloseBy { .. }),
            Detail::Estate => matches!(self.special, Special::Estate { .. } | Special::None),
        };
        if !fits {
            return Some(format!(
                "a project of kind {} lacks, or has too much of, what its kind needs",
                self.kind
            ));
        }
        if let Special::Converts { stage, .. } = self.special
            && stage == self.stage
        {
            return Some("a conversion gives up the stage it adds to".into());
        }
        match self.status {
            Status::Open if self.opens.is_none() => Some("an open project needs the month it opened".into()),
            Status::Committed | Status::Started if self.build_decided.is_none() && self.opens.is_none() => {
                // a swing building opens with the project that releases it, a handover with its estate
                let follows = matches!(self.special, Special::Released { .. } | Special::Estate { .. });
                (!follows).then(|| format!("a {status} project needs build_decided or opens"))
            }
            Status::Site
                if self.site_decided.is_none()
                    && !self.site_in_hand
                    && self.kind.needs_site()
                    && self.opens.is_none() =>
            {
                Some("a project of status site needs site_decided or a site in hand".into())
            }
            _ => None,
        }
    }
}

/// A project that requires itself, directly or through others, if there is one.
pub fn circular_requirement(projects: &ProjectTable) -> Option<ProjectId> {
    // Tarjan's components, each project and requirement looked at once: what requires itself lies in one of several, or
    // names itself
    let count = projects.len();
    let mut order: Table<ProjectId, usize> = Table::filled(count, 0);
    let mut low = order.clone();
    let mut is_open: Table<ProjectId, bool> = Table::filled(count, false);
    let (mut open, mut path): (Vec<ProjectId>, Vec<(ProjectId, usize)>) = (Vec::new(), Vec::new());
    let mut reached = 0;
    let mut first: Option<ProjectId> = None;
    for start in projects.ids() {
        if order[start] == 0 {
            path.push((start, 0));
        }
        while let Some((j, next)) = path.pop() {
            if next == 0 {
                reached += 1;
                (order[j], low[j]) = (reached, reached);
                is_open[j] = true;
                open.push(j);
            }
            if let Some(&i) = projects[j].requires.get(next) {
                path.push((j, next + 1));
                match order.at(i) {
                    Some(0) => path.push((i, 0)),
                    Some(&at) if is_open[i] => low[j] = low[j].min(at),
                    _ => {}
                }
                continue;
            }
            if let Some(&(by, _)) = path.last() {
                low[by] = low[by].min(low[j]);
            }
            if low[j] == order[j] {
                let own = open.iter().rposition(|&i| i == j).map_or_else(Vec::new, |at| open.split_off(at));
                for &i in &own {
                    is_open[i] = false;
                }
                if own.len() > 1 || projects[j].requires.contains(&j) {
                    first = first.into_iter().chain(own).min();
                }
            }
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Ids;

    /// The first project that is reached from itself, step by step.
    fn by_steps(projects: &ProjectTable) -> Option<ProjectId> {
        projects.ids().find(|&j| {
            let mut reached = projects[j].requires.clone();
            for _ in 0..projects.len() {
                let next: Vec<ProjectId> =
                    reached.iter().flat_map(|&i| projects[i].requires.clone()).collect();
                reached.extend(next);
                reached.sort_unstable();
                reached.dedup();
            }
            reached.contains(&j)
        })
    }

    #[test]
    fn what_requires_itself_is_found_in_every_graph_of_three() {
        for graph in 0..512_u32 {
            let project = |j: usize| Project {
                requires: Ids::first(3)
                    .filter(|i: &ProjectId| graph >> (3 * j + i.index()) & 1 == 1)
                    .collect(),
                ..Project::candidate(j.to_string(), ZoneId::new(0), StageId::new(0), Kind::Permanent, 100)
            };
            let projects: ProjectTable = (0..3).map(project).collect();
            assert_eq!(circular_requirement(&projects), by_steps(&projects), "{graph:b}");
        }
    }

    #[test]
    fn a_long_chain_of_requirements_is_followed_once() {
        let one = Project::candidate("p", ZoneId::new(0), StageId::new(0), Kind::Permanent, 100);
        let count = 20_000;
        let last = ProjectId::new(count - 1);
        let next = |j| vec![ProjectId::new(j + 1).min(last)];
        let mut chain: ProjectTable =
            (0..count).map(|j| Project { requires: next(j), ..one.clone() }).collect();
        chain[last].requires.clear();
        assert_eq!(circular_requirement(&chain), None);
        chain[last].requires.push(ProjectId::new(7));
        assert_eq!(circular_requirement(&chain), Some(ProjectId::new(7)));
    }
}
