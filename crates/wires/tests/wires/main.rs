//! Tests of the wires without a server: requests, updates and invalid input.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]
#![expect(clippy::expect_used, reason = "in a test, a panic is the report")]
#![expect(clippy::indexing_slicing, reason = "in a test, a panic is the report")]

mod files;
mod garbage;
mod golden;
mod memory;
mod stage;
mod story;
mod words;
