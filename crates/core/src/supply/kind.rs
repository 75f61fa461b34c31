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
//! A kind is one row of [`Kind`]. Its assumptions hold for projects whose row gives none: leads in months, delay, life in
//! years, money a place, phase-in. Source: permanent and prefab docs/model.md section 3; relocation 35 % of a prefab place
//! and 3 to 6 months, judgement of the field; the rest judgement, to be replaced by the district's tenders and its record
//! (`super::record`). Money is 0 where the district pays no capex: a lease is opex, a handover is paid by the developer.
//!
//! Not done here: what each changes in a year ([`super::effect`]).

use std::fmt;

use super::defaults::{Delay, KindDefault, Triangle};
use crate::codes;

/// Everything that one kind does otherwise than another. A row of [`Kind`] states all of it: a new kind, or a new field,
/// compiles only once every question has an answer.
#[expect(clippy::struct_excessive_bools, reason = "a row of a table of answers, not a state")]
struct Traits {
    /// Whether it waits for a need that lasts.
    lasting: bool,
    /// Whether it needs a site gate.
    site_gate: bool,
    /// Whether it is a building site.
    built: bool,
    /// Whether its places are gained.
    adds: bool,
    /// Whether another's opening decides on it.
    follows: bool,
    /// Whether it is made of modules that a relocation can move.
    movable: bool,
    /// What is out of use while it is built.
    decants: Decants,
    /// What it has that other kinds have not.
    detail: Detail,
    /// What is assumed of it where its row says nothing.
    assumed: KindDefault,
}

/// What is out of use while a project of a kind is built (腾挪).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decants {
    /// Nothing.
    Nothing,
    /// The places its row states.
    Places,
    /// The old building as a whole: the row states the years alone.
    Building,
}

/// What only some kinds have; [`super::Special`] holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Nothing.
    Nothing,
    /// The project that releases it.
    Release,
    /// The stage, places and classes it takes from.
    Conversion,
    /// The building it takes down.
    Source,
    /// The places kept for its pupils elsewhere.
    Reception,
    /// The month by which the old building is empty.
    Deadline,
    /// The estate it is handed over with.
    Estate,
}

/// Lead of a site gate that there is not.
const NO_SITE: [f64; 3] = [0.0; 3];
/// Delay of a building site.
const SLOW: Delay = Delay { mean: 1.20, sd: 0.25 };
/// Delay of what is quick or only ordered.
const QUICK: Delay = Delay { mean: 1.10, sd: 0.15 };

/// Site and build lead in months (min, mode, max), delay, life in years, money a place, phase-in.
const fn assumed(
    site: [f64; 3],
    build: [f64; 3],
    delay: Delay,
    life_years: Option<u32>,
    cost_per_place: f64,
    phase_in: PhaseIn,
) -> KindDefault {
    const fn months([min, mode, max]: [f64; 3]) -> Triangle {
        Triangle { min, mode, max }
    }
    KindDefault { site: months(site), build: months(build), delay, life_years, cost_per_place, phase_in }
}

use PhaseIn::{All, GradeByGrade};

