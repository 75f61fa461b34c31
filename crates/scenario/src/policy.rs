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
    tables::{ColumnSpec, settings},
};

/// Every key.
const KEYS: [&str; 14] = [
    "name",
    "outlook",
    "plan",
    "secure",
    "plan_level",
    "secure_level",
    "outlook_level",
    "quick",
    "lasting",
    "gates_apart",
    "held",
    "budget",
    "hurries",
    "kept",
];
const SURCHARGE: &str = "hurry_surcharge";

/// Reads a policy.
///
/// # Errors
/// [`Invalid`] with every problem of the file.
pub fn read_policy(path: &Path, scenario: &Scenario, reading: &Reading) -> Result<Given<Policy>, Invalid> {
    read(path, &settings::TABLE, reading, |table, problems| {
        let mut policy = Policy { name: "own".to_owned(), ..Policy::of(scenario) };
        let mut hurry = policy.hurry.unwrap_or(Hurry { surcharge: 0.15, most: 0 });
        for row in &table.rows {
            set(&mut policy, &mut hurry, table, row, problems);
        }
        let h = policy.horizon;
        if !(h.outlook >= h.plan && h.plan >= h.secure) {
            let fault = Fault::HorizonOrder(h.outlook.into(), h.plan.into(), h.secure.into());
            problems.push(&table.file, Place::File, fault);
        }
        policy.hurry = (hurry.most > 0).then_some(hurry);
        policy
    })
}

fn set(policy: &mut Policy, hurry: &mut Hurry, table: &Table, row: &Row, problems: &mut Problems) {
    let (Some(key), Some(text)) = (row.get(settings::KEY), row.get(settings::VALUE)) else { return };
    let known = KEYS.into_iter().chain([SURCHARGE]);
    if !known.clone().any(|k| k == key) {
        let near = problems.nearest(key, known.clone());
        let fault = Fault::UnknownCode(key.to_owned(), known.map(str::to_owned).collect(), near);
        row.fault(&table.file, &settings::KEY, fault, problems);
        return;
    }
    let mut wrong = |column: &ColumnSpec, fault| row.fault(&table.file, column, fault, problems);
    let whole = |bound: Bound, wrong: &mut dyn FnMut(&ColumnSpec, Fault)| match text.parse::<f64>() {
        Ok(n) if n.fract().abs() > 0.0 => {
            wrong(&settings::VALUE, Fault::WrongType(text.to_owned(), Expected::Whole));
            None
        }
        Ok(n) if bound.contains(n) => Some(n as i32),
        Ok(_) => {
            wrong(&settings::VALUE, Fault::OutOfRange(text.to_owned(), bound));
            None
        }
        Err(_) => {
            wrong(&settings::VALUE, Fault::WrongType(text.to_owned(), Expected::Whole));
            None
        }
    };
    let number = |bound: Bound, wrong: &mut dyn FnMut(&ColumnSpec, Fault)| match text.parse::<f64>() {
        Ok(n) if bound.contains(n) => Some(n),
        Ok(_) => {
            wrong(&settings::VALUE, Fault::OutOfRange(text.to_owned(), bound));
            None
        }
        Err(_) => {
            wrong(&settings::VALUE, Fault::WrongType(text.to_owned(), Expected::Number));
            None
        }
    };
    let yes = |wrong: &mut dyn FnMut(&ColumnSpec, Fault)| match text.to_lowercase().as_str() {
        "yes" | "true" | "是" => Some(true),
        "no" | "false" | "否" => Some(false),
        _ => {
            wrong(&settings::VALUE, Fault::WrongType(text.to_owned(), Expected::YesNo));
            None
        }
    };
    let wrong: &mut dyn FnMut(&ColumnSpec, Fault) = &mut wrong;
    match key {
        "name" => text.clone_into(&mut policy.name),
        "outlook" => put(&mut policy.horizon.outlook, whole(bounds::POLICY_YEARS, wrong)),
        "plan" => put(&mut policy.horizon.plan, whole(bounds::POLICY_YEARS, wrong)),
        "secure" => put(&mut policy.horizon.secure, whole(bounds::POLICY_YEARS, wrong)),
        "plan_level" => put(&mut policy.levels.plan, number(bounds::LEVEL, wrong)),
        "secure_level" => put(&mut policy.levels.secure, number(bounds::LEVEL, wrong)),
        "outlook_level" => put(&mut policy.levels.outlook, number(bounds::LEVEL, wrong)),
        "quick" => put(&mut policy.quick, yes(wrong)),
        "lasting" => put(&mut policy.lasting, yes(wrong)),
        "gates_apart" => put(&mut policy.gates_apart, yes(wrong)),
        "held" => put(&mut policy.held, whole(bounds::HELD, wrong).map(|n| n as usize)),
        "budget" => put(&mut policy.budget, number(bounds::MONEY, wrong).map(Some)),
        "hurries" => put(&mut hurry.most, whole(bounds::HURRIES, wrong).map(|n| n as usize)),
        SURCHARGE => put(&mut hurry.surcharge, number(bounds::SURCHARGE, wrong)),
        "kept" => put(&mut policy.kept, whole(bounds::POLICY_YEARS, wrong).map(|n| n as usize)),
        // every key has been named
        _ => {}
    }
}

/// Sets what was read; what was wrong has been said.
fn put<T>(to: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *to = value;
    }
}
