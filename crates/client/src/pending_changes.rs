//! The changes that the server has not confirmed.

use std::collections::VecDeque;
use std::sync::Arc;

use hubbub_protocol::{ClientId, Epoch, Event, RoomName, Seq, Timestamp, UserId};

use crate::change::{Change, PendingChange};

/// Maximum pending changes.
pub const MAX_CHANGES: usize = 200;
/// Maximum bytes of text in pending changes; the last one may exceed it.
const MAX_CHANGE_BYTES: usize = 1024 * 1024;

/// All changes of the user whose events have not arrived, in the order of making.
#[derive(Clone, Debug, Default)]
pub(crate) struct PendingChanges {
    items: Vec<TrackedChange>,
    next_order: u64,
    /// The last removed changes, newest first, because storage or another tab may bring them or older ones again.
    gone: VecDeque<Arc<PendingChange>>,
}

#[derive(Clone, Debug)]
struct TrackedChange {
    change: Arc<PendingChange>,
    in_flight: bool,
    /// Position of the stored change. Its row shows the change until the event at this position arrives.
    stored: Option<Seq>,
}

impl TrackedChange {
    const fn is_open(&self) -> bool {
        self.stored.is_none()
    }

    fn is_idle(&self) -> bool {
        self.is_open() && !self.in_flight
    }
}

impl PendingChanges {
    /// Returns the changes that are not stored yet, in order.
    pub(crate) fn open(&self) -> impl Iterator<Item = &PendingChange> {
        self.items.iter().filter(|item| item.is_open()).map(|item| item.change.as_ref())
    }

    /// Returns the changes of a room that are shown: unsent ones, and stored ones until their events arrive.
    pub(crate) fn of_room(&self, room: &RoomName) -> impl DoubleEndedIterator<Item = &Change> {
        self.items.iter().filter(move |item| item.change.room == *room).map(|item| &item.change.change)
    }

    /// Returns whether the room has changes that are not stored yet.
    pub(crate) fn has_waiting(&self, room: &RoomName) -> bool {
        self.open().any(|change| change.room == *room)
    }

    pub(crate) fn is_known(&self, id: ClientId) -> bool {
        self.items.iter().any(|item| item.change.change_id == id)
            || self.gone.iter().any(|gone| gone.change_id == id)
    }

    /// Returns whether a later edit of the same message is known, also if it was sent already: storage may be
    /// read late.
    pub(crate) fn is_outdated(&self, change: &PendingChange) -> bool {
        let known = self.items.iter().map(|item| &item.change).chain(&self.gone);
        known
            .filter(|known| known.room == change.room)
            .any(|known| known.change.is_later_edit(&change.change))
    }

    /// Orders the next changes after those that another tab made before `at`.
    pub(crate) fn begin_after(&mut self, at: Timestamp) {
        self.next_order = self.next_order.max(u64::try_from(at.millis()).unwrap_or_default());
    }

    /// Returns whether another change fits, after removing those that it replaces.
    pub(crate) fn can_take(&self, room: &RoomName, change: &Change) -> bool {
        let stays = |item: &&TrackedChange| !replaces(change, room, item);
        let (mut count, mut bytes) = (0, 0);
        for item in self.items.iter().filter(stays) {
            count += 1;
            bytes += item.change.change.text_bytes();
        }
        count < MAX_CHANGES && bytes < MAX_CHANGE_BYTES
    }

    /// Appends a change. Returns the ids of the waiting changes that it replaces.
    pub(crate) fn add(&mut self, mut change: PendingChange) -> (Arc<PendingChange>, Vec<ClientId>) {
        let replaced = self.items.iter().filter(|item| replaces(&change.change, &change.room, item));
        let replaced: Vec<ClientId> = replaced.map(|item| item.change.change_id).collect();
        for id in &replaced {
            self.remove(*id);
        }
        // The clock orders edits of several tabs.
        let at = if let Change::Edit { at, .. } = &change.change { at.millis() } else { 0 };
        change.order = self.next_order.max(u64::try_from(at).unwrap_or_default());
        let change = Arc::new(change);
        self.insert(change.clone());
        (change, replaced)
    }

    /// Restores a change from an earlier run or another tab, unless it is known. Changes that do not fit stay
    /// in storage until the next run. Returns whether it was added.
    pub(crate) fn restore(&mut self, change: PendingChange) -> bool {
        let fits = !self.is_known(change.change_id) && self.items.len() < MAX_CHANGES;
        if fits {
            self.insert(Arc::new(change));
        }
        fits
    }

    /// Returns the next change of the room to send. Changes of one message are sent one after the other, so
    /// that they keep their order. With `alone`, returns a change only if no other is in flight.
    pub(crate) fn next_to_send(&mut self, room: &RoomName, alone: bool) -> Option<Arc<PendingChange>> {
        let of_room = |item: &&TrackedChange| item.change.room == *room;
        if alone && self.items.iter().filter(of_room).any(|item| item.in_flight) {
            return None;
        }
        let index = (0..self.items.len()).find(|index| {
            let item = &self.items[*index];
            of_room(&item) && item.is_idle() && !self.is_blocked(*index)
        })?;
        self.items[index].in_flight = true;
        Some(self.items[index].change.clone())
    }

