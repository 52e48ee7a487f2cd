//! The typing indicators of a room.

use std::collections::BTreeMap;

use hubbub_protocol::{Millis, TYPING_MILLIS, User, UserId};

/// The users who were typing within the last [`TYPING_MILLIS`]. Indicators expire, because a client that
/// disconnects cannot end them.
#[derive(Debug, Default)]
pub(crate) struct Typing {
    writers: BTreeMap<UserId, (User, Millis)>,
}

impl Typing {
    /// Starts or renews an indicator. Returns whether it is new; a renewal is not sent to other users.
    pub(crate) fn renew(&mut self, user: &User, now: Millis) -> bool {
        self.writers.insert(user.id, (user.clone(), now.plus(TYPING_MILLIS))).is_none()
    }

    /// Ends an indicator. Returns whether the user was typing.
    pub(crate) fn end(&mut self, user: UserId) -> bool {
        self.writers.remove(&user).is_some()
    }

    /// Removes the expired indicators and returns their users.
    pub(crate) fn expire(&mut self, now: Millis) -> Vec<User> {
        let silent = self.writers.extract_if(.., |_, (_, until)| *until <= now);
        silent.map(|(_, (user, _))| user).collect()
    }

    /// Returns the time at which the next indicator expires.
    pub(crate) fn due(&self) -> Option<Millis> {
        self.writers.values().map(|(_, until)| *until).min()
    }

    /// Returns the users who are typing.
    pub(crate) fn list(&self) -> Vec<User> {
        self.writers.values().map(|(user, _)| user.clone()).collect()
    }
}
