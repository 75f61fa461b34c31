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

/// Pupils by unit, year and grade; NaN where unknown.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    units: usize,
    years: usize,
    grades: usize,
    pupils: Vec<f64>,
}

impl Panel {
    /// A panel in which nothing is known.
    pub fn unknown(units: usize, years: usize, grades: usize) -> Self {
        Self { units, years, grades, pupils: vec![f64::NAN; units * years * grades] }
    }

    /// Number of units.
    pub fn units(&self) -> usize {
        self.units
    }

    /// Number of years.
    pub fn years(&self) -> usize {
        self.years
    }

    /// Number of grades.
    pub fn grades(&self) -> usize {
        self.grades
    }

    /// Pupils of one cell; NaN where unknown.
    pub fn get(&self, unit: usize, t: usize, g: usize) -> f64 {
        self.pupils[(unit * self.years + t) * self.grades + g]
    }

    /// Sets one cell; what is negative or not finite counts as unknown.
    pub fn set(&mut self, unit: usize, t: usize, g: usize, pupils: f64) {
        self.pupils[(unit * self.years + t) * self.grades + g] =
            if pupils.is_finite() && pupils >= 0.0 { pupils } else { f64::NAN };
    }

    /// The grades of one unit and year.
    pub fn row(&self, unit: usize, t: usize) -> &[f64] {
        let start = (unit * self.years + t) * self.grades;
        &self.pupils[start..start + self.grades]
    }

    /// Whether anything is known of a unit in a year.
    pub fn any(&self, unit: usize, t: usize) -> bool {
        self.row(unit, t).iter().any(|n| n.is_finite())
    }

    /// Whether anything is known of a year.
    pub fn any_in_year(&self, t: usize) -> bool {
        (0..self.units).any(|u| self.any(u, t))
    }

    /// The first `years` years.
    fn cut(&self, years: usize) -> Self {
        let mut pupils = Vec::with_capacity(self.units * years * self.grades);
        for unit in 0..self.units {
            let start = unit * self.years * self.grades;
            pupils.extend_from_slice(&self.pupils[start..start + years * self.grades]);
        }
        Self { units: self.units, years, grades: self.grades, pupils }
    }

    fn says_what(&self, other: &Self) -> bool {
        (self.units, self.years, self.grades) == (other.units, other.years, other.grades)
            && same(&self.pupils, &other.pupils)
    }

