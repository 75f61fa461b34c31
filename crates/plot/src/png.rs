//! Pixels from an SVG of this crate, with the embedded font and no other.

use std::sync::OnceLock;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use crate::{PlotError, font};

/// Most pixels of one picture: 100 million take 400 MB, more than any page needs.
const MOST_PIXELS: u64 = 100_000_000;

/// Renders `svg` as PNG, `scale` pixels for each pixel of the SVG (2 suits print and sharp screens).
///
/// The fonts of the machine are not looked at: the same SVG gives the same pixels everywhere, and a character that the
/// embedded font lacks is blank (ask [`font::missing_glyphs`] with [`font::svg_text`] first).
///
/// # Errors
/// [`PlotError::Scale`] if `scale` is not a positive number, [`PlotError::Svg`] if `svg` cannot be read,
/// [`PlotError::TooLarge`] if the picture has more than 100 million pixels, [`PlotError::Encode`] if encoding fails.
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>, PlotError> {
    if !scale.is_finite() || scale <= 0.0 {
        return Err(PlotError::Scale { scale });
    }
    let tree =
        Tree::from_str(svg, options()).map_err(|error| PlotError::Svg { reason: error.to_string() })?;
    // A cast from float stops at the largest number, so a huge scale ends in TooLarge.
    let width = (tree.size().width() * scale).ceil() as u32;
    let height = (tree.size().height() * scale).ceil() as u32;
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(PlotError::TooLarge { width, height });
    }
    let mut pixels = Pixmap::new(width, height).ok_or(PlotError::TooLarge { width, height })?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| PlotError::Encode { reason: error.to_string() })
}

/// Options with the embedded font as the only one; read once, because reading it takes longer than a small chart.
fn options() -> &'static Options<'static> {
    static OPTIONS: OnceLock<Options<'static>> = OnceLock::new();
    OPTIONS.get_or_init(|| {
        let mut options = Options { font_family: font::FAMILY.to_owned(), ..Options::default() };
        let fonts = options.fontdb_mut();
        fonts.load_font_data(font::BYTES.to_vec());
        fonts.set_sans_serif_family(font::FAMILY);
        options
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='20' height='20' font-family='Seatcast Sans SC'>\
                        <text x='2' y='16' font-size='16'>";

    #[test]
    fn chinese_text_leaves_ink_and_the_size_follows_the_scale() {
        let drawn = png(&format!("{TEXT}学</text></svg>"), 2.0).unwrap();
        let empty = png(&format!("{TEXT}</text></svg>"), 2.0).unwrap();
        assert_ne!(drawn, empty);
        // Width and height are the two big-endian words after the 16 bytes of signature and chunk head.
        assert_eq!(drawn[16..24], [0, 0, 0, 40, 0, 0, 0, 40]);
    }

    #[test]
    fn the_same_svg_gives_the_same_bytes() {
        let svg = format!("{TEXT}位</text></svg>");
        assert_eq!(png(&svg, 1.0).unwrap(), png(&svg, 1.0).unwrap());
    }

    #[test]
    fn wrong_scales_and_wrong_text_are_errors() {
        let svg = format!("{TEXT}</text></svg>");
        for scale in [0.0, -1.0, f32::NAN, f32::INFINITY] {
            assert!(matches!(png(&svg, scale), Err(PlotError::Scale { .. })), "{scale}");
        }
        assert!(matches!(png(&svg, 1e9), Err(PlotError::TooLarge { .. })));
        assert!(matches!(png(&svg, 1e30), Err(PlotError::TooLarge { .. })));
        assert!(matches!(png("not an svg", 1.0), Err(PlotError::Svg { .. })));
    }
}
