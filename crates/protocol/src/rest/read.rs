//! Up to where somebody has read.

use serde::{Deserialize, Serialize};

use crate::Seq;

/// Up to where one has read a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReadPosition {
    /// The position.
    pub seq: Seq,
    /// How many messages of others stand behind it, those taken back not counted; at most 1,000.
    pub unread: u32,
    /// The newest position of the room when they were counted.
    pub head: Seq,
}

/// What is to be remembered as read: one of the two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MarkRead {
    /// Everything up to this position is read. It never takes a later position back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<Seq>,
    /// Everything from this position on is unread again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread_from: Option<Seq>,
}
