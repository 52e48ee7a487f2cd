//! Who is present in a room.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use hubbub_protocol::{MAX_PEOPLE_LISTED, Millis, Signal, User, UserId};

use crate::ConnectionId;

/// Milliseconds between two signals about who is there. The first change is told at once; a crowd that
/// comes back together after a restart is told in few signals and not in one for each.
pub const PEOPLE_SIGNAL_INTERVAL_MILLIS: u64 = 100;

/// The connections in a room and the people behind them: several connections of one user are one person.
#[derive(Debug, Default)]
pub struct People {
    connections: HashMap<ConnectionId, UserId>,
    present: BTreeMap<UserId, Present>,
    /// Who came or went since the last signal. Also who did both: somebody may have come in between and seen
    /// them there, or not.
    untold: BTreeSet<UserId>,
    last_signal: Option<Millis>,
}

#[derive(Debug)]
struct Present {
    user: User,
    connections: usize,
}

impl People {
    /// A connection of `user` comes in. Coming in twice does no harm.
    pub fn enter(&mut self, connection: ConnectionId, user: &User) {
        if self.connections.insert(connection, user.id).is_some() {
            return;
        }
        let present =
            self.present.entry(user.id).or_insert_with(|| Present { user: user.clone(), connections: 0 });
        present.connections += 1;
        if present.connections == 1 {
            self.untold.insert(user.id);
        }
    }

    /// A connection goes. One that was not there does no harm.
    pub fn leave(&mut self, connection: ConnectionId) {
        let Some(user) = self.connections.remove(&connection) else { return };
        let Some(present) = self.present.get_mut(&user) else { return };
        present.connections -= 1;
        if present.connections == 0 {
            self.present.remove(&user);
            self.untold.insert(user);
        }
    }

    /// Whether this connection is in the room.
    #[must_use]
    pub fn holds(&self, connection: ConnectionId) -> bool {
        self.connections.contains_key(&connection)
    }

    /// Whether nobody is there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.connections.is_empty()
    }

    /// The connections, in no order.
    pub fn connections(&self) -> impl Iterator<Item = ConnectionId> {
        self.connections.keys().copied()
    }

    /// Who is there: at most [`MAX_PEOPLE_LISTED`], the longest known users first.
    #[must_use]
    pub fn list(&self) -> Vec<User> {
        self.present.values().take(MAX_PEOPLE_LISTED).map(|present| present.user.clone()).collect()
    }

    /// How many people are there.
    #[must_use]
    pub fn count(&self) -> u32 {
        u32::try_from(self.present.len()).unwrap_or(u32::MAX)
    }

    /// When the next signal is due, if there is anything to tell.
    #[must_use]
    pub fn signal_due(&self) -> Option<Millis> {
        (!self.untold.is_empty())
            .then(|| self.last_signal.map_or(Millis(0), |last| last.plus(PEOPLE_SIGNAL_INTERVAL_MILLIS)))
    }

    /// What has changed since the last signal, if it is time to tell.
    pub fn signal(&mut self, now: Millis) -> Option<Signal> {
        if self.signal_due().is_none_or(|due| now < due) {
            return None;
        }
        self.last_signal = Some(now);
        let untold = std::mem::take(&mut self.untold);
        let (mut arrived, mut departed) = (Vec::new(), Vec::new());
        if self.present.len() <= MAX_PEOPLE_LISTED {
            for id in untold {
                match self.present.get(&id) {
                    Some(present) => arrived.push(present.user.clone()),
                    None => departed.push(id),
                }
            }
        }
        Some(Signal::People { arrived, departed, count: self.count() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hubbub_protocol::UserName;

    fn user(id: i64) -> User {
        User { id: UserId(id), name: UserName::generated(u64::try_from(id).unwrap_or(0)) }
    }

    #[test]
    fn two_connections_of_one_user_are_one_person() {
        let mut people = People::default();
        people.enter(ConnectionId(1), &user(7));
        people.enter(ConnectionId(2), &user(7));
        people.enter(ConnectionId(2), &user(7));
        assert_eq!((people.count(), people.connections().count()), (1, 2));
        people.leave(ConnectionId(1));
        people.leave(ConnectionId(1));
        assert_eq!(people.count(), 1, "the second connection is still there");
        people.leave(ConnectionId(2));
        assert!(people.is_empty());
    }

    #[test]
    fn the_first_change_is_told_at_once_and_the_next_ones_together() {
        let mut people = People::default();
        people.enter(ConnectionId(1), &user(1));
        let first = people.signal(Millis(1_000));
        assert_eq!(first, Some(Signal::People { arrived: vec![user(1)], departed: vec![], count: 1 }));
        people.enter(ConnectionId(2), &user(2));
        people.enter(ConnectionId(3), &user(3));
        people.leave(ConnectionId(1));
        assert_eq!(people.signal(Millis(1_050)), None, "not so soon");
        let second = people.signal(people.signal_due().unwrap());
        let expected =
            Signal::People { arrived: vec![user(2), user(3)], departed: vec![UserId(1)], count: 2 };
        assert_eq!(second, Some(expected));
        assert_eq!(people.signal_due(), None);
    }

    #[test]
    fn who_comes_and_goes_between_two_signals_is_told_to_have_gone() {
        let mut people = People::default();
        people.enter(ConnectionId(1), &user(1));
        people.signal(Millis(0));
        people.enter(ConnectionId(2), &user(2));
        // Whoever comes in here finds user 2 on the list.
        people.enter(ConnectionId(3), &user(3));
        people.leave(ConnectionId(2));
        let told = Signal::People { arrived: vec![user(3)], departed: vec![UserId(2)], count: 2 };
        assert_eq!(people.signal(Millis(5_000)), Some(told));
    }

    #[test]
    fn a_crowd_is_counted_and_not_named() {
        let mut people = People::default();
        for id in 0..=u64::try_from(MAX_PEOPLE_LISTED).unwrap() {
            people.enter(ConnectionId(id), &user(i64::try_from(id).unwrap()));
        }
        assert_eq!(people.list().len(), MAX_PEOPLE_LISTED);
        let Some(Signal::People { arrived, count, .. }) = people.signal(Millis(0)) else {
            panic!("no signal")
        };
        assert_eq!((arrived.len(), count), (0, 201));
    }
}
