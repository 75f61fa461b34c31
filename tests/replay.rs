//! The rule on history: docs/validation/cycle.md, made from the data and compared with what is there.
//!
//! Each district (or school) is a zone with stylised supply. Every round reads its scenario as it was known in its October,
//! by the reader and `--as-of` of the product, and decides by the product's own `cycle::round`; what came is scored.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::Path,
};

use seatcast::{
    Progress, Reading, Scenario,
    cycle::{Policy, Prices, Rule, Step, Worth},
    forecast::Path as Pupils,
    grid::Cells,
    index::YearOffset,
    replay::{ReplayPlan, Replayed, replay},
    time::YearMonth,
};

use super::{data, validation::check};

/// Pupils of a class, for projects to be whole classes.
const CLASS: f64 = 25.0;

/// A history to be replayed.
struct System {
    name: &'static str,
    rolls: &'static str,
    births: &'static str,
    /// Column of the rolls whose values are the zones.
    zone: &'static str,
    /// What births are, as `children.csv` says it, and the month of the next year (0: of the same) they are known from.
    by: &'static str,
    born_known: (i32, u32),
    /// First year of the rolls, the first round, the last year that is scored.
    years: [i32; 3],
    stages: &'static [(&'static str, i32, i32)],
    /// Fewest pupils of a zone in the first round.
    pupils: f64,
}

const SYSTEMS: [System; 2] = [
    System {
        name: "New Jersey, regular districts",
        rolls: "new_jersey/district_rolls.csv",
        births: "new_jersey/births.csv",
        zone: "area",
        by: "births_school_year",
        born_known: (0, 9),
        years: [2012, 2015, 2022],
        stages: &[("primary", 0, 5), ("middle", 6, 8)],
        pupils: 1000.0,
    },
    System {
        name: "Eau Claire, elementary schools",
        rolls: "eau_claire/school_rolls.csv",
        births: "eau_claire/births.csv",
        zone: "school",
        by: "births",
        born_known: (1, 1),
        years: [1998, 2002, 2019],
        stages: &[("primary", 0, 5)],
        pupils: 0.0,
    },
];

/// Rolls by zone, year and grade of those zones that are whole, and births by year.
struct History {
    rolls: BTreeMap<String, BTreeMap<(i32, i32), f64>>,
    births: BTreeMap<i32, f64>,
}

fn table(file: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(data(file)).expect("the table is there");
    let heading = reader.headers().expect("a heading").clone();
    let row = |row: csv::StringRecord| {
        heading.iter().zip(&row).map(|(h, c)| (h.to_owned(), c.to_owned())).collect()
    };
    reader.records().map(|record| row(record.expect("a row"))).collect()
}

fn history(system: &System) -> History {
    let [first, round, last] = system.years;
    let grades: Vec<i32> = system.stages.iter().flat_map(|(_, a, b)| *a..=*b).collect();
    let mut rolls: BTreeMap<String, BTreeMap<(i32, i32), f64>> = BTreeMap::new();
    for row in table(system.rolls) {
        let (year, grade): (i32, i32) =
            (row["year"].parse().expect("a year"), row["grade"].parse().expect("a grade"));
        if (first..=last).contains(&year) && grades.contains(&grade) {
            *rolls.entry(row[system.zone].clone()).or_default().entry((year, grade)).or_default() +=
                row["pupils"].parse::<f64>().expect("a number");
        }
    }
    rolls.retain(|zone, of| {
        let whole = (first..=last).all(|y| grades.iter().all(|g| of.get(&(y, *g)).is_some_and(|n| *n > 0.0)));
        let pupils: f64 = grades.iter().filter_map(|g| of.get(&(round, *g))).sum();
        (system.zone != "area" || super::validation::is_regular(zone)) && whole && pupils >= system.pupils
    });
    let births = table(system.births)
        .iter()
        .map(|row| (row["year"].parse().expect("a year"), row["births"].parse().expect("a number")))
        .collect();
    History { rolls, births }
}

/// Key of a zone: letters and digits.
fn key(zone: &str) -> String {
    format!("z{}", zone.replace(|c: char| !c.is_ascii_alphanumeric(), "-"))
}

