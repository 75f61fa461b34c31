//! Whole pupils and whole places by largest remainder.

/// Rounds `values` so that they add to their rounded sum: each is cut, the rest goes to the largest fractions, the
/// earlier first among equals. Values are finite and not negative.
pub fn round_to_total(values: &[f64]) -> Vec<u32> {
    let total = values.iter().sum::<f64>().round() as u64;
    let mut whole: Vec<u32> = values.iter().map(|v| v.floor() as u32).collect();
    let missing = total.saturating_sub(whole.iter().map(|&n| u64::from(n)).sum()) as usize;
    if missing > 0 {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|&a, &b| values[b].fract().total_cmp(&values[a].fract()).then(a.cmp(&b)));
        for &i in order.iter().cycle().take(missing) {
            whole[i] += 1;
        }
    }
    whole
}

/// Passes over the remainders before lanes that have found no cut are sorted: equal remainders have none between them.
const MOST_PASSES: usize = 24;

/// [`round_to_total`] of `cells` in each of `L` draws: `values` and `whole` are of all cells, `parts` is room for remainders.
///
/// Instead of sorting, the cut above which as many remainders lie as pupils are missing is looked for in all draws at once.
#[inline(always)]
pub(super) fn round_lanes<const L: usize>(
    values: &[[f64; L]],
    cells: &(impl ExactSizeIterator<Item = usize> + Clone),
    parts: &mut Vec<[f64; L]>,
    whole: &mut [[u32; L]],
) {
    let n = cells.len() as f64;
    parts.clear();
    let (mut total, mut floors) = ([0.0; L], [0.0; L]);
    for cell in cells.clone() {
        let (values, whole) = (&values[cell], &mut whole[cell]);
        let mut part = [0.0; L];
        for lane in 0..L {
            let floor = floor(values[lane]);
            part[lane] = values[lane] - floor;
            total[lane] += values[lane];
            floors[lane] += floor;
            // the low bits of 2^52 + floor are floor
            whole[lane] = (floor + WHOLE).to_bits() as u32;
        }
        parts.push(part);
    }
    let mut missing = [0.0; L];
    let mut cut = [0.0; L];
    for lane in 0..L {
        let floor = floor(total[lane]);
        let rounded = if total[lane] - floor >= 0.5 { floor + 1.0 } else { floor };
        missing[lane] = rounded - floors[lane];
        cut[lane] = 1.0 - missing[lane] / n;
    }
    // more lie above low than are missing, fewer above high
    let (mut low, mut high) = ([0.0; L], [1.0; L]);
    let (mut above_low, mut above_high) = ([n; L], [0.0; L]);
    let mut open = [0.0; L];
    for pass in 0..MOST_PASSES {
        let mut above = [0.0; L];
        for part in parts.iter() {
            for lane in 0..L {
                above[lane] += if part[lane] > cut[lane] { 1.0 } else { 0.0 };
            }
        }
        let halve = if pass % 3 == 2 { 1.0 } else { 0.0 };
        for lane in 0..L {
            let (more, fewer) = (above[lane] > missing[lane], above[lane] < missing[lane]);
            low[lane] = if more { cut[lane] } else { low[lane] };
            above_low[lane] = if more { above[lane] } else { above_low[lane] };
            high[lane] = if fewer { cut[lane] } else { high[lane] };
            above_high[lane] = if fewer { above[lane] } else { above_high[lane] };
            // as if remainders were spread evenly between them; every third time the middle, in case they are not
            let even = (above_low[lane] - missing[lane]) / (above_low[lane] - above_high[lane]);
            let next = low[lane] + (high[lane] - low[lane]) * (halve * 0.5 + (1.0 - halve) * even);
            open[lane] = if more | fewer { 1.0 } else { 0.0 };
            cut[lane] = if more | fewer { next } else { cut[lane] };
        }
        if open.iter().sum::<f64>() == 0.0 {
            break;
        }
    }
    for (cell, part) in cells.clone().zip(parts.iter()) {
        let whole = &mut whole[cell];
        for lane in 0..L {
            whole[lane] += u32::from(part[lane] > cut[lane]);
        }
    }
    for lane in (0..L).filter(|&lane| open[lane] > 0.0) {
        let values: Vec<f64> = cells.clone().map(|cell| values[cell][lane]).collect();
        for (cell, n) in cells.clone().zip(round_to_total(&values)) {
            whole[cell][lane] = n;
        }
    }
}

/// 2^52: a number to which it is added is rounded to a whole one.
const WHOLE: f64 = 4_503_599_627_370_496.0;

