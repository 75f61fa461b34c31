//! What holds of every result, whatever was read: the laws that results are checked by while a command runs.
//!
//! A law is checked where a value leaves the module that made it and where the next takes it in. A broken one is a fault of
//! this program: the command ends, nothing is written, and the message names the law, the place and both figures. Checks
//! cost little beside what they check: a sum over what is there, never a second computation of a draw.
//!
//! The checks of a value stand beside its type, in a module `laws`.

/// Declares the laws: `Name = "code", "Chinese", "English";`.
macro_rules! laws {
    ($($name:ident = $code:literal, $zh:literal, $en:literal;)+) => {
        /// A law that results keep.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "the words say what each is")]
        #[non_exhaustive]
        pub enum Law { $($name,)+ }

        impl Law {
            /// Every law, in the order in which a pupil meets them.
            pub const ALL: &[Law] = &[$(Law::$name,)+];

            /// Stable code: the thing, then what holds of it.
            pub const fn code(self) -> &'static str {
                match self { $(Law::$name => $code,)+ }
            }

            /// What holds, Chinese and English.
            pub const fn words(self) -> (&'static str, &'static str) {
                match self { $(Law::$name => ($zh, $en),)+ }
            }
        }
    };
}

laws! {
    // terms of the projection
    PoolShares = "pool/shares", "一个入学来源组的各来源权重之和为 1", "the weights of the sources of a pool add to 1";
    PoolPublic = "pool/public-share", "公办就读比例在 0 与 1 之间", "a public share lies between 0 and 1";
    PoolEntry = "pool/entry-ratio", "入学率为非负的有限数", "an entry ratio is finite and not negative";
    PoolChildren = "pool/children", "适龄儿童数为非负的有限数", "the children of a pool are finite and not negative";
    RatioProgression = "ratio/progression", "升级率为非负的有限数", "a progression ratio is finite and not negative";
    RatioTransition = "ratio/transition", "升学率为非负的有限数", "a transition rate is finite and not negative";
    FlowShares = "flow/shares", "从一个学区升学的去向份额之和为 1", "where the leavers of a zone go adds to 1";
    ArrivalsFinite = "arrivals/finite", "转入人数为有限数", "arrivals are finite";
    EstatesPooled = "estates/pooled", "住宅区已计入入学来源的学生不多于其全部学生", "the pupils of estates that pools hold are no more than all of theirs";
    // the projection
    RollBase = "roll/base", "起始年的未取整在校生等于填报的在校生", "unrounded pupils of the base year are the roll";
    RollFinite = "roll/finite", "预测人数为非负的有限数", "pupils are finite and not negative";
    RollMovesOn = "roll/moves-on", "次年在校生 = 本年升级者 + 新生 + 净转入（住宅）", "pupils of the next year = those who move up + entrants + arrivals + net movers into estates";
    // paths in whole pupils
    PathYears = "path/years", "一条路径含起始年和全部预测年", "a path has the base year and every coming year";
    PathCells = "path/cells", "一条路径每年含全部学区和年级", "a path has every zone and grade in each year";
    PathBase = "path/base", "路径的起始年等于填报的在校生", "a path starts at the roll";
    PathMost = "path/most", "每个学区年级的人数在可计数范围内", "a cell holds no more pupils than can be counted";
    PathRounded = "path/rounded", "取整后每个单元与未取整数相差不到 1 人", "a whole cell is less than one pupil from the unrounded one";
    PathTotals = "path/totals", "取整后各区各年级合计与未取整合计相差不超过半人", "a whole district and grade is within half a pupil of the unrounded one";
    ForecastDraws = "forecast/draws", "抽样数等于要求的数目", "there are as many draws as requested";
    ForecastAssumed = "forecast/assumed", "依赖假定出生数的首年在预测期内", "the first year that rests on assumed births is a year of the run";
    // places
    OpeningShare = "opening/probability", "按期开办的概率在 0 与 1 之间", "a probability of being open lies between 0 and 1";
    OpeningRises = "opening/rises", "按期开办的概率逐年不降", "a probability of being open never falls from year to year";
    OpeningCentral = "opening/central", "中位开办年是概率达到一半的首年", "the central opening is the first year with a probability of one half";
    PlacesYears = "places/years", "学位含起始年和全部预测年", "places have the base year and every coming year";
    PlacesCells = "places/zones-and-stages", "学位每年含全部学区和学段", "places have every zone and stage in each year";
    PlacesMoveOn = "places/move-on", "次年学位 = 本年学位 + 新增 - 减少，新增不为负", "places of the next year = places + gained - lost, and none are gained below zero";
    PlacesSum = "places/sum", "可用学位等于学校与全部项目变动之和，不低于零", "usable places are those of schools and all that projects change, not below zero";
    PlacesProgramme = "places/programme", "只有口径内的项目有开办年", "projects of the programme have an opening, and no others";
    // pupils against places
    BalanceYears = "balance/years", "对比与路径年数相同", "a balance has the years of its path";
    BalanceEntrants = "balance/entrants", "对比中的新生等于路径起始年级人数", "entrants are the pupils of the entry grade";
    BalancePlaces = "balance/places", "对比中的学位等于可用学位", "the places of a balance are the usable ones";
    BalanceDemand = "balance/demand", "大学区需求 = 在校生加预留，向上取整", "demand of a group is its pupils with the reserve, rounded up";
    BalanceGap = "balance/gap", "缺口 - 富余 = 需求 - 学位", "shortage less surplus is demand less places";
    BalanceOneSided = "balance/one-sided", "一个大学区学段不同时有缺口和富余", "a group and stage is never short and idle at once";
    BalanceZone = "balance/zone", "学区缺口不超过本学区需求与学位之差", "a zone is not shorter than its demand is above its places";
    BalanceNotNegative = "balance/not-negative", "人数和学位不为负", "pupils and places are not negative";
    EntryGap = "entry/gap", "起始年级缺口 = 新生 - 起始年级学位，不低于零", "the entry gap is entrants less entry places, not below zero";
    EntryPlaces = "entry/places", "未填报班级的大学区起始年级学位不超过可用学位", "where no classes are stated the entry grade has no more places than there are";
    EntryStretched = "entry/stretched", "按最大班额计的起始年级学位不少于按标准班额计的", "stretched classes hold no fewer entrants than standard ones";
    NewGap = "entry/new-gap", "新增缺口 = 新生 - 毕业生 - 净增学位", "the new gap is entrants less leavers less places gained";
    DrawsBalanced = "balance/draws", "每次抽样都有对比", "every draw has its balance";
    // why a gap is what it is
    GapParts = "gap/parts", "起始缺口加各原因等于需求减学位", "the reference and all causes add to demand less places";
    ShortageParts = "gap/shortage-parts", "起始缺口（不低于零）加各原因等于缺口", "the reference and all causes add to the shortage";
    // to t+15
    TideYears = "tide/years", "学位潮汐至少含预测期全部年份", "the long run has every year of the run at least";
    TideDemand = "tide/demand", "学位潮汐与对比的需求在共同年份相等", "the long run and the balance have the same demand in the years they share";
    TideOpenings = "tide/openings", "学位潮汐中每个项目都有开办年或未开办的记录", "the long run knows of every project whether and when it opens";
    // who gets a place
    AdmissionChildren = "admission/children", "录取 + 分流 + 未录取 = 申请", "placed, diverted and not placed children are those who applied";
    AdmissionPlaces = "admission/places", "录取与接收的分流生不超过计划学位", "a group takes no more children than it has places";
    AdmissionSent = "admission/sent", "按去向计的分流生等于分流生", "diverted children by where they go are those diverted";
    AdmissionCutoff = "admission/cut-off", "录取线所在类别的录取比例在 0 与 1 之间", "the share placed of the class at the cut-off lies between 0 and 1";
    // money
    MoneyCapital = "money/capital", "各年建设投资之和等于项目投资", "the capital of all years is that of the project";
    MoneyPayers = "money/payers", "出资份额之和为 1", "the shares of those who pay add to 1";
    MoneyFinite = "money/finite", "金额为有限数", "money is finite";
    // decisions
    BoardDistrict = "board/district", "看板上区的数等于各大学区之和", "a district on the board is the sum of its groups";
    BoardMissing = "board/missing", "缺少的学位不为负", "missing places are not negative";
    ActionProject = "action/project", "决定所指的项目在情景中", "a decision names a project of the scenario";
    ActionPlace = "action/place", "决定所指的大学区和学段在情景中", "a decision names a group and stage of the scenario";
    ActionYear = "action/year", "决定针对的年份在规划期内", "a decision is for a coming year";
    ActionShare = "action/probability", "决定所依据的概率在 0 与 1 之间", "the probabilities of a decision lie between 0 and 1";
    LastSafeProjects = "last-safe/projects", "每个项目有一个最晚决策日期", "every project has its last safe date";
    // policies played
    PlayShortage = "play/shortage", "缺口合计等于各年各大学区缺口之和", "the shortage of a policy is the sum of its years and groups";
    PlayWorst = "play/worst", "最大缺口是各年各大学区缺口的最大值", "the worst shortage is the largest of its years and groups";
    PlayYears = "play/years-short", "有缺口的年数等于缺口不为零的年数", "years short are the years with a shortage";
    PlayFinite = "play/score", "评分为有限数", "a score is finite";
    ForesightBest = "foresight/best", "完全预见的评分不劣于任何方案", "no policy beats perfect foresight";
    // sweeps
    SweepRescored = "sweep/rescored", "优选方案由逐个重算得到同样的缺口", "the best schedules score the same when each is worked out alone";
    SweepFront = "sweep/front", "前沿上投资上升则风险下降", "along the front risk falls as cost rises";
}

