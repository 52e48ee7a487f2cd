//! Events other than messages as SQLite writes them: one JSON array for each.

use std::borrow::Cow;

use hubbub_chat::text::shown_emoji;
use hubbub_protocol::{
    Deleted, Described, Edited, Event, FileId, MessageId, MessageText, Moved, Reacted, Seq, Timestamp, Topic,
    User, UserId, UserName,
};
use serde::Deserialize;

use super::{time_of, unreadable};

/// The JSON array of a row of `events`, in the order of the fields of [`EventRow`].
macro_rules! event_json {
    () => {
        "json_array(events.kind, events.seq, events.created_at, events.user_id, events.user, events.text,
                    events.message_id, (SELECT seq FROM messages WHERE id = events.message_id),
                    events.removed_files)"
    };
}
pub(in crate::sqlite) use event_json;

/// The columns of an event, as `event_json!` lists them; `message_seq` is the position of the message to which the event
/// refers.
#[derive(Deserialize)]
pub(in crate::sqlite) struct EventRow<'a> {
    #[serde(borrow)]
    kind: Cow<'a, str>,
    seq: i64,
    created_at: Cow<'a, str>,
    user_id: i64,
    user: String,
    text: Option<String>,
    message_id: Option<i64>,
    message_seq: Option<i64>,
    /// A JSON array of ids.
    #[serde(borrow)]
    removed_files: Option<Cow<'a, str>>,
}

impl From<EventRow<'_>> for Event {
    fn from(row: EventRow<'_>) -> Self {
        let seq = Seq(row.seq);
        let at = time_of("created_at", &row.created_at);
        let user = User { id: UserId(row.user_id), name: UserName::from_stored(row.user) };
        match (&*row.kind, row.message_id.map(MessageId), row.message_seq.map(Seq)) {
            ("edited", Some(message_id), _) => Self::Edited(Edited {
                seq,
                message_id,
                text: row.text.map(MessageText::from_stored),
                at,
                removed_files: row.removed_files.map_or_else(Vec::new, |ids| file_ids(&ids)),
            }),
            ("deleted", Some(message_id), Some(message_seq)) => {
                Self::Deleted(Deleted { seq, message_id, message_seq, by: user.id, at })
            }
            ("reacted" | "unreacted", Some(message_id), _) => {
                let emoji = shown_emoji(&row.text.unwrap_or_default());
                Self::Reacted(Reacted { seq, message_id, user, emoji, on: row.kind == "reacted", at })
            }
            ("joined", ..) => Self::Joined(Moved { seq, user, at }),
            ("left", ..) => Self::Left(Moved { seq, user, at }),
            ("described", ..) => {
                let topic = Topic::from_stored(row.text.unwrap_or_default());
                Self::Described(Described { seq, user, topic, at })
            }
            _ => {
                unreadable::log_once("event", &format!("{} at {seq}", row.kind));
                changes_nothing(seq, at)
            }
        }
    }
}

fn file_ids(json: &str) -> Vec<FileId> {
    serde_json::from_str(json).unwrap_or_else(|_| {
        unreadable::log_once("removed_files", json);
        Vec::new()
    })
}

/// Replaces an event that cannot be decoded. Without it, the positions of the room would have a gap, which no client
/// could catch up over.
const fn changes_nothing(seq: Seq, at: Timestamp) -> Event {
    Event::Edited(Edited { seq, message_id: MessageId(0), text: None, at, removed_files: Vec::new() })
}
