//! What tables are indexed by: one type for each kind of index, so that a zone cannot stand where a stage is meant.
//!
//! An id is a position in a table of the scenario: `ZoneId` 3 is the fourth zone. It is not the key (`"FT-03"`) that a
//! person writes in a file. Two ids of one kind compare and sort; arithmetic on them is not defined, save the step from
//! one year, lead or grade to another (`plus`, `minus`).
//!
//! | id | counts | in the order of |
//! |---|---|---|
//! | [`DistrictId`], [`GroupId`], [`ZoneId`] | districts, sharing groups, zones | the frame |
//! | [`StageId`], [`GradeId`] | stages; grades over all stages | the frame |
//! | [`SchoolId`], [`ProjectId`] | schools, projects | the scenario |
//! | [`YearOffset`] | years after the base year of a run, 0 = base year | time |
//! | [`ComingYear`] | coming years of a run, 0 = the year after the base year | time |
//! | [`PastYear`] | years of a history, 0 = its first | time |
//! | [`Lead`] | years from a forecast to the year it is for, 0 = the year it is made in | time |
//! | [`UnitId`] | areas or schools of a history | the history |
//! | [`ChainGrade`] | grades that follow one another in a history, 0 = its entry grade | the chain of grades |
//! | [`HeadId`] | units that share shocks | the frame's districts; one for a history |
//! | [`DrawId`] | draws of a forecast | the stream of draws |
//!
//! A list by one id is a [`Table`]; a list by two or three is a grid ([`crate::grid`]).
//!
//! A zone does not compile where a group is meant:
//!
//! ```compile_fail,E0308
//! use seatcast_core::index::{GroupId, Table, ZoneId};
//!
//! let names: Table<GroupId, &str> = vec!["north", "south"].into();
//! println!("{}", names[ZoneId::new(1)]);
//! ```
//!
//! The same with the index that is meant:
//!
//! ```
//! use seatcast_core::index::{GroupId, Table};
//!
//! let names: Table<GroupId, &str> = vec!["north", "south"].into();
//! assert_eq!(names[GroupId::new(1)], "south");
//! ```

use std::{
    fmt::Debug,
    iter::FusedIterator,
    marker::PhantomData,
    ops::{Deref, DerefMut, Index, IndexMut, Range},
};

/// A position in a table of its kind.
pub trait Id: Copy + Ord + Debug {
    /// The id of position `index`.
    fn new(index: usize) -> Self;

    /// Its position.
    fn index(self) -> usize;
}

/// Declares types of ids: `ids! { /// What one is. Name }`.
#[macro_export]
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(usize);

        impl $name {
            /// The id of position `index`.
            pub const fn new(index: usize) -> Self {
                Self(index)
            }

            /// Its position.
            pub const fn index(self) -> usize {
                self.0
            }
        }

        impl $crate::index::Id for $name {
            #[inline]
            fn new(index: usize) -> Self {
                Self(index)
            }

            #[inline]
            fn index(self) -> usize {
                self.0
            }
        }
    )*};
}

pub use ids;

ids! {
    /// A district of the frame.
    DistrictId
    /// A sharing group of the frame.
    GroupId
    /// A zone of the frame.
    ZoneId
    /// A stage of the frame.
    StageId
    /// A grade of the frame, counted over all stages.
    GradeId
    /// A school of the scenario.
    SchoolId
    /// A project of the scenario.
    ProjectId
    /// Years after the base year of a run; 0 = base year.
    YearOffset
    /// Coming years of a run; 0 = the year after the base year.
    ComingYear
    /// Years after the first year of a history; 0 = its first year.
    PastYear
    /// Years from the year a forecast is made in to the year it is for.
    Lead
    /// An area or a school of a history.
    UnitId
    /// A grade of a history, in which pupils move up grade by grade; 0 = its entry grade.
    ChainGrade
    /// Units that share shocks: a district, or all areas of a history.
    HeadId
    /// A draw of a forecast.
    DrawId
}

