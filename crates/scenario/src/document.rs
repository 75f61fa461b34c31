//! `scenario.json`: settings, stages, assumptions, uncertainty, display.

use std::collections::{BTreeMap, BTreeSet};

use seatcast_core::{
    Name,
    admission::AdmitAt,
    balance::{PRESETS, WarningLevels},
    bounds,
    cycle::Wider,
    forecast::Uncertainty,
    geography::{Intake, Stage, StageDetail},
    index::StageId,
    money::MoneyRules,
    scenario::Display,
    supply::{Kind, KindDefaults, Triangle},
    time::{Horizon, Levels},
};

use crate::{
    json::{self, Object, Report, Value},
    keys::{self, Key},
    limits::Limit,
    problem::{Expected, Fault, Place, SupplyFault, Thing},
    tables::TABLES,
};

/// Name of the document in the folder.
pub(crate) const FILE: &str = "scenario.json";

/// Everything `scenario.json` says, defaults filled in.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) id: String,
    pub(crate) name: Name,
    pub(crate) base_year: i32,
    pub(crate) until: i32,
    pub(crate) decision_month: u8,
    pub(crate) cutoff_month: u8,
    pub(crate) stages: Vec<Stage>,
    pub(crate) horizon: Horizon,
    pub(crate) levels: Levels,
    pub(crate) tables: BTreeMap<&'static str, String>,
    pub(crate) reserve_per_mille: u32,
    pub(crate) admit_at: AdmitAt,
    pub(crate) kinds: KindDefaults,
    pub(crate) source_errors: Vec<(String, Vec<f64>)>,
    pub(crate) warning: WarningLevels,
    pub(crate) money: MoneyRules,
    /// Sizes of the shocks, if it states any.
    pub(crate) uncertainty: Option<Uncertainty>,
    pub(crate) breaks: Wider,
    pub(crate) mask_years: Vec<i32>,
    pub(crate) display: Display,
    pub(crate) districts: Vec<(String, Name)>,
    pub(crate) groups: Vec<(String, Name)>,
}

/// Reads the document; `None` if it lacks what every later check needs.
pub(crate) fn read(text: &str, report: &mut Report<'_>) -> Option<Document> {
    let mut root = json::document(text, report)?;
    let format = root
        .need("format", report)
        .and_then(|v| v.whole(bounds::Bound { unit: "", min: 1.0, max: 1.0 }, report));
    let id = root.need("id", report).and_then(|v| v.id(report));
    let name = root.need("name", report).and_then(|v| v.name(report));
    let base_year =
        root.need("base_year", report).and_then(|v| v.whole(bounds::YEAR, report)).map(|y| y as i32);
    let horizon = section(&mut root, "horizon", report, horizon).unwrap_or_default();
    let until = root.take("until").map(|v| (v.path.clone(), v.whole(bounds::YEAR, report)));
    let mut months = Months::default();
    keys::read(&keys::MONTHS, &mut months, &mut root, report);
    let stages = root.need("stages", report).and_then(|v| stages(&v, report));
    let levels = section(&mut root, "levels", report, |o, r| values(&keys::LEVELS, o, r)).unwrap_or_default();
    let tables = section(&mut root, "tables", report, tables).unwrap_or_default();
    let assumed = section(&mut root, "assumptions", report, assumptions).unwrap_or_default();
    let uncertainty = section(&mut root, "uncertainty", report, |o, r| values(&keys::uncertainty(), o, r));
    let breaks =
        section(&mut root, "breaks", report, |o, r| values(&keys::breaks(), o, r)).unwrap_or_default();
    let mask_years = section(&mut root, "history", report, mask_years).unwrap_or_default();
    let money = section(&mut root, "money", report, |o, r| values(&keys::MONEY, o, r)).unwrap_or_default();
    let shown = section(&mut root, "display", report, display).unwrap_or_default();
    root.finish(report);

    let (base_year, _) = (base_year?, format?);
    let last = match until {
        None => {
            default_taken(report, "until", &(base_year + horizon.outlook).to_string());
            base_year + horizon.outlook
        }
        Some((path, year)) => {
            let year = year? as i32;
            let span = bounds::Bound {
                unit: "",
                min: f64::from(base_year) + 1.0,
                max: f64::from(base_year) + bounds::RUN_YEARS.max,
            };
            if !span.contains(f64::from(year)) {
                report.fault(&path, Fault::OutOfRange(year.to_string(), span));
                return None;
            }
            year
        }
    };
    Some(Document {
        id: id?,
        name: name?,
        base_year,
        until: last,
        decision_month: months.decision,
        cutoff_month: months.cutoff,
        stages: stages?,
        horizon,
        levels,
        tables,
        reserve_per_mille: assumed.reserve_per_mille,
        admit_at: assumed.admit_at,
        kinds: assumed.kinds,
        source_errors: assumed.source_errors,
        warning: assumed.warning,
        money,
        uncertainty,
        breaks,
        mask_years,
        display: shown.display,
        districts: shown.districts,
        groups: shown.groups,
    })
}

