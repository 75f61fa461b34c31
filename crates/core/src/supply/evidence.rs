//! Lead and delay of a gate under way, given the entries of the ledger.
//!
//! ```text
//! reached: share f of the lead after m months          log(m / f)   = log(L delay) + N(0, sd(f)^2)
//! waiting: the next share f' not reached after m'      log(m' / f') < log(L delay) + N(0, sd(f')^2)
//! ```
//!
//! | symbol | meaning | unit |
//! |---|---|---|
//! | f | share of the lead that a milestone or a stated progress stands for | share |
//! | m | months since the gate was opened | months |
//! | sd(f) | 0.30 (1 - f) + 0.02: how well a part tells the whole | log |
//!
//! For each lead L the logarithm of the delay stays normal under what was reached, and is cut by a normal distribution
//! function under what is waited for; the lead is weighted by how well it explains both. sd(f) is a judgement, checked
//! against simulated projects in docs/validation/ledger.md.

use statrs::distribution::{ContinuousCDF, LogNormal};

use super::defaults::{Delay, Triangle};

/// A share of a gate's lead and the months since the gate was opened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// Share of the lead, above 0 and below 1.
    pub share: f64,
    /// Months from the opening of the gate.
    pub months: f64,
}

impl Mark {
    /// Standard deviation of log(months / share) about the logarithm of the whole lead.
    pub fn sd(self) -> f64 {
        0.30 * (1.0 - self.share) + 0.02
    }

    /// log(months / share): the logarithm of the whole lead that this share implies.
    fn log_whole(self) -> f64 {
        libm::log(self.months.max(0.1) / self.share.clamp(0.01, 1.0))
    }
}

/// Entries of the ledger on a gate under way.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Evidence {
    /// The last share reached, with its months.
    pub reached: Option<Mark>,
    /// The next share, and the months after which it was still not reached.
    pub waiting: Option<Mark>,
}

/// The factor on the build lead.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum DelayLaw {
    Lognormal(LogNormal),
    /// No spread: always this factor.
    Exactly(f64),
    /// A lognormal with this log mean and sd, while a milestone is still missing: cut where log delay plus a normal
    /// error stays below `bound`.
    Waiting {
        mean: f64,
        sd: f64,
        bound: f64,
        error: f64,
    },
}

/// Intervals of Simpson's rule over the delay of a gate that is waited for.
const STEPS: usize = 96;

/// The standard normal distribution function.
fn phi(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
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
    pub(super) fn within(&self, left: f64, build: f64) -> f64 {
        if left < 0.0 {
            return 0.0;
        }
        match self {
            _ if build <= 0.0 => 1.0,
            Self::Exactly(factor) => f64::from(u8::from(build * factor <= left)),
            Self::Lognormal(law) => law.cdf(left / build),
            Self::Waiting { mean, sd, bound, error } => {
                let z = (libm::log((left / build).max(1e-300)) - mean) / sd;
                cut_normal(z, (mean - bound) / error, sd / error)
            }
        }
    }
}

/// The integral of phi'(u) phi(a + b u) from minus infinity to `z`, over its whole.
fn cut_normal(z: f64, a: f64, b: f64) -> f64 {
    const FAR: f64 = 6.5;
    let whole = phi(a / libm::sqrt(1.0 + b * b));
    if z <= -FAR || whole < 1e-12 {
        return f64::from(u8::from(z > -FAR && whole < 1e-12));
    }
    let density = |u: f64| libm::exp(-u * u / 2.0) * phi(a + b * u);
    let step = (z.min(FAR) + FAR) / STEPS as f64;
    let mut sum = 0.0;
    for i in 0..=STEPS {
        let simpson = match i {
            0 | STEPS => 1.0,
            i if i % 2 == 1 => 4.0,
            _ => 2.0,
        };
        sum += simpson * density(-FAR + step * i as f64);
    }
    let root = libm::sqrt(2.0 * std::f64::consts::PI);
    (sum * step / 3.0 / root / whole).min(1.0)
}

