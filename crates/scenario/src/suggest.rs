//! What was perhaps meant by a name that nothing has: bounded work, whatever the file holds.

use std::collections::BTreeMap;

use crate::{problem::Thing, visible};

/// Characters from which no name is compared any more.
const LONGEST: usize = 100;
/// Names that are remembered with what was suggested for them.
const REMEMBERED: usize = 1_000;
/// Steps of comparison for all suggestions of a reading; a step is a pair of characters.
const STEPS: usize = 10_000_000;

/// What has been suggested so far, and how much may still be compared.
#[derive(Debug, Clone)]
pub(crate) struct Suggestions {
    left: usize,
    told: BTreeMap<(Thing, String), Option<String>>,
}

impl Default for Suggestions {
    fn default() -> Self {
        Self { left: STEPS, told: BTreeMap::new() }
    }
}

impl Suggestions {
    /// The name in `known` nearest to `name`, if near enough to be a slip.
    pub(crate) fn nearest<'a>(
        &mut self,
        name: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Option<String> {
        let lower = name.to_lowercase();
        let length = lower.chars().count();
        if length > LONGEST {
            return None;
        }
        let folded = visible::folded(name);
        let plain_length = folded.chars().count();
        let mut best: Option<(usize, &str)> = None;
        for known in known {
            // to look at a name costs a step, to compare it as many as there are pairs of characters
            self.left = self.left.checked_sub(1)?;
            let letters = known.chars().count();
            let most = 1.max(letters / 3);
            if letters.abs_diff(length) > most && letters.abs_diff(plain_length) > most {
                continue;
            }
            self.left = self.left.checked_sub(letters * length)?;
            let distance = if visible::folded(known) == folded {
                0
            } else {
                strsim::damerau_levenshtein(&lower, &known.to_lowercase())
            };
            // south is no slip for north, nor grade 13 for grade 10
            if distance <= most && distance * 2 < letters && best.is_none_or(|best| (distance, known) < best)
            {
                best = Some((distance, known));
            }
        }
        best.map(|(_, known)| known.to_owned())
    }

    /// The same, remembered by the kind of thing: a slip that stands in every row is compared once.
    pub(crate) fn nearest_of<'a>(
        &mut self,
        thing: Thing,
        name: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Option<String> {
        if name.chars().count() > LONGEST {
            return None;
        }
        let key = (thing, name.to_owned());
        if let Some(told) = self.told.get(&key) {
            return told.clone();
        }
        let near = self.nearest(name, known);
        if self.told.len() < REMEMBERED {
            self.told.insert(key, near.clone());
        }
        near
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(name: &str, known: &[&str]) -> Option<String> {
        Suggestions::default().nearest(name, known.iter().copied())
    }

    #[test]
    fn a_slip_is_told_and_another_name_is_not() {
        assert_eq!(near("sotuh", &["north", "south"]).as_deref(), Some("south"));
        assert_eq!(near("13", &["10", "11"]), None);
        assert_eq!(near("SOUTH", &["north", "south"]).as_deref(), Some("south"));
        // what looks the same goes before what is near
        assert_eq!(near("so\u{200b}uth", &["sough", "south"]).as_deref(), Some("south"));
        assert_eq!(near("ｓｏｕｔｈ", &["sough", "south"]).as_deref(), Some("south"));
    }

    #[test]
    fn long_names_are_not_compared_and_the_work_ends() {
        let long = "a".repeat(LONGEST + 1);
        let mut suggestions = Suggestions::default();
        assert_eq!(suggestions.nearest(&long, [long.as_str()]), None);
        assert_eq!(suggestions.left, STEPS);
        let known: Vec<String> = (0..100_000).map(|i| format!("zone-{i:06}")).collect();
        let mut told = 0;
        for i in 0..100 {
            let slip = format!("zonne-{i:06}");
            told += usize::from(suggestions.nearest(&slip, known.iter().map(String::as_str)).is_some());
        }
        assert!(told < 100 && suggestions.left < known.len() * 200, "{told} {}", suggestions.left);
        // a name met before costs nothing
        let mut suggestions = Suggestions::default();
        let first = suggestions.nearest_of(Thing::Zone, "zonne-000001", known.iter().map(String::as_str));
        let left = suggestions.left;
        let again = suggestions.nearest_of(Thing::Zone, "zonne-000001", known.iter().map(String::as_str));
        assert_eq!((first, left), (again, suggestions.left));
    }
}
