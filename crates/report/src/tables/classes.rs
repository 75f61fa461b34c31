//! `classes.csv`: classes by school, grade and year on the central path, where a sharing group states them.

use seatcast_core::{Lang, balance::ClassPlan, geography::Area};

use super::{
    Table,
    cell::{Number, Text},
    keys::Place,
    row::row,
};
use crate::Run;

row! {
    /// Classes of a school, grade and year.
    ClassRow<'a> {
        scenario: Text<'a> = "情景代码", "key of the scenario";
        place: Place<'a>;
        stage: Text<'a> = "学段代码", "key of the stage";
        school: Text<'a> = "学校代码", "key of the school, or of the project";
        name: Text<'a> = "名称", "its name";
        grade: Text<'a> = "年级", "key of the grade";
        year: i32, Year = "学年", "academic year";
        lead: i32, Years = "距基年的年数", "the year less the base year";
        rooms: u32, Rooms = "教室数", "rooms of the building";
        pupils: u32, Pupils = "学生数", "pupils of the grade";
        classes: u32, Classes = "开班数", "classes it holds";
        needed: u32, Classes = "按标准班额需要的班数", "classes it would need at the standard size";
        class_size: Option<Number>, Pupils = "班额", "pupils per class; blank without a class";
    }
}

pub(super) const TABLE: Table =
    Table::of::<ClassRow<'_>>("classes.csv", "一所学校一个年级的班级", "classes of a school, grade and year");

/// The rows; `None` if no group states its classes.
pub(super) fn rows<'a>(run: &'a Run<'_>, lang: Lang) -> Option<Vec<ClassRow<'a>>> {
    let scenario = run.scenario;
    let frame = &scenario.frame;
    let plan = ClassPlan::new(scenario, &run.forecast.central, &run.places)?;
    let houses = &run.places.houses().all;
    let mut rows = Vec::new();
    for q in frame.groups.ids() {
        for p in frame.stages.ids().filter(|&p| run.balances.central.counts_classes(q, p)) {
            for (t, year) in scenario.calendar() {
                for of in plan.grades(scenario, &run.forecast.central, &run.places, t, (q, p)) {
                    let house = &houses[of.house];
                    let rooms = run.places.rooms_of(t, of.house).rooms;
                    if rooms == 0 && of.held == 0 {
                        continue;
                    }
                    rows.push(ClassRow {
                        scenario: (&scenario.id).into(),
                        place: Place::of(frame, Area::Zone(house.zone)),
                        stage: (&frame.stages[p].id).into(),
                        school: (&house.id).into(),
                        name: house.name.in_lang(lang).into(),
                        grade: (&frame.stages[p].grades[of.position]).into(),
                        year,
                        lead: year - scenario.base_year,
                        rooms,
                        pupils: of.pupils,
                        classes: of.held,
                        needed: of.needed,
                        class_size: (of.held > 0).then(|| Number(f64::from(of.pupils) / f64::from(of.held))),
                    });
                }
            }
        }
    }
    Some(rows)
}
