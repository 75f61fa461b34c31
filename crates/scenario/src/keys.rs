//! The keys of `scenario.json` that hold one value: name, range, meaning, and where the value is kept, declared once. The
//! reader fills them and the schema describes them; a default is what the engine's own type begins with.

use seatcast_core::{
    balance::WarningLevels,
    bounds::{self, Bound, Member},
    cycle::Wider,
    forecast::Uncertainty,
    geography::StageDetail,
    money::MoneyRules,
    supply::Delay,
    time::{Horizon, Levels},
};
use serde_json::{Value as Json, json};

use crate::{
    document::{Assumptions, Months},
    json::{Object, Report, Value},
    problem::{Fault, Place},
};

/// A key that holds one value of `S`.
pub(crate) struct Key<S> {
    pub(crate) name: &'static str,
    pub(crate) bound: Bound,
    /// What it means, for the schema; the range says its unit.
    pub(crate) means: &'static str,
    at: At<S>,
    /// Whether it has one default, whatever else is stated.
    pub(crate) has_default: bool,
    /// Whether a note says which default was taken.
    is_noted: bool,
}

/// Where a value is kept.
enum At<S> {
    Number(fn(&mut S) -> &mut f64),
    Other(fn(&mut S) -> &mut dyn Setting),
}

/// What a value looks like in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Number,
    Whole,
    Text,
}

/// A value that a key can hold.
pub(crate) trait Setting {
    /// What it looks like.
    fn form(&self) -> Form;

    /// Takes what is stated; a fault leaves it as it was.
    fn set(&mut self, value: &Value, bound: Bound, report: &mut Report<'_>);

    /// The value, if there is one.
    fn value(&self) -> Option<Json>;
}

impl Setting for f64 {
    fn form(&self) -> Form {
        Form::Number
    }

    fn set(&mut self, value: &Value, bound: Bound, report: &mut Report<'_>) {
        *self = value.number(bound, report).unwrap_or(*self);
    }

    fn value(&self) -> Option<Json> {
        Some(json!(self))
    }
}

impl Setting for String {
    fn form(&self) -> Form {
        Form::Text
    }

    fn set(&mut self, value: &Value, _: Bound, report: &mut Report<'_>) {
        if let Some(text) = value.text(report) {
            *self = text;
        }
    }

    fn value(&self) -> Option<Json> {
        Some(json!(self))
    }
}

macro_rules! whole {
    ($($whole:ty),+) => {
        $(
            impl Setting for $whole {
                fn form(&self) -> Form {
                    Form::Whole
                }

                fn set(&mut self, value: &Value, bound: Bound, report: &mut Report<'_>) {
                    *self = value.whole(bound, report).map_or(*self, |n| n as $whole);
                }

                fn value(&self) -> Option<Json> {
                    Some(json!(self))
                }
            }

            impl Setting for Option<$whole> {
                fn form(&self) -> Form {
                    Form::Whole
                }

                fn set(&mut self, value: &Value, bound: Bound, report: &mut Report<'_>) {
                    *self = value.whole(bound, report).map(|n| n as $whole);
                }

                fn value(&self) -> Option<Json> {
                    self.map(|n| json!(n))
                }
            }
        )+
    };
}

whole!(u8, u32, i32);

impl<S> Key<S> {
    /// The value itself.
    pub(crate) fn slot<'s>(&self, of: &'s mut S) -> &'s mut dyn Setting {
        match self.at {
            At::Number(at) => at(of),
            At::Other(at) => at(of),
        }
    }
}

/// The same, with a note where the default is taken.
const fn noted<S>(key: Key<S>) -> Key<S> {
    Key { is_noted: true, ..key }
}

const fn number<S>(
    name: &'static str,
    bound: Bound,
    means: &'static str,
    at: fn(&mut S) -> &mut f64,
) -> Key<S> {
    Key { name, bound, means, at: At::Number(at), has_default: true, is_noted: false }
}

const fn other<S>(
    name: &'static str,
    bound: Bound,
    means: &'static str,
    at: fn(&mut S) -> &mut dyn Setting,
) -> Key<S> {
    Key { name, bound, means, at: At::Other(at), has_default: true, is_noted: false }
}

fn members<S>(members: &[Member<S>]) -> Vec<Key<S>> {
    members.iter().map(|m| noted(number(m.key, m.bound, m.means, m.at))).collect()
}

