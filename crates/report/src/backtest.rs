//! Results of a back-test: every forecast with what came, the accuracy table, reliability, charts, the table on the
//! terminal.

use std::ops::Range;

use comfy_table::{Table as TextTable, presets};
use seatcast_core::{
    Lang,
    backtest::{
        Plan, Row, SECURE_LEVELS, Target,
        reference::Rule,
        score::{Cell, Kind, Level, Line, Method, Reliability, accuracy, class_code, reliability},
    },
    forecast::LEVELS,
};
use seatcast_plot::{LineFigure, PlotError, line_svg, png};
use serde::Serialize;

use crate::{
    File, Input, Note, Options,
    long::{Table, number_cell, text_cell},
    out,
    text::results_in,
};

/// Code of the note on widened upper quantiles.
const WIDENED: &str = "N217";

/// A finished back-test with its names: what every table and chart is made from.
#[derive(Debug, Clone, Copy)]
pub struct BacktestRun<'a> {
    /// What was tested, in a few words.
    pub name: &'a str,
    /// Version of seatcast.
    pub version: &'a str,
    /// Academic year of year index 0.
    pub first_year: i32,
    /// Keys of the areas.
    pub areas: &'a [String],
    /// Keys of the schools, by index.
    pub schools: &'a [String],
    /// Keys of the grades, entry grade first.
    pub grades: &'a [String],
    /// Stages with their grades.
    pub stages: &'a [(String, Range<usize>)],
    /// What was scored.
    pub plan: &'a Plan,
    /// Smallest target that is scored, pupils.
    pub smallest: f64,
    /// Whether children were known.
    pub children: bool,
    /// Forecasts and what came.
    pub rows: &'a [Row],
    /// Year indices of the origins.
    pub origins: &'a [usize],
    /// Files read.
    pub inputs: &'a [Input],
    /// Warnings and notes.
    pub notes: &'a [Note],
}

