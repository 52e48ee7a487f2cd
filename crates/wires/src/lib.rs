//! Five legacy chat protocols. Each decodes the frames of its clients to commands and encodes events of rooms
//! to frames. `docs/wires.md` shows each protocol.
//!
//! The crate contains no rules of the chat, does no I/O and reads no clock. All wires are modules of the same
//! shape: `decode` reads a frame of a client, `encode` writes frames for one connection, and `prepare` writes
//! frames for all connections of a room at once. The state of a connection is the same for all wires:
//! [`Session`].

mod fields;
mod file;
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

pub use file::{FileUrls, text_with_files};
pub use frame::{Frame, InboundFrame};
pub use inbound_request::InboundContent;
pub use outbound::{AddressedFrame, EncodedUpdate, RelatedMessage, RoomUpdate, SelectedFrame, UpdateKind};
pub use session::{Endpoint, Lookup, Session, SessionOutput};
pub use wire::{UpdateTopic, Wire};
