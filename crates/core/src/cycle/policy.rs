//! A policy: how many years to look, plan and secure; at which probabilities; with which kinds; how often to plan anew.

use crate::{
    scenario::ScenarioParts,
    supply::Kind,
    time::{Horizon, Levels},
};

/// How builds under way may be hurried.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hurry {
    /// Extra cost of a hurried build, as a share of its capital.
    pub surcharge: f64,
    /// Most builds hurried in one round.
    pub most: usize,
}

/// The settings of a rule: plain data.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Name of the policy in tables.
    pub name: String,
    /// Years ahead to look, plan and secure.
    pub horizon: Horizon,
    /// Probability at which each of the three must be met.
    pub levels: Levels,
    /// Whether quick kinds (prefab, conversion, lease) are on the menu.
    pub quick: bool,
    /// Whether lasting kinds are on the menu ([`Kind::is_lasting`]: permanent, expansion, unsafe, handover).
    pub lasting: bool,
    /// Whether the site gate opens before the build gate; if not, the plan step opens both at once.
    pub gates_apart: bool,
    /// Standby prefab schools of the district: they may stand wherever places are missing next September.
    pub held: usize,
    /// How builds may be hurried; `None` = never.
    pub hurry: Option<Hurry>,
    /// Most money committed in a year; `None` = no limit.
    pub budget: Option<f64>,
    /// Years for which a plan is kept before the next one; 1 = plan every year.
    pub kept: usize,
}

impl Policy {
    /// The policy of a scenario: its horizons and levels, with every kind on the menu.
    pub fn of(parts: &ScenarioParts) -> Self {
        let h = parts.horizon;
        Self {
            name: format!("{}-{}-{}", h.outlook, h.plan, h.secure),
            horizon: h,
            levels: parts.levels,
            quick: true,
            lasting: true,
            gates_apart: true,
            held: 0,
            hurry: Some(Hurry { surcharge: 0.15, most: 2 }),
            budget: None,
            kept: 1,
        }
    }

    /// A copy with another name and other horizons.
    #[must_use]
    pub fn looking(&self, name: &str, outlook: i32, plan: i32, secure: i32) -> Self {
        Self { name: name.to_owned(), horizon: Horizon { outlook, plan, secure }, ..self.clone() }
    }

    /// The policies compared by default; the first is the one under trial.
    pub fn compared(parts: &ScenarioParts) -> Vec<Self> {
        let own = Self::of(parts);
        let named = |name: &str, policy: Self| Self { name: name.to_owned(), ..policy };
        vec![
            own.clone(),
            own.looking("1-1-1", 1, 1, 1),
            own.looking("3-2-1", 3, 2, 1),
            own.looking("6-5-1", 6, 5, 1),
            named("never-prefab", Self { quick: false, ..own.clone() }),
            named("prefab-only", Self { lasting: false, ..own.clone() }),
            named("static-5", Self { kept: 5, ..own.clone() }),
        ]
    }

    /// Policies that differ from the one under trial in one thing, to measure the worth of that thing.
    pub fn worths(parts: &ScenarioParts, held: usize) -> Vec<(Worth, Self)> {
        let own = Self::of(parts);
        let h = own.horizon;
        let plan_short = (h.plan - 1).max(h.secure);
        vec![
            (
                Worth::LastOutlookYear,
                own.looking("short-outlook", (h.outlook - 1).max(h.plan), h.plan, h.secure),
            ),
            (Worth::LastPlanYear, own.looking("short-plan", h.outlook, plan_short, h.secure)),
            (Worth::Held, Self { name: format!("held-{held}"), held, ..own.clone() }),
            (Worth::GatesApart, Self { name: "gates-together".to_owned(), gates_apart: false, ..own }),
        ]
    }

    /// Whether a kind is on the menu.
    pub fn allows(&self, kind: Kind) -> bool {
        if kind.is_lasting() { self.lasting } else { self.quick }
    }
}

/// The thing whose worth the difference of two policies measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Worth {
    /// The last year of the outlook.
    LastOutlookYear,
    /// The last year of the plan.
    LastPlanYear,
    /// Modules held ready.
    Held,
    /// Site gates opened ahead of build gates.
    GatesApart,
}

impl Worth {
    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Worth::LastOutlookYear => "last_outlook_year",
            Worth::LastPlanYear => "last_plan_year",
            Worth::Held => "held_prefab",
            Worth::GatesApart => "site_gate",
        }
    }

    /// `true` if the policy under trial has the thing and the other lacks it, `false` if it is the reverse.
    pub fn is_had(self) -> bool {
        self != Worth::Held
    }
}
