//! Tables of two or three indices. The only place, with the kernels of a sweep, that knows how they lie in memory.
//!
//! Row-major, the last index fastest:
//!
//! ```text
//! position(r, c) = r * columns + c          position(a, r, c) = a * rows * columns + r * columns + c
//! ```
//!
//! | type | what it is |
//! |---|---|
//! | [`Shape`] | numbers of rows and columns: turns a pair of ids into a position and back |
//! | [`Pair`] | the position of a pair of ids, an id itself: a cell is a [`CellId`] = zone and grade |
//! | [`Grid`] | values by two ids |
//! | [`Grid3`] | values by three ids: a grid for each of the first |
//! | [`View`] | a grid that lies in another's memory: one year of a path |
//!
//! Rows are slices, so that a loop over a row is a loop over a slice. A column outside its row is refused where debug
//! assertions are on, as is a vector that does not fill its shape.
//!
//! A swapped pair does not compile:
//!
//! ```compile_fail,E0308
//! use seatcast_core::{grid::{Grid, Shape}, index::{GradeId, ZoneId}};
//!
//! let pupils: Grid<ZoneId, GradeId, u32> = Grid::filled(Shape::new(2, 6), 0);
//! println!("{}", pupils[(GradeId::new(5), ZoneId::new(1))]);
//! ```
//!
//! The same in the order that is meant:
//!
//! ```
//! use seatcast_core::{grid::{Grid, Shape}, index::{GradeId, ZoneId}};
//!
//! let pupils: Grid<ZoneId, GradeId, u32> = Grid::filled(Shape::new(2, 6), 0);
//! assert_eq!(pupils[(ZoneId::new(1), GradeId::new(5))], 0);
//! ```

use std::{
    marker::PhantomData,
    ops::{Deref, DerefMut, Index, IndexMut, Range},
};

use crate::index::{GradeId, GroupId, Id, Ids, StageId, ZoneId};

/// A cell: one grade of one zone.
pub type CellId = Pair<ZoneId, GradeId>;

/// A slot: one stage of one sharing group, where demand meets places.
pub type SlotId = Pair<GroupId, StageId>;

/// Values by zone and grade.
pub type Cells<T> = Grid<ZoneId, GradeId, T>;

/// Values by sharing group and stage.
pub type Slots<T> = Grid<GroupId, StageId, T>;

/// One stage of one zone.
pub type ZoneStage = Pair<ZoneId, StageId>;

/// The position of a row and a column in a grid of their shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair<R, C> {
    index: usize,
    kind: PhantomData<(R, C)>,
}

impl<R, C> Pair<R, C> {
    /// The pair at position `index`.
    pub const fn new(index: usize) -> Self {
        Self { index, kind: PhantomData }
    }

    /// Its position.
    pub const fn index(self) -> usize {
        self.index
    }
}

impl<R: Id, C: Id> Id for Pair<R, C> {
    #[inline]
    fn new(index: usize) -> Self {
        Self::new(index)
    }

    #[inline]
    fn index(self) -> usize {
        self.index
    }
}

/// Numbers of rows and columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape<R, C> {
    rows: usize,
    columns: usize,
    kind: PhantomData<(R, C)>,
}

impl<R, C> Default for Shape<R, C> {
    fn default() -> Self {
        Self { rows: 0, columns: 0, kind: PhantomData }
    }
}

impl<R: Id, C: Id> Shape<R, C> {
    /// So many rows and columns.
    pub fn new(rows: usize, columns: usize) -> Self {
        Self { rows, columns, kind: PhantomData }
    }

    /// Number of pairs.
    #[inline]
    pub fn count(self) -> usize {
        self.rows * self.columns
    }

    /// All rows.
    pub fn rows(self) -> Ids<R> {
        Ids::first(self.rows)
    }

    /// All columns.
    pub fn columns(self) -> Ids<C> {
        Ids::first(self.columns)
    }

    /// All pairs, row by row.
    pub fn pairs(self) -> Ids<Pair<R, C>> {
        Ids::first(self.count())
    }

    /// The pair of a row and a column.
    #[inline]
    pub fn at(self, row: R, column: C) -> Pair<R, C> {
        debug_assert!(column.index() < self.columns, "{column:?} of {} columns", self.columns);
        Pair::new(row.index() * self.columns + column.index())
    }

    /// The row and the column of a pair.
    #[inline]
    pub fn split(self, pair: Pair<R, C>) -> (R, C) {
        (R::new(pair.index / self.columns), C::new(pair.index % self.columns))
    }

