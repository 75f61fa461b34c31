//! `board.csv`: need against places by how sure they are.

use seatcast_core::cycle::Footing;

use super::{
    Table,
    long::{Key, Long, LongRow, Measure, Sink, measures},
};
use crate::Run;

measures! {
    MEASURES:
    NEED = "need", Places, "按该年把握程度取的需求分位数", "quantile of demand at the level of the lead (secure, plan, outlook)";
    OPEN = "open", Places, "基年在用且仍在用：扣除口径内停办、改办和停用的", "in use in the base year and still in use: less what the programme closes, converts or puts out of use";
    SECURED = "secured", Places, "已批准或在建，按落实把握下个九月开办", "committed or started, open next September at the secure level";
    PLANNED = "planned", Places, "已批准或在建，规划期内到位", "committed or started, due within the plan";
    OUTLOOK = "outlook", Places, "口径内其余项目", "the rest of the programme";
    MISSING = "missing", Places, "需要减去该年算数的学位，不小于 0", "need less the places that count at that lead, never below 0";
    WITH_CANDIDATES = "with_candidates", Places, "本轮决定的全部备选都建成时的学位", "all places if every candidate, decided in this round, were built too";
}

pub(super) const TABLE: Table = Table::of::<LongRow<'_>>(
    "board.csv",
    "需要与学位，按落实程度",
    "a figure of need against places by how sure they are",
)
.with(&[MEASURES]);

/// Places by footing.
fn of(footing: Footing) -> &'static Measure {
    match footing {
        Footing::Open => &OPEN,
        Footing::Secured => &SECURED,
        Footing::Planned => &PLANNED,
        Footing::Outlook => &OUTLOOK,
    }
}

pub(super) fn rows(run: &Run<'_>, sink: &mut Sink<'_>) {
    let mut long = Long { scenario: run.scenario, sink };
    for line in &run.board.lines {
        let key = Key { area: line.area, stage: Some(line.stage), grade: None, year: Some(line.year) };
        long.value(key, &NEED, || line.need as f64);
        for (footing, places) in Footing::ALL.into_iter().zip(line.places) {
            long.value(key, of(footing), || places as f64);
        }
        long.value(key, &MISSING, || line.missing as f64);
        long.value(key, &WITH_CANDIDATES, || line.with_candidates as f64);
    }
}
