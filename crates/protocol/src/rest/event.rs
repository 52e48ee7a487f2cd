//! What happened in a room.

use serde::{Deserialize, Serialize};

use crate::{Event, Seq};

/// A run of a room's events, in order, none missing in between.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Events {
    /// The events, as on the native wire (`docs/protocol.md`). Messages are as they are now.
    pub events: Vec<Event>,
    /// The position of the last one, or the one asked for if there are none: go on after it.
    pub cursor: Seq,
    /// Whether there are more right now.
    pub more: bool,
    /// Where the events after these are, now or later.
    pub next: String,
}
