//! What a result table is: a type of row, declared once with its columns.
//!
//! A table is declared with [`row!`]: for each column its name, the type of its cells, its unit where it has one, and what
//! it means in both languages. The headings, the cells and the way back from a written file derive from it; so does the
//! list of all tables ([`super::catalogue`]).

use super::{
    cell::{Cell, CellType},
    csv::{Line, Record},
};

/// What a figure is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the units")]
#[non_exhaustive]
pub enum Unit {
    Pupils,
    SignedPupils,
    Children,
    Places,
    SignedPlaces,
    Classes,
    Rooms,
    SeatYears,
    PlaceYears,
    Money,
    MoneyPerPlace,
    Year,
    Years,
    Share,
    Percent,
    Ratio,
    Points,
    Count,
}

impl Unit {
    /// The unit in words, Chinese and English.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Unit::Pupils => ("人", "pupils"),
            Unit::SignedPupils => ("人，带正负号", "pupils, signed"),
            Unit::Children => ("人", "children"),
            Unit::Places => ("个学位", "places"),
            Unit::SignedPlaces => ("个学位，带正负号", "places, signed"),
            Unit::Classes => ("个班", "classes"),
            Unit::Rooms => ("间教室", "rooms"),
            Unit::SeatYears => ("学位·年", "seat-years"),
            Unit::PlaceYears => ("学位·年", "place-years"),
            Unit::Money => ("元", "money"),
            Unit::MoneyPerPlace => ("元/学位", "money per place"),
            Unit::Year => ("年份", "year"),
            Unit::Years => ("年", "years"),
            Unit::Share => ("份额", "share"),
            Unit::Percent => ("%", "per cent"),
            Unit::Ratio => ("比值", "ratio"),
            Unit::Points => ("分", "points"),
            Unit::Count => ("个", "count"),
        }
    }
}

/// What a column or a measure means, in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// A column of a result table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its heading, English in every language; of a [`Column::many`] what the headings stand for.
    pub name: &'static str,
    /// What its cells hold.
    pub holds: CellType,
    /// Whether a cell may be blank.
    pub blank: bool,
    /// Whether it stands for any number of columns of this kind, whose headings depend on the results.
    pub many: bool,
    /// What its figures are counted in.
    pub unit: Option<Unit>,
    /// What it means.
    pub meaning: Meaning,
}

/// A row of a result table.
pub(crate) trait Row: Sized {
    /// The columns, in their order.
    fn columns() -> Vec<Column>;
    /// Writes the cells, in the order of the columns.
    fn write(&self, record: &mut Record);
    /// Reads the cells back, by the names of the columns; `None` if this program did not write them.
    fn read(line: &Line<'_>) -> Option<Self>;
}

/// What is declared of a field of a row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About {
    pub(crate) name: &'static str,
    pub(crate) unit: Option<Unit>,
    pub(crate) meaning: Meaning,
}

/// A field of a row: one column, or several that always stand together.
pub(crate) trait Field: Sized {
    fn columns(about: About, columns: &mut Vec<Column>);
    fn write(&self, record: &mut Record);
    fn read(name: &'static str, line: &Line<'_>) -> Option<Self>;
}

impl<T: Cell> Field for T {
    fn columns(about: About, columns: &mut Vec<Column>) {
        let About { name, unit, meaning } = about;
        columns.push(Column { name, holds: T::holds(), blank: T::BLANK, many: false, unit, meaning });
    }

    fn write(&self, record: &mut Record) {
        record.cell(self);
    }

    fn read(name: &'static str, line: &Line<'_>) -> Option<Self> {
        T::read(line.cell(name))
    }
}

/// Cells under headings that depend on the results: a column a project, or a measure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Many<T>(pub(crate) Vec<T>);

impl<T: Cell> Field for Many<T> {
    fn columns(about: About, columns: &mut Vec<Column>) {
        let About { name, unit, meaning } = about;
        columns.push(Column { name, holds: T::holds(), blank: T::BLANK, many: true, unit, meaning });
    }

    fn write(&self, record: &mut Record) {
        for cell in &self.0 {
            record.cell(cell);
        }
    }

    fn read(_: &'static str, _: &Line<'_>) -> Option<Self> {
        None // its headings are not known
    }
}

/// Declares the rows of a table: `field: Type [, Unit] [= "Chinese", "English"];` for each column. A field that stands for
/// several columns is declared by its type and has no words of its own.
macro_rules! row {
    (
        $(#[$doc:meta])*
        $name:ident $(<$life:lifetime>)? {
            $($field:ident: $ty:ty $(, $unit:ident)? $(= $zh:literal, $en:literal)?;)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub(crate) struct $name $(<$life>)? {
            $(pub(crate) $field: $ty,)+
        }

        impl $(<$life>)? $crate::tables::row::Row for $name $(<$life>)? {
            fn columns() -> Vec<$crate::tables::row::Column> {
                let mut columns = Vec::new();
                $(
                    let about = $crate::tables::row::About {
                        name: $crate::tables::row::heading(stringify!($field)),
                        unit: row!(@unit $($unit)?),
                        meaning: row!(@meaning $($zh $en)?),
                    };
                    <$ty as $crate::tables::row::Field>::columns(about, &mut columns);
                )+
                columns
            }

            fn write(&self, record: &mut $crate::tables::csv::Record) {
                $($crate::tables::row::Field::write(&self.$field, record);)+
            }

            fn read(line: &$crate::tables::csv::Line<'_>) -> Option<Self> {
                $(let $field = $crate::tables::row::Field::read(
                    $crate::tables::row::heading(stringify!($field)), line)?;)+
                Some(Self { $($field,)+ })
            }
        }
    };
    (@unit) => { None };
    (@unit $unit:ident) => { Some($crate::tables::row::Unit::$unit) };
    (@meaning) => { $crate::tables::row::Meaning { zh: "", en: "" } };
    (@meaning $zh:literal $en:literal) => { $crate::tables::row::Meaning { zh: $zh, en: $en } };
}
pub(crate) use row;

/// The heading of a field: its name, of which a word that Rust keeps for itself is written `r#override`.
pub(crate) fn heading(field: &'static str) -> &'static str {
    field.strip_prefix("r#").unwrap_or(field)
}
