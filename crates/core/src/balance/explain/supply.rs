//! The supply side of an explanation: opened, late, retired, lent.
//!
//! For every project the change of places since the reference is split: *opened*, its gains as the reference had them
//! scheduled; *late*, what another opening makes of them; *retired*, ends of life and what is closed, converted or out of
//! use; *lent*, places of one zone kept for another's pupils. The four add to the change of places exactly.
//!
//! Against the base year held flat the schedule of a project is the year it would open in with its likeliest leads and no
//! delay; against an earlier forecast it is the opening that was forecast then.

use crate::{
    index::{ProjectId, StageId, YearOffset, ZoneId},
    scenario::Scenario,
    supply::{Cause, Delay, Effect, Opening, OpeningLaw, Project, SupplyModel, Triangle, stock::BEYOND},
};

/// Opened, late, retired, lent: change of D - S (more places lower it).
pub(super) type SupplyParts = [f64; 4];

/// One group and stage in one academic year.
#[derive(Clone, Copy)]
pub(super) struct Spot<'a> {
    pub(super) zones: &'a [ZoneId],
    pub(super) stage: StageId,
    pub(super) year: i32,
}

impl Spot<'_> {
    fn holds(&self, effect: &Effect) -> bool {
        effect.stage == self.stage && self.zones.contains(&effect.zone)
    }

    /// Sum of some effects of a project that opens in `opened`.
    fn sum(&self, effects: &[Effect], opened: i32, year: i32, keep: impl Fn(&Effect) -> bool) -> f64 {
        let here = effects.iter().filter(|e| self.holds(e) && keep(e));
        here.map(|e| e.usable(opened, year)).sum::<i64>() as f64
    }
}

fn gained(effect: &Effect) -> bool {
    effect.gains && effect.cause == Cause::Gained
}

fn lent(effect: &Effect) -> bool {
    effect.cause == Cause::Lent
}

/// Against the base year held flat.
pub(super) fn flat(scenario: &Scenario, supply: &SupplyModel<'_>, spot: Spot<'_>) -> SupplyParts {
    let mut parts = [0.0; 4];
    let base = |t: YearOffset| base_places(supply, t, spot);
    let t = YearOffset::new((spot.year - scenario.base_year) as usize);
    parts[2] += base(YearOffset::BASE) - base(t);
    for (j, project) in scenario.projects.pairs().filter(|(j, _)| supply.in_programme(*j)) {
        let effects = supply.effects(j);
        if !effects.iter().any(|e| spot.holds(e)) {
            continue;
        }
        let central = supply.opening(j).central.unwrap_or(BEYOND);
        let scheduled = scheduled_opening(scenario, project).unwrap_or(BEYOND);
        let ever: Vec<Effect> = effects.iter().map(Effect::for_ever).collect();
        let now = spot.sum(effects, central, scenario.base_year, gained);
        let as_scheduled = spot.sum(&ever, scheduled, spot.year, gained);
        let as_expected = spot.sum(&ever, central, spot.year, gained);
        parts[0] -= as_scheduled - now;
        parts[1] -= as_expected - as_scheduled;
        parts[2] -= spot.sum(effects, central, spot.year, gained) - as_expected;
        let taken = |year| spot.sum(effects, central, year, |e| !gained(e) && !lent(e));
        parts[2] -= taken(spot.year) - taken(scenario.base_year);
        let kept = |year| spot.sum(effects, central, year, lent);
        parts[3] -= kept(spot.year) - kept(scenario.base_year);
    }
    parts
}

