//! Every legal range, declared once: it drives the reader's check, its message, the docs and the test generators.

/// A closed range of a quantity, with the words a message needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    /// Unit in plain words, empty for a pure number.
    pub unit: &'static str,
    /// Smallest legal value.
    pub min: f64,
    /// Largest legal value.
    pub max: f64,
}

impl Bound {
    const fn new(unit: &'static str, min: f64, max: f64) -> Self {
        Self { unit, min, max }
    }

    /// Whether `value` is finite and inside the range.
    pub fn contains(&self, value: f64) -> bool {
        value.is_finite() && value >= self.min && value <= self.max
    }
}

/// A number that a record keeps under a key.
#[derive(Debug)]
pub struct Member<S> {
    /// The key.
    pub key: &'static str,
    /// Its range.
    pub bound: Bound,
    /// What it means; blank where its record says it.
    pub means: &'static str,
    /// Where it is kept.
    pub at: fn(&mut S) -> &mut f64,
}

/// Calendar and academic years.
pub const YEAR: Bound = Bound::new("year", 1950.0, 2200.0);
/// Years a result may run beyond the base year.
pub const RUN_YEARS: Bound = Bound::new("years", 1.0, 40.0);
/// Years a policy looks, plans, secures, or keeps a plan.
pub const POLICY_YEARS: Bound = Bound::new("years", 1.0, 15.0);
/// Prefab schools held ready in a district.
pub const HELD: Bound = Bound::new("schools", 0.0, 5.0);
/// Builds that may be hurried in a round.
pub const HURRIES: Bound = Bound::new("projects", 0.0, 100.0);
/// Share of its capital that hurrying a build costs on top; no less than perfect foresight pays for it.
pub const SURCHARGE: Bound = Bound::new("share", 0.15, 1.0);
/// Factor on the forecaster's shocks in the futures of a closed loop.
pub const WIDER: Bound = Bound::new("", 0.0, 5.0);
/// Month of a year.
pub const MONTH: Bound = Bound::new("month", 1.0, 12.0);
/// Pupils or children in one cell: a birth cohort of the largest country is below 30 million.
pub const PUPILS: Bound = Bound::new("pupils", 0.0, 50_000_000.0);
/// Places of one school or project.
pub const PLACES: Bound = Bound::new("places", 0.0, 1_000_000.0);
/// Places of a group and stage with all that is on its programme; below 0 where it closes more than there is.
pub const PROGRAMME: Bound = Bound::new("places", -50_000_000.0, 50_000_000.0);
/// Number of a round among those archived in its year.
pub const FILED: Bound = Bound::new("", 1.0, 10_000.0);
/// Classes of one grade or project.
pub const CLASSES: Bound = Bound::new("classes", 0.0, 20_000.0);
/// Pupils in one class.
pub const CLASS_SIZE: Bound = Bound::new("pupils", 10.0, 80.0);
/// Age at entry of a stage.
pub const ENTRY_AGE: Bound = Bound::new("years", 0.0, 20.0);
/// Age in the children table, or kindergarten class.
pub const AGE: Bound = Bound::new("years", 0.0, 20.0);
/// Ratio of pupils to pupils or children; above 1 where families move in.
pub const RATIO: Bound = Bound::new("", 0.0, 20.0);
/// Share of a whole.
pub const PROPORTION: Bound = Bound::new("", 0.0, 1.0);
/// Probability level at which places are secured, planned or looked for.
pub const LEVEL: Bound = Bound::new("", 0.5, 0.999);
/// Reserve margin.
pub const RESERVE: Bound = Bound::new("per mille", 0.0, 500.0);
/// Lead of a gate.
pub const LEAD: Bound = Bound::new("months", 0.0, 240.0);
/// Mean factor on the build lead.
pub const DELAY_MEAN: Bound = Bound::new("", 0.5, 5.0);
/// Standard deviation of the factor on the build lead.
pub const DELAY_SD: Bound = Bound::new("", 0.0, 3.0);
/// Years a building is used.
pub const LIFE: Bound = Bound::new("years", 1.0, 200.0);
/// Academic years in which places are out of use before a building opens.
pub const DECANT: Bound = Bound::new("years", 1.0, 10.0);
/// Money of one project, or per year.
pub const MONEY: Bound = Bound::new("money", 0.0, 1e13);
/// Real discount rate a year.
pub const DISCOUNT: Bound = Bound::new("", 0.0, 0.5);
/// Years from the opening to a payment.
pub const OFFSET: Bound = Bound::new("years", -20.0, 100.0);
/// Share of the work done, as people write it.
pub const PERCENT: Bound = Bound::new("percent", 0.0, 100.0);
/// Points of a child in a ranked class.
pub const POINTS: Bound = Bound::new("points", 0.0, 10_000.0);
/// Rank of an admission class.
pub const RANK: Bound = Bound::new("", 1.0, 100.0);
/// Years in which a dwelling gives one place.
pub const LOCK: Bound = Bound::new("years", 2.0, 12.0);
/// Dwellings of an estate.
pub const UNITS: Bound = Bound::new("dwellings", 0.0, 1_000_000.0);
/// Pupils per occupied dwelling and grade.
pub const YIELD: Bound = Bound::new("pupils per dwelling", 0.0, 5.0);
/// Whole years since an estate was finished.
pub const SINCE: Bound = Bound::new("years", 0.0, 60.0);
/// Position on the tile map.
pub const TILE: Bound = Bound::new("", 0.0, 200.0);
/// Standard deviation of a logarithm.
pub const LOG_SD: Bound = Bound::new("", 0.0, 1.0);
/// Variance of a logarithm times the pupils of the cohort.
pub const COHORT_NOISE: Bound = Bound::new("", 0.0, 10.0);
/// Relative error of an entry source.
pub const SOURCE_ERROR: Bound = Bound::new("", 0.0001, 2.0);
/// Early-warning threshold on entrants over entry places.
pub const WARNING: Bound = Bound::new("", 0.1, 3.0);
/// Years ahead for which early warnings are published.
pub const WARNED: Bound = Bound::new("years", 1.0, 40.0);
/// One look ahead of the 6-3-1 triple.
pub const LOOK: Bound = Bound::new("years", 1.0, 40.0);
/// Number of a grade in a bare table: 1 is the first of primary school, those below 0 come before kindergarten.
pub const GRADE_NUMBER: Bound = Bound::new("", -5.0, 30.0);
/// Factor by which a variant multiplies a number.
pub const FACTOR: Bound = Bound::new("", 0.0, 100.0);
