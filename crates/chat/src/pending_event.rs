//! Changes that users request in a room, and their authorization.

use hubbub_protocol::{
    Attachment, ClientId, Emoji, Field, FileId, MAX_EDITS_PER_MESSAGE, MAX_FILES_PER_MESSAGE,
    MAX_REACTIONS_PER_MESSAGE, MAX_ROOMS_PER_CONNECTION, Message, MessageId, MessageText, Reaction, Refusal,
    RoomId, Seq, Timestamp, Topic, User,
};

/// A change before it is stored. The store assigns its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingEvent {
    /// Room id.
    pub room: RoomId,
    /// User who requests the change.
    pub by: User,
    /// Time at which the server accepted the request.
    pub at: Timestamp,
    /// Change to make.
    pub change: RoomChange,
    /// Whether the change is stored without an event. The room decides it for joins and leaves, because a
    /// room with many members does not report each.
    pub silent: bool,
}

/// A change of a room that the store makes, with parsed values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoomChange {
    /// Post a message.
    Post {
        /// Id that the author's client gave to the message.
        client_id: ClientId,
        /// Message text.
        text: MessageText,
        /// Id of the message in the same room to which this message replies.
        reply_to: Option<MessageId>,
        /// Uploaded files of the user in the same room.
        files: Vec<FileId>,
    },
    /// Edit a message.
    Edit {
        /// Id of the message.
        message_id: MessageId,
        /// New text.
        text: MessageText,
        /// Attachments to remove.
        remove_files: Vec<FileId>,
    },
    /// Delete a message.
    Delete {
        /// Id of the message.
        message_id: MessageId,
    },
    /// Add or remove a reaction.
    React {
        /// Id of the message.
        message_id: MessageId,
        /// Emoji of the reaction.
        emoji: Emoji,
        /// `true` adds the reaction, `false` removes it.
        on: bool,
    },
    /// Become a member.
    Join {
        /// Whether other users may see the user's read position. The store has it with the user.
        share_reads: bool,
    },
    /// Cease to be a member.
    Leave,
    /// Set the topic.
    Describe {
        /// New topic.
        topic: Topic,
    },
}

/// The data for the authorization of a pending event, read in the transaction that would store it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorizationContext {
    /// Current state of the message that the pending event concerns ([`PendingEvent::target`]).
    pub target: Option<Message>,
    /// Number of edits of that message.
    pub edits: usize,
    /// Whether the requesting user is a member of the room.
    pub member: bool,
    /// Number of rooms of which the user is a member.
    pub memberships: usize,
    /// Current topic of the room.
    pub topic: Topic,
    /// Those of the requested files that may become attachments: complete uploads of the user in this room that no
    /// message has. In the order of the request.
    pub files: Vec<Attachment>,
}

/// The result of the authorization of a pending event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Store the event.
    Store,
    /// Store nothing, because the message or room already has the requested state. Contains the position of
    /// the last event of the message, or 0 if the request concerns no message.
    Unchanged(Seq),
    /// Refuse the request.
    Refuse(Refusal),
}

impl RoomChange {
    /// Parses a post. With files, the text may be empty.
    ///
    /// # Errors
    /// A refusal of the field `text` or `files`.
    pub fn post(
        client_id: ClientId,
        text: &str,
        reply_to: Option<MessageId>,
        files: Vec<FileId>,
    ) -> Result<Self, Refusal> {
        check_files(&files)?;
        let text =
            if files.is_empty() { MessageText::parse(text)? } else { MessageText::parse_caption(text)? };
        Ok(Self::Post { client_id, text, reply_to, files })
    }

    /// Parses an edit. The text may be empty; the store refuses an empty text if no attachment remains.
    ///
    /// # Errors
    /// A refusal of the field `text` or `files`.
    pub fn edit(message_id: MessageId, text: &str, remove_files: Vec<FileId>) -> Result<Self, Refusal> {
        check_files(&remove_files)?;
        Ok(Self::Edit { message_id, text: MessageText::parse_caption(text)?, remove_files })
    }
}

fn check_files(files: &[FileId]) -> Result<(), Refusal> {
    if files.len() > MAX_FILES_PER_MESSAGE {
        return Err(Refusal::too_many(Field::Files, MAX_FILES_PER_MESSAGE, "files per message"));
    }
    let twice = files.iter().enumerate().any(|(index, file)| files[..index].contains(file));
    if twice { Err(Refusal::invalid(Field::Files, "files must not contain an id twice")) } else { Ok(()) }
}