    /// The pairs of one row.
    #[inline]
    pub fn row(self, row: R) -> Ids<Pair<R, C>> {
        Ids::of(self.range(row))
    }

    /// Positions of one row.
    #[inline]
    fn range(self, row: R) -> Range<usize> {
        let start = row.index() * self.columns;
        start..start + self.columns
    }
}

/// Values by two ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid<R, C, T> {
    shape: Shape<R, C>,
    values: Vec<T>,
}

impl<R, C, T> Default for Grid<R, C, T> {
    fn default() -> Self {
        Self { shape: Shape::default(), values: Vec::new() }
    }
}

impl<R: Id, C: Id, T> Grid<R, C, T> {
    /// `value` everywhere.
    pub fn filled(shape: Shape<R, C>, value: T) -> Self
    where
        T: Clone,
    {
        Self { shape, values: vec![value; shape.count()] }
    }

    /// Values row by row.
    pub fn from_vec(shape: Shape<R, C>, values: Vec<T>) -> Self {
        debug_assert_eq!(values.len(), shape.count(), "values of {shape:?}");
        Self { shape, values }
    }

    /// The value of each pair, row by row.
    pub fn from_fn(shape: Shape<R, C>, mut value: impl FnMut(R, C) -> T) -> Self {
        let mut values = Vec::with_capacity(shape.count());
        for row in shape.rows() {
            values.extend(shape.columns().map(|column| value(row, column)));
        }
        Self { shape, values }
    }

    /// Its shape.
    #[inline]
    pub fn shape(&self) -> Shape<R, C> {
        self.shape
    }

    /// The grid as a view.
    #[inline]
    pub fn view(&self) -> View<'_, R, C, T> {
        View { shape: self.shape, values: &self.values }
    }

    /// One row.
    #[inline]
    pub fn row(&self, row: R) -> &[T] {
        &self.values[self.shape.range(row)]
    }

    /// One row, to be changed.
    #[inline]
    pub fn row_mut(&mut self, row: R) -> &mut [T] {
        &mut self.values[self.shape.range(row)]
    }

    /// The value of a pair; `None` outside of the grid.
    pub fn get(&self, row: R, column: C) -> Option<&T> {
        if column.index() < self.shape.columns {
            self.values.get(self.shape.at(row, column).index)
        } else {
            None
        }
    }

    /// All values with their pairs, row by row.
    pub fn pairs(&self) -> impl DoubleEndedIterator<Item = (Pair<R, C>, &T)> + ExactSizeIterator {
        self.shape.pairs().zip(&self.values)
    }

    /// The grid of what `value` makes of each value.
    pub fn map<U>(&self, value: impl FnMut(&T) -> U) -> Grid<R, C, U> {
        Grid { shape: self.shape, values: self.values.iter().map(value).collect() }
    }

    /// The values without their shape, row by row.
    pub fn into_vec(self) -> Vec<T> {
        self.values
    }
}

/// All values, row by row.
impl<R, C, T> Deref for Grid<R, C, T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        &self.values
    }
}

impl<R, C, T> DerefMut for Grid<R, C, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.values
    }
}

impl<R: Id, C: Id, T> Index<(R, C)> for Grid<R, C, T> {
    type Output = T;

    #[inline]
    fn index(&self, (row, column): (R, C)) -> &T {
        &self.values[self.shape.at(row, column).index]
    }
}

impl<R: Id, C: Id, T> IndexMut<(R, C)> for Grid<R, C, T> {
    #[inline]
    fn index_mut(&mut self, (row, column): (R, C)) -> &mut T {
        &mut self.values[self.shape.at(row, column).index]
    }
}

impl<R: Id, C: Id, T> Index<Pair<R, C>> for Grid<R, C, T> {
    type Output = T;

    #[inline]
    fn index(&self, pair: Pair<R, C>) -> &T {
        &self.values[pair.index]
    }
}

impl<R: Id, C: Id, T> IndexMut<Pair<R, C>> for Grid<R, C, T> {
    #[inline]
    fn index_mut(&mut self, pair: Pair<R, C>) -> &mut T {
        &mut self.values[pair.index]
    }
}

/// A grid that lies in another's memory.
#[derive(Debug, PartialEq, Eq)]
pub struct View<'a, R, C, T> {
    shape: Shape<R, C>,
    values: &'a [T],
}

impl<R: Id, C: Id, T> Clone for View<'_, R, C, T> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: Id, C: Id, T> Copy for View<'_, R, C, T> {}

impl<'a, R: Id, C: Id, T> View<'a, R, C, T> {
    /// A view of values that lie row by row.
    pub fn new(shape: Shape<R, C>, values: &'a [T]) -> Self {
        debug_assert_eq!(values.len(), shape.count(), "values of {shape:?}");
        Self { shape, values }
    }

