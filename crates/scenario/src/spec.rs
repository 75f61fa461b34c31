//! The tables of format version 1: their columns, declared once. Reader, messages and docs derive from this.

use seatcast_core::bounds::{self, Bound};

/// What a cell holds.
#[derive(Debug, Clone, Copy)]
pub enum Content {
    /// Any text.
    Text,
    /// A whole number.
    Whole(Bound),
    /// A number.
    Number(Bound),
    /// `YYYY-MM`.
    Month,
    /// One of these codes.
    Code(&'static [&'static str]),
    /// `yes` or `no`.
    YesNo,
    /// A month `YYYY-MM`, or `never`.
    Decision,
    /// A day `YYYY-MM-DD`.
    Day,
}

/// One column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Heading.
    pub name: &'static str,
    /// What its cells hold.
    pub content: Content,
    /// Whether the column must be there and no cell may be blank.
    pub required: bool,
}

/// Columns of texts for people, which nothing looks up.
const FREE: &[&str] = &[NOTE, "name_zh", "name_en", "author", "reason", "unit", "value"];
/// Columns of several keys or numbers, separated by `;`.
const LISTS: &[&str] = &["excludes", "requires", "classes_per_grade", "class_size"];

impl Column {
    /// Whether its cells hold keys: texts that are compared with others.
    pub(crate) fn is_keys(&self) -> bool {
        matches!(self.content, Content::Text) && !FREE.contains(&self.name)
    }

    /// Whether each of its cells holds one key.
    pub(crate) fn is_one_key(&self) -> bool {
        self.is_keys() && !LISTS.contains(&self.name)
    }
}

/// One table.
#[derive(Debug, Clone, Copy)]
pub struct TableSpec {
    /// Name; its file is `<name>.csv` unless the scenario says otherwise.
    pub name: &'static str,
    /// Columns that identify a row: no two rows agree in all of them.
    pub key: &'static [&'static str],
    /// Columns, without the three common ones.
    pub columns: &'static [Column],
}

impl TableSpec {
    /// Whether there was a time at which nothing was in it: nothing was planned, nobody had entered anything. Counts are
    /// another matter: a table of them without a row says nothing.
    pub(crate) fn may_be_empty(&self) -> bool {
        matches!(self.name, "projects" | "housing" | "overrides")
    }
}

const fn must(name: &'static str, content: Content) -> Column {
    Column { name, content, required: true }
}

const fn may(name: &'static str, content: Content) -> Column {
    Column { name, content, required: false }
}

/// How good a figure is.
pub const MARKS: &[&str] = &["stated", "derived", "reconstructed", "judgement", "invented"];
/// What the children table counts.
pub const COUNTED: &[&str] = &["age", "births", "births_school_year", "kindergarten"];
/// Rates.
pub const RATES: &[&str] = &["progression", "entry", "transition", "public_share"];
/// Kinds of project; [`seatcast_core::supply::Kind::ALL`] in the same order.
pub const KINDS: &[&str] = &[
    "permanent",
    "prefab",
    "expansion",
    "swing",
    "conversion",
    "leased",
    "relocation",
    "closure",
    "merger",
    "unsafe",
    "handover",
    "unlicensed",
];
/// Status of a project; [`seatcast_core::supply::Status::ALL`] in the same order.
pub const STATUSES: &[&str] = &["candidate", "site", "committed", "started", "open", "cancelled"];
/// What an override changes.
pub const CHANGES: &[&str] = &["rate", "factor", "pupils"];
/// Capital or running money; [`seatcast_core::money::Item::ALL`] in the same order.
pub const ITEMS: &[&str] = &["capex", "opex"];
/// Phase-in of a project.
pub const PHASES: &[&str] = &["all", "grade_by_grade"];

/// The column of remarks, which nothing reads.
pub const NOTE: &str = "note";

/// The column of the month from which a figure was known.
pub const KNOWN_FROM: &str = "known_from";

/// Columns that every table accepts.
pub const COMMON: &[Column] =
    &[may("mark", Content::Code(MARKS)), may(NOTE, Content::Text), may(KNOWN_FROM, Content::Month)];

use Content::{Code, Day, Month, Number, Text, Whole, YesNo};