impl PendingEvent {
    /// Returns the ids of the files that become attachments.
    #[must_use]
    pub fn files(&self) -> &[FileId] {
        match &self.change {
            RoomChange::Post { files, .. } => files,
            _ => &[],
        }
    }

    /// Returns the id of the message that the authorization needs.
    #[must_use]
    pub const fn target(&self) -> Option<MessageId> {
        match self.change {
            RoomChange::Post { reply_to, .. } => reply_to,
            RoomChange::Edit { message_id, .. }
            | RoomChange::Delete { message_id }
            | RoomChange::React { message_id, .. } => Some(message_id),
            RoomChange::Join { .. } | RoomChange::Leave | RoomChange::Describe { .. } => None,
        }
    }

    /// Authorizes the change. No other code decides about permissions for changes. The store calls it inside
    /// its transaction, so that nothing changes between the check and the write.
    #[must_use]
    pub fn authorize(&self, context: &AuthorizationContext) -> Decision {
        match &self.change {
            RoomChange::Post { reply_to: Some(_), .. } if context.target.is_none() => {
                Decision::Refuse(Refusal::not_found(Field::ReplyTo))
            }
            RoomChange::Post { files, .. } if files.len() != context.files.len() => {
                Decision::Refuse(Refusal::not_found(Field::Files))
            }
            RoomChange::Post { .. } => Decision::Store,
            RoomChange::Edit { text, remove_files, .. } => match self.own(context) {
                Ok(message) if message.text.is_none() => message_not_found(),
                Ok(message)
                    if text.is_empty()
                        && message.files.iter().all(|file| remove_files.contains(&file.id)) =>
                {
                    Decision::Refuse(Refusal::empty(Field::Text))
                }
                Ok(message)
                    if message.text.as_ref() == Some(text)
                        && !message.files.iter().any(|file| remove_files.contains(&file.id)) =>
                {
                    Decision::Unchanged(message.version())
                }
                Ok(_) if context.edits >= MAX_EDITS_PER_MESSAGE => Decision::Refuse(Refusal::too_many(
                    Field::MessageId,
                    MAX_EDITS_PER_MESSAGE,
                    "edits per message",
                )),
                Ok(_) => Decision::Store,
                Err(refusal) => Decision::Refuse(refusal),
            },
            RoomChange::Delete { .. } => match self.own(context) {
                Ok(message) if message.text.is_none() => Decision::Unchanged(message.version()),
                Ok(_) => Decision::Store,
                Err(refusal) => Decision::Refuse(refusal),
            },
            RoomChange::React { emoji, on, .. } => match &context.target {
                Some(message) if message.text.is_some() => self.authorize_reaction(message, emoji, *on),
                _ => message_not_found(),
            },
            RoomChange::Join { .. } if context.member => Decision::Unchanged(Seq(0)),
            RoomChange::Join { .. } if context.memberships >= MAX_ROOMS_PER_CONNECTION => {
                Decision::Refuse(Refusal::too_many_rooms(MAX_ROOMS_PER_CONNECTION))
            }
            RoomChange::Leave if !context.member => Decision::Unchanged(Seq(0)),
            RoomChange::Describe { topic } if *topic == context.topic => Decision::Unchanged(Seq(0)),
            RoomChange::Join { .. } | RoomChange::Leave | RoomChange::Describe { .. } => Decision::Store,
        }
    }

    fn own<'a>(&self, context: &'a AuthorizationContext) -> Result<&'a Message, Refusal> {
        let message = context.target.as_ref().ok_or_else(|| Refusal::not_found(Field::MessageId))?;
        if message.author.id == self.by.id { Ok(message) } else { Err(Refusal::not_yours()) }
    }

    fn authorize_reaction(&self, message: &Message, emoji: &Emoji, on: bool) -> Decision {
        let is_mine = |reaction: &Reaction| {
            reaction.emoji == *emoji && reaction.users.iter().any(|user| user.id == self.by.id)
        };
        if message.reactions.iter().any(is_mine) == on {
            return Decision::Unchanged(message.version());
        }
        let count: usize = message.reactions.iter().map(|reaction| reaction.users.len()).sum();
        if on && count >= MAX_REACTIONS_PER_MESSAGE {
            let limit = MAX_REACTIONS_PER_MESSAGE;
            return Decision::Refuse(Refusal::too_many(Field::Emoji, limit, "reactions per message"));
        }
        Decision::Store
    }
}

fn message_not_found() -> Decision {
    Decision::Refuse(Refusal::not_found(Field::MessageId))
}
