//! `seatcast init`: a scenario folder to start from.

use std::fs;

use seatcast::{Lang, OutFolder, scenario::tables};

use crate::{
    End,
    args::{Format, InitOptions, Shared, TemplateArg},
    messages::{say, say_out},
    print,
};

macro_rules! embedded {
    ($folder:literal: $($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../", $folder, "/", $name)))),+]
    };
}

/// A file of a template: name, text.
type Template = &'static [(&'static str, &'static str)];

/// The invented pair of districts that uses every table.
pub(crate) const TEACHING: Template = embedded!("scenarios/teaching":
    "README.md", "scenario.json", "settings.csv", "zones.csv", "rolls.csv", "children.csv", "schools.csv", "projects.csv",
    "ledger.jsonl", "housing.csv", "yields.csv", "rates.csv", "flows.csv", "admission.csv", "diversions.csv", "costs.csv",
    "payers.csv", "variants/low.json", "variants/high.json",
);

/// One zone, tables with a few rows.
pub(crate) const BLANK: Template = embedded!("crates/cli/templates/blank":
    "README.md", "scenario.json", "zones.csv", "rolls.csv", "children.csv", "schools.csv", "projects.csv", "rates.csv",
);

pub(crate) fn init(options: &InitOptions) -> anyhow::Result<End> {
    let lang = Lang::from(options.lang);
    let shared = Shared { lang: options.lang, format: Format::Text };
    let template = match options.template {
        TemplateArg::Teaching => TEACHING,
        TemplateArg::Blank => BLANK,
    };
    let place = options.dir.display().to_string();
    if fs::symlink_metadata(&options.dir).is_ok() {
        let help = lang.pick("换一个文件夹名", "name a folder that does not exist yet");
        say("E139", &place, lang.pick("已存在", "it exists"), help, shared, true)?;
        return Ok(End::InputWrong);
    }
    let files =
        template.iter().map(|(name, text)| ((*name).to_owned(), in_language(name, text, lang).into()));
    let files: Vec<_> = files.collect();
    if let Err(error) = OutFolder::open(&options.dir, None).and_then(|out| out.write(&files, Vec::new())) {
        say_out(&error, "DIR", shared, true)?;
        return Ok(End::InputWrong);
    }
    print(&match lang {
        Lang::Zh => format!(
            "已建立 {place}\n用 Excel 修改其中的表，然后：\n  seatcast validate {place} --lang zh\n  seatcast run {place} -o results --lang zh\n"
        ),
        Lang::En => format!(
            "made {place}\nedit its tables in Excel, then:\n  seatcast validate {place}\n  seatcast run {place} -o results\n"
        ),
    })?;
    Ok(End::Done)
}

/// A file as it is written: tables with a byte-order mark, so that Excel reads Chinese, and with Chinese headings for
/// those who asked for Chinese.
fn in_language(name: &str, text: &str, lang: Lang) -> String {
    let Some(table) = name.strip_suffix(".csv") else { return text.to_owned() };
    let (heading, rows) = text.split_once('\n').unwrap_or((text, ""));
    let heading = match lang {
        Lang::En => heading.to_owned(),
        Lang::Zh => {
            heading.split(',').map(|column| chinese(table, column.trim())).collect::<Vec<_>>().join(",")
        }
    };
    format!("\u{feff}{heading}\n{rows}")
}

fn chinese(table: &str, name: &str) -> String {
    let spec = tables::ALL.iter().find(|spec| spec.name == table);
    let column = spec.and_then(|spec| spec.column(name));
    column.map_or(name, |column| column.heading(Lang::Zh)).to_owned()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_teaching_template_is_the_shipped_scenario() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/teaching");
        let mut names = Vec::new();
        for entry in fs::read_dir(&folder).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            if entry.path().is_dir() {
                let inner = fs::read_dir(entry.path()).unwrap();
                names.extend(
                    inner.map(|e| format!("{name}/{}", e.unwrap().file_name().into_string().unwrap())),
                );
            } else {
                names.push(name);
            }
        }
        names.sort();
        let mut template: Vec<&str> = TEACHING.iter().map(|(name, _)| *name).collect();
        template.sort_unstable();
        assert_eq!(names, template);
    }
}
