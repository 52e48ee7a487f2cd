//! Which names are in use: by people who are there right now, and by accounts.

use std::collections::{BTreeSet, HashMap};

use hubbub_protocol::{Millis, UserId, UserName};

/// Milliseconds a name is kept for somebody who has asked for it and has not connected yet.
const RESERVATION_MILLIS: u64 = 10_000;

/// Most reservations kept at once; beyond, the oldest are forgotten.
const MAX_RESERVATIONS: usize = 10_000;

/// Names of those present, so that two people who are there at the same time are not called the same.
/// Names are compared in lower case.
#[derive(Debug, Default)]
pub struct Names {
    present: HashMap<String, HashMap<UserId, usize>>,
    reserved: HashMap<String, (UserId, Millis)>,
    oldest: BTreeSet<(Millis, String)>,
    /// Names of accounts, which are theirs also while they are away.
    owned: HashMap<String, UserId>,
}

impl Names {
    /// `wish`, or the first of `wish2`, `wish3` ... that nobody else uses right now.
    #[must_use]
    pub fn free(&self, wish: &UserName, asker: Option<UserId>, now: Millis) -> UserName {
        if self.is_free(wish, asker, now) {
            return wish.clone();
        }
        let mut numbered = (2..).map(|number| wish.numbered(number));
        numbered.find(|name| self.is_free(name, asker, now)).unwrap_or_else(|| wish.clone())
    }

    /// Whether `asker` may be called so right now.
    #[must_use]
    pub fn is_free(&self, name: &UserName, asker: Option<UserId>, now: Millis) -> bool {
        !self.used_by_another(&name.folded(), asker, now)
    }

    /// Whether `name` belongs to an account that is not `user`.
    #[must_use]
    pub fn is_of_another(&self, name: &UserName, user: UserId) -> bool {
        self.owned.get(&name.folded()).is_some_and(|owner| *owner != user)
    }

    /// `name` belongs to the account `user` from now on, and what belonged to it before does not.
    pub fn claim(&mut self, name: &UserName, user: UserId) {
        self.disclaim(user);
        self.owned.insert(name.folded(), user);
    }

    /// `user` is no account any more.
    pub fn disclaim(&mut self, user: UserId) {
        self.owned.retain(|_, owner| *owner != user);
    }

    /// Keeps `name` for `user` for a moment, until they connect.
    pub fn reserve(&mut self, name: &UserName, user: UserId, now: Millis) {
        let name = name.folded();
        if let Some((_, since)) = self.reserved.insert(name.clone(), (user, now)) {
            self.oldest.remove(&(since, name.clone()));
        }
        self.oldest.insert((now, name));
        while self.oldest.len() > MAX_RESERVATIONS
            || self.oldest.first().is_some_and(|(since, _)| now.since(*since) > RESERVATION_MILLIS)
        {
            let Some((_, name)) = self.oldest.pop_first() else { break };
            self.reserved.remove(&name);
        }
    }

    /// A connection of `user`, called `name`, has opened.
    pub fn connect(&mut self, name: &UserName, user: UserId) {
        let name = name.folded();
        if let Some((_, since)) = self.reserved.remove(&name) {
            self.oldest.remove(&(since, name.clone()));
        }
        *self.present.entry(name).or_default().entry(user).or_default() += 1;
    }

    /// A connection of `user`, called `name`, has closed.
    pub fn disconnect(&mut self, name: &UserName, user: UserId) {
        let name = name.folded();
        let Some(users) = self.present.get_mut(&name) else { return };
        if let Some(connections) = users.get_mut(&user) {
            *connections -= 1;
            if *connections == 0 {
                users.remove(&user);
            }
        }
        if users.is_empty() {
            self.present.remove(&name);
        }
    }

    fn used_by_another(&self, name: &str, asker: Option<UserId>, now: Millis) -> bool {
        let present =
            self.present.get(name).is_some_and(|users| users.keys().any(|user| Some(*user) != asker));
        let reserved = self
            .reserved
            .get(name)
            .is_some_and(|(user, since)| Some(*user) != asker && now.since(*since) <= RESERVATION_MILLIS);
        let owned = self.owned.get(name).is_some_and(|owner| Some(*owner) != asker);
        present || reserved || owned
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> UserName {
        UserName::parse(text).unwrap()
    }

    #[test]
    fn a_second_ivan_gets_a_number_while_the_first_is_there() {
        let mut names = Names::default();
        names.connect(&name("Ivan"), UserId(1));
        assert_eq!(names.free(&name("ivan"), None, Millis(0)), name("ivan2"));
        names.connect(&name("ivan2"), UserId(2));
        assert_eq!(names.free(&name("ivan"), None, Millis(0)), name("ivan3"));
        assert_eq!(
            names.free(&name("ivan"), Some(UserId(1)), Millis(0)),
            name("ivan"),
            "the first keeps his"
        );
        names.disconnect(&name("Ivan"), UserId(1));
        assert_eq!(names.free(&name("ivan"), None, Millis(0)), name("ivan"));
    }

    #[test]
    fn a_reservation_ends_by_itself_or_with_the_connection() {
        let mut names = Names::default();
        names.reserve(&name("ivan"), UserId(1), Millis(0));
        assert_eq!(names.free(&name("ivan"), None, Millis(10_000)), name("ivan2"));
        assert_eq!(names.free(&name("ivan"), None, Millis(10_001)), name("ivan"));
        names.reserve(&name("ivan"), UserId(1), Millis(20_000));
        names.connect(&name("ivan"), UserId(1));
        names.disconnect(&name("ivan"), UserId(1));
        assert_eq!(names.free(&name("ivan"), None, Millis(20_001)), name("ivan"));
    }

    #[test]
    fn the_name_of_an_account_is_its_own_also_while_it_is_away() {
        let mut names = Names::default();
        names.claim(&name("Ivan"), UserId(1));
        assert_eq!(names.free(&name("ivan"), None, Millis(0)), name("ivan2"));
        assert!(names.is_free(&name("IVAN"), Some(UserId(1)), Millis(0)));
        names.claim(&name("John"), UserId(1));
        assert!(names.is_free(&name("ivan"), None, Millis(0)), "another name frees the first");
        names.disclaim(UserId(1));
        assert!(names.is_free(&name("john"), None, Millis(0)));
    }

    #[test]
    fn a_number_never_makes_a_name_too_long() {
        let mut names = Names::default();
        let longest = name(&"ы".repeat(32));
        names.connect(&longest, UserId(1));
        let second = names.free(&longest, None, Millis(0));
        assert_eq!(UserName::parse(second.as_str()), Ok(second.clone()));
        assert!(second.as_str().ends_with('2'));
    }
}
