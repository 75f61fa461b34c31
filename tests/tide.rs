//! The tide goes on where the run ends, and every idle place has a building.

use seatcast::{
    Session, Settings,
    balance::Figure,
    geography::Area,
    load,
    supply::Programme,
    tide::{Suits, Tide, TidePath},
};

use crate::common::shipped;

fn paths(tide: &Tide) -> impl Iterator<Item = &TidePath> {
    std::iter::once(&tide.central).chain(&tide.draws)
}

#[test]
fn the_first_years_of_the_tide_are_those_of_the_run() {
    for (name, programme) in [
        ("teaching", Programme::Committed),
        ("teaching", Programme::All),
        ("teaching", Programme::None),
        ("futian-2019", Programme::Committed),
        ("zhengzhou-2024", Programme::Committed),
    ] {
        let loaded = load(shipped(name)).unwrap();
        let scenario = &loaded.scenario;
        let session =
            Session::new(scenario, Settings { draws: 40, programme, ..Settings::default() }).unwrap();
        let tide = session.tide().unwrap();
        let balances = std::iter::once(&session.balances().central).chain(&session.balances().draws);
        for (path, balance) in paths(tide).zip(balances) {
            for q in scenario.frame.groups.ids() {
                let zones = scenario.frame.zones_in(Area::Group(q));
                for (p, t) in
                    scenario.frame.stages.ids().flat_map(|p| scenario.offsets().map(move |t| (p, t)))
                {
                    let slot = scenario.frame.slots().at(q, p);
                    let of = |figure| balance.sum(figure, t, &zones, p);
                    assert_eq!(
                        i64::from(path.demand(t, slot)),
                        of(Figure::Demand),
                        "{name} {q:?} {p:?} {t:?}"
                    );
                    let places = i64::from(path.places(&tide.stock, t, slot));
                    assert_eq!(places, of(Figure::Places), "{name} {q:?} {p:?} {t:?}");
                    assert_eq!(i64::from(path.short(&tide.stock, t, slot)), of(Figure::Shortage));
                    assert_eq!(i64::from(path.idle(&tide.stock, t, slot)), of(Figure::Surplus));
                }
            }
        }
    }
}

#[test]
fn the_idle_places_of_the_buildings_are_those_of_their_slot() {
    let loaded = load(shipped("teaching")).unwrap();
    let session = Session::new(&loaded.scenario, Settings { draws: 30, ..Settings::default() }).unwrap();
    let tide = session.tide().unwrap();
    let frame = &tide.scenario.frame;
    assert_eq!(tide.scenario.until, tide.scenario.base_year + 15);
    for path in paths(tide) {
        for slot in frame.slots().pairs() {
            for t in tide.scenario.offsets() {
                let of = path.idle_of_buildings(&tide.stock, t, slot);
                assert_eq!(of.iter().sum::<u32>(), path.idle(&tide.stock, t, slot));
                // a building is filled before the next one is begun
                let buildings: Vec<_> = tide.stock.of_slot(slot).collect();
                let begun = |i: usize| of[i] < path.of_building(t, buildings[i]);
                for i in 1..of.len() {
                    assert!(!begun(i) || of[..i].iter().all(|&idle| idle == 0), "{slot:?} {t:?}: {of:?}");
                }
            }
        }
    }
}

#[test]
fn a_need_lies_between_never_and_always_and_its_places_between_none_and_all() {
    let loaded = load(shipped("teaching")).unwrap();
    let session = Session::new(&loaded.scenario, Settings { draws: 50, ..Settings::default() }).unwrap();
    let tide = session.tide().unwrap();
    let needs = tide.needs();
    assert!(needs.len() > 15);
    let mut suited = std::collections::BTreeSet::new();
    for need in &needs {
        let project = &tide.scenario.projects[need.project];
        assert!(need.years[0] >= 0 && *need.years.last().unwrap() <= 15, "{}", project.id);
        assert!(need.p_lasting <= need.p_needed && need.p_needed <= 1.0);
        assert!((need.until.len() as f64 / 50.0 - need.p_needed).abs() < 1e-12);
        assert!(need.needed_seat_years + need.spare_seat_years <= 15.0 * f64::from(project.places) + 1e-9);
        assert_eq!(need.cost.is_some(), need.needed_seat_years > 0.0);
        suited.insert(need.suits);
    }
    assert_eq!(suited, [Suits::Permanent, Suits::Prefab, Suits::Conversion, Suits::Nothing].into());
    for reuse in tide.reuse() {
        assert!(reuse.places > 0 && reuse.seat_years > 0.0 && reuse.money >= 0.0);
        assert!(reuse.first_year > tide.scenario.base_year && reuse.first_year <= tide.scenario.until);
    }
}
