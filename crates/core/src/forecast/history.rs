//! What is known of a district's past at an origin: rolls by area, grade and year, and the children who will enter.
//!
//! An area is a zone, or a whole authority where that is the smallest unit; schools may be nested in areas, and areas lie
//! in districts. Unknown is NaN inside these tables and never leaves them: a roll that was not counted, a masked year, an
//! area that did not exist. Zero is a count.
//!
//! | symbol | meaning | unit |
//! |---|---|---|
//! | N\[i,g,t\] | pupils of unit i in grade g (0 = entry grade) in the autumn of year t | pupils |
//! | C\[i,t,h\] | children of a source who enter in t, as known h years before | children |
//! | T | origin: the last year of the history | year |
//!
//! A history holds nothing later than its origin. [`History::cut`] makes the history of an earlier origin, so that a
//! forecast made at T cannot see what came after it.

use crate::{
    grid::{Grid, Grid3, Shape},
    index::{ChainGrade, DistrictId, GradeId, Id, Ids, Lead, PastYear, Table, UnitId, ZoneId},
};

/// Pupils by unit, year and grade; NaN where unknown.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel<U = UnitId, G = ChainGrade> {
    pupils: Grid3<U, PastYear, G, f64>,
}

impl<U: Id, G: Id> Panel<U, G> {
    /// A panel in which nothing is known.
    pub fn unknown(units: usize, years: usize, grades: usize) -> Self {
        Self { pupils: Grid3::filled(units, Shape::new(years, grades), f64::NAN) }
    }

    /// All units.
    pub fn units(&self) -> Ids<U> {
        self.pupils.ids()
    }

    /// All years.
    pub fn years(&self) -> Ids<PastYear> {
        self.pupils.shape().rows()
    }

    /// All grades.
    pub fn grades(&self) -> Ids<G> {
        self.pupils.shape().columns()
    }

    /// Pupils of a unit in a grade; NaN where unknown.
    pub fn get(&self, unit: U, t: PastYear, g: G) -> f64 {
        self.pupils[(unit, t, g)]
    }

    /// Sets them; what is negative or not finite counts as unknown.
    pub fn set(&mut self, unit: U, t: PastYear, g: G, pupils: f64) {
        self.pupils[(unit, t, g)] = if pupils.is_finite() && pupils >= 0.0 { pupils } else { f64::NAN };
    }

    /// The grades of one unit and year.
    pub fn row(&self, unit: U, t: PastYear) -> &[f64] {
        self.pupils.row(unit, t)
    }

    /// Whether anything is known of a unit in a year.
    pub fn any(&self, unit: U, t: PastYear) -> bool {
        self.row(unit, t).iter().any(|n| n.is_finite())
    }

    /// Whether anything is known of a year.
    pub fn any_in_year(&self, t: PastYear) -> bool {
        self.units().any(|u| self.any(u, t))
    }

    /// Years of which anything is known.
    pub fn known_years(&self) -> impl DoubleEndedIterator<Item = PastYear> {
        self.years().filter(|&t| self.any_in_year(t))
    }

    /// The first `years` years.
    #[must_use]
    pub fn cut(&self, years: usize) -> Self {
        let shape = Shape::new(years, self.grades().len());
        Self { pupils: Grid3::from_fn(self.units().len(), shape, |u, t, g| self.get(u, t, g)) }
    }

    fn says_what(&self, other: &Self) -> bool {
        (self.units(), self.pupils.shape()) == (other.units(), other.pupils.shape())
            && same(&self.pupils, &other.pupils)
    }

    /// The sum of the units in each group; a cell is known where every unit that is known in that year knows it or has
    /// no such grade, and at least one knows it.
    #[must_use]
    pub fn sum_into<A: Id>(&self, group_of: &Table<U, A>, groups: usize) -> Panel<A, G> {
        let mut sum = Panel::unknown(groups, self.years().len(), self.grades().len());
        for (unit, &group) in group_of.pairs() {
            for t in self.years() {
                for g in self.grades() {
                    let n = self.get(unit, t, g);
                    if n.is_finite() {
                        let old = sum.get(group, t, g);
                        sum.set(group, t, g, if old.is_finite() { old + n } else { n });
                    }
                }
            }
        }
        sum
    }
}

crate::ids! {
    /// The figures of a source read so many years before entry: 0 = one year, or at any time where they last.
    SeriesId
}

/// Children of one source by the year in which they enter.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// The district's name for it.
    pub id: String,
    /// One series for all areas instead of one an area.
    pub shared: bool,
    /// Whether a figure is the same however long before it is read, as births are; else one series a lead.
    pub lasting: bool,
    /// Largest lead at which anything is known, years.
    pub max_lead: usize,
    /// By series (one only if lasting), area (one only if shared) and entry year, from the first year of the history to
    /// `max_lead` years beyond the origin; NaN where unknown.
    pub children: Grid3<SeriesId, UnitId, PastYear, f64>,
}

