//! The embedded font: which characters it has, how wide text is, and the small part of it that an SVG carries along.
//!
//! The font is `font/seatcast-sans-sc.otf` (SIL Open Font License; `font/README.md` says where it is from). Its vertical
//! metrics add up to 1.24 em because plotters writes `font-size = size / 1.24`: only then do measured and drawn text agree.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use allsorts::binary::read::ReadScope;
use allsorts::font::read_cmap_subtable;
use allsorts::font_data::FontData;
use allsorts::subset::{CmapTarget, SubsetProfile, subset};
use allsorts::tables::FontTableProvider;
use allsorts::tables::cmap::Cmap;
use allsorts::tag;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};

use crate::PlotError;

/// Family name of the embedded font, in the font itself, in SVG and in plotters.
pub const FAMILY: &str = "Seatcast Sans SC";

/// The embedded OpenType font.
pub const BYTES: &[u8] = include_bytes!("../font/seatcast-sans-sc.otf");

/// Size of one em in plotters' unit of text size.
pub(crate) const SIZE_OF_EM: f64 = 1.24;

/// Design units of one em; advances are exact whole numbers at this size.
const UNITS: i32 = 1000;

/// The characters of `text` that the embedded font lacks, each once, in order of appearance.
///
/// Such a character stays in an SVG as text (a browser looks for it in the machine's fonts) but is blank in a PNG.
/// Control characters are not counted: they are never drawn.
///
/// ```
/// assert!(seatcast_plot::font::missing_glyphs("福田区 Futian 87,110").is_empty());
/// assert_eq!(seatcast_plot::font::missing_glyphs("😀福😀"), ['😀']);
/// ```
pub fn missing_glyphs(text: &str) -> Vec<char> {
    let known = glyphs();
    let mut seen = BTreeSet::new();
    text.chars().filter(|c| !c.is_control() && !known.contains_key(c) && seen.insert(*c)).collect()
}

/// An OpenType font with only the glyphs of `text`, and a Unicode character map as browsers demand.
///
/// Characters the embedded font lacks are left out. The same set of characters gives the same bytes.
///
/// # Errors
/// [`PlotError::Font`] if the embedded font cannot be read or cut down.
pub fn subset_for(text: &str) -> Result<Vec<u8>, PlotError> {
    // Glyph 0 is what a browser draws for an unknown character; every font must begin with it.
    let mut wanted = BTreeSet::from([0]);
    wanted.extend(text.chars().filter_map(|c| glyphs().get(&c).copied()));
    let wanted: Vec<u16> = wanted.into_iter().collect();
    let data = ReadScope::new(BYTES).read::<FontData<'_>>().map_err(font_error)?;
    let provider = data.table_provider(0).map_err(font_error)?;
    subset(&provider, &wanted, &SubsetProfile::Minimal, CmapTarget::Unicode).map_err(font_error)
}

/// A CSS `@font-face` rule that carries the glyphs of `text` inside itself.
///
/// For a page that shows several charts: collect their text with [`svg_text`], put one rule in the page, and draw with
/// the `_for_page` functions.
///
/// # Errors
/// [`PlotError::Font`] if the embedded font cannot be read or cut down.
pub fn font_face_css(text: &str) -> Result<String, PlotError> {
    let data = STANDARD.encode(subset_for(text)?);
    Ok(format!(
        "@font-face{{font-family:'{FAMILY}';src:url(data:font/otf;base64,{data}) format('opentype')}}"
    ))
}

/// The text shown by an SVG of this crate: the contents of its `<text>` elements, one a line.
pub fn svg_text(svg: &str) -> String {
    let mut out = String::new();
    for element in svg.split("<text").skip(1) {
        let inner = element.split_once('>').and_then(|(_, rest)| rest.split_once("</text>"));
        if let Some((inner, _)) = inner {
            out.push_str(&unescape(inner.trim()));
            out.push('\n');
        }
    }
    out
}

/// Makes the embedded font known to plotters, once for the whole process.
pub(crate) fn register() -> Result<(), PlotError> {
    static REGISTERED: OnceLock<bool> = OnceLock::new();
    let done = REGISTERED.get_or_init(|| register_font(FAMILY, FontStyle::Normal, BYTES).is_ok());
    if *done { Ok(()) } else { Err(PlotError::Font { reason: "not an OpenType font".to_owned() }) }
}

/// The embedded font at `em` pixels, as plotters wants it. [`register`] must have been called.
pub(crate) fn at(em: i32) -> FontDesc<'static> {
    FontDesc::new(FontFamily::Name(FAMILY), f64::from(em) * SIZE_OF_EM, FontStyle::Normal)
}

/// Width of `text` in thousandths of an em. Widths of parts add up to the width of the whole.
pub(crate) fn advance(text: &str) -> Result<i32, PlotError> {
    register()?;
    let ((left, _), (right, _)) = at(UNITS).layout_box(text).map_err(font_error)?;
    Ok(right - left)
}

