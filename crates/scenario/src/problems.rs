//! Everything wrong with what is read: the first faults in order, the rest counted; and how much has been read so far.
//!
//! A file may hold millions of faults. Of each severity only the first are kept, by file, place and code, so that the list
//! is the same as if all were kept; errors go before warnings where there is no room for both.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    limits::{Limit, Limits},
    problem::{Fault, Place, Problem, Severity, Thing, Unlisted},
    suggest::Suggestions,
};

/// The first problems of one severity, and how many there are.
#[derive(Debug, Clone, Default)]
struct Kept {
    /// By file, place and code; equal ones in the order in which they were found.
    first: BTreeMap<(String, Place, &'static str, usize), Fault>,
    count: usize,
}

impl Kept {
    fn push(&mut self, most: usize, file: &str, place: Place, fault: Fault) {
        self.count += 1;
        let code = fault.code();
        if self.first.len() >= most {
            let is_later =
                self.first.last_key_value().is_none_or(|((last_file, last_place, last_code, _), _)| {
                    (file, &place, code) >= (last_file.as_str(), last_place, *last_code)
                });
            if is_later {
                return;
            }
            self.first.pop_last();
        }
        self.first.insert((file.to_owned(), place, code, self.count), fault);
    }

    /// At most `most` of them, and how many are left.
    fn listed(self, most: usize) -> (impl Iterator<Item = Problem>, usize) {
        let listed = self.first.len().min(most);
        let first = self.first.into_iter().take(most);
        (first.map(|((file, place, ..), fault)| Problem { file, place, fault }), self.count - listed)
    }
}

/// Everything wrong with a folder, sorted by file, place and code.
#[derive(Debug, Clone, Default)]
pub struct Problems {
    limits: Limits,
    errors: Kept,
    warnings: Kept,
    notes: Kept,
    files: BTreeSet<String>,
    used: BTreeMap<Limit, u64>,
    suggestions: Suggestions,
}

impl Problems {
    /// None yet, of a reading with these limits.
    pub fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// The limits of the reading.
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Adds one.
    pub fn push(&mut self, file: &str, place: Place, fault: Fault) {
        if let Fault::NotListed(unlisted) = fault {
            self.errors.count += unlisted.errors;
            self.warnings.count += unlisted.warnings;
            self.notes.count += unlisted.notes;
            return;
        }
        if !self.files.contains(file) {
            self.files.insert(file.to_owned());
        }
        let most = self.limits.count(Limit::Faults);
        self.kept(fault.severity()).push(most, file, place, fault);
    }

    /// Adds one of a row.
    pub(crate) fn push_row(&mut self, file: &str, row: usize, fault: Fault) {
        if !self.is_beyond(file, row, &fault) {
            self.push(file, Place::Row(row, None), fault);
        }
    }

    /// Adds one of a cell.
    pub(crate) fn push_cell(&mut self, file: &str, row: usize, column: &str, fault: Fault) {
        if !self.is_beyond(file, row, &fault) {
            self.push(file, Place::Row(row, Some(column.to_owned())), fault);
        }
    }

    /// Whether a fault of a row comes after all that are kept: then it is counted, and nothing is written for it.
    fn is_beyond(&mut self, file: &str, row: usize, fault: &Fault) -> bool {
        let most = self.limits.count(Limit::Faults);
        let kept = self.kept(fault.severity());
        let is_beyond = kept.first.len() >= most
            && kept.first.last_key_value().is_some_and(|((last_file, last_place, ..), _)| {
                matches!(last_place, Place::Row(last, _) if last_file == file && *last < row)
            });
        kept.count += usize::from(is_beyond);
        is_beyond
    }

    fn kept(&mut self, severity: Severity) -> &mut Kept {
        match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
            Severity::Note => &mut self.notes,
        }
    }

    /// Takes `more` of what is limited over the whole reading; a fault, once, if that is more than is allowed.
    pub(crate) fn take(&mut self, limit: Limit, more: u64, file: &str) -> bool {
        let most = self.limits.of(limit);
        let used = self.used.entry(limit).or_default();
        let was_within = *used <= most;
        *used = used.saturating_add(more);
        let is_within = *used <= most;
        if was_within && !is_within {
            self.push(file, Place::File, Fault::Beyond(limit, most));
        }
        is_within
    }

