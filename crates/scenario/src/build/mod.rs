//! From tables to a scenario: every row checked against every other, nothing skipped after the first fault.

mod admission;
mod by_zone;
mod demand;
mod fallback;
mod figures;
mod flows;
mod history;
mod inert;
mod kinds;
mod ledger;
mod money;
mod overrides;
mod projects;
mod schools;
mod zones;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use seatcast_core::{
    Name, Scenario, ScenarioParts,
    admission::AdmissionRules,
    forecast::history::PastRolls,
    geography::{Frame, Intake},
    index::{GradeId, Id, StageId, ZoneId},
    money::MoneyRules,
    supply::{Ledger, ProjectTable, SchoolTable},
    time::YearMonth,
};

use crate::{
    Reading,
    document::{self, Document},
    folder::{Folder, InputFile, leaves},
    ids::Ids,
    json::Report,
    limits::Limit,
    patch::Variant,
    problem::{Fault, HistoryFault, Place, Problems, SupplyFault, Thing},
    raw::RawTable,
    settings,
    table::{Row, Table},
    tables::{self, Column, ColumnSpec, Key, Need, TableSpec},
};

/// The tables as read, by name; one that is not there, or has no usable heading, is missing.
struct Tables(BTreeMap<&'static str, Table>);

impl Tables {
    fn get(&self, spec: &TableSpec) -> Option<&Table> {
        self.0.get(spec.name)
    }
}

/// What a table is checked against.
struct Context<'a> {
    document: &'a Document,
    frame: &'a Frame,
    round: YearMonth,
    zones: Ids<'a, ZoneId>,
    stages: Ids<'a, StageId>,
    grades: Ids<'a, GradeId>,
}

impl<'a> Context<'a> {
    fn new(document: &'a Document, frame: &'a Frame) -> Self {
        let grades = frame.stages.iter().flat_map(|s| s.grades.iter().map(String::as_str));
        Self {
            document,
            frame,
            round: YearMonth { year: document.base_year, month: document.decision_month },
            zones: Ids::of(frame.zones.iter().map(|z| z.id.as_str())),
            stages: Ids::of(frame.stages.iter().map(|s| s.id.as_str())),
            grades: Ids::of(grades),
        }
    }
}

/// A scenario as built.
pub(crate) struct Built {
    pub(crate) scenario: Scenario,
    pub(crate) variant: Option<Name>,
    pub(crate) inputs: Vec<InputFile>,
}

/// The plain data of the scenario as far as it can be read, whatever else is wrong: what was known of its past in a month.
pub(crate) fn past_known(path: &Path, reading: &Reading) -> Option<ScenarioParts> {
    let problems = &mut Problems::new(reading.limits);
    let mut folder = Folder::open(path, reading.encoding, problems)?;
    let document = read_document(&mut folder, None, problems)?;
    let tables = read_tables(&mut folder, Some(&document), None, reading.as_of, problems);
    let base_year = history::base_year(document.base_year, tables.get(&tables::rolls::TABLE)?);
    let document = Document { base_year, ..document };
    let frame = zones::frame(&document, tables.get(&tables::zones::TABLE)?, problems)?;
    parts(&Context::new(&document, &frame), &tables, problems)
}

pub(crate) fn load(path: &Path, reading: &Reading, problems: &mut Problems) -> Option<Built> {
    let mut folder = Folder::open(path, reading.encoding, problems)?;
    let variant = match &reading.variant {
        Some(name) => Some(Variant::read(&mut folder, name, problems)?),
        None => None,
    };
    let document = read_document(&mut folder, variant.as_ref(), problems);
    let tables = read_tables(&mut folder, document.as_ref(), variant.as_ref(), reading.as_of, problems);
    let entries = folder.ledger(problems);
    let mut document = document?;
    if let (Some(as_of), Some(rolls)) = (reading.as_of, tables.get(&tables::rolls::TABLE)) {
        let base_year = history::base_year(document.base_year, rolls);
        if base_year < document.base_year {
            document.base_year = base_year;
            let fault = HistoryFault::BaseYearThen(base_year, as_of.to_string());
            problems.push(&rolls.file, Place::File, Fault::History(fault));
        }
    }
    if let (Some(name), Some(variant)) = (&reading.variant, &variant) {
        document.id = format!("{}+{name}", document.id);
        document.name = Name {
            zh: format!("{} · {}", document.name.zh, variant.name.zh),
            en: format!("{} · {}", document.name.en, variant.name.en),
        };
    }
    let frame = zones::frame(&document, tables.get(&tables::zones::TABLE)?, problems)?;
    let context = Context::new(&document, &frame);
    let mut parts = parts(&context, &tables, problems);
    if let (Some(parts), Some(table)) = (&parts, tables.get(&tables::projects::TABLE)) {
        kinds::conversions(parts, table, problems);
    }
    if let (Some(parts), Some(bytes)) = (&mut parts, &entries) {
        let table = tables.get(&tables::projects::TABLE);
        parts.ledger = ledger::ledger(&context, bytes, &parts.projects, table, problems);
    }
    if let Some(parts) = &parts {
        figures::places(parts, &tables, problems);
    }
    if problems.any_error() {
        return None;
    }
    match Scenario::new(parts?) {
        Ok(scenario) => {
            history::warn(&scenario, &tables, problems);
            fallback::warn(&scenario, &context, &tables, problems);
            inert::warn(&scenario, &context, &tables, problems);
            figures::check(&scenario, &tables, problems);
            unread_files(&folder, problems);
            Some(Built { scenario, variant: variant.map(|v| v.name), inputs: folder.read })
        }
        Err(errors) => {
            for error in errors {
                problems.push(document::FILE, Place::File, Fault::Rule(error.to_string()));
            }
            None
        }
    }
}

