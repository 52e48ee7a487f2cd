//! Preparation of texts, topics and emoji before they are stored.

use hubbub_protocol::{Emoji, Field, MessageText, Refusal, Topic};

use super::blank::is_blank;
use super::emoji::canonical_emoji;
use crate::RoomChange;

/// Returns the change with its text, topic or emoji in the form to store.
///
/// # Errors
/// A refusal that names the field.
pub(crate) fn prepare(change: RoomChange) -> Result<RoomChange, Refusal> {
    Ok(match change {
        RoomChange::Post { client_id, text, reply_to, files } => {
            let text = if files.is_empty() { visible_text(text)? } else { caption(text) };
            RoomChange::Post { client_id, text, reply_to, files }
        }
        // The store refuses an empty text if no attachment remains.
        RoomChange::Edit { message_id, text, remove_files } => {
            RoomChange::Edit { message_id, text: caption(text), remove_files }
        }
        RoomChange::React { message_id, emoji, on } => {
            RoomChange::React { message_id, emoji: one_emoji(emoji, on)?, on }
        }
        RoomChange::Describe { topic } if is_blank(topic.as_str()) => {
            RoomChange::Describe { topic: Topic::default() }
        }
        change => change,
    })
}

/// Returns the text if some of it is visible.
///
/// # Errors
/// A refusal of the field `text`.
pub fn visible_text(text: MessageText) -> Result<MessageText, Refusal> {
    if is_blank(text.as_str()) { Err(Refusal::empty(Field::Text)) } else { Ok(text) }
}

/// Returns the text of a message with attachments: empty if nothing of it is visible.
fn caption(text: MessageText) -> MessageText {
    if is_blank(text.as_str()) { MessageText::default() } else { text }
}

/// Returns the canonical form. Removal also accepts emoji that older versions stored.
fn one_emoji(emoji: Emoji, on: bool) -> Result<Emoji, Refusal> {
    match canonical_emoji(emoji.as_str()) {
        Some(canonical) => Ok(canonical),
        None if on => Err(Refusal::invalid(Field::Emoji, "emoji must be exactly one emoji")),
        None => Ok(emoji),
    }
}
