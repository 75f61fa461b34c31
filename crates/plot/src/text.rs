//! The words of the charts in both languages. Words of the caller (titles, marks, sources) are not here.

use seatcast_core::Lang;

/// Every fixed word of the seat-gap chart.
pub(crate) struct Words {
    /// Language tag of the document.
    pub(crate) tag: &'static str,
    /// What the vertical axis counts.
    pub(crate) unit: &'static str,
    /// Heading of the row of years.
    pub(crate) years: &'static str,
    /// Heading of the row of differences.
    pub(crate) balance: &'static str,
    /// Places by certainty: open, secured, planned, outlook.
    pub(crate) layers: [&'static str; 4],
    /// The median demand line.
    pub(crate) median: &'static str,
    /// A median point whose entrants rest on assumed births.
    pub(crate) median_assumed: &'static str,
    /// The 80 % band.
    pub(crate) band: &'static str,
    /// Demand above all places.
    pub(crate) shortage: &'static str,
    /// The line of places with every candidate project.
    pub(crate) candidates: &'static str,
    /// Bracket over the years whose entrants rest on assumed births.
    pub(crate) assumed: &'static str,
    /// Before the source of the data.
    pub(crate) source: &'static str,
}

const ZH: Words = Words {
    tag: "zh-Hans",
    unit: "学位（个）、在校生（人）",
    years: "学年",
    balance: "学位余缺（+/-）",
    layers: ["已有学位", "已落实学位", "已规划学位", "远期储备学位"],
    median: "在校生需求（中位数）",
    median_assumed: "同上，新生数按假定出生数推算",
    band: "在校生需求 80% 区间",
    shortage: "学位缺口",
    candidates: "全部备选项目建成后的学位",
    assumed: "新生数按假定出生数推算",
    source: "来源：",
};

const EN: Words = Words {
    tag: "en-GB",
    unit: "Places and pupils",
    years: "Academic year",
    balance: "Spare or short",
    layers: ["Open places", "Secured places", "Planned places", "Outlook places"],
    median: "Demand, median",
    median_assumed: "Same, births assumed",
    band: "Demand, 80% band",
    shortage: "Shortage of places",
    candidates: "Places with all candidates built",
    assumed: "Births assumed",
    source: "Source: ",
};

impl Words {
    /// The words of a language.
    pub(crate) fn of(lang: Lang) -> &'static Words {
        match lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }

    /// One paragraph for people who hear the chart rather than see it.
    pub(crate) fn description(lang: Lang, facts: &Facts<'_>) -> String {
        let Facts { first, last, demand, places, worst } = facts;
        let ending = match (lang, worst) {
            (Lang::Zh, None) => "各学年中位数需求均不超过学位。".to_owned(),
            (Lang::En, None) => "Median demand never exceeds places.".to_owned(),
            (Lang::Zh, Some((year, short))) => format!("缺口最大为 {year} 学年，缺 {short} 个学位。"),
            (Lang::En, Some((year, short))) => format!("The largest shortage is {short} places in {year}."),
        };
        match lang {
            Lang::Zh => format!(
                "{first} 至 {last} 学年。在校生需求中位数由 {} 变为 {}；学位由 {} 变为 {}。{ending}",
                demand.0, demand.1, places.0, places.1
            ),
            Lang::En => format!(
                "Academic years {first} to {last}. Median demand goes from {} to {}; places go from {} to {}. {ending}",
                demand.0, demand.1, places.0, places.1
            ),
        }
    }
}

/// What the spoken description says, already written as text.
pub(crate) struct Facts<'a> {
    /// First academic year.
    pub(crate) first: &'a str,
    /// Last academic year.
    pub(crate) last: &'a str,
    /// Median demand in the first and last year.
    pub(crate) demand: (String, String),
    /// All places in the first and last year.
    pub(crate) places: (String, String),
    /// The year of the largest shortage and its size.
    pub(crate) worst: Option<(String, String)>,
}
