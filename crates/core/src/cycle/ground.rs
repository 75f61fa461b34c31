//! What the rounds of a scenario share, tabulated once: places of the schools, what each project changes by the year it
//! opens in, how long its gates take, what it costs.
//!
//! | symbol | meaning |
//! |---|---|
//! | t | years since the base year, 0..=years |
//! | slot | sharing group x stage |
//! | o | academic year of an opening; [`BEYOND`] = in the programme, after the last year |
//! | lead | years from a round to a September |

use crate::{
    balance::BySlot,
    forecast::Stream,
    grid::{Grid, Shape, SlotId, Slots},
    index::{DrawId, GroupId, Ids, ProjectId, StageId, Table, YearOffset, ids},
    money::{annuity, capital, capital_per_place},
    scenario::Scenario,
    supply::{
        OpeningLaw, Project, Status, SupplyModel,
        effect::{self, Effect},
        stock::BEYOND,
    },
    time::YearMonth,
};

/// What one project changes in one slot, by opening and year.
#[derive(Debug, Clone)]
pub struct Touch {
    /// Where.
    pub slot: SlotId,
    first: i32,
    /// Places gained by opening (from `first`; the last row is [`BEYOND`]) and year.
    gained: Grid<OpeningRow, YearOffset, i64>,
    /// Places lost, not positive.
    lost: Grid<OpeningRow, YearOffset, i64>,
}

ids! {
    /// The row of an opening in a [`Touch`].
    OpeningRow
}

impl Touch {
    fn row(&self, opened: i32) -> OpeningRow {
        let last = self.gained.shape().rows().len() - 1;
        OpeningRow::new(if opened >= BEYOND {
            last
        } else {
            ((opened - self.first).max(0) as usize).min(last)
        })
    }

    /// Places gained in year `t` if it opens in `opened`.
    pub fn gained(&self, opened: i32, t: YearOffset) -> i64 {
        self.gained[(self.row(opened), t)]
    }

    /// Places lost in year `t`, not positive.
    pub fn lost(&self, opened: i32, t: YearOffset) -> i64 {
        self.lost[(self.row(opened), t)]
    }

    /// Both.
    pub fn change(&self, opened: i32, t: YearOffset) -> i64 {
        self.gained(opened, t) + self.lost(opened, t)
    }
}

/// How probable an opening is, by lead in years.
#[derive(Debug, Clone, Default)]
pub struct Laws {
    /// Both gates opened at once, in a round.
    pub both: Vec<f64>,
    /// The build gate alone: the site is there.
    pub build: Vec<f64>,
    /// Both, the site gate open for 1, 2, ... years and not passed.
    pub site: Vec<Vec<f64>>,
    /// Site passed after so many years (from 0).
    pub land: Vec<f64>,
    /// A project under way in the base year, seen from it.
    pub under_way: Vec<f64>,
}

/// One project in numbers.
#[derive(Debug, Clone)]
pub struct Work {
    /// Its own group and stage.
    pub slot: SlotId,
    /// What it changes; its own slot first if it changes that.
    pub touches: Vec<Touch>,
    /// How probable its opening is.
    pub laws: Laws,
    /// Year before whose September it cannot open.
    pub not_before: i32,
    /// Money to build.
    pub capital: f64,
    /// The same per place: what candidates are ordered by.
    pub per_place: f64,
    /// Money a year while it stands: its capital as an annuity over its life, and what it costs to run.
    pub yearly: f64,
    /// Years of use; `None` = beyond every horizon.
    pub life: Option<u32>,
    /// Whether the round may choose it: adds places, not given up, not decided by another's opening.
    pub choosable: bool,
    /// Projects of which none may be decided if this one is.
    pub rivals: Vec<ProjectId>,
}

/// What the rounds of a scenario share.
#[derive(Debug)]
pub struct Ground<'a> {
    /// The scenario, lasting as long as is looked at.
    pub scenario: &'a Scenario,
    /// Years after the base year.
    pub years: usize,
    /// Every sharing group and stage.
    pub slots: Shape<GroupId, StageId>,
    /// Projects, in the order of the scenario.
    pub works: Table<ProjectId, Work>,
    /// Projects that touch a slot, with the index of the touch.
    pub touching: Slots<Vec<(ProjectId, usize)>>,
    /// Choosable projects of a slot, cheapest place first.
    pub menu: Slots<Vec<ProjectId>>,
    /// First of the projects that stand for modules held ready, behind all others.
    pub held_from: ProjectId,
    base: BySlot<i64>,
    numbers: Grid<ProjectId, DrawId, f64>,
}

impl<'a> Ground<'a> {
    /// Tabulates a scenario; `draws` openings are drawn of each project by `seed`.
    ///
    /// Projects from `held_from` on stand for modules held ready.
    pub fn new(
        scenario: &'a Scenario,
        supply: &SupplyModel<'_>,
        held_from: ProjectId,
        seed: u64,
        draws: usize,
    ) -> Self {
        let frame = &scenario.frame;
        let (slots, years) = (frame.slots(), scenario.years_ahead());
        let mut base = BySlot::filled(years + 1, slots, 0);
        for t in scenario.offsets() {
            let places = supply.base(t);
            for z in frame.zones.ids() {
                for p in frame.stages.ids() {
                    base[(t, frame.group_of(z), p)] += i64::from(places[(z, p)]);
                }
            }
        }
        let works: Table<ProjectId, Work> =
            scenario.projects.ids().map(|j| work(scenario, supply, j)).collect();
        let mut touching = Slots::filled(slots, Vec::new());
        let mut menu = Slots::filled(slots, Vec::new());
        for (j, work) in works.pairs() {
            for (i, touch) in work.touches.iter().enumerate() {
                touching[touch.slot].push((j, i));
            }
            if work.choosable {
                menu[work.slot].push(j);
            }
        }
        for row in menu.iter_mut() {
            row.sort_by(|&a: &ProjectId, &b| {
                let id = |j: ProjectId| &scenario.projects[j].id;
                works[a].per_place.total_cmp(&works[b].per_place).then_with(|| id(a).cmp(id(b)))
            });
        }
        let number = |j: ProjectId, w: DrawId| {
            let leader = scenario.projects[j].leader(j);
            Stream::new(seed, "project", &scenario.projects[leader].id, w.index() as u64).uniform()
        };
        let numbers = Grid::from_fn(Shape::new(works.len(), draws), number);
        Self { scenario, years, slots, works, touching, menu, held_from, base, numbers }
    }

