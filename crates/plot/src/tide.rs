//! The tide: a panel a stage, one under the other on the same years, so that the wave is seen to move on while the places
//! stay.
//!
//! | symbol | meaning | unit | field |
//! |---|---|---|---|
//! | D | demand with its 80 % band | places | `demand` |
//! | S | places of all buildings at central openings | places | `places` |
//! | idle, short | median of what stands idle and what is short, groups not netted | places | `idle`, `short` |
//!
//! Every panel has an axis of its own from zero: what is compared is the time of the crests, not their heights.

use crate::{
    DemandBand, PlotError,
    axis::{academic_year, every, thousands, ticks},
    canvas::{Align, Canvas, Glyphs, Point, Type, sheet},
    caption::{CONTENT, Caption, Foot, Head, MARGIN, WIDTH},
    font,
    legend::{Sample, full_point, median_line},
    palette::{ALERT, ASSUMED, BAND, BAND_EDGE, BASE, GRID, IDLE, INK, LEADER, QUIET, USED},
    text::Words,
    wrap::Paragraph,
};

const PANEL: i32 = 116;
const SMALL: i32 = 11;
const ROW: i32 = 17;
const LABEL: i32 = 150;
/// Room between the numbers of one panel and the next.
const BETWEEN: i32 = 30;
/// From the base of a panel to the middle of its first row of numbers.
const UNDER: i32 = 14;
/// Part of the room of a year that its column takes.
const COLUMN: f64 = 0.7;

/// One stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TidePanel {
    /// Name of the stage.
    pub name: String,
    /// What it comes to in words: idle and short seat-years.
    pub sums: String,
    /// Demand by year.
    pub demand: Vec<DemandBand>,
    /// Places by year.
    pub places: Vec<u64>,
    /// Idle places by year.
    pub idle: Vec<u64>,
    /// Places short by year.
    pub short: Vec<u64>,
    /// First year whose pupils rest on assumed births.
    pub assumed_from: Option<i32>,
}

impl TidePanel {
    /// Index of the year in which the median of demand is largest, the first of several.
    fn crest(&self) -> Option<usize> {
        let most = self.demand.iter().map(|d| d.median).max()?;
        self.demand.iter().position(|d| d.median == most)
    }
}

/// The data of one tide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TideFigure {
    /// Title, notice, source, language.
    pub caption: Caption,
    /// Academic years by the calendar year in which they begin.
    pub years: Vec<i32>,
    /// Last year of the run; the tide goes on after it.
    pub until: i32,
    /// Stages, lowest first.
    pub panels: Vec<TidePanel>,
}

/// Draws the tide as a self-contained SVG document.
///
/// # Errors
/// [`PlotError::NoYears`] or [`PlotError::Length`] if the figure does not hold together, [`PlotError::Font`] or
/// [`PlotError::Draw`] if the drawing fails.
pub fn tide_svg(figure: &TideFigure) -> Result<String, PlotError> {
    let years = figure.years.len();
    if years == 0 {
        return Err(PlotError::NoYears);
    }
    for panel in &figure.panels {
        for (series, found) in [
            ("demand", panel.demand.len()),
            ("places", panel.places.len()),
            ("idle", panel.idle.len()),
            ("short", panel.short.len()),
        ] {
            if found != years {
                return Err(PlotError::Length { series, found, years });
            }
        }
    }
    let lang = figure.caption.lang;
    let words = Words::of(lang);
    let head = Head::new(
        &figure.caption,
        lang.pick(
            "每个学段一格，纵轴各自从 0 起：比较的是高峰出现的年份",
            "A panel a stage, each with its own axis from zero: compare when the crests come, not how high they are",
        ),
    )?;
    let mut entries = vec![
        (Sample::Area(&USED), lang.pick("在用学位", "Places in use").to_owned()),
        (Sample::Area(&IDLE), lang.pick("闲置学位（中位数）", "Idle places, median").to_owned()),
        (Sample::Median, words.median.to_owned()),
        (Sample::Band, words.band.to_owned()),
    ];
    if figure.years.last().is_some_and(|last| *last > figure.until) {
        let end = match lang {
            seatcast_core::Lang::Zh => format!("本次预测至 {} 学年", academic_year(figure.until)),
            seatcast_core::Lang::En => format!("End of the run, {}", academic_year(figure.until)),
        };
        entries.push((Sample::Line(&LEADER), end));
    }
    if figure.panels.iter().any(|p| p.assumed_from.is_some()) {
        entries.push((Sample::Area(&ASSUMED), words.assumed.to_owned()));
    }
    let foot = Foot::new(&figure.caption, entries)?;
    let mut panels = Vec::with_capacity(figure.panels.len());
    let mut top = head.bottom() + 34;
    for panel in &figure.panels {
        let drawn = Panel::new(figure, panel, top)?;
        top = drawn.bottom() + 2 * ROW + BETWEEN;
        panels.push(drawn);
    }
    let height = top + foot.height();
    let description = description(figure);
    sheet((WIDTH as u32, height as u32), &figure.caption.about(&description), Glyphs::Embedded, |canvas| {
        head.draw(canvas)?;
        for panel in &panels {
            panel.draw(canvas)?;
        }
        foot.draw(canvas, top)
    })
}

