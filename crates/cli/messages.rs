//! Problems on standard error, or as one JSON document on standard output.

use anyhow::Context;
use seatcast::{
    Broken, Lang, OutError, RunError,
    scenario::{
        Invalid, Problem, Severity,
        message::{self, Diagnostic},
        problem::{Fault, FigureFault},
        visible,
    },
};
use serde_json::json;

use crate::{
    End,
    args::{Format, Shared},
    output::Refusal,
    streams::{OutputLost, print_as, tell},
};

/// Says what is wrong. Notes are left to the results.
pub(crate) fn report(problems: &[Problem], shared: Shared) -> anyhow::Result<()> {
    let lang = Lang::from(shared.lang);
    let shown: Vec<Problem> = problems.iter().filter(|p| p.severity() != Severity::Note).cloned().collect();
    match shared.format {
        Format::Text => tell(&message::text(&shown, lang, usize::MAX)),
        Format::Json => {
            let wrong = shown.iter().any(|p| p.severity() == Severity::Error);
            let of = |lost: OutputLost| if wrong { lost.of_faults() } else { lost };
            print_as(Format::Json, &problems_json(&shown, lang)).map_err(of)?;
        }
    }
    Ok(())
}

/// Says the warnings of a run that goes on: in JSON they are part of the results.
pub(crate) fn warn(problems: &[Problem], shared: Shared) {
    if shared.format == Format::Text {
        let warnings: Vec<Problem> =
            problems.iter().filter(|p| p.severity() == Severity::Warning).cloned().collect();
        tell(&message::text(&warnings, Lang::from(shared.lang), 20));
    }
}

/// Says why the input cannot be used: the faults of files, and of the results folder, all at once.
pub(crate) fn refuse(invalid: &[Invalid], out: Option<&Refusal>, shared: Shared) -> anyhow::Result<()> {
    let of_folders = out.map_or(&[][..], |refusal| &refusal.invalid);
    let problems: Vec<Problem> =
        invalid.iter().chain(of_folders).flat_map(|i| i.problems.iter().cloned()).collect();
    let errors = out.map_or(&[][..], |refusal| &refusal.out);
    for (key, error) in errors {
        say_out(error, key, shared, problems.is_empty() && errors.len() == 1)?;
    }
    if !problems.is_empty() {
        report(&problems, shared)?;
    }
    Ok(())
}

/// Says why the folder named by the argument `key` cannot be written. `alone`: nothing else will be printed as JSON.
pub(crate) fn say_out(error: &OutError, key: &str, shared: Shared, alone: bool) -> anyhow::Result<()> {
    let lang = Lang::from(shared.lang);
    say(error.code(), key, &error.message(lang), error.help(lang), shared, alone)
}

/// Says one thing that a person should know and that stops nothing. Scripts that ask for JSON find it in the results.
pub(crate) fn say_warning(code: &str, key: &str, message: &str, help: &str, shared: Shared) {
    if shared.format != Format::Text {
        return;
    }
    let lang = Lang::from(shared.lang);
    tell(&format!("{} {code} {key}{}{message}\n", lang.pick("警告", "warning"), lang.pick("：", ": ")));
    if !help.is_empty() {
        tell(&format!("{}{help}\n", lang.pick("  处理：", "  fix: ")));
    }
}

/// Says one problem of an argument.
pub(crate) fn say(
    code: &str,
    key: &str,
    message: &str,
    help: &str,
    shared: Shared,
    alone: bool,
) -> anyhow::Result<()> {
    let lang = Lang::from(shared.lang);
    if shared.format == Format::Json && alone {
        let problem = json!([{ "code": code, "severity": "error", "file": null, "row": null, "column": null, "key": key,
            "message": message, "help": help }]);
        return Ok(print_as(Format::Json, &document(1, 0, &problem)).map_err(OutputLost::of_faults)?);
    }
    let (error, colon) = (lang.pick("错误", "error"), lang.pick("：", ": "));
    let message = visible::in_line(message);
    tell(&format!("{error} {code} {key}{colon}{message}\n{}{help}\n", lang.pick("  处理：", "  fix: ")));
    Ok(())
}

/// How a command ends whose work gave no result: it was stopped, or a forecast is more than can be counted; anything else
/// is an error.
pub(crate) fn without_result(error: RunError, what: &'static str, shared: Shared) -> anyhow::Result<End> {
    match error {
        RunError::Stopped => Ok(End::Stopped),
        RunError::Beyond(beyond) => {
            let fault = Fault::Figure(FigureFault::Beyond(beyond));
            report(&[Problem::of_file("rates.csv", fault)], shared)?;
            Ok(End::InputWrong)
        }
        RunError::Broken(broken) => {
            let (message, help) = broken_law(&broken, Lang::from(shared.lang));
            say("E187", broken.law.code(), &message, help, shared, true)?;
            Ok(End::OurFault)
        }
        error => Err(error).context(what),
    }
}

/// What a law that a result broke says, and what to do.
fn broken_law(broken: &Broken, lang: Lang) -> (String, &'static str) {
    let Broken { law, place, found, expected } = broken;
    let (zh, en) = law.words();
    let message = match lang {
        Lang::Zh => format!("结果不满足“{zh}”：{place} 为 {found}，应为 {expected}；未写任何结果"),
        Lang::En => format!(
            "a result breaks the law that {en}: {found} instead of {expected} at {place}; nothing was written"
        ),
    };
    let help = lang.pick(
        "这是程序的错误，不是数据的错误：请把情景和这一行发给开发者",
        "this is a fault of the program, not of your data: send the scenario and this line to its developers",
    );
    (message, help)
}

fn problems_json(problems: &[Problem], lang: Lang) -> String {
    let listed = problems.iter().filter(|p| p.unlisted().is_none());
    let listed: Vec<Diagnostic> = listed.map(|p| Diagnostic::new(p, lang)).collect();
    let counted = message::counted(problems);
    document(counted.errors, counted.errors + counted.warnings - listed.len(), &json!(listed))
}

/// The document of a command that ends without results.
fn document(errors: usize, not_listed: usize, problems: &serde_json::Value) -> String {
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

#[cfg(test)]
mod tests {
    use seatcast::Law;

    use super::*;

    #[test]
    fn a_broken_law_is_told_with_both_figures_in_both_languages() {
        let broken = Broken {
            law: Law::BalanceGap,
            place: "north primary 2027".to_owned(),
            found: 3.0,
            expected: 4.0,
        };
        for (lang, words) in [(Lang::Zh, Law::BalanceGap.words().0), (Lang::En, Law::BalanceGap.words().1)] {
            let (message, help) = broken_law(&broken, lang);
            assert!(message.contains(words) && message.contains("north primary 2027"), "{message}");
            assert!(message.contains('3') && message.contains('4') && !help.is_empty(), "{message}");
        }
    }
}
