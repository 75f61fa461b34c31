//! Random numbers keyed by what they are for: (seed, kind, key, draw).
//!
//! Each zone, district and project has a stream of its own (`ChaCha8`, key = SHA-256 of seed, kind and key, stream = draw),
//! so a zone added to a scenario does not shift another's numbers and any draw can be made alone. One uniform makes one
//! normal, by the inverse of its distribution function.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};
use statrs::distribution::{ContinuousCDF, Normal};

/// The stream of one thing, positioned at one draw.
#[derive(Debug, Clone)]
pub struct Stream {
    rng: ChaCha8Rng,
}

/// The key of one thing's streams; making it costs a hash, positioning it at a draw does not.
#[derive(Debug, Clone)]
pub(super) struct StreamKey([u8; 32]);

impl StreamKey {
    /// The key of `kind` (zone, district, project) `id` under `seed`.
    pub(super) fn new(seed: u64, kind: &str, id: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed.to_le_bytes());
        hash.update([kind.len() as u8]);
        hash.update(kind.as_bytes());
        hash.update(id.as_bytes());
        Self(hash.finalize().into())
    }

    /// The stream of draw `w`.
    pub(super) fn draw(&self, w: u64) -> Stream {
        let mut rng = ChaCha8Rng::from_seed(self.0);
        rng.set_stream(w);
        Stream { rng }
    }
}

impl Stream {
    /// The stream of `kind` `id` at draw `w` of `seed`.
    pub fn new(seed: u64, kind: &str, id: &str, w: u64) -> Self {
        StreamKey::new(seed, kind, id).draw(w)
    }

    /// The next uniform number, strictly between 0 and 1.
    pub fn uniform(&mut self) -> f64 {
        ((self.rng.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// The next standard normal number.
    pub fn normal(&mut self) -> f64 {
        Normal::standard().inverse_cdf(self.uniform())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_is_the_same_alone_and_differs_by_seed_kind_id_and_draw() {
        let first = |seed, kind, id, w| Stream::new(seed, kind, id, w).uniform();
        let base = first(1, "zone", "a", 7);
        assert_eq!(base.to_bits(), first(1, "zone", "a", 7).to_bits());
        for other in [
            first(2, "zone", "a", 7),
            first(1, "project", "a", 7),
            first(1, "zone", "b", 7),
            first(1, "zone", "a", 8),
        ] {
            assert_ne!(base.to_bits(), other.to_bits());
        }
    }

    #[test]
    fn normals_have_mean_zero_and_variance_one() {
        let draws: Vec<f64> = (0..20_000).map(|w| Stream::new(1, "zone", "a", w).normal()).collect();
        let mean = draws.iter().sum::<f64>() / 20_000.0;
        let variance = draws.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 19_999.0;
        // standard errors 0.007 and 0.010: four of each
        assert!(mean.abs() < 0.028, "{mean}");
        assert!((variance - 1.0).abs() < 0.04, "{variance}");
    }
}
