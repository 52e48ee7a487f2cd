//! REST: every answer in these stories is checked against the document that the server gives out (`support/schema.rs`).

mod attacks;
mod document;
mod errors;
mod history;
mod me;
mod messages;
mod rights;
mod rooms;
