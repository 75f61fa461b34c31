//! `seatcast validate`: everything that is wrong with a scenario.

use seatcast::{
    Lang,
    scenario::{
        Problem, Severity,
        message::{self, Diagnostic},
    },
};
use serde_json::json;

use crate::{
    End,
    args::{Format, Shared, ValidateOptions},
    print,
};

/// Most problems listed.
const LIMIT: usize = 1000;

pub(crate) fn validate(options: &ValidateOptions) -> anyhow::Result<End> {
    match seatcast::load(&options.path) {
        Ok(loaded) => {
            report(&loaded.problems, &options.shared)?;
            if options.shared.format == Format::Text {
                let frame = &loaded.scenario.frame;
                let (zones, stages, projects) =
                    (frame.zones.len(), frame.stages.len(), loaded.scenario.projects.len());
                print(&match Lang::from(options.shared.lang) {
                    Lang::Zh => format!("可以运行：{zones} 个学区，{stages} 个学段，{projects} 个项目\n"),
                    Lang::En => format!(
                        "ready to run: {}, {}, {}\n",
                        counted(zones, "zone"),
                        counted(stages, "stage"),
                        counted(projects, "project")
                    ),
                })?;
            }
            Ok(End::Done)
        }
        Err(invalid) => {
            report(&invalid.problems, &options.shared)?;
            Ok(End::InputWrong)
        }
    }
}

fn counted(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}

/// Says what is wrong: text on standard error, or one JSON document on standard output. Notes are left to `run.json`.
pub(crate) fn report(problems: &[Problem], shared: &Shared) -> anyhow::Result<()> {
    let lang = Lang::from(shared.lang);
    let shown: Vec<Problem> = problems.iter().filter(|p| p.severity() != Severity::Note).cloned().collect();
    match shared.format {
        Format::Text => eprint!("{}", message::text(&shown, lang, LIMIT)),
        Format::Json => print(&problems_json(&shown, lang))?,
    }
    Ok(())
}

fn problems_json(problems: &[Problem], lang: Lang) -> String {
    let listed: Vec<Diagnostic> = problems.iter().take(LIMIT).map(|p| Diagnostic::new(p, lang)).collect();
    let errors = problems.iter().filter(|p| p.severity() == Severity::Error).count();
    document(errors, problems.len() - listed.len(), &json!(listed))
}

/// The document of a command that ends without results.
pub(crate) fn document(errors: usize, not_listed: usize, problems: &serde_json::Value) -> String {
    let document = json!({
        "program": "seatcast",
        "format": 1,
        "valid": errors == 0,
        "errors": errors,
        "not_listed": not_listed,
        "problems": problems,
    });
    format!("{document:#}\n")
}
