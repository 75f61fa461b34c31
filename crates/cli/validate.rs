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
            refuse(&[invalid], None, options.shared)?;
            Ok(End::InputWrong)
        }
    }
}

fn counted(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}
