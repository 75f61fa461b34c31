//! Children of a scenario as sources of the history: by the year in which they enter, as long before as they were known.
//!
//! | counted | known before entry | kind |
//! |---|---|---|
//! | children aged a, kindergarten class k | A - a years; k years | a series a lead: a register grows and shrinks on the way |
//! | births | up to A years | one series: a birth does not change |
//!
//! Counts of years after the base year are not read: they came after the origin. Admission classes are added, each times
//! its public share of the base year, which is taken to have held in the years learnt from; a cohort of which a class is
//! missing is not known.

use std::collections::{BTreeMap, BTreeSet};

use super::unit;
use crate::{
    demand::{ChildCount, Counted, pool::Cohorts, rates},
    forecast::history::Source,
    index::{Lead, PastYear, StageId, ZoneId},
    scenario::ScenarioParts,
};

/// The sources of `stage` with its entry age, for rolls of `years` years from `first_year`.
pub(super) fn sources(
    parts: &ScenarioParts,
    stage: StageId,
    entry_age: u32,
    first_year: i32,
    years: usize,
) -> Vec<Source> {
    let known: Vec<&ChildCount> = parts
        .children
        .iter()
        .filter(|c| c.year <= parts.base_year && c.counted.feeds(&parts.frame, stage))
        .collect();
    let ids: BTreeSet<&str> = known.iter().map(|c| c.source.as_str()).collect();
    let zones = parts.frame.zones.len();
    let mut out = Vec::new();
    for id in ids {
        let of: Vec<&ChildCount> = known.iter().copied().filter(|c| c.source == id).collect();
        let (born, seen): (Vec<&ChildCount>, Vec<&ChildCount>) =
            of.into_iter().partition(|c| matches!(c.counted, Counted::Births | Counted::BirthsSchoolYear));
        if !born.is_empty() {
            let mut source = Source::unknown(id, false, true, entry_age.max(1) as usize, zones, years);
            let cohorts = for_cohorts(parts, stage, &born, |counts| {
                let cohorts = Cohorts::new(counts.iter().copied(), entry_age, parts.cutoff_month);
                let reach = source.entry_years().len() as i32;
                (0..reach).filter_map(|e| Some(((e, Lead::NEXT), cohorts.known(first_year + e)?))).collect()
            });
            for ((z, e, lead), children) in cohorts {
                source.set(unit(z), e, lead, children);
            }
            out.push(source);
        }
        if let Some(longest) = seen.iter().filter_map(|c| lead(c, entry_age)).max().map(Lead::index) {
            let mut source = Source::unknown(id, false, false, longest, zones, years);
            let cohorts = for_cohorts(parts, stage, &seen, |counts| {
                counts
                    .iter()
                    .filter_map(|c| {
                        let lead = lead(c, entry_age)?;
                        let e = c.year + lead.index() as i32 - first_year;
                        (e >= 0).then_some(((e, lead), c.children))
                    })
                    .collect()
            });
            for ((z, e, lead), children) in cohorts {
                source.set(unit(z), e, lead, children);
            }
            out.push(source);
        }
    }
    out
}

/// Years before entry at which children were counted; `None` if they had entered.
fn lead(count: &ChildCount, entry_age: u32) -> Option<Lead> {
    let lead = match count.counted {
        Counted::Age(age) => entry_age.checked_sub(age)?,
        Counted::Kindergarten(class) => class,
        Counted::Births | Counted::BirthsSchoolYear => entry_age,
    };
    (lead > 0).then_some(Lead::new(lead as usize))
}

/// Entry year from the first of the rolls, and lead.
type Cohort = (i32, Lead);

/// Cohorts by zone, entry year and lead: those that every class of the zone knows, added with their public shares.
fn for_cohorts(
    parts: &ScenarioParts,
    stage: StageId,
    counts: &[&ChildCount],
    cohorts: impl Fn(&[&ChildCount]) -> BTreeMap<Cohort, f64>,
) -> BTreeMap<(ZoneId, PastYear, Lead), f64> {
    let mut by_class: BTreeMap<(ZoneId, &str), Vec<&ChildCount>> = BTreeMap::new();
    for count in counts {
        by_class.entry((count.zone, count.class.as_str())).or_default().push(count);
    }
    let mut sums: BTreeMap<(ZoneId, PastYear, Lead), (f64, usize)> = BTreeMap::new();
    let mut classes: BTreeMap<ZoneId, usize> = BTreeMap::new();
    for ((zone, class), counts) in by_class {
        *classes.entry(zone).or_default() += 1;
        let share = rates::public_share(&parts.rates, zone, stage, class, parts.base_year).unwrap_or(1.0);
        for ((entry, lead), children) in cohorts(&counts) {
            let sum = sums.entry((zone, PastYear::new(entry.max(0) as usize), lead)).or_default();
            sum.0 += share * children;
            sum.1 += 1;
        }
    }
    sums.retain(|(zone, ..), (_, known)| classes.get(zone) == Some(known));
    sums.into_iter().map(|(at, (children, _))| (at, children)).collect()
}
