//! What converting idle rooms, or moving idle modules, would save.
//!
//! ```text
//! conversion of stage a to b in group q   served[t,w] = min(idle[q,a,t,w], short[q,b,t,w])
//! relocation of prefab x from q to q'     served[t,w] = min(idle[x,t,w], short[q',p,t,w])      the same stage and district
//! places      = median over the draws of the largest served[t,w]
//! seat-years  = mean over the draws of the sum of served over t
//! money saved = places * (cost of a new place - cost of a converted, or moved, one)
//! ```
//!
//! Each is asked about on its own: two that would fill the same gap do not add. A new place in a stage is a permanent one,
//! a new place for a relocation a prefab one, at the costs of the kinds. Only stages of which one feeds the other exchange
//! rooms. Not done here: the month in which rooms come free, which the conversion as a project of its own tells.

use super::{Tide, TidePath, stock::BuildingOf};
use crate::{
    forecast::quantile,
    geography::{Frame, Intake},
    grid::SlotId,
    index::{GroupId, ProjectId, StageId, YearOffset},
    supply::Kind,
};

/// How places are used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Rooms of one stage for another.
    Conversion,
    /// Modules moved to another group.
    Relocation,
}

impl Way {
    /// Both.
    pub const ALL: [Way; 2] = [Way::Conversion, Way::Relocation];

    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Way::Conversion => "conversion",
            Way::Relocation => "relocation",
        }
    }
}

/// A use of idle places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reuse {
    /// How.
    pub way: Way,
    /// Sharing group with idle places.
    pub from_group: GroupId,
    /// Stage with idle places.
    pub from_stage: StageId,
    /// The prefab project that is moved.
    pub project: Option<ProjectId>,
    /// Sharing group that lacks places.
    pub to_group: GroupId,
    /// Stage that lacks places.
    pub to_stage: StageId,
    /// First year in which it would serve somebody in half of the draws.
    pub first_year: i32,
    /// Places.
    pub places: i64,
    /// Seats that would be used, summed over the years: mean.
    pub seat_years: f64,
    /// Money saved against new places.
    pub money: f64,
}

/// The stages that feed stage `p`, and those it feeds.
pub(super) fn neighbours(frame: &Frame, p: StageId) -> impl Iterator<Item = StageId> + '_ {
    let feeds = move |from: StageId, to: StageId| matches!(&frame.stages[to].intake, Intake::Stages(feeding) if feeding.contains(&from));
    frame.stages.ids().filter(move |&other| feeds(other, p) || feeds(p, other))
}

impl Tide {
    /// Every conversion and relocation that would serve somebody in half of the draws: by way, then the most seat-years.
    pub fn reuse(&self) -> Vec<Reuse> {
        let mut found: Vec<Reuse> = self.conversions().chain(self.relocations()).collect();
        found.sort_by(|a, b| {
            let more = b.seat_years.total_cmp(&a.seat_years);
            a.way.cmp(&b.way).then(more).then((a.from_group, a.to_group).cmp(&(b.from_group, b.to_group)))
        });
        found
    }

    fn conversions(&self) -> impl Iterator<Item = Reuse> {
        let frame = &self.scenario.frame;
        let slots = frame.slots();
        let pairs = slots
            .pairs()
            .map(move |slot| slots.split(slot))
            .flat_map(move |(q, a)| neighbours(frame, a).map(move |b| (q, a, b)));
        pairs.filter_map(move |(q, a, b)| {
            let idle = |path: &TidePath, t| path.idle(&self.stock, t, slots.at(q, a));
            let served = self.served(idle, slots.at(q, b))?;
            let of = |kind: Kind| self.scenario.kinds.of(kind).cost_per_place;
            let saved = of(Kind::Permanent) - of(Kind::Conversion);
            Some(Reuse {
                way: Way::Conversion,
                from_group: q,
                from_stage: a,
                project: None,
                to_group: q,
                to_stage: b,
                first_year: served.first_year,
                places: served.places,
                seat_years: served.seat_years,
                money: (saved * served.places as f64).max(0.0),
            })
        })
    }

    fn relocations(&self) -> impl Iterator<Item = Reuse> {
        let frame = &self.scenario.frame;
        let slots = frame.slots();
        let prefabs = self.stock.buildings.pairs().filter_map(|(b, building)| match building.of {
            BuildingOf::Project(j) if self.scenario.projects[j].kind.is_movable() => Some((b, j, building)),
            _ => None,
        });
        prefabs.flat_map(move |(b, j, building)| {
            let from = frame.zones[building.zone].group;
            let p = building.stage;
            let slot = slots.at(from, p);
            let here = self.stock.of_slot(slot).position(|of| of == b);
            let same_district = move |q: &GroupId| frame.groups[*q].district == frame.groups[from].district;
            frame.groups.ids().filter(move |q| *q != from && same_district(q)).filter_map(move |q| {
                let idle = |path: &TidePath, t| {
                    here.map_or(0, |at| path.idle_of_buildings(&self.stock, t, slot)[at])
                };
                let served = self.served(idle, slots.at(q, p))?;
                let of = |kind: Kind| self.scenario.kinds.of(kind).cost_per_place;
                let saved = of(Kind::Prefab) - of(Kind::Relocation);
                Some(Reuse {
                    way: Way::Relocation,
                    from_group: from,
                    from_stage: p,
                    project: Some(j),
                    to_group: q,
                    to_stage: p,
                    first_year: served.first_year,
                    places: served.places,
                    seat_years: served.seat_years,
                    money: (saved * served.places as f64).max(0.0),
                })
            })
        })
    }

    /// What idle places would serve in a slot that lacks some; `None` if nobody in half of the draws.
    fn served(&self, idle: impl Fn(&TidePath, YearOffset) -> u32, slot: SlotId) -> Option<Served> {
        let mut by_year = vec![Vec::with_capacity(self.draws.len()); self.scenario.years_ahead()];
        let mut largest = Vec::with_capacity(self.draws.len());
        let mut sum = 0_u64;
        for path in &self.draws {
            let mut most = 0;
            for (t, by_year) in self.scenario.coming().zip(&mut by_year) {
                let short = path.short(&self.stock, t, slot);
                let served = if short == 0 { 0 } else { short.min(idle(path, t)) };
                by_year.push(i64::from(served));
                most = most.max(i64::from(served));
                sum += u64::from(served);
            }
            largest.push(most);
        }
        largest.sort_unstable();
        let places = if largest.is_empty() { 0 } else { quantile(&largest, 0.5) };
        for of_year in &mut by_year {
            of_year.sort_unstable();
        }
        let first = by_year.iter().position(|of_year| !of_year.is_empty() && quantile(of_year, 0.5) > 0)?;
        Some(Served {
            first_year: self.scenario.base_year + 1 + first as i32,
            places,
            seat_years: sum as f64 / self.draws.len() as f64,
        })
    }
}

struct Served {
    first_year: i32,
    places: i64,
    seat_years: f64,
}