/// The tide in words: when each stage is fullest.
fn description(figure: &TideFigure) -> String {
    let lang = figure.caption.lang;
    let told = figure.panels.iter().map(|panel| {
        let peak = panel.crest().map_or_else(String::new, |i| academic_year(figure.years[i]));
        match lang {
            seatcast_core::Lang::Zh => format!("{}：{peak} 学年需求最大；{}。", panel.name, panel.sums),
            seatcast_core::Lang::En => {
                format!("{}: demand is largest in {peak}; {}.", panel.name, panel.sums)
            }
        }
    });
    told.collect::<Vec<_>>().join(lang.pick("", " "))
}

/// A stage, measured.
struct Panel<'a> {
    figure: &'a TideFigure,
    stage: &'a TidePanel,
    name: Paragraph,
    sums: Paragraph,
    ticks: Vec<u64>,
    top: i32,
}

impl<'a> Panel<'a> {
    fn new(figure: &'a TideFigure, panel: &'a TidePanel, top: i32) -> Result<Self, PlotError> {
        let band = panel.demand.iter().map(|d| d.p90);
        let most = band.chain(panel.places.iter().copied()).max().unwrap_or(0);
        Ok(Self {
            figure,
            stage: panel,
            name: Paragraph::fit(&panel.name, LABEL - 62, &[15, 14, 13, 12], 1)?,
            sums: Paragraph::fit(&panel.sums, LABEL - 62, &[12, 11], 4)?,
            ticks: ticks(most.saturating_add(most / 20), 4),
            top,
        })
    }

    fn bottom(&self) -> i32 {
        self.top + PANEL
    }

    fn pitch(&self) -> f64 {
        f64::from(CONTENT - LABEL) / self.figure.years.len() as f64
    }

    fn x(&self, year: f64) -> i32 {
        let year = year.min(self.figure.years.len() as f64);
        MARGIN + LABEL + (self.pitch() * year).round() as i32
    }

    fn y(&self, value: u64) -> i32 {
        let highest = self.ticks.last().copied().unwrap_or(1).max(1) as f64;
        self.bottom() - (value as f64 / highest * f64::from(PANEL)).round() as i32
    }

    fn draw(&self, canvas: &Canvas<'_>) -> Result<(), PlotError> {
        let y = canvas.paragraph(&self.name, (MARGIN, self.top - 6), INK, Align::Start)?;
        canvas.paragraph(&self.sums, (MARGIN, y + 4), QUIET, Align::Start)?;
        let right = MARGIN + CONTENT;
        if let Some(from) = self.stage.assumed_from {
            let first = self.figure.years[0];
            let at = self.x(f64::from((from - first).max(0)));
            if at < right {
                canvas.block((at, self.top), (right, self.bottom()), &ASSUMED)?;
            }
        }
        for tick in &self.ticks {
            let y = self.y(*tick);
            canvas.line(vec![(MARGIN + LABEL, y), (right, y)], if *tick > 0 { &GRID } else { &BASE })?;
            let look = Type { em: SMALL, ink: INK, align: Align::End };
            canvas.text(&thousands(*tick), (MARGIN + LABEL - 8, y), look)?;
        }
        self.columns(canvas)?;
        self.demand(canvas)?;
        self.end_of_the_run(canvas)?;
        self.numbers(canvas)
    }

    fn columns(&self, canvas: &Canvas<'_>) -> Result<(), PlotError> {
        let half = ((self.pitch() * COLUMN) as i32 / 2).max(1);
        for (i, places) in self.stage.places.iter().enumerate() {
            let middle = self.x(i as f64 + 0.5);
            let used = places - self.stage.idle[i].min(*places);
            let (head, edge) = (self.y(*places), self.y(used));
            if used > 0 {
                canvas.block((middle - half, edge), (middle + half, self.bottom()), &USED)?;
            }
            if head < edge {
                canvas.block((middle - half, head), (middle + half, edge), &IDLE)?;
            }
        }
        Ok(())
    }

    fn demand(&self, canvas: &Canvas<'_>) -> Result<(), PlotError> {
        let demand = &self.stage.demand;
        let series = |value: fn(&DemandBand) -> u64| -> Vec<Point> {
            demand.iter().enumerate().map(|(i, d)| (self.x(i as f64 + 0.5), self.y(value(d)))).collect()
        };
        let (low, high) = (series(|d| d.p10), series(|d| d.p90));
        if demand.len() > 1 {
            canvas.polygon(high.iter().chain(low.iter().rev()).copied().collect(), &BAND)?;
            canvas.line(low, &BAND_EDGE)?;
            canvas.line(high.clone(), &BAND_EDGE)?;
        }
        let median = series(|d| d.median);
        if median.len() > 1 {
            median_line(canvas, &median)?;
        }
        // a demand that only falls has no crest
        if let Some(at) = self.stage.crest().filter(|i| *i > 0) {
            full_point(canvas, median[at])?;
            let year = academic_year(self.figure.years[at]);
            let text = format!("{} {year}", self.figure.caption.lang.pick("高峰", "crest"));
            // above the band, moved in where it would leave the sheet
            let half = font::width(&text, SMALL)? / 2;
            let x = median[at].0.clamp(MARGIN + LABEL + half, MARGIN + CONTENT - half);
            let look = Type { em: SMALL, ink: INK, align: Align::Middle };
            canvas.text(&text, (x, (high[at].1 - 11).max(self.top - 8)), look)?;
        }
        Ok(())
    }

