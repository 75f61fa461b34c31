//! When a project opens, as a distribution.
//!
//! ```text
//! completion = decision + L_site + L_build * delay,   L triangular, delay lognormal, all in months
//! P(open by x) = integral over both leads of F_delay((x - decision - L_site) / L_build)
//! ledger: share f of a gate's lead was reached after m months:   log(m / f) = log(L delay) + N(0, sd(f)^2)
//! ```
//!
//! | symbol | meaning | unit |
//! |---|---|---|
//! | f | share of the lead that a milestone or a stated progress stands for | share |
//! | m | months since the gate was opened | months |
//! | sd(f) | 0.30 (1 - f) + 0.02: how well a milestone tells the whole | log |
//!
//! A gate under way is conditioned on not being finished on the day it is seen from, and on what the ledger says of it:
//! for each lead the delay's logarithm stays normal, so the posterior is a mixture of lognormals in closed form. The
//! probability is integrated (Simpson's rule on each side of each triangle), never counted over draws; the opening of a
//! draw is then the first September by which the probability reaches the draw's uniform number, so draws and
//! probabilities agree by construction.
//!
//! Source: docs/model.md, section 3; sd(f) is a judgement, checked in docs/supply.md. Not done here: which entry of the
//! ledger speaks ([`super::ledger`]), what the district's record says of a kind ([`super::record`]).

use statrs::distribution::{ContinuousCDF, LogNormal};

use super::{
    defaults::{Delay, KindDefaults, Triangle},
    project::{Project, Special, Status},
};
use crate::time::{YearMonth, september};

/// Intervals of Simpson's rule on each side of a triangle; doubling it changes no probability by 1e-6.
const PANELS: usize = 16;

/// Share of the prior left to a gate that overran: below it the condition says nothing any more.
const OVERRUN: f64 = 1e-6;

/// Months after which the search for a quantile gives up.
const FAR: f64 = 1200.0;

/// How far a gate under way has come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// Share of the lead reached, above 0 and below 1.
    pub share: f64,
    /// Months from the opening of the gate to the day it was reached.
    pub months: f64,
}

impl Evidence {
    /// Variance of log(months / share) about the logarithm of the whole lead.
    fn variance(self) -> f64 {
        let sd = 0.30 * (1.0 - self.share) + 0.02;
        sd * sd
    }

    /// log(months / share): the logarithm of the whole that the part speaks for.
    fn log_whole(self) -> f64 {
        libm::log(self.months.max(0.1) / self.share.clamp(0.01, 1.0))
    }
}

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
    /// The law of `project` as seen on the first day of `seen`, if a candidate or a project past its site gate is decided
    /// in `decide`.
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
                    (seen.max(decide), none, 0.0)
                } else {
                    (decided, reweighted(site_lead.nodes(since), project.evidence), 0.0)
                }
            }
            _ => (decide, site_lead.nodes(0.0), 0.0),
        };
        let evidence = project.evidence.filter(|_| project.status.is_building());
        Self::Gates(Gates {
            start,
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
        let left = month - self.start;
        if left <= 0.0 {
            return 0.0;
        }
        let mut sum = 0.0;
        for &(site, site_weight) in &self.site {
            for (build, build_weight, delay) in &self.build {
                sum += site_weight * build_weight * delay.within(left - site, *build);
            }
        }
        sum
    }
}

/// The factor on the build lead.
#[derive(Debug, Clone, PartialEq)]
enum DelayLaw {
    Lognormal(LogNormal),
    /// No spread: always this factor.
    Exactly(f64),
}