/// Against the places that `earlier` expected for the same year.
pub(super) fn since(
    (scenario, supply): (&Scenario, &SupplyModel<'_>),
    (earlier, earlier_supply): (&Scenario, &SupplyModel<'_>),
    spot: Spot<'_>,
) -> SupplyParts {
    let mut parts = [0.0; 4];
    let t = |s: &Scenario| YearOffset::new((spot.year - s.base_year) as usize);
    let base = base_places(supply, t(scenario), spot) - base_places(earlier_supply, t(earlier), spot);
    // a project of last year that is a school now shows as places opened, a school gone as retired
    parts[if base > 0.0 { 0 } else { 2 }] -= base;
    let central = |model: &SupplyModel<'_>, j: ProjectId| {
        model.in_programme(j).then(|| model.opening(j).central.unwrap_or(BEYOND))
    };
    let before_of = |id: &str| {
        let i = earlier.projects.find(|p| p.id == id)?;
        Some((i, central(earlier_supply, i)?))
    };
    for (j, project) in scenario.projects.pairs() {
        let Some(now) = central(supply, j) else { continue };
        let effects = supply.effects(j);
        let before = before_of(&project.id);
        let was = |keep: fn(&Effect) -> bool| {
            before.map_or(0.0, |(i, opened)| spot.sum(earlier_supply.effects(i), opened, spot.year, keep))
        };
        let scheduled = before.map_or(now, |(_, opened)| opened);
        let ever: Vec<Effect> = effects.iter().map(Effect::for_ever).collect();
        let (as_scheduled, as_expected) =
            (spot.sum(&ever, scheduled, spot.year, gained), spot.sum(&ever, now, spot.year, gained));
        let in_use = spot.sum(effects, now, spot.year, gained);
        let kept_then = spot.sum(effects, scheduled, spot.year, gained);
        // an end of life that the earlier forecast had too is no change
        parts[0] -= kept_then - was(gained);
        parts[1] -= as_expected - as_scheduled;
        parts[2] -= (in_use - as_expected) - (kept_then - as_scheduled);
        let taken = |e: &Effect| !gained(e) && !lent(e);
        parts[2] -= spot.sum(effects, now, spot.year, taken) - was(taken);
        parts[3] -= spot.sum(effects, now, spot.year, lent) - was(lent);
    }
    let gone = earlier.projects.pairs().filter(|(_, p)| {
        let j = scenario.projects.find(|now| now.id == p.id);
        j.is_none_or(|j| !supply.in_programme(j))
    });
    for (i, _) in gone {
        let Some(opened) = central(earlier_supply, i) else { continue };
        let effects = earlier_supply.effects(i);
        let was = |keep: fn(&Effect) -> bool| spot.sum(effects, opened, spot.year, keep);
        parts[0] += was(gained);
        parts[2] += was(|e| !gained(e) && !lent(e));
        parts[3] += was(lent);
    }
    parts
}

fn base_places(supply: &SupplyModel<'_>, t: YearOffset, spot: Spot<'_>) -> f64 {
    spot.zones.iter().map(|&z| f64::from(supply.base(t)[(z, spot.stage)])).sum()
}

/// The academic year a project would open in with its likeliest leads and no delay.
fn scheduled_opening(scenario: &Scenario, project: &Project) -> Option<i32> {
    let kind = scenario.kinds.of(project.kind);
    let at_mode = |t: Triangle| Triangle { min: t.mode, max: t.mode, ..t };
    let mut kinds = scenario.kinds;
    kinds.of_mut(project.kind).delay = Delay { mean: 1.0, sd: 0.0 };
    let sure = Project {
        site_lead: Some(at_mode(project.site_lead.unwrap_or(kind.site))),
        build_lead: Some(at_mode(project.build_lead.unwrap_or(kind.build))),
        // the schedule is what was meant, not what the ledger found
        evidence: None,
        ..project.clone()
    };
    // seen from the day of its own decision, so that nothing is conditioned on what happened since
    let seen = project.build_decided.or(project.site_decided).unwrap_or(scenario.round());
    let law = OpeningLaw::of(&sure, &kinds, seen.min(scenario.round()), scenario.round());
    Opening::new(&law, seen.year.min(scenario.base_year), scenario.until).central
}
