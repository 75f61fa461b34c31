//! What reading asks for, for the tests of what is declared: keys of documents, and columns as `TABLE.csv COLUMN`.

use std::{cell::RefCell, collections::BTreeSet};

thread_local! {
    static ASKED: RefCell<Option<BTreeSet<String>>> = const { RefCell::new(None) };
}

/// Notes what was asked for.
pub(crate) fn note(what: &str) {
    ASKED.with_borrow_mut(|asked| {
        if let Some(asked) = asked {
            asked.insert(what.to_owned());
        }
    });
}

/// What is asked for while `read` runs.
pub(crate) fn asked(read: impl FnOnce()) -> BTreeSet<String> {
    ASKED.set(Some(BTreeSet::new()));
    read();
    ASKED.take().unwrap_or_default()
}
