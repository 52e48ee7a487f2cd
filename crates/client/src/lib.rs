//! The client's state and logic for one tab or terminal.
//!
//! The crate is sans-I/O: time and a seed are arguments, and sockets and storage are [`Effect`]s that a
//! driver executes. It runs the same in a browser, in a terminal and in a simulated network. It does not
//! depend on components, the DOM or tokio.
//!
//! A driver repeats these steps: pass inputs to [`Client::handle`], [`Client::on_socket`] or
//! [`Client::on_tick`]; execute [`Client::take_effects`] in order; update the view for
//! [`Client::take_change_set`]; wait for [`Client::next_deadline`] or the next input.

mod backoff;
mod change;
mod change_queue;
mod change_set;
mod channel;
mod chat;
mod client;
mod effect;
mod entry;
mod intent;
mod kept;
mod link;
mod local_file;
mod member_list;
mod membership;
mod outbox;
mod output;
mod pending_changes;
mod presence;
mod queries;
mod random;
mod read_marks;
mod read_tracker;
mod request_state;
mod requests;
mod retry_backoff;
mod room;
mod room_topic;
mod rooms;
mod row;
mod seed;
mod send_queue;
mod sorted_vec_map;
mod subscription;
mod timeline;
mod typing_list;
mod typing_notifier;
mod unread_counter;
mod unsent;
mod uploads;

pub use change::{Change, PendingChange};
pub use change_set::{ChangeSet, RoomChanges};
pub use client::Client;
pub use effect::Effect;
pub use entry::Entry;
pub use hubbub_protocol::Millis;
pub use intent::{Intent, SocketEvent, UploadEvent};
pub use kept::Kept;
pub use link::{CLOSE_TIMED_OUT, CLOSE_UNREADABLE_FRAME, LinkState};
pub use local_file::{LocalFile, UploadState};
pub use outbox::{MAX_ENTRIES, MAX_OUTBOX_BYTES, MAX_UPLOAD_WAIT_MILLIS, Outbox};
pub use pending_changes::MAX_CHANGES;
pub use room::RoomState;
pub use row::{Row, RowKey, RowState};
pub use seed::Seed;
pub use sorted_vec_map::{SortedVecMap, sort_by_number};
pub use subscription::Phase;
pub use timeline::{MAX_HELD, Timeline};
pub use uploads::MAX_UPLOADS;
