//! Five older ways of talking to a chat server, and nothing else: what a peer writes on one of them becomes a
//! command, what happens in a room becomes its frames. `docs/wires.md` shows each.
//!
//! This crate knows no rule of the chat, does no I/O and reads no clock. Each wire is a module of the same shape:
//! `decode` reads what a peer wrote, `encode` writes what one connection is told, `prepare` writes what a
//! whole room is told, once for all who hear it. What a connection must remember is the same for all of
//! them and lives in [`Session`].

mod asked;
mod company;
mod fields;
mod frame;
mod gather;
mod problem;
mod session;
mod told;
mod wire;

mod actions;
mod form;
mod plain;
mod socketio;
mod typed;

pub use frame::{Frame, Input};
pub use session::{Opening, Output, Session, Want};
pub use told::{About, News, Piece, Prepared, Said, What};
pub use wire::{Kind, Wire};
