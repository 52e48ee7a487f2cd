//! What I have changed and the server has not confirmed.

use crate::sorted::Sorted;
use std::sync::Arc;

use hubbub_protocol::{Command, Emoji, Message, MessageId, MessageText, RoomName, Seq, Topic, User};

use crate::RoomState;

/// Changes of one room that wait at most.
pub(crate) const MAX_DEEDS: usize = 200;

/// A change on its way. It shows at once, and until its event has come.
#[derive(Clone, Debug)]
pub(crate) struct Deed {
    /// Tells it from all others of this client.
    pub(crate) number: u64,
    pub(crate) change: Change,
    pub(crate) in_flight: bool,
    /// The position at which it is stored.
    pub(crate) stored: Option<Seq>,
}

/// What is to be different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Edit { message_id: MessageId, text: MessageText },
    Delete { message_id: MessageId },
    React { message_id: MessageId, emoji: Emoji, on: bool },
    Describe { topic: Topic },
}

impl Change {
    /// The message it is about; none is the room.
    pub(crate) const fn target(&self) -> Option<MessageId> {
        match self {
            Self::Edit { message_id, .. } | Self::Delete { message_id } | Self::React { message_id, .. } => {
                Some(*message_id)
            }
            Self::Describe { .. } => None,
        }
    }

    /// Whether it makes this earlier change, which was not sent yet, needless.
    fn replaces(&self, earlier: &Self) -> bool {
        self.target() == earlier.target()
            && match (self, earlier) {
                (Self::Delete { .. }, _)
                | (Self::Edit { .. }, Self::Edit { .. })
                | (Self::Describe { .. }, Self::Describe { .. }) => true,
                (Self::React { emoji, .. }, Self::React { emoji: other, .. }) => emoji == other,
                _ => false,
            }
    }

    fn apply(&self, message: &mut Message, me: &User) {
        // What is gone does not come back, whatever I wanted with it.
        if message.text.is_none() {
            return;
        }
        match self {
            Self::Edit { text, .. } => message.text = Some(text.clone()),
            Self::Delete { .. } => {
                message.text = None;
                message.reply_to = None;
                message.edited_at = None;
                message.reactions.clear();
            }
            Self::React { emoji, on, .. } => message.set_reaction(me, emoji, *on),
            Self::Describe { .. } => {}
        }
    }

    pub(crate) fn command(&self, room: &RoomName) -> Command {
        let room = room.as_str().to_owned();
        match self {
            Self::Edit { message_id, text } => {
                Command::Edit { room, message_id: *message_id, text: text.as_str().to_owned() }
            }
            Self::Delete { message_id } => Command::Delete { room, message_id: *message_id },
            Self::React { message_id, emoji, on } => {
                let emoji = emoji.as_str().to_owned();
                Command::React { room, message_id: *message_id, emoji, on: *on }
            }
            Self::Describe { topic } => Command::Describe { room, topic: topic.as_str().to_owned() },
        }
    }
}

impl RoomState {
    /// Adds a change. What waits and is made needless by it goes. Whether there was place.
    pub(crate) fn add_deed(&mut self, number: u64, change: Change) -> bool {
        self.deeds.retain(|deed| deed.in_flight || deed.stored.is_some() || !change.replaces(&deed.change));
        let fits = self.deeds.len() < MAX_DEEDS;
        if fits {
            self.deeds.push(Deed { number, change, in_flight: false, stored: None });
        }
        fits
    }

    /// Whether a change is not stored yet.
    pub(crate) fn has_waiting_deeds(&self) -> bool {
        self.deeds.iter().any(|deed| deed.stored.is_none())
    }

    /// The next change to send: two to one message go one after the other, so that no answer can mix them up.
    pub(crate) fn next_deed(&mut self) -> Option<&mut Deed> {
        let open = |deed: &Deed| deed.stored.is_none();
        if self.seat.acting.on_trial() && self.deeds.iter().any(|deed| deed.in_flight) {
            return None;
        }
        let index = self.deeds.iter().enumerate().position(|(index, deed)| {
            let earlier = &self.deeds[..index];
            let blocked =
                earlier.iter().any(|other| open(other) && other.change.target() == deed.change.target());
            open(deed) && !deed.in_flight && !blocked
        })?;
        self.deeds.get_mut(index)
    }

    /// Lets go of the changes whose events have come. Whether something changed.
    pub(crate) fn settle_deeds(&mut self) -> bool {
        let cursor = self.timeline.cursor();
        let before = self.deeds.len();
        self.deeds.retain(|deed| deed.stored.is_none_or(|seq| cursor.is_none_or(|cursor| cursor < seq)));
        before != self.deeds.len()
    }

    /// Shows messages and topic as they will be. Whether messages may have changed.
    pub(crate) fn paint_deeds(&mut self, me: Option<&User>) -> bool {
        let mut changing = Sorted::default();
        if let Some(me) = me {
            for deed in &self.deeds {
                let Some(id) = deed.change.target() else { continue };
                let held = || self.timeline.saved().find(|message| message.id == id).cloned();
                if let Some(mut message) = changing.remove(&id).or_else(held) {
                    deed.change.apply(Arc::make_mut(&mut message), me);
                    changing.insert(id, message);
                }
            }
        }
        let changed = self.timeline.set_changing(changing);
        let wanted = self.deeds.iter().rev().find_map(|deed| match &deed.change {
            Change::Describe { topic } => Some(topic),
            _ => None,
        });
        self.topic = wanted.unwrap_or(&self.described.0).clone();
        changed
    }
}
