//! Whole pupils and whole places by largest remainder.

/// Rounds `values` so that they add to their rounded sum: each is cut, the rest goes to the largest fractions, the
/// earlier first among equals. Values are finite and not negative.
pub fn round_to_total(values: &[f64]) -> Vec<u32> {
    let mut whole = Vec::new();
    Rounding::default().to_total(values, &mut whole);
    whole
}

/// Up to here it is cheaper to count who is larger than to sort.
const FEW: usize = 24;

/// Rounds many rows one after another in the same memory: every draw of a closed loop is rounded, year by year.
#[derive(Debug, Default)]
pub(super) struct Rounding {
    fractions: Vec<f64>,
    order: Vec<usize>,
}

impl Rounding {
    /// As [`round_to_total`], into `whole`.
    pub(super) fn to_total(&mut self, values: &[f64], whole: &mut Vec<u32>) {
        let total = values.iter().sum::<f64>().round() as u64;
        whole.clear();
        // a cast cuts, and is several times as fast as the functions that cut
        whole.extend(values.iter().map(|v| *v as u32));
        let missing = total.saturating_sub(whole.iter().map(|&n| u64::from(n)).sum()) as usize;
        if missing == 0 {
            return;
        }
        self.fractions.clear();
        self.fractions.extend(values.iter().zip(&*whole).map(|(v, n)| v - f64::from(*n)));
        let fractions = &self.fractions;
        if values.len() <= FEW && missing <= values.len() {
            for (i, of) in fractions.iter().enumerate() {
                let earlier = fractions[..i].iter().filter(|other| *other >= of).count();
                let later = fractions[i + 1..].iter().filter(|other| *other > of).count();
                whole[i] += u32::from(earlier + later < missing);
            }
            return;
        }
        self.order.clear();
        self.order.extend(0..values.len());
        self.order.sort_unstable_by(|&a, &b| fractions[b].total_cmp(&fractions[a]).then(a.cmp(&b)));
        for &i in self.order.iter().cycle().take(missing) {
            whole[i] += 1;
        }
    }
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
    fn counting_who_is_larger_gives_the_same_as_sorting() {
        // fractions in eighths: many are equal
        for n in 1..=2 * FEW {
            let values: Vec<f64> = (0..n).map(|i| ((i * 37 + n * 11) % 101) as f64 / 8.0).collect();
            let mut order: Vec<usize> = (0..n).collect();
            order.sort_by(|&a, &b| values[b].fract().total_cmp(&values[a].fract()).then(a.cmp(&b)));
            let mut expected: Vec<u32> = values.iter().map(|v| v.floor() as u32).collect();
            let missing = values.iter().sum::<f64>().round() as u32 - expected.iter().sum::<u32>();
            for &i in order.iter().take(missing as usize) {
                expected[i] += 1;
            }
            assert_eq!(round_to_total(&values), expected, "{values:?}");
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