/// Lays the scenario folder: all that is known to the last year, with the month from which it was.
fn lay(system: &System, history: &History, folder: &Path) {
    let mut zones = String::from("zone,district,name_zh,name_en\n");
    let mut rolls = String::from("year,zone,grade,pupils,known_from\n");
    let mut children = String::from("year,zone,class,source,by,age,children,known_from\n");
    let mut schools = String::from("school,zone,stage,places\n");
    let mut projects = String::from("id,zone,stage,kind,places,status,site_in_hand,phase_in\n");
    let round = system.years[1];
    let count = history.rolls.len() as f64;
    for (zone, of) in &history.rolls {
        let id = key(zone);
        let _ = writeln!(zones, "{id},d,{id},{id}");
        for ((year, grade), pupils) in of {
            let _ = writeln!(rolls, "{year},{id},{grade},{},{year}-10", pupils.round());
        }
        for (year, births) in &history.births {
            let (later, month) = system.born_known;
            let known = format!("{}-{month:02}", year + later);
            let _ = writeln!(children, "{year},{id},,births,{},,{:.3},{known}", system.by, births / count);
        }
        for (stage, a, b) in system.stages {
            // stylised supply: every place of the first round is taken, and three projects may be decided
            let roll: f64 = (*a..=*b).map(|g| of[&(round, g)].round()).sum();
            let _ = writeln!(schools, "{id}-{stage},{id},{stage},{roll}");
            for (kind, share, ready, phase) in [
                ("prefab", 0.05, "yes", "all"),
                ("expansion", 0.10, "", "all"),
                ("permanent", 0.20, "no", "grade_by_grade"),
            ] {
                let places = (share * roll / CLASS).ceil().max(1.0) * CLASS;
                let _ = writeln!(
                    projects,
                    "{id}-{stage}-{kind},{id},{stage},{kind},{places},candidate,{ready},{phase}"
                );
            }
        }
    }
    let stages: Vec<String> = system
        .stages
        .iter()
        .enumerate()
        .map(|(p, (id, a, b))| {
            let grades: Vec<String> = (*a..=*b).map(|g| format!("\"{g}\"")).collect();
            let intake = match p {
                0 => "\"entry_age\": 5".to_owned(),
                _ => format!("\"from\": [\"{}\"]", system.stages[p - 1].0),
            };
            let name = format!("{{\"zh\": \"{id}\", \"en\": \"{id}\"}}");
            let grades = grades.join(", ");
            format!(
                "{{\"id\": \"{id}\", \"name\": {name}, \"grades\": [{grades}], \"class_size\": 25, {intake}}}"
            )
        })
        .collect();
    let document = format!(
        "{{\"format\": 1, \"id\": \"replay\", \"name\": {{\"zh\": \"历史重演\", \"en\": \"replay\"}}, \"base_year\": {round}, \
         \"cutoff_month\": 8, \"stages\": [{}]}}",
        stages.join(", ")
    );
    for (name, text) in [
        ("scenario.json", &document),
        ("zones.csv", &zones),
        ("rolls.csv", &rolls),
        ("children.csv", &children),
        ("schools.csv", &schools),
        ("projects.csv", &projects),
    ] {
        fs::write(folder.join(name), text).expect("it is written");
    }
}

/// The scenario of every round as it was known then.
fn vintages(system: &System, folder: &Path) -> Vec<Scenario> {
    let [_, round, last] = system.years;
    (round..last)
        .map(|year| {
            fs::write(folder.join("settings.csv"), format!("key,value\nbase_year,{year}\n"))
                .expect("it is written");
            let as_of = Some(YearMonth { year, month: 10 });
            let reading = Reading { as_of, ..Reading::default() };
            seatcast::load_as(folder, &reading).expect("the scenario of a round can be read").scenario
        })
        .collect()
}

/// Pupils that came, by year from the first round.
fn came(system: &System, history: &History, frame: &seatcast::geography::Frame) -> Pupils {
    let [_, round, last] = system.years;
    let rows: Vec<Cells<f64>> = (round..=last)
        .map(|year| {
            let of = |zone: &seatcast::geography::Zone| {
                let rolls = history.rolls.iter().find(|(name, _)| key(name) == zone.id);
                rolls.map_or_else(Vec::new, |(_, of)| {
                    let grades = system.stages.iter().flat_map(|(_, a, b)| *a..=*b);
                    grades.map(|g| of[&(year, g)].round()).collect::<Vec<f64>>()
                })
            };
            Cells::from_vec(frame.cells(), frame.zones.iter().flat_map(of).collect())
        })
        .collect();
    Pupils::round(frame, &rows)
}

