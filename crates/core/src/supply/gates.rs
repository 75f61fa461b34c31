//! When a project opens, as a distribution.
//!
//! ```text
//! completion = decision + L_site + L_build * delay,   L triangular, delay lognormal, all in months
//! P(open by x) = integral over both leads of F_delay((x - decision - L_site) / L_build)
//! ```
//!
//! A gate under way is conditioned on not being finished on the day of the round. The probability is integrated
//! (Simpson's rule on each side of each triangle), never counted over draws; the opening of a draw is then the first
//! September by which the probability reaches the draw's uniform number, so draws and probabilities agree by
//! construction. Source: docs/model.md, section 3.

use statrs::distribution::{ContinuousCDF, LogNormal};

use super::{
    kind::{Delay, KindDefaults, Triangle},
    project::{Project, Status},
};
use crate::time::{YearMonth, september};

/// Intervals of Simpson's rule on each side of a triangle; doubling it changes no probability by 1e-6.
const PANELS: usize = 16;

/// Share of the prior left to a gate that overran: below it the condition says nothing any more.
const OVERRUN: f64 = 1e-6;

/// The distribution of the month of completion.
#[derive(Debug, Clone, PartialEq)]
pub enum OpeningLaw {
    /// A published or accomplished month (index): no lead, no delay.
    Fixed(f64),
    /// Two gates with leads and a delay.
    Gates(Gates),
    /// Outside the programme: never.
    Never,
}

/// The gates still to be passed.
#[derive(Debug, Clone, PartialEq)]
pub struct Gates {
    /// Month (index) in which the first of them was opened.
    start: f64,
    /// Month (index) before which the build gate is not opened, however early the site is there.
    build_from: f64,
    /// Site leads with their probabilities.
    site: Vec<(f64, f64)>,
    /// Build leads with their probabilities.
    build: Vec<(f64, f64)>,
    delay: Delay,
    /// Months the build has been under way, known not to be finished.
    elapsed: f64,
    /// Month (index) before which it cannot open.
    earliest: f64,
}

impl OpeningLaw {
    /// The law of `project` as seen at `round`, if what is still undecided of it is decided in `decide`: both gates of a
    /// candidate, the build gate of a project at its site gate (which then waits for the site if that comes later).
    ///
    /// Decisions already taken keep their own months. `Never` for a cancelled project.
    pub fn of(project: &Project, kinds: &KindDefaults, round: YearMonth, decide: YearMonth) -> Self {
        if project.status == Status::Cancelled {
            return Self::Never;
        }
        if let Some(opens) = project.opens {
            return Self::Fixed(f64::from(opens.index()));
        }
        let kind = kinds.of(project.kind);
        let site_lead = project.site_lead.unwrap_or(kind.site);
        let build_lead = project.build_lead.unwrap_or(kind.build);
        let round = f64::from(round.index());
        let decide = f64::from(decide.index());
        let none = vec![(0.0, 1.0)];
        let (start, site, elapsed) = match project.status {
            Status::Committed | Status::Started => {
                let build = project.build_decided.map_or(decide, |b| f64::from(b.index()));
                (build, none, (round - build).max(0.0))
            }
            _ if project.site_in_hand || !project.kind.needs_site() => (decide, none, 0.0),
            Status::Site => {
                let decided = project.site_decided.map_or(decide, |s| f64::from(s.index()));
                let since = (round - decided).max(0.0);
                if since >= site_lead.max {
                    (round, none, 0.0)
                } else {
                    (decided, site_lead.nodes(since), 0.0)
                }
            }
            _ => (decide, site_lead.nodes(0.0), 0.0),
        };
        Self::Gates(Gates {
            start,
            build_from: if project.status.is_building() { start } else { decide },
            site,
            build: build_lead.nodes(0.0),
            delay: kind.delay,
            elapsed,
            earliest: project.earliest.map_or(f64::NEG_INFINITY, |e| f64::from(e.index())),
        })
    }

    /// P(completed by the first day of `month`), `month` as an index.
    pub fn by_month(&self, month: f64) -> f64 {
        match self {
            Self::Never => 0.0,
            Self::Fixed(opens) => f64::from(u8::from(*opens <= month)),
            Self::Gates(gates) => gates.by(month),
        }
    }

    /// P(open by 1 September of `year`).
    pub fn by_september(&self, year: i32) -> f64 {
        self.by_month(f64::from(september(year)))
    }

    /// Whether the build has outlasted every lead and delay that was thought possible.
    pub fn is_overrun(&self) -> bool {
        matches!(self, Self::Gates(g) if g.elapsed > 0.0 && g.unconditional(g.start + g.elapsed) > 1.0 - OVERRUN)
    }
}

impl Gates {
    fn by(&self, month: f64) -> f64 {
        if month < self.earliest {
            return 0.0;
        }
        let whole = self.unconditional(month);
        if self.elapsed <= 0.0 {
            return whole;
        }
        let past = self.unconditional(self.start + self.elapsed);
        if month <= self.start + self.elapsed {
            0.0
        } else if past > 1.0 - OVERRUN {
            1.0 // overrun beyond every expectation: due any day (the reader warns)
        } else {
            (whole - past) / (1.0 - past)
        }
    }

