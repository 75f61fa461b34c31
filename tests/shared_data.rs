//! Tests on real data outside the repository.