    /// Its shape.
    #[inline]
    pub fn shape(self) -> Shape<R, C> {
        self.shape
    }

    /// One row.
    #[inline]
    pub fn row(self, row: R) -> &'a [T] {
        &self.values[self.shape.range(row)]
    }

    /// The value of a pair; `None` outside of the grid.
    pub fn get(self, row: R, column: C) -> Option<&'a T> {
        if column.index() < self.shape.columns {
            self.values.get(self.shape.at(row, column).index)
        } else {
            None
        }
    }

    /// All values, row by row.
    #[inline]
    pub fn values(self) -> &'a [T] {
        self.values
    }

    /// A grid of its own with the same values.
    pub fn to_grid(self) -> Grid<R, C, T>
    where
        T: Clone,
    {
        Grid::from_vec(self.shape, self.values.to_vec())
    }
}

/// All values, row by row.
impl<R: Id, C: Id, T> Deref for View<'_, R, C, T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        self.values
    }
}

impl<R: Id, C: Id, T> Index<(R, C)> for View<'_, R, C, T> {
    type Output = T;

    #[inline]
    fn index(&self, (row, column): (R, C)) -> &T {
        &self.values[self.shape.at(row, column).index]
    }
}

impl<R: Id, C: Id, T> Index<Pair<R, C>> for View<'_, R, C, T> {
    type Output = T;

    #[inline]
    fn index(&self, pair: Pair<R, C>) -> &T {
        &self.values[pair.index]
    }
}

/// Values by three ids: a grid of `R` and `C` for each `A`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid3<A, R, C, T> {
    grids: Grid<A, Pair<R, C>, T>,
    shape: Shape<R, C>,
}

impl<A, R, C, T> Default for Grid3<A, R, C, T> {
    fn default() -> Self {
        Self { grids: Grid::default(), shape: Shape::default() }
    }
}

impl<A: Id, R: Id, C: Id, T> Grid3<A, R, C, T> {
    /// `value` everywhere, in `count` grids of `shape`.
    pub fn filled(count: usize, shape: Shape<R, C>, value: T) -> Self
    where
        T: Clone,
    {
        Self { grids: Grid::filled(Shape::new(count, shape.count()), value), shape }
    }

    /// Values grid by grid, row by row.
    pub fn from_vec(count: usize, shape: Shape<R, C>, values: Vec<T>) -> Self {
        Self { grids: Grid::from_vec(Shape::new(count, shape.count()), values), shape }
    }

    /// The value of each triple, grid by grid, row by row.
    pub fn from_fn(count: usize, shape: Shape<R, C>, mut value: impl FnMut(A, R, C) -> T) -> Self {
        let value = |a, pair| {
            let (row, column) = shape.split(pair);
            value(a, row, column)
        };
        Self { grids: Grid::from_fn(Shape::new(count, shape.count()), value), shape }
    }

    /// Number of grids.
    #[inline]
    pub fn count(&self) -> usize {
        self.grids.shape.rows
    }

    /// The first index, all of it.
    pub fn ids(&self) -> Ids<A> {
        self.grids.shape.rows()
    }

    /// The shape of each grid.
    #[inline]
    pub fn shape(&self) -> Shape<R, C> {
        self.shape
    }

    /// The grid of `a`.
    #[inline]
    pub fn grid(&self, a: A) -> View<'_, R, C, T> {
        View { shape: self.shape, values: self.grids.row(a) }
    }

    /// The values of the grid of `a`, to be changed, row by row.
    #[inline]
    pub fn grid_mut(&mut self, a: A) -> &mut [T] {
        self.grids.row_mut(a)
    }

    /// One row of the grid of `a`.
    #[inline]
    pub fn row(&self, a: A, row: R) -> &[T] {
        let own = self.shape.range(row);
        let start = a.index() * self.grids.shape.columns;
        &self.grids.values[start + own.start..start + own.end]
    }

    /// One row of the grid of `a`, to be changed.
    #[inline]
    pub fn row_mut(&mut self, a: A, row: R) -> &mut [T] {
        let own = self.shape.range(row);
        let start = a.index() * self.grids.shape.columns;
        &mut self.grids.values[start + own.start..start + own.end]
    }

    /// The value of a triple; `None` outside of the grids.
    pub fn get(&self, a: A, row: R, column: C) -> Option<&T> {
        let inside = row.index() < self.shape.rows && column.index() < self.shape.columns;
        if inside { self.grids.get(a, self.shape.at(row, column)) } else { None }
    }

    /// The grids of what `value` makes of each value.
    pub fn map<U>(&self, value: impl FnMut(&T) -> U) -> Grid3<A, R, C, U> {
        Grid3 { grids: self.grids.map(value), shape: self.shape }
    }

    /// The first `count` grids alone.
    #[must_use]
    pub fn cut(&self, count: usize) -> Self
    where
        T: Clone,
    {
        let values = self.grids.values[..count * self.shape.count()].to_vec();
        Self::from_vec(count, self.shape, values)
    }
}

