//! Who gets a place: the September of docs/admission.md, and what holds for every September.

use proptest::prelude::*;
use seatcast::core::{
    grid::Cells,
    index::{DistrictId, GroupId, Ids, StageId, YearOffset, ZoneId},
};
use seatcast::{
    Name, Scenario, ScenarioParts, Session, Settings,
    admission::{AdmissionClass, AdmissionRules, Asked, Diversion, Lock, Placement, RankId},
    demand::{ChildCount, Counted},
    forecast::Uncertainty,
    geography::{District, Frame, Group, Intake, Stage, StageDetail, Zone},
    supply::{Classes, School},
};

/// The September that is worked.
const FIRST: YearOffset = YearOffset::new(1);

/// The district of the page.
fn on_paper() -> Scenario {
    let group = |id: &str| Group { id: id.into(), name: Name::plain(id), district: DistrictId::new(0) };
    let zone =
        |id: &str, q| Zone { id: id.into(), name: Name::plain(id), group: GroupId::new(q), tile: None };
    let frame = Frame {
        districts: vec![District { id: "d".into(), name: Name::plain("d") }].into(),
        groups: vec![group("ab"), group("c")].into(),
        zones: vec![zone("a", 0), zone("b", 0), zone("c", 1)].into(),
        stages: vec![Stage {
            id: "primary".into(),
            name: Name::plain("primary"),
            grades: ["1", "2", "3"].map(String::from).to_vec(),
            class_size: 10,
            intake: Intake::Pools { entry_age: 6 },
            detail: StageDetail::default(),
        }]
        .into(),
    };
    let school = |id: &str, zone, by_grade: [u32; 3], rooms| School {
        classes: Some(Classes { by_grade: by_grade.to_vec(), sizes: vec![10; 3], stretch: 10, rooms }),
        ..School::new(id, ZoneId::new(zone), StageId::new(0), rooms * 10)
    };
    let child = |zone, class: &str, children| ChildCount {
        year: 2025,
        zone: ZoneId::new(zone),
        class: class.into(),
        source: "register".into(),
        counted: Counted::Age(5),
        children,
    };
    let class = |id: &str, rank, pool: &str, share: f64| AdmissionClass {
        id: id.into(),
        name: Name::plain(id),
        stage: StageId::new(0),
        rank,
        pool: Some(pool.into()),
        share: vec![share; 3].into(),
        points: None,
        lock: None,
    };
    let lock = Lock { years: 3, dwellings: [40.0, 20.0, 20.0].into(), moved: 0.25 };
    let to = |from, to| Diversion { from: GroupId::new(from), to: GroupId::new(to), limit: None };
    let parts = ScenarioParts {
        roll: Cells::from_vec(frame.cells(), vec![20, 20, 18, 10, 10, 9, 20, 18, 17]),
        children: [(0, 20.0, 10.0), (1, 10.0, 10.0), (2, 10.0, 2.0)]
            .into_iter()
            .flat_map(|(z, own, migrant)| [child(z, "registered", own), child(z, "migrant", migrant)])
            .collect(),
        schools: vec![
            school("A", 0, [2, 2, 2], 7),
            school("B", 1, [1, 1, 1], 3),
            school("C", 2, [3, 2, 2], 7),
        ]
        .into(),
        admission: AdmissionRules {
            classes: vec![
                AdmissionClass { lock: Some(lock), ..class("home", 1, "registered", 0.6) },
                class("rent", 2, "registered", 0.4),
                AdmissionClass { points: Some((60.0, 100.0)), ..class("points", 3, "migrant", 1.0) },
            ],
            diversions: vec![to(0, 1), to(1, 0)],
            ..AdmissionRules::default()
        },
        uncertainty: Some(Uncertainty::NONE),
        until: 2026,
        ..ScenarioParts::empty("paper", frame, 2025)
    };
    Scenario::new(parts).unwrap()
}

#[test]
fn the_september_worked_on_paper_comes_out_to_the_child() {
    let page = std::fs::read_to_string(crate::common::root().join("docs/admission.md")).unwrap();
    let check =
        |row: &str| assert!(page.lines().any(|line| line == row), "docs/admission.md has no row {row}");
    let scenario = on_paper();
    let session = Session::new(&scenario, Settings { draws: 3, ..Settings::default() }).unwrap();
    let outcome = session.admission().unwrap();
    let plan = &outcome.plan;
    let names = ["home", "rent", "points", "none", "locked"];
    assert_eq!(plan.ranks(0).len(), names.len());
    for (z, zone) in Ids::first(3).zip(["a", "b", "c"]) {
        for (c, name) in Ids::first(names.len()).zip(names) {
            let n = outcome.central.children(0, FIRST, z, c);
            if name == "none" {
                assert_eq!(n.asked, 0, "every child of the page belongs to a class");
                continue;
            }
            check(&format!(
                "| {zone} {name} | {} | {} | {} | {} |",
                n.asked, n.placed, n.diverted, n.not_placed
            ));
        }
    }
    for (q, group) in Ids::first(2).zip(["a, b", "c"]) {
        let capacity = outcome.central.capacity(0, FIRST, q);
        let (ends, points) = match outcome.central.cutoff(0, FIRST, q) {
            Some(cut) => (names[cut.class], cut.points((60.0, 100.0)).to_string()),
            None => ("-", "-".to_owned()),
        };
        check(&format!("| {group} | {capacity} | {ends} | {points} |"));
    }
    let to = |zones: std::ops::Range<usize>, group| {
        let zones: Vec<ZoneId> = Ids::of(zones).collect();
        outcome.central.diverted(0, FIRST, &zones, GroupId::new(group))
    };
    assert_eq!((to(0..1, 1), to(1..2, 1), to(0..2, 1), to(2..3, 0)), (4, 4, 8, 0));
    assert!(outcome.draws.iter().all(|draw| *draw == outcome.central), "nothing is uncertain on paper");
}

