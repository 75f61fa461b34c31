//! Keys with their places, found without going through all of them.

use std::collections::BTreeMap;

/// Keys in order; of equal ones the first counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ids<'a> {
    order: Vec<&'a str>,
    places: BTreeMap<&'a str, usize>,
}

impl<'a> Ids<'a> {
    pub(crate) fn of(ids: impl IntoIterator<Item = &'a str>) -> Self {
        let mut known = Self::default();
        for id in ids {
            known.places.entry(id).or_insert(known.order.len());
            known.order.push(id);
        }
        known
    }

    /// The place of a key.
    pub(crate) fn index(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    pub(crate) fn contains(&self, id: &str) -> bool {
        self.places.contains_key(id)
    }

    /// Every key, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.order.iter().copied()
    }
}
