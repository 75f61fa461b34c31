//! How long each project is needed: whether its places are asked for, year by year to t+15, in every draw.
//!
//! ```text
//! needed_j[t,w]    : D[t,w] > S[t,w] - places_j[t,w]          its group and stage would lack places without it
//! years_j[w]       = number of coming years in which it is needed
//! cost of a needed place and year = yearly cost of the building * years in use / mean places needed, summed over the years
//! ```
//!
//! | code | means |
//! |---|---|
//! | lasting | needed in the last year, t+15, in half of the draws or more |
//! | passing | needed in some year in half of the draws or more, but not at the end |
//! | none | else |
//!
//! What suits is read off it: `conversion` where idle places of the stages before or after, in the same group, would do
//! for the whole need in half of the draws; else `permanent` for a lasting need, `prefab` for a passing one.
//! The yearly cost is the present value at the opening spread over the life as an annuity. Break-even is that of
//! [`crate::money::lifecycle`]: from so many years of need on a permanent place costs no more a year than a prefab one.

use super::{AHEAD, Tide, TidePath, reuse::neighbours};
use crate::{
    forecast::quantile,
    index::ProjectId,
    money::{annuity, break_even, capital_per_place, life_cycle},
    supply::{Kind, Status},
};

/// How long a need lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lasts {
    /// To t+15 and beyond.
    Lasting,
    /// It ends before.
    Passing,
    /// It does not arise.
    Never,
}

impl Lasts {
    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Lasts::Lasting => "lasting",
            Lasts::Passing => "passing",
            Lasts::Never => "none",
        }
    }
}

/// What kind of building suits a need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Suits {
    /// A building that stays.
    Permanent,
    /// Modules that can be moved.
    Prefab,
    /// Idle rooms of another stage.
    Conversion,
    /// Nothing.
    Nothing,
}

impl Suits {
    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Suits::Permanent => "permanent",
            Suits::Prefab => "prefab",
            Suits::Conversion => "conversion",
            Suits::Nothing => "none",
        }
    }
}

/// How long one project is needed.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// The project.
    pub project: ProjectId,
    /// Years of need by draw, sorted.
    pub years: Vec<i64>,
    /// Last year of need by draw, sorted; only of draws in which it is needed.
    pub until: Vec<i64>,
    /// Share of the draws in which it is needed at all.
    pub p_needed: f64,
    /// Share of the draws in which it is needed in t+15.
    pub p_lasting: f64,
    /// Mean of its needed places, summed over the years.
    pub needed_seat_years: f64,
    /// Mean of its places beyond those, summed over the years.
    pub spare_seat_years: f64,
    /// Cost of a needed place and year; `None` if none is needed.
    pub cost: Option<f64>,
    /// Years of need from which a permanent place costs no more a year than a prefab one; `None` = never.
    pub break_even: Option<u32>,
    /// Share of the draws with so many years of need; `None` where that lies beyond t+15 or never comes.
    pub p_break_even: Option<f64>,
    /// Idle places of neighbouring stages of the group throughout the need: median over the draws with a need.
    pub convertible: i64,
    /// How long the need lasts.
    pub lasts: Lasts,
    /// What suits it.
    pub suits: Suits,
}

/// What one draw says of a project.
struct OfDraw {
    years: i64,
    until: Option<i64>,
    lasting: bool,
    needed: u64,
    spare: u64,
    in_use: u32,
    convertible: i64,
}

impl Tide {
    /// How long each project that adds places is needed, an undecided one outside the programme as if decided in this
    /// round. Finished and cancelled ones are left out.
    pub fn needs(&self) -> Vec<Need> {
        let projects = &self.scenario.projects;
        projects
            .ids()
            .filter(|&j| {
                let p = &projects[j];
                p.kind.adds() && !matches!(p.status, Status::Cancelled | Status::Open) && p.places > 0
            })
            .map(|j| self.need(j))
            .collect()
    }

