//! Where one is: what the address says.

use hubbub_protocol::{RoomName, Seq, UserId};

/// A room, and the line in it that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    /// The room.
    pub(crate) room: RoomName,
    /// The line that is to be shown first; none is the newest.
    pub(crate) at: Option<Seq>,
}

impl Route {
    /// The room at its end.
    pub(crate) const fn of(room: RoomName) -> Self {
        Self { room, at: None }
    }

    /// Where it lives, for this user.
    pub(crate) fn path(&self, acting_as: Option<UserId>) -> String {
        match self.at {
            Some(at) => message_path(&self.room, acting_as, at),
            None => room_path(&self.room, acting_as),
        }
    }

    /// The place that an address names, and whom it names with `?as=`. `path` is what follows the host, and
    /// `search` what follows that, with its question mark. None if it leads to no room.
    #[cfg(any(feature = "browser", test))]
    pub(crate) fn parse(path: &str, search: &str) -> Option<(Self, Option<UserId>)> {
        let room = RoomName::parse(path.strip_prefix("/rooms/")?).ok()?;
        let command = |name: &str| {
            let mut pairs = search.trim_start_matches('?').split('&');
            pairs.find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
        };
        Some((Self { room, at: command("at").map(Seq) }, command("as").map(UserId)))
    }
}

/// The path of a room. `acting_as` is the guest of the session that the page is for.
#[must_use]
pub fn room_path(room: &RoomName, acting_as: Option<UserId>) -> String {
    match acting_as {
        Some(user) => format!("/rooms/{room}?as={user}"),
        None => format!("/rooms/{room}"),
    }
}

/// The path of a room, shown around a position.
#[must_use]
pub fn message_path(room: &RoomName, acting_as: Option<UserId>, at: Seq) -> String {
    with_query(&room_path(room, acting_as), "at", at)
}

/// Appends a query parameter to a path.
pub(crate) fn with_query(path: &str, name: &str, seq: Seq) -> String {
    let separator = if path.contains('?') { '&' } else { '?' };
    format!("{path}{separator}{name}={seq}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_where_one_is_and_who() {
        let tea = RoomName::parse("tea").expect("a name");
        let at = |at: Option<i64>| Route { room: tea.clone(), at: at.map(Seq) };
        assert_eq!(Route::parse("/rooms/tea", ""), Some((at(None), None)));
        assert_eq!(Route::parse("/rooms/tea", "?as=4&at=7"), Some((at(Some(7)), Some(UserId(4)))));
        assert_eq!(Route::parse("/rooms/tea", "?at=x&as="), Some((at(None), None)));
        assert_eq!(Route::parse("/rooms/tea/messages", ""), None);
        assert_eq!(Route::parse("/", "?as=4"), None);
        assert_eq!(at(Some(7)).path(Some(UserId(4))), "/rooms/tea?as=4&at=7");
    }

    #[test]
    fn a_path_keeps_who_one_is_and_says_where_one_is() {
        let tea = RoomName::parse("tea").expect("a name");
        assert_eq!(room_path(&tea, None), "/rooms/tea");
        assert_eq!(message_path(&tea, None, Seq(7)), "/rooms/tea?at=7");
        assert_eq!(message_path(&tea, Some(UserId(4)), Seq(7)), "/rooms/tea?as=4&at=7");
    }
}