    /// The sum of the units in each group; a cell is known where every unit that is known in that year knows it or has
    /// no such grade, and at least one knows it.
    #[must_use]
    pub fn sum_into(&self, group_of: &[usize], groups: usize) -> Self {
        let mut sum = Self::unknown(groups, self.years, self.grades);
        for (unit, &group) in group_of.iter().enumerate() {
            for t in 0..self.years {
                for g in 0..self.grades {
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
    /// By lead (one only if lasting), area (one only if shared) and entry year, from the first year of the history to
    /// `max_lead` years beyond the origin; NaN where unknown.
    pub children: Vec<f64>,
    /// Number of entry years.
    pub entry_years: usize,
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
        let entry_years = years + max_lead;
        let series = if lasting { 1 } else { max_lead } * if shared { 1 } else { areas };
        Self {
            id: id.into(),
            shared,
            lasting,
            max_lead,
            children: vec![f64::NAN; series * entry_years],
            entry_years,
        }
    }

    fn areas(&self) -> usize {
        let leads = if self.lasting { 1 } else { self.max_lead };
        self.children.len() / (leads * self.entry_years).max(1)
    }

    fn at(&self, area: usize, entry: usize, lead: usize) -> Option<usize> {
        if lead == 0 || lead > self.max_lead || entry >= self.entry_years {
            return None;
        }
        let (lead, area) = (if self.lasting { 0 } else { lead - 1 }, if self.shared { 0 } else { area });
        Some((lead * self.areas() + area) * self.entry_years + entry)
    }

    /// Children entering in year index `entry` as known `lead` years before; NaN where unknown or none.
    pub fn get(&self, area: usize, entry: usize, lead: usize) -> f64 {
        match self.at(area, entry, lead) {
            Some(at) if self.children[at] > 0.0 => self.children[at],
            _ => f64::NAN,
        }
    }

    /// Sets the children of `area` entering in year index `entry`, as known `lead` years before.
    pub fn set(&mut self, area: usize, entry: usize, lead: usize, children: f64) {
        if let Some(at) = self.at(area, entry, lead) {
            self.children[at] = children;
        }
    }

    fn says_what(&self, other: &Self) -> bool {
        let kind = |s: &Self| (s.shared, s.lasting, s.max_lead, s.entry_years);
        self.id == other.id && kind(self) == kind(other) && same(&self.children, &other.children)
    }

    /// One series for all areas: known where any area's is.
    fn total(&self, units: usize) -> Self {
        if self.shared {
            return self.clone();
        }
        let years = self.entry_years - self.max_lead;
        let mut total = Self::unknown(self.id.clone(), true, self.lasting, self.max_lead, 1, years);
        for lead in 1..=if self.lasting { 1 } else { self.max_lead } {
            for entry in 0..self.entry_years {
                let known = (0..units).map(|i| self.get(i, entry, lead)).filter(|n| n.is_finite());
                let (sum, count) = known.fold((0.0, 0), |(sum, count), n| (sum + n, count + 1));
                if count > 0 {
                    total.set(0, entry, lead, sum);
                }
            }
        }
        total
    }

    /// What was known of it at year index `years - 1`.
    fn cut(&self, years: usize) -> Self {
        let entry_years = years + self.max_lead;
        let leads = if self.lasting { 1 } else { self.max_lead };
        let mut children = Vec::with_capacity(leads * self.areas() * entry_years);
        for (series, row) in self.children.chunks(self.entry_years).enumerate() {
            let lead = if self.lasting { self.max_lead } else { series / self.areas() + 1 };
            // a figure for entry year e read `lead` years before was known from year e - lead on
            children.extend(
                (0..entry_years).map(|e| if e < row.len() && e < years + lead { row[e] } else { f64::NAN }),
            );
        }
        Self { children, entry_years, ..self.clone() }
    }
}

/// Whether two tables hold the same numbers, and the same unknowns.
fn same(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.total_cmp(b).is_eq() || a.is_nan() && b.is_nan())
}

/// Schools nested in the areas.
#[derive(Debug, Clone, PartialEq)]
pub struct Schools {
    /// Their rolls.
    pub rolls: Panel,
    /// Area of each school.
    pub area_of: Vec<usize>,
}

/// Rolls of a scenario up to its base year, as far as they may be learnt from: neither masked nor reconstructed.
#[derive(Debug, Clone, PartialEq)]
pub struct PastRolls {
    /// Academic year of year index 0; the last is the base year.
    pub first_year: i32,
    /// Rolls of the zones in the grades of the frame.
    pub zones: Panel,
    /// Keys of the schools whose rolls are known.
    pub school_ids: Vec<String>,
    /// Rolls of schools, nested in the zones.
    pub schools: Option<Schools>,
}

/// Everything a forecast at one origin may see.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// Academic year of year index 0.
    pub first_year: i32,
    /// Rolls of the areas; the last year is the origin.
    pub rolls: Panel,
    /// District of each area: the level at which cells are rounded first.
    pub district_of: Vec<usize>,
    /// Children who will enter, by source; may be empty.
    pub sources: Vec<Source>,
    /// Pupils of the entry grade who entered from the pools and are not in the rolls, being those of listed estates: by
    /// area and year; empty where there are none.
    pub beside: Vec<f64>,
    /// Schools, if rolls are known by school.
    pub schools: Option<Schools>,
}

impl History {
    /// A history of areas in one district, without children and schools.
    pub fn new(first_year: i32, rolls: Panel) -> Self {
        Self {
            first_year,
            district_of: vec![0; rolls.units()],
            rolls,
            sources: Vec::new(),
            beside: Vec::new(),
            schools: None,
        }
    }

    /// Pupils who entered area `i` in year index `t`; NaN where unknown.
    pub fn entrants(&self, i: usize, t: usize) -> f64 {
        self.rolls.get(i, t, 0) + self.beside(i, t)
    }

    /// Those of them who are not in the rolls.
    pub fn beside(&self, i: usize, t: usize) -> f64 {
        self.beside.get(i * self.rolls.years() + t).copied().unwrap_or(0.0)
    }

    /// Year index of the origin.
    pub fn origin(&self) -> usize {
        self.rolls.years() - 1
    }

    /// All areas as one: rolls added up, children served by one series or added up.
    #[must_use]
    pub fn total(&self) -> Self {
        let units = self.rolls.units();
        let mut total = Self::new(self.first_year, self.rolls.sum_into(&vec![0; units], 1));
        total.sources.extend(self.sources.iter().map(|source| source.total(units)));
        if !self.beside.is_empty() {
            let of_year = |t: usize| (0..units).map(|i| self.beside(i, t)).sum();
            total.beside = (0..self.rolls.years()).map(of_year).collect();
        }
        total
    }

    /// Years with any roll.
    pub fn known_years(&self) -> usize {
        (0..self.rolls.years()).filter(|&t| self.rolls.any_in_year(t)).count()
    }

    /// Number of districts.
    pub fn districts(&self) -> usize {
        self.district_of.iter().max().map_or(0, |d| d + 1)
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

    /// The history as it was at the earlier year index `origin`: nothing that came after is in it.
    #[must_use]
    pub fn cut(&self, origin: usize) -> Self {
        let years = (origin + 1).min(self.rolls.years());
        Self {
            first_year: self.first_year,
            rolls: self.rolls.cut(years),
            district_of: self.district_of.clone(),
            sources: self.sources.iter().map(|s| s.cut(years)).collect(),
            beside: self
                .beside
                .chunks(self.rolls.years())
                .flat_map(|of_area| of_area[..years].iter().copied())
                .collect(),
            schools: self
                .schools
                .as_ref()
                .map(|s| Schools { rolls: s.rolls.cut(years), area_of: s.area_of.clone() }),
        }
    }
}