codes! {
    /// Kind of project. Match with a wildcard: more may come.
    #[non_exhaustive]
    pub enum Kind: Traits {
        /// A permanent school (永久学校).
        Permanent = "permanent", "永久学校", "permanent" => Traits {
            lasting: true, site_gate: true, built: true, adds: true, follows: false, movable: false,
            decants: Decants::Places, detail: Detail::Nothing,
            assumed: assumed([12.0, 24.0, 36.0], [15.0, 20.0, 24.0], SLOW, None, 180_000.0, GradeByGrade),
        };
        /// A prefabricated school (预制学校), quick to build, 20-year life.
        Prefab = "prefab", "预制学校", "prefab" => Traits {
            lasting: false, site_gate: true, built: true, adds: true, follows: false, movable: true,
            decants: Decants::Places, detail: Detail::Nothing,
            assumed: assumed([0.0, 1.0, 2.0], [5.0, 6.0, 9.0], QUICK, Some(20), 45_000.0, GradeByGrade),
        };
        /// More classes on the site of a school; no site gate.
        Expansion = "expansion", "扩建", "expansion" => Traits {
            lasting: true, site_gate: false, built: true, adds: true, follows: false, movable: false,
            decants: Decants::Places, detail: Detail::Nothing,
            assumed: assumed(NO_SITE, [6.0, 9.0, 12.0], SLOW, None, 180_000.0, All),
        };
        /// A building that holds the pupils of a rebuild and is released when that opens (周转校舍).
        Swing = "swing", "周转校舍", "swing" => Traits {
            lasting: false, site_gate: false, built: false, adds: true, follows: true, movable: false,
            decants: Decants::Nothing, detail: Detail::Release,
            assumed: assumed(NO_SITE, [0.0, 1.0, 2.0], QUICK, Some(20), 0.0, All),
        };
        /// Rooms of one stage given to another (小学改初中、九年一贯).
        Conversion = "conversion", "改办", "conversion" => Traits {
            lasting: false, site_gate: false, built: true, adds: true, follows: false, movable: false,
            decants: Decants::Places, detail: Detail::Conversion,
            assumed: assumed(NO_SITE, [3.0, 6.0, 9.0], QUICK, None, 15_000.0, GradeByGrade),
        };
        /// Leased buildings, or places bought in private schools (购买民办学位).
        Leased = "leased", "租用或购买", "leased" => Traits {
            lasting: false, site_gate: false, built: false, adds: true, follows: false, movable: false,
            decants: Decants::Places, detail: Detail::Nothing,
            assumed: assumed(NO_SITE, [1.0, 3.0, 6.0], QUICK, Some(5), 0.0, All),
        };
        /// Prefabricated modules moved to another zone; they keep the life they have left.
        Relocation = "relocation", "校舍迁移", "relocation" => Traits {
            lasting: false, site_gate: true, built: true, adds: true, follows: false, movable: false,
            decants: Decants::Building, detail: Detail::Source,
            assumed: assumed([0.0, 1.0, 2.0], [3.0, 4.0, 6.0], QUICK, None, 15_750.0, All),
        };
        /// A school, or a part of it, closed.
        Closure = "closure", "停办", "closure" => Traits {
            lasting: false, site_gate: false, built: false, adds: false, follows: false, movable: false,
            decants: Decants::Nothing, detail: Detail::Nothing,
            assumed: assumed(NO_SITE, [3.0, 6.0, 9.0], QUICK, None, 0.0, GradeByGrade),
        };
        /// A small school closed, its pupils taken by a school of another zone, boarding if need be (撤并、农村寄宿制).
        Merger = "merger", "撤并", "merger" => Traits {
            lasting: false, site_gate: false, built: false, adds: false, follows: false, movable: false,
            decants: Decants::Nothing, detail: Detail::Reception,
            assumed: assumed(NO_SITE, [3.0, 6.0, 9.0], QUICK, None, 0.0, All),
        };
        /// A building that must close by a date unless it is rebuilt (危房).
        Unsafe = "unsafe", "危房重建", "unsafe" => Traits {
            lasting: true, site_gate: false, built: true, adds: true, follows: false, movable: false,
            decants: Decants::Building, detail: Detail::Deadline,
            assumed: assumed(NO_SITE, [15.0, 20.0, 24.0], SLOW, None, 180_000.0, All),
        };
        /// A school or kindergarten that a developer hands over with an estate (配建移交); its build lead begins with the
        /// completion of the estate.
        Handover = "handover", "配建移交", "handover" => Traits {
            lasting: true, site_gate: false, built: true, adds: true, follows: true, movable: false,
            decants: Decants::Places, detail: Detail::Estate,
            assumed: assumed(NO_SITE, [3.0, 6.0, 12.0], SLOW, None, 0.0, GradeByGrade),
        };
        /// An unlicensed kindergarten or school closed (无证园关停).
        Unlicensed = "unlicensed", "无证关停", "unlicensed" => Traits {
            lasting: false, site_gate: false, built: false, adds: false, follows: false, movable: false,
            decants: Decants::Nothing, detail: Detail::Nothing,
            assumed: assumed(NO_SITE, [0.0, 1.0, 3.0], QUICK, None, 0.0, All),
        };
    }
}

impl Kind {
    /// Whether it waits for a need that lasts: such a kind is planned three years ahead, the others secure next year.
    pub fn is_lasting(self) -> bool {
        self.traits().lasting
    }

    /// Whether the project needs a site gate at all.
    pub fn needs_site(self) -> bool {
        self.traits().site_gate
    }

    /// Whether it is a building site, whose published month of opening is a hope that the ledger knows better; the others
    /// open or close by order or contract.
    pub fn is_built(self) -> bool {
        self.traits().built
    }

    /// Whether its places are gained; the others only take places away.
    pub fn adds(self) -> bool {
        self.traits().adds
    }

    /// Whether another's opening decides on it: that of the project that releases it, or of its estate.
    pub fn follows_another(self) -> bool {
        self.traits().follows
    }

    /// Whether it is made of modules that a relocation can move.
    pub fn is_movable(self) -> bool {
        self.traits().movable
    }

    /// What is out of use while it is built.
    pub fn decants(self) -> Decants {
        self.traits().decants
    }

    /// What it has that other kinds have not.
    pub fn detail(self) -> Detail {
        self.traits().detail
    }

    /// What is assumed of it where neither its row nor the scenario says.
    pub(super) fn assumed(self) -> KindDefault {
        self.traits().assumed
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

codes! {
    /// Which grades may use a new building, or must leave an old one.
    pub enum PhaseIn {
        /// All grades from the first September.
        All = "all", "全部年级", "all grades";
        /// The entry grade first, then one more grade a year.
        GradeByGrade = "grade_by_grade", "逐年级", "grade by grade";
    }
}

impl PhaseIn {
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
    use std::collections::BTreeSet;

    use super::*;
    use crate::Lang;

    #[test]
    fn a_school_of_six_grades_fills_by_sixths_cut_to_whole_places() {
        let usable: Vec<u32> = (-1..8).map(|k| PhaseIn::GradeByGrade.part(100, 6, k)).collect();
        // 100/6 = 16.67, 33.3, 50, 66.7, 83.3, 100
        assert_eq!(usable, [0, 16, 33, 50, 66, 83, 100, 100, 100]);
        assert_eq!(PhaseIn::All.part(100, 6, 0), 100);
    }

    #[test]
    fn codes_and_words_of_kinds_are_unique() {
        for lang in [Lang::Zh, Lang::En] {
            let words: BTreeSet<&str> = Kind::ALL.iter().map(|k| k.word(lang)).collect();
            assert_eq!(words.len(), Kind::ALL.len());
        }
        assert!(Kind::ALL.iter().all(|kind| Kind::from_code(kind.code()) == Some(*kind)));
    }
}