    fn end_of_the_run(&self, canvas: &Canvas<'_>) -> Result<(), PlotError> {
        let ahead = self.figure.until - self.figure.years[0] + 1;
        if ahead <= 0 || ahead as usize >= self.figure.years.len() {
            return Ok(());
        }
        let x = self.x(f64::from(ahead));
        canvas.line(vec![(x, self.top - 4), (x, self.bottom())], &LEADER)
    }

    /// Years, idle and short places under the columns, every k-th if there are too many.
    fn numbers(&self, canvas: &Canvas<'_>) -> Result<(), PlotError> {
        let lang = self.figure.caption.lang;
        let rows: [(&str, Vec<String>); 3] = [
            (lang.pick("学年", "Year"), self.figure.years.iter().map(ToString::to_string).collect()),
            (lang.pick("闲置", "Idle"), self.stage.idle.iter().map(|n| thousands(*n)).collect()),
            (lang.pick("缺", "Short"), self.stage.short.iter().map(|n| thousands(*n)).collect()),
        ];
        let mut widest = 0;
        for text in rows.iter().flat_map(|(_, texts)| texts) {
            widest = widest.max(font::width(text, SMALL)?);
        }
        let step = every(widest, 4, self.pitch());
        for (row, (name, texts)) in rows.iter().enumerate() {
            let y = self.bottom() + UNDER + ROW * row as i32;
            let look = Type { em: SMALL, ink: QUIET, align: Align::End };
            canvas.text(name, (MARGIN + LABEL - 8, y), look)?;
            for (i, text) in texts.iter().enumerate().step_by(step) {
                let ink = match row {
                    0 => QUIET,
                    2 if self.stage.short[i] > 0 => ALERT,
                    _ => INK,
                };
                let look = Type { em: SMALL, ink, align: Align::Middle };
                canvas.text(text, (self.x(i as f64 + 0.5), y), look)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use seatcast_core::Lang;

    use super::*;

    fn figure(lang: Lang) -> TideFigure {
        let band = |median| DemandBand { p10: median - 20, median, p90: median + 20 };
        TideFigure {
            caption: Caption { title: "T".to_owned(), notice: String::new(), source: String::new(), lang },
            years: vec![2025, 2026, 2027, 2028],
            until: 2026,
            panels: vec![TidePanel {
                name: lang.pick("小学", "Primary").to_owned(),
                sums: lang.pick("闲置 150 学位·年", "150 seat-years idle").to_owned(),
                demand: vec![band(900), band(1_050), band(950), band(900)],
                places: vec![1_000; 4],
                idle: vec![100, 0, 50, 100],
                short: vec![0, 50, 0, 0],
                assumed_from: Some(2028),
            }],
        }
    }

    #[test]
    fn idle_places_stand_on_those_in_use_and_the_crest_is_named() {
        for lang in [Lang::Zh, Lang::En] {
            let svg = tide_svg(&figure(lang)).unwrap();
            // three years with idle places and a sample in the key
            assert_eq!(svg.matches("class=\"idle\"").count(), 4);
            assert_eq!(svg.matches("class=\"used\"").count(), 5);
            let text = font::svg_text(&svg);
            let crest = lang.pick("高峰 2026/27", "crest 2026/27");
            for part in [crest, "50", "100", "2028"] {
                assert!(text.contains(part), "{part}: {text}");
            }
            assert!(font::missing_glyphs(&text).is_empty());
        }
    }

    #[test]
    fn a_series_of_another_length_is_an_error() {
        let mut short = figure(Lang::En);
        short.panels[0].idle.pop();
        assert_eq!(tide_svg(&short).unwrap_err(), PlotError::Length { series: "idle", found: 3, years: 4 });
        short.years.clear();
        assert_eq!(tide_svg(&short).unwrap_err(), PlotError::NoYears);
    }

    #[test]
    fn what_does_not_belong_together_is_drawn_rather_than_panicking() {
        let mut odd = figure(Lang::Zh);
        odd.until = 1900;
        let panel = &mut odd.panels[0];
        panel.assumed_from = Some(i32::MAX / 2);
        (panel.places, panel.idle) = (vec![0; 4], vec![u64::MAX; 4]);
        tide_svg(&odd).unwrap();
    }
}