/// The build leads with the law of the delay on each, given what the ledger says.
///
/// With log delay normal and log(m / f) = log L + log delay + normal error, the posterior of log delay is normal, cut by
/// what is waited for; each lead is weighted by how well it explains the entries.
pub(super) fn build_nodes(
    lead: Triangle,
    delay: Delay,
    evidence: Option<Evidence>,
) -> Vec<(f64, f64, DelayLaw)> {
    let (mean, variance) = delay.log_moments();
    let nodes = lead.nodes(0.0);
    let plain = if delay.sd > 0.0 { DelayLaw::of_log(mean, variance) } else { DelayLaw::Exactly(delay.mean) };
    let Some(evidence) = evidence.filter(|_| variance > 0.0) else {
        return nodes.into_iter().map(|(l, w)| (l, w, plain.clone())).collect();
    };
    let mut laws = Vec::with_capacity(nodes.len());
    let mut weights = Vec::with_capacity(nodes.len());
    for &(l, w) in &nodes {
        if l <= 0.0 {
            laws.push(plain.clone());
            weights.push((w, 0.0));
            continue;
        }
        let (mut mean, mut variance, mut likelihood) = (mean, variance, 0.0);
        if let Some(mark) = evidence.reached {
            let error = mark.sd() * mark.sd();
            let seen = mark.log_whole() - libm::log(l);
            let total = variance + error;
            likelihood -= (seen - mean) * (seen - mean) / (2.0 * total);
            (mean, variance) = ((mean * error + seen * variance) / total, variance * error / total);
        }
        if let Some(mark) = evidence.waiting {
            let (sd, error) = (variance.sqrt(), mark.sd());
            let bound = mark.log_whole() - libm::log(l);
            likelihood += libm::log(phi((mean - bound) / libm::sqrt(variance + error * error)).max(1e-300));
            laws.push(DelayLaw::Waiting { mean, sd, bound, error });
        } else {
            laws.push(DelayLaw::of_log(mean, variance));
        }
        weights.push((w, likelihood));
    }
    let weights = normalised(&weights);
    nodes.into_iter().zip(weights).zip(laws).map(|(((l, _), w), law)| (l, w, law)).collect()
}

/// Site leads weighted by how well each explains the entries.
pub(super) fn reweighted(nodes: Vec<(f64, f64)>, evidence: Option<Evidence>) -> Vec<(f64, f64)> {
    let Some(evidence) = evidence else { return nodes };
    let weights: Vec<(f64, f64)> = nodes
        .iter()
        .map(|&(l, w)| {
            let l = libm::log(l.max(0.1));
            let reached = evidence.reached.map_or(0.0, |mark| {
                let away = (mark.log_whole() - l) / mark.sd();
                -away * away / 2.0
            });
            let waiting = evidence
                .waiting
                .map_or(0.0, |mark| libm::log(phi((l - mark.log_whole()) / mark.sd()).max(1e-300)));
            (w, reached + waiting)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn reached(share: f64, months: f64) -> Evidence {
        Evidence { reached: Some(Mark { share, months }), waiting: None }
    }

    /// With one lead exactly and no other doubt, log delay is normal with the weighted mean of prior and entry.
    #[test]
    fn the_posterior_of_the_delay_is_the_normal_update_worked_by_hand() {
        let delay = Delay { mean: 1.2, sd: 0.25 };
        // log delay ~ N(0.16108, 0.04248); half of 20 months after 15: log 30 = log 20 + 0.40547, error sd 0.17
        let lead = Triangle { min: 20.0, mode: 20.0, max: 20.0 };
        let nodes = build_nodes(lead, delay, Some(reached(0.5, 15.0)));
        let (mean, variance) = delay.log_moments();
        assert!((mean - 0.161_08).abs() < 1e-4 && (variance - 0.042_48).abs() < 1e-4, "{mean} {variance}");
        let posterior_mean: f64 = (0.161_08 * 0.0289 + 0.405_47 * 0.042_48) / (0.042_48 + 0.0289);
        // half of the posterior lies below 20 x exp(0.30652) = 27.17 months
        assert!((posterior_mean - 0.306_5).abs() < 1e-3, "{posterior_mean}");
        let below = nodes[0].2.within(20.0 * libm::exp(posterior_mean), 20.0);
        assert!((below - 0.5).abs() < 1e-3, "{below}");
    }

    #[test]
    fn a_cut_normal_is_the_normal_where_nothing_is_cut() {
        for z in [-2.0, 0.0, 1.0] {
            assert!((cut_normal(z, 9.0, 0.1) - phi(z)).abs() < 1e-5, "{z}");
        }
        // cut at its middle by a sharp bound: half of the half above is the upper quartile, 0.67449
        assert!((cut_normal(0.674_49, 0.0, 200.0) - 0.5).abs() < 0.02);
    }
}