/// The rows of the projects alone, before the ledger: what an entry is checked against even while another table is being
/// corrected. `None` if the project table, or what it refers to, cannot be used.
pub(crate) fn rows(path: &Path, problems: &mut Problems) -> Option<ProjectTable> {
    let mut folder = Folder::open(path, None, problems)?;
    let document = read_document(&mut folder, None, problems)?;
    let mut elsewhere = Problems::new(*problems.limits());
    let tables = read_tables(&mut folder, Some(&document), None, None, &mut elsewhere);
    // without its zones and projects nothing can be checked, so what is wrong with them is said
    let file = |name: &str| document.tables.get(name).cloned().unwrap_or_else(|| format!("{name}.csv"));
    let needed = [document::FILE.to_owned(), file("zones"), file("projects")];
    let said = elsewhere.into_sorted();
    if said.iter().any(|p| p.severity() == crate::Severity::Error && needed.contains(&p.file)) {
        for problem in said {
            problems.push(&problem.file, problem.place, problem.fault);
        }
        return None;
    }
    let mut elsewhere = Problems::new(*problems.limits());
    let zones = tables.get(&tables::zones::TABLE)?;
    let frame = zones::frame(&document, zones, problems)?;
    let context = Context::new(&document, &frame);
    let schools = tables.get(&tables::schools::TABLE).map(|t| schools::schools(&context, t, &mut elsewhere));
    let types = tables.get(&tables::yields::TABLE).map(demand::housing_types);
    let housing = tables.get(&tables::housing::TABLE);
    let estates = housing.map(|t| demand::estates(&context, t, types.as_ref(), &mut elsewhere));
    let no_schools = SchoolTable::default();
    let known =
        kinds::Known::new(schools.as_ref().unwrap_or(&no_schools), estates.as_deref().unwrap_or_default());
    let table = tables.get(&tables::projects::TABLE);
    let projects = table.map(|t| projects::projects(&context, t, &known, problems));
    (!problems.any_error()).then(|| projects.unwrap_or_default())
}

/// The document, with the keys that `settings.csv` and the variant give.
fn read_document(
    folder: &mut Folder,
    variant: Option<&Variant>,
    problems: &mut Problems,
) -> Option<Document> {
    let text = folder.text(document::FILE, true, problems)?;
    let file = tables::settings::TABLE.name.to_owned() + ".csv";
    let table = folder.text(&file, false, problems).and_then(|text| {
        let raw = RawTable::parse(&file, &text, &tables::settings::TABLE, problems)?;
        Some(Table::read(raw, problems))
    });
    let keys = table.as_ref().map_or(0, |table| table.rows.len()) as u64;
    if !problems.within(Limit::Keys, keys, &file, Place::File) {
        return None;
    }
    let mut overrides = table.as_ref().map(settings::overrides).unwrap_or_default();
    overrides.extend(variant.map(Variant::overrides).unwrap_or_default());
    if overrides.is_empty() {
        return document::read(&text, &mut Report { file: document::FILE, problems });
    }
    // a key given twice is lost when the text is put together again, so the document is also read as it stands
    let mut alone = Problems::new(*problems.limits());
    document::read(&text, &mut Report { file: document::FILE, problems: &mut alone });
    for problem in alone.into_sorted().into_iter().filter(|p| matches!(p.fault, Fault::DuplicateKey(_))) {
        problems.push(document::FILE, problem.place, problem.fault);
    }
    let changed = settings::overridden(document::FILE, &text, &overrides, problems);
    let mut found = Problems::new(*problems.limits());
    let document = document::read(&changed, &mut Report { file: document::FILE, problems: &mut found });
    settings::relocate(found, &overrides, problems);
    document
}

