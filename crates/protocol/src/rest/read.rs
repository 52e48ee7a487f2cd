//! Read positions.

use serde::{Deserialize, Serialize};

use crate::Seq;

/// The user's read position in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReadPosition {
    /// Position of the last event that the user has read.
    pub seq: Seq,
    /// Number of messages of other users after `seq`, without deleted ones; at most 1,000.
    pub unread: u32,
    /// Newest position of the room when the messages were counted.
    pub head: Seq,
}

/// A new read position. Exactly one of the two fields must be given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MarkRead {
    /// Marks everything up to this position as read. A lower position than the stored one changes nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<Seq>,
    /// Marks everything from this position on as unread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread_from: Option<Seq>,
}
