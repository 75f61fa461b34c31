//! Rooms by house and year: a school, or the building of a project, where classes are known.
//!
//! ```text
//! rooms[h, t] = rooms of the school while it is used + rooms its project has opened - rooms projects take from it
//! ```
//!
//! | symbol | meaning | unit |
//! |---|---|---|
//! | h | house: one school in one stage, or what one project adds in one zone and stage | - |
//! | rooms | class rooms that can hold a class in September | rooms |
//!
//! A sharing group and stage is *classed* if every school of it that has places says its classes; a project that states
//! none has as many as its places fill at the standard size. A project that takes rooms names the school it takes them
//! from, or takes them from the houses of the zone in table order. Only classed groups use this; the others count places.
//!
//! Not done here: which cohort sits in which class (`balance::classes`).

use super::{
    effect::{Effect, Taken},
    stock::{BEYOND, Openings},
};
use crate::{
    grid::Slots,
    index::{GroupId, ProjectId, SchoolId, StageId, ZoneId},
    index::{Table, ids},
    lang::Name,
    scenario::ScenarioParts,
};

/// What a house is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HouseOf {
    /// A school.
    School(SchoolId),
    /// The building of a project.
    Project(ProjectId),
}

ids! {
    /// A house of [`Houses`].
    HouseId
}

/// A school or a project's building in one stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct House {
    /// What it is.
    pub of: HouseOf,
    /// Key of the school or project.
    pub id: String,
    /// Name for people.
    pub name: Name,
    /// Its zone.
    pub zone: ZoneId,
    /// Its stage.
    pub stage: StageId,
    /// Standard class size of each grade, entry grade first.
    pub sizes: Vec<u32>,
    /// Pupils a class may be stretched to.
    pub stretch: u32,
    /// Classes of each grade in the base year; a project's follow from its rooms.
    pub by_grade: Vec<u32>,
    rooms: u32,
    until: Option<i32>,
    /// Project and effect that open its rooms.
    opened_by: Option<(ProjectId, usize)>,
}

/// What a house has in one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HouseYear {
    /// Class rooms.
    pub rooms: u32,
    /// Whether it admits an entry grade: a house that closes grade by grade does not, whatever rooms it has left.
    pub admits: bool,
}

/// Every house of the classed groups and stages of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Houses {
    /// The houses: schools in table order, then projects.
    pub all: Table<HouseId, House>,
    /// Whether a group and stage is classed.
    classed: Slots<bool>,
    /// What projects take from houses: project, effect, house or zone.
    taken: Vec<(ProjectId, Effect)>,
    /// What must close by its date.
    obligations: Vec<Effect>,
}

impl Houses {
    /// The houses of a scenario; `effects` and `obligations` by project.
    pub fn new(
        parts: &ScenarioParts,
        effects: &Table<ProjectId, Vec<Effect>>,
        obligations: &Table<ProjectId, Option<Effect>>,
    ) -> Self {
        let frame = &parts.frame;
        let classed = Slots::from_fn(frame.slots(), |q, p| {
            let here = || {
                parts
                    .schools
                    .iter()
                    .filter(|s| frame.zones[s.zone].group == q && s.stage == p && s.places > 0)
            };
            here().next().is_some() && here().all(|s| s.classes.is_some())
        });
        let is_classed = |zone: ZoneId, stage: StageId| classed[frame.slot_of(zone, stage)];
        let mut all = Table::default();
        for (i, school) in parts.schools.pairs().filter(|(_, s)| is_classed(s.zone, s.stage)) {
            let Some(classes) = &school.classes else { continue };
            all.push(House {
                of: HouseOf::School(i),
                id: school.id.clone(),
                name: school.name.clone(),
                zone: school.zone,
                stage: school.stage,
                sizes: classes.sizes.clone(),
                stretch: classes.stretch,
                by_grade: classes.by_grade.clone(),
                rooms: classes.rooms,
                until: school.until,
                opened_by: None,
            });
        }
        let mut taken = Vec::new();
        for (j, of_project) in effects.pairs() {
            for (i, effect) in of_project.iter().enumerate().filter(|(_, e)| is_classed(e.zone, e.stage)) {
                if !effect.gains {
                    taken.push((j, *effect));
                    continue;
                }
                let stage = &frame.stages[effect.stage];
                let project = &parts.projects[effect.project];
                all.push(House {
                    of: HouseOf::Project(effect.project),
                    id: project.id.clone(),
                    name: project.name.clone(),
                    zone: effect.zone,
                    stage: effect.stage,
                    sizes: (0..stage.grades.len()).map(|g| stage.size_at(g)).collect(),
                    stretch: stage.stretch(),
                    by_grade: vec![0; stage.grades.len()],
                    rooms: 0,
                    until: None,
                    opened_by: Some((j, i)),
                });
            }
        }
        let obligations =
            obligations.iter().flatten().filter(|e| is_classed(e.zone, e.stage)).copied().collect();
        Self { all, classed, taken, obligations }
    }

    /// Whether group `q` counts classes in stage `p`.
    pub fn is_classed(&self, q: GroupId, p: StageId) -> bool {
        self.classed[(q, p)]
    }

    /// Whether any group counts classes in any stage.
    pub fn any(&self) -> bool {
        !self.all.is_empty()
    }

    /// Rooms of every house in `year`, with projects opened as in `openings`.
    pub fn year(
        &self,
        effects: &Table<ProjectId, Vec<Effect>>,
        openings: &Openings,
        year: i32,
    ) -> Vec<HouseYear> {
        let mut rooms: Vec<i64> = self
            .all
            .iter()
            .map(|house| match house.opened_by {
                None if house.until.is_some_and(|until| year >= until) => 0,
                None => i64::from(house.rooms),
                Some((j, i)) => openings[j].map_or(0, |opened| effects[j][i].rooms(opened, year)),
            })
            .collect();
        let full = rooms.clone();
        let mut admits = vec![true; rooms.len()];
        let by_projects = self.taken.iter().filter_map(|(j, e)| openings[*j].map(|opened| (e, opened)));
        let by_date = self.obligations.iter().map(|e| (e, BEYOND));
        for (effect, opened) in by_projects.chain(by_date) {
            for (i, house) in self.all.iter().enumerate() {
                let whole = i64::from(effect.classes) >= full[i] && named(house, effect);
                if whole && effect.usable(opened, year) < 0 {
                    admits[i] = false;
                }
            }
            self.take(&mut rooms, effect, -effect.rooms(opened, year));
        }
        let state = |(rooms, admits): (i64, bool)| HouseYear { rooms: rooms.max(0) as u32, admits };
        rooms.into_iter().zip(admits).map(state).collect()
    }

    /// Takes `number` rooms from the house an effect names, then from the others of its zone and stage in table order.
    fn take(&self, rooms: &mut [i64], effect: &Effect, mut number: i64) {
        for first in [true, false] {
            for (house, left) in self.all.iter().zip(rooms.iter_mut()) {
                let here = (house.zone, house.stage) == (effect.zone, effect.stage);
                if here && named(house, effect) == first && number > 0 && *left > 0 {
                    let some = number.min(*left);
                    *left -= some;
                    number -= some;
                }
            }
        }
    }
}

/// Whether an effect names this house as the one it takes rooms from.
fn named(house: &House, effect: &Effect) -> bool {
    match effect.taken {
        Taken::School(s) => house.of == HouseOf::School(s) && house.stage == effect.stage,
        Taken::Project(j) => house.of == HouseOf::Project(j),
        Taken::Zone => false,
    }
}
