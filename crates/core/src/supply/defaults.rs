//! Assumptions of each kind, for projects whose row gives none.
//!
//! | kind | site, months | build, months | delay mean, sd | life, years | money a place | phase-in |
//! |---|---|---|---|---|---|---|
//! | permanent | 12-24-36 | 15-20-24 | 1.20, 0.25 | - | 180,000 | grade by grade |
//! | prefab | 0-1-2 | 5-6-9 | 1.10, 0.15 | 20 | 45,000 | grade by grade |
//! | expansion | - | 6-9-12 | 1.20, 0.25 | - | 180,000 | all |
//! | swing | - | 0-1-2 | 1.10, 0.15 | 20 | 0 | all |
//! | conversion | - | 3-6-9 | 1.10, 0.15 | - | 15,000 | grade by grade |
//! | leased | - | 1-3-6 | 1.10, 0.15 | 5 | 0 | all |
//! | relocation | 0-1-2 | 3-4-6 | 1.10, 0.15 | what is left | 15,750 | all |
//! | closure | - | 3-6-9 | 1.10, 0.15 | - | 0 | grade by grade |
//! | merger | - | 3-6-9 | 1.10, 0.15 | - | 0 | all |
//! | unsafe | - | 15-20-24 | 1.20, 0.25 | - | 180,000 | all |
//! | handover | - | 3-6-12 after the estate | 1.20, 0.25 | - | 0 | grade by grade |
//! | unlicensed | - | 0-1-3 | 1.10, 0.15 | - | 0 | all |
//!
//! Source: permanent and prefab docs/model.md section 3; relocation 35 % of a prefab place and 3 to 6 months, judgement of
//! the field; the rest judgement, to be replaced by the district's tenders and its record (`super::record`).
//! Money is 0 where the district pays no capex: a lease is opex, a handover is paid by the developer.

use super::kind::{Kind, PhaseIn};

/// A triangular distribution of a lead, months.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Triangle {
    /// Shortest lead.
    pub min: f64,
    /// Most likely lead.
    pub mode: f64,
    /// Longest lead.
    pub max: f64,
}

impl Triangle {
    /// A triangle; `None` unless 0 <= min <= mode <= max.
    pub fn new(min: f64, mode: f64, max: f64) -> Option<Self> {
        (0.0 <= min && min <= mode && mode <= max && max.is_finite()).then_some(Self { min, mode, max })
    }

    /// The mean lead.
    pub fn mean(&self) -> f64 {
        (self.min + self.mode + self.max) / 3.0
    }

    /// P(lead <= `months`).
    pub fn within(&self, months: f64) -> f64 {
        let width = self.max - self.min;
        if months >= self.max {
            1.0
        } else if months <= self.min {
            0.0
        } else if months < self.mode {
            (months - self.min) * (months - self.min) / (width * (self.mode - self.min))
        } else {
            1.0 - (self.max - months) * (self.max - months) / (width * (self.max - self.mode))
        }
    }

    /// A copy with all three months multiplied by `factor`.
    #[must_use]
    pub fn times(&self, factor: f64) -> Self {
        Self { min: self.min * factor, mode: self.mode * factor, max: self.max * factor }
    }
}

/// Factor on the build lead, lognormal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Delay {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
}

/// Assumptions of one kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KindDefault {
    /// Lead of the site gate, months; unused by kinds without a site gate.
    pub site: Triangle,
    /// Lead of the build gate, months.
    pub build: Triangle,
    /// Factor on the build lead.
    pub delay: Delay,
    /// Years in use; `None` = longer than every horizon.
    pub life_years: Option<u32>,
    /// Money per place, where a project states no capex.
    pub cost_per_place: f64,
    /// How places come into use; for kinds that take places, how these run out.
    pub phase_in: PhaseIn,
}

/// Defaults of every kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KindDefaults([KindDefault; Kind::ALL.len()]);

impl KindDefaults {
    /// The defaults of `kind`.
    pub fn of(&self, kind: Kind) -> &KindDefault {
        &self.0[kind as usize]
    }

    /// The defaults of `kind`, to be changed.
    pub fn of_mut(&mut self, kind: Kind) -> &mut KindDefault {
        &mut self.0[kind as usize]
    }
}

impl Default for KindDefaults {
    fn default() -> Self {
        Self(Kind::ALL.map(default_of))
    }
}

/// One row of the table above.
fn default_of(kind: Kind) -> KindDefault {
    const SLOW: Delay = Delay { mean: 1.20, sd: 0.25 };
    const QUICK: Delay = Delay { mean: 1.10, sd: 0.15 };
    const NO_SITE: Triangle = Triangle { min: 0.0, mode: 0.0, max: 0.0 };
    let months = |min, mode, max| Triangle { min, mode, max };
    let row = |site, build, delay, life_years, cost_per_place, phase_in| KindDefault {
        site,
        build,
        delay,
        life_years,
        cost_per_place,
        phase_in,
    };
    match kind {
        Kind::Permanent => row(
            months(12.0, 24.0, 36.0),
            months(15.0, 20.0, 24.0),
            SLOW,
            None,
            180_000.0,
            PhaseIn::GradeByGrade,
        ),
        Kind::Prefab => row(
            months(0.0, 1.0, 2.0),
            months(5.0, 6.0, 9.0),
            QUICK,
            Some(20),
            45_000.0,
            PhaseIn::GradeByGrade,
        ),
        Kind::Expansion => row(NO_SITE, months(6.0, 9.0, 12.0), SLOW, None, 180_000.0, PhaseIn::All),
        Kind::Swing => row(NO_SITE, months(0.0, 1.0, 2.0), QUICK, Some(20), 0.0, PhaseIn::All),
        Kind::Conversion => row(NO_SITE, months(3.0, 6.0, 9.0), QUICK, None, 15_000.0, PhaseIn::GradeByGrade),
        Kind::Leased => row(NO_SITE, months(1.0, 3.0, 6.0), QUICK, Some(5), 0.0, PhaseIn::All),
        Kind::Relocation => {
            row(months(0.0, 1.0, 2.0), months(3.0, 4.0, 6.0), QUICK, None, 15_750.0, PhaseIn::All)
        }
        Kind::Closure => row(NO_SITE, months(3.0, 6.0, 9.0), QUICK, None, 0.0, PhaseIn::GradeByGrade),
        Kind::Merger => row(NO_SITE, months(3.0, 6.0, 9.0), QUICK, None, 0.0, PhaseIn::All),
        Kind::Unsafe => row(NO_SITE, months(15.0, 20.0, 24.0), SLOW, None, 180_000.0, PhaseIn::All),
        Kind::Handover => row(NO_SITE, months(3.0, 6.0, 12.0), SLOW, None, 0.0, PhaseIn::GradeByGrade),
        Kind::Unlicensed => row(NO_SITE, months(0.0, 1.0, 3.0), QUICK, None, 0.0, PhaseIn::All),
    }
}
