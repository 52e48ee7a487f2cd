//! A message on its way.

use hubbub_protocol::{ClientId, Field, MessageText, Quote, Refusal, RoomName, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// A message that this client wants stored and does not know to be. It is kept in durable storage as JSON,
/// one key an entry, until the server has it or the user cancels it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The sender's own name for the message; the same on every try.
    pub client_id: ClientId,
    /// Who wrote it, where that was known. Sent by anybody else it would be another message under another
    /// name, so then the user decides.
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

impl Entry {
    /// Why an entry is not sent by itself when somebody else has signed in since it was written.
    pub(crate) fn of_another_author() -> Refusal {
        Refusal::invalid(Field::Name, "this was written under another name; send it as yourself or cancel it")
    }
}