impl BacktestRun<'_> {
    /// The accuracy table.
    pub fn accuracy(&self) -> Vec<Line> {
        accuracy(self.rows, self.smallest, self.children)
    }

    /// Shares above the quantiles at which places are secured.
    pub fn reliability(&self) -> Vec<Reliability> {
        reliability(self.rows, self.smallest)
    }

    /// Every file of the results.
    ///
    /// # Errors
    /// [`PlotError`] if a chart cannot be drawn.
    pub fn files(&self, options: Options) -> Result<Vec<File>, PlotError> {
        let (lines, shares) = (self.accuracy(), self.reliability());
        let plain = Options { bom: false, ..options };
        let mut files: Vec<File> = [
            ("forecasts.csv", self.forecasts(plain)),
            ("accuracy.csv", self.accuracy_table(&lines, plain)),
            ("reliability.csv", self.reliability_table(&shares, plain)),
        ]
        .map(|(name, bytes)| (name.to_owned(), marked(bytes, options.bom)))
        .into();
        let figures = if options.charts { self.figures(&lines, &shares, options.lang) } else { Vec::new() };
        for (name, figure) in figures {
            let svg = line_svg(&figure)?;
            files.push((format!("charts/{name}.png"), png(&svg, 2.0)?));
            files.push((format!("charts/{name}.svg"), svg.into_bytes()));
        }
        files.sort();
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        let json = self.json(&lines, options.lang, &names);
        files.push((out::MANIFEST.to_owned(), json.into_bytes()));
        Ok(files)
    }

    fn year(&self, t: usize) -> i32 {
        self.first_year + t as i32
    }

    fn target(&self, target: Target) -> &str {
        match target {
            Target::Grade(g) => &self.grades[g],
            Target::Stage(p) => &self.stages[p].0,
        }
    }

    fn kind(&self, kind: Kind) -> &str {
        match kind {
            Kind::Stage(p) => &self.stages[p].0,
            Kind::Grade => "grade",
            Kind::Entry => "entry",
        }
    }

    /// `forecasts.csv`: one row per area (or school) and grade, and per stage.
    fn forecasts(&self, options: Options) -> Vec<u8> {
        let mut heading = vec!["origin", "year", "lead", "area", "school", "grade", "actual", "mean"];
        heading.extend(LEVELS.iter().map(|(_, suffix)| *suffix));
        let revised = self.rows.iter().any(|row| row.hindsight.is_some());
        if revised {
            heading.extend(["method_error", "revision_error"]);
        }
        let mut table = Table::new(options, &heading);
        for row in self.rows {
            let Some(area) = row.area else { continue };
            let mut cells = vec![
                self.year(row.origin).to_string(),
                self.year(row.origin + row.lead).to_string(),
                row.lead.to_string(),
                text_cell(&self.areas[area]),
                row.school.map_or_else(String::new, |s| text_cell(&self.schools[s])),
                text_cell(self.target(row.target)),
                row.actual.map_or_else(String::new, number_cell),
                number_cell(row.forecast),
            ];
            cells.extend(row.quantiles.map(number_cell));
            if revised {
                let parts = row.hindsight.zip(row.actual);
                cells.push(parts.map_or_else(String::new, |(f, n)| number_cell(f - n)));
                cells.push(row.hindsight.map_or_else(String::new, |f| number_cell(row.forecast - f)));
            }
            table.row(cells);
        }
        table.finish()
    }

    /// `accuracy.csv`: errors in per cent, method beside method.
    fn accuracy_table(&self, lines: &[Line], options: Options) -> Vec<u8> {
        let heading = [
            "level",
            "stage",
            "lead",
            "method",
            "n",
            "mape",
            "wape",
            "bias",
            "coverage_50",
            "coverage_80",
            "coverage_95",
            "width_50",
            "width_80",
            "width_95",
            "pinball",
        ];
        let mut table = Table::new(options, &heading);
        for line in lines {
            let score = line.score;
            let mut cells = self.cell(&line.cell).to_vec();
            cells.extend([
                line.method.code().to_owned(),
                score.count.to_string(),
                number_cell(score.mape),
                number_cell(score.wape),
                number_cell(score.bias),
            ]);
            match score.bands {
                Some(bands) => {
                    cells.extend(bands.coverage.map(number_cell));
                    cells.extend(bands.width.map(number_cell));
                    cells.push(number_cell(bands.pinball));
                }
                None => cells.extend(std::iter::repeat_n(String::new(), 7)),
            }
            table.row(cells);
        }
        table.finish()
    }

    /// `reliability.csv`: share of targets above the quantiles at which places are secured.
    fn reliability_table(&self, shares: &[Reliability], options: Options) -> Vec<u8> {
        let heading =
            ["level", "stage", "lead", "size", "n", "above_q80", "above_q90", "above_q95", "above_q98"];
        let mut table = Table::new(options, &heading);
        for share in shares {
            let mut cells = self.cell(&share.cell).to_vec();
            cells.extend([share.class.map_or_else(String::new, class_code), share.count.to_string()]);
            cells.extend(share.above.map(number_cell));
            table.row(cells);
        }
        table.finish()
    }

    fn cell(&self, cell: &Cell) -> [String; 3] {
        [cell.level.code().to_owned(), text_cell(self.kind(cell.kind)), cell.lead.to_string()]
    }

    /// Level and kind of every chart, in the order of the table.
    fn subjects(lines: &[Line]) -> Vec<(Level, Kind)> {
        let mut out: Vec<(Level, Kind)> = lines.iter().map(|l| (l.cell.level, l.cell.kind)).collect();
        out.dedup();
        out
    }

    /// The data of every chart, with the name of its file.
    pub fn figures(&self, lines: &[Line], shares: &[Reliability], lang: Lang) -> Vec<(String, LineFigure)> {
        let mut out = Vec::new();
        let figure = |title: String, unit: &str, step_name: &str, steps: Vec<String>, series| LineFigure {
            title,
            unit: unit.to_owned(),
            step_name: step_name.to_owned(),
            steps,
            series,
            notice: String::new(),
            source: self.source(lang),
            lang,
        };
        for (level, kind) in Self::subjects(lines) {
            let subject = format!("{} · {}", level_word(level, lang), self.kind_word(kind, lang));
            let name = format!("{}-{}", level.code(), self.kind(kind));
            let leads: Vec<usize> = self.plan.leads.clone();
            let methods: Vec<Method> = {
                let mut methods: Vec<Method> = lines
                    .iter()
                    .filter(|l| (l.cell.level, l.cell.kind) == (level, kind))
                    .map(|l| l.method)
                    .collect();
                methods.sort_unstable();
                methods.dedup();
                methods
            };
            let mape = |method: Method, lead: usize| {
                lines
                    .iter()
                    .find(|l| l.cell == Cell { level, kind, lead } && l.method == method)
                    .map(|l| l.score.mape)
            };
            out.push((
                format!("error-{name}"),
                figure(
                    match lang {
                        Lang::Zh => format!("各预测期误差：{subject}"),
                        Lang::En => format!("Error by lead: {subject}"),
                    },
                    lang.pick("平均绝对百分比误差 MAPE（%）", "Mean absolute percentage error (MAPE), %"),
                    lang.pick("预测期（年）", "Lead, years"),
                    leads.iter().map(ToString::to_string).collect(),
                    methods
                        .iter()
                        .map(|&m| (method_word(m, lang), leads.iter().map(|&lead| mape(m, lead)).collect()))
                        .collect(),
                ),
            ));
            let above = |lead: usize| {
                shares.iter().find(|s| s.cell == Cell { level, kind, lead } && s.class.is_none())
            };
            let mut series: Vec<(String, Vec<Option<f64>>)> = vec![(
                lang.pick("应有份额", "as it should be").to_owned(),
                SECURE_LEVELS.iter().map(|l| Some(100.0 * (1.0 - l))).collect(),
            )];
            series.extend(leads.iter().filter_map(|&lead| {
                let words = match lang {
                    Lang::Zh => format!("提前 {lead} 年"),
                    Lang::En => format!("lead {lead}"),
                };
                above(lead).map(|s| (words, s.above.map(Some).to_vec()))
            }));
            out.push((
                format!("reliability-{name}"),
                figure(
                    match lang {
                        Lang::Zh => format!("可靠性：{subject}"),
                        Lang::En => format!("Reliability: {subject}"),
                    },
                    lang.pick("实际超过预测分位数的份额（%）", "Share of targets above the quantile, %"),
                    lang.pick("预测分位数", "Quantile of the forecast"),
                    SECURE_LEVELS.iter().map(|l| format!("q{:.0}", l * 100.0)).collect(),
                    series,
                ),
            ));
        }
        out
    }

    fn source(&self, lang: Lang) -> String {
        let (first, last) = match (self.origins.first(), self.origins.last()) {
            (Some(&a), Some(&b)) => (self.year(a), self.year(b)),
            _ => return self.name.to_owned(),
        };
        match lang {
            Lang::Zh => format!(
                "{}；滚动起点 {first}–{last}，{} 次抽样，种子 {}",
                self.name, self.plan.draws, self.plan.seed
            ),
            Lang::En => format!(
                "{}; rolling origins {first}-{last}, {} draws, seed {}",
                self.name, self.plan.draws, self.plan.seed
            ),
        }
    }

    fn kind_word(&self, kind: Kind, lang: Lang) -> String {
        match kind {
            Kind::Stage(p) => self.stages[p].0.clone(),
            Kind::Grade => lang.pick("分年级", "by grade").to_owned(),
            Kind::Entry => lang.pick("起始年级", "entry grade").to_owned(),
        }
    }

    /// The table on the terminal: MAPE by method and lead, coverage of the 80 % band.
    pub fn text(&self, lang: Lang, files: Option<&str>) -> String {
        let lines = self.accuracy();
        let mut out = format!("{}\n", self.source(lang));
        // warnings of the reader, and what the back-test itself had to say
        for note in self.notes.iter().filter(|n| n.code.starts_with('W') || n.code == WIDENED) {
            out.push_str(&format!("! {} {}\n", note.code, note.message));
        }
        let mut heading = vec![
            lang.pick("层级", "level").to_owned(),
            lang.pick("目标", "target").to_owned(),
            lang.pick("方法", "method").to_owned(),
        ];
        heading.extend(self.plan.leads.iter().map(|lead| match lang {
            Lang::Zh => format!("{lead} 年：MAPE %（n）"),
            Lang::En => format!("lead {lead}: MAPE % (n)"),
        }));
        let mut table = TextTable::new();
        table.load_style(presets::ASCII_MARKDOWN).set_header(heading);
        for (level, kind) in Self::subjects(&lines) {
            let mut methods: Vec<Method> = lines
                .iter()
                .filter(|l| (l.cell.level, l.cell.kind) == (level, kind))
                .map(|l| l.method)
                .collect();
            methods.sort_unstable();
            methods.dedup();
            for method in methods {
                let mut cells = vec![
                    level_word(level, lang).to_owned(),
                    self.kind_word(kind, lang),
                    method_word(method, lang),
                ];
                cells.extend(self.plan.leads.iter().map(|&lead| {
                    lines
                        .iter()
                        .find(|l| l.cell == Cell { level, kind, lead } && l.method == method)
                        .map_or_else(
                            || "-".to_owned(),
                            |l| match l.score.bands {
                                Some(b) => format!(
                                    "{:.2} ({}; {} {:.0})",
                                    l.score.mape,
                                    l.score.count,
                                    lang.pick("80% 区间覆盖", "80 % band holds"),
                                    b.coverage[1]
                                ),
                                None => format!("{:.2}", l.score.mape),
                            },
                        )
                }));
                table.add_row(cells);
            }
        }
        if lines.is_empty() {
            out.push_str(lang.pick(
                "没有可评分的目标：起点之后没有在校生数，或历史不足以让对照规则给出预测\n",
                "nothing could be scored: no roll comes after an origin, or no reference rule has years enough\n",
            ));
        } else {
            out.push_str(&format!("{table}\n"));
        }
        out.push_str(&results_in(files, lang));
        out
    }

    /// The summary as JSON: settings, inputs, accuracy.
    pub fn summary_json(&self, lang: Lang, files: &[String]) -> String {
        let names: Vec<&str> = files.iter().map(String::as_str).collect();
        self.json(&self.accuracy(), lang, &names)
    }

    fn json(&self, lines: &[Line], lang: Lang, files: &[&str]) -> String {
        let document = Document {
            program: "seatcast",
            format: 1,
            version: self.version,
            command: "backtest",
            name: self.name,
            settings: Settings {
                seed: self.plan.seed,
                draws: self.plan.draws,
                leads: &self.plan.leads,
                min_history: self.plan.min_history,
                smallest_target: self.smallest,
                language: lang.pick("zh", "en"),
                stages: self
                    .stages
                    .iter()
                    .map(|(name, grades)| StageLine { name, grades: &self.grades[grades.clone()] })
                    .collect(),
            },
            origins: self.origins.iter().map(|&t| self.year(t)).collect(),
            inputs: self.inputs,
            accuracy: lines
                .iter()
                .map(|l| AccuracyLine {
                    level: l.cell.level.code(),
                    stage: self.kind(l.cell.kind),
                    lead: l.cell.lead,
                    method: l.method.code(),
                    n: l.score.count,
                    mape: l.score.mape,
                    wape: l.score.wape,
                    bias: l.score.bias,
                    coverage_80: l.score.bands.map(|b| b.coverage[1]),
                    width_80: l.score.bands.map(|b| b.width[1]),
                })
                .collect(),
            notes: self.notes,
            files,
        };
        let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// A table with a byte-order mark where it needs one: numbers and Latin names are read right without.
fn marked(bytes: Vec<u8>, bom: bool) -> Vec<u8> {
    if bom && !bytes.is_ascii() { ["\u{feff}".as_bytes(), &bytes].concat() } else { bytes }
}

fn level_word(level: Level, lang: Lang) -> &'static str {
    match level {
        Level::All => lang.pick("全部区域合计", "all areas together"),
        Level::Area => lang.pick("区域", "areas"),
        Level::School => lang.pick("学校", "schools"),
    }
}

