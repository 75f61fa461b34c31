//! Zones, sharing groups and districts, and the stages of school with their grades.

use crate::{
    grid::{CellId, Shape, SlotId},
    index::{DistrictId, GradeId, GroupId, Ids, StageId, Table, ZoneId},
    lang::Name,
};

/// A district: the level at which cells are rounded and shocks are shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct District {
    /// Key in every table.
    pub id: String,
    /// Name for people.
    pub name: Name,
}

/// A sharing group (大学区): zones whose places are pooled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Key in every table.
    pub id: String,
    /// Name for people.
    pub name: Name,
    /// Its district.
    pub district: DistrictId,
}

/// A zone (学区): the smallest area with its own rolls and places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// Key in every table.
    pub id: String,
    /// Name for people.
    pub name: Name,
    /// Its sharing group.
    pub group: GroupId,
    /// Row and column on the tile map, if given.
    pub tile: Option<(u32, u32)>,
}

/// Where the first grade of a stage comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intake {
    /// Children of the entry pools, at this age on 1 September.
    Pools {
        /// Age at entry, years.
        entry_age: u32,
    },
    /// Pupils of the last grade of these stages, a year before.
    Stages(Vec<StageId>),
}

/// A stage of school (学段) with its ordered grades.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Key in every table.
    pub id: String,
    /// Name for people.
    pub name: Name,
    /// Grade keys, entry grade first; unique over all stages.
    pub grades: Vec<String>,
    /// Standard class size, pupils.
    pub class_size: u32,
    /// Where its entrants come from.
    pub intake: Intake,
    /// What a stage may say besides.
    pub detail: StageDetail,
}

/// What a stage may say of its classes and its published warnings; empty by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StageDetail {
    /// Standard class size of each grade, entry grade first; empty = the size of the stage in every grade.
    pub grade_sizes: Vec<u32>,
    /// Pupils a class may be stretched to; `None` = no stretching.
    pub stretch_size: Option<u32>,
    /// Years ahead for which its early warnings are published; `None` = 3 where children enter from pools, else 1.
    pub warned_years: Option<i32>,
}

impl Stage {
    /// Standard class size of the grade at `position`, entry grade first.
    pub fn size_at(&self, position: usize) -> u32 {
        self.detail.grade_sizes.get(position).copied().unwrap_or(self.class_size)
    }

    /// Pupils a class may be stretched to.
    pub fn stretch(&self) -> u32 {
        self.detail.stretch_size.unwrap_or(self.class_size)
    }

    /// Years ahead for which its early warnings are published: primary three, later stages one, where nothing is stated.
    pub fn warned_years(&self) -> i32 {
        self.detail.warned_years.unwrap_or(match self.intake {
            Intake::Pools { .. } => 3,
            Intake::Stages(_) => 1,
        })
    }
}

/// An area for which results are reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// All districts of the scenario.
    All,
    /// One district.
    District(DistrictId),
    /// One sharing group.
    Group(GroupId),
    /// One zone.
    Zone(ZoneId),
}

/// The zones, groups, districts and stages of a scenario: what every array is indexed by.
///
/// A cell is a zone and a grade, a slot is a sharing group and a stage ([`Frame::cells`], [`Frame::slots`]).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frame {
    /// Districts, in the order of their first zone.
    pub districts: Table<DistrictId, District>,
    /// Sharing groups, in the order of their first zone.
    pub groups: Table<GroupId, Group>,
    /// Zones, in table order.
    pub zones: Table<ZoneId, Zone>,
    /// Stages, in the order pupils pass through them.
    pub stages: Table<StageId, Stage>,
}

impl Frame {
    /// Number of grades over all stages.
    pub fn grade_count(&self) -> usize {
        self.stages.iter().map(|s| s.grades.len()).sum()
    }

    /// Every cell: zone x grade.
    pub fn cells(&self) -> Shape<ZoneId, GradeId> {
        Shape::new(self.zones.len(), self.grade_count())
    }

    /// Every zone and stage.
    pub fn zone_stages(&self) -> Shape<ZoneId, StageId> {
        Shape::new(self.zones.len(), self.stages.len())
    }

    /// Every slot: sharing group x stage.
    pub fn slots(&self) -> Shape<GroupId, StageId> {
        Shape::new(self.groups.len(), self.stages.len())
    }

    /// Every grade.
    pub fn grades(&self) -> Ids<GradeId> {
        Ids::first(self.grade_count())
    }

    /// Grades of stage `p`.
    pub fn grades_of(&self, p: StageId) -> Ids<GradeId> {
        let first = self.stages.iter().take(p.index()).map(|s| s.grades.len()).sum();
        Ids::of(first..first + self.stages[p].grades.len())
    }

    /// The grade in which pupils enter stage `p`.
    pub fn entry_grade(&self, p: StageId) -> GradeId {
        GradeId::new(self.grades_of(p).range().start)
    }

    /// The grade from which pupils leave stage `p`.
    pub fn last_grade(&self, p: StageId) -> GradeId {
        GradeId::new(self.grades_of(p).range().end - 1)
    }

