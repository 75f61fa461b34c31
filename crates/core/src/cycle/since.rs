//! What changed since the round that was archived last: decisions project by project, need group by group.
//!
//! | turn | a project |
//! |---|---|
//! | kept | was asked for, and its gate has been opened since; or what was to be given back is given back |
//! | deferred | was asked for and its gate is still closed, or opens later than was said, and is asked for again or waits |
//! | dropped | was asked for or in the programme, and is cancelled, gone, given back, or no longer asked for |
//! | hurried | is hurried now, or opens earlier than was said |
//! | new | was not asked for, and is now; or has been decided outside the rule |
//!
//! What is under way as it was is not listed. Beside each turn stand the need and the programme of its sharing group and
//! stage in the year it is for, as they were seen then and as they are now.

use super::{
    board::BoardLine,
    round::{Action, Gate, Step},
};
use crate::{
    geography::Area,
    index::{GroupId, ProjectId, StageId},
    scenario::Scenario,
    supply::{Openings, Status},
};

/// A group and stage in a year, as an archived round saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FiledLine {
    /// The sharing group.
    pub group: GroupId,
    /// The stage.
    pub stage: StageId,
    /// Academic year.
    pub year: i32,
    /// Places needed at the level of the lead.
    pub need: i64,
    /// Places of the whole programme.
    pub programme: i64,
    /// Places missing.
    pub missing: i64,
}

/// A project, as an archived round left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledProject {
    /// Its key.
    pub id: String,
    /// The sharing group.
    pub group: GroupId,
    /// The stage.
    pub stage: StageId,
    /// How far it had come.
    pub status: Status,
    /// What was decided.
    pub step: Option<Step>,
    /// The gate to be opened.
    pub gate: Option<Gate>,
    /// The year it is for.
    pub year: Option<i32>,
    /// Academic year in which it was expected to open, if it was decided.
    pub opens: Option<i32>,
}

/// A round as it was archived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledRound {
    /// Name of its file inside the scenario folder.
    pub name: String,
    /// Base year.
    pub base_year: i32,
    /// Which of the rounds archived in that year it is, from 1: a corrected one comes after.
    pub number: u32,
    /// The variant it was made of; blank for the scenario itself.
    pub variant: String,
    /// Need and places by group, stage and year.
    pub lines: Vec<FiledLine>,
    /// Projects.
    pub projects: Vec<FiledProject>,
}

/// A round as it is now.
#[derive(Debug, Clone, Copy)]
pub struct ThisRound<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its decisions.
    pub actions: &'a [Action],
    /// Academic year in which each project is expected to open, if it is decided.
    pub openings: &'a Openings,
    /// Its board.
    pub lines: &'a [BoardLine],
}

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// It was carried out.
    Kept,
    /// It waits.
    Deferred,
    /// It is given up.
    Dropped,
    /// It comes earlier.
    Hurried,
    /// It was not asked for before.
    New,
}

impl Turn {
    /// Every turn, in the order in which a letter tells them.
    pub const ALL: [Turn; 5] = [Turn::New, Turn::Hurried, Turn::Deferred, Turn::Dropped, Turn::Kept];

    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Turn::Kept => "kept",
            Turn::Deferred => "deferred",
            Turn::Dropped => "dropped",
            Turn::Hurried => "hurried",
            Turn::New => "new",
        }
    }
}

/// A figure then and now; `None` where a round does not look at the year.
pub type ThenNow<T> = (Option<T>, Option<T>);

/// One project whose decision changed, or was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turned {
    /// Key of the project.
    pub id: String,
    /// The project, if the scenario still has it.
    pub project: Option<ProjectId>,
    /// The sharing group.
    pub group: GroupId,
    /// The stage.
    pub stage: StageId,
    /// What became of it.
    pub turn: Turn,
    /// What was decided and is decided.
    pub step: ThenNow<Step>,
    /// How far it had come and has come.
    pub status: ThenNow<Status>,
    /// Academic year of the expected opening.
    pub opens: ThenNow<i32>,
    /// The year the figures are of.
    pub year: i32,
    /// Places needed in it.
    pub need: ThenNow<i64>,
    /// Places of the programme in it.
    pub programme: ThenNow<i64>,
}

