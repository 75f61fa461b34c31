//! The 6-3-1 board: need of a target year against places, each counted once by how sure it is.
//!
//! | column | places in use in the target year (central opening, phase-in, life) |
//! |---|---|
//! | open | in use in the base year and still in use: less what the programme closes, converts or decants |
//! | secured | committed or started, P(open by 1 September t+1) >= secure level |
//! | planned | committed or started, due by t+3 |
//! | outlook | the rest of the programme |
//!
//! need = quantile of D at the level of the lead. missing = need less open and secured at lead 1, less planned too at
//! leads 2-3, less outlook too beyond; never below 0.

use crate::{
    balance::{Balances, Figure},
    forecast::quantile,
    geography::Area,
    scenario::Scenario,
    supply::{Status, SupplyModel, stock::BEYOND},
    time::Look,
};

/// How sure a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Footing {
    /// In use in the base year.
    Open,
    /// Will be there next September at the secure level.
    Secured,
    /// Decided, due within the plan.
    Planned,
    /// The rest of the programme.
    Outlook,
}

impl Footing {
    /// Every footing, surest first.
    pub const ALL: [Footing; 4] = [Footing::Open, Footing::Secured, Footing::Planned, Footing::Outlook];

    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Footing::Open => "open",
            Footing::Secured => "secured",
            Footing::Planned => "planned",
            Footing::Outlook => "outlook",
        }
    }

    /// Whether a place on this footing counts against the need of a look.
    pub fn counts_at(self, look: Look) -> bool {
        match look {
            Look::Secure => self <= Footing::Secured,
            Look::Plan => self <= Footing::Planned,
            Look::Outlook => true,
        }
    }
}

/// One line of the board: a sharing group, or the sum of a district's groups, in one stage and target year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoardLine {
    /// The group or district.
    pub area: Area,
    /// Index of the stage.
    pub stage: usize,
    /// Target year.
    pub year: i32,
    /// Years from the base year.
    pub lead: i32,
    /// Places needed at the level of the lead.
    pub need: i64,
    /// Places by footing, in the order of [`Footing::ALL`].
    pub places: [i64; 4],
    /// Places still missing at the level of the lead.
    pub missing: i64,
    /// Places if every candidate, decided in this round, were built too.
    pub with_candidates: i64,
}

/// What is known of one project when the board is made.
#[derive(Debug, Clone)]
struct Standing {
    footing: Option<Footing>,
    /// What it changes, by group and stage.
    changes: Vec<Change>,
    /// Index of its own entry in `changes`, if it has one.
    own: Option<usize>,
}

/// What one project changes in one group and stage at its central opening, by year (0 = base year).
#[derive(Debug, Clone)]
struct Change {
    group: usize,
    stage: usize,
    gained: Vec<i64>,
    lost: Vec<i64>,
}

/// The board of a scenario under a programme.
#[derive(Debug, Clone)]
pub struct Board {
    /// Lines of every group and district, stage and target year.
    pub lines: Vec<BoardLine>,
    levels_of: Vec<f64>,
    needs: Vec<i64>,
    base: Vec<i64>,
    projects: Vec<Standing>,
    groups: usize,
    stages: usize,
    horizon: crate::time::Horizon,
}

