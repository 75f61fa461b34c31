//! What a scenario's own rolls and children teach it: the ratios it is projected with, and how wrong they have been.
//!
//! The forecast of [`super::learn`] is turned into *effective* ratios, so that the cohort model of `demand` gives the same
//! path, and housing, feeder flows, given rates and overrides work on top of it:
//!
//! ```text
//! r[z,g,t] = N*[z,g,t] / N*[z,g-1,t-1]            progression, and transition where no flow is stated
//! k[p',t]  = sum_z N*[z,first,t] / sum_z N*[z,last,t-1]     transition where flows are stated: they say who goes where
//! e[z,t]   = N*[z,entry,t] / sum_c sum_s w u C    entry, C as the pools of the scenario have it, u of the base year
//! a[z,g,t] = N*[z,g,t]                            arrivals of a grade that no grade of the own zone feeds
//! ```
//!
//! | symbol | meaning | unit |
//! |---|---|---|
//! | N* | forecast learnt from the history, constant share mixed in | pupils |
//! | w, u, C | weight of a source, public share, children | 1, 1, children |
//!
//! The parent of a zone is the whole scenario. Sizes of the shocks are learnt where the rolls of at least
//! [`SIZES_YEARS`] years are known and the scenario states none; the draws are then N exp(x) with x of
//! [`super::shocks`], so that the errors of a cell are those its own past showed. Nothing is learnt from fewer than
//! [`RATIO_YEARS`] years.

mod chain;
mod schools;
mod shocks;
mod sources;

use super::{
    history::History,
    learn::{Calibration, Learner, Past, Spread},
};
use crate::{
    demand::ChildCount,
    geography::Intake,
    grid::{CellId, Grid, Shape},
    index::{ChainGrade, GradeId, Ids, Lead, PastYear, StageId, Table, UnitId, YearOffset, ZoneId},
    scenario::ScenarioParts,
};
use chain::Grades;

pub use schools::{SchoolLine, school_lines};
pub(super) use shocks::{LearntShocks, Levels};

/// Fewest years of rolls from which ratios are learnt.
pub const RATIO_YEARS: usize = 2;
/// Fewest years of rolls from which sizes of shocks are learnt: three for a forecast, one to be wrong in.
pub const SIZES_YEARS: usize = 4;

/// Figures by year (0 = base year) and cell.
type ByCell = Grid<YearOffset, CellId, f64>;

/// What the history of a scenario teaches.
#[derive(Debug, Clone)]
pub struct Learnt {
    chains: Vec<Chain>,
    /// Every zone and grade.
    cells: Shape<ZoneId, GradeId>,
    /// Ratio into a cell by year (from 1); NaN where none is known.
    ratio: ByCell,
    /// Pupils who arrive in a cell, fed by no grade of its zone; 0 elsewhere.
    arrivals: ByCell,
    /// Entrants by cell of an entry grade; NaN elsewhere, or where nothing is known.
    entrants: ByCell,
    /// Ratio of the totals of all zones into a grade, by year (from 1) and grade.
    total: Grid<YearOffset, GradeId, f64>,
}

/// One chain of grades with what was learnt of it.
#[derive(Debug, Clone)]
pub struct Chain {
    grades: Grades,
    history: History,
    calibration: Calibration,
    spread: Option<Spread>,
}

impl Chain {
    /// Grades of the frame in order; `None` stands for all who leave the stages that feed the first.
    pub fn grades(&self) -> &Table<ChainGrade, Option<GradeId>> {
        &self.grades.of
    }

    /// Position of grade `g` of the frame, if it belongs to this chain.
    pub fn position(&self, g: GradeId) -> Option<ChainGrade> {
        self.grades.position(g)
    }

    /// The stages, each with its positions in the chain.
    pub fn stages(&self) -> &[(StageId, Ids<ChainGrade>)] {
        &self.grades.stages
    }

    /// What was known.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// What was learnt.
    pub fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    /// How wrong it has been, if that was learnt.
    pub fn spread(&self) -> Option<&Spread> {
        self.spread.as_ref()
    }
}

