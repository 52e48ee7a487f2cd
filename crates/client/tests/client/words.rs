//! Short functions that create values for the tests, and that write a row as a short text.

use hubbub_client::{Row, RowState};
use hubbub_protocol::{
    ClientId, Emoji, Message, MessageId, MessageText, RoomName, Seq, Timestamp, User, UserId, UserName,
};

pub(crate) fn show(row: &Row) -> String {
    let text = match &row.state {
        RowState::Saved(message) => {
            let mut text = message.text.as_ref().map_or("-", MessageText::as_str).to_owned();
            for reaction in &message.reactions {
                text += &format!(" {}{}", reaction.emoji, reaction.users.len());
            }
            text
        }
        RowState::Sent { entry, .. } => format!("{}+", entry.text),
        RowState::Pending(entry) => format!("{}?", entry.text),
        RowState::Failed(entry, _) => format!("{}!", entry.text),
        RowState::Notice(_) => "*".to_owned(),
    };
    if row.changing { format!("~{text}") } else { text }
}

pub(crate) fn say(text: &str) -> MessageText {
    MessageText::parse(text).unwrap()
}

pub(crate) fn face(emoji: &str) -> Emoji {
    Emoji::parse(emoji).unwrap()
}

pub(crate) fn lobby() -> RoomName {
    RoomName::parse("lobby").unwrap()
}

pub(crate) fn user(id: i64, name: &str) -> User {
    User { id: UserId(id), name: UserName::parse(name).unwrap() }
}

pub(crate) fn name_of(number: u32) -> ClientId {
    let [a, b, c, d] = number.to_be_bytes();
    ClientId::from_random_bytes([a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
}

pub(crate) fn message(seq: i64, author: i64, name: &str, client_id: ClientId, text: &str) -> Message {
    Message {
        id: MessageId(seq + 100),
        seq: Seq(seq),
        author: user(author, name),
        client_id,
        text: Some(say(text)),
        at: Timestamp::from_millis(seq),
        reply_to: None,
        changed: None,
        edited_at: None,
        reactions: Vec::new(),
        files: Vec::new(),
    }
}
