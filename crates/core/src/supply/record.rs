//! The district's record of finished projects, and what it teaches about a kind.
//!
//! ```text
//! x_i = log T_i - E log L_i            what the delay of finished project i was
//! mu | x ~ N( (mu0 / w2 + sum x_i / v2) / (1 / w2 + n / v2),  1 / (1 / w2 + n / v2) )
//! delay of a new project:  log K ~ N( E mu,  s2 + Var mu )
//! ```
//!
//! | symbol | meaning | unit |
//! |---|---|---|
//! | T | months from the build gate to the opening | months |
//! | L | build lead of the row or kind, triangular | months |
//! | mu0, s0^2 | mean and variance of log delay of the kind | log |
//! | w2 = rho s0^2 | how much districts differ; rho = 0.36 | log |
//! | s2 = (1 - rho) s0^2, v2 = s2 + Var log L | how much projects of one district differ | log |
//!
//! With no record the law is the kind's own, exactly. With one finished project the district's mean moves a third of the
//! way at most; with many, its own history counts and the spread shrinks to that of projects within a district. A kind
//! learns from its own projects only, and only building sites have a record: a district that is late with permanent schools need not be late with prefabs.
//!
//! rho is our judgement (delays of one district resemble each other about as much as errors of one authority do); the
//! reliability of the probabilities that follow is in docs/validation/ledger.md.

use super::{
    defaults::{Delay, KindDefaults},
    kind::Kind,
    project::{Project, Status},
};

/// Share of the variance of log delay that lies between districts.
const BETWEEN: f64 = 0.36;

/// What the record says of one kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KindRecord {
    /// The kind.
    pub kind: Kind,
    /// Finished projects whose gate and opening are known.
    pub finished: usize,
    /// Geometric mean of their delay, if there is any.
    pub observed: Option<f64>,
    /// Delay assumed of the kind without the record.
    pub before: Delay,
    /// Delay after it.
    pub after: Delay,
}

/// What the finished ones among `projects` say of every kind that has any.
pub fn record(projects: &[Project], kinds: &KindDefaults) -> Vec<KindRecord> {
    Kind::ALL.into_iter().filter(|k| k.is_built()).filter_map(|kind| of_kind(kind, projects, kinds)).collect()
}

/// `kinds` with the delays that the record teaches.
pub fn learn(projects: &[Project], kinds: &KindDefaults) -> KindDefaults {
    let mut learnt = *kinds;
    for record in record(projects, kinds) {
        learnt.of_mut(record.kind).delay = record.after;
    }
    learnt
}

fn of_kind(kind: Kind, projects: &[Project], kinds: &KindDefaults) -> Option<KindRecord> {
    let before = kinds.of(kind).delay;
    let (mu0, variance) = before.log_moments();
    let (between, within) = (BETWEEN * variance, (1.0 - BETWEEN) * variance);
    let (mut precision, mut weighted, mut finished, mut sum) = (0.0, 0.0, 0, 0.0);
    for project in projects.iter().filter(|p| p.kind == kind && p.status == Status::Open) {
        let (Some(gate), Some(opens)) = (project.build_decided, project.opens) else { continue };
        let months = f64::from(opens.index() - gate.index());
        let lead = project.build_lead.unwrap_or(kinds.of(kind).build);
        let nodes = lead.nodes(0.0);
        if months <= 0.0 || lead.min <= 0.0 && lead.max <= 0.0 {
            continue;
        }
        let log = |l: f64| libm::log(l.max(0.1));
        let mean: f64 = nodes.iter().map(|(l, w)| w * log(*l)).sum();
        let spread: f64 = nodes.iter().map(|(l, w)| w * (log(*l) - mean) * (log(*l) - mean)).sum();
        let delay = libm::log(months) - mean;
        let weight = 1.0 / (within + spread).max(1e-9);
        (precision, weighted) = (precision + weight, weighted + weight * delay);
        (finished, sum) = (finished + 1, sum + delay);
    }
    if finished == 0 || between <= 0.0 {
        return None;
    }
    let posterior = 1.0 / (1.0 / between + precision);
    let mu = (mu0 / between + weighted) * posterior;
    Some(KindRecord {
        kind,
        finished,
        observed: Some(libm::exp(sum / finished as f64)),
        before,
        after: Delay::from_log(mu, within + posterior),
    })
}

impl Delay {
    /// The delay whose logarithm has this mean and variance.
    pub fn from_log(mean: f64, variance: f64) -> Self {
        let factor = libm::exp(mean + variance / 2.0);
        Self { mean: factor, sd: factor * libm::expm1(variance).max(0.0).sqrt() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{StageId, ZoneId};
    use crate::{supply::Triangle, time::YearMonth};

    /// A finished permanent school with a lead of exactly 20 months that took `months`.
    fn finished(months: i32) -> Project {
        let gate = YearMonth { year: 2018, month: 1 };
        Project {
            status: Status::Open,
            build_decided: Some(gate),
            opens: Some(gate.plus(months)),
            build_lead: Triangle::new(20.0, 20.0, 20.0),
            ..Project::candidate("f", ZoneId::new(0), StageId::new(0), Kind::Permanent, 900)
        }
    }

    #[test]
    fn without_a_finished_project_nothing_changes() {
        let kinds = KindDefaults::default();
        assert_eq!(learn(&[], &kinds), kinds);
        let unfinished = Project { status: Status::Started, ..finished(20) };
        assert_eq!(learn(&[unfinished], &kinds), kinds);
    }

    /// mu0 = 0.16108, s0^2 = 0.04248: w2 = 0.015293, s2 = v2 = 0.027187. One project of 36 months: x = log 1.8 = 0.58779.
    #[test]
    fn one_project_moves_the_mean_by_the_weight_worked_by_hand() {
        let kinds = KindDefaults::default();
        let learnt = learn(&[finished(36)], &kinds).of(Kind::Permanent).delay;
        let posterior: f64 = 1.0 / (1.0 / 0.015_293 + 1.0 / 0.027_187);
        let mean = (0.161_08 / 0.015_293 + 0.587_79 / 0.027_187) * posterior;
        // a good third of the way from 0.161 to 0.588
        assert!((mean - 0.314_7).abs() < 1e-3, "{mean}");
        let (found, variance) = learnt.log_moments();
        assert!(
            (found - mean).abs() < 1e-4 && (variance - (0.027_187 + posterior)).abs() < 1e-5,
            "{found} {variance}"
        );
        // the other kinds have not learnt
        assert_eq!(learn(&[finished(36)], &kinds).of(Kind::Prefab), kinds.of(Kind::Prefab));
    }

    #[test]
    fn many_projects_outweigh_the_default() {
        let slow: Vec<Project> = (0..60).map(|_| finished(36)).collect();
        let record = record(&slow, &KindDefaults::default());
        let [of] = record.as_slice() else { panic!("one kind has finished") };
        assert_eq!((of.kind, of.finished), (Kind::Permanent, 60));
        assert!((of.observed.unwrap() - 1.8).abs() < 1e-6);
        assert!((of.after.log_moments().0 - 0.587_79).abs() < 0.02 && of.after.sd < of.before.sd * 1.5);
    }
}
