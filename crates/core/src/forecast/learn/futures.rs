//! Draws of a calibration: possible rolls of every area and school, at every level from the same futures.
//!
//! ```text
//! area     N = F exp(x)                          x from [`ShockModel`]: common + unit + cell, scaled by past errors
//! school   N = N_area S exp(x_s) / sum S exp(x)  S = F_school / F_area; schools of an area add to it in every draw
//! ```
//!
//! Totals of stages, areas and districts are sums within a draw. So the width of a district's band comes from its common
//! shocks, and is not the sum of its areas' bands. The forecast is the median of the draws, not their mean.

use std::fmt;

use super::{
    errors::{SIZE_CLASSES, size_class},
    layer::{KEPT, Layer},
    noise::Sizes,
    past::Past,
    point::{Calibration, Projected},
    scales::{DRAWN_Q80, DRAWN_Q98, Scales, UnitScale},
    schools::members,
};
use crate::{
    forecast::{
        history::{History, Schools},
        normals::{Block, Key, LANES, exp},
        shocks::{CellScale, Head, HeadBlock, ShockModel, Stretch, Unit},
    },
    grid::{Grid, Pair, Shape},
    index::{ChainGrade, ComingYear, DrawId, HeadId, Ids, Lead, Table, UnitId},
};

/// Uncertainty of a calibration: sizes of its shocks, and scales from the errors of earlier origins.
#[derive(Debug, Clone)]
pub struct Spread {
    /// Sizes.
    pub sizes: Sizes,
    /// Scales.
    pub scales: Scales,
}

impl Spread {
    /// Learnt from `history`: residuals give the sizes, the forecasts of earlier origins (`past`) the scales. `stages` are
    /// the grades whose totals matter.
    pub fn learn(
        history: &History,
        calibration: &Calibration,
        past: &Past,
        stages: &[Ids<ChainGrade>],
    ) -> Self {
        let sizes = Sizes::learn(history, calibration);
        let scales = past.scales(history, calibration, &sizes, stages);
        Self { sizes, scales }
    }

    /// Classes of size whose upper quantiles are widened, areas before schools: those of the forecast of `calibration`
    /// whose past errors had a longer upper tail than is drawn.
    pub fn widened(&self, calibration: &Calibration) -> Vec<Widened> {
        let mut most = [[1.0_f64; SIZE_CLASSES.len() + 1]; 2];
        let areas = calibration.area_layer(calibration.all_pupils(), &self.sizes);
        let schools = calibration.schools.as_ref().map(|s| s.layer(&s.pupils, &self.sizes.school));
        for (layer, of_schools) in [Some(areas), schools].into_iter().flatten().zip([false, true]) {
            for (h, unit, g) in cells(&layer, self.scales.in_school.len()) {
                let scale = self.scales.at(h, layer.in_school(h, unit, g));
                let scale = if of_schools { scale.school } else { scale.area };
                let (unit_class, cell_class) = classes(&layer, h, unit, g);
                let most = &mut most[usize::from(of_schools)][cell_class];
                *most = most.max(scale.unit_tail[unit_class]).max(scale.cell_tail[cell_class]);
            }
        }
        let mut out = Vec::new();
        for (most, schools) in most.iter().zip([false, true]) {
            for (class, by) in most.iter().enumerate() {
                let longer = (DRAWN_Q80 + by * (DRAWN_Q98 - DRAWN_Q80)) / DRAWN_Q98 - 1.0;
                let percent = (100.0 * longer).round() as u32;
                if percent >= TOLD {
                    out.push(Widened { schools, class, percent });
                }
            }
        }
        out
    }
}

/// Smallest widening that is reported, per cent.
const TOLD: u32 = 5;

/// A class of size whose upper quantiles are widened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Widened {
    /// Whether they are schools, and not areas.
    pub schools: bool,
    /// Class of the pupils forecast, see [`size_class`].
    pub class: usize,
    /// How much further the 98 % quantile lies from the forecast than drawn, at most, per cent.
    pub percent: u32,
}

/// Lead, unit and grade of every cell of a layer that is served.
fn cells(layer: &Layer<'_>, leads: usize) -> impl Iterator<Item = (Lead, UnitId, ChainGrade)> {
    let shape = layer.pupils.shape();
    let all = Lead::up_to(leads).flat_map(move |h| shape.pairs().map(move |at| (h, shape.split(at))));
    all.map(|(h, (unit, g))| (h, unit, g)).filter(move |&(h, unit, g)| layer.pupils(h, unit, g).is_finite())
}

