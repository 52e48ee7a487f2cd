//! The present members of one room, as last sent to one connection.

use hubbub_protocol::{MAX_PEOPLE_LISTED, Person, Presence, RoomId, Seq, User, UserId, UserName};
use litemap::LiteMap;

/// A room that the connection has joined.
#[derive(Debug)]
pub(crate) struct RoomRoster {
    pub(crate) id: RoomId,
    /// The newest position that was sent to the connection.
    pub(crate) head: Seq,
    /// Present members with their presence. At most [`MAX_PEOPLE_LISTED`]; further members are not reported.
    there: LiteMap<UserId, (UserName, Presence)>,
}

impl RoomRoster {
    pub(crate) fn new(id: RoomId, head: Seq, people: &[Person]) -> Self {
        let mut roster = Self { id, head, there: LiteMap::new() };
        for person in people {
            roster.update_presence(&person.user, person.presence);
        }
        roster
    }

    /// Returns the presence of a user; offline if unknown.
    pub(crate) fn presence(&self, user: UserId) -> Presence {
        self.there.get(&user).map_or(Presence::Offline, |(_, presence)| *presence)
    }

    /// Updates the presence of a user. Returns `false` if the list is full.
    pub(crate) fn update_presence(&mut self, user: &User, presence: Presence) -> bool {
        if presence == Presence::Offline {
            self.there.remove(&user.id);
            return true;
        }
        let known = self.there.contains_key(&user.id);
        if !known && self.there.len() >= MAX_PEOPLE_LISTED {
            return false;
        }
        self.there.insert(user.id, (user.name.clone(), presence));
        true
    }

    /// Removes a user and returns the user if the list contained it.
    pub(crate) fn forget(&mut self, user: UserId) -> Option<User> {
        self.there.remove(&user).map(|(name, _)| User { id: user, name })
    }
}
