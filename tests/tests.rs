//! The tests that stand above every crate.
