//! The user's messages and changes that the server has not confirmed.

use hubbub_protocol::{ClientId, Epoch, Refusal, RoomName, UserId};

use crate::change::Change;
use crate::change_queue::ChangeQueue;
use crate::channel::Channel;
use crate::output::ClientOutput;
use crate::random::Random;
use crate::rooms::Rooms;
use crate::send_queue::SendQueue;
use crate::{Kept, Millis, PendingChange};

/// The two queues of unsent work, and what concerns both.
#[derive(Debug, Default)]
pub(crate) struct Unsent {
    pub(crate) posts: SendQueue,
    pub(crate) changes: ChangeQueue,
    /// Whether nothing is sent, because storage has older records that are still being read.
    pub(crate) is_held: bool,
}

impl Unsent {
    /// Returns whether the room has unsent messages or changes.
    pub(crate) fn has_work(&self, room: &RoomName) -> bool {
        self.posts.has_pending(room) || self.changes.has_waiting(room)
    }

    /// Returns whether the change would be accepted.
    pub(crate) fn accepts(&self, room: &RoomName, change: &Change) -> bool {
        // An edit that is refused permanently becomes a failed message, which needs room in the outbox.
        let has_place = !matches!(change, Change::Edit { .. }) || !self.posts.outbox().is_full();
        has_place && self.changes.changes().can_take(room, change)
    }

    /// Adds a change of stored data.
    pub(crate) fn enqueue_change(
        &mut self,
        room: &RoomName,
        change: Change,
        epoch: Option<&Epoch>,
        rooms: &mut Rooms,
        random: &mut Random,
        out: &mut ClientOutput,
    ) {
        if !self.accepts(room, &change) {
            out.refused(room, Refusal::unavailable());
            return;
        }
        let pending = PendingChange {
            change_id: self.fresh_id(random),
            author: rooms.my_id(),
            epoch: epoch.cloned(),
            room: room.clone(),
            change,
            order: 0,
        };
        self.changes.enqueue(pending, rooms, out);
    }

    /// Returns an id that no local message or change has.
    fn fresh_id(&self, random: &mut Random) -> ClientId {
        loop {
            let mut bytes = [0; 16];
            bytes[..8].copy_from_slice(&random.bits().to_le_bytes());
            bytes[8..].copy_from_slice(&random.bits().to_le_bytes());
            let id = ClientId::from_random_bytes(bytes);
            if !self.changes.changes().is_known(id) && self.posts.outbox().get(id).is_none() {
                return id;
            }
        }
    }

    /// Sends waiting messages and changes.
    pub(crate) fn send(
        &mut self,
        rooms: &mut Rooms,
        channel: &mut Channel,
        now: Millis,
        out: &mut ClientOutput,
    ) {
        if self.is_held {
            return;
        }
        self.posts.send(rooms, channel, now, out);
        self.changes.send(rooms, channel, now, out);
    }

    /// Shows pending changes in new rows of a room, and removes messages that are among them.
    pub(crate) fn on_rows_replaced(&mut self, room: &RoomName, rooms: &mut Rooms, out: &mut ClientOutput) {
        self.changes.show(room, rooms, out);
        self.posts.remove_saved(room, rooms, out);
    }

    /// Fails all pending work for a room that cannot be joined.
    pub(crate) fn fail_room(
        &mut self,
        room: &RoomName,
        refusal: &Refusal,
        rooms: &mut Rooms,
        out: &mut ClientOutput,
    ) {
        self.changes.fail_room(room, refusal, rooms, &mut self.posts, out);
        self.posts.fail_room(room, refusal, rooms, out);
    }

    /// Assigns messages and changes without an author to the current user.
    pub(crate) fn adopt(&mut self, epoch: &Epoch, rooms: &mut Rooms, out: &mut ClientOutput) {
        let Some(me) = rooms.my_id() else { return };
        self.remove_others(rooms, out);
        self.posts.adopt(me, rooms, out);
        self.changes.adopt(me, epoch, rooms, &mut self.posts, out);
    }

    /// Hides messages and changes of other users. They stay in storage for their authors.
    pub(crate) fn remove_others(&mut self, rooms: &mut Rooms, out: &mut ClientOutput) {
        if let Some(me) = rooms.my_id() {
            self.hide(&|_, author| author.is_some_and(|author| author != me), rooms, out);
        }
    }

    /// Hides messages and changes by their id and author. They stay in storage.
    pub(crate) fn hide(
        &mut self,
        is_hidden: &dyn Fn(ClientId, Option<UserId>) -> bool,
        rooms: &mut Rooms,
        out: &mut ClientOutput,
    ) {
        self.posts.hide(is_hidden, rooms, out);
        self.changes.hide(is_hidden, rooms, out);
    }

    /// Removes the authors, because users of another database have other ids.
    pub(crate) fn forget_authors(&mut self) {
        self.posts.forget_authors();
        self.changes.forget_authors();
    }

    /// Restores records of the user from storage, in any order.
    pub(crate) fn restore(&mut self, kept: Vec<Kept>, rooms: &mut Rooms, out: &mut ClientOutput) {
        let (entries, changes) = Kept::sorted(kept, rooms.my_id());
        self.posts.restore(entries, rooms, out);
        self.changes.restore(changes, rooms, &self.posts, out);
    }

    /// Marks everything as waiting after the connection is lost, so that it is sent again.
    pub(crate) fn reset_in_flight(&mut self, rooms: &mut Rooms, out: &mut ClientOutput) {
        self.posts.reset_in_flight(rooms, out);
        self.changes.reset_in_flight();
    }
}
