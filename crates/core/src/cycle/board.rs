//! The 6-3-1 board: need of a target year against places, each counted once by how sure it is ([`super::view`]).

use super::view::{Footing, View};
use crate::{
    geography::Area,
    index::{GroupId, ProjectId, StageId, Table},
    scenario::Scenario,
};

/// One line of the board: a sharing group, or the sum of a district's groups, in one stage and target year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoardLine {
    /// The group or district.
    pub area: Area,
    /// Its stage.
    pub stage: StageId,
    /// Target year.
    pub year: i32,
    /// Years from the base year.
    pub lead: i32,
    /// Places needed at the level of the lead.
    pub need: i64,
    /// Places by footing, in the order of [`Footing::ALL`].
    pub places: [i64; 4],
    /// Places still missing at the level of the lead.
    pub missing: i64,
    /// Places if every candidate, decided in this round, were built too.
    pub with_candidates: i64,
}

/// The board of one round.
#[derive(Debug, Clone)]
pub struct Board {
    /// Lines of every group and district, stage and target year.
    pub lines: Vec<BoardLine>,
    footings: Table<ProjectId, Option<Footing>>,
}

impl Board {
    /// The board of what a round sees.
    pub fn new(view: &View<'_>) -> Self {
        let scenario = view.known.ground.scenario;
        let frame = &scenario.frame;
        let stages = frame.stages.ids();
        let leads = 1..=view.horizon.outlook.min(view.leads());
        let mut lines = Vec::new();
        for d in frame.districts.ids() {
            let members = frame.groups_in(Area::District(d));
            for stage in stages.clone() {
                for lead in leads.clone() {
                    let of: Vec<BoardLine> =
                        members.iter().map(|&q| line(view, scenario, q, stage, lead)).collect();
                    lines.push(BoardLine {
                        area: Area::District(d),
                        need: of.iter().map(|l| l.need).sum(),
                        places: std::array::from_fn(|i| of.iter().map(|l| l.places[i]).sum()),
                        missing: of.iter().map(|l| l.missing).sum(),
                        with_candidates: of.iter().map(|l| l.with_candidates).sum(),
                        stage,
                        lead,
                        year: view.known.year() + lead,
                    });
                }
            }
        }
        for q in frame.groups.ids() {
            for stage in stages.clone() {
                lines.extend(leads.clone().map(|lead| line(view, scenario, q, stage, lead)));
            }
        }
        Self { lines, footings: view.footings().clone() }
    }

    /// Footing of project `j`; `None` for a candidate outside the programme and for a cancelled project.
    pub fn footing(&self, j: ProjectId) -> Option<Footing> {
        self.footings[j]
    }
}

fn line(view: &View<'_>, scenario: &Scenario, q: GroupId, stage: StageId, lead: i32) -> BoardLine {
    let slot = scenario.frame.slots().at(q, stage);
    let places = view.places(slot, lead, None);
    BoardLine {
        area: Area::Group(q),
        stage,
        year: view.known.year() + lead,
        lead,
        need: view.need(slot, lead),
        places,
        missing: view.missing(slot, lead, None),
        with_candidates: places.iter().sum::<i64>() + view.candidates(slot, lead),
    }
}
