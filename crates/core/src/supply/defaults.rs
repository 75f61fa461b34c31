//! Assumptions of each kind, for projects whose row gives none; [`Kind`] states them, a scenario may change them.

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
        Self(Kind::ALL.map(Kind::assumed))
    }
}
