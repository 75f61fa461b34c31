//! Colours, hatchings and dashes shared by every chart.
//!
//! Each paint must be told from its neighbours by a reader who sees no colour and in a black-and-white print: layers get
//! lighter as places get less certain (relative luminance about 0.15, 0.45, 0.75, 0.95), and all but the surest are
//! hatched differently. plotters writes plain colours; [`crate::canvas`] turns the colour of a paint into its hatching
//! afterwards, so the colours of hatched paints and dashed pens are unique (tested below).

/// Red, green and blue.
pub(crate) type Rgb = (u8, u8, u8);

/// Text and strong lines.
pub(crate) const INK: Rgb = (0x1F, 0x1F, 0x1F);
/// Text of the second rank: notices, sources, units.
pub(crate) const QUIET: Rgb = (0x50, 0x50, 0x50);
/// Text that says places are short; still 7:1 against white.
pub(crate) const ALERT: Rgb = (0x8F, 0x24, 0x0C);

/// Lines across a hatched area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hatch {
    /// From lower left to upper right.
    Rising,
    /// From upper left to lower right, close together.
    Falling,
    /// Dots.
    Dots,
    /// Level lines.
    Level,
}

/// How an area is filled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Paint {
    /// Class in the SVG and name of the hatching.
    pub(crate) name: &'static str,
    /// Colour under the hatching.
    pub(crate) rgb: Rgb,
    /// From 0 (unseen) to 1.
    pub(crate) opacity: f64,
    /// Lines over the colour, with their colour.
    pub(crate) hatch: Option<(Hatch, Rgb)>,
    /// Line around a rectangle.
    pub(crate) outline: Option<Rgb>,
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pen {
    /// Class in the SVG.
    pub(crate) name: &'static str,
    /// Colour.
    pub(crate) rgb: Rgb,
    /// Width in pixels.
    pub(crate) width: u32,
    /// SVG dash array.
    pub(crate) dash: Option<&'static str>,
}

const EDGE: Rgb = (0x2B, 0x45, 0x60);

const fn layer(name: &'static str, rgb: Rgb, hatch: Option<(Hatch, Rgb)>) -> Paint {
    Paint { name, rgb, opacity: 1.0, hatch, outline: Some(EDGE) }
}

/// Places by certainty: open, secured, planned, outlook.
pub(crate) const LAYERS: [Paint; 4] = [
    layer("open", (0x5A, 0x7D, 0xA3), None),
    layer("secured", (0x9F, 0xC0, 0xDE), Some((Hatch::Level, EDGE))),
    layer("planned", (0xD3, 0xE4, 0xF2), Some((Hatch::Rising, EDGE))),
    layer("outlook", (0xFB, 0xFC, 0xFE), Some((Hatch::Dots, EDGE))),
];

/// Demand above all places.
pub(crate) const SHORTAGE: Paint = Paint {
    name: "shortage",
    rgb: (0xFD, 0xEB, 0xDF),
    opacity: 1.0,
    hatch: Some((Hatch::Falling, (0xC8, 0x4A, 0x1E))),
    outline: Some((0xA8, 0x38, 0x12)),
};

/// Colours of the early warning: enough, nearly full, full or over. Told apart by hatching and by the number in the cell.
pub(crate) const WARNINGS: [Paint; 3] = [
    Paint {
        name: "green",
        rgb: (0xD9, 0xEE, 0xE4),
        opacity: 1.0,
        hatch: None,
        outline: Some((0x5E, 0x8C, 0x79)),
    },
    Paint {
        name: "yellow",
        rgb: (0xFC, 0xEF, 0xB6),
        opacity: 1.0,
        hatch: Some((Hatch::Rising, (0xE3, 0xC7, 0x55))),
        outline: Some((0x8F, 0x74, 0x10)),
    },
    Paint {
        name: "red",
        rgb: (0xF7, 0xCD, 0xBC),
        opacity: 1.0,
        hatch: Some((Hatch::Falling, (0xE8, 0x9C, 0x80))),
        outline: Some((0x8A, 0x2C, 0x10)),
    },
];