/// Classes of size of a unit and of one of its cells.
fn classes(layer: &Layer<'_>, h: Lead, unit: UnitId, g: ChainGrade) -> (usize, usize) {
    let forecast = layer.pupils(h, unit, g);
    // a unit's stage is about half of it
    (size_class(layer.size(unit) / 2.0), if forecast.is_finite() { size_class(forecast) } else { 0 })
}

/// Rolls of one unit in many draws.
#[derive(Debug, Clone)]
pub struct UnitDraws {
    /// By coming year and grade, which are cells of this unit; NaN where a grade is not served.
    pupils: Grid<UnitCell, DrawId, f32>,
    cells: Shape<ComingYear, ChainGrade>,
}

/// A coming year and grade of one unit.
type UnitCell = Pair<ComingYear, ChainGrade>;

impl UnitDraws {
    /// Draws that were made elsewhere: `pupils(h, g, w)` is draw `w` of grade `g` at lead `h` (from 1).
    pub fn new(
        leads: usize,
        grades: usize,
        count: usize,
        pupils: impl Fn(Lead, ChainGrade, DrawId) -> f32,
    ) -> Self {
        let cells: Shape<ComingYear, ChainGrade> = Shape::new(leads, grades);
        let pupils = Grid::from_fn(Shape::new(cells.count(), count), |cell, w| {
            let (year, g) = cells.split(cell);
            pupils(year.lead(), g, w)
        });
        Self { pupils, cells }
    }

    /// Draws of grade `g` at lead `h` (from 1).
    pub fn grade(&self, h: Lead, g: ChainGrade) -> &[f32] {
        self.pupils.row(self.cells.at(h.year(), g))
    }

    /// Number of draws.
    fn count(&self) -> usize {
        self.pupils.shape().columns().len()
    }

    /// Draws of the sum of `grades` at lead `h`, over those that are served.
    pub fn sum(&self, h: Lead, grades: Ids<ChainGrade>) -> Vec<f32> {
        let mut sum = vec![0.0; self.count()];
        for g in grades {
            let draws = self.grade(h, g);
            if draws.first().is_some_and(|n| n.is_finite()) {
                for (sum, n) in sum.iter_mut().zip(draws) {
                    *sum += n;
                }
            }
        }
        sum
    }
}

/// Draws of a calibration, unit by unit.
#[derive(Debug)]
pub struct Futures<'a> {
    calibration: &'a Calibration,
    seed: u64,
    count: usize,
    leads: Vec<Lead>,
    areas: ShockModel,
    heads: Heads,
    /// Schools, if there are any.
    schools: Option<SchoolFutures<'a>>,
}

/// The part that all areas share, by block of draws: made once for all areas.
struct Heads(Vec<HeadBlock<LANES>>);

impl fmt::Debug for Heads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Heads({} blocks)", self.0.len())
    }
}

/// The draws to make: seed, number and leads.
#[derive(Debug, Clone, Copy)]
struct Asked<'a> {
    seed: u64,
    count: usize,
    leads: &'a [Lead],
}

impl<'a> Futures<'a> {
    /// Futures of `calibration` under `spread`; `ids` are the keys of areas and schools, from which their numbers come.
    pub fn new(
        calibration: &'a Calibration,
        spread: &Spread,
        ids: (&[String], &[String]),
        schools: Option<&Schools>,
        seed: u64,
        count: usize,
    ) -> Self {
        let areas = shock_model(calibration, calibration.all_pupils(), spread, "", ids.0);
        let heads =
            (0..count).step_by(LANES).map(|w| areas.head_block(HeadId::new(0), seed, w as u64)).collect();
        let schools = schools.and_then(|s| SchoolFutures::new(calibration, spread, ids.1, s, seed));
        let leads = Lead::up_to(calibration.leads()).collect();
        Self { calibration, seed, count, leads, areas, heads: Heads(heads), schools }
    }

    /// The same futures, made at these leads alone: at others their draws are NaN.
    #[must_use]
    pub fn at(mut self, leads: &[Lead]) -> Self {
        self.leads.retain(|h| leads.contains(h));
        self
    }

