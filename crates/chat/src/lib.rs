//! The server's mind: who may do what in a room, what becomes of it, and what a connection is told.
//!
//! Pure: no I/O, no clock, no randomness, no runtime. Time comes as an argument, storage as [`Store`],
//! delivery as [`Bus`]. The drivers (`server/src/hub/*_task.rs`, and `tests/world.rs`) own the rest.

mod bus;
mod connection;
mod draft;
mod memory_store;
mod names;
mod people;
mod room;
mod store;
#[cfg(any(test, feature = "story"))]
pub mod store_story;
pub mod text;
mod typing;

pub use bus::{Bus, ConnectionId, Outcome};
pub use connection::{Act, Ask, Connection, Fate, Read};
pub use draft::{Deed, Draft, Sight, Verdict};
pub use memory_store::MemoryStore;
pub use names::Names;
pub use people::{PEOPLE_SIGNAL_INTERVAL_MILLIS, People, Shown};
pub use room::{Asked, Entry, Room};
pub use store::{
    Answered, History, LostPositions, Mark, MemberRecord, Progress, RoomRecord, Span, Store, StoreError,
    Stored,
};
