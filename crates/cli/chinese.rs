//! The command line in Chinese: help texts, and what is said of wrong arguments.

mod texts;

use std::{ffi::OsString, process::ExitCode};

use clap::{
    Arg, ArgAction, CommandFactory,
    builder::PossibleValue,
    error::{ContextKind, ContextValue, ErrorKind},
};

use crate::{args::Arguments, streams::tell};

/// Whether the words of the command ask for Chinese.
pub(crate) fn is_asked(words: &[OsString]) -> bool {
    let given = words.iter().map(|w| w.to_string_lossy());
    let pairs = words.iter().zip(words.iter().skip(1));
    given.into_iter().any(|w| w == "--lang=zh") || pairs.into_iter().any(|(a, b)| a == "--lang" && b == "zh")
}

/// The command, its texts in Chinese if `chinese`.
pub(crate) fn command(chinese: bool) -> clap::Command {
    let command = Arguments::command();
    if chinese { in_chinese(command, "", "seatcast") } else { command }
}

/// A command and those below it; `path` is how it is called.
///
/// clap writes its own English words around the texts. So headings, usage, default values and possible values are written
/// here, and the help flag, the version flag and the help command of clap are replaced or left out.
fn in_chinese(command: clap::Command, under: &str, path: &str) -> clap::Command {
    let name = command.get_name().to_owned();
    let mut command = command
        .version(env!("CARGO_PKG_VERSION"))
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help))
        .arg(Arg::new("version").short('V').long("version").action(ArgAction::Version));
    if let Some(about) = texts::about(under, &name) {
        command = command.about(about).long_about(about);
    }
    let ids: Vec<String> = command.get_arguments().map(|a| a.get_id().to_string()).collect();
    for id in ids {
        if let Some(help) = texts::help(&name, &id) {
            command = command.mut_arg(&id, |arg| with_values(arg, &id, help));
        }
    }
    let subcommands: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    for subcommand in &subcommands {
        let path = format!("{path} {subcommand}");
        command = command.mut_subcommand(subcommand, |below| in_chinese(below, &name, &path));
    }
    command = command.bin_name(path);
    let usage = command.clone().render_usage().to_string();
    let usage =
        usage.trim_start_matches("Usage: ").replace("[OPTIONS]", "[选项]").replace("<COMMAND>", "<命令>");
    let sections = [
        (!subcommands.is_empty(), "命令：\n{subcommands}"),
        (command.get_positionals().next().is_some(), "参数：\n{positionals}"),
        (true, "选项：\n{options}"),
    ];
    let sections: Vec<&str> =
        sections.into_iter().filter(|(there, _)| *there).map(|(_, text)| text).collect();
    let template = format!("{{about}}\n\n用法：{{usage}}\n\n{}\n", sections.join("\n\n"));
    command.override_usage(usage).help_template(template)
}

/// An argument with its help, its default and its possible values in Chinese.
fn with_values(arg: Arg, id: &str, help: &str) -> Arg {
    if !arg.get_action().takes_values() {
        return arg.help(help.to_owned()).long_help(help.to_owned());
    }
    let (mut short, mut long) = (help.to_owned(), help.to_owned());
    let values = arg.get_possible_values();
    let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
    if !names.is_empty() {
        short.push_str(&format!("［可选：{}］", names.join("、")));
        long.push_str("\n\n可选值：");
    }
    for name in names {
        let meaning = texts::value(id, name).map(|text| format!("：{text}")).unwrap_or_default();
        long.push_str(&format!("\n- {name}{meaning}"));
    }
    let defaults: Vec<_> = arg.get_default_values().iter().map(|v| v.to_string_lossy()).collect();
    let default = defaults.join(",");
    if !default.is_empty() {
        short.push_str(&format!("［默认：{default}］"));
        long.push_str(&format!("\n\n［默认：{default}］"));
    }
    arg.help(short).long_help(long).hide_possible_values(true).hide_default_value(true)
}

