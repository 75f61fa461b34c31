//! Whole pupils of a block of draws: every grade of a district adds to its rounded total, in each draw.
//!
//! The same as [`round_to_total`](super::round_to_total) draw by draw. Instead of sorting remainders, the cut above which as
//! many of them lie as pupils are missing is looked for in all draws at once.

#![expect(clippy::needless_range_loop, reason = "a loop over lanes reads several blocks")]

use super::round::{PART, PLACES, fixed, nearest, round_fixed};
use crate::{
    geography::Frame,
    grid::{CellId, Grid, Shape},
    index::{DistrictId, GradeId, Table},
};

/// Cells whose whole pupils add to one rounded total: those of a grade in a district.
#[derive(Debug, Clone)]
pub(super) struct Totals {
    /// All cells, those of one total side by side.
    cells: Vec<CellId>,
    /// Where the cells of each total end.
    ends: Vec<usize>,
    /// Of each cell: its total, and its place in `cells`.
    of: Table<CellId, (usize, usize)>,
}

impl Totals {
    /// Of a frame.
    pub(super) fn new(frame: &Frame) -> Self {
        let shape = Shape::<DistrictId, GradeId>::new(frame.districts.len(), frame.grade_count());
        let mut members = Grid::filled(shape, Vec::new());
        for z in frame.zones.ids() {
            for g in frame.grades() {
                members[(frame.district_of(z), g)].push(frame.cells().at(z, g));
            }
        }
        Self::of_members(&members)
    }

    fn of_members(members: &[Vec<CellId>]) -> Self {
        let cells = members.concat();
        let mut of = Table::filled(cells.len(), (0, 0));
        let mut ends = Vec::with_capacity(members.len());
        let mut place = 0;
        for (total, members) in members.iter().enumerate() {
            for &cell in members {
                of[cell] = (total, place);
                place += 1;
            }
            ends.push(place);
        }
        Self { cells, ends, of }
    }

    /// The cells of each total.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[CellId]> {
        self.places().map(|places| &self.cells[places])
    }

    fn places(&self) -> impl Iterator<Item = std::ops::Range<usize>> {
        std::iter::once(0).chain(self.ends.iter().copied()).zip(&self.ends).map(|(from, &to)| from..to)
    }
}

/// Passes over the remainders before draws that have found no cut are sorted: equal remainders have none between them.
const MOST_PASSES: usize = 24;

/// The whole pupils of one year in `L` draws.
#[derive(Debug)]
pub(super) struct Rounding<'t, const L: usize> {
    totals: &'t Totals,
    /// Of each place: pupils cut down to a whole number, and what was cut in parts of 2^-23.
    floor: Vec<[u32; L]>,
    part: Vec<[f32; L]>,
    /// Of each total: all that was cut, and above which cut a cell gets one pupil more.
    sum: Vec<[u64; L]>,
    cut: Vec<[f32; L]>,
}

impl<'t, const L: usize> Rounding<'t, L> {
    /// Room for a year.
    pub(super) fn new(totals: &'t Totals) -> Self {
        let (cells, count) = (totals.cells.len(), totals.ends.len());
        Self {
            totals,
            floor: vec![[0; L]; cells],
            part: vec![[0.0; L]; cells],
            sum: vec![[0; L]; count],
            cut: vec![[0.0; L]; count],
        }
    }

    /// Takes the pupils of a cell: finite, not negative.
    #[inline(always)]
    pub(super) fn put(&mut self, cell: CellId, pupils: &[f64; L]) {
        let (total, place) = self.totals.of[cell];
        let (mut floor, mut part, mut sum) = ([0; L], [0.0; L], self.sum[total]);
        for lane in 0..L {
            let fixed = fixed(pupils[lane]);
            floor[lane] = (fixed >> PLACES) as u32;
            // below 2^23: a float of 32 bits holds it exactly
            part[lane] = (fixed & PART) as i32 as f32;
            sum[lane] += fixed & PART;
        }
        self.floor[place] = floor;
        self.part[place] = part;
        self.sum[total] = sum;
    }

    /// Ends a year, once all cells were put.
    #[inline(always)]
    pub(super) fn end(&mut self) {
        for (total, places) in self.totals.places().enumerate() {
            // the rounded sum less all that was cut down is the rounded sum of what was cut
            let mut missing = [0.0; L];
            for lane in 0..L {
                missing[lane] = nearest(self.sum[total][lane]) as i32 as f32;
            }
            self.sum[total] = [0; L];
            let (cut, open) = cuts(&self.part[places.clone()], &missing);
            self.cut[total] = cut;
            for lane in (0..L).filter(|&lane| open[lane]) {
                self.sort(places.clone(), lane);
            }
        }
    }

    /// Rounds one draw of one total by sorting.
    #[cold]
    fn sort(&mut self, places: std::ops::Range<usize>, lane: usize) {
        let values: Vec<u64> = places
            .clone()
            .map(|place| u64::from(self.floor[place][lane]) << PLACES | self.part[place][lane] as u64)
            .collect();
        for (place, n) in places.zip(round_fixed(&values)) {
            self.floor[place][lane] = n;
            // below every cut
            self.part[place][lane] = -1.0;
        }
    }

    /// Whole pupils of a cell in the year that was ended.
    #[inline(always)]
    pub(super) fn whole(&self, cell: CellId) -> [u32; L] {
        let (total, place) = self.totals.of[cell];
        let (floor, part, cut) = (&self.floor[place], &self.part[place], &self.cut[total]);
        let mut whole = [0; L];
        for lane in 0..L {
            whole[lane] = floor[lane] + u32::from(part[lane] > cut[lane]);
        }
        whole
    }
}