/// `zones.csv`.
pub const ZONES: TableSpec = TableSpec {
    name: "zones",
    key: &["zone"],
    columns: &[
        must("zone", Text),
        must("district", Text),
        may("group", Text),
        may("tile_row", Whole(bounds::TILE)),
        may("tile_col", Whole(bounds::TILE)),
        may("name_zh", Text),
        may("name_en", Text),
    ],
};

/// `rolls.csv`.
pub const ROLLS: TableSpec = TableSpec {
    name: "rolls",
    key: &["year", "zone", "grade"],
    columns: &[
        must("year", Whole(bounds::YEAR)),
        must("zone", Text),
        must("grade", Text),
        must("pupils", Whole(bounds::PUPILS)),
    ],
};

/// `children.csv`.
pub const CHILDREN: TableSpec = TableSpec {
    name: "children",
    key: &["year", "zone", "class", "source", "by", "age"],
    columns: &[
        must("year", Whole(bounds::YEAR)),
        must("zone", Text),
        must("source", Text),
        must("by", Code(COUNTED)),
        may("age", Whole(bounds::AGE)),
        must("children", Number(bounds::PUPILS)),
        may("class", Text),
    ],
};

/// `schools.csv`.
pub const SCHOOLS: TableSpec = TableSpec {
    name: "schools",
    key: &["school", "stage"],
    columns: &[
        must("school", Text),
        must("zone", Text),
        must("stage", Text),
        may("places", Whole(bounds::PLACES)),
        may("classes_per_grade", Text),
        may("class_size", Text),
        may("stretch_size", Whole(bounds::CLASS_SIZE)),
        may("rooms", Whole(bounds::CLASSES)),
        may("opened", Month),
        may("life_years", Whole(bounds::LIFE)),
        may("name_zh", Text),
        may("name_en", Text),
    ],
};

/// `projects.csv`.
pub const PROJECTS: TableSpec = TableSpec {
    name: "projects",
    key: &["id"],
    columns: &[
        must("id", Text),
        must("zone", Text),
        must("stage", Text),
        must("kind", Code(KINDS)),
        must("places", Whole(bounds::PLACES)),
        must("status", Code(STATUSES)),
        may("classes", Whole(bounds::CLASSES)),
        may("site_in_hand", YesNo),
        may("site_decided", Month),
        may("build_decided", Month),
        may("earliest", Month),
        may("opens", Month),
        may("site_min", Number(bounds::LEAD)),
        may("site_mode", Number(bounds::LEAD)),
        may("site_max", Number(bounds::LEAD)),
        may("build_min", Number(bounds::LEAD)),
        may("build_mode", Number(bounds::LEAD)),
        may("build_max", Number(bounds::LEAD)),
        may("life_years", Whole(bounds::LIFE)),
        may("capex", Number(bounds::MONEY)),
        may("opex", Number(bounds::MONEY)),
        may("phase_in", Code(PHASES)),
        may("site", Text),
        may("excludes", Text),
        may("requires", Text),
        may("name_zh", Text),
        may("name_en", Text),
        may("school", Text),
        may("decant_places", Whole(bounds::PLACES)),
        may("decant_years", Whole(bounds::DECANT)),
        may("from_stage", Text),
        may("from_places", Whole(bounds::PLACES)),
        may("from_classes", Whole(bounds::CLASSES)),
        may("source", Text),
        may("released_by", Text),
        may("to_zone", Text),
        may("receives", Whole(bounds::PLACES)),
        may("beds", Whole(bounds::PLACES)),
        may("close_by", Month),
        may("estate", Text),
    ],
};

/// `housing.csv`.
pub const HOUSING: TableSpec = TableSpec {
    name: "housing",
    key: &["estate", "type"],
    columns: &[
        must("estate", Text),
        must("zone", Text),
        must("type", Text),
        must("units", Number(bounds::UNITS)),
        must("completed", Month),
        must("occupancy", Number(bounds::PROPORTION)),
        may("in_pool", Number(bounds::PROPORTION)),
        may("in_pool_from", Whole(bounds::YEAR)),
    ],
};

/// `yields.csv`.
pub const YIELDS: TableSpec = TableSpec {
    name: "yields",
    key: &["type", "years_since", "grade"],
    columns: &[
        must("type", Text),
        must("years_since", Whole(bounds::SINCE)),
        must("grade", Text),
        must("pupils_per_unit", Number(bounds::YIELD)),
    ],
};

