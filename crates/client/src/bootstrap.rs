//! The initial state of a client: a rendered page, a local copy and the records of an earlier run.

use hubbub_protocol::{Epoch, MyRoom, Page, Person, ReadMark, Seq, StartOver, Topic, User};

use crate::sorted_vec_map::sort_by_number;
use crate::{Client, Kept, Millis, people};

/// A room as the server rendered it, or from a local copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed {
    /// Newest rows, or those around a position.
    pub page: Page,
    /// Newest position of the room when the rows were read.
    pub cursor: Seq,
    /// Topic.
    pub topic: Topic,
    /// Members.
    pub people: Vec<Person>,
    /// Number of present users.
    pub count: u32,
    /// Number of members.
    pub members: u32,
    /// Read positions of other members.
    pub marks: Vec<ReadMark>,
}

impl Seed {
    /// Creates a seed from the result of [`crate::RoomState::copy`].
    #[must_use]
    pub fn of_copy(page: Page, cursor: Seq) -> Self {
        Self {
            page,
            cursor,
            topic: Topic::default(),
            people: Vec::new(),
            count: 0,
            members: 0,
            marks: Vec::new(),
        }
    }
}

impl Client {
    /// Sets the user for whom the server rendered the page.
    pub fn seed_me(&mut self, me: User) {
        self.become_user(me);
    }

    /// Sets the database of the seeded rooms.
    pub fn seed_epoch(&mut self, epoch: Epoch) {
        self.epoch = Some(epoch);
    }

    /// Sets the user's rooms.
    pub fn seed_rooms(&mut self, rooms: Vec<MyRoom>) {
        for room in rooms {
            self.learn_mine(room, false);
        }
        self.queries.listing.known = true;
        self.change_set.rooms_list = true;
    }

    /// Adds a room, for which only events after its cursor are requested. A loaded room is not changed. The
    /// room is not open until [`crate::Intent::Open`].
    pub fn seed_room(&mut self, seed: Seed) {
        let name = seed.page.room.clone();
        let me = self.me.as_ref().map(|me| me.id);
        let room = self.room_mut(&name);
        if room.timeline.cursor().is_some() {
            return;
        }
        room.seeded = true;
        room.timeline.open();
        room.people = people::listed(seed.people);
        room.count = seed.count;
        room.members = seed.members;
        room.set_marks(seed.marks.into_iter().filter(|mark| Some(mark.user) != me).collect());
        room.described = (seed.topic, Seq(0));
        room.read_tracker.observe_from(seed.cursor);
        room.timeline.start_over(StartOver { page: seed.page, cursor: seed.cursor });
        self.mark_room_changed(&name);
        self.repaint(&name);
        self.settle_saved(&name);
    }

    /// Restores the records that an earlier run left in storage, in any order. Records of users other than
    /// [`Client::me`] stay there.
    pub fn restore_outbox(&mut self, kept: Vec<Kept>) {
        self.restore(kept);
    }

    /// Adds records that another tab of the same user may have left in storage, in any order. Ignores failed
    /// messages, records of other users and known records.
    pub fn take_in(&mut self, mut kept: Vec<Kept>, now: Millis) {
        if self.me.is_none() {
            return;
        }
        kept.retain(|kept| !matches!(kept, Kept::Message(entry) if entry.failed.is_some()));
        self.restore(kept);
        self.adopt_unsent();
        self.flush(now);
    }

    fn restore(&mut self, kept: Vec<Kept>) {
        let me = self.me.as_ref().map(|me| me.id);
        let mine = |kept: &Kept| me.is_none_or(|me| kept.author().is_none_or(|author| author == me));
        let (mut entries, mut changes) = (Vec::new(), Vec::new());
        for kept in kept.into_iter().filter(mine) {
            match kept {
                Kept::Message(entry) => entries.push(entry),
                Kept::Change(change) => changes.push(change),
            }
        }
        sort_by_number(&mut entries, |entry| entry.order.cast_signed());
        for entry in entries {
            let Some(entry) = self.outbox.restore(entry) else { continue };
            self.show(&entry);
            self.settle_saved(&entry.room);
        }
        sort_by_number(&mut changes, |change| change.order.cast_signed());
        for change in changes {
            self.restore_change(change);
        }
    }
}