impl DelayLaw {
    /// A lognormal by the mean and variance of its logarithm.
    fn of_log(mean: f64, variance: f64) -> Self {
        match LogNormal::new(mean, variance.sqrt()) {
            Ok(law) if variance > 0.0 => Self::Lognormal(law),
            _ => Self::Exactly(libm::exp(mean)),
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

/// The build leads with the law of the delay on each, given what the ledger says.
///
/// With log delay normal and log(m / f) = log L + log delay + normal error, the posterior of log delay is normal and the
/// lead is weighted by how well it explains the entry.
fn build_nodes(lead: Triangle, delay: Delay, evidence: Option<Evidence>) -> Vec<(f64, f64, DelayLaw)> {
    let (mean, variance) = delay.log_moments();
    let nodes = lead.nodes(0.0);
    let Some(evidence) = evidence else {
        let law =
            if delay.sd > 0.0 { DelayLaw::of_log(mean, variance) } else { DelayLaw::Exactly(delay.mean) };
        return nodes.into_iter().map(|(l, w)| (l, w, law.clone())).collect();
    };
    let error = evidence.variance();
    let mut laws = Vec::with_capacity(nodes.len());
    let mut weights = Vec::with_capacity(nodes.len());
    for &(l, w) in &nodes {
        if l <= 0.0 {
            laws.push(DelayLaw::of_log(mean, variance));
            weights.push((w, 0.0));
            continue;
        }
        let seen = evidence.log_whole() - libm::log(l);
        let total = variance + error;
        let posterior_mean = (mean * error + seen * variance) / total;
        laws.push(DelayLaw::of_log(posterior_mean, variance * error / total));
        weights.push((w, -(seen - mean) * (seen - mean) / (2.0 * total)));
    }
    let weights = normalised(&weights);
    nodes.into_iter().zip(weights).zip(laws).map(|(((l, _), w), law)| (l, w, law)).collect()
}

/// Site leads weighted by how well each explains the entry.
fn reweighted(nodes: Vec<(f64, f64)>, evidence: Option<Evidence>) -> Vec<(f64, f64)> {
    let Some(evidence) = evidence else { return nodes };
    let weights: Vec<(f64, f64)> = nodes
        .iter()
        .map(|&(l, w)| {
            let away = evidence.log_whole() - libm::log(l.max(0.1));
            (w, -away * away / (2.0 * evidence.variance()))
        })
        .collect();
    nodes.iter().zip(normalised(&weights)).map(|(&(l, _), w)| (l, w)).collect()
}

/// Weights w exp(x) that add to 1; the largest exponent is taken out first, so that far evidence does not underflow.
fn normalised(weights: &[(f64, f64)]) -> Vec<f64> {
    let largest = weights.iter().filter(|(w, _)| *w > 0.0).map(|(_, x)| *x).fold(f64::NEG_INFINITY, f64::max);
    let raw: Vec<f64> =
        weights.iter().map(|(w, x)| if *w > 0.0 { w * libm::exp(x - largest) } else { 0.0 }).collect();
    let total: f64 = raw.iter().sum();
    raw.into_iter().map(|w| w / total).collect()
}

impl Delay {
    /// Mean and variance of the logarithm.
    pub fn log_moments(&self) -> (f64, f64) {
        let ratio = self.sd / self.mean;
        let variance = libm::log1p(ratio * ratio);
        (libm::log(self.mean) - variance / 2.0, variance)
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

    fn building(evidence: Option<Evidence>) -> OpeningLaw {
        let project = Project {
            status: Status::Started,
            build_decided: YearMonth::new(2018, 10),
            evidence,
            ..Project::candidate("p", 0, 0, Kind::Permanent, 900)
        };
        OpeningLaw::of(&project, &KindDefaults::default(), ROUND, ROUND)
    }

    /// A permanent school takes 19.7 x 1.2 = 23.6 months on average: a tenth after 12 months speaks for 120.
    #[test]
    fn a_ledger_that_is_behind_lowers_the_probability_and_one_that_is_ahead_raises_it() {
        let by = |share| building(Some(Evidence { share, months: 12.0 })).by_september(2020);
        let without = building(None).by_september(2020);
        assert!(by(0.1) < by(0.3) && by(0.3) < without, "{} {} {without}", by(0.1), by(0.3));
        assert!(by(0.9) > 0.95 && by(0.9) > without, "{}", by(0.9));
    }

    /// With one lead exactly and no other doubt, log delay is normal with the weighted mean of prior and entry.
    #[test]
    fn the_posterior_of_the_delay_is_the_normal_update_worked_by_hand() {
        let delay = Delay { mean: 1.2, sd: 0.25 };
        // log delay ~ N(0.16108, 0.04248); half of 20 months after 15: log 30 = log 20 + 0.40547, error sd 0.17
        let lead = Triangle { min: 20.0, mode: 20.0, max: 20.0 };
        let nodes = build_nodes(lead, delay, Some(Evidence { share: 0.5, months: 15.0 }));
        let (mean, variance) = delay.log_moments();
        assert!((mean - 0.161_08).abs() < 1e-4 && (variance - 0.042_48).abs() < 1e-4, "{mean} {variance}");
        let posterior_mean: f64 = (0.161_08 * 0.0289 + 0.405_47 * 0.042_48) / (0.042_48 + 0.0289);
        // half of the posterior lies below 20 x exp(0.30652) = 27.17 months
        assert!((posterior_mean - 0.306_5).abs() < 1e-3, "{posterior_mean}");
        let below = nodes[0].2.within(20.0 * libm::exp(posterior_mean), 20.0);
        assert!((below - 0.5).abs() < 1e-3, "{below}");
    }

    #[test]
    fn evidence_far_from_everything_thought_possible_does_not_break_the_sum() {
        let law = building(Some(Evidence { share: 0.01, months: 500.0 }));
        let by = law.by_september(2090);
        assert!((0.0..=1.0).contains(&by), "{by}");
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
            ..Project::candidate("k", 0, 0, Kind::Handover, 270)
        };
        let law = OpeningLaw::of(&project, &KindDefaults::default(), ROUND, ROUND);
        assert!(law.by_september(2020).abs() < 1e-12 && law.by_september(2023) > 0.9);
    }
}