    /// Stage of grade `g`, and its position inside it, 0 = entry grade.
    pub fn stage_of(&self, g: GradeId) -> (StageId, usize) {
        let mut first = 0;
        for (p, stage) in self.stages.pairs() {
            if g.index() < first + stage.grades.len() {
                return (p, g.index() - first);
            }
            first += stage.grades.len();
        }
        (StageId::new(self.stages.len()), 0)
    }

    /// Whether children of the entry pools enter in grade `g`.
    pub fn is_entry(&self, g: GradeId) -> bool {
        let (p, position) = self.stage_of(g);
        position == 0 && self.stages.at(p).is_some_and(|s| matches!(s.intake, Intake::Pools { .. }))
    }

    /// The cell of the grade below in the same zone and stage; `None` in the entry grade of a stage.
    pub fn below(&self, cell: CellId) -> Option<CellId> {
        let cells = self.cells();
        let (z, g) = cells.split(cell);
        (self.stage_of(g).1 > 0).then(|| cells.at(z, GradeId::new(g.index() - 1)))
    }

    /// Key of grade `g`.
    pub fn grade_id(&self, g: GradeId) -> &str {
        self.stages.iter().flat_map(|s| &s.grades).nth(g.index()).map_or("", String::as_str)
    }

    /// The grade with key `id`.
    pub fn grade(&self, id: &str) -> Option<GradeId> {
        self.stages.iter().flat_map(|s| &s.grades).position(|g| g == id).map(GradeId::new)
    }

    /// The stage with key `id`.
    pub fn stage(&self, id: &str) -> Option<StageId> {
        self.stages.find(|s| s.id == id)
    }

    /// The zone with key `id`.
    pub fn zone(&self, id: &str) -> Option<ZoneId> {
        self.zones.find(|z| z.id == id)
    }

    /// Sharing group of zone `z`.
    pub fn group_of(&self, z: ZoneId) -> GroupId {
        self.zones[z].group
    }

    /// District of zone `z`.
    pub fn district_of(&self, z: ZoneId) -> DistrictId {
        self.groups[self.zones[z].group].district
    }

    /// The slot in which zone `z` shares the places of stage `p`.
    pub fn slot_of(&self, z: ZoneId, p: StageId) -> SlotId {
        self.slots().at(self.group_of(z), p)
    }

    /// Zones of an area, in table order.
    pub fn zones_in(&self, area: Area) -> Vec<ZoneId> {
        self.zones
            .ids()
            .filter(|&z| match area {
                Area::All => true,
                Area::District(d) => self.district_of(z) == d,
                Area::Group(q) => self.zones[z].group == q,
                Area::Zone(own) => own == z,
            })
            .collect()
    }

    /// Sharing groups of an area; a zone has none of its own.
    pub fn groups_in(&self, area: Area) -> Vec<GroupId> {
        self.groups
            .ids()
            .filter(|&q| match area {
                Area::All => true,
                Area::District(d) => self.groups[q].district == d,
                Area::Group(own) => own == q,
                Area::Zone(_) => false,
            })
            .collect()
    }

    /// Every area that is reported, largest first; all districts together only where there are several.
    pub fn areas(&self) -> Vec<Area> {
        let mut areas = Vec::new();
        if self.districts.len() > 1 {
            areas.push(Area::All);
        }
        areas.extend(self.districts.ids().map(Area::District));
        areas.extend(self.groups.ids().map(Area::Group));
        areas.extend(self.zones.ids().map(Area::Zone));
        areas
    }

    /// Name of an area for people; empty for all districts.
    pub fn area_name(&self, area: Area) -> Name {
        match area {
            Area::All => Name::default(),
            Area::District(d) => self.districts[d].name.clone(),
            Area::Group(q) => self.groups[q].name.clone(),
            Area::Zone(z) => self.zones[z].name.clone(),
        }
    }
}

/// What tests of single stages have in common.
#[cfg(test)]
impl Frame {
    /// One district of one group of one zone.
    pub(crate) fn of_one_zone(stages: Vec<Stage>) -> Self {
        Self {
            districts: vec![District { id: "d".into(), name: Name::plain("d") }].into(),
            groups: vec![Group { id: "q".into(), name: Name::plain("q"), district: DistrictId::new(0) }]
                .into(),
            zones: vec![Zone { id: "z".into(), name: Name::plain("z"), group: GroupId::new(0), tile: None }]
                .into(),
            stages: stages.into(),
        }
    }
}

#[cfg(test)]
impl Stage {
    /// A stage of so many grades, 1, 2, 3 ..., entered from pools at six.
    pub(crate) fn from_pools(grades: usize, class_size: u32) -> Self {
        Self {
            id: "p".into(),
            name: Name::plain("p"),
            grades: (1..=grades).map(|grade| grade.to_string()).collect(),
            class_size,
            intake: Intake::Pools { entry_age: 6 },
            detail: StageDetail::default(),
        }
    }
}
