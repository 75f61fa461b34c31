//! `explained.csv`: every shortage part by part against a named reference, with a sentence in words.

use seatcast_core::{
    Lang, Scenario,
    balance::{GapPart, GapParts, PARTS, Reference},
    geography::Area,
    index::StageId,
};

use super::{
    Table,
    cell::{Cell, CellType, Text},
    keys::list,
    row::row,
};
use crate::{
    Run,
    phrases::explained::{Explained, Whose, sentence},
    stats::keys_of,
};

list! {
    /// What each cause adds.
    Causes: i64, GapPart::ALL.map(GapPart::code),
    "该原因增减的缺口", "what this cause adds to the shortage"
}

/// `base_year`, or `forecast-2024`.
impl Cell for Reference {
    fn holds() -> CellType {
        CellType::Text
    }

    fn write(&self, out: &mut String) {
        out.push_str(&self.code());
    }

    fn read(text: &str) -> Option<Self> {
        match text.strip_prefix("forecast-") {
            Some(year) => year.parse().ok().map(Reference::Forecast),
            None => (text == Reference::BaseYear.code()).then_some(Reference::BaseYear),
        }
    }
}

row! {
    /// One shortage explained.
    ExplainedRow<'a> {
        scenario: Text<'a> = "情景代码", "key of the scenario";
        district: Text<'a> = "区域代码", "key of the district";
        group: Option<Text<'a>> = "大学区代码；留空为区域合计", "key of the sharing group; blank is the sum over the district's";
        stage: Text<'a> = "学段代码", "key of the stage";
        year: i32, Year = "学年", "academic year";
        lead: i32, Years = "距基年的年数", "the year less the base year";
        reference: Reference = "比较的基准", "what it is explained against: `base_year`, or `forecast-2024`, the forecast of that round";
        before: i64, Pupils = "基准的缺口", "shortage of the reference";
        causes: Causes, SignedPupils;
        shortage: i64, Pupils = "缺口", "shortage: before and all causes together";
        text: Text<'a> = "说明", "the same in a sentence";
    }
}

impl ExplainedRow<'_> {
    /// The shortage with its parts; `None` if they are not all there.
    pub(crate) fn explained(&self) -> Option<Explained> {
        let parts: [i64; PARTS] = self.causes.0.clone().try_into().ok()?;
        Some(Explained { year: self.year, reference: self.reference, before: self.before, parts })
    }
}

pub(super) const TABLE: Table = Table::of::<ExplainedRow<'_>>(
    "explained.csv",
    "一处缺口的来由",
    "a shortage part by part against a reference",
);

pub(crate) fn rows<'a>(run: &'a Run<'_>, lang: Lang) -> Vec<ExplainedRow<'a>> {
    let scenario = run.scenario;
    let frame = &scenario.frame;
    let districts = frame.districts.ids().map(Area::District);
    let areas: Vec<Area> = districts.chain(frame.groups.ids().map(Area::Group)).collect();
    let mut references: Vec<Reference> = run.gaps.iter().map(|gap| gap.reference).collect();
    references.dedup();
    let mut rows = Vec::new();
    for reference in references {
        for &area in &areas {
            let groups = frame.groups_in(area);
            for stage in frame.stages.ids() {
                for (t, year) in scenario.calendar().skip(1) {
                    let here = |g: &&GapParts| groups.contains(&g.group) && (g.stage, g.t) == (stage, t);
                    let of = run.gaps.iter().filter(|g| g.reference == reference).filter(here);
                    if let Some(all) = sum(of, year) {
                        rows.push(row(scenario, area, stage, &all, lang));
                    }
                }
            }
        }
    }
    rows
}

fn row<'a>(
    scenario: &'a Scenario,
    area: Area,
    stage: StageId,
    all: &Explained,
    lang: Lang,
) -> ExplainedRow<'a> {
    let frame = &scenario.frame;
    let [district, group, _] = keys_of(frame, area);
    let whose = Whose {
        area: name_of(scenario, area, lang),
        stage: frame.stages[stage].name.in_lang(lang),
        base_year: scenario.base_year,
        lang,
    };
    ExplainedRow {
        scenario: (&scenario.id).into(),
        district: district.unwrap_or_default().into(),
        group: group.map(Text::from),
        stage: (&frame.stages[stage].id).into(),
        year: all.year,
        lead: all.year - scenario.base_year,
        reference: all.reference,
        before: all.before,
        causes: Causes(all.parts.to_vec()),
        shortage: all.after(),
        text: sentence(whose, all).into(),
    }
}

fn name_of(scenario: &Scenario, area: Area, lang: Lang) -> &str {
    let frame = &scenario.frame;
    match area {
        Area::District(d) => frame.districts[d].name.in_lang(lang),
        Area::Group(q) => frame.groups[q].name.in_lang(lang),
        Area::All | Area::Zone(_) => scenario.name.in_lang(lang),
    }
}

fn sum<'g>(of: impl Iterator<Item = &'g GapParts>, year: i32) -> Option<Explained> {
    of.fold(None, |sum: Option<Explained>, gap| {
        let mut all =
            sum.unwrap_or(Explained { year, reference: gap.reference, before: 0, parts: [0; PARTS] });
        all.before += gap.reference_shortage;
        for (part, of) in all.parts.iter_mut().zip(gap.shortage) {
            *part += of;
        }
        Some(all)
    })
}
