//! Filed forecasts and the accuracy ledger: what was foretold, what came, and in plain words where it leans.

use comfy_table::CellAlignment;
use seatcast_core::{
    Lang, Scenario,
    backtest::ledger::{BiasRun, Filed, Hit, LedgerLine, bias_runs, lines, quantile_names},
    forecast::Path,
    geography::Area,
};
use serde_json::json;

use crate::{
    File, Input, Note, Options, Run,
    long::{Table, area_cells, number_cell, stats_of, text_cell},
    out,
    text::{grid, results_in},
};

/// Runs of errors that are printed.
const SHOWN_RUNS: usize = 12;

/// The table of a forecast to be filed: districts and zones, by stage and grade, every year to come.
pub fn filed(run: &Run<'_>, options: Options) -> Vec<u8> {
    let (scenario, forecast) = (run.scenario, run.forecast);
    let frame = &scenario.frame;
    let mut heading = vec!["base_year", "year", "district", "zone", "stage", "grade", "pupils"];
    heading.extend(quantile_names());
    heading.push("without_overrides");
    let mut table = Table::new(options, &heading);
    let areas = (0..frame.districts.len()).map(Area::District).chain((0..frame.zones.len()).map(Area::Zone));
    let width = frame.grade_count();
    for area in areas {
        let zones = frame.zones_in(area);
        let [district, _, zone] = area_cells(frame, area);
        for stage in 0..frame.stages.len() {
            let grades = frame.grades_of(stage);
            let levels = std::iter::once((None, grades.clone())).chain(grades.map(|g| (Some(g), g..g + 1)));
            for (grade, grades) in levels {
                for (t, year) in scenario.years().enumerate().skip(1) {
                    let sum = |path: &Path| -> f64 {
                        let cells = zones.iter().flat_map(|z| {
                            path.year(t)[z * width + grades.start..z * width + grades.end].iter()
                        });
                        cells.map(|&n| f64::from(n)).sum()
                    };
                    let stats = stats_of(&forecast.central, &forecast.draws, sum);
                    let mut cells = vec![
                        scenario.base_year.to_string(),
                        year.to_string(),
                        district.clone(),
                        zone.clone(),
                        text_cell(&frame.stages[stage].id),
                        grade.map_or_else(String::new, |g| text_cell(frame.grade_id(g))),
                        number_cell(stats.central),
                    ];
                    cells.extend(stats.quantiles.map(number_cell));
                    cells.push(run.plain.map_or_else(String::new, |plain| number_cell(sum(plain))));
                    table.row(cells);
                }
            }
        }
    }
    table.finish()
}

/// The ledger of a scenario: its filed forecasts against its rolls.
#[derive(Debug, Clone, Copy)]
pub struct Accuracy<'a> {
    /// The scenario, with the rolls that are known now.
    pub scenario: &'a Scenario,
    /// Filed forecasts.
    pub filed: &'a [Filed],
    /// Figures whose roll has come.
    pub hits: &'a [Hit],
    /// Version of seatcast.
    pub version: &'a str,
    /// Files read.
    pub inputs: &'a [Input],
    /// Warnings and notes of the reader.
    pub notes: &'a [Note],
}

