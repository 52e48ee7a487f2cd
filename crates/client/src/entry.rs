//! Unsent messages.

use hubbub_protocol::{ClientId, MessageText, Quote, Refusal, RoomName, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::LocalFile;

/// A message of this client that the server has not confirmed. It is kept in durable storage as JSON under
/// its own key until the server has stored it or the user cancels it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// UUID of the message, the same on every attempt.
    pub client_id: ClientId,
    /// Author, if known. The message is neither sent nor shown for another user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<UserId>,
    /// Room name.
    pub room: RoomName,
    /// Message text; may be empty if there are files.
    pub text: MessageText,
    /// Files, in the order in which the message shows them. It is posted when all are uploaded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<LocalFile>,
    /// Quote of the message to which it replies, as it was at the time of writing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Quote>,
    /// Time of writing, by the clock of this device.
    pub at: Timestamp,
    /// Position in the order of sending: lower values are sent first.
    pub order: u64,
    /// Permanent refusal. Without it, the message is pending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<Refusal>,
}

impl Entry {
    /// Returns whether the message can be posted: all its files are uploaded.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.files.iter().all(|file| file.attachment().is_some())
    }
}
