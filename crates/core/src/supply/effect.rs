//! What a project changes: signed places by zone, stage and year, as a pure function of the year it opens in.
//!
//! ```text
//! change[z,p](o, t) = sum over effects e of the project   sign_e * part_e(t - start_e(o))   while start_e(o) <= t < end_e(o)
//! ```
//!
//! | symbol | meaning | unit |
//! |---|---|---|
//! | o | academic year of the opening: the first September on or after completion | year |
//! | start, end | an edge: o plus some years, or a fixed academic year, or never | year |
//! | part(k) | places that have changed hands k years after the start (phase-in) | places |
//!
//! One rule holds every kind: a new building is one effect; building on an occupied site (腾挪) adds a loss before the
//! opening; a conversion is a loss in one stage and a gain in another at the pace of the cohorts that leave; a relocation
//! takes the old site's places and gives the new one the life that is left; a merger keeps places in another zone; an
//! unsafe building is lost from its date in every programme ([`obligation`]) and earlier if it is rebuilt earlier.
//! A swing building's places are an effect of the project that releases it, so they open with it in every draw.
//!
//! The sweep over schedules tabulates these effects; nothing else of a project meets the balance. Not done here: when it
//! opens ([`super::gates`]), which rooms of which school ([`super::rooms`]).

use super::{
    kind::PhaseIn,
    project::{Project, Source, Special},
};
use crate::{
    index::{ProjectId, SchoolId, StageId, ZoneId},
    scenario::ScenarioParts,
    time::YearMonth,
};

/// Academic years without the old building while it is rebuilt, where no decant is stated.
const REBUILD_YEARS: i32 = 2;
/// Academic years in which relocated modules serve neither site, where no decant is stated: down in autumn, up by the next.
const MOVE_YEARS: i32 = 1;

/// Why places change: how a gap that they cause is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// New places.
    Gained,
    /// Places taken: closed, converted, decanted.
    Lost,
    /// Places of one zone kept for the pupils of another.
    Lent,
}

/// Where rooms that are lost come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// A school, by index.
    School(SchoolId),
    /// The building of a project, by index.
    Project(ProjectId),
    /// Rooms of the zone and stage, in table order.
    Zone,
}

/// Where the window of an effect begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// The academic year of the opening plus so many years.
    Opening(i32),
    /// This academic year, whenever the project opens.
    Year(i32),
    /// Not within any horizon.
    Never,
}

impl Edge {
    fn year(self, opened: i32) -> i32 {
        match self {
            Edge::Opening(years) => opened.saturating_add(years),
            Edge::Year(year) => year,
            Edge::Never => i32::MAX,
        }
    }
}

/// One change of the places of one zone and stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    /// Index of the zone.
    pub zone: ZoneId,
    /// Index of the stage.
    pub stage: StageId,
    /// Whether places are gained; else they are lost.
    pub gains: bool,
    /// Places at full size.
    pub places: u32,
    /// Whole classes at full size.
    pub classes: u32,
    /// Why.
    pub cause: Cause,
    /// Index of the project whose building or decision it is.
    pub project: ProjectId,
    /// Where rooms that are lost come from.
    pub taken: Taken,
    /// First academic year of the change.
    pub from: Edge,
    /// First academic year after it.
    pub to: Edge,
    phase: PhaseIn,
    grades: usize,
    /// Year from which the phase counts, if it is not the first of the window: a building moved before it was full.
    phase_since: Option<i32>,
}

impl Effect {
    /// Years since the start in `year` if the project opens in `opened`; `None` outside the window.
    fn age(&self, opened: i32, year: i32) -> Option<i32> {
        let (from, to) = (self.from.year(opened), self.to.year(opened));
        (from <= year && year < to).then(|| year - self.phase_since.unwrap_or(from))
    }

    fn signed(&self, amount: u32) -> i64 {
        if self.gains { i64::from(amount) } else { -i64::from(amount) }
    }

    /// Usable places gained (or lost, negative) in `year` if the project opens in `opened`.
    pub fn usable(&self, opened: i32, year: i32) -> i64 {
        self.age(opened, year).map_or(0, |k| self.signed(self.phase.part(self.places, self.grades, k)))
    }

    /// The full size of the change in `year`, whether phased in or not.
    pub fn nominal(&self, opened: i32, year: i32) -> i64 {
        self.age(opened, year).map_or(0, |_| self.signed(self.places))
    }

