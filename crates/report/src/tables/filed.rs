//! The table of a forecast to be filed: districts and zones, by stage and grade, every year to come.

use seatcast_core::{demand::cohort::pupils_in, forecast::Path, geography::Area, index::Ids};

use super::{
    Table,
    cell::{Number, Text},
    csv::bytes,
    keys::Quantiles,
    row::row,
};
use crate::{
    Options, Run,
    stats::{keys_of, stats_of},
};

row! {
    /// One figure of a filed forecast.
    FiledRow<'a> {
        base_year: i32, Year = "基年", "academic year of the last known roll";
        year: i32, Year = "学年", "academic year";
        district: Text<'a> = "区域代码", "key of the district";
        zone: Option<Text<'a>> = "学区代码；留空为区域合计", "key of the zone; blank is the district";
        stage: Text<'a> = "学段代码", "key of the stage";
        grade: Option<Text<'a>> = "年级；留空为学段合计", "key of the grade; blank is the stage";
        pupils: Number, Pupils = "在校生，中心路径", "pupils, on the central path";
        quantiles: Quantiles, Pupils;
        without_overrides: Option<Number>, Pupils = "不计人工调整的在校生", "the same as if nobody had entered an override";
    }
}

pub(super) const TABLE: Table =
    Table::of::<FiledRow<'_>>("forecasts/*.csv", "存档预测的一个数字", "a figure of a filed forecast");

/// The table of a forecast to be filed.
pub fn filed(run: &Run<'_>, options: Options) -> Vec<u8> {
    bytes(rows(run), options)
}

fn rows<'a>(run: &'a Run<'_>) -> Vec<FiledRow<'a>> {
    let (scenario, forecast) = (run.scenario, &run.forecast);
    let frame = &scenario.frame;
    let areas = frame.districts.ids().map(Area::District).chain(frame.zones.ids().map(Area::Zone));
    let mut rows = Vec::new();
    for area in areas {
        let zones = frame.zones_in(area);
        let [district, _, zone] = keys_of(frame, area);
        for stage in frame.stages.ids() {
            let grades = frame.grades_of(stage);
            let levels =
                std::iter::once((None, grades.clone())).chain(grades.map(|g| (Some(g), Ids::one(g))));
            for (grade, grades) in levels {
                for (t, year) in scenario.calendar().skip(1) {
                    let sum = |path: &Path| pupils_in(path.year(t), &zones, &grades) as f64;
                    let stats = stats_of(&forecast.central, &forecast.draws, sum);
                    rows.push(FiledRow {
                        base_year: scenario.base_year,
                        year,
                        district: district.unwrap_or_default().into(),
                        zone: zone.map(Text::from),
                        stage: (&frame.stages[stage].id).into(),
                        grade: grade.map(|g| frame.grade_id(g).into()),
                        pupils: Number(stats.central),
                        quantiles: Quantiles::of(&stats),
                        without_overrides: run.plain.as_ref().map(|plain| Number(sum(plain))),
                    });
                }
            }
        }
    }
    rows
}
