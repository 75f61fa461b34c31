//! Which vector instructions a kernel is compiled for, chosen when the program runs.
//!
//! A kernel is plain safe Rust over blocks of draws. [`Isa::run`] compiles it three times, and picks the fastest that this
//! machine has. All three do the same steps in the same order, and Rust never contracts a product and a sum into one, so
//! they give the same bits.

#![expect(clippy::inline_always, reason = "compiled for an instruction set only where it is inlined")]

use std::sync::OnceLock;

/// What a program was told to use instead of the fastest.
static TOLD: OnceLock<Isa> = OnceLock::new();

/// An instruction set that this machine has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Isa(Set);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Set {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2(pulp_token::V3),
    #[cfg(target_arch = "x86_64")]
    Avx512(pulp_token::V4),
}

/// Proofs that an instruction set was found; comparable, as [`Isa`] is.
#[cfg(target_arch = "x86_64")]
mod pulp_token {
    macro_rules! token {
        ($name:ident) => {
            #[derive(Debug, Clone, Copy)]
            pub(super) struct $name(pub(super) pulp::x86::$name);
            impl PartialEq for $name {
                fn eq(&self, _: &Self) -> bool {
                    true
                }
            }
            impl Eq for $name {}
        };
    }
    token!(V3);
    token!(V4);
}

/// A piece of work to be compiled for every instruction set. Everything it calls must be `#[inline(always)]`.
pub trait Work {
    /// What comes out.
    type Output;
    /// Does it.
    fn run(self) -> Self::Output;
}

impl Isa {
    /// Those of this machine, the slowest first; the portable one is always there.
    pub fn available() -> Vec<Self> {
        std::iter::once(Self::portable()).chain(Self::wider()).collect()
    }

    /// The fastest of this machine, unless another was told.
    pub fn best() -> Self {
        TOLD.get().copied().unwrap_or_else(|| Self::wider().last().unwrap_or(Self::portable()))
    }

    /// Makes `self` the one that is used from here on by the whole program, which tells it once, before it computes. No
    /// result depends on it: it is there so that each can be tried on any machine.
    pub fn tell(self) {
        // told twice, the first holds
        let _ = TOLD.set(self);
    }

    /// Those that this machine has beyond what every machine has, the slowest first.
    #[cfg(target_arch = "x86_64")]
    fn wider() -> impl Iterator<Item = Self> {
        let avx2 = pulp::x86::V3::try_new().map(|v| Self(Set::Avx2(pulp_token::V3(v))));
        let avx512 = pulp::x86::V4::try_new().map(|v| Self(Set::Avx512(pulp_token::V4(v))));
        avx2.into_iter().chain(avx512)
    }

    /// Those that this machine has beyond what every machine has: none is looked for.
    #[cfg(not(target_arch = "x86_64"))]
    fn wider() -> impl Iterator<Item = Self> {
        std::iter::empty()
    }

    /// What every machine has.
    pub fn portable() -> Self {
        Self(Set::Portable)
    }

    /// Code in results.
    pub fn code(self) -> &'static str {
        match self.0 {
            Set::Portable => "portable",
            #[cfg(target_arch = "x86_64")]
            Set::Avx2(_) => "avx2",
            #[cfg(target_arch = "x86_64")]
            Set::Avx512(_) => "avx512",
        }
    }

    /// Does the work, compiled for this instruction set.
    pub fn run<W: Work>(self, work: W) -> W::Output {
        match self.0 {
            Set::Portable => work.run(),
            #[cfg(target_arch = "x86_64")]
            Set::Avx2(pulp_token::V3(v)) => pulp::Simd::vectorize(v, Wide(work)),
            #[cfg(target_arch = "x86_64")]
            Set::Avx512(pulp_token::V4(v)) => pulp::Simd::vectorize(v, Wide(work)),
        }
    }
}

#[cfg(target_arch = "x86_64")]
struct Wide<W>(W);

#[cfg(target_arch = "x86_64")]
impl<W: Work> pulp::WithSimd for Wide<W> {
    type Output = W::Output;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> W::Output {
        self.0.run()
    }
}
