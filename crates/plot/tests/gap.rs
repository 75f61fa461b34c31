//! The seat-gap chart as a reader meets it: its text, its shortages, its errors, and that nothing lies on anything else.

#![expect(clippy::unwrap_used, reason = "helpers of tests are not seen as tests by the lint")]

use seatcast_core::Lang;
use seatcast_plot::font::{BYTES, missing_glyphs, svg_text};
use seatcast_plot::{Caption, DemandBand, GapFigure, Mark, PlotError, gap_svg, gap_svg_for_page, png};
use ttf_parser::Face;

const LANGS: [Lang; 2] = [Lang::Zh, Lang::En];

fn band(median: u64) -> DemandBand {
    DemandBand { p10: median - median / 20, median, p90: median + median / 20 }
}

/// Demand 900, 1,000, 1,100; places 1,000, 1,000, 1,050: equal in the second year, 50 short in the third.
fn figure(lang: Lang) -> GapFigure {
    GapFigure {
        caption: Caption {
            title: lang.pick("莲花街道小学", "Lianhua primary schools").to_owned(),
            notice: lang.pick("低位情形", "Low case").to_owned(),
            source: lang.pick("区教育局", "education bureau").to_owned(),
            lang,
        },
        years: vec![2025, 2026, 2027],
        demand: vec![band(900), band(1_000), band(1_100)],
        layers: Some([vec![1_000, 940, 900], vec![0, 30, 70], vec![0, 20, 50], vec![0, 10, 30]]),
        candidates: Some(vec![1_000, 1_060, 1_190]),
        marks: vec![Mark { year: 2026, label: lang.pick("一年保障", "1 year: secure").to_owned() }],
        assumed_from: Some(2027),
        unmet: Some(vec![3, 12, 50]),
    }
}

/// Everything that could run out of room at once.
fn crowded(lang: Lang, years: usize) -> GapFigure {
    let long = lang.pick(
        "福田区义务教育阶段学位供给与需求展望，",
        "Outlook of places and demand in compulsory education, ",
    );
    let mark = |year| Mark { year, label: format!("{year} {long}") };
    GapFigure {
        caption: Caption { title: long.repeat(9), notice: long.repeat(5), source: long.repeat(5), lang },
        years: (2025..2025 + years as i32).collect(),
        demand: vec![band(4_000_000_000); years],
        layers: Some([vec![3_000_000_000; years], vec![7; years], vec![500_000_000; years], vec![0; years]]),
        candidates: Some(vec![3_900_000_000; years]),
        marks: (2025..2025 + years.min(6) as i32).map(mark).collect(),
        assumed_from: Some(2024 + years as i32),
        unmet: Some(vec![4_000_000_000; years]),
    }
}

/// Left, top, right and bottom edge of each text, from the widths of the whole font.
fn boxes(svg: &str) -> Vec<(f64, f64, f64, f64, String)> {
    let face = Face::parse(BYTES, 0).unwrap();
    let attribute = |element: &str, name: &str| {
        let from = element.split_once(&format!(" {name}=\"")).unwrap().1;
        from.split_once('"').unwrap().0.to_owned()
    };
    let number = |element: &str, name: &str| attribute(element, name).parse::<f64>().unwrap();
    svg.split("<text")
        .skip(1)
        .map(|element| {
            let text = svg_text(&format!("<text{element}")).trim_end().to_owned();
            let (x, y, em) = (number(element, "x"), number(element, "y"), number(element, "font-size"));
            let advance = |c| face.glyph_index(c).and_then(|g| face.glyph_hor_advance(g)).unwrap_or(1_000);
            let width = text.chars().map(advance).map(f64::from).sum::<f64>() * em / 1_000.0;
            let left = match attribute(element, "text-anchor").as_str() {
                "start" => x,
                "middle" => x - width / 2.0,
                _ => x - width,
            };
            let base = y + 0.76 * em;
            // A Chinese character reaches from 0.88 em above the base line to 0.12 em below it.
            (left, base - 0.88 * em, left + width, base + 0.12 * em, text)
        })
        .collect()
}