/// All values, grid by grid, row by row.
impl<A, R, C, T> Deref for Grid3<A, R, C, T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        &self.grids
    }
}

impl<A, R, C, T> DerefMut for Grid3<A, R, C, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.grids
    }
}

impl<A: Id, R: Id, C: Id, T> Index<(A, R, C)> for Grid3<A, R, C, T> {
    type Output = T;

    #[inline]
    fn index(&self, (a, row, column): (A, R, C)) -> &T {
        &self.grids[(a, self.shape.at(row, column))]
    }
}

impl<A: Id, R: Id, C: Id, T> IndexMut<(A, R, C)> for Grid3<A, R, C, T> {
    #[inline]
    fn index_mut(&mut self, (a, row, column): (A, R, C)) -> &mut T {
        let pair = self.shape.at(row, column);
        &mut self.grids[(a, pair)]
    }
}

impl<A: Id, R: Id, C: Id, T> Index<(A, Pair<R, C>)> for Grid3<A, R, C, T> {
    type Output = T;

    #[inline]
    fn index(&self, at: (A, Pair<R, C>)) -> &T {
        &self.grids[at]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::YearOffset;

    fn shape() -> Shape<ZoneId, GradeId> {
        Shape::new(3, 4)
    }

    #[test]
    fn every_pair_splits_into_the_ids_it_was_made_of() {
        for (z, g) in shape().rows().flat_map(|z| shape().columns().map(move |g| (z, g))) {
            assert_eq!(shape().split(shape().at(z, g)), (z, g));
        }
        assert!(shape().pairs().map(|pair| shape().split(pair)).is_sorted());
        assert_eq!(shape().pairs().len(), 12);
    }

    #[test]
    fn rows_are_slices_of_the_values_in_order() {
        let grid = Grid::from_fn(shape(), |z, g| 10 * z.index() + g.index());
        assert_eq!(grid.row(ZoneId::new(2)), [20, 21, 22, 23]);
        assert_eq!(grid.view().row(ZoneId::new(1)), grid.row(ZoneId::new(1)));
        assert_eq!(
            grid.iter().copied().collect::<Vec<_>>(),
            shape().rows().flat_map(|z| grid.row(z).to_vec()).collect::<Vec<_>>()
        );
        let pair = shape().at(ZoneId::new(1), GradeId::new(3));
        assert_eq!((grid.view()[pair], shape().row(ZoneId::new(1)).next_back()), (13, Some(pair)));
    }

    #[test]
    fn what_is_set_at_three_ids_is_read_there_and_nowhere_else() {
        let (t, z, g) = (YearOffset::new(1), ZoneId::new(2), GradeId::new(3));
        let mut grids = Grid3::filled(2, shape(), 0);
        grids[(t, z, g)] = 7;
        assert_eq!((grids[(t, z, g)], grids.row(t, z), grids.grid(t)[(z, g)]), (7, &[0, 0, 0, 7][..], 7));
        assert_eq!(grids.iter().sum::<i32>(), 7);
        assert_eq!(grids.grid(YearOffset::BASE).values(), [0; 12]);
        assert_eq!(grids.cut(1).iter().sum::<i32>(), 0);
        let same = Grid3::from_fn(2, shape(), |a, r, c| if (a, r, c) == (t, z, g) { 7 } else { 0 });
        assert_eq!(grids, same);
    }

    #[test]
    fn what_lies_outside_is_nothing_even_if_its_position_is_inside() {
        let grid = Grid::filled(shape(), 1);
        assert_eq!(grid.get(ZoneId::new(0), GradeId::new(4)), None);
        assert_eq!(grid.get(ZoneId::new(3), GradeId::new(0)), None);
        let grids = Grid3::filled(2, shape(), 1);
        assert_eq!(grids.get(YearOffset::BASE, ZoneId::new(3), GradeId::new(0)), None);
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "of 4 columns")]
    fn a_column_beyond_its_row_is_refused() {
        let _ = Grid::filled(shape(), 1)[(ZoneId::new(0), GradeId::new(4))];
    }
}
