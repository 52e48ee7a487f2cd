//! Messages, reactions and quotes.

use serde::{Deserialize, Serialize};

use crate::{
    Attachment, ClientId, Deleted, Edited, Emoji, FileName, MAX_QUOTE_CHARS, MessageId, MessageText, Reacted,
    Seq, Timestamp, User,
};

/// A stored message in its current state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Message {
    /// Message id, unique on this server.
    pub id: MessageId,
    /// Position of the message in its room.
    pub seq: Seq,
    /// Author, with the name at the time of posting.
    pub author: User,
    /// UUID chosen by the author's client. Unique for each author only, because other users could copy it.
    pub client_id: ClientId,
    /// Text; missing if the message was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<MessageText>,
    /// Attachments, in the order of the sender. A message with attachments may have an empty text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Attachment>,
    /// Time at which the server accepted the message.
    pub at: Timestamp,
    /// Quote of the message to which this message replies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Quote>,
    /// Position of the last event that changed the message; missing if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<Seq>,
    /// Time of the last edit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// Reactions, in the order in which each emoji was first used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reaction>,
}

/// An emoji and the users who reacted with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Reaction {
    /// Emoji of the reaction.
    pub emoji: Emoji,
    /// Users who reacted, in order of time. Never empty.
    pub users: Vec<User>,
}

/// The beginning of a message to which another message replies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Quote {
    /// Id of the quoted message.
    pub message_id: MessageId,
    /// Position of the quoted message in the same room.
    pub seq: Seq,
    /// Author of the quoted message.
    pub author: User,
    /// The first `MAX_QUOTE_CHARS` characters of the text; missing if the message was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Name of the first attachment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileName>,
}

impl Message {
    /// Returns the position of the last event that is included in the message.
    #[must_use]
    pub fn version(&self) -> Seq {
        self.changed.unwrap_or(self.seq)
    }

    /// Applies an edit and returns whether the message changed. Ignores edits that are already included.
    pub fn edit(&mut self, edited: &Edited) -> bool {
        let new = edited.seq > self.version();
        if new {
            self.changed = Some(edited.seq);
            self.edited_at = Some(edited.at);
            self.text.clone_from(&edited.text);
            self.files.retain(|file| !edited.removed_files.contains(&file.id));
        }
        new
    }

    /// Applies a deletion, which also removes the reactions, and returns whether the message changed.
    pub fn delete(&mut self, deleted: &Deleted) -> bool {
        let new = deleted.seq > self.version();
        if new {
            self.changed = Some(deleted.seq);
            self.edited_at = None;
            self.text = None;
            self.files.clear();
            self.reply_to = None;
            self.reactions.clear();
        }
        new
    }

    /// Applies a reaction event and returns whether the message changed.
    pub fn react(&mut self, reacted: &Reacted) -> bool {
        let new = reacted.seq > self.version();
        if new {
            self.changed = Some(reacted.seq);
            self.set_reaction(&reacted.user, &reacted.emoji, reacted.on);
        }
        new
    }

    /// Adds or removes a reaction of `user` without a new version, for reactions that are not stored yet.
    pub fn set_reaction(&mut self, user: &User, emoji: &Emoji, on: bool) {
        let reaction = self.reactions.iter_mut().find(|reaction| reaction.emoji == *emoji);
        match (reaction, on) {
            (Some(reaction), true) => {
                if reaction.users.iter().all(|other| other.id != user.id) {
                    reaction.users.push(user.clone());
                }
            }
            (Some(reaction), false) => reaction.users.retain(|other| other.id != user.id),
            (None, true) => {
                self.reactions.push(Reaction { emoji: emoji.clone(), users: vec![user.clone()] });
            }
            (None, false) => {}
        }
        self.reactions.retain(|reaction| !reaction.users.is_empty());
    }

    /// Returns the quote of this message for a reply.
    #[must_use]
    pub fn quote(&self) -> Quote {
        let text = self.text.as_ref().map(excerpt);
        let file = self.files.first().map(|file| file.name.clone());
        Quote { message_id: self.id, seq: self.seq, author: self.author.clone(), text, file }
    }

    /// Returns the approximate number of bytes of text in the message, for the limit of a frame.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        let text = self.text.as_ref().map_or(0, |text| text.as_str().len());
        let quote = self.reply_to.as_ref().and_then(|quote| quote.text.as_ref()).map_or(0, String::len);
        let names = |reaction: &Reaction| -> usize {
            reaction.users.iter().map(|user| user.name.as_str().len() + 20).sum()
        };
        let files = self.files.iter().map(Attachment::text_bytes).sum::<usize>();
        text + quote + files + self.reactions.iter().map(names).sum::<usize>()
    }
}

/// Returns the first `MAX_QUOTE_CHARS` characters of a text.
#[must_use]
pub fn excerpt(text: &MessageText) -> String {
    text.as_str().chars().take(MAX_QUOTE_CHARS).collect()
}