/// In each draw the cut above which `missing` of `parts` lie, and whether none was found; no cut is below 0.
#[inline(always)]
fn cuts<const L: usize>(parts: &[[f32; L]], missing: &[f32; L]) -> ([f32; L], [bool; L]) {
    let n = parts.len().max(1) as f32;
    // more lie above low than are missing, fewer above high
    let (mut low, mut high) = ([-1.0; L], [(1 << PLACES) as f32; L]);
    let (mut above_low, mut above_high) = ([n; L], [0.0; L]);
    let mut cut = [0.0; L];
    for lane in 0..L {
        cut[lane] = low[lane] + (high[lane] - low[lane]) * ((n - missing[lane]) / n);
    }
    let mut open = [0.0_f32; L];
    for pass in 0..MOST_PASSES {
        let above = count(parts, &cut);
        let halve = if pass % 3 == 2 { 1.0 } else { 0.0 };
        low = choose(&above, missing, &cut, &low);
        above_low = choose(&above, missing, &above, &above_low);
        high = choose(missing, &above, &cut, &high);
        above_high = choose(missing, &above, &above, &above_high);
        for lane in 0..L {
            // as if remainders were spread evenly between them; every third time the middle, in case they are not
            let even = (above_low[lane] - missing[lane]) / (above_low[lane] - above_high[lane]);
            let next = low[lane] + (high[lane] - low[lane]) * (halve * 0.5 + (1.0 - halve) * even);
            open[lane] = (above[lane] - missing[lane]).abs();
            cut[lane] = if open[lane] > 0.0 { next } else { cut[lane] };
        }
        if open.iter().fold(0, |any, open| any | open.to_bits()) == 0 {
            break;
        }
    }
    (cut, open.map(|open| open > 0.0))
}

/// How many of `parts` lie above the cut of each draw.
#[inline(always)]
fn count<const L: usize>(parts: &[[f32; L]], cut: &[f32; L]) -> [f32; L] {
    // two sums, so that one need not wait for the other; of floats, which no compiler takes cell by cell instead of draw by
    // draw because their sums are not the same in every order
    let (mut even, mut odd) = ([0.0; L], [0.0; L]);
    let (pairs, rest) = parts.as_chunks::<2>();
    for [a, b] in pairs {
        even = one_more(&even, a, cut);
        odd = one_more(&odd, b, cut);
    }
    for last in rest {
        even = one_more(&even, last, cut);
    }
    for lane in 0..L {
        even[lane] += odd[lane];
    }
    even
}

/// One more in each draw whose `part` lies above its cut.
#[inline(always)]
fn one_more<const L: usize>(count: &[f32; L], part: &[f32; L], cut: &[f32; L]) -> [f32; L] {
    let mut out = [0.0; L];
    for lane in 0..L {
        out[lane] = count[lane] + if part[lane] > cut[lane] { 1.0 } else { 0.0 };
    }
    out
}

/// In each draw `then` where `a` is above `b`, else `or`: a new array, so that a compiler chooses and does not branch.
#[inline(always)]
fn choose<const L: usize>(a: &[f32; L], b: &[f32; L], then: &[f32; L], or: &[f32; L]) -> [f32; L] {
    let mut out = [0.0; L];
    for lane in 0..L {
        out[lane] = if a[lane] > b[lane] { then[lane] } else { or[lane] };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{super::round_to_total, *};

    #[test]
    fn every_draw_is_rounded_like_a_single_one() {
        let mut state = 7_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        for zones in [1, 2, 3, 7, 40, 200] {
            // two totals, whose cells lie in turn
            let members = [0, 1].map(|g| (0..zones).map(|z| CellId::new(2 * z + g)).collect::<Vec<_>>());
            let totals = Totals::of_members(&members);
            let mut rounding = Rounding::<8>::new(&totals);
            for kind in 0..6 {
                let value = |u: f64| match kind {
                    0 => u * 900.0,
                    // ties, and remainders of nothing
                    1 => (u * 40.0).floor() / 4.0,
                    2 => 12.5,
                    3 => 0.0,
                    // remainders close to 0 and to 1
                    4 => (u * 9.0).floor() + u * 1e-6,
                    _ => (u * 9.0).floor() + 1.0 - u * 1e-6,
                };
                let values: Table<CellId, [f64; 8]> =
                    (0..2 * zones).map(|_| std::array::from_fn(|_| value(next()))).collect();
                for (cell, values) in values.pairs() {
                    rounding.put(cell, values);
                }
                rounding.end();
                for (members, lane) in members.iter().flat_map(|m| (0..8).map(move |lane| (m, lane))) {
                    let alone: Vec<f64> = members.iter().map(|&cell| values[cell][lane]).collect();
                    let lanes: Vec<u32> = members.iter().map(|&cell| rounding.whole(cell)[lane]).collect();
                    assert_eq!(lanes, round_to_total(&alone), "{zones} {kind} {alone:?}");
                }
            }
        }
    }

    #[test]
    fn cells_of_a_total_are_those_of_a_grade_in_a_district() {
        let members = [vec![0, 2], vec![1, 3], vec![4], vec![5]]
            .map(|of| of.into_iter().map(CellId::new).collect::<Vec<_>>());
        let totals = Totals::of_members(&members);
        assert_eq!(totals.iter().collect::<Vec<_>>(), members);
        assert_eq!(*totals.of, [(0, 0), (1, 2), (0, 1), (1, 3), (2, 4), (3, 5)]);
    }
}