/// What was known of the grades that begin at the first stage, with those grades (of the frame), and the stages with their
/// positions among them; `None` without past rolls.
pub fn past_of_first_chain(parts: &ScenarioParts) -> Option<FirstChain> {
    let chains = chain::chains(&parts.frame);
    let first = chains.first()?;
    Some(FirstChain {
        history: chain::history(parts, first)?,
        grades: first.of.iter().flatten().copied().collect(),
        stages: first.stages.clone(),
        others: chains[1..].iter().map(Grades::first_stage).collect(),
    })
}

/// The past of the chain that begins at the first stage.
#[derive(Debug, Clone, PartialEq)]
pub struct FirstChain {
    /// What was known.
    pub history: History,
    /// Grades of the frame.
    pub grades: Vec<GradeId>,
    /// Stages with their positions in the chain.
    pub stages: Vec<(StageId, Ids<ChainGrade>)>,
    /// First stages of the other chains.
    pub others: Vec<StageId>,
}

impl Learnt {
    /// Learns from the rolls of `parts`; `None` where they hold too few years.
    pub(crate) fn new(parts: &ScenarioParts) -> Option<Self> {
        let leads = usize::try_from(parts.until - parts.base_year).ok()?;
        let frame = &parts.frame;
        let mut chains = Vec::new();
        for grades in chain::chains(frame) {
            let history = chain::history(parts, &grades)?;
            if history.known_years() < RATIO_YEARS {
                continue;
            }
            let calibration = Learner::FULL.calibrate(&history, leads);
            let spread = (parts.uncertainty.is_none() && history.known_years() >= SIZES_YEARS).then(|| {
                let past = Past::collect(&history, leads, Learner::FULL);
                let stages: Vec<Ids<ChainGrade>> =
                    grades.stages.iter().map(|(_, positions)| positions.clone()).collect();
                Spread::learn(&history, &calibration, &past, &stages)
            });
            chains.push(Chain { grades, history, calibration, spread });
        }
        if chains.is_empty() {
            return None;
        }
        let cells = frame.cells();
        let by_cell = |value| ByCell::filled(Shape::new(leads + 1, cells.count()), value);
        let mut out = Self {
            chains,
            cells,
            ratio: by_cell(f64::NAN),
            arrivals: by_cell(0.0),
            entrants: by_cell(f64::NAN),
            total: Grid::filled(Shape::new(leads + 1, frame.grade_count()), f64::NAN),
        };
        for chain in std::mem::take(&mut out.chains) {
            out.take(parts, &chain, leads);
            out.chains.push(chain);
        }
        Some(out)
    }

    fn take(&mut self, parts: &ScenarioParts, chain: &Chain, leads: usize) {
        let entered = matches!(parts.frame.stages[chain.grades.first_stage()].intake, Intake::Pools { .. });
        for h in Lead::up_to(leads) {
            for (position, g) in chain.grades.of.pairs().filter_map(|(k, g)| Some((k, (*g)?))) {
                let (mut arriving, mut leaving) = (0.0, 0.0);
                for z in self.cells.rows() {
                    let at = (h.offset(), self.cells.at(z, g));
                    let forecast = chain.calibration.pupils(h, unit(z), position);
                    if position == ChainGrade::ENTRY {
                        if entered {
                            self.entrants[at] = chain.entrants(parts, z, h);
                        }
                        continue;
                    }
                    let below = chain.calibration.pupils(h.minus(1), unit(z), position.minus(1));
                    (self.ratio[at], self.arrivals[at]) = chain.step(z, position, h);
                    arriving += if forecast > 0.0 { forecast } else { 0.0 };
                    leaving += if below > 0.0 { below } else { 0.0 };
                }
                if leaving > 0.0 {
                    self.total[(h.offset(), g)] = arriving / leaving;
                }
            }
        }
    }

    /// Chains of grades.
    pub fn chains(&self) -> &[Chain] {
        &self.chains
    }