    fn need(&self, j: ProjectId) -> Need {
        let project = &self.scenario.projects[j];
        let draws: Vec<OfDraw> = self.draws.iter().map(|path| self.of_draw(path, j)).collect();
        let count = draws.len().max(1) as f64;
        let share = |of: &dyn Fn(&OfDraw) -> bool| draws.iter().filter(|d| of(d)).count() as f64 / count;
        let mean = |of: &dyn Fn(&OfDraw) -> f64| draws.iter().map(of).sum::<f64>() / count;
        let sorted = |mut values: Vec<i64>| {
            values.sort_unstable();
            values
        };
        let (p_needed, p_lasting) = (share(&|d| d.years > 0), share(&|d| d.lasting));
        let needed_seat_years = mean(&|d| d.needed as f64);
        let convertible = sorted(draws.iter().filter(|d| d.years > 0).map(|d| d.convertible).collect());
        let convertible = if convertible.is_empty() { 0 } else { quantile(&convertible, 0.5) };
        let lasts = match (p_lasting >= 0.5, p_needed >= 0.5) {
            (true, _) => Lasts::Lasting,
            (_, true) => Lasts::Passing,
            _ => Lasts::Never,
        };
        let suits = match lasts {
            Lasts::Never => Suits::Nothing,
            _ if convertible >= i64::from(project.places) => Suits::Conversion,
            Lasts::Lasting => Suits::Permanent,
            Lasts::Passing => Suits::Prefab,
        };
        let break_even = self.break_even(j);
        let p_break_even =
            break_even.filter(|&n| n as i32 <= AHEAD).map(|n| share(&|d| d.years >= i64::from(n)));
        let cost = life_cycle(&self.scenario, j, self.central.openings[j].unwrap_or(self.scenario.until));
        let yearly = cost.present_value / annuity(self.scenario.money.discount_rate, cost.life);
        Need {
            project: j,
            years: sorted(draws.iter().map(|d| d.years).collect()),
            until: sorted(draws.iter().filter_map(|d| d.until).collect()),
            p_needed,
            p_lasting,
            needed_seat_years,
            spare_seat_years: mean(&|d| d.spare as f64),
            cost: (needed_seat_years > 0.0)
                .then(|| yearly * mean(&|d| f64::from(d.in_use)) / needed_seat_years),
            break_even,
            p_break_even,
            convertible,
            lasts,
            suits,
        }
    }

    fn of_draw(&self, path: &TidePath, j: ProjectId) -> OfDraw {
        let scenario = &self.scenario;
        let project = &scenario.projects[j];
        let group = scenario.frame.group_of(project.zone);
        let slot = scenario.frame.slot_of(project.zone, project.stage);
        let own = self.stock.of_project(j, project.zone, project.stage);
        let opened = path.openings[j];
        let mut of = OfDraw {
            years: 0,
            until: None,
            lasting: false,
            needed: 0,
            spare: 0,
            in_use: 0,
            convertible: i64::MAX,
        };
        for t in scenario.coming() {
            let year = scenario.year_of(t);
            let offered =
                opened.map_or(0, |opened| self.stock.offered(j, project.zone, project.stage, opened, year));
            if offered == 0 {
                continue;
            }
            of.in_use += 1;
            let counted = own.map_or(0, |b| path.of_building(t, b));
            let others = path.places(&self.stock, t, slot) - counted;
            let needed = path.demand(t, slot).saturating_sub(others).min(offered);
            of.needed += u64::from(needed);
            of.spare += u64::from(offered - needed);
            if needed > 0 {
                of.years += 1;
                of.until = Some(i64::from(year));
                of.lasting = year == scenario.until;
                let idle: u32 = neighbours(&scenario.frame, project.stage)
                    .map(|p| path.idle(&self.stock, t, scenario.frame.slots().at(group, p)))
                    .sum();
                of.convertible = of.convertible.min(i64::from(idle));
            }
        }
        of
    }

