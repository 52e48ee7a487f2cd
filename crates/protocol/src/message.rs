//! A message as it is stored.

use serde::{Deserialize, Serialize};

use crate::{ClientId, MessageId, MessageText, Seq, Timestamp, User};

/// A stored message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Unique on this server.
    pub id: MessageId,
    /// Where in its room it was posted.
    pub seq: Seq,
    /// Who wrote it, with the name of that time.
    pub author: User,
    /// The sender's own name for it. Unique together with the author, not alone: others could copy it.
    pub client_id: ClientId,
    /// What it says.
    pub text: MessageText,
    /// When the server took it in.
    pub at: Timestamp,
}
