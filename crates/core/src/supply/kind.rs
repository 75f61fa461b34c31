//! Kinds of project: every way in which places come, move or go.
//!
//! | kind | 中文 | what it does to places |
//! |---|---|---|
//! | permanent | 永久学校 | adds |
//! | prefab | 预制学校 | adds, 20-year life, can be relocated |
//! | expansion | 扩建 | adds on the site of a school; may cost places while it is built (腾挪) |
//! | swing | 周转校舍 | stands already, holds the pupils of a rebuild, adds when that rebuild opens |
//! | conversion | 改办 | takes rooms from one stage and gives them to another as cohorts leave; nine-year campuses |
//! | leased | 租用或购买学位 | adds for the term of the lease; places bought in private schools |
//! | relocation | 预制校舍迁移 | takes modules down in one zone and puts them up in another, for the life they have left |
//! | closure | 停办 | takes |
//! | merger | 撤并（寄宿） | closes a small school and keeps places for its pupils in a school of another zone |
//! | unsafe | 危房 | must close by a date unless it is rebuilt |
//! | handover | 配建移交 | adds when the developer of an estate hands it over |
//! | unlicensed | 无证关停 | takes, at once |
//!
//! Not done here: what each changes in a year ([`super::effect`]), what is assumed of each ([`super::defaults`]).

use std::fmt;

use crate::Lang;

/// Kind of project. Match with a wildcard: more may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// A permanent school (永久学校).
    Permanent,
    /// A prefabricated school (预制学校), quick to build, 20-year life.
    Prefab,
    /// More classes on the site of a school; no site gate.
    Expansion,
    /// A building that holds the pupils of a rebuild and is released when that opens (周转校舍).
    Swing,
    /// Rooms of one stage given to another (小学改初中、九年一贯).
    Conversion,
    /// Leased buildings, or places bought in private schools (购买民办学位).
    Leased,
    /// Prefabricated modules moved to another zone.
    Relocation,
    /// A school, or a part of it, closed.
    Closure,
    /// A small school closed, its pupils taken by a school of another zone, boarding if need be (撤并、农村寄宿制).
    Merger,
    /// A building that must close by a date unless it is rebuilt (危房).
    Unsafe,
    /// A school or kindergarten that a developer hands over with an estate (配建移交).
    Handover,
    /// An unlicensed kindergarten or school closed (无证园关停).
    Unlicensed,
}

impl Kind {
    /// Every kind, in the order of the table above.
    pub const ALL: [Kind; 12] = [
        Kind::Permanent,
        Kind::Prefab,
        Kind::Expansion,
        Kind::Swing,
        Kind::Conversion,
        Kind::Leased,
        Kind::Relocation,
        Kind::Closure,
        Kind::Merger,
        Kind::Unsafe,
        Kind::Handover,
        Kind::Unlicensed,
    ];

    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Permanent => "permanent",
            Kind::Prefab => "prefab",
            Kind::Expansion => "expansion",
            Kind::Swing => "swing",
            Kind::Conversion => "conversion",
            Kind::Leased => "leased",
            Kind::Relocation => "relocation",
            Kind::Closure => "closure",
            Kind::Merger => "merger",
            Kind::Unsafe => "unsafe",
            Kind::Handover => "handover",
            Kind::Unlicensed => "unlicensed",
        }
    }

    /// In words.
    pub fn word(self, lang: Lang) -> &'static str {
        let zh = match self {
            Kind::Permanent => "永久学校",
            Kind::Prefab => "预制学校",
            Kind::Expansion => "扩建",
            Kind::Swing => "周转校舍",
            Kind::Conversion => "改办",
            Kind::Leased => "租用或购买",
            Kind::Relocation => "校舍迁移",
            Kind::Closure => "停办",
            Kind::Merger => "撤并",
            Kind::Unsafe => "危房重建",
            Kind::Handover => "配建移交",
            Kind::Unlicensed => "无证关停",
        };
        lang.pick(zh, self.code())
    }

    /// Whether it waits for a need that lasts: such a kind is planned three years ahead, the others secure next year.
    pub fn is_lasting(self) -> bool {
        matches!(self, Kind::Permanent | Kind::Expansion | Kind::Unsafe | Kind::Handover)
    }

    /// Whether the project needs a site gate at all.
    pub fn needs_site(self) -> bool {
        matches!(self, Kind::Permanent | Kind::Prefab | Kind::Relocation)
    }

    /// Whether it is a building site, whose published month of opening is a hope that the ledger knows better; the others
    /// open or close by order or contract.
    pub fn is_built(self) -> bool {
        matches!(
            self,
            Kind::Permanent
                | Kind::Prefab
                | Kind::Expansion
                | Kind::Conversion
                | Kind::Relocation
                | Kind::Unsafe
                | Kind::Handover
        )
    }

    /// Whether its places are gained; the others only take places away.
    pub fn adds(self) -> bool {
        !matches!(self, Kind::Closure | Kind::Merger | Kind::Unlicensed)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Which grades may use a new building, or must leave an old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhaseIn {
    /// All grades from the first September.
    All,
    /// The entry grade first, then one more grade a year.
    GradeByGrade,
}

impl PhaseIn {
    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            PhaseIn::All => "all",
            PhaseIn::GradeByGrade => "grade_by_grade",
        }
    }

    /// The part of `full` that has changed hands `k` years after the first September, in a stage of `grades`, cut to
    /// whole places.
    pub fn part(self, full: u32, grades: usize, k: i32) -> u32 {
        match self {
            _ if k < 0 => 0,
            PhaseIn::All => full,
            PhaseIn::GradeByGrade => {
                let open = (k as usize + 1).min(grades) as u64;
                (u64::from(full) * open / grades.max(1) as u64) as u32
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_school_of_six_grades_fills_by_sixths_cut_to_whole_places() {
        let usable: Vec<u32> = (-1..8).map(|k| PhaseIn::GradeByGrade.part(100, 6, k)).collect();
        // 100/6 = 16.67, 33.3, 50, 66.7, 83.3, 100
        assert_eq!(usable, [0, 16, 33, 50, 66, 83, 100, 100, 100]);
        assert_eq!(PhaseIn::All.part(100, 6, 0), 100);
    }

    #[test]
    fn codes_are_unique() {
        let codes: std::collections::BTreeSet<&str> = Kind::ALL.iter().map(|k| k.code()).collect();
        assert_eq!(codes.len(), Kind::ALL.len());
    }
}
