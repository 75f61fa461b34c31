//! The good folders that cases begin from: the shipped scenarios and the small one of the suite, with what the program itself
//! files and writes.

use std::{fs, path::Path};

use seatcast::{
    Comparison, Cycling, CyclingPlan, Lang, Loaded, Progress, Reading, Session, Settings, Sweeping, load,
    load_as,
    report::Options,
    supply::{Budget, Programme},
    sweep::{Plan, Strategy, Wish, problem::Rule},
    time::YearMonth,
};
use tempfile::TempDir;

use super::{Chance, Files, Target};

/// How results are written for a case: no charts, which are drawn from them by cases of their own.
pub(super) const PLAIN: Options = Options { lang: Lang::En, bom: true, charts: false };

/// Good folders, each with its name and how often it is taken.
pub(crate) struct Corpus {
    folders: Vec<(Target, &'static str, usize, Files)>,
    /// The small scenario, which files are given beside.
    small: TempDir,
    loaded: Loaded,
}

impl Corpus {
    pub(crate) fn new() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let files = small(root);
        let small = tempfile::tempdir().unwrap();
        lay(&files, small.path());
        let loaded = load(small.path()).unwrap();
        let mut corpus = Self { folders: Vec::new(), small, loaded };
        corpus.add(Target::Scenario, "small", 8, files);
        let shipped = |name: &str| read(&root.join("scenarios").join(name));
        for (name, often) in [("teaching", 8), ("futian-2019", 3), ("zhengzhou-2024", 2), ("china", 2)] {
            corpus.add(Target::Scenario, name, often, shipped(name));
        }
        corpus.add(Target::Scenario, "learning with what it filed", 5, with_filed(shipped("learning")));
        corpus.add(Target::Given, "beside small", 1, given());
        corpus.add(Target::Bare, "areas", 2, bare(false));
        corpus.add(Target::Bare, "schools", 1, bare(true));
        for (name, files) in results(corpus.beside()) {
            corpus.add(Target::Results, name, 1, files);
        }
        corpus
    }

    fn add(&mut self, target: Target, name: &'static str, often: usize, files: Files) {
        assert!(!files.is_empty(), "{name}");
        self.folders.push((target, name, often, files));
    }

    /// The scenario that files are given beside.
    pub(super) fn beside(&self) -> &Loaded {
        &self.loaded
    }

    /// Its folder.
    pub(super) fn folder_beside(&self) -> &Path {
        self.small.path()
    }

    pub(super) fn pick(&self, target: Target, chance: &mut Chance) -> (&'static str, &Files) {
        let of = || self.folders.iter().filter(move |(of, ..)| *of == target);
        let mut left = chance.below(of().map(|(_, _, often, _)| often).sum());
        for (_, name, often, files) in of() {
            if left < *often {
                return (name, files);
            }
            left -= often;
        }
        unreachable!("every target has a folder")
    }
}

/// The files of a folder and of those inside it.
pub(super) fn read(folder: &Path) -> Files {
    let mut files = Files::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let inside = path.strip_prefix(folder).unwrap().to_str().unwrap();
                // what nothing reads teaches nothing
                if inside != "README.md" {
                    files.insert(inside.replace('\\', "/"), fs::read(&path).unwrap());
                }
            }
        }
    }
    files
}