fn read_tables(
    folder: &mut Folder,
    document: Option<&Document>,
    variant: Option<&Variant>,
    as_of: Option<YearMonth>,
    problems: &mut Problems,
) -> Tables {
    let mut raw: BTreeMap<&'static str, RawTable> = BTreeMap::new();
    for spec in tables::TABLES {
        let named = document.and_then(|d| d.tables.get(spec.name));
        let file = named.cloned().unwrap_or_else(|| format!("{}.csv", spec.name));
        if leaves(&file) {
            let place = Place::Key(format!("tables.{}", spec.name));
            problems.push(document::FILE, place, Fault::PathLeaves(file));
            continue;
        }
        let required = match spec.need {
            Need::Always => true,
            Need::With(other) => raw.contains_key(other),
            Need::Optional => false,
        };
        let text = folder.text(&file, required || named.is_some(), problems);
        if let Some(table) = text.and_then(|text| RawTable::parse(&file, &text, spec, problems)) {
            raw.insert(spec.name, table);
        }
    }
    match (raw.contains_key(tables::schools::TABLE.name), raw.get(tables::projects::TABLE.name)) {
        (false, Some(projects)) if !problems.any_error() => {
            let schools = format!("{}.csv", tables::schools::TABLE.name);
            problems.push(&schools, Place::File, Fault::SchoolsMissing(projects.file.clone()));
        }
        (false, None) => problems.push(document::FILE, Place::File, Fault::DemandAlone),
        _ => {}
    }
    if let Some(variant) = variant {
        variant.apply(&mut raw, problems);
    }
    let read = raw.into_iter().filter_map(|(name, raw)| {
        let spec = raw.spec;
        let mut table = Table::read(raw, problems);
        table.keep_known(spec, as_of, |row| history::implied(spec, row), problems).then_some((name, table))
    });
    Tables(read.collect())
}

/// Rates and children may be left out only where rolls teach what they would say.
fn required_without_past(
    document: &Document,
    tables: &Tables,
    past: Option<&PastRolls>,
    problems: &mut Problems,
) {
    let has_pools = document.stages.iter().any(|s| matches!(s.intake, Intake::Pools { .. }));
    for (spec, needed) in [(&tables::rates::TABLE, true), (&tables::children::TABLE, has_pools)] {
        // a named file that is not there has been reported
        if needed
            && tables.get(spec).is_none()
            && !history::teaches(past)
            && !document.tables.contains_key(spec.name)
            && !problems.any_of(&format!("{}.csv", spec.name))
        {
            problems.push(&format!("{}.csv", spec.name), Place::File, Fault::FileMissing);
        }
    }
}

/// CSV files that no table reads: perhaps a table whose name has a slip.
fn unread_files(folder: &Folder, problems: &mut Problems) {
    let read: BTreeSet<&str> = folder.read.iter().map(|read| read.name.as_str()).collect();
    let names = folder.names_in("", problems.limits().count(Limit::Files));
    for name in names.into_iter().filter(|n| n.to_lowercase().ends_with(".csv")) {
        if !read.contains(name.as_str()) {
            let stem = &name[..name.len() - 4];
            let tables = tables::TABLES.iter().map(|t| t.name).chain([tables::settings::TABLE.name]);
            let near = problems.nearest(stem, tables).map(|table| format!("{table}.csv"));
            let is_own = near.as_ref() == Some(&name);
            problems.push(&name, Place::File, Fault::FileNotRead(near, is_own));
        }
    }
}