/// Places that a class got also lock its dwellings in the years of the forecast.
#[test]
fn a_shorter_lock_refuses_fewer_children() {
    let refused = |years| {
        let mut parts = on_paper().into_parts();
        if let Some(lock) = &mut parts.admission.classes[0].lock {
            lock.years = years;
            lock.moved = 1.0;
        }
        let scenario = Scenario::new(parts).unwrap();
        let session = Session::new(&scenario, Settings { draws: 1, ..Settings::default() }).unwrap();
        let zones: Vec<ZoneId> = scenario.frame.zones.ids().collect();
        session.admission().unwrap().central.sum(0, FIRST, &zones, Some(RankId::new(4))).asked
    };
    assert!(
        refused(2) < refused(3) && refused(3) < refused(4),
        "{} {} {}",
        refused(2),
        refused(3),
        refused(4)
    );
}

prop_compose! {
    fn any_september()(
        capacity in prop::collection::vec(0_u32..200, 3),
        children in prop::collection::vec(prop::collection::vec(prop::collection::vec(0_u32..60, 5), 2), 3),
        limits in prop::collection::vec(prop::option::of(0_u32..60), 6),
        order in prop::bool::ANY,
    ) -> (Vec<Asked>, Vec<Vec<Diversion>>) {
        let asked = capacity.into_iter().zip(children).enumerate()
            .map(|(q, (capacity, children))| Asked { group: GroupId::new(q), capacity, children }).collect();
        let targets = (0..3).map(|from| {
            let mut to: Vec<Diversion> = (0..3).filter(|to| *to != from)
                .enumerate().map(|(i, to)| Diversion { from: GroupId::new(from), to: GroupId::new(to), limit: limits[2 * from + i] }).collect();
            if order { to.reverse(); }
            to
        }).collect();
        (asked, targets)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_group_takes_more_than_its_places_and_no_worse_rank_comes_first((asked, targets) in any_september()) {
        let placement = Placement::new(&asked, &targets);
        let by_class = |rows: &[Vec<u32>], c: usize| rows.iter().map(|r| r[c]).sum::<u32>();
        for (q, group) in asked.iter().enumerate() {
            let fate = &placement.fates[q];
            // every child is somewhere, zone by zone
            for (z, row) in group.children.iter().enumerate() {
                for (c, n) in row.iter().enumerate() {
                    prop_assert_eq!(fate.placed[z][c] + fate.diverted[z][c] + fate.not_placed[z][c], *n);
                }
            }
            let own: u32 = (0..5).map(|c| by_class(&fate.placed, c)).sum();
            let guests: u32 = placement.fates.iter().flat_map(|f| &f.sent).filter(|(to, _)| to.index() == q).flat_map(|(_, n)| n).sum();
            prop_assert!(own + guests <= group.capacity, "more than the places");
            prop_assert_eq!(own + guests + placement.left[q], group.capacity, "places close");
            // inside the group: a class with a child refused means that no worse class has one placed
            for c in 0..5 {
                if by_class(&fate.placed, c) < by_class(&group.children, c) {
                    for worse in c + 1..5 {
                        prop_assert_eq!(by_class(&fate.placed, worse), 0, "rank {} before rank {}", worse, c);
                    }
                }
            }
            let sent: u32 = fate.sent.iter().flat_map(|(_, n)| n).sum();
            prop_assert_eq!(sent, (0..5).map(|c| by_class(&fate.diverted, c)).sum::<u32>());
            for z in 0..2 {
                let sent: u32 = fate.sent.iter().map(|(_, by_zone)| by_zone[z]).sum();
                prop_assert_eq!(sent, fate.diverted[z].iter().sum::<u32>(), "where the children of a zone go");
            }
            for d in &targets[q] {
                let gone: u32 = fate.sent.iter().filter(|(to, _)| *to == d.to).flat_map(|(_, n)| n).sum();
                prop_assert!(d.limit.is_none_or(|limit| gone <= limit));
            }
        }
        // among the diverted: who is left out although a group of his list could still take him does not exist, and no
        // worse rank of the own group was diverted before him
        for (q, fate) in placement.fates.iter().enumerate() {
            for c in 0..5 {
                if by_class(&fate.not_placed, c) == 0 { continue; }
                for d in &targets[q] {
                    let gone: u32 = fate.sent.iter().filter(|(to, _)| *to == d.to).flat_map(|(_, n)| n).sum();
                    prop_assert!(placement.left[d.to.index()] == 0 || d.limit.is_some_and(|limit| gone == limit));
                }
                for worse in c + 1..5 {
                    prop_assert_eq!(by_class(&fate.diverted, worse), 0);
                }
            }
        }
    }
}