struct Played {
    zones: usize,
    policies: Vec<Policy>,
    replayed: Vec<Replayed>,
    demand: (u64, u64),
}

fn played(system: &System, history: &History, gates: u32) -> Played {
    let folder = tempfile::tempdir().expect("a temporary folder");
    lay(system, history, folder.path());
    let vintages = vintages(system, folder.path());
    let came = came(system, history, &vintages[0].frame);
    let mut policies = Policy::compared(&vintages[0]);
    // no modules are held ready in history
    let worths = Policy::worths(&vintages[0], 0).into_iter().filter(|(worth, _)| *worth != Worth::Held);
    policies.extend(worths.map(|(_, policy)| policy));
    let plan = ReplayPlan { draws: 200, seed: 1, threads: 0, gates, policies, prices: Prices::default() };
    let replayed = replay(&vintages, &came, &plan, &Rule, &Progress::default()).expect("it runs");
    let sum = |t: usize| came.year(YearOffset::new(t)).iter().map(|n| u64::from(*n)).sum::<u64>();
    Played {
        zones: history.rolls.len(),
        policies: plan.policies,
        demand: (sum(0), sum(came.years() - 1)),
        replayed,
    }
}

#[test]
fn the_page_on_the_rule_in_history_is_the_present_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut page = String::from(HEAD);
    for system in &SYSTEMS {
        let history = history(system);
        let played = played(system, &history, 50);
        write(&mut page, system, &played);
        // what the page says below in words
        let regret = |name: &str| {
            let i = played.policies.iter().position(|p| p.name == name).expect("it is compared");
            played.replayed.iter().map(|r| r.outcomes[i].score - r.foresight.score).sum::<f64>()
        };
        let grows = played.demand.1 > played.demand.0;
        assert_eq!(
            regret("6-3-1") < regret("1-1-1"),
            grows,
            "{}: looking ahead pays where pupils grow",
            system.name
        );
        for of in &played.replayed {
            let best = of.foresight.score;
            for outcome in &of.outcomes {
                assert!(outcome.score >= best - 1e-6 * best.abs(), "{} {best}", outcome.score);
            }
        }
    }
    page.push_str(TAIL);
    check(&root.join("docs/validation/cycle.md"), &page);
}

fn write(page: &mut String, system: &System, played: &Played) {
    let [_, round, last] = system.years;
    let (then, now) = played.demand;
    let _ = write!(
        page,
        "\n## {}\n\n{} zones, rounds of {round} to {}, scored {} to {last}; {then} pupils in {round}, {now} in {last}.\n\n\
         | policy | short, seat-years | worst zone and year | years with a child short | idle, seat-years | late, seat-years | committed, million | regret, million |\n|---|---|---|---|---|---|---|---|\n",
        system.name,
        played.zones,
        last - 1,
        round + 1,
    );
    let figures = |of: &dyn Fn(&Replayed) -> f64| {
        let values: Vec<f64> = played.replayed.iter().map(of).collect();
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let spread = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0);
        format!("{mean:.0} ± {:.0}", spread.sqrt())
    };
    for (i, policy) in played.policies.iter().enumerate() {
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            policy.name,
            figures(&|r| r.outcomes[i].shortage as f64),
            figures(&|r| r.outcomes[i].worst as f64),
            figures(&|r| f64::from(r.outcomes[i].years_short)),
            figures(&|r| r.outcomes[i].idle as f64),
            figures(&|r| r.outcomes[i].late as f64),
            figures(&|r| r.outcomes[i].committed / 1e6),
            figures(&|r| (r.outcomes[i].score - r.foresight.score) / 1e6),
        );
    }
    let _ = writeln!(
        page,
        "| perfect foresight | {} | | {} | {} | | {} | |",
        figures(&|r| r.foresight.shortage as f64),
        figures(&|r| r.foresight.years_short.iter().filter(|s| **s).count() as f64),
        figures(&|r| r.foresight.idle as f64),
        figures(&|r| r.foresight.committed / 1e6),
    );
    let own = &played.replayed[0].outcomes[0].actions;
    let count = |step: Step| own.iter().filter(|a| a.step == step).count();
    let _ = write!(
        page,
        "\nUnder {} the first drawing of the gates has {} sites opened, {} given back, {} builds planned, {} secured with prefabs, {} hurried; places are left uncovered in {} zones, stages and rounds.\n",
        played.policies[0].name,
        count(Step::Outlook),
        count(Step::Cancel),
        count(Step::Plan),
        count(Step::Secure),
        count(Step::Hurry),
        count(Step::Uncovered),
    );
}

