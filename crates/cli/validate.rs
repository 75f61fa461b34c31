//! `seatcast validate`: everything that is wrong with a scenario.

use seatcast::Lang;

use crate::{
    End,
    args::{Format, ValidateOptions},
    choices::reading,
    messages::{refuse, report},
    print,
};

pub(crate) fn validate(options: &ValidateOptions) -> anyhow::Result<End> {
    let variant = options.variant.as_deref();
    match seatcast::load_as(&options.path, &reading(variant, options.reading)) {
        Ok(loaded) => {
            report(&loaded.problems, options.shared)?;
            if options.shared.format == Format::Text {
                let frame = &loaded.scenario.frame;
                let (zones, stages, projects) =
                    (frame.zones.len(), frame.stages.len(), loaded.scenario.projects.len());
                let lang = Lang::from(options.shared.lang);
                let last = match (loaded.scenario.has_places(), lang) {
                    (true, Lang::Zh) => format!("{projects} 个项目"),
                    (true, Lang::En) => counted(projects, "project"),
                    (false, _) => lang.pick("只预测需求", "demand alone").to_owned(),
                };
                print(&match lang {
                    Lang::Zh => format!("可以运行：{zones} 个学区，{stages} 个学段，{last}\n"),
                    Lang::En => format!(
                        "ready to run: {}, {}, {last}\n",
                        counted(zones, "zone"),
                        counted(stages, "stage")
                    ),
                })?;
            }
            Ok(End::Done)
        }
        Err(invalid) => {
            refuse(&[invalid], None, options.shared)?;
            Ok(End::InputWrong)
        }
    }
}

fn counted(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}