    /// Returns whether an earlier change of the same message is not stored yet.
    fn is_blocked(&self, index: usize) -> bool {
        let Some(PendingChange { room, change, .. }) = self.items.get(index).map(|item| item.change.as_ref())
        else {
            return false;
        };
        self.items[..index].iter().any(|earlier| {
            earlier.is_open()
                && earlier.change.room == *room
                && earlier.change.change.target() == change.target()
        })
    }

    /// Marks a change as waiting again after a temporary refusal.
    pub(crate) fn set_idle(&mut self, id: ClientId) {
        if let Some(item) = self.items.iter_mut().find(|item| item.change.change_id == id) {
            item.in_flight = false;
        }
    }

    /// Marks a change as stored at a position. Returns whether the change was known and not yet stored.
    pub(crate) fn set_stored(&mut self, id: ClientId, seq: Seq) -> bool {
        let item = self.items.iter_mut().find(|item| item.change.change_id == id && item.is_open());
        let Some(item) = item else { return false };
        item.in_flight = false;
        item.stored = Some(seq);
        let change = item.change.clone();
        self.note_gone(change);
        true
    }

    /// Marks all changes as waiting after the connection is lost, so that they are sent again.
    pub(crate) fn reset_in_flight(&mut self) {
        for item in &mut self.items {
            item.in_flight = false;
        }
    }

    /// Removes the changes of the room whose events have arrived. Returns whether there were any.
    pub(crate) fn settle(&mut self, room: &RoomName, cursor: Option<Seq>) -> bool {
        let before = self.items.len();
        self.items.retain(|item| {
            item.change.room != *room
                || item.stored.is_none_or(|seq| cursor.is_none_or(|cursor| cursor < seq))
        });
        before != self.items.len()
    }

    /// Removes the stored changes of rooms that are no longer shown.
    pub(crate) fn retain_shown(&mut self, is_shown: impl Fn(&RoomName) -> bool) {
        self.items.retain(|item| item.is_open() || is_shown(&item.change.room));
    }

    /// Removes a waiting change that this event of `me` has already made.
    pub(crate) fn take_done(&mut self, room: &RoomName, event: &Event, me: UserId) -> Option<ClientId> {
        let index = (0..self.items.len()).find(|index| {
            let item = &self.items[*index];
            item.change.room == *room
                && item.is_idle()
                && !self.is_blocked(*index)
                && item.change.change.is_done_by(event, me)
        })?;
        let id = self.items[index].change.change_id;
        self.remove(id);
        Some(id)
    }

    pub(crate) fn remove(&mut self, id: ClientId) -> Option<Arc<PendingChange>> {
        let index = self.items.iter().position(|item| item.change.change_id == id)?;
        let change = self.items.remove(index).change;
        self.note_gone(change.clone());
        Some(change)
    }

    /// Removes changes by their id and author. They stay in storage and may be restored. Returns their rooms.
    pub(crate) fn take_out(&mut self, is_taken: &dyn Fn(ClientId, Option<UserId>) -> bool) -> Vec<RoomName> {
        let mut rooms = Vec::new();
        self.items.retain(|TrackedChange { change, .. }| {
            let is_taken = is_taken(change.change_id, change.author);
            if is_taken {
                rooms.push(change.room.clone());
            }
            !is_taken
        });
        rooms
    }

    /// Removes the authors, because users of another database have other ids.
    pub(crate) fn forget_authors(&mut self) {
        for item in self.items.iter_mut().filter(|item| item.change.author.is_some()) {
            Arc::make_mut(&mut item.change).author = None;
        }
    }

    /// Assigns changes without an author or an epoch to this user and database. Returns those that changed.
    pub(crate) fn adopt(&mut self, me: UserId, epoch: &Epoch) -> Vec<Arc<PendingChange>> {
        let mut adopted = Vec::new();
        for item in self.items.iter_mut().filter(|item| item.is_open()) {
            if item.change.author.is_none() || item.change.epoch.is_none() {
                let change = Arc::make_mut(&mut item.change);
                change.author = Some(me);
                change.epoch.get_or_insert_with(|| epoch.clone());
                adopted.push(item.change.clone());
            }
        }
        adopted
    }

    /// Remembers a removed change, within the limits for pending changes.
    fn note_gone(&mut self, change: Arc<PendingChange>) {
        self.gone.push_front(change);
        let bytes = |gone: &VecDeque<Arc<PendingChange>>| -> usize {
            gone.iter().map(|change| change.change.text_bytes()).sum()
        };
        while self.gone.len() > MAX_CHANGES || bytes(&self.gone) > MAX_CHANGE_BYTES {
            self.gone.pop_back();
        }
    }

    fn insert(&mut self, change: Arc<PendingChange>) {
        self.next_order = self.next_order.max(change.order.saturating_add(1));
        let index = self.items.partition_point(|item| item.change.order <= change.order);
        self.items.insert(index, TrackedChange { change, in_flight: false, stored: None });
    }
}

/// Returns whether `change` makes a waiting item obsolete.
fn replaces(change: &Change, room: &RoomName, item: &TrackedChange) -> bool {
    item.is_idle() && item.change.room == *room && change.replaces(&item.change.change)
}
