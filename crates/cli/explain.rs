//! Commands that speak of the program itself: schema, explanations, completions, manual pages.

use std::{fs, path::Path};

use anyhow::Context;
use clap::CommandFactory;
use seatcast::{
    Lang,
    scenario::{explain as pages, schema as schemas},
};

use crate::{
    End,
    args::{
        Arguments, CompletionsOptions, ExplainOptions, Format, LangArg, ManOptions, SchemaOptions, Shared,
    },
    messages::say,
    print,
};

pub(crate) fn schema(options: &SchemaOptions) -> anyhow::Result<End> {
    let found = match options.table.as_deref() {
        None | Some("scenario") => Some(schemas::scenario()),
        Some("variant") => Some(schemas::variant()),
        Some(name) => schemas::table(name),
    };
    let Some(schema) = found else {
        let name = options.table.as_deref().unwrap_or_default();
        let shared = Shared { lang: options.lang, format: Format::Text };
        let names: Vec<&str> = ["scenario", "variant"].into_iter().chain(schemas::table_names()).collect();
        let (message, help) = match options.lang {
            LangArg::Zh => (format!("没有表 `{name}`"), format!("表有：{}", names.join("、"))),
            LangArg::En => {
                (format!("there is no table `{name}`"), format!("the tables are {}", names.join(", ")))
            }
        };
        say("E079", "--table", &message, &help, shared, true)?;
        return Ok(End::InputWrong);
    };
    print(&format!("{schema:#}\n"))?;
    Ok(End::Done)
}

pub(crate) fn explain(options: &ExplainOptions) -> anyhow::Result<End> {
    let lang = Lang::from(options.lang);
    let code = options.code.to_uppercase();
    if let Some(page) = pages::page(&code, lang) {
        print(&page)?;
        return Ok(End::Done);
    }
    let shared = Shared { lang: options.lang, format: Format::Text };
    let message = match lang {
        Lang::Zh => format!("没有代码 `{code}`"),
        Lang::En => format!("there is no code `{code}`"),
    };
    let help =
        lang.pick("照诊断信息中的写法，例如 E040", "write it as it stands in a message, for instance E040");
    say("E138", "CODE", &message, help, shared, true)?;
    Ok(End::InputWrong)
}

pub(crate) fn completions(options: &CompletionsOptions) -> anyhow::Result<End> {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Arguments::command(), "seatcast", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(End::Done)
}

pub(crate) fn man(options: &ManOptions) -> anyhow::Result<End> {
    fs::create_dir_all(&options.out).with_context(|| format!("{} cannot be made", options.out.display()))?;
    let command = Arguments::command();
    write(&options.out, "seatcast", command.clone())?;
    for sub in command.get_subcommands().filter(|c| c.get_name() != "help") {
        let name = format!("seatcast-{}", sub.get_name());
        write(&options.out, &name, sub.clone().name(name.clone()))?;
    }
    Ok(End::Done)
}

fn write(folder: &Path, name: &str, command: clap::Command) -> anyhow::Result<()> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    let path = folder.join(format!("{name}.1"));
    fs::write(&path, page).with_context(|| format!("{} cannot be written", path.display()))
}
