//! The words of the charts in both languages. Words of the caller (titles, marks, sources) are not here.

use seatcast_core::Lang;

/// Every fixed word of the seat-gap chart.
pub(crate) struct Words {
    /// Language tag of the document.
    pub(crate) tag: &'static str,
    /// What the vertical axis counts.
    pub(crate) unit: &'static str,
    /// The same where places are not known.
    pub(crate) pupils: &'static str,
    /// Heading of the row of years.
    pub(crate) years: &'static str,
    /// Heading of the row of differences.
    pub(crate) balance: &'static str,
    /// Heading of the row of pupils without a place.
    pub(crate) unmet: &'static str,
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
    /// What the cells of a heat map count.
    pub(crate) heat_unit: &'static str,
    /// A cell of a heat map without a place.
    pub(crate) no_places: &'static str,
    /// What a project schedule shows.
    pub(crate) programme_unit: &'static str,
    /// Stretches of a project: site gate, build, filling, full.
    pub(crate) stretches: [&'static str; 4],
    /// The last safe decision date.
    pub(crate) last_safe: &'static str,
    /// A last safe decision date that has passed.
    pub(crate) passed: &'static str,
    /// The round of this year.
    pub(crate) round: &'static str,
    /// What the vertical axis of a front counts.
    pub(crate) front_unit: &'static str,
    /// Schedules of a sweep.
    pub(crate) cloud: &'static str,
    /// Schedules that nothing beats.
    pub(crate) front: &'static str,
    /// What the vertical axis of a comparison of policies counts.
    pub(crate) policies_unit: &'static str,
    /// A policy's mean.
    pub(crate) policy_mean: &'static str,
    /// Its band.
    pub(crate) policy_band: &'static str,
    /// Key entry for the policy under trial at other levels.
    pub(crate) policy_grid: &'static str,
}

const ZH: Words = Words {
    tag: "zh-Hans",
    unit: "学位（个）、在校生（人）",
    pupils: "在校生（人）",
    years: "学年",
    balance: "学位余缺（+/-）",
    unmet: "无学位学生（各大学区不相抵）",
    layers: ["已有学位", "已落实学位", "已规划学位", "远期储备学位"],
    median: "在校生需求（中位数）",
    median_assumed: "同上，新生数按假定出生数推算",
    band: "在校生需求 80% 区间",
    shortage: "学位缺口",
    candidates: "全部备选项目建成后的学位",
    assumed: "新生数按假定出生数推算",
    source: "来源：",
    heat_unit: "学位利用率（需求 ÷ 可用学位，%，中位数）",
    no_places: "无学位",
    programme_unit: "每个项目一行；学位从完工当日或之后的第一个 9 月 1 日起计",
    stretches: ["用地环节", "建设环节", "逐级招满", "全部可用"],
    last_safe: "最迟决策日期",
    passed: "已错过",
    round: "本轮",
    front_unit: "最差 5% 情形下的平均缺口（学位·年）",
    cloud: "试算的方案",
    front: "同等费用下缺口最小的方案",
    policies_unit: "缺口合计（学位·年，各大学区不相抵）",
    policy_mean: "各种未来的平均；实心为本区的规则",
    policy_band: "八成未来落在其中",
    policy_grid: "同一规则，规划与落实把握取其他值",
};

const EN: Words = Words {
    tag: "en-GB",
    unit: "Places and pupils",
    pupils: "Pupils",
    years: "Academic year",
    balance: "Spare or short",
    unmet: "Short, groups not netted",
    layers: ["Open places", "Secured places", "Planned places", "Outlook places"],
    median: "Demand, median",
    median_assumed: "Same, births assumed",
    band: "Demand, 80% band",
    shortage: "Shortage of places",
    candidates: "Places with all candidates built",
    assumed: "Births assumed",
    source: "Source: ",
    heat_unit: "Utilisation (demand per usable place, %, median)",
    no_places: "none",
    programme_unit: "One row a project; a place counts from the first 1 September on or after completion",
    stretches: ["Site gate", "Build", "Filling by grade", "All places usable"],
    last_safe: "Last safe decision date",
    passed: "passed",
    round: "This round",
    front_unit: "Mean shortage of the worst 5 % of futures (seat-years)",
    cloud: "Schedules tried",
    front: "Least shortage for the money",
    policies_unit: "Shortage in all (seat-years, groups not netted)",
    policy_mean: "Mean of the futures; filled: the district's rule",
    policy_band: "Eight futures in ten",
    policy_grid: "The same rule at other plan and secure levels",
};

impl Words {
    /// The words of a language.
    pub(crate) fn of(lang: Lang) -> &'static Words {
        match lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }

