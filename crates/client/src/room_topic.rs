//! The topic of a room.

use hubbub_protocol::{Event, Seq, Topic};

use crate::change::Change;

/// The stored topic of a room, and the one that is shown: a pending change of the user replaces the stored topic.
#[derive(Clone, Debug, Default)]
pub(crate) struct RoomTopic {
    shown: Topic,
    stored: Topic,
    /// Position of the event that stored the topic; 0 if it is not known.
    seq: Seq,
}

impl RoomTopic {
    /// Returns the topic to show.
    pub(crate) const fn shown(&self) -> &Topic {
        &self.shown
    }

    /// Returns the topic without pending changes.
    pub(crate) const fn stored(&self) -> &Topic {
        &self.stored
    }

    /// Sets the stored topic from a rendered page or a local copy, which any event may follow.
    pub(crate) fn seed(&mut self, topic: Topic) {
        (self.stored, self.seq) = (topic, Seq(0));
    }

    /// Sets the stored topic, as the server told it in the state of the room.
    pub(crate) fn set_stored(&mut self, topic: Topic) {
        self.stored = topic;
    }

    /// Sets the stored topic from the list of rooms, unless a later event than `head` has set it.
    pub(crate) fn on_listed(&mut self, topic: Topic, head: Seq) {
        if head >= self.seq {
            self.stored = topic;
        }
    }

    /// Sets the stored topic from its event. Ignores other events.
    pub(crate) fn on_event(&mut self, event: &Event) {
        if let Event::Described(described) = event {
            (self.stored, self.seq) = (described.topic.clone(), described.seq);
        }
    }

    /// Applies the user's pending changes. Returns whether another topic is shown.
    pub(crate) fn show<'a>(&mut self, changes: impl DoubleEndedIterator<Item = &'a Change>) -> bool {
        let wanted = changes.rev().find_map(|change| match change {
            Change::Describe { topic, .. } if !change.is_obsolete(&self.stored) => Some(topic),
            _ => None,
        });
        let topic = wanted.unwrap_or(&self.stored);
        let is_new = *topic != self.shown;
        if is_new {
            self.shown = topic.clone();
        }
        is_new
    }
}