/// Declares that one can go from an id to those after and before it.
macro_rules! steps {
    ($($name:ident)*) => {$(
        impl $name {
            /// So many further.
            #[must_use]
            pub const fn plus(self, steps: usize) -> Self {
                Self(self.0 + steps)
            }

            /// So many back, the first at the earliest.
            #[must_use]
            pub const fn minus(self, steps: usize) -> Self {
                Self(self.0.saturating_sub(steps))
            }
        }
    )*};
}

steps! { YearOffset PastYear Lead ChainGrade }

impl YearOffset {
    /// The base year of the run.
    pub const BASE: Self = Self(0);

    /// The same year among the coming ones; of the base year the first.
    pub const fn coming(self) -> ComingYear {
        ComingYear(self.0.saturating_sub(1))
    }
}

impl PastYear {
    /// The year that a forecast made in this one is for.
    #[must_use]
    pub const fn after(self, h: Lead) -> Self {
        self.plus(h.0)
    }
}

impl Lead {
    /// The year a forecast is made in.
    pub const ORIGIN: Self = Self(0);

    /// The year after.
    pub const NEXT: Self = Self(1);

    /// One year to `last` years ahead.
    pub fn up_to(last: usize) -> Ids<Self> {
        Ids::of(1..last + 1)
    }

    /// The same year counted from the base year, where the forecast was made in that.
    pub const fn offset(self) -> YearOffset {
        YearOffset(self.0)
    }

    /// The same year among the coming ones; of the year a forecast is made in the first.
    pub const fn year(self) -> ComingYear {
        ComingYear(self.0.saturating_sub(1))
    }
}

impl ChainGrade {
    /// The grade in which pupils enter.
    pub const ENTRY: Self = Self(0);
}

impl ComingYear {
    /// The same year counted from the base year.
    pub const fn offset(self) -> YearOffset {
        YearOffset(self.0 + 1)
    }

    /// The year before; `None` of the first.
    #[must_use]
    pub const fn before(self) -> Option<Self> {
        match self.0.checked_sub(1) {
            Some(year) => Some(Self(year)),
            None => None,
        }
    }

    /// How far ahead it is.
    pub const fn lead(self) -> Lead {
        Lead(self.0 + 1)
    }
}

/// Ids of neighbouring positions, in their order: a range of ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ids<I> {
    range: Range<usize>,
    kind: PhantomData<I>,
}

impl<I: Id> Ids<I> {
    /// The first `count` ids.
    pub fn first(count: usize) -> Self {
        Self::of(0..count)
    }

    /// One id alone.
    pub fn one(id: I) -> Self {
        Self::of(id.index()..id.index() + 1)
    }

    /// The ids of these positions.
    pub fn of(range: Range<usize>) -> Self {
        Self { range, kind: PhantomData }
    }

    /// The id after the last.
    pub fn end(&self) -> I {
        I::new(self.range.end)
    }

    /// Their positions, for slices.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }
}

impl<I: Id> Iterator for Ids<I> {
    type Item = I;

    #[inline]
    fn next(&mut self) -> Option<I> {
        self.range.next().map(I::new)
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.range.size_hint()
    }
}

impl<I: Id> DoubleEndedIterator for Ids<I> {
    #[inline]
    fn next_back(&mut self) -> Option<I> {
        self.range.next_back().map(I::new)
    }
}

impl<I: Id> ExactSizeIterator for Ids<I> {}

impl<I: Id> FusedIterator for Ids<I> {}

/// A list that is indexed by one kind of id; else a `Vec`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table<I, T> {
    rows: Vec<T>,
    kind: PhantomData<I>,
}

impl<I: Id, T> Table<I, T> {
    /// `value` for each of the first `count` ids.
    pub fn filled(count: usize, value: T) -> Self
    where
        T: Clone,
    {
        vec![value; count].into()
    }

    /// The ids of all rows.
    pub fn ids(&self) -> Ids<I> {
        Ids::first(self.rows.len())
    }