    fn asked(&self) -> Asked<'_> {
        Asked { seed: self.seed, count: self.count, leads: &self.leads }
    }

    /// Number of draws.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Draws of area `i`.
    pub fn area(&self, i: UnitId) -> UnitDraws {
        let forecast = |h, g| self.calibration.pupils(h, i, g);
        draw(&self.areas, i, Some(&self.heads), forecast, self.asked())
    }

    /// Draws of the schools of area `i`, whose own are `area`: school and draws.
    pub fn schools(&self, i: UnitId, area: &UnitDraws) -> Vec<(UnitId, UnitDraws)> {
        self.schools.as_ref().map_or_else(Vec::new, |schools| schools.of_area_at(i, area, &self.leads))
    }
}

/// Draws of the schools of a calibration, given those of their areas.
#[derive(Debug)]
pub struct SchoolFutures<'a> {
    calibration: &'a Calibration,
    seed: u64,
    model: ShockModel,
    /// Schools of each area.
    members: Table<UnitId, Vec<UnitId>>,
}

impl<'a> SchoolFutures<'a> {
    /// Futures of the schools of `calibration` under `spread`; `None` where it has none.
    pub fn new(
        calibration: &'a Calibration,
        spread: &Spread,
        ids: &[String],
        schools: &Schools,
        seed: u64,
    ) -> Option<Self> {
        let pupils = &calibration.schools.as_ref()?.pupils;
        let layer = calibration.school_layer(pupils, &spread.sizes)?;
        let model = ShockModel {
            cells: Shape::new(calibration.leads(), calibration.grades().len()),
            heads: Table::default(),
            units: units(&layer, spread, "school", ids, None),
        };
        Some(Self { calibration, seed, model, members: members(schools, calibration.areas().len()) })
    }

    /// Schools of area `i`, each with its draws where those of the area are `area`.
    pub fn of_area(&self, i: UnitId, area: &UnitDraws) -> Vec<(UnitId, UnitDraws)> {
        self.of_area_at(i, area, &Lead::up_to(self.calibration.leads()).collect::<Vec<_>>())
    }

    fn of_area_at(&self, i: UnitId, area: &UnitDraws, at: &[Lead]) -> Vec<(UnitId, UnitDraws)> {
        let count = area.count();
        let asked = Asked { seed: self.seed, count, leads: at };
        let mut drawn: Vec<(UnitId, UnitDraws)> = self.members[i]
            .iter()
            .map(|&s| {
                let forecast = |h, g| self.calibration.school_pupils(h, s, g);
                (s, draw(&self.model, s, None, forecast, asked))
            })
            .collect();
        let mut sum = vec![0.0_f32; count];
        for (h, g) in at.iter().flat_map(|&h| self.calibration.grades().map(move |g| (h, g))) {
            let cell = area.cells.at(h.year(), g);
            let forecast = self.members[i].iter().map(|&s| self.calibration.school_pupils(h, s, g));
            let cover = forecast.filter(|n| n.is_finite()).sum::<f64>() / self.calibration.pupils(h, i, g);
            // schools that are the area fill it in every draw; the rounding of their sum is not a part that is missing
            let cover = if cover < 1.0 - 1e-9 { cover as f32 } else { 1.0 };
            sum.fill(0.0);
            for (_, draws) in &drawn {
                for (sum, n) in sum.iter_mut().zip(draws.pupils.row(cell)) {
                    *sum += n.max(0.0);
                }
            }
            for (_, draws) in &mut drawn {
                let own = draws.pupils.row_mut(cell).iter_mut();
                for ((n, sum), area) in own.zip(&sum).zip(area.pupils.row(cell)) {
                    *n *= if *sum > 0.0 { cover * area / sum } else { 1.0 };
                }
            }
        }
        drawn
    }
}

