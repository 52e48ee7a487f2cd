//! A message on its way.

use hubbub_protocol::{ClientId, MessageText, Quote, Refusal, RoomName, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// A message that this client wants stored and does not know to be. It is kept in durable storage as JSON,
/// one key an entry, until the server has it or the user cancels it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The sender's own name for the message; the same on every try.
    pub client_id: ClientId,
    /// The user who wrote it, where that was known. No other user sends it or sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<UserId>,
    /// Where to.
    pub room: RoomName,
    /// What it says.
    pub text: MessageText,
    /// The message it answers, as it was when it was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Quote>,
    /// When it was written, by the clock of this device.
    pub at: Timestamp,
    /// Its place among all entries of this client: lower ones are sent first.
    pub order: u64,
    /// Why it was refused for good. Without it, it is pending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<Refusal>,
}
