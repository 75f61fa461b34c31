//! A policy: how far is looked, planned and secured, how surely, with what, and how often.

use crate::{
    scenario::ScenarioParts,
    supply::Kind,
    time::{Horizon, Levels},
};

/// How a build under way is hurried.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hurry {
    /// Share of its capital that it costs on top.
    pub surcharge: f64,
    /// Builds that may be hurried in one round.
    pub most: usize,
}

/// What a rule goes by. Plain data.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Key in tables.
    pub name: String,
    /// How far is looked, planned, secured.
    pub horizon: Horizon,
    /// How surely.
    pub levels: Levels,
    /// Whether quick kinds (prefab, conversion, lease) are on the menu.
    pub quick: bool,
    /// Whether kinds for a need that lasts are on the menu.
    pub lasting: bool,
    /// Whether the site gate is opened ahead of the build gate; else both are opened at once, by the plan step.
    pub gates_apart: bool,
    /// Modules held ready in the district: prefab schools that may be put up wherever places are missing next September.
    pub held: usize,
    /// Hurrying; `None` = never.
    pub hurry: Option<Hurry>,
    /// Money that may be committed a year; `None` = any.
    pub budget: Option<f64>,
    /// Years for which a plan is kept before it is made anew; 1 = every year.
    pub kept: usize,
}

impl Policy {
    /// The policy that a scenario states: its horizons and levels, everything on the menu.
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

    /// The same with another name and horizon.
    #[must_use]
    pub fn looking(&self, name: &str, outlook: i32, plan: i32, secure: i32) -> Self {
        Self { name: name.to_owned(), horizon: Horizon { outlook, plan, secure }, ..self.clone() }
    }

    /// The policies that are compared unless others are asked for, the first the one in question.
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

    /// Policies that differ from the one in question in one thing, to tell what that thing is worth.
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

/// What a difference between two policies tells the worth of.
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

    /// Whether the policy in question has the thing, and the other lacks it; else the other way round.
    pub fn is_had(self) -> bool {
        self != Worth::Held
    }
}
