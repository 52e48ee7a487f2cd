//! The other users who are typing in a room.

use hubbub_protocol::{MAX_PEOPLE_LISTED, User, UserId};

use crate::Millis;
use crate::sorted_vec_map::SortedVecMap;

/// Milliseconds after which a typing indicator expires if the server does not end it.
const TYPING_AT_MOST_MILLIS: u64 = 10_000;

/// The typing users, in the order in which they started; at most [`MAX_PEOPLE_LISTED`].
#[derive(Clone, Debug, Default)]
pub(crate) struct TypingList {
    users: Vec<User>,
    expires_at: SortedVecMap<UserId, Millis>,
}

impl TypingList {
    pub(crate) fn users(&self) -> &[User] {
        &self.users
    }

    /// Applies a typing indicator. Returns whether the list changed.
    pub(crate) fn set(&mut self, user: User, on: bool, now: Millis) -> bool {
        if !on {
            return self.remove(user.id);
        }
        let known = self.users.iter().any(|other| other.id == user.id);
        if !known && self.users.len() >= MAX_PEOPLE_LISTED {
            return false;
        }
        self.expires_at.insert(user.id, now.plus(TYPING_AT_MOST_MILLIS));
        if !known {
            self.users.push(user);
        }
        !known
    }

    /// Removes a user who posted, left or stopped typing. Returns whether the list changed.
    pub(crate) fn remove(&mut self, id: UserId) -> bool {
        self.expires_at.remove(&id);
        let before = self.users.len();
        self.users.retain(|user| user.id != id);
        before != self.users.len()
    }

    /// Removes all users. Returns whether there were any.
    pub(crate) fn clear(&mut self) -> bool {
        self.expires_at.clear();
        let some = !self.users.is_empty();
        self.users.clear();
        some
    }

    /// Removes expired typing indicators. Returns whether there were any.
    pub(crate) fn expire(&mut self, now: Millis) -> bool {
        let Self { users, expires_at } = self;
        expires_at.retain(|_, until| *until > now);
        let before = users.len();
        users.retain(|user| expires_at.contains_key(&user.id));
        before != users.len()
    }

    pub(crate) fn deadline(&self) -> Option<Millis> {
        self.expires_at.values().min().copied()
    }
}
