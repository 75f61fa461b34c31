//! Words for faults of schools and projects, both languages beside each other.

use seatcast_core::Lang;

use crate::problem::SupplyFault;

/// What is wrong.
#[expect(clippy::too_many_lines, reason = "one arm a fault")]
pub(super) fn message(fault: &SupplyFault, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    match fault {
        SupplyFault::KindNeeds(kind, column) if zh => format!("类型为 {kind} 的项目需要 {column}"),
        SupplyFault::KindNeeds(kind, column) => format!("a project of kind {kind} needs {column}"),
        SupplyFault::KindHasNot(kind, column) if zh => format!("类型为 {kind} 的项目没有 {column} 一项"),
        SupplyFault::KindHasNot(kind, column) => format!("a project of kind {kind} has no {column}"),
        SupplyFault::CohortWithoutRoom(years, rooms) if zh => {
            format!("改办后第 {} 年，在校的班级缺 {rooms} 间教室", years + 1)
        }
        SupplyFault::CohortWithoutRoom(years, rooms) => {
            let words = if *rooms == 1 { "room" } else { "rooms" };
            format!(
                "in year {} of the conversion the classes that were admitted lack {rooms} {words}",
                years + 1
            )
        }
        SupplyFault::NotMovable(id) if zh => {
            format!("`{id}` 不是可以迁移的校舍：需要学校，或开办月份已知的预制校舍项目")
        }
        SupplyFault::NotMovable(id) => {
            format!(
                "`{id}` cannot be moved: it is neither a school nor a prefab project with a known month of opening"
            )
        }
        SupplyFault::TakesTooMuch(taken, there) if zh => format!("占用 {taken} 个学位，那里只有 {there} 个"),
        SupplyFault::TakesTooMuch(taken, there) => format!("takes {taken} places, there are {there}"),
        SupplyFault::SizesPerGrade(found, grades) if zh => {
            format!("给了 {found} 个班额，学段有 {grades} 个年级")
        }
        SupplyFault::SizesPerGrade(found, grades) => format!("{found} class sizes for {grades} grades"),
        SupplyFault::NoClassSize(grade) if zh => format!("年级 {grade} 有学位，却没有班额"),
        SupplyFault::NoClassSize(grade) => format!("the places of grade {grade} have no class size"),
        SupplyFault::RoomsFew(rooms, classes) if zh => format!("{rooms} 间教室少于 {classes} 个班"),
        SupplyFault::RoomsFew(rooms, classes) => format!("{rooms} rooms are fewer than {classes} classes"),
        SupplyFault::RoomsNeedClasses(rooms) if zh => format!("有 {rooms} 间教室，却没有班数"),
        SupplyFault::RoomsNeedClasses(rooms) => format!("{rooms} rooms, but no classes"),
        SupplyFault::StretchBelow(limit, size) if zh => format!("最大班额 {limit} 小于标准班额 {size}"),
        SupplyFault::StretchBelow(limit, size) => {
            format!("the limit {limit} is below the standard size {size}")
        }
        SupplyFault::ReleasedBySwing(id) if zh => format!("`{id}` 本身是周转校舍，不能释放另一座周转校舍"),
        SupplyFault::ReleasedBySwing(id) => format!("`{id}` is a swing building itself and releases none"),
        SupplyFault::SameZone(place) if zh => format!("从 {place} 到 {place}，没有移动"),
        SupplyFault::SameZone(place) => format!("from {place} to {place}: nothing moves"),
        SupplyFault::LifeNeedsOpened if zh => "给了使用年限，却没有启用月份".to_owned(),
        SupplyFault::LifeNeedsOpened => "a life is given, but not the month it began".to_owned(),
        SupplyFault::SchoolElsewhere(id) if zh => format!("学校 `{id}` 不在本项目的学区和学段"),
        SupplyFault::SchoolElsewhere(id) => {
            format!("the school `{id}` has no such stage in the zone of the project")
        }
        SupplyFault::ClassDiffers(class, column) if zh => {
            format!("类别 {class} 在个别学区的行里改了 {column}，它属于整个类别")
        }
        SupplyFault::ClassDiffers(class, column) => {
            format!("a row of class {class} for one zone changes {column}, which belongs to the whole class")
        }
        SupplyFault::RanksEqual(rank, other) if zh => format!("与类别 {other} 同为第 {rank} 顺位"),
        SupplyFault::RanksEqual(rank, other) => format!("the same rank {rank} as class {other}"),
        SupplyFault::PointsOverlap(other) if zh => {
            format!("积分段与类别 {other} 重叠，或顺位较后的积分反而较高")
        }
        SupplyFault::PointsOverlap(other) => {
            format!("its points overlap those of class {other}, or the worse rank has the better points")
        }
        SupplyFault::SharesOver(zone, pool, sum) if zh => {
            let pool = if pool.is_empty() { "全部新生" } else { pool };
            format!("学区 {zone}：{pool} 各类别的占比合计 {}，大于 1", short(*sum))
        }
        SupplyFault::SharesOver(zone, pool, sum) => {
            let pool = if pool.is_empty() { "all entrants" } else { pool };
            format!("zone {zone}: the shares of {pool} add to {}, more than 1", short(*sum))
        }
        SupplyFault::Incomplete(column, other) if zh => format!("有 {column}，却没有 {other}"),
        SupplyFault::Incomplete(column, other) => format!("{column} is given without {other}"),
        SupplyFault::OneOf(a, b) if zh => format!("{a} 和 {b} 必须且只能给出一个"),
        SupplyFault::OneOf(a, b) => format!("exactly one of {a} and {b} must be given"),
        SupplyFault::PointsEnds(from, to) if zh => format!("积分下限 {from} 高于上限 {to}"),
        SupplyFault::PointsEnds(from, to) => format!("the lowest points {from} are above the highest {to}"),
        SupplyFault::SharesNotOne(what, sum) if zh => format!("{what} 的占比合计 {}，应为 1", short(*sum)),
        SupplyFault::SharesNotOne(what, sum) => format!("the shares of {what} add to {}, not 1", short(*sum)),
        SupplyFault::NoPools(stage) if zh => format!("学段 {stage} 不从适龄儿童入学，没有儿童类别"),
        SupplyFault::NoPools(stage) => {
            format!("{stage} is not entered from pools: it has no classes of children")
        }
        SupplyFault::PastOpening(project, month) if zh => {
            format!("项目 {project} 应在 {month} 开办，已过去，状态却不是 open")
        }
        SupplyFault::PastOpening(project, month) => {
            format!("project {project} should have opened in {month}, which is past, and is not marked open")
        }
        SupplyFault::BedsFew(project, beds, places) if zh => {
            format!("项目 {project} 为撤并学校的学生保留 {places} 个学位，只有 {beds} 张床位")
        }
        SupplyFault::BedsFew(project, beds, places) => {
            format!("project {project} keeps {places} places for boarders, but has {beds} beds")
        }
        SupplyFault::ClassesUnknown(group, stage, schools) if zh => {
            format!("大学区 {group} 的 {stage}：学校 {} 没有班数", schools.join("、"))
        }
        SupplyFault::ClassesUnknown(group, stage, schools) => {
            format!("group {group}, {stage}: no classes are given for {}", schools.join(", "))
        }
        SupplyFault::NoEffect(column, other) if zh => format!("{column} 不起作用：以 {other} 为准"),
        SupplyFault::NoEffect(column, other) => format!("{column} has no effect: {other} counts"),
    }
}

