//! Ticks and labels of axes: whole numbers with thousands separators, academic years.

/// `value` with a comma between groups of three digits.
pub(crate) fn thousands(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `places` less `demand` with its sign; nothing before a zero.
pub(crate) fn signed_difference(places: u64, demand: u64) -> String {
    let size = thousands(places.abs_diff(demand));
    match places.cmp(&demand) {
        std::cmp::Ordering::Greater => format!("+{size}"),
        std::cmp::Ordering::Equal => size,
        std::cmp::Ordering::Less => format!("-{size}"),
    }
}

/// The academic year that begins in `year`: `2025/26` (an academic year spans two calendar years).
pub(crate) fn academic_year(year: i32) -> String {
    format!("{year}/{:02}", year.wrapping_add(1).rem_euclid(100))
}

/// Ticks from zero: the smallest step of 1, 2 or 5 times a power of ten that needs at most `most` steps to pass `top`.
///
/// The axis starts at zero because a cut axis makes a small shortage look like a large one. Whole steps only: there is
/// no half place.
pub(crate) fn ticks(top: u64, most: u64) -> Vec<u64> {
    let most = most.max(1);
    let mut power: u64 = 1;
    let step = 'found: loop {
        for factor in [1, 2, 5] {
            let step = power.saturating_mul(factor);
            if top.div_ceil(step) <= most || step == u64::MAX {
                break 'found step;
            }
        }
        power = power.saturating_mul(10);
    };
    let count = top.div_ceil(step).max(1);
    (0..=count).map(|i| step.saturating_mul(i)).collect()
}

/// The smallest `k` such that labels of width `label` with `gap` between them fit when only every `k`-th is drawn at a
/// distance of `pitch` pixels from one to the next.
pub(crate) fn every(label: i32, gap: i32, pitch: f64) -> usize {
    let needed = f64::from(label + gap);
    if pitch <= 0.0 {
        return 1;
    }
    ((needed / pitch).ceil() as usize).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped_from_the_right() {
        for (value, text) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (87_110, "87,110"), (1_234_567, "1,234,567")]
        {
            assert_eq!(thousands(value), text);
        }
    }

    #[test]
    fn a_difference_carries_its_sign() {
        assert_eq!(signed_difference(95_905, 121_872), "-25,967");
        assert_eq!(signed_difference(87_130, 87_110), "+20");
        assert_eq!(signed_difference(5, 5), "0");
    }

    #[test]
    fn the_last_year_of_a_century_rolls_over() {
        assert_eq!(academic_year(2025), "2025/26");
        assert_eq!(academic_year(2099), "2099/00");
    }

    #[test]
    fn ticks_reach_the_top_in_few_whole_steps() {
        // 134,060 / 7 = 19,151: the next of 1, 2, 5 x 10^k is 20,000; 7 steps reach 140,000.
        assert_eq!(ticks(134_060, 7), [0, 20_000, 40_000, 60_000, 80_000, 100_000, 120_000, 140_000]);
        assert_eq!(ticks(3, 7), [0, 1, 2, 3]);
        assert_eq!(ticks(0, 7), [0, 1]);
        for top in [1, 9, 10, 11, 99, 12_345, u64::MAX] {
            let all = ticks(top, 7);
            assert!(all.len() <= 8, "{top}: {} ticks", all.len());
            assert!(all.last().copied() >= Some(top), "{top} is above the axis");
        }
    }

    #[test]
    fn labels_are_thinned_until_they_fit() {
        assert_eq!(every(40, 8, 50.0), 1);
        assert_eq!(every(44, 8, 50.0), 2);
        assert_eq!(every(44, 8, 4.0), 13);
    }
}
