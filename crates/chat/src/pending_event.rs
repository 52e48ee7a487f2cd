//! What somebody wants to change in a room, and whether that may be.

use hubbub_protocol::{
    ClientId, Emoji, Field, MAX_EDITS_PER_MESSAGE, MAX_REACTIONS_PER_MESSAGE, MAX_ROOMS_PER_CONNECTION,
    Message, MessageId, MessageText, Reaction, Refusal, RoomId, Seq, Timestamp, Topic, User,
};

/// A change before it is stored. The store gives it its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingEvent {
    /// In which room.
    pub room: RoomId,
    /// Who wants it.
    pub by: User,
    /// When the server took it in.
    pub at: Timestamp,
    /// What is to happen.
    pub command: RoomCommand,
}

/// What is to happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoomCommand {
    /// Say something.
    Post {
        /// The author's own name for it.
        client_id: ClientId,
        /// What it says.
        text: MessageText,
        /// The message of the same room that it answers.
        reply_to: Option<MessageId>,
    },
    /// Say a message differently.
    Edit {
        /// Which.
        message_id: MessageId,
        /// What it says from now on.
        text: MessageText,
    },
    /// Take a message back.
    Delete {
        /// Which.
        message_id: MessageId,
    },
    /// Put an emoji to a message or take it away.
    React {
        /// Which message.
        message_id: MessageId,
        /// The emoji.
        emoji: Emoji,
        /// Whether it is to be there.
        on: bool,
    },
    /// Become a member.
    Join {
        /// Without an event: the room is a crowd, and who comes is not told one by one.
        silent: bool,
    },
    /// Be a member no longer.
    Leave {
        /// Without an event.
        silent: bool,
    },
    /// Say what the room is about.
    Describe {
        /// What.
        topic: Topic,
    },
}

/// What must be known to judge a draft, read in the transaction that would store it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorizationContext {
    /// The message of this room that the draft is about ([`PendingEvent::target`]), as it is now.
    pub target: Option<Message>,
    /// How often that message was edited.
    pub edits: usize,
    /// Whether whoever wants it is a member of the room.
    pub member: bool,
    /// How many rooms they are a member of.
    pub memberships: usize,
    /// What the room is about.
    pub topic: Topic,
}

/// What is to become of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Store it.
    Store,
    /// It is so already, since this position.
    Unchanged(Seq),
    /// No.
    Refuse(Refusal),
}

impl PendingEvent {
    /// The message that must be looked at to judge this draft.
    #[must_use]
    pub const fn target(&self) -> Option<MessageId> {
        match self.command {
            RoomCommand::Post { reply_to, .. } => reply_to,
            RoomCommand::Edit { message_id, .. }
            | RoomCommand::Delete { message_id }
            | RoomCommand::React { message_id, .. } => Some(message_id),
            RoomCommand::Join { .. } | RoomCommand::Leave { .. } | RoomCommand::Describe { .. } => None,
        }
    }

    /// Whether it may be. This is the one place that says who may change what; a store calls it inside its
    /// transaction, because only there nothing changes between looking and writing.
    #[must_use]
    pub fn authorize(&self, context: &AuthorizationContext) -> Decision {
        match &self.command {
            RoomCommand::Post { reply_to: None, .. } => Decision::Store,
            RoomCommand::Post { reply_to: Some(_), .. } => match context.target {
                Some(_) => Decision::Store,
                None => Decision::Refuse(Refusal::not_found(Field::ReplyTo)),
            },
            RoomCommand::Edit { text, .. } => match self.own(context) {
                Ok(message) if message.text.is_none() => not_here(),
                Ok(message) if message.text.as_ref() == Some(text) => Decision::Unchanged(message.version()),
                Ok(_) if context.edits >= MAX_EDITS_PER_MESSAGE => Decision::Refuse(Refusal::too_many(
                    Field::MessageId,
                    MAX_EDITS_PER_MESSAGE,
                    "edits of a message",
                )),
                Ok(_) => Decision::Store,
                Err(refusal) => Decision::Refuse(refusal),
            },
            RoomCommand::Delete { .. } => match self.own(context) {
                Ok(message) if message.text.is_none() => Decision::Unchanged(message.version()),
                Ok(_) => Decision::Store,
                Err(refusal) => Decision::Refuse(refusal),
            },
            RoomCommand::React { emoji, on, .. } => match &context.target {
                Some(message) if message.text.is_some() => self.authorize_reaction(message, emoji, *on),
                _ => not_here(),
            },
            RoomCommand::Join { .. } if context.member => Decision::Unchanged(Seq(0)),
            RoomCommand::Join { .. } if context.memberships >= MAX_ROOMS_PER_CONNECTION => {
                Decision::Refuse(Refusal::too_many_rooms(MAX_ROOMS_PER_CONNECTION))
            }
            RoomCommand::Leave { .. } if !context.member => Decision::Unchanged(Seq(0)),
            RoomCommand::Describe { topic } if *topic == context.topic => Decision::Unchanged(Seq(0)),
            RoomCommand::Join { .. } | RoomCommand::Leave { .. } | RoomCommand::Describe { .. } => {
                Decision::Store
            }
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
            return Decision::Refuse(Refusal::too_many(Field::Emoji, limit, "reactions at a message"));
        }
        Decision::Store
    }
}

fn not_here() -> Decision {
    Decision::Refuse(Refusal::not_found(Field::MessageId))
}
