//! Kinds of project and what is assumed of each where a row says nothing.

use std::fmt;

/// Kind of project. More kinds come with the supply ledger; match with a wildcard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// A permanent school (永久学校).
    Permanent,
    /// A prefabricated school (预制学校), quick to build, 20-year life.
    Prefab,
    /// More classes on the site of a school; no site gate.
    Expansion,
}

impl Kind {
    /// Every kind, in the order of their codes in the docs.
    pub const ALL: [Kind; 3] = [Kind::Permanent, Kind::Prefab, Kind::Expansion];

    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Permanent => "permanent",
            Kind::Prefab => "prefab",
            Kind::Expansion => "expansion",
        }
    }

    /// Whether it waits for a need that lasts: such a kind is planned three years ahead, the others secure next year.
    pub fn is_lasting(self) -> bool {
        matches!(self, Kind::Permanent | Kind::Expansion)
    }

    /// Whether the project needs a site gate at all.
    pub fn needs_site(self) -> bool {
        !matches!(self, Kind::Expansion)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

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
}

/// Factor on the build lead, lognormal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Delay {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
}

/// Which grades may use a new building.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhaseIn {
    /// All grades from the first September.
    All,
    /// The entry grade first, then one more grade a year.
    GradeByGrade,
}

impl PhaseIn {
    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            PhaseIn::All => "all",
            PhaseIn::GradeByGrade => "grade_by_grade",
        }
    }
}

/// What is assumed of a kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KindDefault {
    /// Lead of the site gate, months; not used by a kind that needs no site.
    pub site: Triangle,
    /// Lead of the build gate, months.
    pub build: Triangle,
    /// Factor on the build lead.
    pub delay: Delay,
    /// Years a building is used; `None` = beyond every horizon.
    pub life_years: Option<u32>,
    /// Money per place, where a project states no capex.
    pub cost_per_place: f64,
    /// Phase-in.
    pub phase_in: PhaseIn,
}

/// Defaults of every kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KindDefaults {
    /// Permanent schools.
    pub permanent: KindDefault,
    /// Prefabricated schools.
    pub prefab: KindDefault,
    /// Expansions.
    pub expansion: KindDefault,
}

impl KindDefaults {
    /// The defaults of `kind`.
    pub fn of(&self, kind: Kind) -> &KindDefault {
        match kind {
            Kind::Permanent => &self.permanent,
            Kind::Prefab => &self.prefab,
            Kind::Expansion => &self.expansion,
        }
    }

    /// The defaults of `kind`, to be changed.
    pub fn of_mut(&mut self, kind: Kind) -> &mut KindDefault {
        match kind {
            Kind::Permanent => &mut self.permanent,
            Kind::Prefab => &mut self.prefab,
            Kind::Expansion => &mut self.expansion,
        }
    }
}

impl Default for KindDefaults {
    /// docs/model.md section 3; money per place: judgement of the field (a permanent place 180,000, a prefab 45,000).
    fn default() -> Self {
        let months = |min, mode, max| Triangle { min, mode, max };
        let permanent = KindDefault {
            site: months(12.0, 24.0, 36.0),
            build: months(15.0, 20.0, 24.0),
            delay: Delay { mean: 1.20, sd: 0.25 },
            life_years: None,
            cost_per_place: 180_000.0,
            phase_in: PhaseIn::GradeByGrade,
        };
        Self {
            permanent,
            prefab: KindDefault {
                site: months(0.0, 1.0, 2.0),
                build: months(5.0, 6.0, 9.0),
                delay: Delay { mean: 1.10, sd: 0.15 },
                life_years: Some(20),
                cost_per_place: 45_000.0,
                phase_in: PhaseIn::GradeByGrade,
            },
            expansion: KindDefault {
                site: months(0.0, 0.0, 0.0),
                build: months(6.0, 9.0, 12.0),
                phase_in: PhaseIn::All,
                ..permanent
            },
        }
    }
}
