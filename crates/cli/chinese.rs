//! The command line in Chinese: help texts, and what is said of wrong arguments.

use std::{ffi::OsString, process::ExitCode};

use clap::{
    CommandFactory,
    error::{ContextKind, ContextValue, ErrorKind},
};

use crate::args::Arguments;

/// Whether the words of the command ask for Chinese.
pub(crate) fn is_asked(words: &[OsString]) -> bool {
    let given = words.iter().map(|w| w.to_string_lossy());
    let pairs = words.iter().zip(words.iter().skip(1));
    given.into_iter().any(|w| w == "--lang=zh") || pairs.into_iter().any(|(a, b)| a == "--lang" && b == "zh")
}

/// The command, its texts in Chinese if `chinese`.
pub(crate) fn command(chinese: bool) -> clap::Command {
    let command = Arguments::command();
    if !chinese {
        return command;
    }
    let command = command.about("学位预测：在校生、学位、缺口，以及“六三一”要求今年决定的事");
    in_chinese(command)
}

/// A command and those below it.
fn in_chinese(command: clap::Command) -> clap::Command {
    let mut command = command.help_template(TEMPLATE);
    if let Some(about) = about(command.get_name()) {
        command = command.about(about);
    }
    let ids: Vec<String> = command.get_arguments().map(|a| a.get_id().to_string()).collect();
    for id in ids {
        if let Some(help) = help(&id) {
            command = command.mut_arg(id, |arg| arg.help(help));
        }
    }
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(name, in_chinese);
    }
    command
}

const TEMPLATE: &str = "{about}\n\n用法：{usage}\n\n{all-args}\n";

fn about(command: &str) -> Option<&'static str> {
    Some(match command {
        "run" => "运行情景：输出看板、表格和图",
        "backtest" => "用历史检验预测：滚动起点",
        "accuracy" => "用后来的在校生数核对存档的预测",
        "validate" => "检查情景，一次列出全部问题",
        "ledger" => "项目台账：逐条记录、开办概率、季度通报",
        "add" => "追加一条记录；已有记录从不改写",
        "show" => "各项目的现状与开办概率，或一个项目的全部记录",
        "check" => "对照项目检查台账",
        "bulletin" => "写出一个季度的通报",
        "sweep" => "对多种未来试算多个建设方案",
        "cycle" => "在多种未来中逐年试用六三一及其他规则",
        "plot" => "由运行、试算或逐年试用的结果画图",
        "init" => "新建情景文件夹",
        "schema" => "输出 scenario.json 的 JSON Schema 或一张表的 Table Schema",
        "explain" => "解释诊断代码",
        "completions" => "输出命令行补全脚本",
        "man" => "把手册页写入文件夹",
        _ => return None,
    })
}

fn help(argument: &str) -> Option<&'static str> {
    Some(match argument {
        "path" => "情景文件夹",
        "out" => "结果文件夹；若已存在且不是 seatcast 写的，则拒绝",
        "programme" => {
            "学位口径：none（仅现有学校）、committed（已决定项目）、all（含全部备选），或方案文件；多个则并列比较"
        }
        "variant" => "情景的变体；base 指情景本身；多个则并列比较",
        "seed" => "随机种子",
        "draws" => "抽样次数",
        "threads" => "线程数；0 = 每核一个",
        "rolls" => "在校生表：year,area[,school],grade,pupils；可为 gzip",
        "births" => "出生数表：year,area,births；一个区域可代表全部",
        "entry_grade" => "起始年级；不写则取在校生表的最低年级",
        "entry_lag" => "出生数的标记年到入学的年数",
        "mask_years" => "不采信的年份，例如 2020",
        "stages" => "计分的学段，例如 primary=1-6,junior=7-9；不写则全部年级合计",
        "leads" => "计分的预测期（年）",
        "min_history" => "起点至少需要的在校生年数（含起点年）",
        "min_pupils" => "计入准确度表的最小人数",
        "as_of" => "只用该月（YYYY-MM）已知的数据",
        "decision_month" => "每轮决策的月份",
        "no_charts" => "不画图",
        "file_round" => "把本轮决策存入情景的 rounds 文件夹，供明年的决策函对照",
        "file_forecast" => "把预测存入情景的 forecasts 文件夹，供 seatcast accuracy 核对",
        "no_bom" => "CSV 不带 UTF-8 BOM",
        "encoding" => "情景文件的编码：utf-8、gb18030、utf-16le、utf-16be；不写则逐个识别",
        "lang" => "文字语言",
        "format" => "输出：供人阅读的文字，或一个 JSON 文档",
        "schedules" => "试算的方案数；enumerate 时为允许的上限",
        "strategy" => "方案的产生方式；不写时，选项少则全部列举",
        "list" => "试算这些方案：含 schedule、project、decide 三列的文件",
        "budget" => "可投入的资金：含 year、amount 两列的文件；year 空白为总额",
        "improve" => "对最佳方案逐步改动一两个项目，直到不能再好",
        "pool" => "机动学位（如装配式）：每年可放在任何短缺的学区，容不下的才算缺口",
        "worst_year" => "按最差年份计缺口，而不是各年之和",
        "memory" => "可用的内存，单位 MiB；超过即不开始",
        "top" => "写出排名最前的方案数",
        "futures" => "试用规则的未来数",
        "years" => "逐年推演的年数",
        "policy" => "自定规则的表（key,value 两列）；作为第一个比较",
        "held" => "常备规则中备有的预制学校数",
        "no_grid" => "不算两个把握水平的网格",
        "run_dir" => "运行、比较、试算或逐年试用的结果文件夹",
        "chart" => "图的种类；不写则全部",
        "dir" => "新建的文件夹；不能已存在",
        "template" => "模板：教学示例，或每张表只有一行的空白模板",
        "table" => "表名；不写则为 scenario.json",
        "code" => "代码，例如 E040",
        "shell" => "命令行外壳",
        "project" => "项目；show 可写 ALL，列出全部记录",
        "author" => "记录人",
        "date" => "所记的日期 YYYY-MM-DD；不写则为今天",
        "milestone" => "当日达到的节点",
        "progress" => "截至当日的工程进度，百分数",
        "spent" => "截至当日的累计支出",
        "note" => "说明",
        "corrects" => "本条取代第几条",
        "quarter" => "季度，例如 2026Q1；不写则为最后一条所在季度",
        "help" => "显示帮助",
        "version" => "显示版本",
        _ => return None,
    })
}

/// Says what is wrong with the arguments; help and version are no fault.
pub(crate) fn usage_error(error: &clap::Error, chinese: bool) -> ExitCode {
    let fault = error.use_stderr();
    if !chinese || !fault {
        // nothing can be said of a terminal that takes nothing
        let _ = error.print();
    } else {
        eprintln!("错误：{}\n  处理：seatcast --help --lang zh 列出全部参数", words(error));
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
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => format!("{argument} 的值 `{value}` 不对"),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_and_argument_has_chinese_help() {
        let command = command(true);
        let mut seen = 0;
        let of_ledger = command.find_subcommand("ledger").unwrap().get_subcommands();
        for sub in command.get_subcommands().chain(of_ledger) {
            assert!(about(sub.get_name()).is_some(), "{}", sub.get_name());
            for argument in sub.get_arguments() {
                let id = argument.get_id().as_str();
                assert!(help(id).is_some(), "{} {id}", sub.get_name());
                seen += 1;
            }
        }
        assert!(seen > 30, "{seen}");
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
