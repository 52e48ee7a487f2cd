//! The wires, without a server: what is asked, what is told, and what is done with anything else.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]
#![expect(clippy::expect_used, reason = "in a test, a panic is the report")]
#![expect(clippy::indexing_slicing, reason = "in a test, a panic is the report")]

mod garbage;
mod golden;
mod memory;
mod stage;
mod story;
mod words;
