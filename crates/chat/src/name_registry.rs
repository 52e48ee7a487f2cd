//! The names in use, by present users and by accounts.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use hubbub_protocol::{Millis, UserId, UserName};

use crate::text::{NameKey, NameSkeletons, numbered};

/// Milliseconds for which a name is reserved for a user who has not connected yet.
const RESERVATION_MILLIS: u64 = 10_000;
/// Maximum reservations. Beyond it, the oldest are dropped.
const MAX_RESERVATIONS: usize = 10_000;
/// The last number that is tried in order. Later numbers are random, because counting would take a thousand
/// steps with a thousand users of one name.
const LAST_NUMBER_IN_TURN: u32 = 20;
/// The ranges of the random numbers.
const RANDOM_NUMBERS: [u32; 8] =
    [1_000, 1_000, 1_000, 100_000, 100_000, 1_000_000_000, 1_000_000_000, 1_000_000_000];

/// The names of present users, so that no two of them have names that look alike.
///
/// Names of absent users are in the store, which callers check before [`NameRegistry::choose`].
#[derive(Debug, Default)]
pub struct NameRegistry {
    /// Number of connections of each user, by name skeleton.
    present: HashMap<String, HashMap<UserId, usize>>,
    /// Reservations by name skeleton. A guest who is being created has no id yet.
    reserved: HashMap<String, (Option<UserId>, Millis)>,
    oldest: BTreeSet<(Millis, String)>,
    /// Owners of account names. Accounts from older versions may share a name.
    owned: BTreeMap<NameKey, BTreeSet<UserId>>,
}

impl NameRegistry {
    /// Returns `wish` and its alternatives if it is taken: `wish2`, `wish3` and so on. `random` returns a
    /// number below its argument.
    #[must_use]
    pub fn alternatives(wish: &UserName, mut random: impl FnMut(u32) -> u32) -> Vec<UserName> {
        let in_turn = (2..=LAST_NUMBER_IN_TURN).map(|number| numbered(wish, number));
        let further =
            RANDOM_NUMBERS.map(|range| numbered(wish, LAST_NUMBER_IN_TURN.saturating_add(1 + random(range))));
        std::iter::once(wish.clone()).chain(in_turn).chain(further).collect()
    }

    /// Returns and reserves the first of `names` that no other user has and whose skeletons are not in
    /// `held`. `asker` is `None` for a guest who is being created.
    pub fn choose(
        &mut self,
        names: Vec<UserName>,
        held: &HashSet<String>,
        asker: Option<UserId>,
        now: Millis,
    ) -> Option<UserName> {
        let free = names.into_iter().find(|name| {
            let skeletons = NameSkeletons::of(name.as_str());
            !skeletons.iter().any(|look| held.contains(look) || self.is_used_by_another(look, asker, now))
        })?;
        self.reserve(&free, asker, now);
        Some(free)
    }

    /// Returns whether `name` belongs to the account of another user.
    #[must_use]
    pub fn belongs_to_other(&self, name: &UserName, user: UserId) -> bool {
        let owners = self.owned.get(&NameKey::of(name.as_str()));
        owners.is_some_and(|owners| !owners.contains(&user))
    }

    /// Assigns `name` to the account `user` and releases its former name.
    pub fn claim(&mut self, name: &UserName, user: UserId) {
        self.disclaim(user);
        self.owned.entry(NameKey::of(name.as_str())).or_default().insert(user);
    }

    /// Releases the name of a deleted account.
    pub fn disclaim(&mut self, user: UserId) {
        self.owned.retain(|_, owners| {
            owners.remove(&user);
            !owners.is_empty()
        });
    }

    /// Reserves `name` for `user` for a short time, until the user connects.
    pub fn reserve(&mut self, name: &UserName, user: Option<UserId>, now: Millis) {
        for look in NameSkeletons::of(name.as_str()).iter() {
            if let Some((_, since)) = self.reserved.insert(look.to_owned(), (user, now)) {
                self.oldest.remove(&(since, look.to_owned()));
            }
            self.oldest.insert((now, look.to_owned()));
        }
        while self.oldest.len() > MAX_RESERVATIONS
            || self.oldest.first().is_some_and(|(since, _)| now.since(*since) > RESERVATION_MILLIS)
        {
            let Some((_, look)) = self.oldest.pop_first() else { break };
            self.reserved.remove(&look);
        }
    }

    /// Ends the reservation of `name`, which is now in the store.
    pub fn release(&mut self, name: &UserName) {
        for look in NameSkeletons::of(name.as_str()).iter() {
            if let Some((_, since)) = self.reserved.remove(look) {
                self.oldest.remove(&(since, look.to_owned()));
            }
        }
    }

    /// Records a new connection of `user` with the name `name`.
    pub fn connect(&mut self, name: &UserName, user: UserId) {
        for look in NameSkeletons::of(name.as_str()).iter() {
            if let Some((Some(holder), since)) = self.reserved.get(look).copied()
                && holder == user
            {
                self.reserved.remove(look);
                self.oldest.remove(&(since, look.to_owned()));
            }
            *self.present.entry(look.to_owned()).or_default().entry(user).or_default() += 1;
        }
    }

