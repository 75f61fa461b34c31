//! Chains: grades through which pupils pass one after the other, and what was known of them.
//!
//! ```text
//! primary 1..6 -> junior 7..9          one chain: junior is fed by primary alone
//! primary, school for nomads -> junior  three chains; that of junior begins with all who leave the stages that feed it
//! ```
//!
//! A chain begins at an entry grade, or with the sum of the last grades that feed a stage where several do. Pupils of
//! listed estates are taken off: the ratios are those of everybody else, as in `demand`:
//!
//! ```text
//! rolls = N - P,     entrants = N - P + q = e C               P stock of estates, q its part that the pools hold
//! ```

use super::{sources, unit};
use crate::{
    demand::housing,
    forecast::history::{History, Panel, Schools},
    geography::{Frame, Intake},
    grid::{Grid, Shape},
    index::{ChainGrade, GradeId, Ids, PastYear, StageId, Table, UnitId, ZoneId},
    scenario::ScenarioParts,
};

/// The grades of one chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grades {
    /// Grades of the frame in order; `None` stands for all who leave the stages that feed the first.
    pub(super) of: Table<ChainGrade, Option<GradeId>>,
    /// Stages that feed the first grade, where it begins with `None`.
    pub(super) feeding: Vec<StageId>,
    /// The stages, each with its positions in the chain.
    pub(super) stages: Vec<(StageId, Ids<ChainGrade>)>,
}

impl Grades {
    /// Position of grade `g` of the frame.
    pub(super) fn position(&self, g: GradeId) -> Option<ChainGrade> {
        self.of.find(|of| *of == Some(g))
    }

    /// The first stage of the chain.
    pub(super) fn first_stage(&self) -> StageId {
        self.stages[0].0
    }
}

/// The chains of a frame, in the order of their first stage.
pub(super) fn chains(frame: &Frame) -> Vec<Grades> {
    let mut chains: Vec<Grades> = Vec::new();
    for (p, stage) in frame.stages.pairs() {
        let grades = frame.grades_of(p).map(Some);
        let open = match &stage.intake {
            Intake::Stages(from) if from.len() == 1 => {
                chains.iter_mut().find(|c| c.stages.last().is_some_and(|(last, _)| *last == from[0]))
            }
            _ => None,
        };
        if let Some(chain) = open {
            let start = chain.of.ids().end().index();
            chain.of.extend(grades);
            chain.stages.push((p, Ids::of(start..chain.of.len())));
            continue;
        }
        let (mut of, mut feeding) = (Table::default(), Vec::new());
        if let Intake::Stages(from) = &stage.intake {
            of.push(None);
            feeding.clone_from(from);
        }
        let start = of.len();
        of.extend(grades);
        let stages = vec![(p, Ids::of(start..of.len()))];
        chains.push(Grades { of, feeding, stages });
    }
    chains
}

/// What was known of a chain; `None` where the scenario has no rolls to learn from.
pub(super) fn history(parts: &ScenarioParts, grades: &Grades) -> Option<History> {
    let frame = &parts.frame;
    let past = parts.past.as_ref()?;
    let (zones, years) = (frame.zones.len(), past.zones.years());
    let mut rolls = Panel::unknown(zones, years.len(), grades.of.len());
    for z in frame.zones.ids() {
        for t in years.clone() {
            let year = past.first_year + t.index() as i32;
            for (position, of) in grades.of.pairs() {
                let known = |g: GradeId| {
                    past.zones.get(z, t, g) - housing::stock(&parts.estates, &parts.yields, z, g, year)
                };
                let pupils = match of {
                    Some(g) => known(*g),
                    None => grades.feeding.iter().map(|&p| known(frame.last_grade(p))).sum(),
                };
                rolls.set(unit(z), t, position, if pupils < 0.0 { 0.0 } else { pupils });
            }
        }
    }
    let mut history = History::new(past.first_year, rolls);
    history.district_of = frame.zones.ids().map(|z| frame.district_of(z)).collect();
    let pooled = |z: ZoneId, t: PastYear| {
        let (g, year) =
            (grades.of[ChainGrade::ENTRY].unwrap_or_default(), past.first_year + t.index() as i32);
        housing::pooled(&parts.estates, &parts.yields, z, g, year)
    };
    if let Intake::Pools { entry_age } = frame.stages[grades.first_stage()].intake {
        history.sources =
            sources::sources(parts, grades.first_stage(), entry_age, past.first_year, years.len());
        if !parts.estates.is_empty() {
            let of = |i: UnitId, t| pooled(ZoneId::new(i.index()), t);
            history.beside = Grid::from_fn(Shape::new(zones, years.len()), of);
        }
    }
    history.schools = past.schools.as_ref().map(|schools| of_chain(schools, grades));
    Some(history)
}

/// Rolls of schools in the grades of a chain.
fn of_chain(schools: &Schools<ZoneId, GradeId>, grades: &Grades) -> Schools {
    let (units, years) = (schools.rolls.units(), schools.rolls.years());
    let mut rolls = Panel::unknown(units.len(), years.len(), grades.of.len());
    for school in units {
        for t in years.clone() {
            for (position, g) in grades.of.pairs().filter_map(|(k, g)| Some((k, (*g)?))) {
                rolls.set(school, t, position, schools.rolls.get(school, t, g));
            }
        }
    }
    Schools { rolls, area_of: schools.area_of.iter().map(|&z| unit(z)).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        geography::{Stage, StageDetail},
        lang::Name,
    };

    fn stage(id: &str, grades: &[&str], intake: Intake) -> Stage {
        let grades = grades.iter().map(|g| (*g).to_owned()).collect();
        Stage {
            id: id.into(),
            name: Name::plain(id),
            grades,
            class_size: 45,
            intake,
            detail: StageDetail::default(),
        }
    }

    #[test]
    fn a_stage_fed_by_one_goes_on_and_one_fed_by_two_begins_anew() {
        let pools = || Intake::Pools { entry_age: 6 };
        let stages = vec![
            stage("primary", &["1", "2"], pools()),
            stage("other", &["o1"], pools()),
            stage("junior", &["7", "8"], Intake::Stages(vec![StageId::new(0), StageId::new(1)])),
            stage("senior", &["10"], Intake::Stages(vec![StageId::new(2)])),
        ];
        let chains = chains(&Frame { stages: stages.into(), ..Frame::default() });
        let of: Vec<Vec<_>> =
            chains.iter().map(|c| c.of.iter().map(|g| g.map(GradeId::index)).collect()).collect();
        assert_eq!(of, [vec![Some(0), Some(1)], vec![Some(2)], vec![None, Some(3), Some(4), Some(5)]]);
        assert_eq!(chains[2].feeding, [StageId::new(0), StageId::new(1)]);
        assert_eq!(chains[2].stages, [(StageId::new(2), Ids::of(1..3)), (StageId::new(3), Ids::of(3..4))]);
    }
}