impl Board {
    /// Makes the board from the draws of the balance.
    pub fn new(scenario: &Scenario, supply: &SupplyModel<'_>, balances: &Balances) -> Self {
        let frame = &scenario.frame;
        let (groups, stages, ahead) = (frame.groups.len(), frame.stages.len(), scenario.years_ahead());
        let levels_of: Vec<f64> =
            (1..=ahead).map(|lead| scenario.levels.of(scenario.horizon.look(lead as i32))).collect();
        let mut needs = Vec::with_capacity(groups * stages * ahead);
        for q in 0..groups {
            let zones = frame.zones_in(Area::Group(q));
            for p in 0..stages {
                for (t, level) in (1..=ahead).zip(&levels_of) {
                    let mut demand: Vec<i64> =
                        balances.draws.iter().map(|b| b.sum(Figure::Demand, t, &zones, p)).collect();
                    demand.sort_unstable();
                    needs.push(if demand.is_empty() {
                        balances.central.sum(Figure::Demand, t, &zones, p)
                    } else {
                        quantile(&demand, *level)
                    });
                }
            }
        }
        let mut base = vec![0; (ahead + 1) * groups * stages];
        for t in 0..=ahead {
            for (i, &places) in supply.base(t).iter().enumerate() {
                let group = frame.zones[i / stages].group;
                base[(t * groups + group) * stages + i % stages] += i64::from(places);
            }
        }
        let projects = (0..scenario.projects.len()).map(|j| standing(scenario, supply, j)).collect();
        let mut board = Self {
            lines: Vec::new(),
            levels_of,
            needs,
            base,
            projects,
            groups,
            stages,
            horizon: scenario.horizon,
        };
        board.lines = board.all_lines(scenario);
        board
    }

    fn all_lines(&self, scenario: &Scenario) -> Vec<BoardLine> {
        let frame = &scenario.frame;
        let leads = 1..=scenario.horizon.outlook.min(scenario.years_ahead() as i32);
        let mut lines = Vec::new();
        for d in 0..frame.districts.len() {
            let members = frame.groups_in(Area::District(d));
            for stage in 0..self.stages {
                for lead in leads.clone() {
                    let of: Vec<BoardLine> =
                        members.iter().map(|&q| self.line(q, stage, lead, scenario.base_year)).collect();
                    lines.push(BoardLine {
                        area: Area::District(d),
                        need: of.iter().map(|l| l.need).sum(),
                        places: std::array::from_fn(|i| of.iter().map(|l| l.places[i]).sum()),
                        missing: of.iter().map(|l| l.missing).sum(),
                        with_candidates: of.iter().map(|l| l.with_candidates).sum(),
                        stage,
                        lead,
                        year: scenario.base_year + lead,
                    });
                }
            }
        }
        for q in 0..self.groups {
            for stage in 0..self.stages {
                lines.extend(leads.clone().map(|lead| self.line(q, stage, lead, scenario.base_year)));
            }
        }
        lines
    }

    fn line(&self, q: usize, stage: usize, lead: i32, base_year: i32) -> BoardLine {
        let places = self.places(q, stage, lead, None);
        BoardLine {
            area: Area::Group(q),
            stage,
            year: base_year + lead,
            lead,
            need: self.need(q, stage, lead),
            places,
            missing: self.missing(q, stage, lead, None),
            with_candidates: places.iter().sum::<i64>() + self.candidates(q, stage, lead),
        }
    }

    /// Changes of every project in a group and stage.
    fn changes(&self, q: usize, stage: usize) -> impl Iterator<Item = (usize, &Standing, &Change)> {
        let here = move |c: &&Change| (c.group, c.stage) == (q, stage);
        self.projects
            .iter()
            .enumerate()
            .flat_map(move |(j, s)| s.changes.iter().filter(here).map(move |c| (j, s, c)))
    }

    /// What all candidates outside the programme change, decided in this round.
    pub fn candidates(&self, q: usize, stage: usize, lead: i32) -> i64 {
        let t = lead as usize;
        self.changes(q, stage)
            .filter(|(_, s, _)| s.footing.is_none())
            .map(|(.., change)| change.gained[t] + change.lost[t])
            .sum()
    }

    /// Places needed by group `q` and `stage`, `lead` years ahead, at the level of that lead.
    pub fn need(&self, q: usize, stage: usize, lead: i32) -> i64 {
        self.needs[(q * self.stages + stage) * self.levels_of.len() + lead as usize - 1]
    }

    /// Places by footing, project `without` left out; from lead 0, the base year, on. What a project takes is taken from
    /// the open places, however sure its own places are.
    pub fn places(&self, q: usize, stage: usize, lead: i32, without: Option<usize>) -> [i64; 4] {
        let t = lead as usize;
        let mut places = [self.base[(t * self.groups + q) * self.stages + stage], 0, 0, 0];
        for (j, standing, change) in self.changes(q, stage) {
            if let Some(footing) = standing.footing
                && without != Some(j)
            {
                places[footing as usize] += change.gained[t];
                places[Footing::Open as usize] += change.lost[t];
            }
        }
        places
    }

