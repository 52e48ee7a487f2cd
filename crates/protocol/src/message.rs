//! A message as it is stored.

use serde::{Deserialize, Serialize};

use crate::{
    ClientId, Deleted, Edited, Emoji, MAX_QUOTE_CHARS, MessageId, MessageText, Reacted, Seq, Timestamp, User,
};

/// A stored message, as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Message {
    /// Unique on this server.
    pub id: MessageId,
    /// Where in its room it was posted.
    pub seq: Seq,
    /// Who wrote it, with the name of that time.
    pub author: User,
    /// The sender's own name for it. Unique together with the author, not alone: others could copy it.
    pub client_id: ClientId,
    /// What it says; nothing, when it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<MessageText>,
    /// When the server took it in.
    pub at: Timestamp,
    /// The message it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Quote>,
    /// The position of the last event that changed it; none if nothing did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<Seq>,
    /// When it was last edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// The emoji put to it, in the order in which they first came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reaction>,
}

/// An emoji at a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Reaction {
    /// Which.
    pub emoji: Emoji,
    /// Who put it there, in this order. Never empty.
    pub users: Vec<User>,
}

/// The beginning of a message that another one answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Quote {
    /// Which message.
    pub message_id: MessageId,
    /// Where it stands, in the same room.
    pub seq: Seq,
    /// Who wrote it.
    pub author: User,
    /// At most `MAX_QUOTE_CHARS` characters of it; nothing, when it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl Message {
    /// The position up to which everything that happened to it is in it.
    #[must_use]
    pub fn version(&self) -> Seq {
        self.changed.unwrap_or(self.seq)
    }

    /// It says something else from now on. What is known already changes nothing: whether something changed.
    pub fn edit(&mut self, edited: &Edited) -> bool {
        let new = edited.seq > self.version();
        if new {
            self.changed = Some(edited.seq);
            self.edited_at = Some(edited.at);
            self.text.clone_from(&edited.text);
        }
        new
    }

    /// It is taken back, with what was put to it. Whether something changed.
    pub fn delete(&mut self, deleted: &Deleted) -> bool {
        let new = deleted.seq > self.version();
        if new {
            self.changed = Some(deleted.seq);
            self.edited_at = None;
            self.text = None;
            self.reply_to = None;
            self.reactions.clear();
        }
        new
    }

    /// An emoji comes or goes. Whether something changed.
    pub fn react(&mut self, reacted: &Reacted) -> bool {
        let new = reacted.seq > self.version();
        if new {
            self.changed = Some(reacted.seq);
            self.set_reaction(&reacted.user, &reacted.emoji, reacted.on);
        }
        new
    }

    /// Puts an emoji of `user` there or takes it away, without a position: for what is not stored yet.
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

    /// How it is quoted in an answer to it.
    #[must_use]
    pub fn quote(&self) -> Quote {
        let text = self.text.as_ref().map(excerpt);
        Quote { message_id: self.id, seq: self.seq, author: self.author.clone(), text }
    }

    /// About how many bytes of text it carries, for the bound of a frame.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        let text = self.text.as_ref().map_or(0, |text| text.as_str().len());
        let quote = self.reply_to.as_ref().and_then(|quote| quote.text.as_ref()).map_or(0, String::len);
        let names = |reaction: &Reaction| -> usize {
            reaction.users.iter().map(|user| user.name.as_str().len() + 20).sum()
        };
        text + quote + self.reactions.iter().map(names).sum::<usize>()
    }
}

/// The beginning of a text, as it is quoted.
#[must_use]
pub fn excerpt(text: &MessageText) -> String {
    text.as_str().chars().take(MAX_QUOTE_CHARS).collect()
}