/// A text has no range.
const NO_RANGE: Bound = Bound { unit: "", min: 0.0, max: 0.0 };

/// Of the document itself.
pub(crate) const MONTHS: [Key<Months>; 2] = [
    noted(other("decision_month", bounds::MONTH, "month of the round", |m| &mut m.decision)),
    noted(other(
        "cutoff_month",
        bounds::MONTH,
        "children born by the end of it enter in the same autumn",
        |m| &mut m.cutoff,
    )),
];

/// Of a stage.
pub(crate) const STAGE: [Key<StageDetail>; 2] = [
    other(
        "stretch_size",
        bounds::CLASS_SIZE,
        "pupils a class may be stretched to; the class size if not given",
        |stage| &mut stage.stretch_size,
    ),
    other(
        "warned_years",
        bounds::WARNED,
        "years ahead for which early warnings are published; 3 where children enter from pools, else 1",
        |stage| &mut stage.warned_years,
    ),
];

/// Of `horizon`.
pub(crate) const HORIZON: [Key<Horizon>; 3] = [
    other("outlook", bounds::LOOK, "years looked at", |h| &mut h.outlook),
    other("plan", bounds::LOOK, "years ahead places are planned", |h| &mut h.plan),
    other("secure", bounds::LOOK, "years ahead places are secured", |h| &mut h.secure),
];

/// Of `levels`.
pub(crate) const LEVELS: [Key<Levels>; 3] = [
    noted(number("secure", bounds::LEVEL, "", |l| &mut l.secure)),
    noted(number("plan", bounds::LEVEL, "", |l| &mut l.plan)),
    noted(number("outlook", bounds::LEVEL, "", |l| &mut l.outlook)),
];

/// Of `money`.
pub(crate) const MONEY: [Key<MoneyRules>; 4] = [
    other("currency", NO_RANGE, "currency of every amount", |m| &mut m.currency),
    other("price_year", bounds::YEAR, "year whose prices the amounts are in", |m| &mut m.price_year),
    noted(number("discount_rate", bounds::DISCOUNT, "real, a year", |m| &mut m.discount_rate)),
    other("accounting_life", bounds::LIFE, "over which a building is written off that outlasts it", |m| {
        &mut m.accounting_life
    }),
];

/// Of `assumptions`.
pub(crate) const ASSUMPTIONS: [Key<Assumptions>; 1] =
    [other("reserve_per_mille", bounds::RESERVE, "reserve margin of demand", |a| &mut a.reserve_per_mille)];

/// Of `assumptions.delay.<kind>`; the default is that of the kind.
pub(crate) const DELAY: [Key<Delay>; 2] = [
    Key { has_default: false, ..number("mean", bounds::DELAY_MEAN, "", |d: &mut Delay| &mut d.mean) },
    Key { has_default: false, ..number("sd", bounds::DELAY_SD, "", |d: &mut Delay| &mut d.sd) },
];

/// Of `assumptions.warning`, over its preset.
pub(crate) const WARNING: [Key<WarningLevels>; 2] = [
    noted(number("yellow", bounds::WARNING, "", |w| &mut w.yellow)),
    noted(number("red", bounds::WARNING, "", |w| &mut w.red)),
];

/// Of `uncertainty`.
pub(crate) fn uncertainty() -> Vec<Key<Uncertainty>> {
    members(&Uncertainty::MEMBERS)
}

/// Of `breaks`.
pub(crate) fn breaks() -> Vec<Key<Wider>> {
    members(&Wider::MEMBERS)
}

/// Reads `keys` of `object` into `to`, which holds the defaults.
pub(crate) fn read<S>(keys: &[Key<S>], to: &mut S, object: &mut Object, report: &mut Report<'_>) {
    for key in keys {
        let slot = key.slot(to);
        match object.take(key.name) {
            Some(value) => slot.set(&value, key.bound, report),
            None if key.is_noted => {
                let default = slot.value().map_or_else(String::new, |value| shown(&value));
                let place = Place::Key(object.child(key.name));
                report.problems.push(report.file, place, Fault::DefaultTaken(default));
            }
            None => {}
        }
    }
}

/// A default as a message shows it: a number without a fraction without one.
fn shown(value: &Json) -> String {
    value.as_f64().map_or_else(|| value.to_string(), |number| number.to_string())
}
