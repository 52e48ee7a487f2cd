//! REST: every answer in these tests is checked against the server's OpenAPI document (`support/schema.rs`).

mod attacks;
mod document;
mod errors;
mod history;
mod me;
mod messages;
mod rights;
mod rooms;