impl Source {
    /// A source of which nothing is known, for a history of `years` years.
    pub fn unknown(
        id: impl Into<String>,
        shared: bool,
        lasting: bool,
        max_lead: usize,
        areas: usize,
        years: usize,
    ) -> Self {
        let (series, areas) = (if lasting { 1 } else { max_lead }, if shared { 1 } else { areas });
        let children = Grid3::filled(series, Shape::new(areas, years + max_lead), f64::NAN);
        Self { id: id.into(), shared, lasting, max_lead, children }
    }

    /// Entry years.
    pub fn entry_years(&self) -> Ids<PastYear> {
        self.children.shape().columns()
    }

    /// Leads at which figures differ.
    fn leads(&self) -> Ids<Lead> {
        Lead::up_to(if self.lasting { 1 } else { self.max_lead })
    }

    fn at(&self, area: UnitId, entry: PastYear, lead: Lead) -> Option<(SeriesId, UnitId, PastYear)> {
        let series = lead.index().checked_sub(1).filter(|series| *series < self.max_lead)?;
        let series = SeriesId::new(if self.lasting { 0 } else { series });
        let area = if self.shared { UnitId::new(0) } else { area };
        (entry < self.entry_years().end()).then_some((series, area, entry))
    }

    /// Children entering in `entry` as known `lead` years before; NaN where unknown or none.
    pub fn get(&self, area: UnitId, entry: PastYear, lead: Lead) -> f64 {
        match self.at(area, entry, lead) {
            Some(at) if self.children[at] > 0.0 => self.children[at],
            _ => f64::NAN,
        }
    }

    /// Sets the children of `area` entering in `entry`, as known `lead` years before.
    pub fn set(&mut self, area: UnitId, entry: PastYear, lead: Lead, children: f64) {
        if let Some(at) = self.at(area, entry, lead) {
            self.children[at] = children;
        }
    }

    fn says_what(&self, other: &Self) -> bool {
        let kind = |s: &Self| (s.shared, s.lasting, s.max_lead, s.entry_years());
        self.id == other.id && kind(self) == kind(other) && same(&self.children, &other.children)
    }

    /// One series for all areas: known where any area's is.
    fn total(&self, units: &Ids<UnitId>) -> Self {
        if self.shared {
            return self.clone();
        }
        let years = self.entry_years().len() - self.max_lead;
        let mut total = Self::unknown(self.id.clone(), true, self.lasting, self.max_lead, 1, years);
        for lead in self.leads() {
            for entry in self.entry_years() {
                let known = units.clone().map(|i| self.get(i, entry, lead)).filter(|n| n.is_finite());
                let (sum, count) = known.fold((0.0, 0), |(sum, count), n| (sum + n, count + 1));
                if count > 0 {
                    total.set(UnitId::new(0), entry, lead, sum);
                }
            }
        }
        total
    }

    /// What was known of it when the history had `years` years.
    fn cut(&self, years: usize) -> Self {
        let shape = Shape::new(self.children.shape().rows().len(), years + self.max_lead);
        let children =
            Grid3::from_fn(self.children.count(), shape, |series: SeriesId, area, entry: PastYear| {
                let lead = if self.lasting { self.max_lead } else { series.index() + 1 };
                // a figure for entry year e read `lead` years before was known from year e - lead on
                let known = entry.index() < years + lead;
                self.children.get(series, area, entry).copied().filter(|_| known).unwrap_or(f64::NAN)
            });
        Self { id: self.id.clone(), children, ..*self }
    }
}

/// Whether two tables hold the same numbers, and the same unknowns.
fn same(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.total_cmp(b).is_eq() || a.is_nan() && b.is_nan())
}

/// Schools nested in the areas.
#[derive(Debug, Clone, PartialEq)]
pub struct Schools<A = UnitId, G = ChainGrade> {
    /// Their rolls.
    pub rolls: Panel<UnitId, G>,
    /// Area of each school.
    pub area_of: Table<UnitId, A>,
}

impl<A: Id, G: Id> Schools<A, G> {
    /// The schools of area `i`.
    pub fn of_area(&self, i: A) -> impl Iterator<Item = UnitId> {
        self.area_of.pairs().filter(move |(_, area)| **area == i).map(|(school, _)| school)
    }
}

