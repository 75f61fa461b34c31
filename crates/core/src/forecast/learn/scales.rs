//! Scales: factors on the sizes of the shocks, learnt from the errors of earlier forecasts.
//!
//! ```text
//! common   c^2 = (4 b^2 + sum z^2) / (4 + n)                            n origins
//! others   c   = (q80 of |z| / q80 of the draws)^trust b^(1 - trust)    trust = n / (n + 3) o / (o + 1), o origins
//! ```
//!
//! | symbol | meaning |
//! |---|---|
//! | z | error over its expected standard deviation ([`super::errors`]) and over the unit's temper |
//! | b | scale that the lead before suggests: 1 at lead 1, otherwise its c to the power 0.85 (0.4 for a unit's own part of cohorts that enter later) |
//! | temper | multiplier of one unit: `t^2 = (8 + sum 0.6 z^2) / (8 + n)` over its own errors at lead 1, divided by the mean over the units where that exceeds 1; to the power 0.9 for every further year |
//!
//! Scales are cut to 0.4..2.5. A few origins move a scale little; without any it stays at b. A cohort in school takes the
//! same steps every year, so its scale carries over; cohorts that enter later err in other ways at other leads. A school
//! that is filling errs more than a stable one of its size. Its temper holds this, and fades: in six years it is full.
//!
//! Beyond the 80 % quantile the upper tail of a class of size is stretched until the 98 % quantile of the draws is that of
//! the errors, if theirs lies further out: places are secured there.
//!
//! With fewer than four areas their own part cannot be told from what they share, so both have the scale of their sum. A
//! few origins show the width of a band but not its tail: where they narrow it, the tail of an area's own part keeps its
//! 98 % quantile.

use super::errors::{CellError, LeadErrors, UnitError, UnitErrors};
use crate::index::{Lead, Table, UnitId};

/// Weight of the prior of the common scale, in observations.
const PRIOR_ORIGINS: f64 = 4.0;
/// Eighty per cent quantile of |z| in the draws: of Student's t with five degrees of freedom.
pub(super) const DRAWN_Q80: f64 = 1.4759;
/// Ninety-eight per cent quantile of the same, one side.
pub(super) const DRAWN_Q98: f64 = 2.7565;
/// Weight of the tail of all classes against a class's own tail, in errors.
const TAIL_CELLS: f64 = 50.0;
/// Weight of the expected temper against a unit's own errors, in errors.
const TEMPER: f64 = 8.0;
/// Power of a temper for every further year of the lead: it fades towards 1.
const TEMPER_KEPT: f64 = 0.9;
/// Standardised errors of a unit are cut here.
const STRANGE: f64 = 5.0;
/// Power that turns the scale of one lead into the expected scale of the next.
const CARRIED: f64 = 0.85;
/// The same power for a unit's own part of cohorts that enter later.
const ENTERING_CARRIED: f64 = 0.4;
/// Range of a scale.
const LEAST: f64 = 0.4;
const MOST: f64 = 2.5;

/// Scales of a unit's parts at one lead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitScale {
    /// Scale of the part that all grades of a unit share.
    pub unit: f64,
    /// Scale of the part of a single grade.
    pub cell: f64,
    /// Stretch of the upper tail of units beyond the 80 % quantile, by class of size; 1 = as drawn.
    pub unit_tail: [f64; 4],
    /// The same stretch for cells, by class of size.
    pub cell_tail: [f64; 4],
    /// Minimum stretch of the unit tail; with few areas it keeps the 98 % quantile where the band is narrowed, otherwise 1.
    pub unit_tail_kept: f64,
}

/// Scales at one lead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// What all areas share.
    pub common: f64,
    /// Areas.
    pub area: UnitScale,
    /// Schools within their area.
    pub school: UnitScale,
}

impl UnitScale {
    const ONE: Self =
        Self { unit: 1.0, cell: 1.0, unit_tail: [1.0; 4], cell_tail: [1.0; 4], unit_tail_kept: 1.0 };

    /// Stretch of the upper tail of a unit's own part in a class of size: the larger of that of the errors and the minimum.
    pub fn unit_stretch(&self, class: usize) -> f64 {
        self.unit_tail[class].max(self.unit_tail_kept)
    }

    /// The scale expected one lead later. The tail stays: that it was not seen yet does not make it shorter.
    fn carried(self, in_school: bool) -> Self {
        let power = if in_school { CARRIED } else { ENTERING_CARRIED };
        Self { unit: libm::pow(self.unit, power), cell: libm::pow(self.cell, power), ..self }
    }
}

