//! What REST sends and takes (`docs/api.md`), where it is not one of the native wire's own words.
//!
//! As in [`Command`](crate::Command), a value that has a limit is taken as it was written; the server parses it once
//! into its type and refuses what breaks the limit, so that the refusal can name it.

mod event;
mod me;
mod message;
mod problem;
mod read;
mod room;
mod token;

pub use event::Events;
pub use me::{ChangeMe, Me};
pub use message::{ChangeMessage, MessageEdits, MessagePage, NewMessage, RoomMessage};
pub use problem::Problem;
pub use read::{MarkRead, ReadPosition};
pub use room::{ChangeRoom, Members, MyRoomInfo, MyRooms, NewRoom, RoomInfo, RoomList};
pub use token::{NewToken, Token};
