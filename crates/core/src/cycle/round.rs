//! One round: from what is known and a policy to decisions, each with the figures it rests on. A pure function.
//!
//! `seatcast run` calls it for this year; a closed loop calls it in every year of every future. [`Rule`] is the rule of
//! docs/model.md section 5; whoever else proposes (an optimiser) implements [`Proposer`].

use super::{known::Known, last_safe::LastSafe, policy::Policy, rule, view::View};
use crate::{
    codes,
    index::{GroupId, ProjectId, StageId},
    time::YearMonth,
};

codes! {
    /// Which of the steps a decision belongs to, in the order in which a round takes them.
    pub enum Step {
        /// Give up a site that is no longer needed, before contract.
        Cancel = "cancel", "退回用地", "cancel";
        /// Open a site gate for the years t+4..t+6.
        Outlook = "outlook", "备地", "outlook";
        /// Open a build gate for t+3.
        Plan = "plan", "规划建设", "plan";
        /// Wait another year with a site that is there.
        Defer = "defer", "暂缓", "defer";
        /// Open a build gate for t+1.
        Secure = "secure", "落实学位", "secure";
        /// Shorten a build under way, for t+1.
        Hurry = "hurry", "赶工", "hurry";
        /// Pupils of t+1 for whom no candidate is left.
        Uncovered = "uncovered", "尚无着落", "uncovered";
    }
}

codes! {
    /// A gate that an action opens.
    pub enum Gate {
        /// Land and approval.
        Site = "site", "用地", "site";
        /// Construction.
        Build = "build", "建设", "build";
        /// Both at once.
        Both = "both", "两者", "both";
    }
}

/// One decision of a round, with the figures it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// The day of the round.
    pub round: YearMonth,
    /// The sharing group.
    pub group: GroupId,
    /// The stage.
    pub stage: StageId,
    /// The project; `None` for uncovered pupils.
    pub project: Option<ProjectId>,
    /// Step of the round.
    pub step: Step,
    /// Gate to open.
    pub gate: Option<Gate>,
    /// The year it is for.
    pub for_year: i32,
    /// Until when the project may be decided; filled where a person reads it.
    pub last_safe: Option<LastSafe>,
    /// P(open by 1 September of `for_year`) if the gate is opened now.
    pub p_open: Option<f64>,
    /// Places needed in `for_year` at the level of the step.
    pub need: i64,
    /// Places that count against it before this action.
    pub supply: i64,
    /// Places missing before this action.
    pub missing: i64,
    /// Usable places the action adds in `for_year`.
    pub adds: i64,
    /// Plan: share of the draws in which supply meets demand in `for_year` before this action.
    pub p_met: Option<f64>,
}

/// Who proposes what a round decides.
pub trait Proposer: Sync {
    /// The decisions of a round, district by group and stage.
    fn propose(&self, view: &View<'_>, policy: &Policy) -> Vec<Action>;
}

/// The rule: look six, plan three, secure one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rule;

impl Proposer for Rule {
    fn propose(&self, view: &View<'_>, policy: &Policy) -> Vec<Action> {
        rule::actions(view, policy)
    }
}

/// The decisions of a round.
pub fn round(known: &Known<'_>, policy: &Policy, proposer: &dyn Proposer) -> Vec<Action> {
    proposer.propose(&View::new(known, policy.horizon, policy.levels), policy)
}