impl Scale {
    /// Scales of 1: the sizes as they are.
    pub const ONE: Self = Self { common: 1.0, area: UnitScale::ONE, school: UnitScale::ONE };
}

/// Scales by lead (from 1).
#[derive(Debug, Clone, PartialEq)]
pub struct Scales {
    /// Cohorts in school at the origin.
    pub in_school: Vec<Scale>,
    /// Cohorts that enter later.
    pub entering: Vec<Scale>,
    /// Number of earlier origins at each lead.
    pub origins: Vec<usize>,
    /// Temper of each area: its errors at lead 1 over those expected from its size and the other areas.
    pub area_temper: Tempers,
    /// Temper of each school; empty without schools.
    pub school_temper: Tempers,
}

impl Scales {
    /// Scales of 1 at `leads` leads.
    pub fn one(leads: usize) -> Self {
        Self {
            in_school: vec![Scale::ONE; leads],
            entering: vec![Scale::ONE; leads],
            origins: vec![0; leads],
            area_temper: Tempers::default(),
            school_temper: Tempers::default(),
        }
    }

    /// The scale of cohorts at lead `h`.
    pub fn at(&self, h: Lead, in_school: bool) -> &Scale {
        if in_school { &self.in_school[h.index() - 1] } else { &self.entering[h.index() - 1] }
    }
}

/// Multiplier of each unit: its errors over those expected from its size and the other units.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tempers(Table<UnitId, f64>);

impl Tempers {
    /// Factors on the scales at lead `h`, by unit; they fade towards 1 with the lead.
    pub fn at(&self, h: Lead) -> Table<UnitId, f64> {
        let kept = libm::pow(TEMPER_KEPT, h.index() as f64 - 1.0);
        self.0.iter().map(|t| libm::pow(*t, kept)).collect()
    }
}

/// Errors from which [`Tempers`] are learnt.
#[derive(Debug)]
pub(super) struct Temper {
    squares: Table<UnitId, f64>,
    count: Table<UnitId, f64>,
}

impl Temper {
    /// Empty, for this number of units.
    pub(super) fn new(units: usize) -> Self {
        Self { squares: Table::filled(units, 0.0), count: Table::filled(units, 0.0) }
    }

    /// Adds errors at lead 1, over their `scale`.
    pub(super) fn add(&mut self, errors: &UnitErrors, scale: &UnitScale) {
        for e in &errors.units {
            let z = e.z(scale.unit, scale.cell);
            // Student's t with five degrees of freedom has variance 5/3
            self.squares[e.unit] += f64::min(z * z, STRANGE * STRANGE) * 0.6;
            self.count[e.unit] += 1.0;
        }
    }

    /// The tempers, shrunk to 1 where a unit has few errors.
    pub(super) fn finish(self) -> Tempers {
        let temper = |(s, n): (&f64, &f64)| ((TEMPER + s) / (TEMPER + n)).sqrt();
        let tempers: Vec<f64> = self.squares.iter().zip(&self.count).map(temper).collect();
        // tempers tell units apart; how wrong they are together is for the scales to say
        let mean = tempers.iter().sum::<f64>() / f64::max(tempers.len() as f64, 1.0);
        Tempers(tempers.into_iter().map(|t| t / mean.max(1.0)).collect())
    }
}

impl Scale {
    /// Scale at lead `h`, estimated from `errors` and the scale of the lead before.
    pub(super) fn learnt(errors: &LeadErrors, h: Lead, before: Self, tempers: (&Tempers, &Tempers)) -> Self {
        let origins = errors.common.len() as f64;
        let expected = libm::pow(before.common, 2.0 * CARRIED);
        let squares: f64 = errors.common.iter().map(|z| z * z).sum();
        let common = ((PRIOR_ORIGINS * expected + squares) / (PRIOR_ORIGINS + origins)).sqrt();
        let common = common.clamp(LEAST, MOST);
        let of = |units: &UnitErrors, before: UnitScale, tempers: &Tempers| {
            UnitScale::learnt(units, origins, before.carried(errors.in_school), &tempers.at(h))
        };
        let mut area = of(&errors.area, before.area, tempers.0);
        if errors.few_areas {
            area.unit = common;
            area.unit_tail_kept = f64::max((DRAWN_Q98 / common - DRAWN_Q80) / (DRAWN_Q98 - DRAWN_Q80), 1.0);
            if origins > 0.0 && errors.area.cells.is_empty() {
                area.cell = common;
            }
        }
        Self { common, area, school: of(&errors.school, before.school, tempers.1) }
    }
}