/// Width of `text` in pixels at `em` pixels, rounded up so that what is measured to fit does fit.
pub(crate) fn width(text: &str, em: i32) -> Result<i32, PlotError> {
    Ok((advance(text)? * em + UNITS - 1) / UNITS)
}

/// Glyph of each character of the embedded font; empty if the font could not be read, which the tests rule out.
fn glyphs() -> &'static BTreeMap<char, u16> {
    static GLYPHS: OnceLock<BTreeMap<char, u16>> = OnceLock::new();
    GLYPHS.get_or_init(|| read_glyphs().unwrap_or_default())
}

fn read_glyphs() -> Result<BTreeMap<char, u16>, PlotError> {
    let data = ReadScope::new(BYTES).read::<FontData<'_>>().map_err(font_error)?;
    let provider = data.table_provider(0).map_err(font_error)?;
    let cmap = provider.read_table_data(tag::CMAP).map_err(font_error)?;
    let cmap = ReadScope::new(&cmap).read::<Cmap<'_>>().map_err(font_error)?;
    let mut glyphs = BTreeMap::new();
    if let Some((_, table)) = read_cmap_subtable(&cmap).map_err(font_error)? {
        table
            .mappings_fn(|code, glyph| {
                if let Some(c) = char::from_u32(code).filter(|_| glyph != 0) {
                    glyphs.insert(c, glyph);
                }
            })
            .map_err(font_error)?;
    }
    Ok(glyphs)
}

/// Undoes the five escapes of XML; the ampersand last, so that `&amp;lt;` becomes `&lt;`.
fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

fn font_error(error: impl std::fmt::Display) -> PlotError {
    PlotError::Font { reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ttf_parser::Face;

    #[test]
    fn the_character_map_is_the_one_ttf_parser_reads() {
        let face = Face::parse(BYTES, 0).unwrap();
        assert!(glyphs().len() > 4_000);
        for (c, glyph) in glyphs() {
            assert_eq!(face.glyph_index(*c).map(|g| g.0), Some(*glyph), "{c}");
        }
    }

    #[test]
    fn vertical_metrics_are_what_plotters_assumes() {
        let face = Face::parse(BYTES, 0).unwrap();
        assert_eq!(face.units_per_em(), 1000);
        let height = f64::from(face.ascender() - face.descender()) / 1000.0;
        assert!((height - SIZE_OF_EM).abs() < 1e-12, "{height}");
    }

    #[test]
    fn the_family_name_is_ours() {
        let face = Face::parse(BYTES, 0).unwrap();
        let names: Vec<_> =
            face.names().into_iter().filter(|n| n.name_id == 1).filter_map(|n| n.to_string()).collect();
        assert_eq!(names, [FAMILY]);
    }

    #[test]
    fn a_subset_draws_every_requested_character_as_the_whole_font_does() {
        let text = "福田区学位缺口：郫沚埇瀍浉硚猇鄠 Demand 0123456789,/+-（）%";
        assert_eq!(missing_glyphs(text), []);
        let whole = Face::parse(BYTES, 0).unwrap();
        let bytes = subset_for(text).unwrap();
        assert!(bytes.len() < 60_000, "{} bytes", bytes.len());
        let part = Face::parse(&bytes, 0).unwrap();
        for c in text.chars() {
            let (old, new) = (whole.glyph_index(c).unwrap(), part.glyph_index(c).unwrap());
            assert_eq!(part.glyph_hor_advance(new), whole.glyph_hor_advance(old), "{c}");
            assert_eq!(part.glyph_bounding_box(new), whole.glyph_bounding_box(old), "{c}");
        }
        assert!(part.glyph_index('位').is_some() && part.glyph_index('深').is_none());
    }

    #[test]
    fn order_and_repetition_of_characters_do_not_change_the_subset() {
        assert_eq!(subset_for("学位").unwrap(), subset_for("位学位").unwrap());
    }

    #[test]
    fn a_text_of_unknown_characters_still_gives_a_font() {
        assert!(Face::parse(&subset_for("😀").unwrap(), 0).is_ok());
        assert!(Face::parse(&subset_for("").unwrap(), 0).is_ok());
    }

    #[test]
    fn missing_characters_are_named_once_in_order() {
        assert_eq!(missing_glyphs("a🙂b😀🙂\n"), ['🙂', '😀']);
    }

    #[test]
    fn widths_add_up() {
        let whole = advance("学位 places").unwrap();
        assert_eq!(whole, advance("学位").unwrap() + advance(" places").unwrap());
        assert_eq!(advance("学位").unwrap(), 2_000);
        assert_eq!(width("学位", 13).unwrap(), 26);
    }

    #[test]
    fn text_of_an_svg_is_read_back_unescaped() {
        let svg = "<svg><title>no</title><text x=\"1\">\na &lt;b&gt; &amp;lt;\n</text><text>乙</text></svg>";
        assert_eq!(svg_text(svg), "a <b> &lt;\n乙\n");
    }
}
