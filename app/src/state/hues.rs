//! Assigns colours to the users of a room, which differ clearly as long as there are enough colours.

use hubbub_protocol::UserId;

/// Number of colours (`style/avatar.css`, from `.hue-0`). Any two of them differ clearly.
pub(crate) const HUES: u8 = 12;

/// Distance to the next candidate if a colour is taken. It has no common divisor with [`HUES`], so that all
/// colours are reached, and alternates between dark and light colours.
const STEP: u8 = 5;

/// The colours of the users in a room. An assigned colour does not change when further users arrive.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hues {
    /// The assigned colours, sorted by user.
    given: Vec<(UserId, u8)>,
}

impl Hues {
    /// Returns the colour that a user has if no other user in the room has it. User ids are consecutive, so
    /// the colours of users who registered one after the other are far apart.
    pub(crate) fn preferred(user: UserId) -> u8 {
        // The remainder is less than the divisor, which is a `u8`.
        u8::try_from((user.0.rem_euclid(i64::from(HUES))) * i64::from(STEP) % i64::from(HUES))
            .unwrap_or_default()
    }

    /// Assigns a colour to each user without one: the preferred colour, else the nearest of the least used
    /// colours. The result depends on the order of the users, so the server and the browser must use the same
    /// order.
    pub(crate) fn assign(&mut self, users: impl IntoIterator<Item = UserId>) {
        for user in users {
            if let Err(index) = self.given.binary_search_by_key(&user, |(user, _)| *user) {
                let hue = self.next_for(user);
                self.given.insert(index, (user, hue));
            }
        }
    }

    /// Returns the colour of a user; the preferred colour if none is assigned.
    pub(crate) fn of(&self, user: UserId) -> u8 {
        let index = self.given.binary_search_by_key(&user, |(user, _)| *user);
        index
            .ok()
            .and_then(|index| self.given.get(index))
            .map_or_else(|| Self::preferred(user), |(_, hue)| *hue)
    }

    fn next_for(&self, user: UserId) -> u8 {
        let count = |hue: u8| self.given.iter().filter(|(_, given)| *given == hue).count();
        let candidates = (0..HUES).map(|step| (Self::preferred(user) + step * STEP) % HUES);
        // Of equal counts, the first candidate is the nearest.
        candidates.min_by_key(|hue| count(*hue)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Returns the number of users for each colour.
    fn counts(users: &[i64]) -> BTreeMap<u8, usize> {
        let mut hues = Hues::default();
        hues.assign(users.iter().copied().map(UserId));
        let mut counts = BTreeMap::new();
        for user in users {
            *counts.entry(hues.of(UserId(*user))).or_default() += 1;
        }
        counts
    }

    #[test]
    fn twelve_members_have_different_colours() {
        for people in [3, 8, 12] {
            // Consecutive ids, ids with a gap, and ids with the same preferred colour.
            for distance in [1, 7, i64::from(HUES), 1_000] {
                let users: Vec<i64> = (1..=people).map(|number| number * distance).collect();
                let counts = counts(&users);
                assert_eq!(counts.len(), users.len(), "{people} people, {distance} apart: {counts:?}");
            }
        }
    }

    #[test]
    fn thirty_members_share_the_colours_evenly() {
        for distance in [1, 12, 48] {
            let users: Vec<i64> = (1..=30).map(|number| number * distance).collect();
            let counts = counts(&users);
            assert!(counts.len() == 12 && counts.values().all(|count| (2..=3).contains(count)), "{counts:?}");
        }
    }

    #[test]
    fn assigned_colour_does_not_change() {
        let mut hues = Hues::default();
        hues.assign([UserId(50), UserId(7)]);
        let before = [50, 7].map(|user| hues.of(UserId(user)));
        hues.assign((1..60).map(UserId));
        assert_eq!([50, 7].map(|user| hues.of(UserId(user))), before);
    }

    #[test]
    fn first_member_gets_the_preferred_colour() {
        let mut hues = Hues::default();
        hues.assign([UserId(26), UserId(2)]);
        assert_eq!(hues.of(UserId(26)), Hues::preferred(UserId(26)));
        assert_eq!(Hues::preferred(UserId(26)), Hues::preferred(UserId(2)));
        assert_ne!(hues.of(UserId(2)), hues.of(UserId(26)));
    }
}
