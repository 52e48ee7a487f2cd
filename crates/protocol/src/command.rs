//! What somebody asks for.

use serde::{Deserialize, Serialize};

use crate::{ClientId, Seq};

/// A request, in the imperative. Values are as the peer wrote them; the server's `Connection` parses each
/// once into its type and refuses what breaks a limit, so that a refusal can name field and limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Come into a room, made if nobody did yet, and hear what happens there from now on.
    Join {
        /// The room's name.
        room: String,
        /// The last position seen. Without it the room's newest page comes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cursor: Option<Seq>,
    },
    /// Go out of a room; it falls silent on this connection.
    Leave {
        /// The room's name.
        room: String,
    },
    /// Say something in a room one has joined.
    Post {
        /// The room's name.
        room: String,
        /// The sender's own name for the message; sending it again yields the first result.
        client_id: ClientId,
        /// What to say.
        text: String,
    },
    /// Read an older page of a room one has joined.
    History {
        /// The room's name.
        room: String,
        /// Messages before this position; without it, the newest.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<Seq>,
        /// How many messages, 50 if not given, at most 200.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<u32>,
    },
    /// Show that one is there, and learn that the server is.
    Ping {},
}