/// Stretches of a project: site gate, build, filling grade by grade, full.
pub(crate) const STRETCHES: [Paint; 4] = [
    layer("site", (0xFA, 0xF6, 0xEA), Some((Hatch::Dots, (0x6B, 0x5B, 0x2B)))),
    layer("build", (0xEB, 0xDD, 0xB4), Some((Hatch::Rising, (0x6B, 0x5B, 0x2C)))),
    layer("filling", (0xB9, 0xCF, 0xE4), Some((Hatch::Level, EDGE))),
    layer("full", (0x6B, 0x8C, 0xB0), None),
];

/// What lowers a shortage; what adds to it is [`SHORTAGE`].
pub(crate) const RELIEF: Paint =
    layer("relief", (0xDD, 0xEC, 0xE2), Some((Hatch::Rising, (0x3C, 0x7A, 0x55))));
/// A shortage as a whole, before or after its parts.
pub(crate) const WHOLE: Paint = layer("whole", (0x70, 0x78, 0x80), None);

/// Places that pupils sit on.
pub(crate) const USED: Paint = layer("used", (0x64, 0x88, 0xAC), None);
/// Places that stand idle.
pub(crate) const IDLE: Paint = layer("idle", (0xF6, 0xF3, 0xE6), Some((Hatch::Dots, (0x6B, 0x5B, 0x2D))));

/// From the tenth to the ninetieth percentile of an opening.
pub(crate) const OPENING: Paint = layer("opening", (0xC6, 0xD8, 0xEA), Some((Hatch::Level, EDGE)));

/// A schedule of a sweep.
pub(crate) const CLOUD: Paint =
    Paint { name: "cloud", rgb: (0x8A, 0x9B, 0xAC), opacity: 0.45, hatch: None, outline: None };

/// The 80 % band of demand.
pub(crate) const BAND: Paint =
    Paint { name: "band", rgb: (0x2A, 0x2A, 0x2A), opacity: 0.2, hatch: None, outline: None };

/// Years that rest on assumptions, behind everything.
pub(crate) const ASSUMED: Paint =
    Paint { name: "assumed", rgb: (0xF1, 0xF1, 0xEE), opacity: 1.0, hatch: None, outline: None };

/// A small box that carries a label.
pub(crate) const TAG: Paint = Paint {
    name: "tag",
    rgb: (0xFE, 0xFE, 0xFE),
    opacity: 1.0,
    hatch: None,
    outline: Some((0x6E, 0x6E, 0x6E)),
};

/// Solid ink, for points and arrowheads.
pub(crate) const SOLID: Paint = Paint { name: "point", rgb: INK, opacity: 1.0, hatch: None, outline: None };

/// White, for the ring around points and the inside of hollow ones.
pub(crate) const PAPER: Paint =
    Paint { name: "paper", rgb: (0xFF, 0xFF, 0xFF), opacity: 1.0, hatch: None, outline: None };

/// The median of demand.
pub(crate) const MEDIAN: Pen = Pen { name: "median", rgb: (0x11, 0x11, 0x11), width: 3, dash: None };
/// White under the median, so that it is seen on dark columns.
pub(crate) const HALO: Pen = Pen { name: "halo", rgb: (0xFF, 0xFF, 0xFF), width: 6, dash: None };
/// The edges of the band.
pub(crate) const BAND_EDGE: Pen = Pen { name: "band-edge", rgb: (0x33, 0x33, 0x33), width: 1, dash: None };
/// Places with every candidate project.
pub(crate) const CANDIDATES: Pen =
    Pen { name: "candidates", rgb: (0x5B, 0x2C, 0x83), width: 3, dash: Some("0.1 6") };
/// Grid lines.
pub(crate) const GRID: Pen = Pen { name: "grid", rgb: (0xDC, 0xDC, 0xDC), width: 1, dash: None };
/// The line places stand on.
pub(crate) const BASE: Pen = Pen { name: "base", rgb: (0x40, 0x40, 0x40), width: 1, dash: None };
/// From a label to what it names.
pub(crate) const LEADER: Pen = Pen { name: "leader", rgb: (0x6F, 0x6F, 0x6F), width: 1, dash: Some("4 3") };
/// Brackets over a range of years.
pub(crate) const BRACKET: Pen = Pen { name: "bracket", rgb: (0x51, 0x51, 0x51), width: 1, dash: None };

