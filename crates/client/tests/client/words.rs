//! Short functions that create values for the tests, and that write a row as a short text.

use hubbub_client::{Entry, Row, RowState, UploadState};
use hubbub_protocol::{
    ClientId, Emoji, Message, MessageId, MessageText, RoomName, Seq, Timestamp, User, UserId, UserName,
};

pub(crate) fn show(row: &Row) -> String {
    let text = match &row.state {
        RowState::Saved(message) => {
            let mut text = message.text.as_ref().map_or("-", MessageText::as_str).to_owned();
            for file in &message.files {
                text += &format!("[{}]", file.name);
            }
            for reaction in &message.reactions {
                text += &format!(" {}{}", reaction.emoji, reaction.users.len());
            }
            text
        }
        RowState::Sent { entry, .. } => format!("{}+", written(entry)),
        RowState::Pending(entry) => format!("{}?", written(entry)),
        RowState::Failed(entry, _) => format!("{}!", written(entry)),
        RowState::Notice(_) => "*".to_owned(),
    };
    if row.changing { format!("~{text}") } else { text }
}

/// Returns the text and the files: `[a.png]` is uploaded, `[a.png 5]` has sent 5 bytes, `[a.png -]` waits, `[a.png !]`
/// was refused.
fn written(entry: &Entry) -> String {
    let mut text = entry.text.to_string();
    for file in &entry.files {
        text += &match (&file.state, file.sent) {
            (UploadState::Uploaded(_), _) => format!("[{}]", file.name),
            (UploadState::Failed(_), _) => format!("[{} !]", file.name),
            (UploadState::Waiting, Some(sent)) => format!("[{} {sent}]", file.name),
            (UploadState::Waiting, None) => format!("[{} -]", file.name),
        };
    }
    text
}

pub(crate) fn say(text: &str) -> MessageText {
    MessageText::parse_caption(text).unwrap()
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
