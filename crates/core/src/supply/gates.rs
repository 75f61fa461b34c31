//! When a project opens, as a distribution.
//!
//! ```text
//! completion = decision + L_site + L_build * delay,   L triangular, delay lognormal, all in months
//! P(open by x) = integral over both leads of F_delay((x - decision - L_site) / L_build)
//! ```
//!
//! A gate under way is conditioned on not being finished on the day it is seen from, and on what the ledger says of it
//! ([`super::evidence`]). The probability is integrated (Simpson's rule on each side of each triangle), never counted over
//! draws; the opening of a draw is then the first September by which the probability reaches the draw's uniform number,
//! so draws and probabilities agree by construction ([`super::opening`]).
//!
//! Source: docs/model.md, section 3. Not done here: which entry of the ledger speaks ([`super::standing`]), what the
//! district's record says of a kind ([`super::record`]).

use super::{
    defaults::{KindDefaults, Triangle},
    evidence::{DelayLaw, build_nodes, reweighted},
    project::{Project, Special, Status},
};
use crate::time::{YearMonth, september};

/// Intervals of Simpson's rule on each side of a triangle; doubling it changes no probability by 1e-6.
const PANELS: usize = 16;

/// Share of the prior left to a gate that overran: below it the condition says nothing any more.
const OVERRUN: f64 = 1e-6;

/// Months after which the search for a quantile gives up.
const FAR: f64 = 1200.0;

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
    /// Build leads, each with its probability and the law of the delay.
    build: Vec<(f64, f64, DelayLaw)>,
    /// Months the build has been under way, known not to be finished.
    elapsed: f64,
    /// Month (index) before which it cannot open.
    earliest: f64,
}

