//! The output of the client to its driver.

use hubbub_protocol::{Refusal, RoomName};

use crate::{ChangeSet, Effect, Kept, RoomChanges};

/// Effects that the driver has not executed, and changes that the view has not read.
#[derive(Debug, Default)]
pub(crate) struct ClientOutput {
    pub(crate) effects: Vec<Effect>,
    pub(crate) change_set: ChangeSet,
}

impl ClientOutput {
    /// Returns the changes of a room.
    pub(crate) fn room(&mut self, room: &RoomName) -> &mut RoomChanges {
        self.change_set.room(room)
    }

    /// Writes a record to storage.
    pub(crate) fn keep(&mut self, kept: Kept) {
        self.effects.push(Effect::Keep(kept));
    }

    /// Notifies the user of a refusal.
    pub(crate) fn refused(&mut self, room: &RoomName, refusal: Refusal) {
        self.effects.push(Effect::Refused { room: room.clone(), refusal });
    }

    /// Marks all parts of a room as changed.
    pub(crate) fn room_replaced(&mut self, room: &RoomName) {
        *self.room(room) =
            RoomChanges { timeline: true, people: true, phase: true, marks: true, typing: true, topic: true };
    }
}
