//! The server's mind: who may do what in a room, what becomes of it, and what a connection is told.
//!
//! Pure: no I/O, no clock, no randomness, no runtime. Time comes as an argument, storage as [`Store`],
//! delivery as [`Bus`]. The drivers (`server/src/hub/*_task.rs`, and `tests/world.rs`) own the rest.

mod bus;
mod connection;
mod memory_store;
mod names;
mod people;
mod room;
mod store;
#[cfg(any(test, feature = "story"))]
pub mod store_story;

pub use bus::{Bus, ConnectionId, Outcome};
pub use connection::{Act, Connection, Fate, Read};
pub use memory_store::MemoryStore;
pub use names::Names;
pub use people::{PEOPLE_SIGNAL_INTERVAL_MILLIS, People};
pub use room::{Entry, Room};
pub use store::{Draft, History, RoomRecord, Store, StoreError, Stored};
