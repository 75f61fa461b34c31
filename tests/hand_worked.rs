//! The example of docs/hand-worked.md: the page was worked on paper, the engine must agree with it to the pupil.
//!
//! Every row below is made from a run and must stand on the page as it is.

use seatcast::core::index::{DistrictId, ProjectId};
use seatcast::{
    Session, Settings,
    balance::{Figure, GapPart, GapParts},
    cycle::{Footing, Step},
    demand::DemandPart,
    geography::Area,
    load,
};

fn check(page: &str, row: &str) {
    assert!(page.lines().any(|line| line.trim() == row), "docs/hand-worked.md has no row {row}");
}

#[test]
fn the_page_worked_on_paper_and_the_engine_agree_to_the_pupil() {
    let page = std::fs::read_to_string(crate::common::root().join("docs/hand-worked.md")).unwrap();
    let loaded = load(crate::common::root().join("tests/hand_worked")).unwrap();
    let scenario = &loaded.scenario;
    let session = Session::new(scenario, Settings { draws: 3, ..Settings::default() }).unwrap();
    let central = &session.balances().central;
    let path = &session.forecast().central;
    for (z, zone) in scenario.frame.zones.ids().zip(["a", "b"]) {
        for (t, year) in scenario.calendar().skip(1).take(4) {
            let row: Vec<String> = path.year(t).row(z).iter().map(u32::to_string).collect();
            check(&page, &format!("| {zone} {year} | {} |", row.join(" | ")));
        }
        for (p, stage) in scenario.frame.stages.ids().zip(["primary", "junior"]) {
            let places: Vec<String> = scenario
                .offsets()
                .take(5)
                .map(|t| central.zone(Figure::Places, t, z, p).to_string())
                .collect();
            check(&page, &format!("| {zone} {stage} | {} |", places.join(" | ")));
            for (t, year) in scenario.calendar().skip(1).take(4) {
                let of = |figure| central.zone(figure, t, z, p);
                check(
                    &page,
                    &format!(
                        "| {zone} {stage} {} | {} | {} | {} | {} | {} | {} | {} |",
                        year,
                        of(Figure::Demand),
                        of(Figure::Places),
                        of(Figure::Shortage),
                        of(Figure::Surplus),
                        central.entry_places(&scenario.frame, Area::Zone(z), t, p),
                        of(Figure::EntryGap),
                        of(Figure::NewGap)
                    ),
                );
            }
        }
    }
    for line in session.board().lines.iter().filter(|l| l.area == Area::District(DistrictId::new(0))) {
        let stage = ["primary", "junior"][line.stage.index()];
        let [open, secured, planned, outlook] = line.places;
        check(
            &page,
            &format!(
                "| {stage} {} | {} | {open} | {secured} | {planned} | {outlook} | {} |",
                line.year, line.need, line.missing
            ),
        );
    }
}

#[test]
fn the_prefab_is_secured_the_late_school_is_not_and_nothing_else_can_be_decided() {
    let loaded = load(crate::common::root().join("tests/hand_worked")).unwrap();
    let session = Session::new(&loaded.scenario, Settings { draws: 3, ..Settings::default() }).unwrap();
    assert_eq!(session.board().footing(ProjectId::new(0)), Some(Footing::Secured));
    assert_eq!(session.board().footing(ProjectId::new(1)), Some(Footing::Planned));
    let actions: Vec<(Step, usize, usize, i64)> =
        session.actions().iter().map(|a| (a.step, a.group.index(), a.stage.index(), a.missing)).collect();
    assert_eq!(actions, [(Step::Uncovered, 0, 1, 12), (Step::Uncovered, 1, 0, 14)]);
}

#[test]
fn the_gaps_are_explained_as_on_the_page() {
    let loaded = load(crate::common::root().join("tests/hand_worked")).unwrap();
    let session = Session::new(&loaded.scenario, Settings { draws: 3, ..Settings::default() }).unwrap();
    let of = |group, stage, t| {
        *session
            .gaps()
            .iter()
            .find(|g| (g.group.index(), g.stage.index(), g.t.index()) == (group, stage, t))
            .unwrap()
    };
    let part =
        |parts: GapParts, part: GapPart| parts.gap[GapPart::ALL.iter().position(|p| *p == part).unwrap()];
    let late = of(1, 1, 1);
    assert_eq!((part(late, GapPart::Opened), part(late, GapPart::Late)), (-20, 20));
    let short = of(0, 0, 3);
    assert_eq!(short.reference_gap, -10);
    assert_eq!((part(short, GapPart::Opened), part(short, GapPart::Retired)), (-27, 27));
    let demand: i64 = short.gap[..DemandPart::ALL.len()].iter().sum();
    assert_eq!(demand, 22);
}
