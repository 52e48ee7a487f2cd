//! What has changed since somebody last asked.

use crate::sorted::Sorted;

use hubbub_protocol::RoomName;

/// The slices of the client's state that a view must read again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// [`crate::Client::link`] or [`crate::Client::is_live`].
    pub link: bool,
    /// [`crate::Client::me`] or [`crate::Client::hello`].
    pub me: bool,
    /// [`crate::Client::outbox`].
    pub outbox: bool,
    /// [`crate::Client::rooms`]: which there are, or the membership, unread count, read position or activity
    /// of one of them; or [`crate::Client::is_listed`].
    pub rooms_list: bool,
    /// [`crate::Client::appearance`].
    pub appearance: bool,
    /// [`crate::Client::browsed`].
    pub browsed: bool,
    /// [`crate::Client::edits`].
    pub edits: bool,
    /// [`crate::Client::room`], by name. A room that is no longer there was let go.
    pub rooms: Sorted<RoomName, TouchedRoom>,
}

/// The slices of a room that a view must read again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TouchedRoom {
    /// The rows, the divider, whether there are older or newer ones, whether they are being loaded.
    pub timeline: bool,
    /// The people or their counts.
    pub people: bool,
    /// The phase, or whether the room is known at all.
    pub phase: bool,
    /// Up to where others have read.
    pub marks: bool,
    /// Who is writing.
    pub typing: bool,
    /// What the room is about.
    pub topic: bool,
}

impl Touched {
    /// Whether nothing has changed.
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
