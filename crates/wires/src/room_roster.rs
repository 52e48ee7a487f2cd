//! Who is there in one room, as far as one connection has been told.

use std::collections::BTreeMap;

use hubbub_protocol::{MAX_PEOPLE_LISTED, Person, Presence, RoomId, Seq, User, UserId, UserName};

/// A room that the connection is in.
#[derive(Debug)]
pub(crate) struct RoomRoster {
    pub(crate) id: RoomId,
    /// The newest position that the connection has been told of.
    pub(crate) head: Seq,
    /// Those who are there, and how they are seen. At most [`MAX_PEOPLE_LISTED`]: in a larger crowd nobody is
    /// named.
    there: BTreeMap<UserId, (UserName, Presence)>,
}

impl RoomRoster {
    pub(crate) fn new(id: RoomId, head: Seq, people: &[Person]) -> Self {
        let mut roster = Self { id, head, there: BTreeMap::new() };
        for person in people {
            roster.update_presence(&person.user, person.presence);
        }
        roster
    }

    /// How somebody is seen; offline, if nothing is known of them.
    pub(crate) fn presence(&self, user: UserId) -> Presence {
        self.there.get(&user).map_or(Presence::Offline, |(_, presence)| *presence)
    }

    /// Somebody is seen so from now on. Whether there was a place to remember it.
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

    /// Somebody is there no longer: who it was, if they were.
    pub(crate) fn forget(&mut self, user: UserId) -> Option<User> {
        self.there.remove(&user).map(|(name, _)| User { id: user, name })
    }
}
