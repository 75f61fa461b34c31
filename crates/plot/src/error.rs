//! What can stop a figure from being drawn.

/// Why a figure could not be drawn.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PlotError {
    /// The figure has no years.
    #[error("the figure has no years; give at least one")]
    NoYears,
    /// A line chart has no steps.
    #[error("the figure has no steps; give at least one")]
    NoSteps,
    /// A series does not have one value for each year.
    #[error("series {series} has {found} values for {years} years; give one for each year")]
    Length {
        /// Name of the series (a field of the figure).
        series: &'static str,
        /// How many values it has.
        found: usize,
        /// How many years the figure has.
        years: usize,
    },
    /// The years do not follow one another.
    #[error("year {year} follows year {before}; years must rise by one")]
    YearsNotConsecutive {
        /// The year before.
        before: i32,
        /// The year that should be one later.
        year: i32,
    },
    /// The demand band of a year is not in the order p10, median, p90.
    #[error(
        "demand of year {year} is out of order: p10 {p10}, median {median}, p90 {p90}; each must be at least the one before"
    )]
    BandOrder {
        /// The year.
        year: i32,
        /// Tenth percentile.
        p10: u64,
        /// Median.
        median: u64,
        /// Ninetieth percentile.
        p90: u64,
    },
    /// A mark names a year that is not drawn.
    #[error("mark “{label}” is at year {year}, outside {first} to {last}")]
    MarkOutside {
        /// Text of the mark.
        label: String,
        /// Year of the mark.
        year: i32,
        /// First year drawn.
        first: i32,
        /// Last year drawn.
        last: i32,
    },
    /// A scale that is not a positive, finite number.
    #[error("scale {scale} is not a positive number")]
    Scale {
        /// The scale given.
        scale: f32,
    },
    /// The picture would have more pixels than can be held.
    #[error("a picture of {width} by {height} pixels is too large; use a smaller scale")]
    TooLarge {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// The embedded font could not be read or cut down.
    #[error("the embedded font could not be used: {reason}")]
    Font {
        /// What the font library said.
        reason: String,
    },
    /// The drawing could not be written.
    #[error("the drawing could not be written: {reason}")]
    Draw {
        /// What the drawing library said.
        reason: String,
    },
    /// The text handed over is not an SVG that can be rendered.
    #[error("not a usable SVG: {reason}")]
    Svg {
        /// What the SVG library said.
        reason: String,
    },
    /// The pixels could not be encoded.
    #[error("the PNG could not be encoded: {reason}")]
    Encode {
        /// What the encoder said.
        reason: String,
    },
}