/// Lines of a chart with several, ours first; told apart by dash before colour.
pub(crate) const SERIES: [Pen; 5] = [
    Pen { name: "series-1", rgb: (0x12, 0x12, 0x12), width: 3, dash: None },
    Pen { name: "series-2", rgb: (0x00, 0x72, 0xB2), width: 2, dash: Some("8 5") },
    Pen { name: "series-3", rgb: (0xD5, 0x5E, 0x00), width: 2, dash: Some("2 5") },
    Pen { name: "series-4", rgb: (0x00, 0x9E, 0x73), width: 2, dash: Some("12 4 2 4") },
    Pen { name: "series-5", rgb: (0xAA, 0x66, 0x8E), width: 2, dash: Some("5 3") },
];

/// Lines of up to six variants, told apart by dash and by the label at their end.
pub(crate) const VARIANTS: [Pen; 6] = [
    Pen { name: "variant-1", rgb: (0x10, 0x10, 0x12), width: 3, dash: None },
    Pen { name: "variant-2", rgb: (0x00, 0x5F, 0xA3), width: 3, dash: Some("9 5") },
    Pen { name: "variant-3", rgb: (0xB3, 0x45, 0x14), width: 3, dash: Some("2 5") },
    Pen { name: "variant-4", rgb: (0x1F, 0x7A, 0x55), width: 3, dash: Some("12 4 2 4") },
    Pen { name: "variant-5", rgb: (0x7A, 0x3E, 0x8E), width: 3, dash: Some("5 3") },
    Pen { name: "variant-6", rgb: (0x6E, 0x5A, 0x12), width: 3, dash: Some("14 6") },
];

/// The front of a sweep.
pub(crate) const FRONT: Pen = Pen { name: "front", rgb: (0x12, 0x12, 0x10), width: 2, dash: None };

/// Every paint, for the pass that adds hatchings and classes.
pub(crate) const PAINTS: [&Paint; 23] = [
    &LAYERS[0],
    &LAYERS[1],
    &LAYERS[2],
    &LAYERS[3],
    &SHORTAGE,
    &BAND,
    &ASSUMED,
    &TAG,
    &SOLID,
    &PAPER,
    &WARNINGS[0],
    &WARNINGS[1],
    &WARNINGS[2],
    &STRETCHES[0],
    &STRETCHES[1],
    &STRETCHES[2],
    &STRETCHES[3],
    &CLOUD,
    &RELIEF,
    &WHOLE,
    &USED,
    &IDLE,
    &OPENING,
];

/// Every pen, for the same pass.
pub(crate) const PENS: [&Pen; 20] = [
    &MEDIAN,
    &HALO,
    &BAND_EDGE,
    &CANDIDATES,
    &GRID,
    &BASE,
    &LEADER,
    &BRACKET,
    &SERIES[0],
    &SERIES[1],
    &SERIES[2],
    &SERIES[3],
    &SERIES[4],
    &FRONT,
    &VARIANTS[0],
    &VARIANTS[1],
    &VARIANTS[2],
    &VARIANTS[3],
    &VARIANTS[4],
    &VARIANTS[5],
];

/// A colour as SVG writes it.
pub(crate) fn hex((r, g, b): Rgb) -> String {
    format!("#{r:02X}{g:02X}{b:02X}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance of WCAG 2, with the square in place of the power 2.4: enough for an order.
    fn luminance((r, g, b): Rgb) -> f64 {
        let part = |v: u8| (f64::from(v) / 255.0) * (f64::from(v) / 255.0);
        0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
    }

    #[test]
    fn every_paint_and_every_pen_has_a_colour_of_its_own() {
        for (i, a) in PAINTS.iter().enumerate() {
            assert!(PAINTS[i + 1..].iter().all(|b| a.rgb != b.rgb && a.name != b.name), "{}", a.name);
        }
        for (i, a) in PENS.iter().enumerate() {
            assert!(PENS[i + 1..].iter().all(|b| a.rgb != b.rgb && a.name != b.name), "{}", a.name);
        }
    }

    #[test]
    fn less_certain_places_are_clearly_lighter() {
        let light: Vec<f64> = LAYERS.iter().map(|p| luminance(p.rgb)).collect();
        assert!(light.windows(2).all(|w| w[1] - w[0] > 0.15), "{light:?}");
    }

    #[test]
    fn neighbouring_layers_are_hatched_differently() {
        let kinds: Vec<_> = LAYERS.iter().chain([&SHORTAGE]).map(|p| p.hatch.map(|(kind, _)| kind)).collect();
        assert!(kinds.iter().enumerate().all(|(i, k)| !kinds[i + 1..].contains(k)));
    }
}