/// What changed since an archived round: turns in the order of [`Turn::ALL`], then as the scenario lists its projects.
pub fn since(filed: &FiledRound, now: ThisRound<'_>) -> Vec<Turned> {
    let scenario = now.scenario;
    let ids = scenario.projects.iter().map(|p| p.id.as_str());
    let gone = filed.projects.iter().map(|p| p.id.as_str()).filter(|id| ids.clone().all(|own| own != *id));
    let mut turned: Vec<Turned> = ids.clone().chain(gone).filter_map(|id| turned(filed, now, id)).collect();
    turned.sort_by_key(|t| Turn::ALL.iter().position(|turn| *turn == t.turn));
    turned
}

fn turned(filed: &FiledRound, now: ThisRound<'_>, id: &str) -> Option<Turned> {
    let scenario = now.scenario;
    let then = filed.projects.iter().find(|p| p.id == id);
    let project = scenario.projects.find(|p| p.id == id);
    let action = project.and_then(|j| last_action(now.actions, j));
    let status = project.map(|j| scenario.projects[j].status);
    let opens = project.and_then(|j| now.openings[j]);
    let turn = turn(then, status, action.map(|a| a.step), opens)?;
    let (group, stage) = match (then, project.map(|j| &scenario.projects[j])) {
        (_, Some(project)) => (scenario.frame.zones[project.zone].group, project.stage),
        (Some(then), None) => (then.group, then.stage),
        (None, None) => return None,
    };
    let year = then.and_then(|t| t.year).or(action.map(|a| a.for_year)).or(opens);
    // this round no longer looks at the years that have come
    let year = year.unwrap_or(scenario.base_year + scenario.horizon.plan).max(scenario.base_year + 1);
    let was = filed.lines.iter().find(|l| (l.group, l.stage, l.year) == (group, stage, year));
    let is = now.lines.iter().find(|l| (l.area, l.stage, l.year) == (Area::Group(group), stage, year));
    Some(Turned {
        id: id.to_owned(),
        project,
        group,
        stage,
        turn,
        step: (then.and_then(|t| t.step), action.map(|a| a.step)),
        status: (then.map(|t| t.status), status),
        opens: (then.and_then(|t| t.opens), opens),
        year,
        need: (was.map(|l| l.need), is.map(|l| l.need)),
        programme: (was.map(|l| l.programme), is.map(|l| l.places.iter().sum())),
    })
}

/// What a round says of a project: the last action on it.
pub fn last_action(actions: &[Action], project: ProjectId) -> Option<&Action> {
    actions.iter().rev().find(|a| a.project == Some(project))
}