    fn unconditional(&self, month: f64) -> f64 {
        if month <= self.start.max(self.build_from) {
            return 0.0;
        }
        let delay = DelayLaw::new(self.delay);
        let mut sum = 0.0;
        for &(site, site_weight) in &self.site {
            let left = month - (self.start + site).max(self.build_from);
            for &(build, build_weight) in &self.build {
                sum += site_weight * build_weight * delay.within(left, build);
            }
        }
        sum
    }
}

/// The factor on the build lead.
enum DelayLaw {
    Lognormal(LogNormal),
    /// No spread: always this factor.
    Exactly(f64),
}

impl DelayLaw {
    fn new(delay: Delay) -> Self {
        let ratio = delay.sd / delay.mean;
        let variance = libm::log1p(ratio * ratio);
        match LogNormal::new(libm::log(delay.mean) - variance / 2.0, variance.sqrt()) {
            Ok(law) if delay.sd > 0.0 => Self::Lognormal(law),
            _ => Self::Exactly(delay.mean),
        }
    }

    /// P(build * factor <= left).
    fn within(&self, left: f64, build: f64) -> f64 {
        if left < 0.0 {
            return 0.0;
        }
        match self {
            _ if build <= 0.0 => 1.0,
            Self::Exactly(factor) => f64::from(u8::from(build * factor <= left)),
            Self::Lognormal(law) => law.cdf(left / build),
        }
    }
}

impl Triangle {
    /// Values with probabilities that add to 1, of a lead known to be longer than `above`.
    fn nodes(&self, above: f64) -> Vec<(f64, f64)> {
        if self.max - self.min < 1e-9 {
            return vec![(self.mode, 1.0)];
        }
        let width = self.max - self.min;
        let density = |x: f64| {
            let side = if x < self.mode {
                (x - self.min) / (self.mode - self.min)
            } else if self.max > self.mode {
                (self.max - x) / (self.max - self.mode)
            } else {
                1.0
            };
            2.0 * side / width
        };
        let mut nodes = Vec::new();
        for (from, to) in [(self.min.max(above), self.mode.max(above)), (self.mode.max(above), self.max)] {
            if to - from < 1e-12 {
                continue;
            }
            // the two sides meet at the mode, where a triangle with a vertical side jumps: take each side's own limit
            let rising = to <= self.mode;
            let step = (to - from) / PANELS as f64;
            for i in 0..=PANELS {
                let x = from + step * i as f64;
                let simpson = if i == 0 || i == PANELS {
                    1.0
                } else if i % 2 == 1 {
                    4.0
                } else {
                    2.0
                };
                let height = if rising && i == PANELS && (to - self.mode).abs() < 1e-12 {
                    2.0 / width
                } else {
                    density(x)
                };
                nodes.push((x, simpson * step / 3.0 * height));
            }
        }
        let total: f64 = nodes.iter().map(|(_, w)| w).sum();
        for (_, w) in &mut nodes {
            *w /= total;
        }
        nodes
    }
}

/// The opening of one project over the years of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    /// P(open by 1 September), by year from the first.
    pub by: Vec<f64>,
    /// First academic year with P >= 0.5, if within the years: the central opening. A fixed month gives its year, which
    /// may lie before the first.
    pub central: Option<i32>,
    first: i32,
    fixed: Option<i32>,
}

impl Opening {
    /// Tabulates `law` for the academic years `first..=last`.
    pub fn new(law: &OpeningLaw, first: i32, last: i32) -> Self {
        let by: Vec<f64> = (first..=last).map(|year| law.by_september(year)).collect();
        let fixed = match law {
            OpeningLaw::Fixed(month) => Some(YearMonth::of_index(*month as i32).first_september()),
            _ => None,
        };
        let central = match fixed {
            Some(year) => (year <= last).then_some(year),
            None => by.iter().position(|&p| p >= 0.5).map(|i| first + i as i32),
        };
        Self { by, central, first, fixed }
    }

    /// The opening of a draw with uniform number `u`: the first academic year with P >= u.
    pub fn drawn(&self, u: f64) -> Option<i32> {
        match self.fixed {
            Some(_) => self.central,
            None => self.by.iter().position(|&p| p >= u).map(|i| self.first + i as i32),
        }
    }