    /// Rooms gained (or lost, negative) in `year`.
    pub fn rooms(&self, opened: i32, year: i32) -> i64 {
        self.age(opened, year).map_or(0, |k| self.signed(self.phase.part(self.classes, self.grades, k)))
    }

    /// First academic year after the change, if it ends within any horizon.
    pub fn ends(&self, opened: i32) -> Option<i32> {
        let end = self.to.year(opened);
        (end < i32::MAX).then_some(end)
    }

    /// Whether the change begins in `year`.
    pub fn begins(&self, opened: i32, year: i32) -> bool {
        self.from.year(opened) == year && self.age(opened, year).is_some()
    }

    /// The same change if its building lasted for ever: what an explanation of lost places compares with.
    #[must_use]
    pub fn for_ever(&self) -> Self {
        if self.gains { Self { to: Edge::Never, ..*self } } else { *self }
    }
}

/// The effects of project `j`, those of the swing buildings it releases included; of a swing building that another
/// project releases, none.
pub fn effects(parts: &ScenarioParts, j: ProjectId) -> Vec<Effect> {
    if matches!(parts.projects[j].special, Special::Released { .. }) {
        return Vec::new();
    }
    let mut all = own_effects(parts, j);
    for (i, swing) in parts.projects.pairs() {
        if swing.special == (Special::Released { by: j }) && swing.status.in_programme() {
            all.push(gain(parts, i));
        }
    }
    all
}

/// The places that project `j` loses by a date in every programme: an unsafe building. Its opening does not matter.
pub fn obligation(parts: &ScenarioParts, j: ProjectId) -> Option<Effect> {
    let project = &parts.projects[j];
    match project.special {
        Special::CloseBy { month, places } => Some(Effect {
            from: Edge::Year(month.first_september()),
            to: Edge::Never,
            ..loss(parts, j, project.stage, places)
        }),
        _ => None,
    }
}

fn own_effects(parts: &ScenarioParts, j: ProjectId) -> Vec<Effect> {
    let project = &parts.projects[j];
    let mut all = Vec::new();
    if let (Some(decant), false) =
        (project.decant, matches!(project.special, Special::CloseBy { .. } | Special::Moves { .. }))
    {
        all.push(Effect {
            from: out_of_use_from(project, decant.years),
            to: Edge::Opening(0),
            ..loss(parts, j, project.stage, decant.places)
        });
    }
    match project.special {
        Special::Converts { stage, places, classes } => {
            let grades = parts.frame.stages[stage].grades.len();
            let phase = project.phase(&parts.kinds);
            let out = loss(parts, j, stage, places);
            all.push(Effect { phase, grades, classes: classes.unwrap_or(out.classes), ..out });
            // rooms change hands as the cohorts of the giving stage leave, whatever the grades of the other stage
            all.push(Effect { grades, ..gain(parts, j) });
        }
        Special::Moves { source } => all.extend(relocation(parts, j, source)),
        Special::Receives { zone, places } => {
            all.push(loss(parts, j, project.stage, project.places));
            let kept =
                Effect { taken: Taken::Zone, cause: Cause::Lent, ..loss(parts, j, project.stage, places) };
            all.push(Effect { gains: true, ..kept });
            all.push(Effect { zone, ..kept });
        }
        Special::CloseBy { month, places } => {
            let years = project.decant.map_or(REBUILD_YEARS, |d| d.years);
            // from the date on the old building is lost in every programme; rebuilding empties it no later
            all.push(Effect {
                from: out_of_use_from(project, years),
                to: Edge::Year(month.first_september()),
                ..loss(parts, j, project.stage, places)
            });
            all.push(gain(parts, j));
        }
        _ if project.kind.adds() => all.push(gain(parts, j)),
        _ => {
            let phase = project.phase(&parts.kinds);
            all.push(Effect { phase, ..loss(parts, j, project.stage, project.places) });
        }
    }
    all
}

/// The first academic year without the old places: known where building has begun, else so many years before the opening.
fn out_of_use_from(project: &Project, years: i32) -> Edge {
    match project.build_decided {
        Some(month) if project.status.is_building() => Edge::Year(month.first_september()),
        _ => Edge::Opening(-years),
    }
}

fn classes_of(parts: &ScenarioParts, stage: StageId, places: u32) -> u32 {
    places / parts.frame.stages[stage].class_size.max(1)
}