fn parts(context: &Context<'_>, tables: &Tables, problems: &mut Problems) -> Option<ScenarioParts> {
    let d = context.document;
    // every table is checked before the first that is missing ends the attempt
    let roll = tables.get(&tables::rolls::TABLE).map(|t| demand::roll(context, t, problems));
    let schools = tables.get(&tables::schools::TABLE).map(|t| schools::schools(context, t, problems));
    let past = tables.get(&tables::rolls::TABLE).map(|t| {
        let by_school = tables.get(&tables::school_rolls::TABLE).zip(schools.as_deref());
        history::past(context, t, by_school, problems)
    });
    required_without_past(d, tables, past.as_ref(), problems);
    let children =
        tables.get(&tables::children::TABLE).map(|t| demand::children(context, t, past.as_ref(), problems));
    let names = tables.get(&tables::children::TABLE).map(demand::PoolNames::new);
    if let Some(names) = &names {
        demand::source_errors(context, names, problems);
    }
    let rates =
        tables.get(&tables::rates::TABLE).map(|t| demand::rates(context, t, names.as_ref(), problems));
    let flows = tables.get(&tables::flows::TABLE).map(|t| flows::flows(context, t, problems));
    let overrides = tables
        .get(&tables::overrides::TABLE)
        .map(|t| overrides::overrides(context, t, names.as_ref(), problems));
    let yields = tables.get(&tables::yields::TABLE).map(|t| demand::yields(context, t, problems));
    let types = tables.get(&tables::yields::TABLE).map(demand::housing_types);
    let estates =
        tables.get(&tables::housing::TABLE).map(|t| demand::estates(context, t, types.as_ref(), problems));
    let no_schools = SchoolTable::default();
    let known =
        kinds::Known::new(schools.as_ref().unwrap_or(&no_schools), estates.as_deref().unwrap_or_default());
    let projects =
        tables.get(&tables::projects::TABLE).map(|t| projects::projects(context, t, &known, problems));
    let ranked = tables.get(&tables::admission::TABLE);
    let classes = ranked.map(|t| admission::classes(context, t, names.as_ref(), problems));
    let diversions =
        tables.get(&tables::diversions::TABLE).map(|t| admission::diversions(context, t, problems));
    let no_projects = ProjectTable::default();
    let of = projects.as_ref().unwrap_or(&no_projects);
    let costs = tables.get(&tables::costs::TABLE).map(|t| money::costs(t, of, problems)).unwrap_or_default();
    let payers =
        tables.get(&tables::payers::TABLE).map(|t| money::payers(t, of, problems)).unwrap_or_default();
    if let Some(table) = tables.get(&tables::projects::TABLE) {
        money::overridden(&costs, of, table, problems);
    }
    Some(ScenarioParts {
        id: d.id.clone(),
        name: d.name.clone(),
        base_year: d.base_year,
        until: d.until,
        decision_month: d.decision_month,
        cutoff_month: d.cutoff_month,
        frame: context.frame.clone(),
        roll: roll?,
        past,
        children: children.unwrap_or_default(),
        rates: rates.unwrap_or_default(),
        overrides: overrides.unwrap_or_default(),
        flows: flows.unwrap_or_default(),
        estates: estates.unwrap_or_default(),
        yields: yields.unwrap_or_default(),
        source_errors: d.source_errors.clone(),
        schools: schools.unwrap_or_default(),
        projects: projects.unwrap_or_default(),
        ledger: Ledger::default(),
        money: MoneyRules { items: costs, payers, ..d.money.clone() },
        admission: AdmissionRules {
            classes: classes.unwrap_or_default(),
            diversions: diversions.unwrap_or_default(),
            at: d.admit_at,
        },
        kinds: d.kinds,
        reserve_per_mille: d.reserve_per_mille,
        horizon: d.horizon,
        levels: d.levels,
        uncertainty: d.uncertainty,
        breaks: d.breaks,
        warning: d.warning,
        display: d.display.clone(),
    })
}

/// A row being checked: where its faults go.
struct Rows<'a> {
    file: &'a str,
    problems: &'a mut Problems,
}

impl Rows<'_> {
    /// A fault of a cell; not said of a cell whose own fault is known, of which it would be the echo.
    fn fault(&mut self, row: &Row, column: &ColumnSpec, fault: Fault) {
        if row.is_faulty(column) {
            return;
        }
        row.fault(self.file, column, fault, self.problems);
    }

    /// A fault of the supply side.
    fn supply(&mut self, row: &Row, column: &ColumnSpec, fault: SupplyFault) {
        self.fault(row, column, Fault::Supply(fault));
    }

    /// The index of what a cell names; a fault if there is no such thing. Blank cells were reported by the table.
    fn find<I: Id>(&mut self, row: &Row, column: Column<Key>, thing: Thing, ids: &Ids<'_, I>) -> Option<I> {
        let id = row.get(column)?;
        let found = ids.index(id);
        if found.is_none() && !row.is_faulty(&column) {
            let near = self.problems.nearest_of(thing, id, ids.iter());
            self.fault(row, &column, Fault::UnknownReference(thing, id.to_owned(), near));
        }
        found
    }

    fn zone(&mut self, row: &Row, context: &Context<'_>) -> Option<ZoneId> {
        self.find(row, tables::zones::ZONE, Thing::Zone, &context.zones)
    }

    fn stage(&mut self, row: &Row, context: &Context<'_>) -> Option<StageId> {
        self.find(row, tables::schools::STAGE, Thing::Stage, &context.stages)
    }

    fn grade(&mut self, row: &Row, context: &Context<'_>) -> Option<GradeId> {
        self.find(row, tables::rolls::GRADE, Thing::Grade, &context.grades)
    }
}