    /// Whether `found` is within `limit`; a fault if not.
    pub(crate) fn within(&mut self, limit: Limit, found: u64, file: &str, place: Place) -> bool {
        let most = self.limits.of(limit);
        if found > most {
            self.push(file, place, Fault::Beyond(limit, most));
        }
        found <= most
    }

    /// How much more of what is limited over the whole reading may be taken.
    pub(crate) fn left(&self, limit: Limit) -> u64 {
        self.limits.of(limit).saturating_sub(self.used.get(&limit).copied().unwrap_or(0))
    }

    /// The name in `known` nearest to `name`, if near enough to be a slip.
    pub(crate) fn nearest<'a>(
        &mut self,
        name: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Option<String> {
        self.suggestions.nearest(name, known)
    }

    /// The same for the name of a `thing`, of which there may be many.
    pub(crate) fn nearest_of<'a>(
        &mut self,
        thing: Thing,
        name: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Option<String> {
        self.suggestions.nearest_of(thing, name, known)
    }

    /// Whether a run is impossible.
    pub fn any_error(&self) -> bool {
        self.errors.count > 0
    }

    /// Whether anything was said of a file.
    pub fn any_of(&self, file: &str) -> bool {
        self.files.contains(file)
    }

    /// The problems, sorted; what is not listed is counted by the last.
    pub fn into_sorted(self) -> Vec<Problem> {
        let most = self.limits.count(Limit::Faults);
        let (errors, more_errors) = self.errors.listed(most);
        let mut problems: Vec<Problem> = errors.collect();
        let (warnings, more_warnings) = self.warnings.listed(most - problems.len());
        problems.extend(warnings);
        let (notes, more_notes) = self.notes.listed(most);
        problems.extend(notes);
        problems.sort_by(|a, b| (&a.file, &a.place, a.code()).cmp(&(&b.file, &b.place, b.code())));
        let unlisted = Unlisted { errors: more_errors, warnings: more_warnings, notes: more_notes };
        if unlisted != Unlisted::default() {
            problems.push(Problem::of_file("*", Fault::NotListed(unlisted)));
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(most: u64) -> Problems {
        Problems::new(Limits::default().with(Limit::Faults, most))
    }

    fn places(problems: &[Problem]) -> Vec<(&'static str, String)> {
        problems.iter().map(|p| (p.code(), format!("{} {:?}", p.file, p.place))).collect()
    }

    #[test]
    fn the_first_faults_in_order_are_kept_however_they_come() {
        let mut problems = of(3);
        let mut all = of(100);
        for row in [7, 3, 9, 1, 3, 8, 2] {
            for problems in [&mut problems, &mut all] {
                problems.push("rolls.csv", Place::Row(row, None), Fault::Blank);
            }
        }
        let (kept, all) = (problems.into_sorted(), all.into_sorted());
        assert_eq!(places(&kept[..3]), places(&all[..3]));
        let unlisted = Unlisted { errors: 4, ..Unlisted::default() };
        assert_eq!(kept[3].fault, Fault::NotListed(unlisted));
        assert_eq!((kept.len(), all.len()), (4, 7));
    }

    #[test]
    fn an_error_takes_the_place_of_a_warning() {
        let mut problems = of(2);
        for row in 0..5 {
            problems.push("a.csv", Place::Row(row, None), Fault::RollGap(vec![2020]));
        }
        assert!(!problems.any_error());
        problems.push("z.csv", Place::File, Fault::Blank);
        assert!(problems.any_error() && problems.any_of("z.csv"));
        let sorted = problems.into_sorted();
        let codes: Vec<&str> = sorted.iter().map(Problem::code).collect();
        assert_eq!(codes, ["W105", "E035", "W160"]);
        let unlisted = Unlisted { warnings: 4, ..Unlisted::default() };
        assert_eq!(sorted[2].fault, Fault::NotListed(unlisted));
        // counted on when the problems of one file are told of another
        let mut others = of(100);
        for problem in sorted {
            others.push("b.csv", problem.place, problem.fault);
        }
        assert_eq!(others.into_sorted().last().map(|p| p.fault.clone()), Some(Fault::NotListed(unlisted)));
    }
}