#[test]
fn every_character_drawn_is_in_the_font() {
    for lang in LANGS {
        let text = svg_text(&gap_svg(&figure(lang)).unwrap());
        assert!(text.lines().count() > 15, "{text}");
        assert_eq!(missing_glyphs(&text), [], "{text}");
    }
}

#[test]
fn no_text_lies_on_another_or_leaves_the_sheet() {
    for lang in LANGS {
        let mut figures = vec![figure(lang)];
        // 110 to 124 years: at some of them the last number shown would leave the sheet.
        let lengths = [1, 2, 7, 15, 16, 31].into_iter().chain(110..125);
        figures.extend(lengths.map(|years| crowded(lang, years)));
        for figure in figures {
            let svg = gap_svg(&figure).unwrap();
            let height: f64 =
                svg.split_once(" height=\"").unwrap().1.split_once('"').unwrap().0.parse().unwrap();
            let all = boxes(&svg);
            for (i, a) in all.iter().enumerate() {
                assert!(a.0 >= 0.0 && a.1 >= 0.0 && a.2 <= 1080.0 && a.3 <= height, "off the sheet: {a:?}");
                for b in &all[i + 1..] {
                    let apart = a.2 <= b.0 || b.2 <= a.0 || a.3 <= b.1 || b.3 <= a.1;
                    assert!(apart, "{} years: {a:?} lies on {b:?}", figure.years.len());
                }
            }
        }
    }
}

#[test]
fn a_shortage_is_hatched_exactly_where_the_median_exceeds_all_places() {
    let shortages = |figure: &GapFigure| gap_svg(figure).unwrap().matches("class=\"shortage\"").count();
    let mut figure = figure(Lang::En);
    // One year and its sample in the key; equality in the second year is no shortage.
    assert_eq!(shortages(&figure), 2);
    figure.demand[1] = DemandBand { p10: 990, median: 1_001, p90: 1_010 };
    assert_eq!(shortages(&figure), 3);
    figure.demand = vec![band(900), band(1_000), DemandBand { p10: 1_000, median: 1_050, p90: 2_000 }];
    assert_eq!(shortages(&figure), 0);
    assert!(!svg_text(&gap_svg(&figure).unwrap()).contains("Shortage"));
}

#[test]
fn the_row_of_differences_is_places_less_the_median() {
    let text = svg_text(&gap_svg(&figure(Lang::En)).unwrap());
    let differences: Vec<_> = text.lines().filter(|l| ["+100", "0", "-50"].contains(l)).collect();
    // The zero of the vertical axis comes first.
    assert_eq!(differences, ["0", "+100", "0", "-50"]);
}

#[test]
fn what_the_figure_does_not_have_is_not_in_the_key() {
    let mut figure = figure(Lang::En);
    figure.candidates = None;
    figure.assumed_from = Some(2028);
    figure.layers.as_mut().unwrap()[3] = vec![0; 3];
    let svg = gap_svg(&figure).unwrap();
    let text = svg_text(&svg);
    for absent in ["candidates", "assumed", "Outlook"] {
        assert!(!text.contains(absent), "{absent}");
    }
    assert!(!svg.contains("class=\"candidates\"") && text.contains("Secured places"));
}

#[test]
fn the_document_describes_itself() {
    let svg = gap_svg(&figure(Lang::En)).unwrap();
    assert!(svg.starts_with("<svg ") && svg.contains("viewBox=\"0 0 1080 ") && svg.contains("role=\"img\""));
    assert!(svg.contains("<title>Lianhua primary schools</title>"));
    assert!(svg.contains("The largest shortage is 50 places in 2027/28."));
    let svg = gap_svg(&figure(Lang::Zh)).unwrap();
    assert!(svg.contains("缺口最大为 2027/28 学年，缺 50 个学位。"));
}

#[test]
fn the_same_figure_gives_the_same_bytes() {
    for lang in LANGS {
        let (first, second) = (gap_svg(&figure(lang)).unwrap(), gap_svg(&figure(lang)).unwrap());
        assert_eq!(first, second);
        assert_eq!(png(&first, 1.0).unwrap(), png(&second, 1.0).unwrap());
    }
}

