//! Normal numbers by the million: counted, keyed by what they are for, the same alone or in a block.
//!
//! ```text
//! bits(key, w, n) = mix(key + (w 2^24 + n) golden)               SplitMix64 as a function of a counter
//! z               = quantile of the standard normal at (bits + 1/2) / 2^32
//! ```
//!
//! The n-th number of draw w under a key is a pure function of the three, so any draw can be made alone, in any order, on
//! any number of threads, and a zone added to a scenario does not shift another's numbers. One 64-bit value gives two
//! normals. With p the tail probability and s = sqrt(-2 ln p), the quantile is
//!
//! ```text
//! z = P(s) / Q(s) - s          P, Q of degree 3, fitted to the largest error over p = 2^-32 .. 1/2: right to 6e-7
//! ```
//!
//! [`exp`] is a polynomial, right to 2e-7 of its value. Both are additions, multiplications, a division and a root, without
//! a branch or a table, so that a compiler turns a loop over a block into vectors and every platform gives the same bits.
//!
//! Sources: Steele, Lea and Flood, Fast splittable pseudorandom number generators (2014). Not for cryptography.

#![expect(clippy::needless_range_loop, reason = "a loop over lanes reads several blocks")]

use std::sync::LazyLock;

use sha2::{Digest, Sha256};
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// Draws that are made together.
pub(super) const LANES: usize = 32;

/// Blocks whose bits are made before the first of them becomes normals.
const TOGETHER: usize = 8;
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
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

    /// The numbers of draws `w..w + L`, under `seed`.
    pub(super) fn numbers<const L: usize>(self, seed: u64, w: u64) -> Numbers<L> {
        let key = mix(self.0 ^ mix(seed.wrapping_mul(GOLDEN).wrapping_add(GOLDEN)));
        let state = key.wrapping_add((w << 24).wrapping_mul(GOLDEN));
        Numbers { state, low: [0; L], has_low: false }
    }
}

/// A block of numbers, one a draw.
pub(super) type Block<const L: usize> = [f32; L];

/// The numbers of a block of draws under one key, in order.
#[derive(Debug, Clone)]
pub(super) struct Numbers<const L: usize> {
    state: u64,
    /// The lower halves of the values made last, while they have not been given out.
    low: [u32; L],
    has_low: bool,
}

impl<const L: usize> Numbers<L> {
    /// The next 32 bits of each draw.
    #[inline(always)]
    fn bits(&mut self) -> [u32; L] {
        if self.has_low {
            self.has_low = false;
            return self.low;
        }
        let mut high = [0; L];
        for lane in 0..L {
            let bits = mix(self.state.wrapping_add(((lane as u64) << 24).wrapping_mul(GOLDEN)));
            high[lane] = (bits >> 32) as u32;
            self.low[lane] = bits as u32;
        }
        self.state = self.state.wrapping_add(GOLDEN);
        self.has_low = true;
        high
    }

    /// The next standard normal of each draw.
    #[inline(always)]
    pub(super) fn normal(&mut self) -> Block<L> {
        let mut out = [[0.0; L]];
        self.normals(&mut out);
        out[0]
    }

    /// The next standard normals of each draw, one after the other as [`Numbers::normal`] gives them.
    ///
    /// Faster than one by one: the bits of several are there before the first becomes a normal, so that a processor works
    /// on many at a time instead of waiting for one root and one quotient after another.
    #[inline(always)]
    pub(super) fn normals(&mut self, out: &mut [Block<L>]) {
        let mut bits = [[0; L]; TOGETHER];
        for out in out.chunks_mut(TOGETHER) {
            for bits in &mut bits[..out.len()] {
                *bits = self.bits();
            }
            for (out, bits) in out.as_flattened_mut().iter_mut().zip(bits.as_flattened()) {
                *out = quantile(*bits);
            }
        }
    }

    /// The next sqrt(5 / chi-square with 5 degrees of freedom) of each draw: a normal times it has Student's tails.
    #[inline(always)]
    pub(super) fn tail(&mut self) -> Block<L> {
        let bits = self.bits();
        let tail = &*TAIL;
        let mut out = [0.0; L];
        for lane in 0..L {
            out[lane] = tail.of(bits[lane]);
        }
        out
    }
}