/// Rolls of a scenario up to its base year, as far as they may be learnt from: neither masked nor reconstructed.
#[derive(Debug, Clone, PartialEq)]
pub struct PastRolls {
    /// Academic year of year index 0; the last is the base year.
    pub first_year: i32,
    /// Rolls of the zones in the grades of the frame.
    pub zones: Panel<ZoneId, GradeId>,
    /// Keys of the schools whose rolls are known.
    pub school_ids: Vec<String>,
    /// Rolls of schools, nested in the zones.
    pub schools: Option<Schools<ZoneId, GradeId>>,
}

/// Everything a forecast at one origin may see.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// Academic year of year index 0.
    pub first_year: i32,
    /// Rolls of the areas; the last year is the origin.
    pub rolls: Panel,
    /// District of each area: the level at which cells are rounded first.
    pub district_of: Table<UnitId, DistrictId>,
    /// Children who will enter, by source; may be empty.
    pub sources: Vec<Source>,
    /// Pupils of the entry grade who entered from the pools and are not in the rolls, being those of listed estates;
    /// empty where there are none.
    pub beside: Grid<UnitId, PastYear, f64>,
    /// Schools, if rolls are known by school.
    pub schools: Option<Schools>,
}

impl History {
    /// A history of areas in one district, without children and schools.
    pub fn new(first_year: i32, rolls: Panel) -> Self {
        Self {
            first_year,
            district_of: Table::filled(rolls.units().len(), DistrictId::default()),
            rolls,
            sources: Vec::new(),
            beside: Grid::default(),
            schools: None,
        }
    }

    /// Pupils who entered area `i` in year `t`; NaN where unknown.
    pub fn entrants(&self, i: UnitId, t: PastYear) -> f64 {
        self.rolls.get(i, t, ChainGrade::ENTRY) + self.beside(i, t)
    }

    /// Those of them who are not in the rolls.
    pub fn beside(&self, i: UnitId, t: PastYear) -> f64 {
        self.beside.get(i, t).copied().unwrap_or(0.0)
    }

    /// The last year.
    pub fn origin(&self) -> PastYear {
        self.rolls.years().end().minus(1)
    }

    /// All areas as one: rolls added up, children served by one series or added up.
    #[must_use]
    pub fn total(&self) -> Self {
        let units = self.rolls.units();
        let all = Table::filled(units.len(), UnitId::new(0));
        let mut total = Self::new(self.first_year, self.rolls.sum_into(&all, 1));
        total.sources.extend(self.sources.iter().map(|source| source.total(&units)));
        if !self.beside.is_empty() {
            let of_year = |_, t| units.clone().map(|i| self.beside(i, t)).sum();
            total.beside = Grid::from_fn(Shape::new(1, self.rolls.years().len()), of_year);
        }
        total
    }

    /// Number of years with any roll.
    pub fn known_years(&self) -> usize {
        self.rolls.known_years().count()
    }

    /// Number of districts.
    pub fn districts(&self) -> Ids<DistrictId> {
        Ids::first(self.district_of.iter().max().map_or(0, |d| d.index() + 1))
    }

    /// Whether two histories say the same; what neither knows is the same, and a source that knows nothing says nothing.
    pub fn says_what(&self, other: &Self) -> bool {
        let telling = |h: &Self| -> Vec<Source> {
            h.sources.iter().filter(|s| s.children.iter().any(|n| n.is_finite())).cloned().collect()
        };
        let (a, b) = (telling(self), telling(other));
        let schools = |h: &Self| h.schools.as_ref().map(|s| (s.rolls.clone(), s.area_of.clone()));
        self.first_year == other.first_year
            && self.district_of == other.district_of
            && self.rolls.says_what(&other.rolls)
            && a.len() == b.len()
            && a.iter().zip(&b).all(|(a, b)| a.says_what(b))
            && same(&self.beside, &other.beside)
            && match (schools(self), schools(other)) {
                (Some((a, of_a)), Some((b, of_b))) => of_a == of_b && a.says_what(&b),
                (a, b) => a.is_none() && b.is_none(),
            }
    }

    /// The history as it was in the earlier year `origin`: nothing that came after is in it.
    #[must_use]
    pub fn cut(&self, origin: PastYear) -> Self {
        let years = (origin.index() + 1).min(self.rolls.years().len());
        let areas = self.beside.shape().rows().len();
        let beside = |i, t| self.beside(i, t);
        let schools = self.schools.as_ref();
        Self {
            first_year: self.first_year,
            rolls: self.rolls.cut(years),
            district_of: self.district_of.clone(),
            sources: self.sources.iter().map(|s| s.cut(years)).collect(),
            beside: if areas > 0 { Grid::from_fn(Shape::new(areas, years), beside) } else { Grid::default() },
            schools: schools.map(|s| Schools { rolls: s.rolls.cut(years), area_of: s.area_of.clone() }),
        }
    }
}
