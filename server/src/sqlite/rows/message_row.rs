//! Messages as SQLite writes them: one JSON array for each.
//!
//! sqlx passes each row of a result through a channel between two threads and copies each of its columns. A page of 50
//! messages in one row of JSON takes a fifth of the processor time (decision 0041).

use std::borrow::Cow;

use hubbub_chat::text::shown_emoji;
use hubbub_protocol::{
    Attachment, ClientId, FileName, Message, MessageId, MessageText, Quote, Reaction, Seq, User, UserId,
    UserName,
};
use serde::Deserialize;
use sqlx::sqlite::SqliteRow;

use super::attachment_row::AttachmentRow;
use super::{decode, text, time_of, unreadable};

/// The JSON array of a message, in the order of the fields of [`MessageRow`], for a query with the tables `messages` and
/// `quoted`. A quoted message appears in its current state. The reactions are a text inside the array: SQLite would
/// parse them again to embed them.
macro_rules! message_json {
    () => {
        concat!(
            "json_array(messages.id, messages.seq, messages.created_at, messages.author_id, messages.author,
                    messages.text, messages.client_id, messages.version, messages.edited_at,
                    messages.deleted_at IS NOT NULL, messages.reply_to,
                    quoted.seq, quoted.author_id, quoted.author, substr(quoted.text, 1, 160),
                    quoted.deleted_at IS NOT NULL,
                    CASE WHEN EXISTS (SELECT 1 FROM reactions WHERE message_id = messages.id) THEN
                        (SELECT json_group_array(json_array(emoji, user_id, user))
                         FROM (SELECT * FROM reactions WHERE message_id = messages.id ORDER BY since, seq)) || ''
                    ELSE '[]' END,
                    CASE WHEN messages.files > 0 AND messages.deleted_at IS NULL THEN
                        (SELECT json_group_array(json(attachment) ORDER BY position)
                         FROM (SELECT position, ", rows::attachment_json!(), " AS attachment FROM files
                               WHERE message_id = messages.id AND deleted_at IS NULL)) || ''
                    ELSE '[]' END,
                    CASE WHEN quoted.files > 0 AND quoted.deleted_at IS NULL THEN
                        (SELECT name FROM files
                         WHERE message_id = quoted.id AND deleted_at IS NULL ORDER BY position LIMIT 1)
                    END)"
        )
    };
}
pub(in crate::sqlite) use message_json;

/// Selects whole messages, each with its room: `concat!(rows::messages!(), "WHERE ...")`.
macro_rules! messages {
    () => {
        concat!(
            "SELECT messages.room_id, ",
            rows::message_json!(),
            " AS message FROM messages LEFT JOIN messages AS quoted ON quoted.id = messages.reply_to "
        )
    };
}
pub(in crate::sqlite) use messages;

/// The columns of a message, as `message_json!` lists them.
#[derive(Deserialize)]
pub(in crate::sqlite) struct MessageRow<'a> {
    id: i64,
    seq: i64,
    #[serde(borrow)]
    created_at: Cow<'a, str>,
    author_id: i64,
    author: String,
    text: String,
    client_id: Cow<'a, str>,
    version: Option<i64>,
    edited_at: Option<Cow<'a, str>>,
    is_deleted: i64,
    reply_to: Option<i64>,
    quoted_seq: Option<i64>,
    quoted_author_id: Option<i64>,
    quoted_author: Option<String>,
    quoted_text: Option<String>,
    is_quoted_deleted: i64,
    reactions: Cow<'a, str>,
    /// A text inside the array, like the reactions.
    files: Cow<'a, str>,
    quoted_file: Option<String>,
}

/// Decodes a row of `messages!`.
pub(in crate::sqlite) fn message(row: &SqliteRow) -> Result<Message, sqlx::Error> {
    Ok(decode::<MessageRow<'_>>(&text(row, "message")?)?.into())
}

impl From<MessageRow<'_>> for Message {
    fn from(mut row: MessageRow<'_>) -> Self {
        let is_deleted = row.is_deleted != 0;
        Self {
            id: MessageId(row.id),
            seq: Seq(row.seq),
            client_id: client_id(&row.client_id, row.id),
            at: time_of("created_at", &row.created_at),
            reply_to: if is_deleted { None } else { quote(&mut row) },
            changed: row.version.map(Seq),
            edited_at: row.edited_at.filter(|_| !is_deleted).map(|at| time_of("edited_at", &at)),
            reactions: reactions(&row.reactions),
            files: if is_deleted { Vec::new() } else { files(&row.files) },
            author: User { id: UserId(row.author_id), name: UserName::from_stored(row.author) },
            text: (!is_deleted).then(|| MessageText::from_stored(row.text)),
        }
    }
}

/// Returns `None` also for an answer to a message that is not in the table.
fn quote(row: &mut MessageRow<'_>) -> Option<Quote> {
    Some(Quote {
        message_id: MessageId(row.reply_to?),
        seq: Seq(row.quoted_seq?),
        author: User {
            id: UserId(row.quoted_author_id?),
            name: UserName::from_stored(row.quoted_author.take()?),
        },
        text: row.quoted_text.take().filter(|_| row.is_quoted_deleted == 0),
        file: row.quoted_file.take().map(FileName::from_stored),
    })
}

/// A message without a UUID gets one derived from its id, so that it is the same at each read.
fn client_id(stored: &str, id: i64) -> ClientId {
    stored.parse().unwrap_or_else(|_| {
        unreadable::log_once("client_id", stored);
        let mut bytes = [0; 16];
        bytes[8..].copy_from_slice(&id.to_be_bytes());
        ClientId::from_random_bytes(bytes)
    })
}

/// Decodes reactions from `[["👍", 1, "alice"], ...]`, oldest first.
fn reactions(json: &str) -> Vec<Reaction> {
    let rows: Vec<(String, i64, String)> = serde_json::from_str(json).unwrap_or_else(|_| {
        unreadable::log_once("reactions", json);
        Vec::new()
    });
    let mut reactions: Vec<Reaction> = Vec::new();
    for (emoji, id, name) in rows {
        let emoji = shown_emoji(&emoji);
        let user = User { id: UserId(id), name: UserName::from_stored(name) };
        match reactions.iter_mut().find(|reaction| reaction.emoji == emoji) {
            // A user may have stored two forms of one emoji, because older versions treated them as different.
            Some(reaction) if reaction.users.iter().any(|other| other.id == user.id) => {}
            Some(reaction) => reaction.users.push(user),
            None => reactions.push(Reaction { emoji, users: vec![user] }),
        }
    }
    reactions
}

/// Decodes the attachments of a message, in their order.
fn files(json: &str) -> Vec<Attachment> {
    let rows: Vec<AttachmentRow<'_>> = serde_json::from_str(json).unwrap_or_else(|_| {
        unreadable::log_once("files", json);
        Vec::new()
    });
    rows.into_iter().map(Attachment::from).collect()
}
