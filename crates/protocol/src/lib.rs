//! The types that server and clients share: commands, events, signals and refusals, and their form on the
//! native wire (`docs/protocol.md`) and in REST (`docs/api.md`).
//!
//! The crate contains no rules of the chat except the limits of single values. It does no I/O and reads no
//! clock.

mod account;
mod attachment;
mod close;
mod command;
mod emoji;
mod event;
mod file_name;
mod file_size;
mod frame;
mod ids;
mod json;
mod limits;
mod message;
mod message_text;
mod millis;
mod presence;
mod refusal;
pub mod rest;
mod room_name;
mod signal;
mod stored_text;
mod timestamp;
mod topic;
mod user;
mod user_name;

pub use account::{AccountRefusal, Password};
pub use attachment::Attachment;
pub use close::{CloseReason, ComeBack};
pub use command::Command;
pub use emoji::Emoji;
pub use event::{Deleted, Described, Edited, Event, Moved, Reacted};
pub use file_name::FileName;
pub use file_size::{SIZE_UNITS, SizeUnits, format_size};
pub use frame::{
    Answer, Browsed, CatchUp, ClientFrame, Edits, Hello, Joined, MyRoom, Page, Posted, PublicRoom, ReadState,
    Room, ServerFrame, StartOver, UserEvent, Version,
};
pub use ids::{ClientId, Epoch, FileId, MessageId, RequestId, RoomId, Seq, UserId};
pub use json::read_json;
pub use limits::*;
pub use message::{Message, Quote, Reaction, excerpt};
pub use message_text::MessageText;
pub use millis::Millis;
pub use presence::{Appearance, Person, Presence, Status};
pub use refusal::{Code, Field, Refusal, Retry};
pub use room_name::RoomName;
pub use signal::{ReadMark, Signal};
pub use timestamp::Timestamp;
pub use topic::Topic;
pub use user::User;
pub use user_name::UserName;

/// The WebSocket subprotocol (RFC 6455, section 1.9) of the native wire.
pub const SUBPROTOCOL: &str = "hubbub.v1";

/// Version of the native wire in this crate, sent in `hello`.
pub const PROTOCOL_VERSION: u32 = 1;
