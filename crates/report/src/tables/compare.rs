//! `comparison.csv`: runs side by side, one figure a row; totals have a blank district, stage and year.

use super::{
    Table,
    cell::{Number, Text},
    row::row,
};
use crate::{
    File, Options,
    documents::compare::{CompareDocument, CompareYear},
};

row! {
    /// One figure of one run.
    ComparisonRow<'a> {
        scenario: Text<'a> = "情景代码", "key of the scenario";
        variant: Text<'a> = "情形代码，`base` 为情景本身", "key of the variant, `base` for the scenario itself";
        programme: Text<'a> = "项目口径", "which projects count as supply";
        district: Option<Text<'a>> = "区域代码；留空为合计", "key of the district; blank is the total over them";
        stage: Option<Text<'a>> = "学段代码；留空为合计", "key of the stage; blank is the total over them";
        year: Option<i32>, Year = "学年；留空为今后各年合计", "academic year; blank is the sum over the coming years";
        measure: Text<'a> = "指标", "measure";
        value: Number = "数值", "the figure";
    }
}

pub(super) const TABLE: Table = Table::of::<ComparisonRow<'_>>(
    "comparison.csv",
    "一次运行的一个数字",
    "a figure of one of the runs compared",
);

/// The table of a comparison.
pub(crate) fn of_comparison(document: &CompareDocument, options: Options) -> File {
    TABLE.file(rows(document), options)
}

fn rows(document: &CompareDocument) -> Vec<ComparisonRow<'_>> {
    let mut rows = Vec::new();
    for run in &document.runs {
        let row = |of: Option<&'_ CompareYear>, measure: &'static str, value: f64| ComparisonRow {
            scenario: (&document.scenario.id).into(),
            variant: (&run.variant).into(),
            programme: (&run.programme).into(),
            district: of.map(|of| of.district.clone().into()),
            stage: of.map(|of| of.stage.clone().into()),
            year: of.map(|of| of.year),
            measure: measure.into(),
            value: Number(value),
        };
        if let Some(outcome) = &run.outcome {
            rows.extend([
                row(None, "mean_shortage", outcome.mean_shortage),
                row(None, "cvar95_shortage", outcome.cvar95_shortage),
                row(None, "p_all_secured", outcome.p_all_secured),
                row(None, "idle_seat_years", outcome.idle_seat_years),
                row(None, "cost", outcome.cost),
                row(None, "regret", outcome.regret),
            ]);
        }
        for year in &run.years {
            let of = |measure, value| row(Some(year), measure, value);
            rows.push(of("demand", year.demand as f64));
            if let Some(supply) = &year.supply {
                rows.extend([
                    of("places", supply.places as f64),
                    of("expected_shortage", supply.expected_shortage),
                    of("p_shortage", supply.p_shortage),
                ]);
            }
        }
    }
    rows
}