/// Rolls after a round are overwritten: what was decided up to it is the same, what comes later is not.
#[test]
fn no_round_of_history_sees_what_came_later() {
    let system = &SYSTEMS[1];
    let year = 2008;
    let plain = history(system);
    let mut other = history(system);
    for of in other.rolls.values_mut() {
        of.iter_mut().filter(|((y, _), _)| *y > year).for_each(|(_, n)| *n = (*n * 1.4).round());
    }
    other.births.iter_mut().filter(|(y, _)| **y >= year).for_each(|(_, n)| *n *= 1.4);
    let (before, after) = (played(system, &plain, 1), played(system, &other, 1));
    let mut differs = BTreeSet::new();
    for (i, policy) in before.policies.iter().enumerate() {
        let of = |played: &Played, later: bool| -> Vec<seatcast::cycle::Action> {
            let actions = &played.replayed[0].outcomes[i].actions;
            actions.iter().filter(|a| (a.round.year > year) == later).cloned().collect()
        };
        assert_eq!(of(&before, false), of(&after, false), "{}", policy.name);
        if of(&before, true) != of(&after, true) {
            differs.insert(policy.name.clone());
        }
    }
    assert_eq!(differs.len(), before.policies.len(), "what was overwritten matters afterwards");
}

const HEAD: &str = "# The rule on the past: New Jersey and Eau Claire

**中文摘要**　把 6-3-1 规则放回真实历史逐年决策：每一轮只读当时已知的在校生数和出生数（与 `--as-of` 相同），用产品自己的预测和同一个 `cycle::round` 决策，再用后来真实到来的学生评分。
供给是程式化的（见下），所以本页比较的是规则之间的差别，不是这些学区的实际得失。

One command makes every table of this page from the public data (not part of the repository):

```text
SEATCAST_BLESS=1 SEATCAST_DATA=/path/to/data cargo test --features shared-data --test shared_data
```

Without `SEATCAST_BLESS` it compares the page with the data. Each October the scenario is read as it was known then, learns its ratios and the sizes of its shocks, is forecast six years ahead (200 draws, seed 1), and `cycle::round` decides. The pupils are those who came. The durations of gates are drawn 50 times, the same for every policy; ± is the standard deviation over them. Prices are those of [the score](../cycle.md#score), costs the defaults of the kinds.

**Supply is stylised**, because none was published. In the first round every zone and stage has as many places as pupils and may decide three projects: a prefab of 5 % of its roll with its site in hand, an expansion of 10 %, and a permanent school of 20 % without a site, in whole classes of 25, with the leads of [the model](../model.md). Zones share no places.

**Zones are selected by rule.** New Jersey: regular districts (no charter or renaissance schools) with pupils in every grade from kindergarten to 8 in every year 2012 to 2022, and 1,000 of them or more in 2015; the first round is that of 2015, with four years of rolls. Births are those of the state, the same to every district: its level is learnt. Eau Claire: elementary schools with pupils in every grade from kindergarten to 5 in every year 1998 to 2019; later years are left out, since 2020 counted only pupils in the building.
";

const TAIL: &str = "
## How to read it

- New Jersey shrinks: most new buildings are soon idle, and looking further ahead does not pay. 1-1-1 has less regret than 6-3-1, because it starts fewer schools for a need that does not come.
- Eau Claire's schools grow: 6-3-1 leaves fewer than half as many children without a place as 1-1-1 and 3-2-1, which never find a permanent school in time, and has less regret. Only opening both gates at once does a little better.
- With growth the third year of the plan makes the difference (short-plan lacks it), as in Futian. The sixth year of the outlook (short-outlook lacks it) makes none beyond chance in Eau Claire; in New Jersey it saves a little money and costs some places.
- Rounds of one system share its history, such as one pandemic. They are not independent tests.
- Perfect foresight knows the rolls and the gates, and pays the same prices. No rule beats it.
";