/// Writes files below a folder.
pub(super) fn lay(files: &Files, folder: &Path) {
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// The smallest scenario of the suite, with something left to decide.
fn small(root: &Path) -> Files {
    let mut files = read(&root.join("tests/invalid/base"));
    let projects = files.get_mut("projects.csv").unwrap();
    for (id, zone, stage, places) in
        [("new", "south", "primary", 80), ("hall", "north", "primary", 40), ("lab", "north", "junior", 100)]
    {
        let row = format!("{id},{zone},{stage},expansion,{places},candidate,,,,,,,,\n");
        projects.extend(row.into_bytes());
    }
    files
}

/// A scenario with the forecast and the round that it filed a year before.
fn with_filed(mut files: Files) -> Files {
    let folder = tempfile::tempdir().unwrap();
    lay(&files, folder.path());
    fs::write(folder.path().join("settings.csv"), "key,value\nbase_year,2023\n").unwrap();
    let reading = Reading { as_of: Some(YearMonth { year: 2023, month: 10 }), ..Reading::default() };
    let loaded = load_as(folder.path(), &reading).unwrap();
    let session = Session::new(&loaded.scenario, settings(20)).unwrap().loaded_from(&loaded, Lang::En);
    files.extend([session.filed(&loaded, PLAIN)]);
    files.extend([cycling(&loaded).filed(&loaded, &[], PLAIN)]);
    files
}

fn given() -> Files {
    let schedule = "project,decide\nnew,2025-10\nhall,2026-10\nlab,never\n";
    let schedules = "schedule,project,decide\none,new,2025-10\none,hall,2025-10\ntwo,lab,2026-10\n";
    let budget = "year,amount\n2025,200000000\n2026,100000000\n,900000000\n";
    let policy = "key,value\nname,careful\noutlook,7\nplan,4\nsecure,1\nplan_level,0.9\nsecure_level,0.97\n\
                  outlook_level,0.6\nquick,false\nlasting,true\nheld,1\n";
    let files = [
        ("schedule.csv", schedule),
        ("schedules.csv", schedules),
        ("budget.csv", budget),
        ("policy.csv", policy),
    ];
    files.into_iter().map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).collect()
}

/// Ten years of three grades in two areas, each of two schools if there are any, some of them corrected later.
fn bare(schools: bool) -> Files {
    let heading = if schools { "year,area,school,grade,pupils" } else { "year,area,grade,pupils,known_from" };
    let mut rolls = format!("{heading}\n");
    let mut births = "year,area,births\n".to_owned();
    for year in 2009..=2018 {
        births += &format!("{},all,{}\n", year - 6, 900 + year % 7 * 9);
        for (area, grade) in ["a", "b"].into_iter().flat_map(|area| [1, 2, 3].map(|grade| (area, grade))) {
            let pupils = if area == "a" { 200 } else { 300 } + (year * 7 + grade * 5) % 9;
            if schools {
                for school in ["x", "y"] {
                    rolls += &format!("{year},{area},{area}{school},{grade},{}\n", pupils / 2);
                }
            } else {
                rolls += &format!("{year},{area},{grade},{},{year}-10\n", pupils + 5);
                rolls += &format!("{year},{area},{grade},{pupils},{}-03\n", year + 1);
            }
        }
    }
    let text = |text: String| text.into_bytes();
    Files::from([("rolls.csv".to_owned(), text(rolls)), ("births.csv".to_owned(), text(births))])
}

/// Results of every kind that charts are drawn from.
fn results(loaded: &Loaded) -> Vec<(&'static str, Files)> {
    let scenario = &loaded.scenario;
    let session = Session::new(scenario, settings(10)).unwrap().loaded_from(loaded, Lang::En);
    let all = Settings { programme: Programme::All, ..settings(10) };
    let other = Session::new(scenario, all).unwrap();
    let mut comparison = Comparison::new(scenario, seatcast::VERSION, 10, 1);
    for compared in [&session, &other] {
        compared.compare(&mut comparison, PLAIN).unwrap();
    }
    let sweeping =
        Sweeping::new(&[("base", scenario)], plan(50), settings(10), &Progress::default()).unwrap();
    let made = [
        ("a run", session.files(PLAIN)),
        ("a comparison", comparison.files(PLAIN)),
        ("a sweep", sweeping.files(PLAIN)),
        ("a closed loop", cycling(loaded).files(PLAIN)),
    ];
    made.map(|(name, files)| (name, files.unwrap().into_iter().collect())).into()
}

pub(super) fn settings(draws: u32) -> Settings {
    Settings { draws, threads: 1, ..Settings::default() }
}

pub(super) fn plan(schedules: u64) -> Plan {
    Plan {
        strategy: Strategy::Budget,
        schedules,
        budget: Budget::default(),
        keep: 5,
        wish: Wish::default(),
        rule: Rule::default(),
        improve: false,
    }
}

pub(super) fn few_futures() -> CyclingPlan {
    CyclingPlan { futures: 2, years: 3, draws: 20, threads: 1, grid: false, ..CyclingPlan::default() }
}

fn cycling(loaded: &Loaded) -> Cycling {
    Cycling::new(&loaded.scenario, &few_futures(), &Progress::default())
        .unwrap()
        .loaded_from(loaded, Lang::En)
}