    /// Records the end of a connection of `user` with the name `name`.
    pub fn disconnect(&mut self, name: &UserName, user: UserId) {
        for look in NameSkeletons::of(name.as_str()).iter() {
            let Some(users) = self.present.get_mut(look) else { continue };
            if let Some(connections) = users.get_mut(&user) {
                *connections -= 1;
                if *connections == 0 {
                    users.remove(&user);
                }
            }
            if users.is_empty() {
                self.present.remove(look);
            }
        }
    }

    fn is_used_by_another(&self, look: &str, asker: Option<UserId>, now: Millis) -> bool {
        let is_another = |user: UserId| Some(user) != asker;
        let present = self.present.get(look).is_some_and(|users| users.keys().any(|user| is_another(*user)));
        let reserved = self.reserved.get(look).is_some_and(|(holder, since)| {
            holder.is_none_or(is_another) && now.since(*since) <= RESERVATION_MILLIS
        });
        present || reserved
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::user_name;

    fn name(text: &str) -> UserName {
        user_name(text).unwrap()
    }

    /// Returns the name that a user with this wish receives.
    fn chosen(names: &mut NameRegistry, wish: &str, asker: Option<UserId>, now: u64) -> String {
        held(names, wish, &[], asker, now)
    }

    fn held(
        names: &mut NameRegistry,
        wish: &str,
        skeletons: &[&str],
        asker: Option<UserId>,
        now: u64,
    ) -> String {
        let held = skeletons.iter().map(|look| (*look).to_owned()).collect();
        let names = names.choose(NameRegistry::alternatives(&name(wish), |_| 0), &held, asker, Millis(now));
        names.unwrap().to_string()
    }

    /// A time after the end of all reservations.
    const LATER: u64 = 100_000;

    #[test]
    fn numbers_a_name_that_is_in_use() {
        let mut names = NameRegistry::default();
        names.connect(&name("Ivan"), UserId(1));
        for (wish, called) in
            [("ivan", "ivan2"), ("IVAN", "IVAN2"), ("іvan", "іvan2"), ("ｉｖａｎ", "ｉｖａｎ2")]
        {
            let mut names = NameRegistry::default();
            names.connect(&name("Ivan"), UserId(1));
            assert_eq!(chosen(&mut names, wish, None, 0), called);
        }
        assert_eq!(chosen(&mut names, "ivan", Some(UserId(1)), 0), "ivan", "the first keeps his");
        names.disconnect(&name("Ivan"), UserId(1));
        assert_eq!(chosen(&mut names, "ivan", None, LATER), "ivan");
    }

    #[test]
    fn reserves_a_name_when_it_is_chosen() {
        let mut names = NameRegistry::default();
        assert_eq!(chosen(&mut names, "ivan", None, 0), "ivan");
        assert_eq!(chosen(&mut names, "ivan", None, 0), "ivan2", "both are being made");
        assert_eq!(chosen(&mut names, "ivan", None, 10_000), "ivan3");
        assert_eq!(chosen(&mut names, "ivan", None, 10_001), "ivan");
        names.reserve(&name("ivan"), Some(UserId(1)), Millis(20_000));
        assert_eq!(chosen(&mut names, "ivan", Some(UserId(1)), 20_000), "ivan");
        names.connect(&name("ivan"), UserId(1));
        names.disconnect(&name("ivan"), UserId(1));
        assert_eq!(chosen(&mut names, "ivan", None, 20_001), "ivan");
    }

    #[test]
    fn numbers_a_name_held_by_an_absent_user() {
        let mut names = NameRegistry::default();
        assert_eq!(held(&mut names, "Twin", &["twin", "twin2"], None, 0), "Twin3");
    }

    #[test]
    fn numbers_are_random_if_many_users_share_a_name() {
        let mut names = NameRegistry::default();
        let wish = name("ivan");
        for number in 1..=20 {
            let taken = if number == 1 { wish.clone() } else { numbered(&wish, number) };
            names.connect(&taken, UserId(number.into()));
        }
        let all = NameRegistry::alternatives(&wish, |range| range - 1);
        assert_eq!(all.last().unwrap().as_str(), "ivan1000000020");
        let called = names.choose(all, &HashSet::new(), None, Millis(0)).unwrap();
        assert_eq!(called.as_str(), "ivan1020");
    }

    #[test]
    fn name_of_an_account_stays_reserved_while_offline() {
        let mut names = NameRegistry::default();
        names.claim(&name("Ivan"), UserId(1));
        assert!(names.belongs_to_other(&name("ivan"), UserId(2)));
        assert!(!names.belongs_to_other(&name("IVAN"), UserId(1)));
        names.claim(&name("ivan"), UserId(3));
        names.claim(&name("John"), UserId(1));
        assert!(names.belongs_to_other(&name("ivan"), UserId(2)), "another has it still");
        names.disclaim(UserId(3));
        assert!(!names.belongs_to_other(&name("ivan"), UserId(2)));
        names.disclaim(UserId(1));
        assert!(!names.belongs_to_other(&name("john"), UserId(2)));
    }
}
