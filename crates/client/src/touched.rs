//! The changes since the last call.

use crate::sorted::Sorted;

use hubbub_protocol::RoomName;

/// The parts of the client's state that a view must read again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// [`crate::Client::link`] or [`crate::Client::is_live`].
    pub link: bool,
    /// [`crate::Client::me`] or [`crate::Client::hello`].
    pub me: bool,
    /// [`crate::Client::outbox`].
    pub outbox: bool,
    /// [`crate::Client::rooms`]: the set of rooms, or the membership, unread count, read position or activity
    /// of a room; or [`crate::Client::is_listed`].
    pub rooms_list: bool,
    /// [`crate::Client::appearance`].
    pub appearance: bool,
    /// [`crate::Client::browsed`].
    pub browsed: bool,
    /// [`crate::Client::edits`].
    pub edits: bool,
    /// [`crate::Client::room`], by name. A room that no longer exists was evicted.
    pub rooms: Sorted<RoomName, TouchedRoom>,
}

/// The parts of a room that a view must read again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TouchedRoom {
    /// Rows, divider, existence of older or newer rows, and loading of them.
    pub timeline: bool,
    /// Members or their counts.
    pub people: bool,
    /// Phase, or whether the room is known.
    pub phase: bool,
    /// Read positions of other members.
    pub marks: bool,
    /// Typing indicators.
    pub typing: bool,
    /// Topic.
    pub topic: bool,
}

impl Touched {
    /// Returns whether nothing has changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { link, me, outbox, rooms_list, appearance, browsed, edits, rooms } = self;
        let some = *link || *me || *outbox || *rooms_list || *appearance || *browsed || *edits;
        !some && rooms.values().all(|room| *room == TouchedRoom::default())
    }

    pub(crate) fn room(&mut self, room: &RoomName) -> &mut TouchedRoom {
        self.rooms.get_or_insert_with(room.clone(), TouchedRoom::default)
    }
}