    /// A heat map in words.
    pub(crate) fn heat_description(
        unit: &str,
        lang: Lang,
        (zones, years): (usize, usize),
        red: usize,
    ) -> String {
        match lang {
            Lang::Zh => format!("{unit}：{zones} 个学区、{years} 个学年，其中 {red} 格为红色。"),
            Lang::En => format!("{unit}: {zones} zones, {years} years, {red} cells are red."),
        }
    }

    /// Policies on the plane in words.
    pub(crate) fn policies_description(&self, lang: Lang, policies: usize) -> String {
        match lang {
            Lang::Zh => format!("{policies} 种规则的投入与{}。", self.policies_unit),
            Lang::En => format!("{policies} policies: money against {}.", self.policies_unit),
        }
    }

    /// A project schedule in words.
    pub(crate) fn programme_description(&self, lang: Lang, projects: usize) -> String {
        match lang {
            Lang::Zh => format!("{projects} 个项目的进度。{}。", self.programme_unit),
            Lang::En => format!("The dates of {projects} projects. {}.", self.programme_unit),
        }
    }

    /// A front in words.
    pub(crate) fn front_description(&self, lang: Lang, on_front: usize) -> String {
        match lang {
            Lang::Zh => format!("费用与{}；{on_front} 个方案在前沿上。", self.front_unit),
            Lang::En => format!("Cost against {}; {on_front} schedules are on the front.", self.front_unit),
        }
    }

    /// A comparison in words.
    pub(crate) fn compare_description(lang: Lang, variants: usize, years: usize) -> String {
        match lang {
            Lang::Zh => format!("{variants} 个情形在 {years} 个学年的比较。"),
            Lang::En => format!("{variants} variants compared over {years} years."),
        }
    }

    /// One paragraph for people who hear the chart rather than see it.
    pub(crate) fn description(lang: Lang, facts: &Facts<'_>) -> String {
        let Facts { first, last, demand, places, worst } = facts;
        let mut text = match lang {
            Lang::Zh => {
                format!("{first} 至 {last} 学年。在校生需求中位数由 {} 变为 {}", demand.0, demand.1)
            }
            Lang::En => format!(
                "Academic years {first} to {last}. Median demand goes from {} to {}",
                demand.0, demand.1
            ),
        };
        let Some(places) = places else { return text + lang.pick("。", ".") };
        text.push_str(&match lang {
            Lang::Zh => format!("；学位由 {} 变为 {}。", places.0, places.1),
            Lang::En => format!("; places go from {} to {}. ", places.0, places.1),
        });
        text.push_str(&match (lang, worst) {
            (Lang::Zh, None) => "各学年中位数需求均不超过学位。".to_owned(),
            (Lang::En, None) => "Median demand never exceeds places.".to_owned(),
            (Lang::Zh, Some((year, short))) => format!("缺口最大为 {year} 学年，缺 {short} 个学位。"),
            (Lang::En, Some((year, short))) => format!("The largest shortage is {short} places in {year}."),
        });
        text
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
    /// All places in the first and last year, where they are known.
    pub(crate) places: Option<(String, String)>,
    /// The year of the largest shortage and its size.
    pub(crate) worst: Option<(String, String)>,
}