impl UnitScale {
    /// Scale estimated from `errors` of so many origins, shrunk towards `expected`.
    fn learnt(errors: &UnitErrors, origins: f64, expected: Self, tempers: &Table<UnitId, f64>) -> Self {
        let temper = |unit: UnitId| tempers.at(unit).copied().unwrap_or(1.0);
        let lean = |seen: f64, on: f64, n: usize| {
            let trust = n as f64 / (n as f64 + 3.0) * origins / (origins + 1.0);
            (libm::pow(seen, trust) * libm::pow(on, 1.0 - trust)).clamp(LEAST, MOST)
        };
        let z = |e: &UnitError, unit: f64, cell: f64| e.z(unit, cell) / temper(e.unit);
        let cell_z = |c: &CellError| c.z / temper(c.unit);
        let (units, cells) = (&errors.units, &errors.cells);
        let seen_units = |scales: &dyn Fn(f64) -> (f64, f64)| {
            let excess = |c: f64| {
                let (unit, cell) = scales(c);
                q80(&mut units.iter().map(|e| z(e, unit, cell)).collect::<Vec<_>>()) - DRAWN_Q80
            };
            bisect(excess, 0.2, 4.0)
        };
        let cell = if cells.is_empty() {
            expected.cell
        } else {
            let seen = q80(&mut cells.iter().map(cell_z).collect::<Vec<_>>()) / DRAWN_Q80;
            lean(seen, expected.cell, cells.len())
        };
        let (unit, cell) = match (units.is_empty(), cells.is_empty()) {
            (true, _) => (expected.unit, cell),
            // a stage of one grade: its parts cannot be told apart
            (false, true) => {
                let both = lean(seen_units(&|c| (c, c)), expected.unit, units.len());
                (both, both)
            }
            // the unit's own part is what is left when its cells have theirs
            (false, false) => (lean(seen_units(&|c| (c, cell)), expected.unit, units.len()), cell),
        };
        let unit_z: Vec<(f64, usize)> = units.iter().map(|e| (z(e, unit, cell), e.class)).collect();
        let cells_z: Vec<(f64, usize)> = cells.iter().map(|c| (cell_z(c) / cell, c.class)).collect();
        Self {
            unit,
            cell,
            unit_tail: tails(&unit_z, expected.unit_tail),
            cell_tail: tails(&cells_z, expected.cell_tail),
            unit_tail_kept: 1.0,
        }
    }
}

/// Stretch of the upper tail of standardised errors by class of size, at least 1. A class with few errors takes the
/// stretch of all classes; a lead with few errors takes the whole stretch of the lead before.
fn tails(z: &[(f64, usize)], before: [f64; 4]) -> [f64; 4] {
    let mut all: Vec<f64> = z.iter().map(|(z, _)| *z).collect();
    let pooled = tail(&mut all);
    std::array::from_fn(|class| {
        let mut of: Vec<f64> = z.iter().filter(|(_, c)| *c == class).map(|(z, _)| *z).collect();
        let lean = |(longer, n): (f64, f64), on: f64| {
            let trust = n / (n + TAIL_CELLS);
            libm::pow(longer, trust) * libm::pow(on, 1.0 - trust)
        };
        lean(tail(&mut of), lean(pooled, before[class]))
    })
}

/// Stretch of the upper tail of `z`, and the number of errors.
fn tail(z: &mut [f64]) -> (f64, f64) {
    let n = z.len();
    if n == 0 {
        return (1.0, 0.0);
    }
    let at = ((0.98 * n as f64).ceil() as usize).clamp(1, n) - 1;
    let seen = *z.select_nth_unstable_by(at, f64::total_cmp).1;
    (((seen - DRAWN_Q80) / (DRAWN_Q98 - DRAWN_Q80)).clamp(1.0, 4.0), n as f64)
}

