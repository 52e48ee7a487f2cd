//! The events of a room.

use serde::{Deserialize, Serialize};

use crate::{Event, Seq};

/// A contiguous part of a room's events, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Events {
    /// Events, as on the native wire (`docs/protocol.md`). Messages are in their current state.
    pub events: Vec<Event>,
    /// Position of the last event, or the requested position if there are none. Continue after it.
    pub cursor: Seq,
    /// Whether more events are available now.
    pub more: bool,
    /// URL of the events after these, available now or later.
    pub next: String,
}