    /// All rows with their ids.
    pub fn pairs(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.ids().zip(&self.rows)
    }

    /// The row of `id`; `None` beyond the end.
    pub fn at(&self, id: I) -> Option<&T> {
        self.rows.get(id.index())
    }

    /// The first id whose row is so.
    pub fn find(&self, is: impl FnMut(&T) -> bool) -> Option<I> {
        self.rows.iter().position(is).map(I::new)
    }

    /// Appends a row and says its id.
    pub fn push(&mut self, row: T) -> I {
        self.rows.push(row);
        I::new(self.rows.len() - 1)
    }

    /// The rows without their kind.
    pub fn into_vec(self) -> Vec<T> {
        self.rows
    }
}

/// A list by year, 0 = base year.
pub type Years<T> = Table<YearOffset, T>;

impl<T> Years<T> {
    /// The list as it is `years` years later: the first rows are gone.
    pub fn skip_years(&mut self, years: usize) {
        self.rows.drain(..years);
    }

    /// Keeps the first `years` years.
    pub fn truncate(&mut self, years: usize) {
        self.rows.truncate(years);
    }
}

impl<I, T> Default for Table<I, T> {
    fn default() -> Self {
        Self { rows: Vec::new(), kind: PhantomData }
    }
}

impl<I, T> From<Vec<T>> for Table<I, T> {
    fn from(rows: Vec<T>) -> Self {
        Self { rows, kind: PhantomData }
    }
}

impl<I, T, const N: usize> From<[T; N]> for Table<I, T> {
    fn from(rows: [T; N]) -> Self {
        Vec::from(rows).into()
    }
}

impl<I, T> FromIterator<T> for Table<I, T> {
    fn from_iter<S: IntoIterator<Item = T>>(rows: S) -> Self {
        Vec::from_iter(rows).into()
    }
}

impl<I, T> Extend<T> for Table<I, T> {
    fn extend<S: IntoIterator<Item = T>>(&mut self, rows: S) {
        self.rows.extend(rows);
    }
}

impl<I, T> Deref for Table<I, T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        &self.rows
    }
}

impl<I, T> DerefMut for Table<I, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.rows
    }
}

impl<I: Id, T> Index<I> for Table<I, T> {
    type Output = T;

    #[inline]
    fn index(&self, id: I) -> &T {
        &self.rows[id.index()]
    }
}

impl<I: Id, T> IndexMut<I> for Table<I, T> {
    #[inline]
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.rows[id.index()]
    }
}

impl<'a, I, T> IntoIterator for &'a Table<I, T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter()
    }
}

impl<'a, I, T> IntoIterator for &'a mut Table<I, T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter_mut()
    }
}

impl<I, T> IntoIterator for Table<I, T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_run_both_ways_and_know_their_positions() {
        let ids = Ids::<GradeId>::of(2..5);
        assert_eq!(ids.clone().map(GradeId::index).collect::<Vec<_>>(), [2, 3, 4]);
        assert_eq!(ids.clone().next_back(), Some(GradeId::new(4)));
        assert_eq!((ids.len(), ids.range()), (3, 2..5));
    }

    #[test]
    fn a_table_gives_back_what_was_pushed_under_the_id_it_said() {
        let mut table: Table<ZoneId, &str> = vec!["a"].into();
        let id = table.push("b");
        table[ZoneId::new(0)] = "z";
        assert_eq!(
            (table[id], table.at(ZoneId::new(2)), table.find(|n| *n == "z")),
            ("b", None, Some(ZoneId::new(0)))
        );
        assert_eq!(table.pairs().map(|(z, n)| (z.index(), *n)).collect::<Vec<_>>(), [(0, "z"), (1, "b")]);
    }

    #[test]
    fn a_year_steps_forward_and_stops_at_the_base_year_backward() {
        assert_eq!(YearOffset::BASE.plus(3).minus(1), YearOffset::new(2));
        assert_eq!(YearOffset::new(1).minus(5), YearOffset::BASE);
    }
}
