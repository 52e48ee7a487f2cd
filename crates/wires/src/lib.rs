//! Five older ways of talking to a chat server, and nothing else: what a peer writes on one of them becomes a
//! command, what happens in a room becomes its frames. `docs/wires.md` shows each.
//!
//! This crate knows no rule of the chat, does no I/O and reads no clock. Each wire is a module of the same shape:
//! `decode` reads what a peer wrote, `encode` writes what one connection is told, `prepare` writes what a
//! whole room is told, once for all who hear it. What a connection must remember is the same for all of
//! them and lives in [`Session`].

mod fields;
mod frame;
mod history_collector;
mod inbound_request;
mod outbound;
mod problem;
mod room_roster;
mod session;
mod wire;

mod actions;
mod form;
mod plain;
mod socketio;
mod typed;

pub use frame::{Frame, InboundFrame};
pub use outbound::{AddressedFrame, EncodedUpdate, RelatedMessage, RoomUpdate, SelectedFrame, UpdateKind};
pub use session::{Endpoint, Lookup, Session, SessionOutput};
pub use wire::{UpdateTopic, Wire};
