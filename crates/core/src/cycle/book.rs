//! How far every project has come in one future under one policy, and what the next round may know of it.

use super::{
    future::Future,
    ground::{Ground, Work},
    known::{Known, Outlook, Standing},
    rule::HURRIED,
};
use crate::{
    index::{ProjectId, Table, YearOffset},
    supply::{Status, stock::BEYOND},
    time::YearMonth,
};

/// How far one project has come.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Stage {
    /// Nothing decided.
    Candidate,
    /// Site gate opened in a round, years since the base year.
    Site { since: i32 },
    /// The site is there.
    Land,
    /// Build gate opened, with the site there or both at once.
    Building { since: i32, both: bool },
    /// Under way in the base year.
    UnderWay,
    /// In use, or published to open.
    Fixed { opened: i32 },
    /// Given up before the base year.
    Cancelled,
}

/// How far every project has come.
#[derive(Debug, Clone)]
pub struct Book<'g> {
    ground: &'g Ground<'g>,
    stages: Table<ProjectId, Stage>,
    /// Years from the decision to the completion, of what is being built.
    takes: Table<ProjectId, f64>,
    hurried: Table<ProjectId, bool>,
    /// Modules held ready that are left.
    pub held: usize,
}

impl<'g> Book<'g> {
    /// As the scenario has it in the base year; `held` modules are ready.
    pub fn new(ground: &'g Ground<'g>, future: &Future, held: usize) -> Self {
        let scenario = ground.scenario;
        let round = scenario.round();
        let stage = |j: ProjectId| {
            let project = &scenario.projects[j];
            match project.status {
                Status::Cancelled => Stage::Cancelled,
                // what opens with another project, or with an estate, is under way with it
                _ if project.leader(j) != j => Stage::UnderWay,
                Status::Candidate => Stage::Candidate,
                Status::Site if project.past_site_gate(&scenario.kinds, round) => Stage::Land,
                Status::Site => Stage::Site {
                    since: project.site_decided.map_or(0, |d| (d.index() - round.index()).div_euclid(12)),
                },
                _ => project.opens.map_or(Stage::UnderWay, |opens| Stage::Fixed {
                    opened: YearMonth::first_september(opens),
                }),
            }
        };
        let stages: Table<ProjectId, Stage> = ground.works.ids().map(stage).collect();
        let takes = stages
            .ids()
            .map(|j| match stages[j] {
                Stage::UnderWay => {
                    let leader = scenario.projects[j].leader(j);
                    inverse(&ground.works[leader].laws.under_way, future.gates[leader].1)
                }
                _ => f64::INFINITY,
            })
            .collect();
        Self { ground, takes, hurried: Table::filled(stages.len(), false), stages, held }
    }

    /// What has happened by the round of year `t`: openings, and sites that are there.
    pub fn advance(&mut self, future: &Future, t: i32) {
        let base = self.ground.scenario.base_year;
        for j in self.stages.ids() {
            let work = &self.ground.works[j];
            match self.stages[j] {
                Stage::Site { since } if land(work, future.gates[j].0, since, t) => {
                    self.stages[j] = Stage::Land;
                }
                Stage::UnderWay | Stage::Building { .. } => {
                    let opened = self.opening(j);
                    if opened <= base + t {
                        self.stages[j] = Stage::Fixed { opened };
                    }
                }
                _ => {}
            }
        }
    }