/// `rates.csv`.
pub const RATES_TABLE: TableSpec = TableSpec {
    name: "rates",
    key: &["rate", "zone", "class", "source", "stage", "grade", "year"],
    columns: &[
        must("rate", Code(RATES)),
        must("zone", Text),
        must("value", Number(bounds::RATIO)),
        may("class", Text),
        may("source", Text),
        may("stage", Text),
        may("grade", Text),
        may("year", Whole(bounds::YEAR)),
    ],
};

/// `admission.csv`.
pub const ADMISSION: TableSpec = TableSpec {
    name: "admission",
    key: &["stage", "class", "zone"],
    columns: &[
        must("stage", Text),
        must("class", Text),
        must("rank", Whole(bounds::RANK)),
        may("zone", Text),
        may("pool", Text),
        may("share", Number(bounds::PROPORTION)),
        may("points_from", Number(bounds::POINTS)),
        may("points_to", Number(bounds::POINTS)),
        may("lock_years", Whole(bounds::LOCK)),
        may("dwellings", Number(bounds::UNITS)),
        may("moved_share", Number(bounds::PROPORTION)),
        may("name_zh", Text),
        may("name_en", Text),
    ],
};

/// `diversions.csv`.
pub const DIVERSIONS: TableSpec = TableSpec {
    name: "diversions",
    key: &["from_group", "to_group"],
    columns: &[must("from_group", Text), must("to_group", Text), may("limit", Whole(bounds::PUPILS))],
};

/// `costs.csv`.
pub const COSTS: TableSpec = TableSpec {
    name: "costs",
    key: &["project", "item", "line", "year", "offset"],
    columns: &[
        must("project", Text),
        must("item", Code(ITEMS)),
        must("amount", Number(bounds::MONEY)),
        may("year", Whole(bounds::YEAR)),
        may("offset", Whole(bounds::OFFSET)),
        may("line", Text),
    ],
};

/// `payers.csv`.
pub const PAYERS: TableSpec = TableSpec {
    name: "payers",
    key: &["project", "item", "payer"],
    columns: &[
        must("payer", Text),
        must("share", Number(bounds::PROPORTION)),
        may("project", Text),
        may("item", Code(ITEMS)),
    ],
};

/// `flows.csv`.
pub const FLOWS: TableSpec = TableSpec {
    name: "flows",
    key: &["stage_from", "stage_to", "zone_from", "zone_to"],
    columns: &[
        must("stage_from", Text),
        must("stage_to", Text),
        must("zone_from", Text),
        must("zone_to", Text),
        must("share", Number(bounds::PROPORTION)),
    ],
};

/// `school_rolls.csv`: rolls by school, where they are known.
pub const SCHOOL_ROLLS: TableSpec = TableSpec {
    name: "school_rolls",
    key: &["year", "school", "grade"],
    columns: &[
        must("year", Whole(bounds::YEAR)),
        must("school", Text),
        must("grade", Text),
        must("pupils", Whole(bounds::PUPILS)),
    ],
};

/// `overrides.csv`: what a planner knows that no history tells.
pub const OVERRIDES: TableSpec = TableSpec {
    name: "overrides",
    key: &["override"],
    columns: &[
        must("override", Text),
        must("change", Code(CHANGES)),
        must("zone", Text),
        must("value", Number(bounds::PUPILS)),
        must("from", Whole(bounds::YEAR)),
        must("author", Text),
        must("date", Day),
        must("reason", Text),
        may("until", Whole(bounds::YEAR)),
        may("rate", Code(RATES)),
        may("stage", Text),
        may("grade", Text),
        may("source", Text),
        may("class", Text),
    ],
};

/// `settings.csv`: what a planner changes every year, so that she need not open `scenario.json`.
pub const SETTINGS: TableSpec = TableSpec {
    name: "settings",
    key: &["key"],
    columns: &[must("key", Text), must("value", Text), may("unit", Text)],
};

/// A schedule: a file of its own, given on the command line.
pub const SCHEDULE: TableSpec = TableSpec {
    name: "schedule",
    key: &["project"],
    columns: &[must("project", Text), must("decide", Content::Decision)],
};

/// Schedules to be swept.
pub const SCHEDULES: TableSpec = TableSpec {
    name: "schedules",
    key: &["schedule", "project"],
    columns: &[must("schedule", Text), must("project", Text), must("decide", Content::Decision)],
};

/// Money that may be committed.
pub const BUDGET: TableSpec = TableSpec {
    name: "budget",
    key: &["year"],
    columns: &[may("year", Whole(bounds::YEAR)), must("amount", Number(bounds::MONEY))],
};

