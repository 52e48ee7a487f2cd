//! The changes of the client's state since the view last took them.

use crate::sorted_vec_map::SortedVecMap;

use hubbub_protocol::RoomName;

/// The parts of the client's state that a view must read again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeSet {
    /// [`crate::Client::link`] or [`crate::Client::is_live`] changed.
    pub link: bool,
    /// [`crate::Client::me`] or [`crate::Client::hello`] changed.
    pub me: bool,
    /// [`crate::Client::outbox`] changed.
    pub outbox: bool,
    /// [`crate::Client::rooms`]: the set of rooms, or the membership, unread count, read position or activity
    /// of a room; or [`crate::Client::is_listed`].
    pub rooms_list: bool,
    /// [`crate::Client::appearance`] changed.
    pub appearance: bool,
    /// [`crate::Client::browsed`] changed.
    pub browsed: bool,
    /// [`crate::Client::edits`] changed.
    pub edits: bool,
    /// [`crate::Client::room`], by name. A room that no longer exists was evicted.
    pub rooms: SortedVecMap<RoomName, RoomChanges>,
}

/// The parts of a room that a view must read again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RoomChanges {
    /// The rows, the divider, the existence of older or newer rows, or their loading changed.
    pub timeline: bool,
    /// The members or their counts changed.
    pub people: bool,
    /// The phase changed, or whether the room is known.
    pub phase: bool,
    /// The read positions of other members changed.
    pub marks: bool,
    /// The typing indicators changed.
    pub typing: bool,
    /// The topic changed.
    pub topic: bool,
}

impl ChangeSet {
    /// Returns whether nothing has changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { link, me, outbox, rooms_list, appearance, browsed, edits, rooms } = self;
        let some = *link || *me || *outbox || *rooms_list || *appearance || *browsed || *edits;
        !some && rooms.values().all(|room| *room == RoomChanges::default())
    }

    pub(crate) fn room(&mut self, room: &RoomName) -> &mut RoomChanges {
        self.rooms.get_or_insert_with(room.clone(), RoomChanges::default)
    }
}