impl OpeningLaw {
    /// The law of `project` as seen on the first day of `seen`, if what is still undecided of it is decided in `decide`: both gates of a
    /// candidate, the build gate of a project at its site gate (which then waits for the site if that comes later).
    ///
    /// Decisions already taken keep their own months. `Never` for a cancelled project.
    pub fn of(project: &Project, kinds: &KindDefaults, seen: YearMonth, decide: YearMonth) -> Self {
        if project.status == Status::Cancelled {
            return Self::Never;
        }
        if let Some(opens) = project.opens {
            return Self::Fixed(f64::from(opens.index()));
        }
        let kind = kinds.of(project.kind);
        let site_lead = project.site_lead.unwrap_or(kind.site);
        let build_lead = project.build_lead.unwrap_or(kind.build);
        let seen = f64::from(seen.index());
        let decide = f64::from(decide.index());
        let none = vec![(0.0, 1.0)];
        let building = |month: f64| (month, none.clone(), (seen - month).max(0.0));
        let (start, site, elapsed) = match (project.status, project.special) {
            (_, Special::Estate { completed }) => {
                building(project.build_decided.map_or(completed, |b| b.max(completed)).index().into())
            }
            (Status::Committed | Status::Started, _) => {
                building(project.build_decided.map_or(decide, |b| f64::from(b.index())))
            }
            _ if project.site_in_hand || !project.kind.needs_site() => (decide, none, 0.0),
            (Status::Site, _) => {
                let decided = project.site_decided.map_or(decide, |s| f64::from(s.index()));
                let since = (seen - decided).max(0.0);
                if since >= site_lead.max {
                    (seen, none, 0.0)
                } else {
                    (decided, reweighted(site_lead.nodes(since), project.evidence), 0.0)
                }
            }
            _ => (decide, site_lead.nodes(0.0), 0.0),
        };
        let evidence = project.evidence.filter(|_| project.status.is_building());
        let under_way = project.status.is_building() || matches!(project.special, Special::Estate { .. });
        Self::Gates(Gates {
            start,
            build_from: if under_way { start } else { decide },
            site,
            build: build_nodes(build_lead, kind.delay, evidence),
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

    /// The first month (index, whole) by which it is open with probability `level`; `None` if it never is.
    pub fn month_at(&self, level: f64) -> Option<i32> {
        let start = match self {
            Self::Never => return None,
            Self::Fixed(opens) => return Some(opens.ceil() as i32),
            Self::Gates(gates) => (gates.start + gates.elapsed).max(gates.earliest.max(-1e9)).floor(),
        };
        let (mut low, mut high) = (start - 1.0, start + FAR);
        if self.by_month(high) < level {
            return None;
        }
        while high - low > 1.0 {
            let middle = f64::midpoint(low, high).floor();
            if self.by_month(middle) >= level { high = middle } else { low = middle }
        }
        Some(high as i32)
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
        let mut sum = 0.0;
        for &(site, site_weight) in &self.site {
            let left = month - (self.start + site).max(self.build_from);
            for (build, build_weight, delay) in &self.build {
                sum += site_weight * build_weight * delay.within(left, *build);
            }
        }
        sum
    }
}

impl Triangle {
    /// Values with probabilities that add to 1, of a lead known to be longer than `above`.
    pub(super) fn nodes(&self, above: f64) -> Vec<(f64, f64)> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{StageId, ZoneId};
    use crate::supply::{Evidence, Kind, Mark};

    const ROUND: YearMonth = YearMonth { year: 2019, month: 10 };

    fn p(kind: Kind, site_in_hand: bool, year: i32) -> f64 {
        let project =
            Project { site_in_hand, ..Project::candidate("p", ZoneId::new(0), StageId::new(0), kind, 900) };
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
            ..Project::candidate("p", ZoneId::new(0), StageId::new(0), Kind::Permanent, 900)
        };
        let law = OpeningLaw::of(&project, &kinds, ROUND, ROUND);
        let fresh = OpeningLaw::of(
            &Project {
                site_in_hand: true,
                ..Project::candidate("p", ZoneId::new(0), StageId::new(0), Kind::Permanent, 900)
            },
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
            ..Project::candidate("p", ZoneId::new(0), StageId::new(0), Kind::Permanent, 900)
        };
        let in_hand = Project {
            site_in_hand: true,
            ..Project::candidate("p", ZoneId::new(0), StageId::new(0), Kind::Permanent, 900)
        };
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
        let mut project = Project {
            site_in_hand: true,
            ..Project::candidate("p", ZoneId::new(0), StageId::new(0), Kind::Prefab, 900)
        };
        project.earliest = YearMonth::new(2023, 8);
        let law = OpeningLaw::of(&project, &kinds, ROUND, ROUND);
        assert_eq!((law.by_september(2022), law.by_september(2023) > 0.999), (0.0, true));
        project.opens = YearMonth::new(2020, 8);
        let law = OpeningLaw::of(&project, &kinds, ROUND, ROUND);
        assert_eq!((law.by_september(2019), law.by_september(2020)), (0.0, 1.0));
    }

    fn reached(share: f64, months: f64) -> Evidence {
        Evidence { reached: Some(Mark { share, months }), waiting: None }
    }

    fn building(evidence: Option<Evidence>) -> OpeningLaw {
        let project = Project {
            status: Status::Started,
            build_decided: YearMonth::new(2018, 10),
            evidence,
            ..Project::candidate("p", ZoneId::new(0), StageId::new(0), Kind::Permanent, 900)
        };
        OpeningLaw::of(&project, &KindDefaults::default(), ROUND, ROUND)
    }

    /// A permanent school takes 19.7 x 1.2 = 23.6 months on average: a tenth after 12 months speaks for 120.
    #[test]
    fn a_ledger_that_is_behind_lowers_the_probability_and_one_that_is_ahead_raises_it() {
        let by = |share| building(Some(reached(share, 12.0))).by_september(2020);
        let without = building(None).by_september(2020);
        assert!(by(0.1) < by(0.3) && by(0.3) < without, "{} {} {without}", by(0.1), by(0.3));
        assert!(by(0.9) > 0.95 && by(0.9) > without, "{}", by(0.9));
    }

    #[test]
    fn evidence_far_from_everything_thought_possible_does_not_break_the_sum() {
        let law = building(Some(reached(0.01, 500.0)));
        let by = law.by_september(2090);
        assert!((0.0..=1.0).contains(&by), "{by}");
    }

    #[test]
    fn a_milestone_waited_for_too_long_lowers_the_probability() {
        let waiting = |months| {
            let mark = Mark { share: 0.15, months };
            building(Some(Evidence { reached: None, waiting: Some(mark) })).by_september(2020)
        };
        // work begins after three to four months: two say little, twelve say much
        assert!((waiting(2.0) - building(None).by_september(2020)).abs() < 0.05);
        assert!(waiting(12.0) < waiting(6.0) && waiting(6.0) < waiting(2.0));
        // far beyond everything it is still a probability
        assert!((0.0..=1.0).contains(&waiting(400.0)));
    }

    #[test]
    fn the_month_of_a_level_is_the_first_by_which_it_is_reached() {
        let law = building(None);
        for level in [0.1, 0.5, 0.9] {
            let month = law.month_at(level).unwrap();
            assert!(law.by_month(f64::from(month)) >= level && law.by_month(f64::from(month - 1)) < level);
        }
        assert_eq!(OpeningLaw::Never.month_at(0.5), None);
    }

    #[test]
    fn a_handover_waits_for_its_estate() {
        let completed = YearMonth { year: 2021, month: 3 };
        let project = Project {
            status: Status::Committed,
            special: Special::Estate { completed },
            ..Project::candidate("k", ZoneId::new(0), StageId::new(0), Kind::Handover, 270)
        };
        let law = OpeningLaw::of(&project, &KindDefaults::default(), ROUND, ROUND);
        assert!(law.by_september(2020).abs() < 1e-12 && law.by_september(2023) > 0.9);
    }
}
