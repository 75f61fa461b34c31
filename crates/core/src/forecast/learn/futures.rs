//! Draws of a calibration: possible rolls of every area and school, at every level from the same futures.
//!
//! ```text
//! area     N = F exp(x)                          x from [`ShockModel`]: common + unit + cell, scaled by past errors
//! school   N = N_area S exp(x_s) / sum S exp(x)  S = F_school / F_area; schools of an area add to it in every draw
//! ```
//!
//! Totals of stages, areas and districts are sums within a draw, so a district's band is as wide as its common shocks make
//! it, and not the sum of its areas' bands. The centre of the draws is the forecast: their median, not their mean.

use std::ops::Range;

use super::{
    layer::{KEPT, Layer},
    noise::Sizes,
    past::{DRAWN_Q80, Past, Scales, UnitScale, size_class},
    point::Calibration,
    schools::members,
};
use crate::forecast::{
    history::{History, Schools},
    normals::{Key, LANES, exp},
    shocks::{CellScale, Head, ShockModel, Stretch, Unit},
};

/// How uncertain a calibration is: sizes of its shocks, and scales by the errors of earlier origins.
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
    pub fn learn(history: &History, calibration: &Calibration, past: &Past, stages: &[Range<usize>]) -> Self {
        let sizes = Sizes::learn(history, calibration);
        let scales = past.scales(history, calibration, &sizes, stages);
        Self { sizes, scales }
    }
}

/// Rolls of one unit in many draws.
#[derive(Debug, Clone)]
pub struct UnitDraws {
    grades: usize,
    count: usize,
    /// By lead (from 1), grade and draw; NaN where a grade is not served.
    pupils: Vec<f32>,
}

impl UnitDraws {
    /// Draws of grade `g` at lead `h` (from 1).
    pub fn grade(&self, h: usize, g: usize) -> &[f32] {
        let start = ((h - 1) * self.grades + g) * self.count;
        &self.pupils[start..start + self.count]
    }

    /// Draws of the sum of `grades` at lead `h`, over those that are served.
    pub fn sum(&self, h: usize, grades: Range<usize>) -> Vec<f32> {
        let mut sum = vec![0.0; self.count];
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
    areas: ShockModel,
    /// Schools with their rolls' areas, if there are any.
    schools: Option<(ShockModel, Vec<Vec<usize>>)>,
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
        let layer = calibration.area_layer(calibration.all_pupils(), &spread.sizes);
        let areas = area_model(calibration, &layer, spread, ids.0);
        let schools = schools.and_then(|s| {
            let pupils = &calibration.schools.as_ref()?.pupils;
            let layer = calibration.school_layer(pupils, &spread.sizes)?;
            let model = ShockModel {
                years: calibration.leads(),
                grades: calibration.grades(),
                heads: Vec::new(),
                units: units(&layer, spread, "school", ids.1, None),
            };
            Some((model, members(s, calibration.areas())))
        });
        Self { calibration, seed, count, areas, schools }
    }

    /// Number of draws.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Draws of area `i`.
    pub fn area(&self, i: usize) -> UnitDraws {
        let (leads, grades) = (self.calibration.leads(), self.calibration.grades());
        let mut out =
            UnitDraws { grades, count: self.count, pupils: vec![f32::NAN; leads * grades * self.count] };
        let mut x = vec![[0.0; LANES]; leads * grades];
        for w in (0..self.count).step_by(LANES) {
            let head = self.areas.head_block::<LANES>(0, self.seed, w as u64);
            self.areas.unit_block(i, self.seed, w as u64, Some(&head), &mut x);
            for (cell, x) in x.iter().enumerate() {
                let foretold = self.calibration.pupils(cell / grades + 1, i, cell % grades) as f32;
                let factor = exp(*x);
                let end = (w + LANES).min(self.count);
                for (n, factor) in
                    out.pupils[cell * self.count + w..cell * self.count + end].iter_mut().zip(factor)
                {
                    *n = foretold * factor;
                }
            }
        }
        out
    }

