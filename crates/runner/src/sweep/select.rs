//! The worst draws without sorting: the sum of the k largest totals.

use super::lanes::{Block, Total};

/// The sum of all totals, and that of the `k` largest. Lanes beyond the draws hold 0.
#[inline(always)]
pub(super) fn sum_and_largest<T: Total>(totals: &[Block<T>], k: usize) -> (u64, u64) {
    let most = totals.iter().fold(Block::of(T::default()), |most, block| most.max(block));
    let most = most.0.iter().map(|&n| n.into()).fold(0, u64::max);
    (sum(totals, most, |n| n), sum_of_largest_between(totals, k, (0, most), most))
}

/// The sum of the `k` largest, of which the least is known to be in a range, both ends included; none is above `most`.
///
/// The k-th largest is found by narrowing the range: a pass counts how many lie above a figure inside, the middle or, once
/// few are left, where the k-th would be if they were spread evenly. That is a handful of passes over a few kilobytes,
/// without a branch on any total.
#[inline(always)]
pub(super) fn sum_of_largest_between<T: Total>(
    totals: &[Block<T>],
    k: usize,
    (mut low, mut high): (u64, u64),
    most: u64,
) -> u64 {
    let k = k as u64;
    // how many are known to lie above high, fewer than k, and from low on, more than k
    let (mut above, mut from) = (None, None);
    let mut pass = 0;
    while low < high {
        let middle = match (above, from) {
            // every third time the middle, in case they are not spread evenly
            (Some(above), Some(from)) if from <= 4 * k && pass % 3 != 2 => {
                let part = u128::from(high - low) * u128::from(from - k) / u128::from(from - above);
                (low + part as u64).min(high - 1)
            }
            _ => low + (high - low) / 2,
        };
        pass += 1;
        let count = count_above(totals, T::of(middle as i64));
        match count.cmp(&k) {
            std::cmp::Ordering::Less => (high, above) = (middle, Some(count)),
            std::cmp::Ordering::Equal => (low, high, above) = (middle, middle, Some(count)),
            std::cmp::Ordering::Greater => (low, from) = (middle + 1, Some(count)),
        }
    }
    // at most k lie above it; the rest of the k are as large as it
    let cut = T::of(low as i64);
    let rest = k - above.unwrap_or_else(|| count_above(totals, cut));
    sum(totals, most, |n| if n > cut { n } else { T::default() }) + rest * low
}

/// The sum of a figure of each total that is not above `most`.
#[inline(always)]
fn sum<T: Total>(totals: &[Block<T>], most: u64, of: impl Fn(T) -> T + Copy) -> u64 {
    // sums of a lane fit its width unless the totals are very large
    if most.saturating_mul(totals.len() as u64) <= T::MOST {
        sum_narrow(totals, of)
    } else {
        sum_wide(totals, of)
    }
}

#[inline(always)]
fn sum_narrow<T: Total>(totals: &[Block<T>], of: impl Fn(T) -> T + Copy) -> u64 {
    let sums = totals.iter().fold(Block::of(T::default()), |sums, block| sums.plus(&block.map(of)));
    sums.0.iter().map(|&n| n.into()).sum()
}

#[inline(always)]
fn sum_wide<T: Total>(totals: &[Block<T>], of: impl Fn(T) -> T) -> u64 {
    totals.iter().flat_map(|block| block.0).map(|n| of(n).into()).sum()
}

/// How many totals are greater than `cut`.
#[inline(always)]
fn count_above<T: Total>(totals: &[Block<T>], cut: T) -> u64 {
    // block by block: what a compiler keeps in registers on every instruction set
    let in_block = |block: &Block<T>| block.0.iter().fold(T::default(), |count, n| count.plus(n.above(cut)));
    totals.iter().map(|block| in_block(block).into()).sum()
}

#[cfg(test)]
mod tests {
    use super::{super::lanes::LANES, *};

    /// The slow twin.
    fn by_sorting<T: Total>(totals: &[T], k: usize) -> (u64, u64) {
        let mut sorted: Vec<u64> = totals.iter().map(|&n| n.into()).collect();
        sorted.sort_unstable_by(|a, b| b.cmp(a));
        (sorted.iter().sum(), sorted.iter().take(k).sum())
    }

    fn blocks<T: Total>(totals: &[T]) -> Vec<Block<T>> {
        totals
            .chunks(LANES)
            .map(|part| {
                let mut block = Block::of(T::default());
                block.0[..part.len()].copy_from_slice(part);
                block
            })
            .collect()
    }

    #[test]
    fn the_largest_are_those_that_sorting_finds() {
        let mut state = 1_u64;
        let mut next = |most: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % (most + 1)
        };
        for draws in [1_usize, 2, 19, 63, 64, 65, 1000] {
            for most in [0, 1, 3, 65_535, 65_536, 1 << 24, u64::from(u32::MAX >> 1)] {
                let totals: Vec<u32> = (0..draws).map(|_| next(most) as u32).collect();
                let wide: Vec<u64> = totals.iter().map(|&n| u64::from(n) << 20).collect();
                for k in [1, draws.div_ceil(20), draws] {
                    assert_eq!(
                        sum_and_largest(&blocks(&totals), k),
                        by_sorting(&totals, k),
                        "{draws} {most} {k}"
                    );
                    assert_eq!(
                        sum_and_largest(&blocks(&wide), k),
                        by_sorting(&wide, k),
                        "{draws} {most} {k}"
                    );
                }
            }
        }
        // a range that is known beforehand, however wide
        let totals: Vec<u32> = (0..300).map(|_| next(5000) as u32).collect();
        for k in [1, 15, 300] {
            let mut sorted = totals.clone();
            sorted.sort_unstable_by(|a, b| b.cmp(a));
            let (kth, right) = (u64::from(sorted[k - 1]), by_sorting(&totals, k).1);
            for (below, above) in [(0, 0), (0, 1), (1, 0), (7, 900), (5000, 5000)] {
                let range = (kth.saturating_sub(below), kth + above);
                assert_eq!(sum_of_largest_between(&blocks(&totals), k, range, 5000), right, "{k} {range:?}");
            }
        }
        assert_eq!(
            sum_and_largest(&blocks(&[u32::MAX; 70]), 4),
            (70 * u64::from(u32::MAX), 4 * u64::from(u32::MAX))
        );
    }
}