/// The whole number at or below `x`, for 0 <= x < 2^51: without a call, on any instruction set.
#[inline(always)]
fn floor(x: f64) -> f64 {
    let near = (x + WHOLE) - WHOLE;
    if near > x { near - 1.0 } else { near }
}

/// Shares out `total` in proportion to `weights`, in whole numbers that add to it; nothing if all weights are 0.
pub fn apportion(total: u64, weights: &[u64]) -> Vec<u64> {
    let sum: u128 = weights.iter().map(|&w| u128::from(w)).sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let exact: Vec<u128> = weights.iter().map(|&w| u128::from(w) * u128::from(total)).collect();
    let mut shares: Vec<u64> = exact.iter().map(|e| (e / sum) as u64).collect();
    let missing = (total - shares.iter().sum::<u64>()) as usize;
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|&a, &b| (exact[b] % sum).cmp(&(exact[a] % sum)).then(a.cmp(&b)));
    for &i in order.iter().take(missing) {
        shares[i] += 1;
    }
    shares
}

/// Rounds signed `parts` to whole numbers that add to `total`.
pub fn round_signed<const N: usize>(parts: &[f64; N], total: i64) -> [i64; N] {
    let mut whole = parts.map(|p| p.floor() as i64);
    let mut order: Vec<usize> = (0..N).collect();
    order.sort_by(|&a, &b| {
        (parts[b] - parts[b].floor()).total_cmp(&(parts[a] - parts[a].floor())).then(a.cmp(&b))
    });
    let missing = total - whole.iter().sum::<i64>();
    for i in 0..missing.unsigned_abs() as usize {
        let up = missing > 0;
        let k = if up { order[i % N] } else { order[N - 1 - i % N] };
        whole[k] += if up { 1 } else { -1 };
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_remainders_get_the_missing_pupils() {
        // 10.3 + 5.6 + 0.2 = 16.1 -> 16 = 10 + 5 + 0 and one more for .6
        assert_eq!(round_to_total(&[10.3, 5.6, 0.2]), [10, 6, 0]);
        // 0.5 + 0.5 = 1: the earlier of equals
        assert_eq!(round_to_total(&[0.5, 0.5]), [1, 0]);
        assert_eq!(round_to_total(&[0.6]), [1]);
        assert_eq!(round_to_total(&[]), Vec::<u32>::new());
    }

    #[test]
    fn lanes_are_rounded_like_a_single_draw() {
        let mut state = 7_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        for zones in [1, 2, 3, 7, 40, 200] {
            for kind in 0..6 {
                let value = |u: f64| match kind {
                    0 => u * 900.0,
                    // ties, and remainders of nothing
                    1 => (u * 40.0).floor() / 4.0,
                    2 => 12.5,
                    3 => 0.0,
                    // remainders close to 0 and to 1
                    4 => (u * 9.0).floor() + u * 1e-9,
                    _ => (u * 9.0).floor() + 1.0 - u * 1e-9,
                };
                // of two grades, of which the second is rounded
                let values: Vec<[f64; 8]> =
                    (0..2 * zones).map(|_| std::array::from_fn(|_| value(next()))).collect();
                let mut whole = vec![[99; 8]; 2 * zones];
                round_lanes(&values, &(0..zones).map(|z| 2 * z + 1), &mut Vec::new(), &mut whole);
                for lane in 0..8 {
                    let alone: Vec<f64> = (0..zones).map(|z| values[2 * z + 1][lane]).collect();
                    let lanes: Vec<u32> = (0..zones).map(|z| whole[2 * z + 1][lane]).collect();
                    assert_eq!(lanes, round_to_total(&alone), "{zones} {kind} {alone:?}");
                }
                assert!((0..zones).all(|z| whole[2 * z] == [99; 8]));
            }
        }
    }

    #[test]
    fn rounded_signed_parts_add_to_the_total() {
        let whole = round_signed(&[10.6, -3.7, 0.3, 0.0], 7);
        assert_eq!(whole.iter().sum::<i64>(), 7);
        assert_eq!((whole[0], whole[1]), (11, -4), "10.6 is nearer to 11, -3.7 to -4");
    }

    #[test]
    fn shares_are_in_proportion_and_add_up() {
        // 10 x 1/6 = 1.67, 10 x 2/6 = 3.33, 10 x 3/6 = 5
        assert_eq!(apportion(10, &[1, 2, 3]), [2, 3, 5]);
        assert_eq!(apportion(10, &[0, 0]), [0, 0]);
    }
}
