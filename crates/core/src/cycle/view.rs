//! Need against places, each place counted once by how sure it is: what the board shows and the round goes by.
//!
//! | footing | places in use in the target year (central opening, phase-in, life) |
//! |---|---|
//! | open | in use in the base year and still in use: less what the programme closes, converts or decants |
//! | secured | committed or started, P(open by 1 September t+1) >= secure level |
//! | planned | committed or started, due by t+3 |
//! | outlook | the rest of the programme |
//!
//! need = quantile of D at the level of the lead. missing = need less open and secured at lead 1, less planned too at
//! leads 2-3, less outlook too beyond; never below 0.

use super::known::Known;
use crate::{
    grid::SlotId,
    index::{ProjectId, Table, YearOffset},
    supply::{Status, stock::BEYOND},
    time::{Horizon, Levels, Look},
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

/// What is known, seen with the horizons and levels of a policy.
#[derive(Debug)]
pub struct View<'a> {
    /// What is known.
    pub known: &'a Known<'a>,
    /// How far is looked, planned, secured.
    pub horizon: Horizon,
    /// How surely.
    pub levels: Levels,
    footings: Table<ProjectId, Option<Footing>>,
    central: Table<ProjectId, i32>,
}

impl<'a> View<'a> {
    /// Sees `known` with `horizon` and `levels`.
    pub fn new(known: &'a Known<'a>, horizon: Horizon, levels: Levels) -> Self {
        let projects = known.standings.ids();
        let central: Table<ProjectId, i32> = projects.clone().map(|j| known.central_opening(j)).collect();
        let footing = |j: ProjectId| {
            let standing = &known.standings[j];
            // an open project that opens later is as sure as one that is being built
            let building = standing.status.is_building() || standing.status == Status::Open;
            match central[j] {
                _ if !standing.in_programme => None,
                opened if opened <= known.year() => Some(Footing::Open),
                _ if building && standing.p_open(horizon.secure, known.year()) >= levels.secure => {
                    Some(Footing::Secured)
                }
                opened if building && opened <= known.year() + horizon.plan => Some(Footing::Planned),
                _ => Some(Footing::Outlook),
            }
        };
        let footings = projects.map(footing).collect();
        Self { known, horizon, levels, footings, central }
    }

    /// Last lead that can be looked at.
    pub fn leads(&self) -> i32 {
        self.known.leads() as i32
    }

    /// Footing of project `j`; `None` for a candidate outside the programme and for a cancelled project.
    pub fn footing(&self, j: ProjectId) -> Option<Footing> {
        self.footings[j]
    }

    /// The footing of every project.
    pub fn footings(&self) -> &Table<ProjectId, Option<Footing>> {
        &self.footings
    }

    /// Places needed in a slot `lead` years ahead, at the level of that lead.
    pub fn need(&self, slot: SlotId, lead: i32) -> i64 {
        self.known.need(slot, lead as usize, self.levels.of(self.horizon.look(lead)))
    }

    /// Median of what is asked for in a slot.
    pub fn median(&self, slot: SlotId, lead: i32) -> i64 {
        self.known.need(slot, lead as usize, 0.5)
    }

    /// Year of the run, `lead` years ahead.
    fn at(&self, lead: i32) -> YearOffset {
        self.known.t.plus(lead as usize)
    }

    /// Places by footing, project `without` left out; from lead 0, the year of the round, on. What a project takes is
    /// taken from the open places, however sure its own places are.
    pub fn places(&self, slot: SlotId, lead: i32, without: Option<ProjectId>) -> [i64; 4] {
        let (ground, t) = (self.known.ground, self.at(lead));
        let mut places = [ground.base(t, slot), 0, 0, 0];
        for &(j, i) in &ground.touching[slot] {
            if let Some(footing) = self.footings[j]
                && without != Some(j)
            {
                let touch = &ground.works[j].touches[i];
                places[footing as usize] += touch.gained(self.central[j], t);
                places[Footing::Open as usize] += touch.lost(self.central[j], t);
            }
        }
        places
    }

    /// The whole programme at central openings.
    pub fn programme(&self, slot: SlotId, lead: i32, without: Option<ProjectId>) -> i64 {
        self.places(slot, lead, without).iter().sum()
    }

    /// Places that count against the need of a lead, project `without` left out.
    pub fn counted(&self, slot: SlotId, lead: i32, without: Option<ProjectId>) -> i64 {
        let look = self.horizon.look(lead);
        let places = self.places(slot, lead, without);
        Footing::ALL.iter().zip(places).filter(|(f, _)| f.counts_at(look)).map(|(_, n)| n).sum()
    }

    /// Places missing, project `without` left out.
    pub fn missing(&self, slot: SlotId, lead: i32, without: Option<ProjectId>) -> i64 {
        (self.need(slot, lead) - self.counted(slot, lead, without)).max(0)
    }

    /// What all candidates outside the programme change, decided in this round.
    pub fn candidates(&self, slot: SlotId, lead: i32) -> i64 {
        let outside = |&&(j, _): &&(ProjectId, usize)| self.footings[j].is_none();
        let change = |&(j, i): &(ProjectId, usize)| self.change(j, i, lead);
        self.known.ground.touching[slot].iter().filter(outside).map(change).sum()
    }

    /// What touch `i` of project `j` changes at its central opening; nothing if that lies after the last year and the
    /// project is not in the programme.
    fn change(&self, j: ProjectId, i: usize, lead: i32) -> i64 {
        if self.central[j] == BEYOND && self.footings[j].is_none() {
            return 0;
        }
        self.known.ground.works[j].touches[i].change(self.central[j], self.at(lead))
    }

    /// Places that project `j` adds to its own slot `lead` years ahead, less what it takes there, if it opens at its
    /// central opening.
    pub fn usable(&self, j: ProjectId, lead: i32) -> i64 {
        let work = &self.known.ground.works[j];
        let own = work.touches.first().is_some_and(|t| t.slot == work.slot);
        if own { self.change(j, 0, lead) } else { 0 }
    }

    /// Central opening of project `j`.
    pub fn central(&self, j: ProjectId) -> i32 {
        self.central[j]
    }

    /// Whether what project `j` takes from other slots (a conversion, a relocation) leaves each of them at its level in
    /// every year of the outlook.
    pub fn spares_others(&self, j: ProjectId) -> bool {
        let work = &self.known.ground.works[j];
        let last = self.horizon.outlook.min(self.leads());
        work.touches.iter().enumerate().filter(|(_, t)| t.slot != work.slot).all(|(_, touch)| {
            (1..=last).all(|lead| {
                let opened = self.central[j];
                let lost = if opened == BEYOND && self.footings[j].is_none() {
                    0
                } else {
                    touch.lost(opened, self.at(lead))
                };
                lost == 0 || self.counted(touch.slot, lead, Some(j)) + lost >= self.need(touch.slot, lead)
            })
        })
    }
}
