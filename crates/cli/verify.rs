//! `seatcast verify`: is a results folder whole, and which result is it?

use seatcast::{
    Lang,
    report::{self, Differences, ResultsError, Which},
};
use serde_json::json;

use crate::{
    End,
    args::{Format, VerifyOptions},
    messages::say,
    output::say_recovered,
    print,
    streams::print_as,
};

/// Most files of a kind that are named.
const NAMED: usize = 20;

pub(crate) fn verify(options: &VerifyOptions) -> anyhow::Result<End> {
    let shared = options.shared;
    let lang = Lang::from(shared.lang);
    let Ok(verified) = report::verify(&options.dir) else {
        let (error, folder) = (ResultsError::NoRun, options.dir.display().to_string());
        say(error.code(), &folder, &error.message(lang), error.help(lang), shared, true)?;
        return Ok(End::InputWrong);
    };
    say_recovered(&verified.recovered, shared);
    let code = match verified.which {
        Some(Which::New) => "new",
        Some(Which::Old) => "old",
        None => "torn",
    };
    let differences = &verified.differences;
    match shared.format {
        Format::Text => {
            let meaning = match (verified.which, lang) {
                (Some(_), _) if differences.unknown => lang.pick(
                    "由旧版本写成，没有校验值：文件齐全，内容无从核对",
                    "written by an earlier version without sums: every file is there, their bytes cannot be checked",
                ),
                (Some(Which::New), _) => {
                    lang.pick("完整，是最后一次运行的结果", "whole, the result of the last run")
                }
                (Some(Which::Old), _) => lang.pick(
                    "完整，是中断的那次运行之前的结果",
                    "whole, the result from before the run that was interrupted",
                ),
                (None, _) => lang.pick("不完整", "not whole"),
            };
            let folder = verified.folder.display();
            print(&format!("{code}{}{folder}{}{meaning}\n", sep(lang), sep(lang)))?;
            print(&listed(differences, lang))?;
        }
        Format::Json => {
            let document = json!({
                "program": "seatcast", "format": 1, "kind": "verify", "result": code,
                "missing": differences.missing, "changed": differences.changed, "foreign": differences.foreign,
                "checked": !differences.unknown,
            });
            print_as(Format::Json, &format!("{document:#}\n"))?;
        }
    }
    Ok(if verified.which.is_some() { End::Done } else { End::InputWrong })
}

fn sep(lang: Lang) -> &'static str {
    lang.pick("：", ": ")
}

/// The files that differ, by kind.
fn listed(differences: &Differences, lang: Lang) -> String {
    let kinds = [
        (&differences.missing, lang.pick("缺少", "missing")),
        (&differences.changed, lang.pick("写出之后被改过", "changed since it was written")),
        (&differences.foreign, lang.pick("不是 seatcast 写的", "not written by seatcast")),
    ];
    let mut text = String::new();
    for (names, what) in kinds {
        for name in names.iter().take(NAMED) {
            text += &format!("  {what}{}{name}\n", sep(lang));
        }
        if names.len() > NAMED {
            let more = names.len() - NAMED;
            text += &match lang {
                Lang::Zh => format!("  {what}：另有 {more} 个\n"),
                Lang::En => format!("  {what}: {more} more\n"),
            };
        }
    }
    text
}