/// The output function of `SplitMix64`.
#[inline(always)]
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The standard normal of 32 bits: 31 of tail probability, 1 of sign.
#[inline(always)]
fn quantile(bits: u32) -> f32 {
    // the tail probability times 2^32, 1..=2^31: 2^e m with m in sqrt(1/2)..sqrt(2)
    let p = ((bits >> 1) as i32 as f32 + 1.0).to_bits() as i32;
    let e = (p - 0x3f35_04f3) >> 23;
    let f = f32::from_bits((p - (e << 23)) as u32) - 1.0;
    // ln m
    let ln = 7.037_683_6e-2;
    let ln = ln * f - 0.115_146_1;
    let ln = ln * f + 0.116_769_99;
    let ln = ln * f - 0.124_201_41;
    let ln = ln * f + 0.142_493_23;
    let ln = ln * f - 0.166_680_58;
    let ln = ln * f + 0.200_007_14;
    let ln = ln * f - 0.25;
    let ln = ln * f + 0.333_333_3;
    let ln = ln * f * f * f - 0.5 * f * f + f;
    let s = ((32 - e) as f32 * (2.0 * std::f32::consts::LN_2) - 2.0 * ln).sqrt();
    let above = 6.148_577e-3;
    let above = above * s + 1.197_142_6;
    let above = above * s + 6.855_430_7;
    let above = above * s + 3.106_460_4;
    let below = 0.263_803_06;
    let below = below * s + 2.969_980_6;
    let below = below * s + 4.555_774_6;
    let below = below * s + 1.0;
    let z = above / below - s;
    f32::from_bits(z.to_bits() ^ (bits << 31))
}

/// Points of the tail factor.
#[derive(Debug)]
struct Tail(Vec<f32>);

static TAIL: LazyLock<Tail> = LazyLock::new(Tail::new);

impl Tail {
    fn new() -> Self {
        let chi = ChiSquared::new(TAIL_FREEDOM);
        let of = |i: u32| {
            let p = (f64::from(i) / 1024.0).clamp(1.0 / 4096.0, 1.0 - 1.0 / 4096.0);
            chi.as_ref().map_or(1.0, |chi| (TAIL_FREEDOM / chi.inverse_cdf(p)).sqrt()) as f32
        };
        Self((0..=1024).map(of).collect())
    }

    fn of(&self, bits: u32) -> f32 {
        let at = (bits >> 22) as usize;
        let t = (bits & 0x003f_ffff) as f32 / 4_194_304.0;
        self.0[at] + t * (self.0[at + 1] - self.0[at])
    }
}

/// e^x in place of each x, for |x| below 80.
#[inline(always)]
pub(super) fn exp<const L: usize>(x: &mut [Block<L>]) {
    const MAGIC: f32 = 12_582_912.0; // 1.5 * 2^23: adding it rounds to a whole number
    for out in x.as_flattened_mut() {
        // e^80 pupils for one are beyond every count, and are refused as that
        let x = out.clamp(-80.0, 80.0);
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
        *out = e * f32::from_bits(((shifted.to_bits() as i32 - MAGIC.to_bits() as i32 + 127) << 23) as u32);
    }
}

/// `sd` times a block.
#[inline(always)]
pub(super) fn scaled<const L: usize>(sd: f32, z: &Block<L>) -> Block<L> {
    let mut out = [0.0; L];
    for lane in 0..L {
        out[lane] = sd * z[lane];
    }
    out
}

/// The product of two blocks, lane by lane.
#[inline(always)]
pub(super) fn times<const L: usize>(a: &Block<L>, b: &Block<L>) -> Block<L> {
    let mut out = [0.0; L];
    for lane in 0..L {
        out[lane] = a[lane] * b[lane];
    }
    out
}

/// The sum of two blocks.
#[inline(always)]
pub(super) fn plus<const L: usize>(a: &Block<L>, b: &Block<L>) -> Block<L> {
    let mut out = [0.0; L];
    for lane in 0..L {
        out[lane] = a[lane] + b[lane];
    }
    out
}

/// Adds a block to another.
#[inline(always)]
pub(super) fn add<const L: usize>(to: &mut Block<L>, by: &Block<L>) {
    for lane in 0..L {
        to[lane] += by[lane];
    }
}

#[cfg(test)]
mod tests {
    use statrs::distribution::Normal;

    use super::*;
    use crate::isa::{Isa, Work};