fn method_word(method: Method, lang: Lang) -> String {
    let words = match method {
        Method::Seatcast => "seatcast",
        Method::Hindsight => lang.pick("seatcast（按今日数据）", "seatcast, today's figures"),
        Method::Rule(Rule::LastValue) => lang.pick("上年值", "last value"),
        Method::Rule(Rule::Progression) => lang.pick("三年升级率", "grade progression"),
        Method::Rule(Rule::ProgressionBirths) => lang.pick("三年升级率加出生", "progression and births"),
        Method::Rule(Rule::LastShare) => lang.pick("上年份额 × 区域", "last share of the area"),
    };
    words.to_owned()
}

#[derive(Serialize)]
struct Document<'a> {
    /// Marks the folder as written by this program.
    program: &'static str,
    format: u32,
    version: &'a str,
    command: &'static str,
    name: &'a str,
    settings: Settings<'a>,
    origins: Vec<i32>,
    inputs: &'a [Input],
    accuracy: Vec<AccuracyLine<'a>>,
    notes: &'a [Note],
    files: &'a [&'a str],
}

#[derive(Serialize)]
struct Settings<'a> {
    seed: u64,
    draws: usize,
    leads: &'a [usize],
    min_history: usize,
    smallest_target: f64,
    language: &'a str,
    stages: Vec<StageLine<'a>>,
}

#[derive(Serialize)]
struct StageLine<'a> {
    name: &'a str,
    grades: &'a [String],
}

#[derive(Serialize)]
struct AccuracyLine<'a> {
    level: &'a str,
    stage: &'a str,
    lead: usize,
    method: &'a str,
    n: usize,
    mape: f64,
    wape: f64,
    bias: f64,
    coverage_80: Option<f64>,
    width_80: Option<f64>,
}
