//! The client's mind: what one tab (or one terminal) knows about the chat, and what it wants next.
//!
//! It does no I/O, reads no clock and draws no randomness: time and a seed are arguments, sockets and
//! storage are [`Effect`]s that a driver carries out. So it runs the same in a browser, in a terminal and
//! in a test that simulates a whole network. It knows nothing of components, DOM or tokio.
//!
//! A driver does this, for ever: turn what happened into [`Client::handle`], [`Client::on_socket`] or
//! [`Client::on_tick`]; carry out [`Client::take_effects`] in order; show what [`Client::take_touched`]
//! names; sleep until [`Client::next_deadline`] or the next thing that happens.

mod acting;
mod answers;
mod asking;
mod backoff;
mod change;
mod client;
mod company;
mod courier;
mod effect;
mod entry;
mod intent;
mod kept;
mod keys;
mod link;
mod members;
mod outbox;
mod patience;
mod pending_changes;
mod people;
mod random;
mod reading;
mod reducer;
mod refusals;
mod requests;
mod room;
mod row;
mod seeds;
mod sorted;
mod timeline;
mod touched;

pub use change::{Change, PendingChange};
pub use client::Client;
pub use effect::Effect;
pub use entry::Entry;
pub use hubbub_protocol::Millis;
pub use intent::{Intent, SocketEvent};
pub use kept::Kept;
pub use link::{DEAD, LinkState, NOT_UNDERSTOOD};
pub use outbox::{MAX_ENTRIES, MAX_OUTBOX_BYTES, Outbox};
pub use pending_changes::MAX_CHANGES;
pub use room::{Phase, RoomState};
pub use row::{Row, RowKey, RowState};
pub use seeds::Seed;
pub use sorted::{Sorted, sort_by_number};
pub use timeline::{MAX_HELD, Timeline};
pub use touched::{Touched, TouchedRoom};
