//! Charts of results: the data of a figure first, the drawing second.
//!
//! A figure is a plain struct filled from results ([`GapFigure`]); a function turns it into SVG ([`gap_svg`]) and
//! [`png()`] turns any SVG of this crate into pixels. Nothing here reads a file, a clock or the machine's fonts, so the
//! same figure gives the same bytes everywhere.
//!
//! Chinese text needs no font of the machine: an SVG keeps its text as text and carries the few glyphs it needs as a web
//! font, which browsers use and some office programs do not; the PNG renderer uses the embedded font alone. [`font::missing_glyphs`] names the characters the
//! embedded font does not have.
//!
//! Not done here: forecasting, balances, words of the caller (titles, marks and sources arrive in the wanted language).
//!
//! ```
//! use seatcast_core::Lang;
//! use seatcast_plot::{Caption, DemandBand, GapFigure, gap_svg};
//!
//! let figure = GapFigure {
//!     caption: Caption {
//!         title: "福田区小学".to_owned(),
//!         notice: String::new(),
//!         source: "示例数据".to_owned(),
//!         lang: Lang::Zh,
//!     },
//!     years: vec![2025, 2026],
//!     demand: vec![DemandBand { p10: 900, median: 960, p90: 1_020 }, DemandBand { p10: 950, median: 1_050, p90: 1_150 }],
//!     layers: Some([vec![1_000, 1_000], vec![0, 20], vec![0, 0], vec![0, 0]]),
//!     candidates: None,
//!     marks: Vec::new(),
//!     assumed_from: None,
//!     unmet: None,
//! };
//! let svg = gap_svg(&figure)?;
//! assert!(svg.contains("福田区小学"));
//! # Ok::<(), seatcast_plot::PlotError>(())
//! ```

mod axis;
mod canvas;
mod caption;
mod compare;
mod error;
pub mod font;
mod front;
mod gap;
mod heat;
mod ledger;
mod legend;
mod lines;
mod months;
mod palette;
mod plane;
mod png;
mod policies;
mod programme;
mod text;
mod tide;
mod waterfall;
mod wrap;

pub use caption::Caption;
pub use compare::{CompareFigure, CompareSeries, compare_svg};
pub use error::PlotError;
pub use front::{FrontFigure, FrontPoint, front_svg};
pub use gap::{DemandBand, GapFigure, Mark, gap_svg, gap_svg_for_page};
pub use heat::{Heat, HeatFigure, HeatRow, heat_svg};
pub use ledger::{LedgerFigure, LedgerMark, LedgerRow, Opening, ledger_svg};
pub use lines::{LineFigure, MOST_SERIES, line_svg};
pub use png::png;
pub use policies::{PolicyFigure, PolicyPoint, policies_svg};
pub use programme::{ProgrammeFigure, ProgrammeRow, SafeMark, programme_svg};
pub use tide::{TideFigure, TidePanel, tide_svg};
pub use waterfall::{WaterfallFigure, waterfall_svg};
