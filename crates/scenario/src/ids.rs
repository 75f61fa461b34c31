//! Keys with their places, found without going through all of them.

use std::collections::BTreeMap;

use seatcast_core::{ids, index::Id};

/// Keys in order; of equal ones the first counts.
#[derive(Debug, Clone)]
pub(crate) struct Ids<'a, I = Nth> {
    order: Vec<&'a str>,
    places: BTreeMap<&'a str, I>,
}

ids! {
    /// A place in a list of keys that no table of the engine has.
    Nth
}

impl<I> Default for Ids<'_, I> {
    fn default() -> Self {
        Self { order: Vec::new(), places: BTreeMap::new() }
    }
}

impl<'a, I: Id> Ids<'a, I> {
    pub(crate) fn of(ids: impl IntoIterator<Item = &'a str>) -> Self {
        let mut known = Self::default();
        for id in ids {
            known.places.entry(id).or_insert_with(|| I::new(known.order.len()));
            known.order.push(id);
        }
        known
    }

    /// The place of a key.
    pub(crate) fn index(&self, id: &str) -> Option<I> {
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