fn gain(parts: &ScenarioParts, j: ProjectId) -> Effect {
    let project = &parts.projects[j];
    Effect {
        zone: project.zone,
        stage: project.stage,
        gains: true,
        places: project.places,
        classes: project.classes.unwrap_or_else(|| classes_of(parts, project.stage, project.places)),
        cause: Cause::Gained,
        project: j,
        taken: Taken::Zone,
        from: Edge::Opening(0),
        to: project.life(&parts.kinds).map_or(Edge::Never, |life| Edge::Opening(life as i32)),
        phase: project.phase(&parts.kinds),
        grades: parts.frame.stages[project.stage].grades.len(),
        phase_since: None,
    }
}

/// A loss of all grades at once from the opening on, for ever.
fn loss(parts: &ScenarioParts, j: ProjectId, stage: StageId, places: u32) -> Effect {
    let project = &parts.projects[j];
    let of = |s: &SchoolId| (parts.schools[*s].zone, parts.schools[*s].stage) == (project.zone, stage);
    Effect {
        zone: project.zone,
        stage,
        gains: false,
        places,
        classes: project
            .classes
            .filter(|_| places == project.places && stage == project.stage)
            .unwrap_or_else(|| classes_of(parts, stage, places)),
        cause: Cause::Lost,
        project: j,
        taken: project.school.filter(of).map_or(Taken::Zone, Taken::School),
        from: Edge::Opening(0),
        to: Edge::Never,
        phase: PhaseIn::All,
        grades: parts.frame.stages[stage].grades.len(),
        phase_since: None,
    }
}

fn relocation(parts: &ScenarioParts, j: ProjectId, source: Source) -> Vec<Effect> {
    let project = &parts.projects[j];
    let years = project.decant.map_or(MOVE_YEARS, |d| d.years);
    let from = out_of_use_from(project, years);
    let taken = match source {
        Source::School(s) => {
            let school = &parts.schools[s];
            Effect {
                zone: school.zone,
                taken: Taken::School(s),
                from,
                to: school.until.map_or(Edge::Never, Edge::Year),
                ..loss(parts, j, school.stage, school.places)
            }
        }
        Source::Project(i) => {
            let moved = &parts.projects[i];
            let opened = moved.opens.map_or(parts.base_year, YearMonth::first_september);
            let life = moved.life(&parts.kinds);
            Effect {
                zone: moved.zone,
                taken: Taken::Project(i),
                from,
                to: life.map_or(Edge::Never, |life| Edge::Year(opened + life as i32)),
                phase: moved.phase(&parts.kinds),
                phase_since: Some(opened),
                ..loss(parts, j, moved.stage, moved.places)
            }
        }
    };
    let mut placed = gain(parts, j);
    if project.life_years.is_none() {
        placed.to = taken.to;
    }
    vec![taken, placed]
}

/// Whether a conversion leaves a cohort without a room: in the first such year after the opening, the years since and the
/// rooms that are missing.
///
/// `None` also where nothing is converted. Rooms change hands one cohort of the giving stage a year; all at once, or more
/// rooms than are given up, leaves the cohorts that were admitted with fewer rooms than they had.
pub fn cohort_without_room(parts: &ScenarioParts, project: &Project) -> Option<(i32, u32)> {
    let Special::Converts { stage, places, classes } = project.special else { return None };
    let given = classes.unwrap_or_else(|| classes_of(parts, stage, places));
    let taken = project.classes.unwrap_or_else(|| classes_of(parts, project.stage, project.places));
    let grades = parts.frame.stages[stage].grades.len();
    (0..grades as i32).find_map(|k| {
        // an admitted cohort keeps its classes: only the rooms of the cohorts that have left are free
        let free = PhaseIn::GradeByGrade.part(given, grades, k);
        let used = project.phase(&parts.kinds).part(taken, grades, k);
        (used > free).then(|| (k, used - free))
    })
}