    /// n-th output of a `SplitMix64` whose seed is `seed`, as published with its reference code.
    fn output(seed: u64, n: u64) -> u64 {
        mix(seed.wrapping_add(GOLDEN.wrapping_mul(n)))
    }

    #[test]
    fn the_bits_are_those_of_splitmix64() {
        // known answers of the reference code (Vigna, splitmix64.c), seed 1234567 and seed 0
        let known = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        for (n, known) in (1..).zip(known) {
            assert_eq!(output(1_234_567, n), known);
        }
        assert_eq!(
            [1, 2, 3].map(|n| output(0, n)),
            [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4, 0x06c4_5d18_8009_454f]
        );
    }

    #[test]
    fn a_number_is_read_off_the_counter_of_its_draw() {
        let key = Key::new("zone", "a");
        let state = mix(key.0 ^ mix(9_u64.wrapping_mul(GOLDEN).wrapping_add(GOLDEN)));
        let mut numbers = key.numbers::<4>(9, 5);
        for n in 0..3 {
            let (high, low) = (numbers.bits(), numbers.bits());
            for lane in 0..4 {
                let counter = ((5 + lane as u64) << 24) + n;
                let bits = mix(state.wrapping_add(counter.wrapping_mul(GOLDEN)));
                assert_eq!((high[lane], low[lane]), ((bits >> 32) as u32, bits as u32));
            }
        }
    }

    #[test]
    fn normals_are_normal_to_their_tails() {
        let standard = Normal::standard();
        for bits in (0..u32::MAX).step_by(999_983).chain([0, 1, 2, 7, u32::MAX - 1, u32::MAX]) {
            let p = (f64::from(bits >> 1) + 1.0) / 4_294_967_296.0;
            let exact = standard.inverse_cdf(p) * if bits & 1 == 1 { -1.0 } else { 1.0 };
            assert!((f64::from(quantile(bits)) - exact).abs() < 1e-6, "{bits} {} {exact}", quantile(bits));
        }
    }

    /// Numbers of one key, draw by draw and number by number.
    fn many(kind: &str, draws: u64, numbers: usize) -> Vec<f64> {
        let blocks = (0..draws).step_by(LANES).flat_map(|w| {
            let mut of = Key::new("zone", kind).numbers::<LANES>(1, w);
            (0..numbers).flat_map(move |_| of.normal())
        });
        blocks.map(f64::from).collect()
    }

    /// Largest distance of the distribution function of `draws` from the normal one, times the root of their number.
    fn distance(mut draws: Vec<f64>) -> f64 {
        draws.sort_by(f64::total_cmp);
        let (standard, n) = (Normal::standard(), draws.len() as f64);
        let far = draws.iter().enumerate().map(|(i, x)| {
            let p = standard.cdf(*x);
            (p - i as f64 / n).abs().max((p - (i + 1) as f64 / n).abs())
        });
        far.fold(0.0, f64::max) * n.sqrt()
    }