    /// P(open by 1 September of `year`); years before the first count as the first, later ones as the last.
    pub fn by_year(&self, year: i32) -> f64 {
        let last = self.by.len() - 1;
        self.by[((year - self.first).max(0) as usize).min(last)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::supply::Kind;

    const ROUND: YearMonth = YearMonth { year: 2019, month: 10 };

    fn p(kind: Kind, site_in_hand: bool, year: i32) -> f64 {
        let project = Project { site_in_hand, ..Project::candidate("p", 0, 0, kind, 900) };
        OpeningLaw::of(&project, &KindDefaults::default(), ROUND, ROUND).by_september(year)
    }

    /// docs/model.md section 3, reference; the last digit by integration with 40,000 nodes.
    #[test]
    fn the_reference_probabilities_of_the_model_hold() {
        let cases = [
            (p(Kind::Prefab, true, 2020), 0.989),
            (p(Kind::Prefab, false, 2020), 0.9555),
            (p(Kind::Permanent, true, 2021), 0.498),
            (p(Kind::Permanent, true, 2022), 0.969),
            (p(Kind::Permanent, false, 2023), 0.483),
            (p(Kind::Permanent, false, 2024), 0.935),
        ];
        for (found, reference) in cases {
            assert!((found - reference).abs() < 5e-4, "{found} is not {reference}");
        }
    }

    #[test]
    fn the_quadrature_is_fine_enough() {
        let triangle = Triangle::new(15.0, 20.0, 24.0).unwrap();
        let nodes = triangle.nodes(0.0);
        let mean: f64 = nodes.iter().map(|(x, w)| x * w).sum();
        assert!(
            (mean - (15.0 + 20.0 + 24.0) / 3.0).abs() < 1e-9,
            "mean of a triangle is the mean of its corners"
        );
        // a right triangle keeps its full height at the vertical side: mean (0 + 2 + 2) / 3
        let right: f64 = Triangle::new(0.0, 2.0, 2.0).unwrap().nodes(0.0).iter().map(|(x, w)| x * w).sum();
        assert!((right - 4.0 / 3.0).abs() < 1e-9, "{right}");
        assert_eq!(Triangle::new(3.0, 3.0, 3.0).unwrap().nodes(0.0), [(3.0, 1.0)]);
    }

    #[test]
    fn a_building_under_way_is_conditioned_on_not_being_finished() {
        let kinds = KindDefaults::default();
        let project = Project {
            status: Status::Started,
            build_decided: YearMonth::new(2018, 10),
            ..Project::candidate("p", 0, 0, Kind::Permanent, 900)
        };
        let law = OpeningLaw::of(&project, &kinds, ROUND, ROUND);
        let fresh = OpeningLaw::of(
            &Project { site_in_hand: true, ..Project::candidate("p", 0, 0, Kind::Permanent, 900) },
            &kinds,
            YearMonth { year: 2018, month: 10 },
            YearMonth { year: 2018, month: 10 },
        );
        let (past, by) = (fresh.by_month(f64::from(ROUND.index())), fresh.by_september(2020));
        assert!((law.by_september(2020) - (by - past) / (1.0 - past)).abs() < 1e-12);
        assert!(law.by_september(2019).abs() < 1e-12, "not finished on the day of the round");
    }

    #[test]
    fn a_project_at_its_site_gate_builds_when_both_the_site_and_the_decision_are_there() {
        let kinds = KindDefaults::default();
        let project = Project {
            status: Status::Site,
            site_decided: YearMonth::new(2018, 10),
            site_lead: Triangle::new(18.0, 18.0, 18.0),
            ..Project::candidate("p", 0, 0, Kind::Permanent, 900)
        };
        let in_hand = Project { site_in_hand: true, ..Project::candidate("p", 0, 0, Kind::Permanent, 900) };
        let by = |project: &Project, decide: YearMonth| {
            OpeningLaw::of(project, &kinds, ROUND, decide).by_september(2022)
        };
        // the site comes in 2020-04: a decision before waits for it, one after does not
        assert_eq!(by(&project, ROUND).to_bits(), by(&in_hand, YearMonth { year: 2020, month: 4 }).to_bits());
        let later = YearMonth { year: 2020, month: 10 };
        assert_eq!(by(&project, later).to_bits(), by(&in_hand, later).to_bits());
    }

    #[test]
    fn nothing_opens_before_its_earliest_month_and_a_published_month_is_certain() {
        let kinds = KindDefaults::default();
        let mut project = Project { site_in_hand: true, ..Project::candidate("p", 0, 0, Kind::Prefab, 900) };
        project.earliest = YearMonth::new(2023, 8);
        let law = OpeningLaw::of(&project, &kinds, ROUND, ROUND);
        assert_eq!((law.by_september(2022), law.by_september(2023) > 0.999), (0.0, true));
        project.opens = YearMonth::new(2020, 8);
        let law = OpeningLaw::of(&project, &kinds, ROUND, ROUND);
        assert_eq!((law.by_september(2019), law.by_september(2020)), (0.0, 1.0));
    }

    #[test]
    fn the_opening_drawn_is_the_first_september_whose_probability_reaches_the_number() {
        let project = Project { site_in_hand: true, ..Project::candidate("p", 0, 0, Kind::Permanent, 900) };
        let law = OpeningLaw::of(&project, &KindDefaults::default(), ROUND, ROUND);
        let opening = Opening::new(&law, 2019, 2025);
        assert_eq!(opening.central, Some(2022), "0.498 in 2021 is not half");
        assert_eq!(
            (opening.drawn(0.40), opening.drawn(0.60), opening.drawn(0.97)),
            (Some(2021), Some(2022), Some(2023))
        );
    }
}