/// A sum of shares without the noise of its additions.
fn short(sum: f64) -> String {
    let text = format!("{sum:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// How to fix it.
pub(super) fn help(fault: &SupplyFault, lang: Lang) -> String {
    match fault {
        SupplyFault::KindNeeds(_, column) | SupplyFault::Incomplete(_, column) => match lang {
            Lang::Zh => format!("填写 {column}"),
            Lang::En => format!("fill {column}"),
        },
        SupplyFault::KindHasNot(_, column) | SupplyFault::NoEffect(column, _) => match lang {
            Lang::Zh => format!("清空 {column}"),
            Lang::En => format!("clear {column}"),
        },
        SupplyFault::SizesPerGrade(..) => lang
            .pick(
                "写一个数，或每个年级一个数，用 `;` 分隔",
                "give one number, or one for each grade separated by `;`",
            )
            .to_owned(),
        other => lang.pick(fix(other).0, fix(other).1).to_owned(),
    }
}

/// Fixes that need none of the data: Chinese, English.
fn fix(fault: &SupplyFault) -> (&'static str, &'static str) {
    match fault {
        SupplyFault::CohortWithoutRoom(..) => (
            "逐年级改办（phase_in = grade_by_grade），且新学段的班数不多于让出的教室",
            "convert grade by grade (phase_in = grade_by_grade) and give the new stage no more classes than rooms are given up",
        ),
        SupplyFault::NotMovable(_) => (
            "写学校的代码，或填有 opens 的预制项目的代码",
            "name a school, or a prefab project that states opens",
        ),
        SupplyFault::TakesTooMuch(..) => {
            ("减少学位数，或改正学校的学位", "take fewer places, or correct those of the school")
        }
        SupplyFault::NoClassSize(_) => ("补上这个年级的班额", "fill the class size of this grade"),
        SupplyFault::RoomsFew(..) => ("改正教室数或班数", "correct the rooms or the classes"),
        SupplyFault::RoomsNeedClasses(_) => {
            ("填写 classes_per_grade，或清空 rooms", "fill classes_per_grade, or clear rooms")
        }
        SupplyFault::StretchBelow(..) => {
            ("写不小于标准班额的数", "give a number not below the standard size")
        }
        SupplyFault::ReleasedBySwing(_) => ("写改建项目的代码", "name the project whose pupils it holds"),
        SupplyFault::SameZone(_) => ("改正其中一个", "correct one of the two"),
        SupplyFault::LifeNeedsOpened => {
            ("填写 opened（YYYY-MM），或清空 life_years", "fill opened (YYYY-MM), or clear life_years")
        }
        SupplyFault::ClassDiffers(..) => {
            ("清空这一格，只写占比和住房套数", "clear the cell: a zone states its share and dwellings only")
        }
        SupplyFault::RanksEqual(..) => ("每个类别用不同的顺位", "give every class a rank of its own"),
        SupplyFault::PointsOverlap(_) => {
            ("使积分段首尾相接，顺位越前积分越高", "let the bands meet, better points on the better rank")
        }
        SupplyFault::SharesOver(..) | SupplyFault::SharesNotOne(..) => ("改正占比", "correct the shares"),
        SupplyFault::OneOf(..) => ("填写其中一个，清空另一个", "fill one and clear the other"),
        SupplyFault::PointsEnds(..) => ("交换两个数", "exchange the two"),
        SupplyFault::NoPools(_) => ("清空 pool", "clear pool"),
        SupplyFault::SchoolElsewhere(_) => {
            ("改正学校、学区或学段", "correct the school, the zone or the stage")
        }
        SupplyFault::PastOpening(..) => (
            "按该月已开办处理；如已开办请把状态改为 open，否则改正 opens",
            "it counts as opened in that month; mark it open, or correct opens",
        ),
        SupplyFault::BedsFew(..) => {
            ("按床位数计；床位补足后请改正 beds", "the beds count; correct beds when there are more")
        }
        SupplyFault::ClassesUnknown(..) => (
            "这里按学位而不按班级计算；补上 classes_per_grade 即可按班级计算",
            "places are counted there, not classes; fill classes_per_grade to count classes",
        ),
        SupplyFault::KindNeeds(..)
        | SupplyFault::Incomplete(..)
        | SupplyFault::KindHasNot(..)
        | SupplyFault::NoEffect(..)
        | SupplyFault::SizesPerGrade(..) => ("", ""),
    }
}
