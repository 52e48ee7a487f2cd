//! The rules of the server's chat: permissions in a room, the result of commands, and deliveries to
//! connections.
//!
//! The crate is sans-I/O: no clock, randomness or runtime. Time is an argument, storage is a [`Store`] and
//! delivery is a [`Bus`]. The drivers (`server/src/hub/*_task.rs` and `tests/world.rs`) own the rest.

mod bus;
mod connection;
mod memory_store;
mod name_registry;
pub mod page;
mod pending_event;
mod pending_membership;
mod rate_limit_kind;
mod room;
mod room_request;
mod roster;
mod store;
#[cfg(any(test, feature = "story"))]
pub mod store_conformance;
pub mod text;
mod typing;
mod versions;

pub use bus::{Bus, ConnectionId, RoomReply};
pub use connection::{Connection, ConnectionEffect, Disposition, StoreQuery};
pub use memory_store::MemoryStore;
pub use name_registry::NameRegistry;
pub use page::{History, PageAnchor};
pub use pending_event::{AuthorizationContext, Decision, PendingEvent, RoomChange};
pub use rate_limit_kind::RateLimitKind;
pub use room::Room;
pub use room_request::{RequestOrigin, RoomCommand, RoomRequest};
pub use roster::{DisplayedPresence, PEOPLE_SIGNAL_INTERVAL_MILLIS, Roster};
pub use store::{
    LostPositions, MemberRecord, ReadProgress, ReadUpdate, RoomRecord, Store, StoreError, StoreResult,
    WriteOutcome,
};
pub use versions::versions_for;
