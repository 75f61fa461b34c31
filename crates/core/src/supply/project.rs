//! Schools there are and projects that may add to them.

use super::kind::{Kind, KindDefaults, PhaseIn, Triangle};
use crate::{lang::Name, time::YearMonth};

/// The places of one school in one stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct School {
    /// Key in every table.
    pub id: String,
    /// Index of its zone.
    pub zone: usize,
    /// Index of the stage.
    pub stage: usize,
    /// Places in all grades of the stage.
    pub places: u32,
}

/// How far a project has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// On the menu, nothing decided.
    Candidate,
    /// The site gate is open.
    Site,
    /// The build gate is open.
    Committed,
    /// Work on the site has begun.
    Started,
    /// In use.
    Open,
    /// Given up.
    Cancelled,
}

impl Status {
    /// Every status, in order.
    pub const ALL: [Status; 6] = [
        Status::Candidate,
        Status::Site,
        Status::Committed,
        Status::Started,
        Status::Open,
        Status::Cancelled,
    ];

    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Status::Candidate => "candidate",
            Status::Site => "site",
            Status::Committed => "committed",
            Status::Started => "started",
            Status::Open => "open",
            Status::Cancelled => "cancelled",
        }
    }

    /// Whether the project is in the programme: status site or later, not cancelled.
    pub fn in_programme(self) -> bool {
        !matches!(self, Status::Candidate | Status::Cancelled)
    }

    /// Whether a decision is still open: both gates, or the build gate.
    pub fn is_undecided(self) -> bool {
        matches!(self, Status::Candidate | Status::Site)
    }

    /// Whether the build gate has been opened and the building is not yet in use.
    pub fn is_building(self) -> bool {
        matches!(self, Status::Committed | Status::Started)
    }
}

/// A project: places that may come.
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    /// Key in every table.
    pub id: String,
    /// Name for people.
    pub name: Name,
    /// Index of its zone.
    pub zone: usize,
    /// Index of the stage.
    pub stage: usize,
    /// Kind.
    pub kind: Kind,
    /// Places in all grades when full.
    pub places: u32,
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
    /// Key of the site it stands on: of the projects that name the same site at most one is built.
    pub site: Option<String>,
    /// Indices of projects that are not built if this one is.
    pub excludes: Vec<usize>,
    /// Indices of projects that must be decided no later than this one.
    pub requires: Vec<usize>,
}

impl Project {
    /// A candidate with the defaults of its kind, to be refined field by field.
    pub fn candidate(id: impl Into<String>, zone: usize, stage: usize, kind: Kind, places: u32) -> Self {
        let id = id.into();
        Self {
            name: Name::plain(&id),
            id,
            zone,
            stage,
            kind,
            places,
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
            site: None,
            excludes: Vec::new(),
            requires: Vec::new(),
        }
    }

    /// Money to build it.
    pub fn cost(&self, kinds: &KindDefaults) -> f64 {
        self.capex.unwrap_or_else(|| f64::from(self.places) * kinds.of(self.kind).cost_per_place)
    }

    /// Money per place: what candidates are ordered by.
    pub fn cost_per_place(&self, kinds: &KindDefaults) -> f64 {
        if self.places == 0 { f64::INFINITY } else { self.cost(kinds) / f64::from(self.places) }
    }

    /// Whether the build gate can be opened at `month`: no site gate is needed, or it has surely been passed.
    pub fn past_site_gate(&self, kinds: &KindDefaults, month: YearMonth) -> bool {
        let lead = self.site_lead.unwrap_or(kinds.of(self.kind).site);
        self.site_in_hand
            || !self.kind.needs_site()
            || self.status.is_building()
            || self.site_decided.is_some_and(|d| f64::from(month.index() - d.index()) >= lead.max)
    }

    /// Places usable in academic year `year` if it opened for the first September of `opened`, in a stage of `grades`.
    ///
    /// Grade by grade, (k+1)/grades of the places are usable after k years, cut to whole places.
    pub fn usable(&self, kinds: &KindDefaults, grades: usize, opened: i32, year: i32) -> u32 {
        if !self.in_use(kinds, opened, year) {
            return 0;
        }
        let kind = kinds.of(self.kind);
        match self.phase_in.unwrap_or(kind.phase_in) {
            PhaseIn::All => self.places,
            PhaseIn::GradeByGrade => {
                let open_grades = ((year - opened) as usize + 1).min(grades) as u64;
                (u64::from(self.places) * open_grades / grades as u64) as u32
            }
        }
    }

    /// Whether the building is in use in `year` if it opened for the first September of `opened`.
    pub fn in_use(&self, kinds: &KindDefaults, opened: i32, year: i32) -> bool {
        let life = self.life_years.or(kinds.of(self.kind).life_years);
        year >= opened && life.is_none_or(|life| year - opened < life as i32)
    }

    /// A rule of the model that the row breaks, in words.
    pub fn broken_rule(&self) -> Option<String> {
        let status = self.status.code();
        match self.status {
            Status::Open if self.opens.is_none() => Some("an open project needs the month it opened".into()),
            Status::Committed | Status::Started if self.build_decided.is_none() && self.opens.is_none() => {
                Some(format!("a {status} project needs build_decided or opens"))
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
pub fn circular_requirement(projects: &[Project]) -> Option<usize> {
    (0..projects.len()).find(|&j| {
        let mut reached: Vec<usize> = projects[j].requires.clone();
        let mut at = 0;
        while let Some(&i) = reached.get(at) {
            if i == j {
                return true;
            }
            let next = projects.get(i).map_or(&[][..], |p| &p.requires);
            reached.extend(next.iter().filter(|k| !reached.contains(k)).copied().collect::<Vec<_>>());
            at += 1;
        }
        false
    })
}