/// Rolls as a statistical office publishes them, for a back-test without a scenario.
pub const BARE_ROLLS: TableSpec = TableSpec {
    name: "bare_rolls",
    key: &["year", "area", "school", "grade"],
    columns: &[
        must("year", Whole(bounds::YEAR)),
        must("area", Text),
        must("grade", Whole(bounds::GRADE_NUMBER)),
        // half pupils are shared pupils, and kept
        must("pupils", Number(bounds::PUPILS)),
        may("school", Text),
    ],
};

/// Births to go with them.
pub const BARE_BIRTHS: TableSpec = TableSpec {
    name: "bare_births",
    key: &["year", "area"],
    columns: &[must("year", Whole(bounds::YEAR)), must("area", Text), must("births", Number(bounds::PUPILS))],
};

/// A filed forecast, in the folder `forecasts` of a scenario: written by `run`, read by `accuracy`.
pub const FILED: TableSpec = TableSpec {
    name: "filed",
    key: &["year", "district", "zone", "stage", "grade"],
    columns: &[
        must("base_year", Whole(bounds::YEAR)),
        must("year", Whole(bounds::YEAR)),
        must("district", Text),
        must("stage", Text),
        must("pupils", Number(bounds::PUPILS)),
        must("p2_5", Number(bounds::PUPILS)),
        must("p10", Number(bounds::PUPILS)),
        must("p25", Number(bounds::PUPILS)),
        must("p50", Number(bounds::PUPILS)),
        must("p75", Number(bounds::PUPILS)),
        must("p90", Number(bounds::PUPILS)),
        must("p97_5", Number(bounds::PUPILS)),
        may("zone", Text),
        may("grade", Text),
        may("without_overrides", Number(bounds::PUPILS)),
    ],
};

/// Steps of a round; [`seatcast_core::cycle::Step::ALL`] in the same order.
pub const STEPS: &[&str] = &["cancel", "outlook", "plan", "defer", "secure", "hurry", "uncovered"];
/// Gates; [`seatcast_core::cycle::Gate::ALL`] in the same order.
pub const GATES: &[&str] = &["site", "build", "both"];

/// An archived round, in the folder `rounds` of a scenario: written by `cycle`, read by the `cycle` of a later year. A row
/// without a project is a group and stage in a year.
pub const ROUND: TableSpec = TableSpec {
    name: "round",
    key: &["group", "stage", "project", "year"],
    columns: &[
        must("base_year", Whole(bounds::YEAR)),
        must("number", Whole(bounds::FILED)),
        must("group", Text),
        must("stage", Text),
        may("variant", Text),
        may("project", Text),
        may("year", Whole(bounds::YEAR)),
        may("need", Whole(bounds::PUPILS)),
        may("programme", Whole(bounds::PROGRAMME)),
        may("missing", Whole(bounds::PUPILS)),
        may("status", Code(STATUSES)),
        may("step", Code(STEPS)),
        may("gate", Code(GATES)),
        may("opens", Whole(bounds::YEAR)),
    ],
};

/// The tables of a scenario whose files `tables` of scenario.json may name and whose rows a variant may patch.
pub const TABLES: [&TableSpec; 15] = [
    &ZONES,
    &ROLLS,
    &CHILDREN,
    &SCHOOLS,
    &SCHOOL_ROLLS,
    &PROJECTS,
    &HOUSING,
    &YIELDS,
    &RATES_TABLE,
    &FLOWS,
    &OVERRIDES,
    &ADMISSION,
    &DIVERSIONS,
    &COSTS,
    &PAYERS,
];

/// Every table there is: those, the settings, and those given on the command line.
pub const ALL: [&TableSpec; 23] = [
    &ZONES,
    &ROLLS,
    &CHILDREN,
    &SCHOOLS,
    &SCHOOL_ROLLS,
    &PROJECTS,
    &HOUSING,
    &YIELDS,
    &RATES_TABLE,
    &FLOWS,
    &OVERRIDES,
    &ADMISSION,
    &DIVERSIONS,
    &COSTS,
    &PAYERS,
    &SETTINGS,
    &SCHEDULE,
    &SCHEDULES,
    &BUDGET,
    &BARE_ROLLS,
    &BARE_BIRTHS,
    &FILED,
    &ROUND,
];