    #[test]
    fn the_distribution_is_normal() {
        // many numbers of few draws, few numbers of many draws
        for draws in [many("a", 64, 5000), many("b", 320_000, 1), many("c", 6400, 50)] {
            let n = draws.len() as f64;
            let moment = |k: i32| draws.iter().map(|x| (0..k).fold(1.0, |p, _| p * x)).sum::<f64>() / n;
            // moments of the normal, four standard errors of each: variance of x^k is m(2k) - m(k)^2
            for (k, right, variance) in [(1, 0.0, 1.0), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0)] {
                assert!((moment(k) - right).abs() < 4.0 * (f64::sqrt(variance / n)), "{k}: {}", moment(k));
            }
            // beyond 3 and beyond 4 standard deviations: a count of rare things, four standard errors
            for (z, p) in [(3.0, 2.6998e-3), (4.0, 6.334e-5)] {
                let beyond = draws.iter().filter(|x| x.abs() > z).count() as f64;
                assert!((beyond - n * p).abs() < 4.0 * f64::sqrt(n * p), "{z}: {beyond} of {}", n * p);
            }
            // Kolmogorov and Smirnov: 1.95 is passed once in a thousand
            assert!(distance(draws.clone()) < 1.95, "{}", distance(draws));
        }
    }

    #[test]
    fn neighbouring_numbers_draws_keys_and_seeds_are_not_correlated() {
        let of = |key: &str, seed: u64, w: u64, skip: usize| -> Vec<f64> {
            let blocks = (0..64_000).step_by(LANES).flat_map(move |first| {
                let mut of = Key::new("zone", key).numbers::<LANES>(seed, first + w);
                (0..skip).for_each(|_| _ = of.normal());
                of.normal()
            });
            blocks.map(f64::from).collect()
        };
        let base = of("a", 1, 0, 0);
        let others =
            [of("b", 1, 0, 0), of("a", 2, 0, 0), of("a", 1, 1, 0), of("a", 1, 0, 1), of("a", 1, 0, 2)];
        for (which, other) in others.iter().enumerate() {
            let product = |f: fn(f64) -> f64| {
                base.iter().zip(other).map(|(a, b)| f(*a) * f(*b)).sum::<f64>() / base.len() as f64
            };
            // of the numbers and of their squares; four standard errors
            assert!(product(|x| x).abs() < 4.0 / 64_000_f64.sqrt(), "{which}: {}", product(|x| x));
            assert!(product(|x| x * x - 1.0).abs() < 8.0 / 64_000_f64.sqrt(), "{which}");
        }
    }

    #[test]
    fn many_normals_are_those_made_one_by_one() {
        // an odd number first, so that halves of a value are left between the calls
        let key = Key::new("zone", "a");
        let (mut alone, mut together) = (key.numbers::<LANES>(7, 32), key.numbers::<LANES>(7, 32));
        for count in [1, 3, 2 * TOGETHER + 1, TOGETHER] {
            let mut out = vec![[0.0; LANES]; count];
            together.normals(&mut out);
            for out in out {
                assert_eq!(out.map(f32::to_bits), alone.normal().map(f32::to_bits), "{count}");
            }
        }
    }

    #[test]
    fn a_draw_is_the_same_alone_and_in_a_block() {
        let key = Key::new("zone", "a");
        let mut block = key.numbers::<LANES>(7, 32);
        let (first, second) = (block.normal(), block.normal());
        for lane in 0..LANES {
            let mut alone = key.numbers::<1>(7, 32 + lane as u64);
            assert_eq!(alone.normal()[0].to_bits(), first[lane].to_bits());
            assert_eq!(alone.normal()[0].to_bits(), second[lane].to_bits());
        }
        assert_ne!(first[0].to_bits(), first[1].to_bits());
        for (other, seed) in [("zone", 8), ("district", 7)] {
            assert_ne!(Key::new(other, "a").numbers::<1>(seed, 32).normal()[0].to_bits(), first[0].to_bits());
        }
        assert_ne!(Key::new("zone", "b").numbers::<1>(7, 32).normal()[0].to_bits(), first[0].to_bits());
    }

    /// A few normals and their exponentials.
    struct Some;

    impl Work for Some {
        type Output = Vec<u32>;

        #[inline(always)]
        fn run(self) -> Vec<u32> {
            let mut numbers = Key::new("zone", "isa").numbers::<LANES>(3, 0);
            let mut out = Vec::new();
            for _ in 0..500 {
                let normal = numbers.normal();
                let mut raised = [normal];
                exp(&mut raised);
                let [raised] = raised;
                for lane in 0..LANES {
                    out.extend([normal[lane].to_bits(), raised[lane].to_bits()]);
                }
            }
            out
        }
    }

    #[test]
    fn every_instruction_set_gives_the_same_bits() {
        let right = Isa::portable().run(Some);
        for isa in Isa::available() {
            assert!(isa.run(Some) == right, "{}", isa.code());
        }
    }

    #[test]
    fn tails_and_exponentials_are_right() {
        let mut numbers = Key::new("zone", "t").numbers::<LANES>(1, 0);
        let tails: Vec<f64> = (0..5_000).flat_map(|_| numbers.tail()).map(f64::from).collect();
        // E[5 / chi2_5] = 5 / 3; the last 1/4096 of the tail is cut
        let mean = tails.iter().map(|t| t * t).sum::<f64>() / tails.len() as f64;
        assert!((mean - 5.0 / 3.0).abs() < 0.03, "{mean}");
        for i in -700..700 {
            let x = i as f32 * 0.1;
            let exact = libm::exp(f64::from(x));
            let mut raised = [[x]];
            exp(&mut raised);
            assert!((f64::from(raised[0][0]) / exact - 1.0).abs() < 3e-7, "{x}");
        }
    }
}
