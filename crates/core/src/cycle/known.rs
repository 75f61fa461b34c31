//! What one round may read, and nothing else: the year, how far each project has come, and the forecast made in it.
//!
//! A [`Known`] holds no reference to what comes after its round: the forecast is an [`Outlook`] of draws, a project is a
//! [`Standing`] with probabilities. Whoever runs years one after another cannot hand a round more than that.

use super::{ground::Ground, rule::HURRIED};
use crate::{
    balance::with_reserve,
    demand::cohort::pupils_in,
    forecast::{Path, quantile},
    geography::Area,
    grid::{Grid, Grid3, Shape, SlotId},
    index::{DrawId, GroupId, Ids, ProjectId, Table, YearOffset, ZoneId, ids},
    scenario::ScenarioParts,
    supply::{Status, SupplyModel, stock::BEYOND},
    time::YearMonth,
};

/// P(open) beyond which a build that is not open is overdue: what is left says nothing any more.
const OVERDUE: f64 = 1e-6;

/// The forecast of one round: places asked for, by slot (sharing group x stage) and lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// By slot, lead (from 1) and draw.
    by_draw: Grid3<SlotId, LeadRow, DrawId, i64>,
    sorted: Grid3<SlotId, LeadRow, DrawId, i64>,
    central: Grid<YearOffset, SlotId, i64>,
}

impl Outlook {
    /// From the pupils of the central path and of the draws, whose year 0 is the round; leads from 1 to the last year of
    /// the draws, the central path as far as it goes. Without draws the central path stands for them.
    pub fn new(parts: &ScenarioParts, central: &Path, draws: &[Path]) -> Self {
        let frame = &parts.frame;
        let slots = frame.slots();
        let zones: Table<GroupId, Vec<ZoneId>> =
            frame.groups.ids().map(|q| frame.zones_in(Area::Group(q))).collect();
        let demand = |path: &Path, t: YearOffset, slot: SlotId| {
            let (q, p) = slots.split(slot);
            let pupils = pupils_in(path.year(t), &zones[q], &frame.grades_of(p));
            with_reserve(pupils, parts.reserve_per_mille) as i64
        };
        let paths: Vec<&Path> = if draws.is_empty() { vec![central] } else { draws.iter().collect() };
        let leads = paths.iter().map(|p| p.years()).min().unwrap_or(1) - 1;
        let by_draw =
            Grid3::from_fn(slots.count(), Shape::new(leads, paths.len()), |slot, row: LeadRow, w: DrawId| {
                demand(paths[w.index()], YearOffset::new(row.lead()), slot)
            });
        let mut sorted = by_draw.clone();
        sorted.chunks_mut(paths.len()).for_each(<[i64]>::sort_unstable);
        let shape = Shape::new(central.years(), slots.count());
        Self { by_draw, sorted, central: Grid::from_fn(shape, |t, slot| demand(central, t, slot)) }
    }

    /// Number of leads for which there are draws.
    pub fn leads(&self) -> usize {
        self.by_draw.shape().rows().len()
    }

    /// Every draw.
    pub fn draws(&self) -> Ids<DrawId> {
        self.by_draw.shape().columns()
    }

    /// Demand of a slot at a lead (from 1), draw by draw.
    pub fn draws_of(&self, slot: SlotId, lead: usize) -> &[i64] {
        self.by_draw.row(slot, LeadRow::of(lead))
    }

    /// Quantile of the demand of a slot at a lead.
    pub fn need(&self, slot: SlotId, lead: usize, level: f64) -> i64 {
        quantile(self.sorted.row(slot, LeadRow::of(lead)), level)
    }

    /// Demand on the central path; its last year holds after it.
    pub fn central(&self, slot: SlotId, lead: usize) -> i64 {
        self.central[(YearOffset::new(lead.min(self.central_leads())), slot)]
    }

    /// Last lead of the central path.
    pub fn central_leads(&self) -> usize {
        self.central.shape().rows().len() - 1
    }
}

ids! {
    /// The row of a lead: they are counted from 1.
    LeadRow
}

impl LeadRow {
    fn of(lead: usize) -> Self {
        Self::new(lead - 1)
    }

    fn lead(self) -> usize {
        self.index() + 1
    }
}

/// Where a project stands in a round.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing<'a> {
    /// How far it has come.
    pub status: Status,
    /// Whether it counts as supply: status site or later, or on the programme that is looked at.
    pub in_programme: bool,
    /// Whether its build gate can be opened.
    pub past_site: bool,
    /// Academic year of its opening, where that is known.
    pub opened: Option<i32>,
    /// P(open by the September that lies so many years ahead), what is undecided decided now.
    pub by: &'a [f64],
    /// P(open) already passed without an opening: what is left is conditioned on it.
    pub past: usize,
    /// First lead at which it may open.
    pub not_before: i32,
    /// Whether its build has been hurried.
    pub hurried: bool,
}