/// Says what is wrong with the arguments; help and version are no fault.
pub(crate) fn usage_error(error: &clap::Error, chinese: bool) -> ExitCode {
    let fault = error.use_stderr();
    if !chinese || !fault {
        // nothing can be said of a terminal that takes nothing
        let _ = error.print();
    } else {
        tell(&format!("错误：{}\n  处理：seatcast --help --lang zh 列出全部参数\n", words(error)));
    }
    if fault { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

fn words(error: &clap::Error) -> String {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        _ => String::new(),
    };
    let argument = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    let valid = context(ContextKind::ValidValue);
    match error.kind() {
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if value.is_empty() => {
            format!("{argument} 缺少取值")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if !valid.is_empty() => {
            format!("{argument} 的值 `{value}` 不对，允许：{valid}")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("{argument} 的值 `{value}` 不对{}", meaning(&argument))
        }
        ErrorKind::UnknownArgument => format!("没有参数 {argument}"),
        ErrorKind::InvalidSubcommand => format!("没有命令 {}", context(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingRequiredArgument => format!("缺少参数 {argument}"),
        ErrorKind::ArgumentConflict => format!("{argument} 不能与 {} 同用", context(ContextKind::PriorArg)),
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues => format!("{argument} 的取值个数不对"),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "缺少命令".to_owned()
        }
        _ => "命令行参数不对".to_owned(),
    }
}

/// What the argument `shown` (such as `--date <DATE>`) takes, in brackets; empty if it is not known.
fn meaning(shown: &str) -> String {
    let long = shown.trim_start_matches('-').split([' ', '=']).next().unwrap_or_default();
    match texts::help("", &long.replace('-', "_")) {
        Some(text) => format!("（{text}）"),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The command and all below it, each with the one above it.
    fn every_command() -> Vec<(String, clap::Command)> {
        fn walk(under: &str, command: &clap::Command, found: &mut Vec<(String, clap::Command)>) {
            found.push((under.to_owned(), command.clone()));
            for below in command.get_subcommands() {
                walk(command.get_name(), below, found);
            }
        }
        let mut root = command(true);
        root.build();
        let mut found = Vec::new();
        walk("", &root, &mut found);
        found
    }

    #[test]
    fn every_command_argument_and_value_has_chinese_help() {
        let (mut arguments, mut values) = (0, 0);
        for (under, command) in every_command() {
            let name = command.get_name();
            assert!(texts::about(&under, name).is_some(), "{under} {name}");
            for argument in command.get_arguments() {
                let id = argument.get_id().as_str();
                assert!(texts::help(name, id).is_some(), "{name} {id}");
                arguments += 1;
                for value in argument.get_possible_values() {
                    let takes = argument.get_action().takes_values() && id != "shell";
                    assert!(!takes || texts::value(id, value.get_name()).is_some(), "{name} {id} {value:?}");
                    values += usize::from(takes);
                }
            }
        }
        assert!(arguments > 100 && values > 40, "{arguments} {values}");
    }

    #[test]
    fn no_page_of_the_chinese_help_says_anything_in_english() {
        // names of things; everything else of two words or more would be a sentence
        let names = ["JSON Schema", "Table Schema", "seatcast accuracy"];
        let words = ["Usage", "Arguments", "Options", "Commands", "Possible", "possible", "default", "Print"];
        let mut pages = 0;
        for (_, mut command) in every_command() {
            for page in [command.render_help(), command.render_long_help()] {
                let page = page.to_string();
                let (head, rest) = page.split_once("用法：").unwrap_or(("", &page));
                // the usage is the command as it is typed
                let (_, rest) = rest.split_once("\n\n").unwrap_or_default();
                let plain = names.iter().fold(format!("{head}\n{rest}"), |text, name| text.replace(name, ""));
                for line in plain.lines() {
                    let line: Vec<&str> = line.split_whitespace().collect();
                    let english =
                        |word: &str| word.len() > 1 && word.chars().all(|c| c.is_ascii_alphabetic());
                    let two = line.windows(2).find(|pair| pair.iter().all(|word| english(word)));
                    let known = words.iter().find(|word| line.iter().any(|w| w.contains(**word)));
                    assert!(two.is_none() && known.is_none(), "{}: {line:?}", command.get_name());
                }
                assert!(rest.contains("选项：") && rest.contains("显示帮助"), "{page}");
                pages += 1;
            }
        }
        assert!(pages > 30, "{pages}");
    }

    #[test]
    fn chinese_is_asked_for_in_both_spellings() {
        let words = |w: &[&str]| w.iter().map(OsString::from).collect::<Vec<_>>();
        assert!(
            is_asked(&words(&["seatcast", "run", "--lang", "zh"])) && is_asked(&words(&["x", "--lang=zh"]))
        );
        assert!(!is_asked(&words(&["seatcast", "run", "zh", "--lang", "en"])));
    }
}