impl Accuracy<'_> {
    /// Every file: `accuracy.csv`, `ledger.csv`, `run.json`.
    pub fn files(&self, options: Options) -> Vec<File> {
        let mut files = vec![
            ("accuracy.csv".to_owned(), self.accuracy(options)),
            ("ledger.csv".to_owned(), self.ledger(options)),
        ];
        let names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
        files.push((out::MANIFEST.to_owned(), self.summary_json(options.lang, &names).into_bytes()));
        files
    }

    /// Errors by area, stage and lead.
    fn accuracy(&self, options: Options) -> Vec<u8> {
        let heading = [
            "district",
            "zone",
            "stage",
            "target",
            "lead",
            "n",
            "mape",
            "wape",
            "bias",
            "inside_50",
            "inside_80",
            "inside_95",
        ];
        let mut table = Table::new(options, &heading);
        for line in lines(self.hits) {
            let [district, _, zone] = area_cells(&self.scenario.frame, line.area);
            let mut cells = vec![
                district,
                zone,
                text_cell(&self.scenario.frame.stages[line.stage].id),
                target(&line).to_owned(),
                line.lead.to_string(),
                line.count.to_string(),
                number_cell(line.mape),
                number_cell(line.wape),
                number_cell(line.bias),
            ];
            cells.extend(line.inside.map(number_cell));
            table.row(cells);
        }
        table.finish()
    }

    /// Every filed figure whose roll has come.
    fn ledger(&self, options: Options) -> Vec<u8> {
        let heading = [
            "forecast",
            "base_year",
            "year",
            "lead",
            "district",
            "zone",
            "stage",
            "grade",
            "pupils",
            "without_overrides",
            "actual",
            "error",
        ];
        let mut table = Table::new(options, &heading);
        let frame = &self.scenario.frame;
        for hit in self.hits {
            let [district, _, zone] = area_cells(frame, hit.row.area);
            table.row([
                text_cell(&self.filed[hit.filed].name),
                hit.base_year.to_string(),
                hit.row.year.to_string(),
                hit.lead().to_string(),
                district,
                zone,
                text_cell(&frame.stages[hit.row.stage].id),
                hit.row.grade.map_or_else(String::new, |g| text_cell(frame.grade_id(g))),
                number_cell(hit.row.pupils),
                hit.row.plain.map_or_else(String::new, number_cell),
                number_cell(hit.actual),
                number_cell(hit.row.pupils - hit.actual),
            ]);
        }
        table.finish()
    }

    /// The table on the terminal, and where the forecasts lean.
    pub fn text(&self, lang: Lang, files: Option<&str>) -> String {
        let frame = &self.scenario.frame;
        let mut out = format!("{}\n", self.scenario.name.in_lang(lang));
        for note in self.notes.iter().filter(|n| n.code.starts_with('W')) {
            out.push_str(&format!("! {} {}\n", note.code, note.message));
        }
        let mut base_years: Vec<i32> = self.hits.iter().map(|h| h.base_year).collect();
        base_years.sort_unstable();
        base_years.dedup();
        if base_years.is_empty() {
            out.push_str(lang.pick(
                "存档的预测还没有一年可以核对：在校生数尚未更新\n",
                "no filed forecast can be checked yet: no roll of its years has come in\n",
            ));
            return out;
        }
        let shown: Vec<String> = base_years.iter().map(ToString::to_string).collect();
        out.push_str(&match lang {
            Lang::Zh => format!("{} 份存档，可核对的基年：{}\n\n", self.filed.len(), shown.join("、")),
            Lang::En => {
                let filed = self.filed.len();
                let word = if filed == 1 { "forecast" } else { "forecasts" };
                format!("{filed} filed {word}; base years that can be checked: {}\n\n", shown.join(", "))
            }
        });
        let heading = [
            "区域|area",
            "学段|stage",
            "目标|target",
            "提前|lead",
            "n|n",
            "MAPE %|MAPE %",
            "偏差 %|bias %",
            "80% 区间内|in 80 % band",
        ];
        let mut table = grid(
            heading
                .iter()
                .map(|h| h.split_once('|').map_or("", |(zh, en)| lang.pick(zh, en)).to_owned())
                .collect(),
        );
        for line in lines(self.hits).into_iter().filter(|line| matches!(line.area, Area::District(_))) {
            table.add_row(vec![
                frame.area_name(line.area).in_lang(lang).to_owned(),
                frame.stages[line.stage].name.in_lang(lang).to_owned(),
                match (line.by_grade, lang) {
                    (true, Lang::Zh) => "分年级".to_owned(),
                    (false, Lang::Zh) => "合计".to_owned(),
                    (_, Lang::En) => target(&line).to_owned(),
                },
                line.lead.to_string(),
                line.count.to_string(),
                format!("{:.1}", line.mape),
                format!("{:+.1}", line.bias),
                format!("{:.0} %", line.inside[1]),
            ]);
        }
        for column in table.column_iter_mut().skip(3) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        out.push_str(&format!("{table}\n"));
        out.push_str(lang.pick(
            "各学区见 accuracy.csv（-o）或 --format json\n",
            "zones: in accuracy.csv (-o) and in --format json\n",
        ));
        let runs = bias_runs(self.hits);
        for run in runs.iter().take(SHOWN_RUNS) {
            out.push_str(&format!("! {}\n", self.bias_words(run, lang)));
        }
        if let Some(more) = runs.len().checked_sub(SHOWN_RUNS).filter(|more| *more > 0) {
            out.push_str(&match lang {
                Lang::Zh => format!("! 另有 {more} 条，见 --format json 的 bias_warnings\n"),
                Lang::En => format!("! {more} more, under bias_warnings of --format json\n"),
            });
        }
        out.push_str(&results_in(files, lang));
        out
    }

    /// A run of errors in plain words.
    pub fn bias_words(&self, run: &BiasRun, lang: Lang) -> String {
        let frame = &self.scenario.frame;
        let area = frame.area_name(run.area);
        let stage = frame.stages[run.stage].name.in_lang(lang);
        let (low, high) = (run.range.0, run.range.1);
        let (low, high) = (format!("{low:.0}"), format!("{high:.0}"));
        let size = if low == high { format!("{low} %") } else { format!("{low}–{high} %") };
        let n = run.years.len();
        let (first, last) = (run.years[0], run.years[n - 1]);
        let grade = run.grade.map(|g| frame.grade_id(g));
        match lang {
            Lang::Zh => {
                let what = grade.map_or_else(|| stage.to_owned(), |g| format!("{stage} {g} 年级"));
                let how = if run.over { "高估" } else { "低估" };
                format!(
                    "连续 {n} 年（{first}–{last}），{}{what}提前 {} 年的预测{how} {size}",
                    area.in_lang(lang),
                    run.lead
                )
            }
            Lang::En => {
                let what = grade.map_or_else(|| stage.to_owned(), |g| format!("{stage} grade {g}"));
                let how = if run.over { "over-forecast" } else { "under-forecast" };
                let years = if run.lead == 1 { "year" } else { "years" };
                format!(
                    "{} years running ({first}-{last}), {what} in {} {how} by {size}, {} {years} ahead",
                    in_words(n),
                    area.in_lang(lang),
                    run.lead
                )
            }
        }
    }

    /// The summary as JSON.
    pub fn summary_json(&self, lang: Lang, files: &[String]) -> String {
        let frame = &self.scenario.frame;
        let lines: Vec<serde_json::Value> = lines(self.hits)
            .iter()
            .map(|line| {
                let [district, _, zone] = area_cells(frame, line.area);
                json!({
                    "district": district, "zone": zone, "stage": frame.stages[line.stage].id, "target": target(line),
                    "lead": line.lead, "n": line.count, "mape": line.mape, "wape": line.wape, "bias": line.bias,
                    "inside_50": line.inside[0], "inside_80": line.inside[1], "inside_95": line.inside[2],
                })
            })
            .collect();
        let runs: Vec<String> = bias_runs(self.hits).iter().map(|run| self.bias_words(run, lang)).collect();
        let names: Vec<&str> = self.filed.iter().map(|f| f.name.as_str()).collect();
        let document = json!({
            "program": "seatcast", "format": 1, "version": self.version, "command": "accuracy",
            "scenario": self.scenario.id, "base_year": self.scenario.base_year, "language": lang.pick("zh", "en"),
            "forecasts": names, "inputs": self.inputs, "accuracy": lines, "bias_warnings": runs,
            "notes": self.notes, "files": files,
        });
        format!("{document:#}\n")
    }
}

fn target(line: &LedgerLine) -> &'static str {
    if line.by_grade { "by_grade" } else { "total" }
}

fn in_words(n: usize) -> String {
    const WORDS: [&str; 10] =
        ["three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    n.checked_sub(3).and_then(|i| WORDS.get(i)).map_or_else(|| n.to_string(), |word| (*word).to_owned())
}
