//! Whole pupils side by side: a block is 64 draws of one figure, in the narrowest width that is proved to hold it.
//!
//! | width | a slot's shortage | pupils less places | totals of a draw |
//! |---|---|---|---|
//! | [`u16`] | u16 | i16 | u32 |
//! | [`u32`] | u32 | i32 | u32 |
//! | [`u64`] | u64 | i64 | u64 |
//!
//! Sums wrap. A sum whose true value is proved to fit its width is right whatever wraps on the way.

/// Draws in a block: one word of bits, and whole registers in every width.
pub(super) const LANES: usize = 64;

/// 64 draws of one figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(align(64))]
pub(super) struct Block<T>(pub(super) [T; LANES]);

/// A whole number with sums that wrap.
pub(super) trait Whole: Copy + Ord + Default + Send + Sync + std::fmt::Debug + 'static {
    /// The number that is congruent to `n`.
    fn of(n: i64) -> Self;
    fn plus(self, other: Self) -> Self;
    fn less(self, other: Self) -> Self;
    /// 1 if `self` is greater than `other`, else 0.
    fn above(self, other: Self) -> Self;
}

macro_rules! whole {
    ($($t:ty),*) => {$(
        impl Whole for $t {
            #[inline(always)]
            fn of(n: i64) -> Self { n as $t }
            #[inline(always)]
            fn plus(self, other: Self) -> Self { self.wrapping_add(other) }
            #[inline(always)]
            fn less(self, other: Self) -> Self { self.wrapping_sub(other) }
            #[inline(always)]
            fn above(self, other: Self) -> Self { <$t>::from(self > other) }
        }
    )*};
}
whole!(u16, u32, u64, i16, i32, i64);

/// The sum of a draw over all slots.
pub(super) trait Total: Whole + Into<u64> {
    /// The same bits with a sign: what a difference of totals is.
    type Signed: Whole + Into<i64>;
    /// The largest figure that fits.
    const MOST: u64;
    fn signed(self) -> Self::Signed;
}
impl Total for u32 {
    type Signed = i32;
    const MOST: u64 = u32::MAX as u64;
    #[inline(always)]
    fn signed(self) -> i32 {
        self as i32
    }
}
impl Total for u64 {
    type Signed = i64;
    const MOST: u64 = u64::MAX;
    #[inline(always)]
    fn signed(self) -> i64 {
        self as i64
    }
}

/// The width of a slot's shortage.
pub(super) trait Lane: Whole {
    /// Pupils less places, negative where places are left.
    type Net: Whole + Into<i64>;
    /// The sum over all slots.
    type Total: Total;
    /// The largest figure that fits.
    const MOST: u64;
    fn of_net(net: Self::Net) -> Self;
    fn total(self) -> Self::Total;
}

macro_rules! lane {
    ($lane:ty, $net:ty, $total:ty) => {
        impl Lane for $lane {
            type Net = $net;
            type Total = $total;
            const MOST: u64 = <$lane>::MAX as u64;
            #[inline(always)]
            fn of_net(net: $net) -> Self {
                net as $lane
            }
            #[inline(always)]
            fn total(self) -> $total {
                <$total>::from(self)
            }
        }
    };
}
lane!(u16, i16, u32);
lane!(u32, i32, u32);
lane!(u64, i64, u64);

impl<T: Whole> Block<T> {
    /// The same figure in every draw.
    #[inline(always)]
    pub(super) fn of(n: T) -> Self {
        Self([n; LANES])
    }

    #[inline(always)]
    pub(super) fn map<U: Whole>(&self, f: impl Fn(T) -> U) -> Block<U> {
        let mut out = Block([U::default(); LANES]);
        for lane in 0..LANES {
            out.0[lane] = f(self.0[lane]);
        }
        out
    }

    #[inline(always)]
    pub(super) fn plus(&self, other: &Self) -> Self {
        let mut out = *self;
        for lane in 0..LANES {
            out.0[lane] = out.0[lane].plus(other.0[lane]);
        }
        out
    }

    #[inline(always)]
    pub(super) fn less(&self, other: &Self) -> Self {
        let mut out = *self;
        for lane in 0..LANES {
            out.0[lane] = out.0[lane].less(other.0[lane]);
        }
        out
    }

    #[inline(always)]
    pub(super) fn max(&self, other: &Self) -> Self {
        let mut out = *self;
        for lane in 0..LANES {
            out.0[lane] = out.0[lane].max(other.0[lane]);
        }
        out
    }

    /// The figure where it is positive, else 0.
    #[inline(always)]
    pub(super) fn positive(&self) -> Self {
        self.max(&Self::of(T::default()))
    }
}