/// Where a falling function crosses zero between `low` and `high`.
fn bisect(f: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    for _ in 0..16 {
        let middle = (low * high).sqrt();
        if f(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low * high).sqrt()
}

/// Eighty per cent quantile of the absolute values; orders and overwrites them.
fn q80(z: &mut [f64]) -> f64 {
    for z in z.iter_mut() {
        *z = z.abs();
    }
    let at = ((0.8 * z.len() as f64).ceil() as usize).clamp(1, z.len()) - 1;
    *z.select_nth_unstable_by(at, f64::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Errors at one lead: z of the totals, of `few` areas or many, and as many cells as `cells` of an area.
    fn errors(common: &[f64], few_areas: bool, cells: &[f64]) -> LeadErrors {
        let cells = cells.iter().map(|&z| CellError { unit: UnitId::new(0), z, class: 0 }).collect();
        let area = UnitErrors { units: Vec::new(), cells };
        LeadErrors { few_areas, in_school: true, common: common.to_vec(), area, ..LeadErrors::default() }
    }

    fn learnt(errors: &LeadErrors, before: Scale) -> Scale {
        Scale::learnt(errors, Lead::NEXT, before, (&Tempers::default(), &Tempers::default()))
    }

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn a_lead_without_errors_goes_on_from_the_one_before() {
        let own = UnitScale { unit: 0.5, cell: 2.0, unit_tail: [1.5; 4], ..UnitScale::ONE };
        let before = Scale { common: 1.3, area: own, school: UnitScale::ONE };
        let next = learnt(&errors(&[], false, &[]), before);
        assert!(near(next.common, libm::pow(1.3, 0.85)), "{next:?}");
        assert!(
            near(next.area.unit, libm::pow(0.5, 0.85)) && near(next.area.cell, libm::pow(2.0, 0.85)),
            "{next:?}"
        );
        assert!(next.area.unit_tail.iter().all(|t| near(*t, 1.5)), "{next:?}");
        // of cohorts that enter later less is taken over of what is a unit's own, and as much of what all share
        let later = learnt(&LeadErrors { in_school: false, ..LeadErrors::default() }, before);
        assert!(near(later.common, next.common) && near(later.area.unit, libm::pow(0.5, 0.4)), "{later:?}");
    }

    #[test]
    fn errors_lean_on_what_the_lead_before_lets_expect() {
        // all cells err as the draws do at twice their size: 9 cells of one origin, trust 9 / 12 x 1 / 2 = 3 / 8
        let before = Scale { area: UnitScale { cell: 0.5, ..UnitScale::ONE }, ..Scale::ONE };
        let cells = [2.0 * DRAWN_Q80; 9];
        let scale = learnt(&errors(&[1.0], false, &cells), before);
        assert!(near(scale.area.cell, libm::pow(2.0, 0.375 - 0.85 * 0.625)), "{scale:?}");
        // (4 x 1 + 1) / 5 = 1; with z = 3 twice (4 + 18) / 6
        assert!(near(scale.common, 1.0), "{scale:?}");
        assert!(near(learnt(&errors(&[3.0, -3.0], false, &[]), Scale::ONE).common, (22.0_f64 / 6.0).sqrt()));
    }

    #[test]
    fn few_areas_have_one_scale_with_what_they_share_and_keep_their_tail() {
        // 12 origins with z = 1/2: c^2 = (4 + 12 / 4) / 16 = 7 / 16
        let scale = learnt(&errors(&[0.5; 12], true, &[]), Scale::ONE);
        let c = (7.0_f64 / 16.0).sqrt();
        assert!([scale.common, scale.area.unit, scale.area.cell].iter().all(|s| near(*s, c)), "{scale:?}");
        let q98 = |scale: &Scale| {
            scale.area.unit * (DRAWN_Q80 + scale.area.unit_stretch(0) * (DRAWN_Q98 - DRAWN_Q80))
        };
        assert!(near(q98(&scale), DRAWN_Q98), "{scale:?}");
        // at the next lead too, where it is narrowed less
        let next = learnt(&errors(&[], true, &[]), scale);
        assert!(next.area.unit > c && near(q98(&next), DRAWN_Q98), "{next:?}");
        // nobody's errors asked for it, and a band that is wider needs it not
        assert!(near(scale.area.unit_tail[0], 1.0) && near(next.area.unit_tail[0], 1.0), "{next:?}");
        let wide = learnt(&errors(&[3.0, -3.0], true, &[]), Scale::ONE);
        assert!(wide.area.unit > 1.0 && near(wide.area.unit_stretch(0), 1.0), "{wide:?}");
        // where there are cells they say how wide a cell is; many areas have a scale of their own
        let cells = learnt(&errors(&[0.5; 12], true, &[DRAWN_Q80; 50]), Scale::ONE);
        assert!(near(cells.area.cell, 1.0) && near(cells.area.unit, c), "{cells:?}");
        let many = learnt(&errors(&[0.5; 12], false, &[]), Scale::ONE);
        assert!(near(many.area.unit, 1.0) && near(many.common, c), "{many:?}");
    }

    #[test]
    fn a_temper_fades_with_the_lead() {
        let tempers = Tempers([2.0, 0.5].into());
        let at = |h: usize| tempers.at(Lead::new(h)).into_vec();
        assert!(
            near(at(1)[0], 2.0)
                && near(at(3)[0], libm::pow(2.0, 0.81))
                && near(at(2)[1], libm::pow(0.5, 0.9))
        );
    }
}
