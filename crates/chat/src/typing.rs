//! Who is writing in a room.

use std::collections::BTreeMap;

use hubbub_protocol::{Millis, TYPING_MILLIS, User, UserId};

/// The people who have shown a sign of writing within the last [`TYPING_MILLIS`]. It ends by itself, because
/// whoever vanishes says nothing more.
#[derive(Debug, Default)]
pub(crate) struct Typing {
    writers: BTreeMap<UserId, (User, Millis)>,
}

impl Typing {
    /// A sign of writing. Whether it is the first: a renewal is nothing new to others.
    pub(crate) fn renew(&mut self, user: &User, now: Millis) -> bool {
        self.writers.insert(user.id, (user.clone(), now.plus(TYPING_MILLIS))).is_none()
    }

    /// Somebody writes no longer. Whether they did.
    pub(crate) fn end(&mut self, user: UserId) -> bool {
        self.writers.remove(&user).is_some()
    }

    /// Those whose last sign is too long ago.
    pub(crate) fn expire(&mut self, now: Millis) -> Vec<User> {
        let silent = self.writers.extract_if(.., |_, (_, until)| *until <= now);
        silent.map(|(_, (user, _))| user).collect()
    }

    /// When [`Typing::expire`] has somebody to name.
    pub(crate) fn due(&self) -> Option<Millis> {
        self.writers.values().map(|(_, until)| *until).min()
    }

    /// Who is writing.
    pub(crate) fn list(&self) -> Vec<User> {
        self.writers.values().map(|(user, _)| user.clone()).collect()
    }
}
