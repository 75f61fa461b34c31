//! The projection alone.

fn main() {}
