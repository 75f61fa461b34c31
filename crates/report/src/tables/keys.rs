//! Columns that stand together in many tables: where a row is about, which project, quantiles.

use seatcast_core::{
    Lang,
    forecast::{LEVELS, Stats},
    geography::{Area, Frame},
    scenario::Scenario,
    supply::{Kind, Project, Status},
};

use super::{
    cell::{Cell, Number, Text},
    csv::{Line, Record},
    row::{About, Column, Field, Meaning},
};
use crate::stats::keys_of;

/// District, group and zone; a blank one is the total over it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Place<'a> {
    pub(crate) district: Option<Text<'a>>,
    pub(crate) group: Option<Text<'a>>,
    pub(crate) zone: Option<Text<'a>>,
}

impl<'a> Place<'a> {
    pub(crate) fn of(frame: &'a Frame, area: Area) -> Self {
        let [district, group, zone] = keys_of(frame, area).map(|key| key.map(Text::from));
        Self { district, group, zone }
    }

    /// The place of these keys, in memory of its own.
    pub(crate) fn named(keys: [Option<&str>; 3]) -> Place<'static> {
        let [district, group, zone] = keys.map(|key| key.map(|key| Text::from(key.to_owned())));
        Place { district, group, zone }
    }

    /// The same place in memory of its own.
    pub(crate) fn to_static(&self) -> Place<'static> {
        let keys = [&self.district, &self.group, &self.zone];
        Place::named(keys.map(|key| key.as_ref().map(|text| text.0.as_ref())))
    }
}

/// Declares fields of a group of columns, which are read and written one after the other.
macro_rules! together {
    ($name:ident<$life:lifetime> { $($field:ident: $ty:ty = $zh:literal, $en:literal;)+ }) => {
        impl<$life> Field for $name<$life> {
            fn columns(_: About, columns: &mut Vec<Column>) {
                $(
                    let meaning = Meaning { zh: $zh, en: $en };
                    <$ty as Field>::columns(About { name: stringify!($field), unit: None, meaning }, columns);
                )+
            }

            fn write(&self, record: &mut Record) {
                $(record.cell(&self.$field);)+
            }

            fn read(_: &'static str, line: &Line<'_>) -> Option<Self> {
                Some(Self { $($field: Cell::read(line.cell(stringify!($field)))?,)+ })
            }
        }
    };
}

together!(Place<'a> {
    district: Option<Text<'a>> = "区域代码；留空为全部区域合计", "key of the district; blank is the total over all";
    group: Option<Text<'a>> = "大学区代码；留空为合计", "key of the sharing group; blank is the total over them";
    zone: Option<Text<'a>> = "学区代码；留空为合计", "key of the zone; blank is the total over them";
});

/// Which project a row is about.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ProjectKeys<'a> {
    pub(crate) project: Text<'a>,
    pub(crate) name: Text<'a>,
    pub(crate) district: Text<'a>,
    pub(crate) group: Text<'a>,
    pub(crate) zone: Text<'a>,
    pub(crate) stage: Text<'a>,
    pub(crate) kind: Kind,
    pub(crate) status: Status,
}

impl<'a> ProjectKeys<'a> {
    pub(crate) fn of(scenario: &'a Scenario, project: &'a Project, lang: Lang) -> Self {
        let frame = &scenario.frame;
        let zone = &frame.zones[project.zone];
        let group = &frame.groups[zone.group];
        Self {
            project: (&project.id).into(),
            name: project.name.in_lang(lang).into(),
            district: (&frame.districts[group.district].id).into(),
            group: (&group.id).into(),
            zone: (&zone.id).into(),
            stage: (&frame.stages[project.stage].id).into(),
            kind: project.kind,
            status: project.status,
        }
    }
}

together!(ProjectKeys<'a> {
    project: Text<'a> = "项目代码", "key of the project";
    name: Text<'a> = "项目名称", "its name";
    district: Text<'a> = "区域代码", "key of the district";
    group: Text<'a> = "大学区代码", "key of the sharing group";
    zone: Text<'a> = "学区代码", "key of the zone";
    stage: Text<'a> = "学段代码", "key of the stage";
    kind: Kind = "项目类型", "kind of the project";
    status: Status = "项目状态", "status of the project";
});

/// What money is counted in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Currency<'a> {
    pub(crate) currency: Text<'a>,
    pub(crate) price_year: Option<i32>,
}

impl<'a> Currency<'a> {
    pub(crate) fn of(scenario: &'a Scenario) -> Self {
        Self { currency: (&scenario.money.currency).into(), price_year: scenario.money.price_year }
    }
}

together!(Currency<'a> {
    currency: Text<'a> = "币种", "currency";
    price_year: Option<i32> = "价格年份", "year of the prices";
});

/// Columns of numbers whose headings are a list of the engine: quantiles, parts, levels.
macro_rules! list {
    ($(#[$doc:meta])* $name:ident: $cell:ty, $headings:expr, $zh:literal, $en:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub(crate) struct $name(pub(crate) Vec<$cell>);

        impl $crate::tables::row::Field for $name {
            fn columns(about: $crate::tables::row::About, columns: &mut Vec<$crate::tables::row::Column>) {
                let meaning = $crate::tables::row::Meaning { zh: $zh, en: $en };
                for name in $headings {
                    let about = $crate::tables::row::About { name, meaning, ..about };
                    <$cell as $crate::tables::row::Field>::columns(about, columns);
                }
            }

            fn write(&self, record: &mut $crate::tables::csv::Record) {
                for cell in &self.0 {
                    record.cell(cell);
                }
            }

            fn read(_: &'static str, line: &$crate::tables::csv::Line<'_>) -> Option<Self> {
                let cell = |name| $crate::tables::cell::Cell::read(line.cell(name));
                $headings.into_iter().map(cell).collect::<Option<Vec<_>>>().map(Self)
            }
        }
    };
}
pub(crate) use list;

list! {
    /// Every quantile of a figure.
    Quantiles: Number, LEVELS.map(|(_, ending)| ending),
    "各次抽样的分位数", "the smallest value that this share of the draws does not exceed"
}

impl Quantiles {
    pub(crate) fn of(stats: &Stats) -> Self {
        Self(stats.quantiles.map(Number).to_vec())
    }
}