/// Draws of one unit around its forecast by lead and grade; NaN where it serves no grade.
fn draw(
    model: &ShockModel,
    unit: UnitId,
    heads: Option<&Heads>,
    forecast: impl Fn(Lead, ChainGrade) -> f64,
    asked: Asked<'_>,
) -> UnitDraws {
    let (cells, count) = (model.cells, asked.count);
    let mut out = UnitDraws { pupils: Grid::filled(Shape::new(cells.count(), count), f32::NAN), cells };
    let served: Vec<(UnitCell, f32)> = asked
        .leads
        .iter()
        .flat_map(|&h| cells.columns().map(move |g| (h, g)))
        .map(|(h, g)| (cells.at(h.year(), g), forecast(h, g) as f32))
        .filter(|(_, forecast)| forecast.is_finite())
        .collect();
    let mut x: Grid<_, _, Block<LANES>> = Grid::filled(cells, [0.0; LANES]);
    for (block, w) in (0..count).step_by(LANES).enumerate() {
        model.unit_block(unit, asked.seed, w as u64, heads.and_then(|heads| heads.0.get(block)), &mut x);
        let end = (w + LANES).min(count);
        for &(cell, forecast) in &served {
            exp(std::slice::from_mut(&mut x[cell]));
            for (n, factor) in out.pupils.row_mut(cell)[w..end].iter_mut().zip(&x[cell]) {
                *n = forecast * factor;
            }
        }
    }
    out
}

/// The shocks of the areas of a calibration around `pupils`, under one head: `name` and `ids` are
/// the keys from which their numbers come.
pub(in crate::forecast) fn shock_model(
    calibration: &Calibration,
    pupils: &Projected,
    spread: &Spread,
    name: &str,
    ids: &[String],
) -> ShockModel {
    let layer = calibration.area_layer(pupils, &spread.sizes);
    let s = &spread.sizes.common;
    let head = Head {
        key: Key::new("common", name),
        tails: true,
        year: s.year as f32,
        grade: s.grade as f32,
        level: s.level as f32,
        drift: s.drift as f32,
        entry_walk: s.entry_walk as f32,
        entry_year: s.entry_year as f32,
        assumed_walk: s.assumed_walk as f32,
    };
    let assumed = calibration.assumed_from();
    ShockModel {
        cells: Shape::new(calibration.leads(), calibration.grades().len()),
        heads: [head].into(),
        units: units(&layer, spread, "zone", ids, assumed),
    }
}

fn units(
    layer: &Layer<'_>,
    spread: &Spread,
    kind: &str,
    ids: &[String],
    assumed_from: Option<Lead>,
) -> Table<UnitId, Unit> {
    let cells = Shape::<ComingYear, ChainGrade>::new(spread.scales.in_school.len(), layer.grades().len());
    let areas = kind == "zone";
    let tempers = if areas { &spread.scales.area_temper } else { &spread.scales.school_temper };
    let tempers: Table<ComingYear, _> = cells.rows().map(|year| tempers.at(year.lead())).collect();
    layer
        .units()
        .map(|u| {
            let scale = |year: ComingYear, g| {
                let h = year.lead();
                let at = spread.scales.at(h, layer.in_school(h, u, g));
                let own = if areas { at.area } else { at.school };
                let temper = tempers[year].at(u).copied().unwrap_or(1.0);
                let own = UnitScale { unit: own.unit * temper, cell: own.cell * temper, ..own };
                cell_scale(layer, h, u, g, at.common, &own)
            };
            Unit {
                key: Key::new(kind, ids.get(u.index()).map_or("", String::as_str)),
                head: areas.then_some(HeadId::new(0)),
                tails: true,
                tendency: layer.own.tendency_var(u).sqrt() as f32,
                year: layer.year(u) as f32,
                entry_walk: layer.sizes.entry_walk as f32,
                entry_kept: KEPT as f32,
                assumed_from: Table::filled(layer.grades().len(), assumed_from.map(Lead::year)),
                below: layer
                    .grades()
                    .map(|g| (g > ChainGrade::ENTRY && layer.fed[(u, g)]).then(|| g.minus(1)))
                    .collect(),
                cell: Grid::from_fn(cells, |year, g| layer.step(year.lead(), u, g) as f32),
                scale: Grid::from_fn(cells, scale),
            }
        })
        .collect()
}

fn cell_scale(
    layer: &Layer<'_>,
    h: Lead,
    u: UnitId,
    g: ChainGrade,
    common: f64,
    scale: &UnitScale,
) -> CellScale {
    let parts = layer.parts(h, u, g);
    let stretch = |scale: f64, var: f64, by: f64| Stretch {
        scale: scale as f32,
        from: (DRAWN_Q80 * scale * var.sqrt()) as f32,
        by: by as f32,
    };
    let (unit_class, cell_class) = classes(layer, h, u, g);
    CellScale {
        common: common as f32,
        unit: stretch(scale.unit, parts.unit, scale.unit_stretch(unit_class)),
        cell: stretch(scale.cell, parts.cell, scale.cell_tail[cell_class]),
    }
}