fn turn(
    then: Option<&FiledProject>,
    status: Option<Status>,
    step: Option<Step>,
    opens: Option<i32>,
) -> Option<Turn> {
    let opening = |step: Step| matches!(step, Step::Outlook | Step::Plan | Step::Secure);
    let was = then.map_or(Status::Candidate, |t| t.status);
    let asked = then.and_then(|t| t.step).filter(|step| opening(*step));
    let given_up = status.is_none_or(|s| s == Status::Cancelled) || step == Some(Step::Cancel);
    if then.and_then(|t| t.step) == Some(Step::Cancel) && !status.is_some_and(Status::in_programme) {
        return Some(Turn::Kept);
    }
    if given_up {
        return (was.in_programme() || asked.is_some()).then_some(Turn::Dropped);
    }
    let status = status?;
    if step == Some(Step::Hurry) {
        return Some(Turn::Hurried);
    }
    let done = |gate: Gate| match gate {
        Gate::Site => status.in_programme(),
        Gate::Build | Gate::Both => status.is_building() || status == Status::Open,
    };
    let waits = step.is_some_and(|s| opening(s) || s == Step::Defer);
    if let Some(gate) = then.and_then(|t| t.gate).filter(|gate| asked.is_some() && !done(*gate)) {
        // half of what was asked for may have been done: the site alone
        return Some(if waits || gate == Gate::Both && done(Gate::Site) {
            Turn::Deferred
        } else {
            Turn::Dropped
        });
    }
    match (then.and_then(|t| t.opens), opens) {
        (Some(was), Some(now)) if now < was => return Some(Turn::Hurried),
        (Some(was), Some(now)) if now > was => return Some(Turn::Deferred),
        _ => {}
    }
    if asked.is_some() {
        return Some(Turn::Kept);
    }
    if step.is_some_and(opening) || status > was {
        // work that goes on is no news
        let goes_on = was.is_building() && step.is_none();
        return (!goes_on).then_some(Turn::New);
    }
    (step == Some(Step::Defer)).then_some(Turn::Deferred)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filed(status: Status, step: Option<Step>, gate: Option<Gate>, opens: Option<i32>) -> FiledProject {
        FiledProject {
            id: "p".into(),
            group: GroupId::new(0),
            stage: StageId::new(0),
            status,
            step,
            gate,
            year: None,
            opens,
        }
    }

    #[test]
    fn every_turn_of_a_decision() {
        use Status::{Cancelled, Candidate, Committed, Open, Site, Started};
        let build = filed(Site, Some(Step::Plan), Some(Gate::Build), Some(2022));
        let site = filed(Candidate, Some(Step::Outlook), Some(Gate::Site), None);
        let idle = filed(Candidate, None, None, None);
        let under_way = filed(Committed, None, None, Some(2022));
        let back = filed(Site, Some(Step::Cancel), None, None);
        let cases = [
            // carried out, in time
            (Some(&build), Some(Committed), None, Some(2022), Some(Turn::Kept)),
            (Some(&site), Some(Site), None, None, Some(Turn::Kept)),
            // carried out, later or earlier than was said
            (Some(&build), Some(Started), None, Some(2023), Some(Turn::Deferred)),
            (Some(&build), Some(Started), None, Some(2021), Some(Turn::Hurried)),
            // not carried out: asked for again, waiting, or no longer wanted
            (Some(&build), Some(Site), Some(Step::Plan), Some(2023), Some(Turn::Deferred)),
            (Some(&build), Some(Site), Some(Step::Defer), None, Some(Turn::Deferred)),
            (Some(&build), Some(Site), None, None, Some(Turn::Dropped)),
            (Some(&site), Some(Candidate), None, None, Some(Turn::Dropped)),
            // given up
            (Some(&build), Some(Cancelled), None, None, Some(Turn::Dropped)),
            (Some(&under_way), None, None, None, Some(Turn::Dropped)),
            (Some(&under_way), Some(Site), Some(Step::Cancel), None, Some(Turn::Dropped)),
            (Some(&back), Some(Cancelled), None, None, Some(Turn::Kept)),
            (Some(&idle), None, None, None, None),
            // new
            (Some(&idle), Some(Candidate), Some(Step::Secure), Some(2021), Some(Turn::New)),
            (None, Some(Candidate), Some(Step::Outlook), None, Some(Turn::New)),
            (Some(&idle), Some(Committed), None, Some(2023), Some(Turn::New)),
            // under way: as said, hurried, and in use
            (Some(&under_way), Some(Started), None, Some(2022), None),
            (Some(&under_way), Some(Started), Some(Step::Hurry), Some(2021), Some(Turn::Hurried)),
            (Some(&under_way), Some(Open), None, Some(2022), None),
            (None, Some(Candidate), None, None, None),
        ];
        for (n, (then, status, step, opens, expected)) in cases.into_iter().enumerate() {
            assert_eq!(turn(then, status, step, opens), expected, "case {n}");
        }
    }
}
