//! Documents: what a script reads of a run, a sweep, a closed loop, a comparison, a back-test or an accuracy ledger.

pub(crate) mod accuracy;
pub(crate) mod backtest;
pub mod compare;
pub mod cycle;
pub mod run;
pub mod sweep;

use std::collections::BTreeMap;

use seatcast_core::{Lang, Name, Scenario, demand::AssumedFrom};
use serde::{Deserialize, Serialize};

use crate::stats;

pub(crate) use crate::run::{Input, Note};

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The text in `lang`.
    pub fn in_lang(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }

    /// One text for each language.
    pub(crate) fn both(of: impl Fn(Lang) -> String) -> Self {
        Self { zh: of(Lang::Zh), en: of(Lang::En) }
    }
}

impl From<&Name> for Text {
    fn from(name: &Name) -> Self {
        Self { zh: name.zh.clone(), en: name.en.clone() }
    }
}

/// The scenario in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioLine {
    /// Key.
    pub id: String,
    /// Variant, blank for the scenario itself.
    pub variant: String,
    /// Title.
    pub name: Text,
    /// Academic year of the last known roll.
    pub base_year: i32,
    /// Last academic year.
    pub until: i32,
    /// Day of the round.
    pub round: String,
    /// What a reader must know.
    pub notice: Text,
    /// Where the figures come from.
    pub source: Text,
    /// Whether places are known; without them the results are a forecast of demand alone.
    pub has_places: bool,
}

/// A key with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Key.
    pub id: String,
    /// Name.
    pub name: Text,
}

/// A sharing group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupLine {
    /// Key.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Key of its district.
    pub district: String,
}

/// A zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneLine {
    /// Key.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Key of its sharing group.
    pub group: String,
    /// Key of its district.
    pub district: String,
    /// Row and column on the tile map.
    pub tile: Option<(u32, u32)>,
    /// First year whose entrants rest on assumed births, in the first stage for which they do.
    pub births_assumed_from: Option<i32>,
    /// First year in which any pupil of a stage rests on assumed births, by the key of the stage.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub assumed_from: BTreeMap<String, i32>,
}

/// A stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageLine {
    /// Key.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Keys of its grades.
    pub grades: Vec<String>,
    /// Standard class size.
    pub class_size: u32,
}

/// What results are keyed by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameLines {
    /// Districts.
    pub districts: Vec<Named>,
    /// Sharing groups.
    pub groups: Vec<GroupLine>,
    /// Zones.
    pub zones: Vec<ZoneLine>,
    /// Stages.
    pub stages: Vec<StageLine>,
}

/// A document as text: indented, with a line break at its end.
pub(crate) fn pretty(document: &impl Serialize) -> String {
    // plain data with text keys always serialises
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}

/// The scenario in one line.
pub(crate) fn scenario_line(scenario: &Scenario, variant: &str) -> ScenarioLine {
    ScenarioLine {
        id: scenario.id.clone(),
        variant: variant.to_owned(),
        name: (&scenario.name).into(),
        base_year: scenario.base_year,
        until: scenario.until,
        round: scenario.round().to_string(),
        notice: (&scenario.display.notice).into(),
        source: (&scenario.display.source).into(),
        has_places: scenario.has_places(),
    }
}

/// What results are keyed by, with names.
pub(crate) fn frame_lines(scenario: &Scenario, assumed_from: &AssumedFrom) -> FrameLines {
    let frame = &scenario.frame;
    FrameLines {
        districts: frame
            .districts
            .iter()
            .map(|d| Named { id: d.id.clone(), name: (&d.name).into() })
            .collect(),
        groups: frame
            .groups
            .iter()
            .map(|g| GroupLine {
                id: g.id.clone(),
                name: (&g.name).into(),
                district: frame.districts[g.district].id.clone(),
            })
            .collect(),
        zones: frame
            .zones
            .pairs()
            .map(|(z, zone)| ZoneLine {
                id: zone.id.clone(),
                name: (&zone.name).into(),
                group: frame.groups[zone.group].id.clone(),
                district: frame.districts[frame.district_of(z)].id.clone(),
                tile: zone.tile,
                births_assumed_from: frame
                    .stages
                    .ids()
                    .filter_map(|p| assumed_from[(z, p)])
                    .min()
                    .map(|t| scenario.year_of(t)),
                assumed_from: frame
                    .stages
                    .ids()
                    .filter_map(|p| {
                        let from = stats::assumed(frame, assumed_from, z, p)?;
                        Some((frame.stages[p].id.clone(), scenario.year_of(from)))
                    })
                    .collect(),
            })
            .collect(),
        stages: frame
            .stages
            .iter()
            .map(|s| StageLine {
                id: s.id.clone(),
                name: (&s.name).into(),
                grades: s.grades.clone(),
                class_size: s.class_size,
            })
            .collect(),
    }
}
