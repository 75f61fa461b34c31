//! What can be wrong with schools, projects and what each kind of project needs.

/// A fault of the supply side: the data its message needs.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SupplyFault {
    /// A project lacks what its kind needs: kind, column.
    KindNeeds(&'static str, &'static str),
    /// A project says something its kind has no use for: kind, column.
    KindHasNot(&'static str, &'static str),
    /// A conversion that leaves a cohort without a room: years after the opening, rooms missing.
    CohortWithoutRoom(i32, u32),
    /// A relocation of what is no building with a known opening: id.
    NotMovable(String),
    /// A project takes more places than there are: taken, there.
    TakesTooMuch(u32, u32),
    /// A list of class sizes of another length: found, grades.
    SizesPerGrade(usize, usize),
    /// Places of a grade without a class size: grade.
    NoClassSize(String),
    /// Fewer rooms than classes: rooms, classes.
    RoomsFew(u32, u32),
    /// Rooms are given, but no classes: rooms.
    RoomsNeedClasses(u32),
    /// A stretch limit below the standard size: limit, standard.
    StretchBelow(u32, u32),
    /// A swing building released by a swing building, or by itself: id.
    ReleasedBySwing(String),
    /// A merger, relocation or diversion into where it comes from: zone or group.
    SameZone(String),
    /// A life without a month of opening.
    LifeNeedsOpened,
    /// Another school or stage than the project is about: id of the school.
    SchoolElsewhere(String),
    /// A row of an admission class for one zone that differs in what belongs to the class: class, column.
    ClassDiffers(String, &'static str),
    /// Two admission classes on one rank: rank, the other class.
    RanksEqual(u32, String),
    /// Points that two admission classes claim, or better points on a worse rank: the other class.
    PointsOverlap(String),
    /// The classes of a pool hold more than the pool: zone, pool (empty = all entrants), sum of their shares.
    SharesOver(String, String, f64),
    /// A cell that needs another: column, the one that is missing.
    Incomplete(&'static str, &'static str),
    /// Two cells of which exactly one must be given.
    OneOf(&'static str, &'static str),
    /// Points whose first end lies above the second.
    PointsEnds(f64, f64),
    /// Shares that must add to 1: of what, their sum.
    SharesNotOne(String, f64),
    /// A class of children named in a stage that is not entered from pools: stage.
    NoPools(String),

    /// Warning: a month of opening that is past, of a project that is not open: project, month.
    PastOpening(String, String),
    /// Warning: fewer beds than places are kept for the pupils of a merged school: project, beds, places.
    BedsFew(String, u32, u32),
    /// Note: a group counts places, because some of its schools state no classes: group, stage, schools.
    ClassesUnknown(String, String, Vec<String>),
    /// Warning: a cell that has no effect because another overrides it: column, the other.
    NoEffect(&'static str, &'static str),
}

impl SupplyFault {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            SupplyFault::KindNeeds(..) => "E100",
            SupplyFault::KindHasNot(..) => "E101",
            SupplyFault::CohortWithoutRoom(..) => "E102",
            SupplyFault::NotMovable(_) => "E103",
            SupplyFault::TakesTooMuch(..) => "E104",
            SupplyFault::SizesPerGrade(..) => "E105",
            SupplyFault::NoClassSize(_) => "E106",
            SupplyFault::RoomsFew(..) => "E107",
            SupplyFault::RoomsNeedClasses(_) => "E108",
            SupplyFault::StretchBelow(..) => "E109",
            SupplyFault::ReleasedBySwing(_) => "E110",
            SupplyFault::SameZone(_) => "E111",
            SupplyFault::LifeNeedsOpened => "E112",
            SupplyFault::SchoolElsewhere(_) => "E113",
            SupplyFault::ClassDiffers(..) => "E114",
            SupplyFault::RanksEqual(..) | SupplyFault::PointsOverlap(_) => "E115",
            SupplyFault::SharesOver(..) => "E116",
            SupplyFault::Incomplete(..) | SupplyFault::OneOf(..) | SupplyFault::PointsEnds(..) => "E117",
            SupplyFault::SharesNotOne(..) => "E118",
            SupplyFault::NoPools(_) => "E119",
            SupplyFault::PastOpening(..) => "W150",
            SupplyFault::BedsFew(..) => "W151",
            SupplyFault::ClassesUnknown(..) => "N220",
            SupplyFault::NoEffect(..) => "W152",
        }
    }
}
