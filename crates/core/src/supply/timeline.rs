//! A project on the calendar: when its gates are passed at the likeliest, when it opens and is full, when its life ends.
//!
//! The site is taken as there after the likeliest lead; the building as complete in the first month by which it is with
//! probability 0.5. What the board calls the central opening is the first September on or after that month.

use super::{
    effect::{self, Cause, Effect},
    gates::OpeningLaw,
    project::Status,
};
use crate::{index::ProjectId, scenario::ScenarioParts, time::YearMonth};

/// Months looked ahead for a completion; beyond that it is taken as never.
const LONGEST: i32 = 80 * 12;
/// Years in which every phase-in is through.
const LONGEST_FILL: i32 = 30;

/// The dates of one project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeline {
    /// Months in which the site gate is opened and passed; `None` where there is none to pass.
    pub site: Option<(YearMonth, YearMonth)>,
    /// Months in which the build gate is opened and the building complete.
    pub build: (YearMonth, YearMonth),
    /// First academic year in use.
    pub opens: i32,
    /// First academic year in which all places are usable.
    pub full: i32,
    /// Last academic year in use; `None` = beyond every horizon.
    pub last: Option<i32>,
}

impl Timeline {
    /// The dates of project `j`, with what is undecided of it decided in `decide`; `None` if it never opens.
    ///
    /// A swing building has the dates of the project that releases it.
    pub fn new(parts: &ScenarioParts, j: ProjectId, round: YearMonth, decide: YearMonth) -> Option<Self> {
        let leader = parts.projects[j].leader(j);
        let project = &parts.projects[leader];
        let kind = parts.kinds.of(project.kind);
        let law = OpeningLaw::of(project, &parts.kinds, round, decide);
        let completed = match law {
            OpeningLaw::Never => return None,
            OpeningLaw::Fixed(month) => month as i32,
            OpeningLaw::Gates(_) => {
                let first = project.build_decided.unwrap_or(decide).min(decide).index();
                (first..first + LONGEST).find(|&month| law.by_month(f64::from(month)) >= 0.5)?
            }
        };
        let months = |lead: f64| lead.round() as i32;
        let site_lead = months(project.site_lead.unwrap_or(kind.site).mode);
        let build_lead = months(project.build_lead.unwrap_or(kind.build).mode);
        let site = match project.status {
            _ if project.site_in_hand || !project.kind.needs_site() || project.opens.is_some() => None,
            Status::Candidate => Some((decide, decide.plus(site_lead))),
            _ => project.site_decided.map(|from| (from, from.plus(site_lead))),
        };
        let from = match (project.build_decided, project.opens) {
            (Some(month), _) if project.status.is_building() || project.status == Status::Open => month,
            (_, Some(opens)) => opens.plus(-build_lead),
            _ => site.map_or(decide, |(_, there)| there.max(decide)),
        };
        let completed = YearMonth::of_index(completed);
        let opens = completed.first_september();
        let changes: Vec<Effect> =
            effect::effects(parts, leader).into_iter().filter(|e| e.project == j).collect();
        let is_full = |year: &i32| changes.iter().all(|e| e.usable(opens, *year) == e.nominal(opens, *year));
        let gain = changes.iter().find(|e| e.gains && e.cause == Cause::Gained);
        Some(Self {
            site,
            build: (from.min(completed), completed),
            opens,
            full: (opens..opens + LONGEST_FILL).find(is_full).unwrap_or(opens),
            last: gain.and_then(|e| e.ends(opens)).map(|end| end - 1),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{StageId, ZoneId};
    use crate::{
        geography::{Frame, Stage},
        supply::{Kind, PhaseIn, Project},
    };

    const ROUND: YearMonth = YearMonth { year: 2019, month: 10 };

    fn timeline(project: &Project) -> Timeline {
        let frame = Frame::of_one_zone(vec![Stage::from_pools(6, 45)]);
        let parts = ScenarioParts {
            projects: vec![project.clone()].into(),
            ..ScenarioParts::empty("m", frame, 2019)
        };
        Timeline::new(&parts, ProjectId::new(0), ROUND, ROUND).unwrap()
    }

    #[test]
    fn a_permanent_candidate_passes_both_gates() {
        let t = timeline(&Project::candidate("p", ZoneId::new(0), StageId::new(0), Kind::Permanent, 900));
        // site 24 months at the likeliest; both gates are open by t+5 with 0.935, by t+4 with 0.483
        assert_eq!(t.site, Some((ROUND, YearMonth { year: 2021, month: 10 })));
        assert_eq!(
            (t.build.0, t.opens, t.full, t.last),
            (YearMonth { year: 2021, month: 10 }, 2024, 2029, None)
        );
    }

    #[test]
    fn a_prefab_with_its_site_is_built_by_the_next_september_and_used_twenty_years() {
        let project = Project {
            site_in_hand: true,
            ..Project::candidate("p", ZoneId::new(0), StageId::new(0), Kind::Prefab, 900)
        };
        let t = timeline(&project);
        assert_eq!((t.site, t.build.0, t.opens, t.full, t.last), (None, ROUND, 2020, 2025, Some(2039)));
    }

    #[test]
    fn a_published_month_is_kept() {
        let project = Project {
            status: Status::Started,
            opens: YearMonth::new(2020, 8),
            phase_in: Some(PhaseIn::All),
            ..Project::candidate("p", ZoneId::new(0), StageId::new(0), Kind::Permanent, 900)
        };
        let t = timeline(&project);
        // 20 months before August 2020
        assert_eq!(t.build, (YearMonth { year: 2018, month: 12 }, YearMonth { year: 2020, month: 8 }));
        assert_eq!((t.opens, t.full), (2020, 2020));
    }
}