/// Whether `project` is of a kind that the round may choose to add places.
pub fn may_add(project: &Project) -> bool {
    project.kind.adds() && !project.kind.follows_another()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{DistrictId, GroupId};
    use crate::{
        Name,
        geography::{District, Frame, Group, Intake, Stage, StageDetail, Zone},
        supply::{Decant, Kind, School, Status},
    };

    /// Two zones; primary of six grades, junior of three.
    fn parts() -> ScenarioParts {
        let stage = |id: &str, grades: std::ops::Range<u32>, size, intake| Stage {
            id: id.into(),
            name: Name::plain(id),
            grades: grades.map(|g| g.to_string()).collect(),
            class_size: size,
            intake,
            detail: StageDetail::default(),
        };
        let frame = Frame {
            districts: vec![District { id: "d".into(), name: Name::plain("d") }].into(),
            groups: ["a", "b"]
                .map(|id| Group { id: id.into(), name: Name::plain(id), district: DistrictId::new(0) })
                .into(),
            zones: [("a", 0), ("b", 1)]
                .map(|(id, q)| Zone {
                    id: id.into(),
                    name: Name::plain(id),
                    group: GroupId::new(q),
                    tile: None,
                })
                .into(),
            stages: vec![
                stage("primary", 1..7, 45, Intake::Pools { entry_age: 6 }),
                stage("junior", 7..10, 50, Intake::Stages(vec![StageId::new(0)])),
            ]
            .into(),
        };
        ScenarioParts {
            schools: vec![School::new("s", ZoneId::new(0), StageId::new(0), 1080)].into(),
            ..ScenarioParts::empty("e", frame, 2025)
        }
    }

    fn changes(
        project: Project,
        zone: ZoneId,
        stage: StageId,
        opened: i32,
        years: std::ops::Range<i32>,
    ) -> Vec<i64> {
        let mut parts = parts();
        parts.projects.push(project);
        let effects = effects(&parts, ProjectId::new(0));
        let here = || effects.iter().filter(|e| (e.zone, e.stage) == (zone, stage));
        years.map(|year| here().map(|e| e.usable(opened, year)).sum()).collect()
    }

    #[test]
    fn an_expansion_costs_places_until_it_opens() {
        let project = Project {
            decant: Some(Decant { places: 90, years: 1 }),
            ..Project::candidate("p", ZoneId::new(0), StageId::new(0), Kind::Expansion, 270)
        };
        assert_eq!(
            changes(project.clone(), ZoneId::new(0), StageId::new(0), 2027, 2025..2029),
            [0, -90, 270, 270]
        );
        // begun in March 2025: out of use from September 2025, however late it opens
        let begun = Project { status: Status::Started, build_decided: YearMonth::new(2025, 3), ..project };
        assert_eq!(
            changes(begun, ZoneId::new(0), StageId::new(0), 2028, 2024..2029),
            [0, -90, -90, -90, 270]
        );
    }

    #[test]
    fn a_swing_building_opens_with_the_project_that_releases_it() {
        let mut parts = parts();
        let rebuild = Project {
            decant: Some(Decant { places: 500, years: 2 }),
            ..Project::candidate("rebuild", ZoneId::new(0), StageId::new(0), Kind::Expansion, 700)
        };
        let swing = Project {
            status: Status::Open,
            opens: YearMonth::new(2024, 8),
            special: Special::Released { by: ProjectId::new(0) },
            ..Project::candidate("swing", ZoneId::new(1), StageId::new(0), Kind::Swing, 450)
        };
        parts.projects = [rebuild, swing].into();
        let of = |zone: ZoneId, year| -> i64 {
            effects(&parts, ProjectId::new(0))
                .iter()
                .filter(|e| e.zone == zone)
                .map(|e| e.usable(2028, year))
                .sum()
        };
        assert_eq!(
            (
                of(ZoneId::new(0), 2027),
                of(ZoneId::new(0), 2028),
                of(ZoneId::new(1), 2027),
                of(ZoneId::new(1), 2028)
            ),
            (-500, 700, 0, 450)
        );
        assert!(effects(&parts, ProjectId::new(1)).is_empty());
    }

    #[test]
    fn rooms_of_a_conversion_change_hands_as_cohorts_leave() {
        let project = Project {
            special: Special::Converts { stage: StageId::new(0), places: 540, classes: None },
            ..Project::candidate("c", ZoneId::new(0), StageId::new(1), Kind::Conversion, 600)
        };
        // 12 primary rooms, two of them each year: 90 places out, 100 in
        assert_eq!(
            changes(project.clone(), ZoneId::new(0), StageId::new(0), 2026, 2025..2033),
            [0, -90, -180, -270, -360, -450, -540, -540]
        );
        assert_eq!(
            changes(project.clone(), ZoneId::new(0), StageId::new(1), 2026, 2025..2033),
            [0, 100, 200, 300, 400, 500, 600, 600]
        );
        let parts = parts();
        assert_eq!(cohort_without_room(&parts, &project), None);
        // all at once: five cohorts of two classes lose their rooms
        let at_once = Project { phase_in: Some(PhaseIn::All), ..project.clone() };
        assert_eq!(cohort_without_room(&parts, &at_once), Some((0, 10)));
        // 15 junior rooms out of 12: in the first year 15/6 = 2 whole rooms of 2, in the second 5 of 4
        let too_many = Project { places: 750, ..project };
        assert_eq!(cohort_without_room(&parts, &too_many), Some((1, 1)));
    }

    #[test]
    fn relocated_modules_serve_neither_site_for_a_year_and_end_when_their_life_does() {
        let mut parts = parts();
        parts.projects = [
            Project {
                status: Status::Open,
                opens: YearMonth::new(2012, 8),
                ..Project::candidate("modules", ZoneId::new(0), StageId::new(0), Kind::Prefab, 540)
            },
            Project {
                special: Special::Moves { source: Source::Project(ProjectId::new(0)) },
                ..Project::candidate("moved", ZoneId::new(1), StageId::new(0), Kind::Relocation, 540)
            },
        ]
        .into();
        let all: Vec<Effect> =
            [effects(&parts, ProjectId::new(0)), effects(&parts, ProjectId::new(1))].concat();
        let at = |zone: ZoneId, year| -> i64 {
            let here = all.iter().enumerate().filter(|(_, e)| e.zone == zone);
            here.map(|(i, e)| e.usable(if i == 0 { 2012 } else { 2028 }, year)).sum()
        };
        let years = 2026..2034;
        assert_eq!(
            years.clone().map(|y| at(ZoneId::new(0), y)).collect::<Vec<_>>(),
            [540, 0, 0, 0, 0, 0, 0, 0]
        );
        // 2012 + 20: gone in 2032
        assert_eq!(
            years.map(|y| at(ZoneId::new(1), y)).collect::<Vec<_>>(),
            [0, 0, 540, 540, 540, 540, 0, 0]
        );
    }

    #[test]
    fn a_merger_keeps_places_in_the_other_zone() {
        let project = Project {
            special: Special::Receives { zone: ZoneId::new(1), places: 60 },
            ..Project::candidate("m", ZoneId::new(0), StageId::new(0), Kind::Merger, 180)
        };
        assert_eq!(changes(project.clone(), ZoneId::new(0), StageId::new(0), 2026, 2025..2027), [0, -120]);
        assert_eq!(changes(project, ZoneId::new(1), StageId::new(0), 2026, 2025..2027), [0, -60]);
    }

    #[test]
    fn an_unsafe_building_is_lost_by_its_date_and_earlier_if_it_is_rebuilt_earlier() {
        let mut parts = parts();
        parts.projects.push(Project {
            special: Special::CloseBy { month: YearMonth { year: 2028, month: 7 }, places: 500 },
            ..Project::candidate("u", ZoneId::new(0), StageId::new(0), Kind::Unsafe, 600)
        });
        let never = obligation(&parts, ProjectId::new(0)).unwrap();
        let lost: Vec<i64> = (2026..2031).map(|year| never.usable(0, year)).collect();
        assert_eq!(lost, [0, 0, -500, -500, -500]);
        // rebuilt to open in 2029: empty from 2027, 600 new places for 500 old ones from 2029
        let net = |year| {
            lost[(year - 2026) as usize]
                + effects(&parts, ProjectId::new(0)).iter().map(|e| e.usable(2029, year)).sum::<i64>()
        };
        assert_eq!((2026..2031).map(net).collect::<Vec<_>>(), [0, -500, -500, 100, 100]);
    }

    #[test]
    fn a_closing_school_runs_out_and_an_unlicensed_one_stops() {
        let closure = Project::candidate("c", ZoneId::new(0), StageId::new(0), Kind::Closure, 600);
        assert_eq!(
            changes(closure, ZoneId::new(0), StageId::new(0), 2026, 2025..2029),
            [0, -100, -200, -300]
        );
        let unlicensed = Project::candidate("k", ZoneId::new(0), StageId::new(0), Kind::Unlicensed, 90);
        assert_eq!(changes(unlicensed, ZoneId::new(0), StageId::new(0), 2026, 2025..2028), [0, -90, -90]);
    }
}