    /// Draws of the schools of area `i`, whose own are `area`: school index and draws.
    pub fn schools(&self, i: usize, area: &UnitDraws) -> Vec<(usize, UnitDraws)> {
        let Some((model, members)) = &self.schools else { return Vec::new() };
        let (leads, grades, count) = (self.calibration.leads(), self.calibration.grades(), self.count);
        let mut drawn: Vec<(usize, UnitDraws)> = members[i]
            .iter()
            .map(|&s| (s, UnitDraws { grades, count, pupils: vec![f32::NAN; leads * grades * count] }))
            .collect();
        let mut x = vec![[0.0; LANES]; leads * grades];
        for (s, draws) in &mut drawn {
            for w in (0..count).step_by(LANES) {
                model.unit_block(*s, self.seed, w as u64, None, &mut x);
                for (cell, x) in x.iter().enumerate() {
                    let foretold =
                        self.calibration.school_pupils(cell / grades + 1, *s, cell % grades) as f32;
                    let factor = exp(*x);
                    let end = (w + LANES).min(count);
                    for (n, factor) in
                        draws.pupils[cell * count + w..cell * count + end].iter_mut().zip(factor)
                    {
                        *n = foretold * factor;
                    }
                }
            }
        }
        let mut sum = vec![0.0_f32; count];
        for cell in 0..leads * grades {
            sum.fill(0.0);
            let range = cell * count..(cell + 1) * count;
            for (_, draws) in &drawn {
                for (sum, n) in sum.iter_mut().zip(&draws.pupils[range.clone()]) {
                    *sum += n.max(0.0);
                }
            }
            for (_, draws) in &mut drawn {
                for ((n, sum), area) in
                    draws.pupils[range.clone()].iter_mut().zip(&sum).zip(&area.pupils[range.clone()])
                {
                    *n *= if *sum > 0.0 { area / sum } else { 1.0 };
                }
            }
        }
        drawn
    }
}

/// The shocks of the areas of a calibration, under one head.
pub(in crate::forecast) fn area_model(
    calibration: &Calibration,
    layer: &Layer<'_>,
    spread: &Spread,
    ids: &[String],
) -> ShockModel {
    let s = &spread.sizes.common;
    let head = Head {
        key: Key::new("common", ""),
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
        years: calibration.leads(),
        grades: calibration.grades(),
        heads: vec![head],
        units: units(layer, spread, "zone", ids, assumed),
    }
}

fn units(
    layer: &Layer<'_>,
    spread: &Spread,
    kind: &str,
    ids: &[String],
    assumed_from: Option<usize>,
) -> Vec<Unit> {
    let leads = spread.scales.in_school.len();
    let areas = kind == "zone";
    let tempers = if areas { &spread.scales.area_temper } else { &spread.scales.school_temper };
    (0..layer.units)
        .map(|u| {
            let temper = tempers.get(u).copied().unwrap_or(1.0);
            let mut cell = Vec::with_capacity(leads * layer.grades);
            let mut scale = Vec::with_capacity(leads * layer.grades);
            for h in 1..=leads {
                for g in 0..layer.grades {
                    cell.push(layer.step(h, u, g) as f32);
                    let at = spread.scales.at(h, layer.in_school(h, u, g));
                    let own = if areas { at.area } else { at.school };
                    let own = UnitScale { unit: own.unit * temper, cell: own.cell * temper, ..own };
                    scale.push(cell_scale(layer, h, u, g, at.common, &own));
                }
            }
            Unit {
                key: Key::new(kind, ids.get(u).map_or("", String::as_str)),
                head: areas.then_some(0),
                tails: true,
                tendency: layer.own.tendency_var(u).sqrt() as f32,
                year: layer.year(u) as f32,
                entry_walk: layer.sizes.entry_walk as f32,
                entry_kept: KEPT as f32,
                assumed_from: vec![assumed_from; layer.grades],
                below: (0..layer.grades)
                    .map(|g| (g > 0 && layer.fed[u * layer.grades + g]).then(|| g - 1))
                    .collect(),
                cell,
                scale,
            }
        })
        .collect()
}

fn cell_scale(layer: &Layer<'_>, h: usize, u: usize, g: usize, common: f64, scale: &UnitScale) -> CellScale {
    let parts = layer.parts(h, u, g);
    let stretch = |scale: f64, var: f64, by: f64| Stretch {
        scale: scale as f32,
        from: (DRAWN_Q80 * scale * var.sqrt()) as f32,
        by: by as f32,
    };
    let foretold = layer.pupils(h, u, g);
    let cell_class = if foretold.is_finite() { size_class(foretold) } else { 0 };
    // a unit's stage is about half of it
    let unit_class = size_class(layer.size(u) / 2.0);
    CellScale {
        common: common as f32,
        unit: stretch(scale.unit, parts.unit, scale.unit_tail[unit_class]),
        cell: stretch(scale.cell, parts.cell, scale.cell_tail[cell_class]),
    }
}
