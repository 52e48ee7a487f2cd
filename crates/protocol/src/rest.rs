//! The request and response bodies of REST (`docs/api.md`) that are not types of the native wire.
//!
//! As in [`Command`](crate::Command), values with a limit are unchecked strings: the server parses each into
//! its type, so that a refusal can name the field and the limit.

mod event;
mod file;
mod me;
mod message;
mod problem;
mod read;
mod room;
mod token;

pub use event::Events;
pub use file::{RoomFile, RoomFiles, SignedAddress, UploadedFiles};
pub use me::{ChangeMe, Me};
pub use message::{ChangeMessage, MessageEdits, MessagePage, NewMessage, RoomMessage};
pub use problem::Problem;
pub use read::{MarkRead, ReadPosition};
pub use room::{ChangeRoom, Members, MyRoomInfo, MyRooms, NewRoom, RoomInfo, RoomList};
pub use token::{NewToken, Token};