impl Standing<'_> {
    /// P(open by 1 September `lead` years ahead).
    pub fn p_open(&self, lead: i32, year: i32) -> f64 {
        if self.hurried { self.p_open_hurried(lead, year) } else { self.p_open_plain(lead, year) }
    }

    fn p_open_plain(&self, lead: i32, year: i32) -> f64 {
        if let Some(opened) = self.opened {
            return f64::from(u8::from(opened <= year + lead));
        }
        if lead < self.not_before || self.by.is_empty() {
            return 0.0;
        }
        let at = |i: usize| self.by[i.min(self.by.len() - 1)];
        let now = at(self.past + lead.max(0) as usize);
        if self.past == 0 {
            return now;
        }
        let gone = at(self.past);
        if lead <= 0 {
            0.0
        } else if gone > 1.0 - OVERDUE {
            1.0 // overdue beyond every expectation: any day now
        } else {
            (now - gone) / (1.0 - gone)
        }
    }

    /// P(open by 1 September `lead` years ahead) if a build under way is hurried from now on: what is left of it takes
    /// [`HURRIED`] of its time, years in between by straight lines.
    pub fn p_open_hurried(&self, lead: i32, year: i32) -> f64 {
        let stretched = f64::from(lead) / HURRIED;
        let whole = stretched.floor();
        let (low, high) = (self.p_open_plain(whole as i32, year), self.p_open_plain(whole as i32 + 1, year));
        if lead < self.not_before { 0.0 } else { low + (stretched - whole) * (high - low) }
    }

    /// P(open by so many years after the decision), wherever else it stands.
    pub fn p_open_fresh(&self, lead: i32) -> f64 {
        let last = self.by.len().saturating_sub(1);
        self.by.get((lead.max(0) as usize).min(last)).copied().unwrap_or(0.0)
    }

    /// The year of the opening with uniform number `u`: the first with P >= u; `None` if not within `leads`.
    pub fn opening(&self, u: f64, year: i32, leads: usize) -> Option<i32> {
        if self.opened.is_some() {
            return self.opened;
        }
        (0..=leads as i32).find(|&lead| self.p_open(lead, year) >= u).map(|lead| year + lead)
    }
}

/// What one round may read.
#[derive(Debug)]
pub struct Known<'a> {
    /// What never changes.
    pub ground: &'a Ground<'a>,
    /// Years since the base year of the ground.
    pub t: YearOffset,
    /// The forecast that the round goes by.
    pub outlook: &'a Outlook,
    /// How many years ago it was made; 0 unless plans are kept for several years.
    pub shift: usize,
    /// Where each project stands.
    pub standings: Table<ProjectId, Standing<'a>>,
    /// Modules still to be had, of those held ready.
    pub held: usize,
    /// Money that may still be committed this year; `None` = any.
    pub budget: Option<f64>,
}

impl<'a> Known<'a> {
    /// What is known in the base year of a scenario, its projects as a supply model sees them.
    pub fn of_supply(ground: &'a Ground<'a>, supply: &'a SupplyModel<'_>, outlook: &'a Outlook) -> Self {
        let scenario = ground.scenario;
        let standing = |j: ProjectId| {
            let project = &scenario.projects[j];
            let opening = supply.opening(j);
            Standing {
                status: project.status,
                in_programme: supply.in_programme(j),
                past_site: project.past_site_gate(&scenario.kinds, scenario.round()),
                // a published month is certain, be it past or to come
                opened: project.opens.filter(|_| project.leader(j) == j).map(YearMonth::first_september),
                by: &opening.by,
                past: 0,
                not_before: 0,
                hurried: false,
            }
        };
        Self {
            ground,
            t: YearOffset::BASE,
            outlook,
            shift: 0,
            standings: scenario.projects.ids().map(standing).collect(),
            held: 0,
            budget: None,
        }
    }

    /// Academic year of the round.
    pub fn year(&self) -> i32 {
        self.ground.scenario.year_of(self.t)
    }

    /// The day of the round.
    pub fn round(&self) -> YearMonth {
        self.ground.scenario.round_of(self.year())
    }

    /// Last lead for which there are draws and places.
    pub fn leads(&self) -> usize {
        (self.outlook.leads() - self.shift.min(self.outlook.leads())).min(self.years_left())
    }

    /// Years from this round to the last year of the ground.
    pub fn years_left(&self) -> usize {
        self.ground.years - self.t.index()
    }

    /// Demand of a slot at a lead, draw by draw.
    pub fn draws_of(&self, slot: SlotId, lead: usize) -> &[i64] {
        self.outlook.draws_of(slot, lead + self.shift)
    }

    /// Quantile of the demand of a slot at a lead.
    pub fn need(&self, slot: SlotId, lead: usize, level: f64) -> i64 {
        self.outlook.need(slot, lead + self.shift, level)
    }

    /// Demand on the central path.
    pub fn central(&self, slot: SlotId, lead: usize) -> i64 {
        self.outlook.central(slot, lead + self.shift)
    }

    /// The central opening of project `j`; [`BEYOND`] if that lies after the last year.
    pub fn central_opening(&self, j: ProjectId) -> i32 {
        self.standings[j].opening(0.5, self.year(), self.years_left()).unwrap_or(BEYOND)
    }

    /// The opening of project `j` in a draw; [`BEYOND`] if that lies after the last year.
    pub fn drawn_opening(&self, j: ProjectId, w: DrawId) -> i32 {
        self.standings[j].opening(self.ground.number(j, w), self.year(), self.years_left()).unwrap_or(BEYOND)
    }
}