fn default_taken(report: &mut Report<'_>, key: &str, value: &str) {
    report.problems.push(report.file, Place::Key(key.to_owned()), Fault::DefaultTaken(value.to_owned()));
}

/// An optional object; a note says when it is not there.
fn section<T>(
    root: &mut Object,
    key: &str,
    report: &mut Report<'_>,
    read: impl FnOnce(&mut Object, &mut Report<'_>) -> T,
) -> Option<T> {
    let Some(value) = root.take(key) else {
        // sizes of shocks are learnt if they can be: the reader says later what was taken; breaks are of a closed loop alone,
        // which says what it took
        if !matches!(key, "breaks" | "display" | "history" | "money" | "tables" | "uncertainty") {
            report.problems.push(report.file, Place::Key(key.to_owned()), Fault::DefaultsTaken);
        }
        return None;
    };
    let mut object = value.object(report)?;
    let read = read(&mut object, report);
    object.finish(report);
    Some(read)
}

/// The months of a round.
pub(crate) struct Months {
    pub(crate) decision: u8,
    pub(crate) cutoff: u8,
}

impl Default for Months {
    fn default() -> Self {
        Self { decision: 10, cutoff: 8 }
    }
}

fn horizon(object: &mut Object, report: &mut Report<'_>) -> Horizon {
    let mut horizon = Horizon::default();
    keys::read(&keys::HORIZON, &mut horizon, object, report);
    if !(horizon.outlook >= horizon.plan && horizon.plan >= horizon.secure) {
        let of = |n: i32| i64::from(n);
        report.fault(
            &object.path,
            Fault::HorizonOrder(of(horizon.outlook), of(horizon.plan), of(horizon.secure)),
        );
        return Horizon::default();
    }
    horizon
}

/// The values of a section that has nothing but keys.
fn values<S: Default>(keys: &[Key<S>], object: &mut Object, report: &mut Report<'_>) -> S {
    let mut values = S::default();
    keys::read(keys, &mut values, object, report);
    values
}

fn tables(object: &mut Object, report: &mut Report<'_>) -> BTreeMap<&'static str, String> {
    let mut names = BTreeMap::new();
    for spec in TABLES {
        if let Some(name) = object.take(spec.name).and_then(|v| v.text(report)) {
            names.insert(spec.name, name);
        }
    }
    names
}

fn stages(value: &Value, report: &mut Report<'_>) -> Option<Vec<Stage>> {
    let items = value.list(report)?;
    if items.is_empty() {
        report.fault(&value.path, Fault::NoRows);
    }
    let place = |path: &str| Place::Key(path.to_owned());
    if !report.problems.within(Limit::Stages, items.len() as u64, report.file, place(&value.path)) {
        return None;
    }
    let mut read: Vec<Option<Stage>> = Vec::new();
    let mut ids: Vec<String> = Vec::new();
    let mut grades: BTreeSet<String> = BTreeSet::new();
    for item in &items {
        read.push(stage(item, &mut ids, &mut grades, report));
    }
    if !report.problems.within(Limit::Grades, grades.len() as u64, report.file, place(&value.path)) {
        return None;
    }
    read.into_iter().collect::<Option<Vec<_>>>().filter(|stages| !stages.is_empty())
}

/// Reads one stage and adds its id to `ids`, empty if it has none: a later stage may name it even if the rest is wrong.
fn stage(
    item: &Value,
    ids: &mut Vec<String>,
    all_grades: &mut BTreeSet<String>,
    report: &mut Report<'_>,
) -> Option<Stage> {
    let earlier = ids.clone();
    ids.push(String::new());
    let mut object = item.object(report)?;
    let id = object.need("id", report).and_then(|v| {
        let id = v.id(report)?;
        if earlier.contains(&id) {
            report.fault(&v.path, Fault::DuplicateKey(id.clone()));
        }
        Some(id)
    });
    ids[earlier.len()] = id.clone().unwrap_or_default();
    let name = object.need("name", report).and_then(|v| v.name(report));
    let sizes = object.need("class_size", report).and_then(|v| class_sizes(&v, report));
    let mut detail = StageDetail::default();
    keys::read(&keys::STAGE, &mut detail, &mut object, report);
    let grades = object.need("grades", report).and_then(|v| {
        let items = v.list(report)?;
        if items.is_empty() {
            report.fault(&v.path, Fault::NoRows);
            return None;
        }
        let mut read = Vec::new();
        for item in &items {
            let Some(grade) = item.key(report) else { continue };
            if !all_grades.insert(grade.clone()) {
                report.fault(&item.path, Fault::DuplicateKey(grade.clone()));
            }
            read.push(grade);
        }
        (read.len() == items.len()).then_some(read)
    });
    let age = object.take("entry_age");
    let from = object.take("from");
    let intake = match (age, from) {
        (Some(age), None) => {
            age.whole(bounds::ENTRY_AGE, report).map(|a| Intake::Pools { entry_age: a as u32 })
        }
        (None, Some(from)) => feeding(&from, &earlier, report).map(Intake::Stages),
        _ => {
            report.fault(&item.path, Fault::OneIntake);
            None
        }
    };
    let [stretch_key, _] = &keys::STAGE;
    let stretch_path = object.child(stretch_key.name);
    object.finish(report);
    let (sizes, grades) = (sizes?, grades?);
    if sizes.len() > 1 && sizes.len() != grades.len() {
        let fault = SupplyFault::SizesPerGrade(sizes.len(), grades.len());
        report.fault(&format!("{}.class_size", item.path), Fault::Supply(fault));
    }
    let largest = sizes.iter().copied().max().unwrap_or(0);
    if let Some(limit) = detail.stretch_size
        && limit < largest
    {
        report.fault(&stretch_path, Fault::Supply(SupplyFault::StretchBelow(limit, largest)));
    }
    Some(Stage {
        id: id?,
        name: name?,
        grades,
        class_size: sizes[0],
        intake: intake?,
        detail: StageDetail { grade_sizes: if sizes.len() > 1 { sizes } else { Vec::new() }, ..detail },
    })
}

/// One class size for every grade, or a list of one each; never empty.
fn class_sizes(value: &Value, report: &mut Report<'_>) -> Option<Vec<u32>> {
    if !value.is_list() {
        return value.whole(bounds::CLASS_SIZE, report).map(|size| vec![size as u32]);
    }
    let items = value.list(report)?;
    if items.is_empty() {
        report.fault(&value.path, Fault::NoRows);
        return None;
    }
    items.iter().map(|item| item.whole(bounds::CLASS_SIZE, report).map(|n| n as u32)).collect()
}

/// The stages that `from` names, each earlier and named once.
fn feeding(from: &Value, earlier: &[String], report: &mut Report<'_>) -> Option<Vec<StageId>> {
    let items = from.list(report)?;
    if items.is_empty() {
        report.fault(&from.path, Fault::NoRows);
    }
    let mut found = Vec::new();
    for item in &items {
        let Some(id) = item.key(report) else { continue };
        match earlier.iter().position(|e| *e == id).map(StageId::new) {
            None => report.fault(&item.path, Fault::FeedsBackwards(id)),
            Some(stage) if found.contains(&stage) => report.fault(&item.path, Fault::DuplicateKey(id)),
            Some(stage) => found.push(stage),
        }
    }
    (!found.is_empty() && found.len() == items.len()).then_some(found)
}

/// The section `assumptions`.
#[derive(Default)]
pub(crate) struct Assumptions {
    pub(crate) reserve_per_mille: u32,
    admit_at: AdmitAt,
    kinds: KindDefaults,
    source_errors: Vec<(String, Vec<f64>)>,
    warning: WarningLevels,
}

fn assumptions(object: &mut Object, report: &mut Report<'_>) -> Assumptions {
    let mut read = Assumptions::default();
    keys::read(&keys::ASSUMPTIONS, &mut read, object, report);
    if let Some(value) = object.take("admit_at") {
        let codes = AdmitAt::ALL.map(|at| (at.code(), at));
        read.admit_at = value.code(&codes, report).unwrap_or_default();
    }
    by_kind(object, "leads", report, |kind, value, report| {
        let Some(mut leads) = value.object(report) else { return };
        let default = read.kinds.of_mut(kind);
        if let Some(lead) = leads.take("site").and_then(|v| triple(&v, report)) {
            default.site = lead;
        }
        if let Some(lead) = leads.take("build").and_then(|v| triple(&v, report)) {
            default.build = lead;
        }
        leads.finish(report);
    });
    by_kind(object, "delay", report, |kind, value, report| {
        let Some(mut delay) = value.object(report) else { return };
        keys::read(&keys::DELAY, &mut read.kinds.of_mut(kind).delay, &mut delay, report);
        delay.finish(report);
    });
    by_kind(object, "life_years", report, |kind, value, report| {
        if let Some(life) = value.whole(bounds::LIFE, report) {
            read.kinds.of_mut(kind).life_years = Some(life as u32);
        }
    });
    by_kind(object, "cost_per_place", report, |kind, value, report| {
        if let Some(cost) = value.number(bounds::MONEY, report) {
            read.kinds.of_mut(kind).cost_per_place = cost;
        }
    });
    if let Some(mut sources) = object.take("entry_source_error").and_then(|v| v.object(report)) {
        for (source, value) in sources.rest() {
            let Some(items) = value.list(report) else { continue };
            let errors: Vec<f64> =
                items.iter().filter_map(|v| v.number(bounds::SOURCE_ERROR, report)).collect();
            if errors.is_empty() {
                report.fault(&value.path, Fault::NoRows);
            } else {
                read.source_errors.push((source, errors));
            }
        }
    }
    if let Some(mut warning) = object.take("warning").and_then(|v| v.object(report)) {
        let presets = PRESETS.map(|preset| (preset.id, preset.levels));
        if let Some(levels) = warning.take("preset").and_then(|v| v.code(&presets, report)) {
            read.warning = levels;
        }
        keys::read(&keys::WARNING, &mut read.warning, &mut warning, report);
        warning.finish(report);
    }
    read
}

fn by_kind(
    object: &mut Object,
    key: &str,
    report: &mut Report<'_>,
    mut read: impl FnMut(Kind, &Value, &mut Report<'_>),
) {
    let Some(mut kinds) = object.take(key).and_then(|v| v.object(report)) else { return };
    for (code, value) in kinds.rest() {
        if let Some(kind) = Kind::ALL.into_iter().find(|k| k.code() == code) {
            read(kind, &value, report);
        } else {
            let near = report.problems.nearest(&code, Kind::ALL.map(Kind::code));
            report.fault(&value.path, Fault::UnknownReference(Thing::Kind, code, near));
        }
    }
}

fn triple(value: &Value, report: &mut Report<'_>) -> Option<Triangle> {
    let items = value.list(report)?;
    let months: Vec<f64> = items.iter().filter_map(|v| v.number(bounds::LEAD, report)).collect();
    match (items.len(), months.as_slice()) {
        (3, &[min, mode, max]) => {
            let lead = Triangle::new(min, mode, max);
            if lead.is_none() {
                report.fault(&value.path, Fault::LeadOrder(format!("{min}, {mode}, {max}")));
            }
            lead
        }
        (3, _) => None,
        _ => value.wrong(Expected::Triple, report),
    }
}

fn mask_years(object: &mut Object, report: &mut Report<'_>) -> Vec<i32> {
    let items = object.take("mask_years").and_then(|v| v.list(report)).unwrap_or_default();
    let years = items.iter().filter_map(|v| v.whole(bounds::YEAR, report)).map(|year| year as i32);
    // a year that is named again says nothing new
    let mut named = BTreeSet::new();
    years.filter(|year| named.insert(*year)).collect()
}

/// The section `display`.
#[derive(Default)]
struct Shown {
    display: Display,
    districts: Vec<(String, Name)>,
    groups: Vec<(String, Name)>,
}

fn display(object: &mut Object, report: &mut Report<'_>) -> Shown {
    let mut shown = Shown::default();
    if let Some(notice) = object.take("notice").and_then(|v| v.name(report)) {
        shown.display.notice = notice;
    }
    if let Some(source) = object.take("source").and_then(|v| v.name(report)) {
        shown.display.source = source;
    }
    for (key, into) in [("districts", &mut shown.districts), ("groups", &mut shown.groups)] {
        if let Some(mut names) = object.take(key).and_then(|v| v.object(report)) {
            into.extend(names.rest().into_iter().filter_map(|(id, value)| Some((id, value.name(report)?))));
        }
    }
    shown
}
