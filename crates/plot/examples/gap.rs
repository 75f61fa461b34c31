//! Draws three seat-gap charts in both languages and writes each as SVG and PNG into a folder:
//! `cargo run -p seatcast-plot --example gap -- FOLDER`. The numbers are made up in the size of a large district.

use std::error::Error;
use std::path::{Path, PathBuf};

use seatcast_core::Lang;
use seatcast_plot::{DemandBand, GapFigure, Mark, gap_svg, png};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("."), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    for (lang, tag) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        write(&folder, &format!("shortage-{tag}"), &shortage(lang))?;
        write(&folder, &format!("surplus-{tag}"), &surplus(lang))?;
        write(&folder, &format!("long-{tag}"), &long(lang))?;
    }
    Ok(())
}

fn write(folder: &Path, name: &str, figure: &GapFigure) -> Result<(), Box<dyn Error>> {
    let svg = gap_svg(figure)?;
    std::fs::write(folder.join(name).with_extension("png"), png(&svg, 2.0)?)?;
    std::fs::write(folder.join(name).with_extension("svg"), svg)?;
    Ok(())
}

/// Demand grows faster than places: every year after the second is short.
fn shortage(lang: Lang) -> GapFigure {
    let medians = [87_110, 94_110, 102_429, 110_523, 119_010, 121_179, 121_872];
    let mark = |year, zh, en| Mark { year, label: lang.pick(zh, en).to_owned() };
    GapFigure {
        title: lang
            .pick(
                "福田区小学学位供需（2019 年编制）",
                "Futian primary schools: places and demand (as of 2019)",
            )
            .to_owned(),
        years: (2019..=2025).collect(),
        demand: bands(&medians, 1_000),
        layers: [
            vec![87_130; 7],
            vec![0, 2_430, 2_430, 2_430, 2_430, 2_430, 2_430],
            vec![0, 0, 5_715, 6_345, 6_345, 7_605, 7_605],
            vec![0; 7],
        ],
        candidates: Some(vec![87_130, 89_560, 95_275, 100_305, 105_705, 110_565, 114_165]),
        marks: vec![
            mark(2020, "一年保障", "1 year: secure"),
            mark(2022, "三年规划", "3 years: plan"),
            mark(2025, "六年研判", "6 years: outlook"),
        ],
        assumed_from: Some(2024),
        notice: lang
            .pick(
                "示例：数字为虚构。按中位数，2020 学年起学位不足。",
                "Example with made-up numbers. At the median, places are short from 2020/21.",
            )
            .to_owned(),
        source: lang
            .pick("示例数据，仅用于说明图的读法", "example data, only to show how to read the chart")
            .to_owned(),
        lang,
    }
}

/// Few pupils, enough places, nothing marked.
fn surplus(lang: Lang) -> GapFigure {
    GapFigure {
        title: lang.pick("莲花街道初中", "Lianhua sub-district, junior middle schools").to_owned(),
        years: vec![2025, 2026, 2027],
        demand: bands(&[941, 962, 930], 12),
        layers: [vec![1_050, 1_050, 1_000], vec![0, 0, 60], vec![0; 3], vec![0, 0, 45]],
        candidates: None,
        marks: Vec::new(),
        assumed_from: None,
        notice: String::new(),
        source: String::new(),
        lang,
    }
}

/// Fifteen years, marks side by side, a long title.
fn long(lang: Lang) -> GapFigure {
    let medians: Vec<u64> = (0..15_u64).map(|t| 96_000 + 3_900 * t - 330 * t * t).collect();
    let later =
        |from: usize, places: u64| (0..15).map(|t| if t >= from { places } else { 0 }).collect::<Vec<u64>>();
    let mark = |year, zh, en| Mark { year, label: lang.pick(zh, en).to_owned() };
    GapFigure {
        title: lang
            .pick(
                "深圳市福田区义务教育阶段公办与民办学校学位供给与在校生需求十五年展望（含已落实、已规划和远期储备项目，按“一年保障、三年规划、六年研判”编制）",
                "Futian District of Shenzhen, compulsory education in public and private schools: outlook of places and demand over fifteen years, with secured, planned and outlook projects",
            )
            .to_owned(),
        years: (2025..2040).collect(),
        demand: bands(&medians, 900),
        layers: [vec![93_000; 15], later(1, 3_000), later(3, 6_500), later(6, 4_200)],
        candidates: Some((0..15_u64).map(|t| 93_000 + 1_900 * t.min(9)).collect()),
        marks: vec![
            mark(2026, "一年保障（2026）", "2026: secured within 1 year"),
            mark(2028, "三年规划（2028）", "2028: planned within 3 years"),
            mark(2031, "六年研判（2031）", "2031: outlook of 6 years"),
        ],
        assumed_from: Some(2031),
        notice: lang.pick("示例：数字为虚构。", "Example with made-up numbers.").to_owned(),
        source: lang.pick("示例数据", "example data").to_owned(),
        lang,
    }
}

/// A band that widens by the same number of pupils each year.
fn bands(medians: &[u64], growth: u64) -> Vec<DemandBand> {
    let band = |(t, median): (usize, &u64)| {
        let half = growth * (t as u64 + 1);
        DemandBand { p10: median - half, median: *median, p90: median + half }
    };
    medians.iter().enumerate().map(band).collect()
}