    /// The chain of grade `g`, and its position there.
    pub fn chain_of(&self, g: GradeId) -> Option<(&Chain, ChainGrade)> {
        self.chains.iter().find_map(|chain| Some((chain, chain.position(g)?)))
    }

    /// Pupils of `cell` per pupil a year before in the grade below, or in the grade that feeds the stage, `t` years after
    /// the base year.
    pub fn ratio(&self, cell: CellId, t: YearOffset) -> Option<f64> {
        known(self.ratio.get(t, cell))
    }

    /// Pupils of grade `g` in all zones per pupil a year before in the grade below.
    pub fn total_ratio(&self, g: GradeId, t: YearOffset) -> Option<f64> {
        known(self.total.get(t, g))
    }

    /// Pupils who arrive in `cell` though no grade of its zone feeds it.
    pub fn arrivals(&self, cell: CellId, t: YearOffset) -> f64 {
        self.arrivals.get(t, cell).copied().unwrap_or(0.0)
    }

    /// Entrants of `cell`, `t` years after the base year.
    pub fn entrants(&self, cell: CellId, t: YearOffset) -> Option<f64> {
        known(self.entrants.get(t, cell))
    }

    /// Whether the entry of the zone of `cell` was learnt from its children.
    pub fn entry_on_children(&self, cell: CellId) -> bool {
        let (z, g) = self.cells.split(cell);
        self.chain_of(g).is_some_and(|(chain, _)| chain.calibration.entry_on_children(unit(z)))
    }

    /// Whether the sizes of the shocks were learnt.
    pub fn has_sizes(&self) -> bool {
        self.cells.columns().all(|g| self.spread_of(g).is_some())
    }

    /// Years of rolls that were learnt from: first, last, how many are known.
    pub fn years(&self) -> (i32, i32, usize) {
        let history = &self.chains[0].history;
        let year = |t: Option<PastYear>| history.first_year + t.map_or(0, |t| t.index() as i32);
        let mut known = history.rolls.known_years();
        let first = known.next();
        (year(first), year(known.next_back().or(first)), history.known_years())
    }
}

/// The unit of a history that zone `z` is.
fn unit(z: ZoneId) -> UnitId {
    UnitId::new(z.index())
}

fn known(value: Option<&f64>) -> Option<f64> {
    value.copied().filter(|n| n.is_finite())
}

impl Chain {
    /// Entrants of zone `z`; NaN where nothing is known, or where its children are known and taught nothing.
    fn entrants(&self, parts: &ScenarioParts, z: ZoneId, h: Lead) -> f64 {
        let stage = self.grades.first_stage();
        let feeds = |c: &ChildCount| c.zone == z && c.counted.feeds(&parts.frame, stage);
        let has_children = parts.children.iter().any(feeds);
        if has_children && !self.calibration.entry_on_children(unit(z)) {
            return f64::NAN;
        }
        let forecast = self.calibration.pupils(h, unit(z), ChainGrade::ENTRY);
        if forecast.is_finite() { forecast } else { libm::exp(self.calibration.log_entrants(unit(z), h)) }
    }

    /// Ratio into `position` of zone `z`, and pupils who arrive otherwise.
    fn step(&self, z: ZoneId, position: ChainGrade, h: Lead) -> (f64, f64) {
        let (c, z) = (&self.calibration, unit(z));
        let (forecast, below) = (c.pupils(h, z, position), c.pupils(h.minus(1), z, position.minus(1)));
        if forecast.is_finite() && !(c.is_fed(z, position) && below > 0.0) {
            return (0.0, forecast);
        }
        if forecast.is_finite() {
            return (forecast / below, 0.0);
        }
        let last = self.history.origin();
        let was = |t: PastYear, g: ChainGrade| self.history.rolls.get(z, t, g);
        // nobody goes up into a grade that the zone has not got
        if last > PastYear::new(0)
            && was(last, position) <= 0.0
            && was(last.minus(1), position.minus(1)) > 0.0
        {
            return (0.0, 0.0);
        }
        if c.knows_ratio(position) { (libm::exp(c.log_ratio(z, position, h)), 0.0) } else { (f64::NAN, 0.0) }
    }
}
