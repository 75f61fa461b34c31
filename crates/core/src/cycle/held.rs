//! Modules held ready: prefab schools of the district that may be put up wherever places are missing next September.

use crate::{
    geography::Frame,
    scenario::{Scenario, ScenarioError},
    supply::{Kind, PhaseIn, Project},
};

/// Classes of one such school: 1,080 places at 45 a class, the size of the prefab schools that Futian built.
pub const CLASSES: u32 = 24;

/// The scenario with `count` such schools to be had in each sharing group and stage, behind all its own projects; a policy
/// says how many of them there really are in the district.
///
/// # Errors
/// [`ScenarioError`] if the scenario does not hold together with them.
pub fn with_held(scenario: &Scenario, count: usize) -> Result<Scenario, Vec<ScenarioError>> {
    let mut parts = scenario.clone().into_parts();
    let frame: Frame = parts.frame.clone();
    for (q, group) in frame.groups.pairs() {
        let Some(zone) = frame.zones.find(|z| z.group == q) else { continue };
        for (p, stage) in frame.stages.pairs() {
            for n in 1..=count {
                let id = format!("held-{}-{}-{n}", group.id, stage.id);
                parts.projects.push(Project {
                    site_in_hand: true,
                    classes: Some(CLASSES),
                    phase_in: Some(PhaseIn::All),
                    ..Project::candidate(id, zone, p, Kind::Prefab, CLASSES * stage.class_size)
                });
            }
        }
    }
    Scenario::new(parts)
}
