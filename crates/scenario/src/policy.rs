//! A policy of the planner's own: a small table (`key, value`) given on the command line. What it does not say is as the
//! scenario has it.
//!
//! | key | value |
//! |---|---|
//! | name | text |
//! | outlook, plan, secure | years ahead |
//! | plan_level, secure_level, outlook_level | probability |
//! | quick, lasting, gates_apart | yes or no |
//! | held | prefab schools held ready in the district |
//! | budget | money that may be committed a year |
//! | hurries, hurry_surcharge | builds that may be hurried a round, 0 = never; share of the capital it costs on top |
//! | kept | years for which a plan is kept before it is made anew |

use std::path::Path;

use seatcast_core::{
    Scenario,
    bounds::{self, Bound},
    cycle::{Hurry, Policy},
};

use crate::{
    Invalid, Reading,
    choices::{Given, read},
    problem::{Expected, Fault, Place, Problems},
    table::{Row, Table},
    tables::settings,
};

/// A policy as far as it is read.
struct Draft {
    policy: Policy,
    hurry: Hurry,
}

/// What the value of a key is, and where it is kept.
enum Takes {
    Text(fn(&mut Draft) -> &mut String),
    Years(Bound, fn(&mut Draft) -> &mut i32),
    Count(Bound, fn(&mut Draft) -> &mut usize),
    Number(Bound, fn(&mut Draft, f64)),
    YesNo(fn(&mut Draft) -> &mut bool),
}

/// Every key.
const KEYS: [(&str, Takes); 15] = [
    ("name", Takes::Text(|d| &mut d.policy.name)),
    ("outlook", Takes::Years(bounds::POLICY_YEARS, |d| &mut d.policy.horizon.outlook)),
    ("plan", Takes::Years(bounds::POLICY_YEARS, |d| &mut d.policy.horizon.plan)),
    ("secure", Takes::Years(bounds::POLICY_YEARS, |d| &mut d.policy.horizon.secure)),
    ("plan_level", Takes::Number(bounds::LEVEL, |d, level| d.policy.levels.plan = level)),
    ("secure_level", Takes::Number(bounds::LEVEL, |d, level| d.policy.levels.secure = level)),
    ("outlook_level", Takes::Number(bounds::LEVEL, |d, level| d.policy.levels.outlook = level)),
    ("quick", Takes::YesNo(|d| &mut d.policy.quick)),
    ("lasting", Takes::YesNo(|d| &mut d.policy.lasting)),
    ("gates_apart", Takes::YesNo(|d| &mut d.policy.gates_apart)),
    ("held", Takes::Count(bounds::HELD, |d| &mut d.policy.held)),
    ("budget", Takes::Number(bounds::MONEY, |d, money| d.policy.budget = Some(money))),
    ("hurries", Takes::Count(bounds::HURRIES, |d| &mut d.hurry.most)),
    ("kept", Takes::Count(bounds::POLICY_YEARS, |d| &mut d.policy.kept)),
    ("hurry_surcharge", Takes::Number(bounds::SURCHARGE, |d, share| d.hurry.surcharge = share)),
];

/// Reads a policy.
///
/// # Errors
/// [`Invalid`] with every problem of the file.
pub fn read_policy(path: &Path, scenario: &Scenario, reading: &Reading) -> Result<Given<Policy>, Invalid> {
    read(path, &settings::TABLE, reading, |table, problems| {
        let policy = Policy { name: "own".to_owned(), ..Policy::of(scenario) };
        let hurry = policy.hurry.unwrap_or(Hurry { surcharge: 0.15, most: 0 });
        let mut draft = Draft { policy, hurry };
        for row in &table.rows {
            set(&mut draft, table, row, problems);
        }
        let Draft { mut policy, hurry } = draft;
        let h = policy.horizon;
        if !(h.outlook >= h.plan && h.plan >= h.secure) {
            let fault = Fault::HorizonOrder(h.outlook.into(), h.plan.into(), h.secure.into());
            problems.push(&table.file, Place::File, fault);
        }
        policy.hurry = (hurry.most > 0).then_some(hurry);
        policy
    })
}

fn set(draft: &mut Draft, table: &Table, row: &Row, problems: &mut Problems) {
    let (Some(key), Some(text)) = (row.get(settings::KEY), row.get(settings::VALUE)) else { return };
    let names = || KEYS.iter().map(|(name, _)| *name);
    let Some((_, takes)) = KEYS.iter().find(|(name, _)| *name == key) else {
        let near = problems.nearest(key, names());
        let fault = Fault::UnknownCode(key.to_owned(), names().map(str::to_owned).collect(), near);
        row.fault(&table.file, &settings::KEY, fault, problems);
        return;
    };
    let taken = match takes {
        Takes::Text(at) => {
            text.clone_into(at(draft));
            Ok(())
        }
        Takes::Years(bound, at) => whole(text, *bound).map(|years| *at(draft) = years),
        Takes::Count(bound, at) => whole(text, *bound).map(|count| *at(draft) = count as usize),
        Takes::Number(bound, keep) => within(text, *bound, Expected::Number).map(|n| keep(draft, n)),
        Takes::YesNo(at) => yes(text).map(|yes| *at(draft) = yes),
    };
    if let Err(fault) = taken {
        row.fault(&table.file, &settings::VALUE, fault, problems);
    }
}

fn whole(text: &str, bound: Bound) -> Result<i32, Fault> {
    if text.parse::<f64>().is_ok_and(|n| n.fract().abs() > 0.0) {
        return Err(Fault::WrongType(text.to_owned(), Expected::Whole));
    }
    within(text, bound, Expected::Whole).map(|n| n as i32)
}

fn within(text: &str, bound: Bound, expected: Expected) -> Result<f64, Fault> {
    match text.parse::<f64>() {
        Ok(n) if bound.contains(n) => Ok(n),
        Ok(_) => Err(Fault::OutOfRange(text.to_owned(), bound)),
        Err(_) => Err(Fault::WrongType(text.to_owned(), expected)),
    }
}

fn yes(text: &str) -> Result<bool, Fault> {
    match text.to_lowercase().as_str() {
        "yes" | "true" | "是" => Ok(true),
        "no" | "false" | "否" => Ok(false),
        _ => Err(Fault::WrongType(text.to_owned(), Expected::YesNo)),
    }
}