/// A law that a result broke: a fault of this program, never of its input.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}: {} (found {found}, expected {expected}; {place})", .law.code(), .law.words().1)]
pub struct Broken {
    /// Which.
    pub law: Law,
    /// Where: keys and the year, as far as there are any.
    pub place: String,
    /// The figure that was found.
    pub found: f64,
    /// The figure that the law wants, or the limit that was passed.
    pub expected: f64,
}

/// What a check comes to.
pub type Kept = Result<(), Broken>;

/// `law` as broken.
fn broken(law: Law, found: f64, expected: f64, place: impl FnOnce() -> String) -> Kept {
    Err(Broken { law, place: place(), found, expected })
}

/// Two whole figures are the same.
///
/// # Errors
/// The law as broken.
#[inline]
pub fn same(law: Law, found: i64, expected: i64, place: impl FnOnce() -> String) -> Kept {
    if found == expected { Ok(()) } else { broken(law, found as f64, expected as f64, place) }
}

/// A whole figure is at most `most`.
///
/// # Errors
/// The law as broken.
#[inline]
pub fn at_most(law: Law, found: i64, most: i64, place: impl FnOnce() -> String) -> Kept {
    if found <= most { Ok(()) } else { broken(law, found as f64, most as f64, place) }
}

/// A figure is finite and lies between two others.
///
/// # Errors
/// The law as broken.
#[inline]
pub fn between(law: Law, found: f64, (least, most): (f64, f64), place: impl FnOnce() -> String) -> Kept {
    if found >= least && found <= most && found.is_finite() {
        return Ok(());
    }
    broken(law, found, if found < least { least } else { most }, place)
}