#[test]
fn a_chart_for_a_page_differs_only_by_the_font() {
    let (alone, in_page) =
        (gap_svg(&figure(Lang::Zh)).unwrap(), gap_svg_for_page(&figure(Lang::Zh)).unwrap());
    let (head, rest) = alone.split_once("<style>").unwrap();
    let (_, tail) = rest.split_once("</style>\n").unwrap();
    assert_eq!(format!("{head}{tail}"), in_page);
}

#[test]
fn markup_in_names_is_escaped_everywhere() {
    let name = "A<b>&\"'</text><script>";
    let mut figure = figure(Lang::En);
    figure.caption.title = name.to_owned();
    figure.caption.notice = name.to_owned();
    figure.caption.source = name.to_owned();
    figure.marks[0].label = name.to_owned();
    let svg = gap_svg(&figure).unwrap();
    assert!(!svg.contains("<script>") && !svg.contains("<b>"));
    assert_eq!(svg_text(&svg).matches(name).count(), 4);
    // A reader of XML accepts it.
    png(&svg, 0.5).unwrap();
}

#[test]
fn figures_that_do_not_hold_together_are_errors() {
    let draw = |change: fn(&mut GapFigure)| {
        let mut figure = figure(Lang::En);
        change(&mut figure);
        gap_svg(&figure).unwrap_err()
    };
    assert_eq!(draw(|f| f.years.clear()), PlotError::NoYears);
    assert_eq!(
        draw(|f| f.layers.as_mut().unwrap()[2].truncate(1)),
        PlotError::Length { series: "planned", found: 1, years: 3 }
    );
    assert_eq!(draw(|f| f.demand.clear()), PlotError::Length { series: "demand", found: 0, years: 3 });
    assert_eq!(
        draw(|f| f.candidates = Some(vec![1; 4])),
        PlotError::Length { series: "candidates", found: 4, years: 3 }
    );
    assert_eq!(draw(|f| f.years[2] = 2030), PlotError::YearsNotConsecutive { before: 2026, year: 2030 });
    assert_eq!(
        draw(|f| f.demand[1].p10 = 1_001),
        PlotError::BandOrder { year: 2026, p10: 1_001, median: 1_000, p90: 1_050 }
    );
    let outside = draw(|f| f.marks[0].year = 2031);
    assert_eq!(outside.to_string(), "mark “1 year: secure” is at year 2031, outside 2025 to 2027");
}

#[test]
fn extremes_are_drawn_rather_than_panicking() {
    let mut figure = figure(Lang::Zh);
    figure.layers = Some([vec![u64::MAX; 3], vec![u64::MAX; 3], vec![0; 3], vec![0; 3]]);
    figure.demand = vec![DemandBand { p10: 0, median: u64::MAX, p90: u64::MAX }; 3];
    gap_svg(&figure).unwrap();
    figure.layers = Some([vec![0; 3], vec![0; 3], vec![0; 3], vec![0; 3]]);
    figure.demand = vec![DemandBand { p10: 0, median: 0, p90: 0 }; 3];
    figure.candidates = None;
    figure.caption.title = "\u{0}\u{8}".to_owned();
    figure.marks[0].label = String::new();
    png(&gap_svg(&figure).unwrap(), 1.0).unwrap();
}

#[test]
fn without_places_demand_alone_is_drawn() {
    for lang in LANGS {
        let places = lang.pick("已有学位", "Open places");
        let full = svg_text(&gap_svg(&figure(lang)).unwrap());
        let figure = GapFigure { layers: None, candidates: None, unmet: None, ..figure(lang) };
        let svg = gap_svg(&figure).unwrap();
        let text = svg_text(&svg);
        assert!(full.contains(places) && !text.contains(places));
        for absent in [lang.pick("学位余缺", "Spare or short"), lang.pick("学位缺口", "Shortage of places")]
        {
            assert!(!text.contains(absent), "{text}");
        }
        // the medians stand below their years instead of differences
        for median in ["900", "1,000", "1,100"] {
            assert!(text.contains(median), "{text}");
        }
        assert!(missing_glyphs(&text).is_empty());
    }
}