    /// Places of the schools, less what must close by its date, in year `t` of a slot.
    pub fn base(&self, t: YearOffset, slot: SlotId) -> i64 {
        self.base[(t, slot)]
    }

    /// The years after the base year.
    pub fn coming(&self) -> Ids<YearOffset> {
        Ids::of(1..self.years + 1)
    }

    /// The uniform number of project `j` in draw `w`.
    pub fn number(&self, j: ProjectId, w: DrawId) -> f64 {
        self.numbers[(j, w)]
    }

    /// Whether project `j` stands for modules held ready.
    pub fn is_held(&self, j: ProjectId) -> bool {
        j >= self.held_from
    }

    /// Sharing group and stage of a slot.
    pub fn group_and_stage(&self, slot: SlotId) -> (GroupId, StageId) {
        self.slots.split(slot)
    }
}

fn work(scenario: &Scenario, supply: &SupplyModel<'_>, j: ProjectId) -> Work {
    let frame = &scenario.frame;
    let project = &scenario.projects[j];
    let slot = frame.slot_of(project.zone, project.stage);
    let first = scenario.base_year.min(project.opens.map_or(i32::MAX, YearMonth::first_september));
    let openings: Vec<i32> = (first..=scenario.until).chain([BEYOND]).collect();
    let mut touches: Vec<Touch> = Vec::new();
    let counted = project.status != Status::Cancelled;
    for effect in supply.effects(j).iter().filter(|_| counted) {
        let at = frame.slot_of(effect.zone, effect.stage);
        let index = touches.iter().position(|t| t.slot == at).unwrap_or_else(|| {
            let empty = Grid::filled(Shape::new(openings.len(), scenario.offsets().len()), 0);
            touches.push(Touch { slot: at, first, gained: empty.clone(), lost: empty });
            touches.len() - 1
        });
        add(&mut touches[index], effect, scenario, &openings);
    }
    touches.sort_by_key(|t| t.slot != slot);
    let life = project.life(&scenario.kinds);
    let capital = capital(scenario, j);
    let rate = scenario.money.discount_rate;
    let over = life.unwrap_or(scenario.money.accounting_life).max(1);
    Work {
        slot,
        touches,
        laws: laws(scenario, supply, j),
        not_before: project.earliest.map_or(i32::MIN, YearMonth::first_september),
        capital,
        per_place: capital_per_place(scenario, j),
        yearly: capital / annuity(rate, over) + project.opex.unwrap_or(0.0),
        life,
        choosable: project.is_undecided() && effect::may_add(project),
        rivals: rivals(scenario, j),
    }
}

fn add(touch: &mut Touch, effect: &Effect, scenario: &Scenario, openings: &[i32]) {
    for (row, &opened) in touch.gained.shape().rows().zip(openings) {
        for (t, year) in scenario.calendar() {
            let change = effect.usable(opened, year);
            let side = if change >= 0 { &mut touch.gained } else { &mut touch.lost };
            side[(row, t)] += change;
        }
    }
}

fn laws(scenario: &Scenario, supply: &SupplyModel<'_>, j: ProjectId) -> Laws {
    let project = &scenario.projects[j];
    let (base, years) = (scenario.base_year, scenario.years_ahead() as i32);
    if !project.is_undecided() {
        return Laws { under_way: supply.opening(j).by.clone(), ..Laws::default() };
    }
    let round = scenario.round();
    let fresh = Project {
        status: Status::Candidate,
        earliest: None,
        opens: None,
        site_decided: None,
        evidence: None,
        ..project.clone()
    };
    let table = |project: &Project, seen: i32| -> Vec<f64> {
        let seen = scenario.round_of(seen);
        let law = OpeningLaw::of(project, &scenario.kinds, seen, seen);
        (0..=years).map(|lead| law.by_september(seen.year + lead)).collect()
    };
    let lead = project.site_lead.unwrap_or(scenario.kinds.of(project.kind).site);
    let needs = project.kind.needs_site() && !project.site_in_hand;
    let mut site = Vec::new();
    let mut land = vec![if needs { 0.0 } else { 1.0 }];
    if needs {
        let open = Project { status: Status::Site, site_decided: Some(round), ..fresh.clone() };
        let mut since = 1;
        while f64::from(12 * (since - 1)) < lead.max {
            land.push(lead.within(f64::from(12 * since)));
            site.push(table(&open, base + since));
            since += 1;
        }
    }
    Laws {
        both: table(&fresh, base),
        build: table(&Project { site_in_hand: true, ..fresh }, base),
        site,
        land,
        under_way: supply.opening(j).by.clone(),
    }
}

fn rivals(scenario: &Scenario, j: ProjectId) -> Vec<ProjectId> {
    let project = &scenario.projects[j];
    let is_rival = |(i, other): &(ProjectId, &Project)| {
        *i != j
            && ((project.site.is_some() && project.site == other.site)
                || project.excludes.contains(i)
                || other.excludes.contains(&j))
    };
    scenario.projects.pairs().filter(is_rival).map(|(i, _)| i).collect()
}