/// Two figures are the same but for the rounding of floats.
///
/// # Errors
/// The law as broken.
#[inline]
pub fn near(law: Law, found: f64, expected: f64, place: impl FnOnce() -> String) -> Kept {
    const ROUNDING: f64 = 1e-6;
    let is_near = (found - expected).abs() <= ROUNDING * (1.0 + expected.abs());
    if is_near { Ok(()) } else { broken(law, found, expected, place) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_many_laws_each_with_a_code_and_words_of_its_own() {
        assert!(Law::ALL.len() >= 60, "{}", Law::ALL.len());
        for (i, law) in Law::ALL.iter().enumerate() {
            let (zh, en) = law.words();
            assert!(!zh.is_empty() && !en.is_empty());
            let same =
                |other: &Law| other.code() == law.code() || other.words().1 == en || other.words().0 == zh;
            assert!(!Law::ALL[..i].iter().any(same), "{}", law.code());
        }
    }

    #[test]
    fn a_broken_law_names_both_figures_and_the_place() {
        let broken = same(Law::PathBase, 3, 4, || "north 2025".to_owned()).unwrap_err();
        assert_eq!(
            broken.to_string(),
            "path/base: a path starts at the roll (found 3, expected 4; north 2025)"
        );
        assert!(near(Law::FlowShares, f64::NAN, 1.0, String::new).is_err(), "no number is near another");
        assert!(between(Law::PoolPublic, f64::INFINITY, (0.0, f64::INFINITY), String::new).is_err());
        assert!(
            at_most(Law::PathMost, 5, 5, String::new).is_ok()
                && at_most(Law::PathMost, 6, 5, String::new).is_err()
        );
    }
}
