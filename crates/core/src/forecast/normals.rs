//! Normal numbers by the million: counted, keyed by what they are for, the same alone or in a block.
//!
//! ```text
//! bits(key, w, n) = mix(key + (w 2^24 + n) golden)               SplitMix64 as a function of a counter
//! z               = quantile of the standard normal at (bits + 1/2) / 2^32
//! ```
//!
//! The n-th number of draw w under a key is a pure function of the three, so any draw can be made alone, in any order, on
//! any number of threads, and a zone added to a scenario does not shift another's numbers. One 64-bit value gives two
//! normals. The quantile is read from a table of parabolas, 32 an octave of the tail probability: right to 1e-6, down to
//! tails of 2^-33.
//!
//! [`exp`] is a polynomial, right to 2e-7 of its value: plain additions and multiplications, so that a compiler turns a
//! loop over a block into vectors and every platform gives the same bits.
//!
//! Sources: Steele, Lea and Flood, Fast splittable pseudorandom number generators (2014). Not for cryptography.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};
use statrs::distribution::{ChiSquared, ContinuousCDF, Normal};

/// Draws that are made together.
pub(super) const LANES: usize = 16;

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
/// Intervals an octave, as a power of two.
const OCTAVE_BITS: u32 = 5;
const INTERVALS: usize = 32 << OCTAVE_BITS;
/// Degrees of freedom of the tails.
const TAIL_FREEDOM: f64 = 5.0;

/// The key of one thing's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key(u64);

impl Key {
    /// The key of `kind` (zone, district, school) `id`.
    pub(super) fn new(kind: &str, id: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update([kind.len() as u8]);
        hash.update(kind.as_bytes());
        hash.update(id.as_bytes());
        let bytes: [u8; 32] = hash.finalize().into();
        Self(bytes.iter().take(8).fold(0, |key, b| key << 8 | u64::from(*b)))
    }

    /// The numbers of the draws from `w` on, under `seed`.
    pub(super) fn numbers(self, seed: u64, w: u64) -> Numbers {
        let key = mix(self.0 ^ mix(seed.wrapping_mul(GOLDEN).wrapping_add(GOLDEN)));
        Numbers { state: key.wrapping_add((w << 24).wrapping_mul(GOLDEN)), spare: None, table: &TABLE }
    }
}

/// A block of numbers, one a draw.
pub(super) type Block<const L: usize> = [f32; L];

/// The numbers of a block of draws under one key, in order.
#[derive(Debug, Clone)]
pub(super) struct Numbers {
    state: u64,
    spare: Option<[u32; LANES]>,
    table: &'static Table,
}

impl Numbers {
    /// The next 32 bits of each draw of a block of `L` (at most [`LANES`]).
    fn bits<const L: usize>(&mut self) -> [u32; LANES] {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let (mut high, mut low) = ([0; LANES], [0; LANES]);
        for lane in 0..L {
            let bits = mix(self.state.wrapping_add(((lane as u64) << 24).wrapping_mul(GOLDEN)));
            high[lane] = (bits >> 32) as u32;
            low[lane] = bits as u32;
        }
        self.state = self.state.wrapping_add(GOLDEN);
        self.spare = Some(low);
        high
    }

    /// The next standard normal of each draw.
    pub(super) fn normal<const L: usize>(&mut self) -> Block<L> {
        let bits = self.bits::<L>();
        std::array::from_fn(|lane| self.table.normal(bits[lane]))
    }