    /// Places missing, project `without` left out.
    pub fn missing(&self, q: usize, stage: usize, lead: i32, without: Option<usize>) -> i64 {
        (self.need(q, stage, lead) - self.counted(q, stage, lead, without)).max(0)
    }

    /// Places that count against the need of a lead, project `without` left out.
    pub fn counted(&self, q: usize, stage: usize, lead: i32, without: Option<usize>) -> i64 {
        let look = self.horizon.look(lead);
        let places = self.places(q, stage, lead, without);
        Footing::ALL.iter().zip(places).filter(|(f, _)| f.counts_at(look)).map(|(_, n)| n).sum()
    }

    /// Footing of project `j`; `None` for a candidate outside the programme and for a cancelled project.
    pub fn footing(&self, j: usize) -> Option<Footing> {
        self.projects[j].footing
    }

    /// Places that project `j` adds to its own group and stage `lead` years ahead, less what it takes there, if it opens
    /// at its central opening.
    pub fn usable(&self, j: usize, lead: i32) -> i64 {
        let standing = &self.projects[j];
        let own = standing.own.map(|i| &standing.changes[i]);
        own.map_or(0, |c| c.gained[lead as usize] + c.lost[lead as usize])
    }

    /// The most that project `j` takes from another group or stage in the years of the run, with where: what opening its
    /// gate costs somebody else.
    pub fn takes(&self, j: usize) -> impl Iterator<Item = (usize, usize, &[i64])> {
        let standing = &self.projects[j];
        let others = standing.changes.iter().enumerate().filter(move |(i, _)| standing.own != Some(*i));
        others.map(|(_, c)| (c.group, c.stage, c.lost.as_slice()))
    }
}

fn standing(scenario: &Scenario, supply: &SupplyModel<'_>, j: usize) -> Standing {
    let project = &scenario.projects[j];
    let opening = supply.opening(j);
    let (base_year, horizon) = (scenario.base_year, scenario.horizon);
    // an open project that opens later is as sure as one that is being built
    let building = project.status.is_building() || project.status == Status::Open;
    let next = opening.by_year(base_year + horizon.secure);
    let footing = match opening.central {
        _ if !supply.in_programme(j) => None,
        Some(year) if year <= base_year => Some(Footing::Open),
        _ if building && next >= scenario.levels.secure => Some(Footing::Secured),
        Some(year) if building && year <= base_year + horizon.plan => Some(Footing::Planned),
        _ => Some(Footing::Outlook),
    };
    // an undecided project counts as decided in this round; one of the programme that opens after the run takes what it
    // takes from a stated date on
    let opened = match opening.central {
        None if supply.in_programme(j) => Some(BEYOND),
        central => central,
    };
    let years: Vec<i32> = scenario.years().collect();
    let mut changes: Vec<Change> = Vec::new();
    let counted = project.status != Status::Cancelled;
    for effect in supply.effects(j).iter().filter(|_| counted) {
        let (group, stage) = (scenario.frame.zones[effect.zone].group, effect.stage);
        let at = changes.iter().position(|c| (c.group, c.stage) == (group, stage)).unwrap_or_else(|| {
            changes.push(Change { group, stage, gained: vec![0; years.len()], lost: vec![0; years.len()] });
            changes.len() - 1
        });
        for (t, &year) in years.iter().enumerate() {
            let change = opened.map_or(0, |opened| effect.usable(opened, year));
            let side = if change >= 0 { &mut changes[at].gained } else { &mut changes[at].lost };
            side[t] += change;
        }
    }
    let own_key = (scenario.frame.zones[project.zone].group, project.stage);
    let own = changes.iter().position(|c| (c.group, c.stage) == own_key);
    Standing { footing, changes, own }
}
