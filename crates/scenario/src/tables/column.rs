//! A column: what its cells hold, whether they may be blank, what it is called and what it means. Its type says what a
//! reader gets from a cell.

use std::{marker::PhantomData, ops::Deref};

use seatcast_core::{
    Lang,
    bounds::Bound,
    codes::{CodeWords, Coded},
    time::YearMonth,
};

/// What a cell holds.
#[derive(Debug, Clone, Copy)]
pub enum Content {
    /// One key, compared with others.
    Key,
    /// Several keys or numbers, separated by `;`.
    List,
    /// A text for people, which nothing looks up.
    Free,
    /// A remark: it may hold what it likes.
    Remark,
    /// A whole number.
    Whole(Bound),
    /// A number.
    Number(Bound),
    /// `YYYY-MM`.
    Month,
    /// One of these codes.
    Code(&'static [CodeWords]),
    /// `yes` or `no`.
    YesNo,
    /// A month `YYYY-MM`, or `never`.
    Decision,
    /// A day `YYYY-MM-DD`.
    Day,
}

impl Content {
    /// Whether cells are kept as they stand, and not as numbers, months or answers.
    pub(crate) fn is_text(self) -> bool {
        match self {
            Self::Key | Self::List | Self::Free | Self::Remark | Self::Code(_) | Self::Day => true,
            Self::Whole(_) | Self::Number(_) | Self::Month | Self::YesNo | Self::Decision => false,
        }
    }
}

/// What a column is called and what it means, in both languages: no column can be declared without.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// Chinese headings that are accepted, ours first. The English one is the name of the column.
    pub headings: &'static [&'static str],
    /// What it means, in English.
    pub en: &'static str,
    /// What it means, in Chinese.
    pub zh: &'static str,
}

/// Words of a column. The build ends where one of them is blank.
pub(super) const fn words(headings: &'static [&'static str], en: &'static str, zh: &'static str) -> Words {
    assert!(!headings.is_empty() && !headings[0].is_empty(), "a column has a Chinese heading");
    assert!(!en.is_empty() && !zh.is_empty(), "a column says what it means in both languages");
    Words { headings, en, zh }
}

/// One column as it is declared.
#[derive(Debug, Clone, Copy)]
pub struct ColumnSpec {
    /// Heading.
    pub name: &'static str,
    /// What its cells hold.
    pub content: Content,
    /// Whether the column must be there and no cell may be blank.
    pub required: bool,
    /// What it is called and means.
    pub words: Words,
}

impl ColumnSpec {
    /// Its heading in a table written for readers of `lang`.
    pub fn heading(&self, lang: Lang) -> &'static str {
        lang.pick(self.words.headings[0], self.name)
    }

    /// What it may be called in a heading.
    pub(crate) fn spellings(&self) -> impl Iterator<Item = &'static str> + use<> {
        std::iter::once(self.name).chain(self.words.headings.iter().copied())
    }
}

/// A column whose cells are read as `T`.
#[derive(Debug)]
pub(crate) struct Column<T> {
    pub(crate) spec: ColumnSpec,
    read_as: PhantomData<fn() -> T>,
}

impl<T> Clone for Column<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Column<T> {}

impl<T> Deref for Column<T> {
    type Target = ColumnSpec;

    fn deref(&self) -> &ColumnSpec {
        &self.spec
    }
}

/// What a cell of a typed column is read as.
pub(crate) trait Held {
    /// What a reader gets.
    type Value<'r>;
}

/// Cells that need no range.
pub(crate) trait Plain: Held {
    /// What they hold.
    const CONTENT: Content;
}

/// Cells that hold a number in a range.
pub(crate) trait Numeric: Held {
    /// Whether they hold whole numbers only.
    const IS_WHOLE: bool;
}

/// One key.
pub(crate) enum Key {}
/// Several keys or numbers, separated by `;`.
pub(crate) enum List {}
/// A text for people.
pub(crate) enum Free {}
/// A remark.
pub(crate) enum Remark {}
/// A day, in plain spelling.
pub(crate) enum Date {}
/// One of the codes of `T`.
pub(crate) struct Code<T>(PhantomData<T>);

/// When a project is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// In this month.
    In(YearMonth),
    /// Never.
    Never,
}

macro_rules! plain {
    ($($held:ty => $value:ty, $content:expr;)+) => {
        $(
            impl Held for $held {
                type Value<'r> = $value;
            }

            impl Plain for $held {
                const CONTENT: Content = $content;
            }
        )+
    };
}

plain! {
    Key => &'r str, Content::Key;
    List => &'r str, Content::List;
    Free => &'r str, Content::Free;
    Remark => &'r str, Content::Remark;
    Date => &'r str, Content::Day;
    YearMonth => YearMonth, Content::Month;
    bool => bool, Content::YesNo;
    Decision => Decision, Content::Decision;
}

impl<T: Coded> Held for Code<T> {
    type Value<'r> = T;
}

impl<T: Coded> Plain for Code<T> {
    const CONTENT: Content = Content::Code(T::WORDS);
}

macro_rules! numeric {
    ($($held:ty: $is_whole:literal;)+) => {
        $(
            impl Held for $held {
                type Value<'r> = $held;
            }

            impl Numeric for $held {
                const IS_WHOLE: bool = $is_whole;
            }
        )+
    };
}

numeric! {
    u32: true;
    i32: true;
    i64: true;
    f64: false;
}

const fn column<T>(name: &'static str, content: Content, required: bool, words: Words) -> Column<T> {
    Column { spec: ColumnSpec { name, content, required, words }, read_as: PhantomData }
}

/// A column that must be there, without a blank cell.
pub(super) const fn must<T: Plain>(name: &'static str, words: Words) -> Column<T> {
    column(name, T::CONTENT, true, words)
}

/// A column that may be left out, or have blank cells.
pub(super) const fn may<T: Plain>(name: &'static str, words: Words) -> Column<T> {
    column(name, T::CONTENT, false, words)
}

const fn within<T: Numeric>(bound: Bound) -> Content {
    if T::IS_WHOLE { Content::Whole(bound) } else { Content::Number(bound) }
}

/// A column of numbers that must be there, without a blank cell.
pub(super) const fn must_in<T: Numeric>(name: &'static str, bound: Bound, words: Words) -> Column<T> {
    column(name, within::<T>(bound), true, words)
}

/// A column of numbers that may be left out, or have blank cells.
pub(super) const fn may_in<T: Numeric>(name: &'static str, bound: Bound, words: Words) -> Column<T> {
    column(name, within::<T>(bound), false, words)
}

/// Declares the columns of a table: a constant each, by which a reader asks for its cells, and the list of them.
macro_rules! columns {
    ($($column:ident: $held:ty = $declared:expr;)+) => {
        $(pub(crate) const $column: Column<$held> = $declared;)+

        const COLUMNS: &[ColumnSpec] = &[$($column.spec),+];
    };
}

pub(super) use columns;