    /// The project's own cost stands for its kind of building; the other kind has the cost of the defaults.
    fn break_even(&self, j: ProjectId) -> Option<u32> {
        let (scenario, project) = (&self.scenario, &self.scenario.projects[j]);
        let own = capital_per_place(scenario, j);
        let of = |kind: Kind| scenario.kinds.of(kind).cost_per_place;
        let lasting = if project.kind == Kind::Permanent { own } else { of(Kind::Permanent) };
        let is_prefab = project.kind == Kind::Prefab;
        let quick = if is_prefab { own } else { of(Kind::Prefab) };
        let life = if is_prefab { project.life_years } else { None };
        let life =
            life.or(scenario.kinds.of(Kind::Prefab).life_years).unwrap_or(scenario.money.accounting_life);
        break_even(&scenario.money, lasting, quick, life)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::{Cells, Grid, SlotId};
    use crate::index::{StageId, YearOffset, ZoneId};
    use crate::{
        Name, Scenario, ScenarioParts,
        forecast::Path,
        geography::{Frame, Intake, Stage, StageDetail},
        supply::{PhaseIn, Programme, Project, School, SupplyModel},
        tide::{Stock, Way},
        time::YearMonth,
    };

    fn stage(id: &str, grade: &str, intake: Intake) -> Stage {
        Stage {
            id: id.into(),
            name: Name::plain(id),
            grades: vec![grade.into()],
            class_size: 10,
            intake,
            detail: StageDetail::default(),
        }
    }

    /// One zone with a primary (100 places) and a junior (200 places) of one grade each; 60 places of modules open in the
    /// first year. Primary asks for 150 in the first `years` years and for 100 after, junior always for `junior`.
    fn tide(years: usize, junior: f64) -> Tide {
        let frame = Frame::of_one_zone(vec![
            stage("primary", "1", Intake::Pools { entry_age: 6 }),
            stage("junior", "7", Intake::Stages(vec![StageId::new(0)])),
        ]);
        let modules = Project {
            status: Status::Committed,
            opens: YearMonth::new(2026, 8),
            phase_in: Some(PhaseIn::All),
            capex: Some(2_000.0),
            opex: Some(100.0),
            ..Project::candidate("x", ZoneId::new(0), StageId::new(0), Kind::Prefab, 60)
        };
        let parts = ScenarioParts {
            roll: Cells::filled(frame.cells(), 100),
            schools: vec![
                School::new("a", ZoneId::new(0), StageId::new(0), 100),
                School::new("b", ZoneId::new(0), StageId::new(1), 200),
            ]
            .into(),
            projects: vec![modules].into(),
            until: 2025 + AHEAD,
            ..ScenarioParts::empty("m", frame.clone(), 2025)
        };
        let scenario = Scenario::new(parts).unwrap();
        let supply = SupplyModel::new(&scenario, &Programme::Committed);
        let stock = Stock::new(&scenario, &supply);
        let rows: Vec<Cells<f64>> = (0..=AHEAD as usize)
            .map(|t| {
                let primary = if (1..=years).contains(&t) { 150.0 } else { 100.0 };
                Grid::from_vec(frame.cells(), vec![primary, junior])
            })
            .collect();
        let pupils = Path::round(&frame, &rows);
        let path = TidePath::new(&scenario, &stock, &pupils, [Some(2026)].into(), |_| true);
        let assumed_from = Grid::filled(frame.zone_stages(), None);
        Tide { central: path.clone(), draws: vec![path], assumed_from, stock, scenario }
    }

    #[test]
    fn four_years_of_need_suit_modules_or_idle_rooms_and_fifteen_a_school() {
        let of = |years, junior| tide(years, junior).needs().swap_remove(0);
        let passing = of(4, 200.0);
        // 50 of the 60 places are needed for four years: 200 seat-years, and 4 x 10 + 11 x 60 are spare
        assert_eq!((&passing.years[..], &passing.until[..]), (&[4][..], &[2029][..]));
        assert_eq!((passing.needed_seat_years, passing.spare_seat_years), (200.0, 700.0));
        assert_eq!((passing.lasts, passing.suits, passing.convertible), (Lasts::Passing, Suits::Prefab, 0));
        // 20 years at 100 and the modules, no interest: 200 a year, 15 years, over 200 seat-years
        assert!((passing.cost.unwrap() - 15.0).abs() < 1e-9);
        // junior has 100 idle places throughout: rooms for the 60
        assert_eq!((of(4, 100.0).suits, of(4, 100.0).convertible), (Suits::Conversion, 100));
        assert_eq!((of(15, 200.0).lasts, of(15, 200.0).suits), (Lasts::Lasting, Suits::Permanent));
        assert_eq!((of(0, 200.0).lasts, of(0, 200.0).suits), (Lasts::Never, Suits::Nothing));
    }

    #[test]
    fn the_last_building_empties_first_and_its_rooms_serve_the_next_stage() {
        // junior lacks 40 places in every year; primary has 10 idle for four years and 60 after
        let tide = tide(4, 240.0);
        let idle: Vec<Vec<u32>> = [4, 5]
            .map(|t| tide.central.idle_of_buildings(&tide.stock, YearOffset::new(t), SlotId::new(0)))
            .to_vec();
        assert_eq!(idle, [vec![0, 10], vec![0, 60]]);
        let reuse = tide.reuse();
        assert_eq!(reuse.len(), 1);
        let (only, years) = (reuse[0], 4.0 * 10.0 + 11.0 * 40.0);
        assert_eq!((only.way, only.from_stage.index(), only.to_stage.index()), (Way::Conversion, 0, 1));
        assert_eq!((only.first_year, only.places), (2026, 40));
        assert!((only.seat_years - years).abs() < 1e-9);
        assert_eq!(tide.peak(&tide.central, crate::geography::Area::All, StageId::new(0)), (2026, 150));
    }
}