    /// The next sqrt(5 / chi-square with 5 degrees of freedom) of each draw: a normal times it has Student's tails.
    pub(super) fn tail<const L: usize>(&mut self) -> Block<L> {
        let bits = self.bits::<L>();
        std::array::from_fn(|lane| self.table.tail(bits[lane]))
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Parabolas of the normal quantile, and points of the tail factor.
#[derive(Debug)]
struct Table {
    normal: Vec<[f32; 3]>,
    tail: Vec<f32>,
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

impl Table {
    fn new() -> Self {
        let standard = Normal::standard();
        let normal = (0..INTERVALS)
            .map(|i| {
                let octave = f64::from(1_u32 << (i >> OCTAVE_BITS));
                let part = (i % (1 << OCTAVE_BITS)) as f64;
                let width = octave / f64::from(1_u32 << OCTAVE_BITS);
                // p in units of 2^-32, from below 1/2 down
                let at = |t: f64| standard.inverse_cdf((octave + (part + t) * width) / 4_294_967_296.0);
                let (y0, y1, y2) = (at(0.0), at(0.5), at(1.0));
                let (b, c) = (4.0 * y1 - y2 - 3.0 * y0, 2.0 * (y0 + y2 - 2.0 * y1));
                [y0 as f32, b as f32, c as f32]
            })
            .collect();
        let chi = ChiSquared::new(TAIL_FREEDOM);
        let tail = (0..=1024)
            .map(|i| {
                let p = (f64::from(i) / 1024.0).clamp(1.0 / 4096.0, 1.0 - 1.0 / 4096.0);
                chi.as_ref().map_or(1.0, |chi| (TAIL_FREEDOM / chi.inverse_cdf(p)).sqrt()) as f32
            })
            .collect();
        Self { normal, tail }
    }

    fn normal(&self, bits: u32) -> f32 {
        // 31 bits of tail probability, 1 of sign; p + 1 in 1..=2^31 so that its octave is the place of its first bit
        let p = ((bits >> 1) as f32 + 1.0).to_bits();
        let at = (p >> (23 - OCTAVE_BITS)) - (127 << OCTAVE_BITS);
        let t = f32::from_bits((p << OCTAVE_BITS) & 0x007f_ffff | 0x3f80_0000) - 1.0;
        let [a, b, c] = self.normal[(at as usize).min(INTERVALS - 1)];
        let z = a + t * (b + t * c);
        f32::from_bits(z.to_bits() ^ (bits << 31))
    }

    fn tail(&self, bits: u32) -> f32 {
        let at = (bits >> 22) as usize;
        let t = (bits & 0x003f_ffff) as f32 / 4_194_304.0;
        self.tail[at] + t * (self.tail[at + 1] - self.tail[at])
    }
}

/// e^x of each draw, for |x| below 80.
pub(super) fn exp<const L: usize>(x: Block<L>) -> Block<L> {
    const MAGIC: f32 = 12_582_912.0; // 1.5 * 2^23: adding it rounds to a whole number
    std::array::from_fn(|lane| {
        let x = x[lane].clamp(-80.0, 80.0);
        let shifted = x * std::f32::consts::LOG2_E + MAGIC;
        let n = shifted - MAGIC;
        let r = (x - n * 0.693_359_4) - n * -2.121_944_4e-4; // ln 2 in two parts
        let e = 1.987_569_1e-4;
        let e = e * r + 1.398_199_9e-3;
        let e = e * r + 8.333_452e-3;
        let e = e * r + 4.166_579_6e-2;
        let e = e * r + 0.166_666_66;
        let e = e * r + 0.5;
        let e = e * r * r + r + 1.0;
        e * f32::from_bits(((shifted.to_bits() as i32 - MAGIC.to_bits() as i32 + 127) << 23) as u32)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normals_are_normal_to_their_tails() {
        let table = &*TABLE;
        let standard = Normal::standard();
        for bits in (0..u32::MAX).step_by(9_999_991).chain([0, 1, 2, 7, u32::MAX - 1, u32::MAX]) {
            let p = (f64::from(bits >> 1) + 1.0) / 4_294_967_296.0;
            let exact = standard.inverse_cdf(p) * if bits & 1 == 1 { -1.0 } else { 1.0 };
            assert!((f64::from(table.normal(bits)) - exact).abs() < 2e-6, "{bits}");
        }
        let mut numbers = Key::new("zone", "a").numbers(1, 0);
        let draws: Vec<f64> = (0..20_000).flat_map(|_| numbers.normal::<16>()).map(f64::from).collect();
        let n = draws.len() as f64;
        let mean = draws.iter().sum::<f64>() / n;
        let fourth = draws.iter().map(|x| x * x * x * x).sum::<f64>() / n;
        let variance = draws.iter().map(|x| x * x).sum::<f64>() / n;
        // four standard errors of each
        assert!(
            mean.abs() < 0.007 && (variance - 1.0).abs() < 0.01 && (fourth - 3.0).abs() < 0.07,
            "{mean} {variance} {fourth}"
        );
    }

    #[test]
    fn a_draw_is_the_same_alone_and_in_a_block() {
        let key = Key::new("zone", "a");
        let mut block = key.numbers(7, 32);
        let (first, second) = (block.normal::<16>(), block.normal::<16>());
        for lane in 0..16 {
            let mut alone = key.numbers(7, 32 + lane as u64);
            assert_eq!(alone.normal::<1>()[0].to_bits(), first[lane].to_bits());
            assert_eq!(alone.normal::<1>()[0].to_bits(), second[lane].to_bits());
        }
        assert_ne!(first[0].to_bits(), first[1].to_bits());
        for (other, seed) in [("zone", 8), ("district", 7)] {
            assert_ne!(Key::new(other, "a").numbers(seed, 32).normal::<1>()[0].to_bits(), first[0].to_bits());
        }
        assert_ne!(Key::new("zone", "b").numbers(7, 32).normal::<1>()[0].to_bits(), first[0].to_bits());
    }

    #[test]
    fn tails_and_exponentials_are_right() {
        let mut numbers = Key::new("zone", "t").numbers(1, 0);
        let tails: Vec<f64> = (0..20_000).flat_map(|_| numbers.tail::<16>()).map(f64::from).collect();
        // E[5 / chi2_5] = 5 / 3; the last 1/4096 of the tail is cut
        let mean = tails.iter().map(|t| t * t).sum::<f64>() / tails.len() as f64;
        assert!((mean - 5.0 / 3.0).abs() < 0.03, "{mean}");
        for i in -700..700 {
            let x = i as f32 * 0.1;
            let exact = libm::exp(f64::from(x));
            assert!((f64::from(exp([x])[0]) / exact - 1.0).abs() < 3e-7, "{x}");
        }
    }
}
