//! `run.json` as a type: written by a run, read back by whatever draws from results alone.

use std::collections::BTreeMap;

use seatcast_core::{Lang, Name};
use serde::{Deserialize, Serialize};

use crate::{Input, Note};

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

/// The whole document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Marks the folder as written by this program.
    pub program: String,
    /// Version of this format.
    pub format: u32,
    /// Version of the program.
    pub version: String,
    /// The scenario.
    pub scenario: ScenarioLine,
    /// Zones, groups, districts and stages with their names.
    pub frame: FrameLines,
    /// What the run was asked for.
    pub settings: SettingsLine,
    /// Files read, with their hashes.
    pub inputs: Vec<Input>,
    /// By district, stage and year.
    pub summary: Vec<StageYear>,
    /// Share of the draws in which nobody lacks a place next September; nothing where places are not known.
    pub p_all_secured: Option<f64>,
    /// By project.
    pub last_safe_dates: Vec<ProjectDate>,
    /// By step of the round.
    pub actions: Vec<ActionCount>,
    /// The places to look at first.
    pub worst: Vec<Worst>,
    /// Where the sizes of the shocks come from.
    pub uncertainty: Text,
    /// What planners entered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<OverrideLine>,
    /// Fallbacks and defaults taken.
    pub notes: Vec<Note>,
    /// Files of the folder.
    pub files: Vec<String>,
}

/// One override.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverrideLine {
    /// Key.
    pub id: String,
    /// First academic year.
    pub from: i32,
    /// Last academic year; blank for ever.
    pub until: Option<i32>,
    /// Who entered it.
    pub author: String,
    /// When.
    pub date: String,
    /// Why.
    pub reason: String,
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

/// Settings of the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the scenario file and the command")]
pub struct SettingsLine {
    pub seed: u64,
    pub draws: u32,
    pub programme: String,
    pub language: String,
    /// Month as known in which the scenario was read; blank for everything.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub as_of: String,
    pub outlook: i32,
    pub plan: i32,
    pub secure: i32,
    pub secure_level: f64,
    pub plan_level: f64,
    pub outlook_level: f64,
    pub reserve_per_mille: u32,
    pub warning_yellow: f64,
    pub warning_red: f64,
}

/// One district, stage and year. Where places are not known only the demand is there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are measures of docs/results.md")]
pub struct StageYear {
    pub district: String,
    pub stage: String,
    pub year: i32,
    pub demand: i64,
    pub places: Option<i64>,
    pub shortage: Option<i64>,
    pub expected_shortage: Option<f64>,
    pub p_shortage: Option<f64>,
    pub new_gap: Option<i64>,
}

/// Until when a project may be decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectDate {
    /// Key.
    pub project: String,
    /// First year that misses its level without it.
    pub needed_in: Option<i32>,
    /// Month, or `passed`, `none`, `decided`.
    pub last_safe_date: String,
}

/// Actions of one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionCount {
    /// Code of the step.
    pub action: String,
    /// How many.
    pub count: usize,
    /// Places they add; for `uncovered` the pupils.
    pub places: i64,
}

/// A place to look at: a sharing group and stage in its worst year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Worst {
    /// Key of the sharing group.
    pub group: String,
    /// Key of the stage.
    pub stage: String,
    /// The year with the largest expected shortage.
    pub year: i32,
    /// Mean shortage over the draws, pupils.
    pub expected_shortage: f64,
    /// Share of the draws with a shortage.
    pub p_shortage: f64,
    /// Usable places, central.
    pub places: i64,
}

/// A document as text: indented, with a line break at its end.
pub(crate) fn pretty(document: &impl Serialize) -> String {
    // plain data with text keys always serialises
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}
