//! What has changed since somebody last asked.

use std::collections::BTreeMap;

use hubbub_protocol::RoomName;

/// The slices of the client's state that a view must read again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// [`crate::Client::link`].
    pub link: bool,
    /// [`crate::Client::me`] or [`crate::Client::hello`].
    pub me: bool,
    /// [`crate::Client::outbox`].
    pub outbox: bool,
    /// [`crate::Client::room`], by name. A room that is no longer there was let go.
    pub rooms: BTreeMap<RoomName, TouchedRoom>,
}

/// The slices of a room that a view must read again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TouchedRoom {
    /// The rows, or whether there are older ones.
    pub timeline: bool,
    /// The people or their count.
    pub people: bool,
    /// The phase, or whether the room is known at all.
    pub phase: bool,
}

impl Touched {
    /// Whether nothing has changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.link && !self.me && !self.outbox && self.rooms.is_empty()
    }

    pub(crate) fn room(&mut self, room: &RoomName) -> &mut TouchedRoom {
        self.rooms.entry(room.clone()).or_default()
    }
}