    /// What the round of year `t` may know.
    pub fn known<'k>(
        &'k self,
        t: YearOffset,
        outlook: &'k Outlook,
        shift: usize,
        budget: Option<f64>,
    ) -> Known<'k> {
        let year = self.ground.scenario.year_of(t);
        let standing = |j: ProjectId| {
            let (work, t) = (&self.ground.works[j], t.index() as i32);
            let laws = &work.laws;
            let plain = Standing {
                status: Status::Candidate,
                in_programme: false,
                past_site: false,
                opened: None,
                by: &laws.both,
                past: 0,
                not_before: work.not_before.saturating_sub(year),
                hurried: self.hurried[j],
            };
            match self.stages[j] {
                Stage::Candidate => {
                    let ready = laws.land.first().is_some_and(|p| *p >= 1.0);
                    let by = if ready { &laws.build } else { &laws.both };
                    Standing { past_site: ready, by, ..plain }
                }
                Stage::Site { since } => {
                    let elapsed = (t - since).max(0) as usize;
                    let by = match elapsed {
                        0 => &laws.both,
                        e => laws.site.get(e - 1).or(laws.site.last()).unwrap_or(&laws.build),
                    };
                    Standing { status: Status::Site, in_programme: true, by, ..plain }
                }
                Stage::Land => Standing {
                    status: Status::Site,
                    in_programme: true,
                    past_site: true,
                    by: &laws.build,
                    ..plain
                },
                Stage::Building { since, both } => Standing {
                    status: Status::Started,
                    in_programme: true,
                    past_site: true,
                    by: if both { &laws.both } else { &laws.build },
                    past: (t - since) as usize,
                    ..plain
                },
                Stage::UnderWay => Standing {
                    status: Status::Started,
                    in_programme: self.ground.scenario.projects[j].status.in_programme(),
                    past_site: true,
                    by: &laws.under_way,
                    past: t as usize,
                    // the law of what is under way knows its own earliest month
                    not_before: 0,
                    ..plain
                },
                Stage::Fixed { opened } => Standing {
                    status: if opened <= year { Status::Open } else { Status::Started },
                    in_programme: true,
                    past_site: true,
                    opened: Some(opened),
                    ..plain
                },
                Stage::Cancelled => Standing { status: Status::Cancelled, by: &[], ..plain },
            }
        };
        Known {
            ground: self.ground,
            t,
            outlook,
            shift,
            standings: self.stages.ids().map(standing).collect(),
            held: self.held,
            budget,
        }
    }

    /// Opens the site gate of project `j` in the round of year `t`.
    pub fn open_site(&mut self, j: ProjectId, t: i32) {
        self.stages[j] = Stage::Site { since: t };
    }

    /// Opens the build gate of project `j` in the round of year `t`, `both` with the site gate.
    pub fn build(&mut self, j: ProjectId, t: i32, both: bool, future: &Future) {
        let laws = &self.ground.works[j].laws;
        self.takes[j] = inverse(if both { &laws.both } else { &laws.build }, future.gates[j].1);
        self.stages[j] = Stage::Building { since: t, both };
        if self.ground.is_held(j) {
            self.held = self.held.saturating_sub(1);
        }
    }

    /// Gives the site of project `j` back.
    pub fn cancel(&mut self, j: ProjectId) {
        self.stages[j] = Stage::Candidate;
    }

    /// Hurries the build of project `j` from the round of year `t` on.
    pub fn hurry(&mut self, j: ProjectId, t: i32) {
        let since = match self.stages[j] {
            Stage::Building { since, .. } => since,
            _ => 0,
        };
        let gone = f64::from(t - since);
        self.takes[j] = gone + (self.takes[j] - gone).max(0.0) * HURRIED;
        self.hurried[j] = true;
    }

    /// Academic year of the opening of project `j`; [`BEYOND`] if nothing is being built, or it takes too long.
    pub fn opening(&self, j: ProjectId) -> i32 {
        let base = self.ground.scenario.base_year;
        let work = &self.ground.works[j];
        match self.stages[j] {
            Stage::Fixed { opened } => opened,
            Stage::Building { since, .. } if self.takes[j].is_finite() => {
                (base + since + self.takes[j].ceil() as i32).max(work.not_before)
            }
            Stage::UnderWay if self.takes[j].is_finite() => base + self.takes[j].ceil() as i32,
            _ => BEYOND,
        }
    }

    /// Whether project `j` is decided: its build gate is open.
    pub fn is_decided(&self, j: ProjectId) -> bool {
        matches!(self.stages[j], Stage::Building { .. } | Stage::UnderWay | Stage::Fixed { .. })
    }

    /// Whether project `j` counts in the programme: what it takes from a stated date on is taken.
    pub fn in_programme(&self, j: ProjectId) -> bool {
        match self.stages[j] {
            Stage::Candidate | Stage::Cancelled => false,
            Stage::UnderWay => self.ground.scenario.projects[j].status.in_programme(),
            _ => true,
        }
    }
}

/// Whether the site is there in the round of year `t`, if its gate was opened `since`.
fn land(work: &Work, u: f64, since: i32, t: i32) -> bool {
    let within = |years: i32| {
        let at = (years.max(0) as usize).min(work.laws.land.len() - 1);
        work.laws.land[at]
    };
    // what was open in the base year was not passed then
    let gone = if since < 0 { within(-since) } else { 0.0 };
    gone >= 1.0 || (within(t - since) - gone) / (1.0 - gone) >= u - 1e-12
}

/// Years in which a probability by lead reaches `u`, by straight lines between the years; infinite if it never does.
pub(super) fn inverse(by: &[f64], u: f64) -> f64 {
    let Some(at) = by.iter().position(|p| *p >= u) else { return f64::INFINITY };
    if at == 0 {
        return 0.0;
    }
    let (low, high) = (by[at - 1], by[at]);
    at as f64 - 1.0 + if high > low { (u - low) / (high - low) } else { 1.0 }
}

/// The first round, years since the base year, in which the site of project `j` can be there in a future, its gate opened
/// in the base year or before; `None` where it never is.
pub(super) fn first_land(ground: &Ground<'_>, future: &Future, j: ProjectId, years: i32) -> Option<i32> {
    let scenario = ground.scenario;
    let project = &scenario.projects[j];
    let work = &ground.works[j];
    if work.laws.land.first().is_some_and(|p| *p >= 1.0)
        || project.past_site_gate(&scenario.kinds, scenario.round())
    {
        return Some(0);
    }
    let round = scenario.round();
    let since = match project.status {
        Status::Site => project.site_decided.map_or(0, |d| (d.index() - round.index()).div_euclid(12)),
        _ => 0,
    };
    (1..=years).find(|&t| land(work, future.gates[j].0, since, t))
}
