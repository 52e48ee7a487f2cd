//! The room and the message that an address names.

use std::borrow::Cow;

use hubbub_protocol::{Attachment, RoomName, Seq, UserId};

/// A room, and the requested message in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    /// Name of the room.
    pub(crate) room: RoomName,
    /// The position that is shown first; `None` is the end of the room.
    pub(crate) at: Option<Seq>,
}

impl Route {
    /// Returns the route to the end of a room.
    pub(crate) const fn of(room: RoomName) -> Self {
        Self { room, at: None }
    }

    /// Returns the path of the route for this user.
    pub(crate) fn path(&self, acting_as: Option<UserId>) -> String {
        match self.at {
            Some(at) => message_path(&self.room, acting_as, at),
            None => room_path(&self.room, acting_as),
        }
    }

    /// Parses an address: the route, and the user of `?as=`. `path` is the part after the host, and `search` the query
    /// with its question mark. Returns `None` if the address is not that of a room. The name is not checked by the rules
    /// for new rooms, because rooms of older versions may have other names; the server refuses what is not a room.
    #[cfg(any(feature = "browser", test))]
    pub(crate) fn parse(path: &str, search: &str) -> Option<(Self, Option<UserId>)> {
        let name = decode(path.strip_prefix("/rooms/")?)?;
        let param = |name: &str| {
            let mut pairs = search.trim_start_matches('?').split('&');
            pairs.find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
        };
        let room = RoomName::from_stored(name);
        Some((Self { room, at: param("at").map(Seq) }, param("as").map(UserId)))
    }
}

/// Returns the path of a room. `acting_as` is the guest of the session that the page is for.
#[must_use]
pub fn room_path(room: &RoomName, acting_as: Option<UserId>) -> String {
    let name = encode(room.as_str());
    match acting_as {
        Some(user) => format!("/rooms/{name}?as={user}"),
        None => format!("/rooms/{name}"),
    }
}

/// Returns the path of a page that leads to a room afterwards, or `path` without a room. The name is not checked.
#[must_use]
pub fn path_to_room(path: &str, room: &str) -> String {
    if room.is_empty() { path.to_owned() } else { format!("{path}?room={}", encode(room)) }
}

/// Returns the path of a file.
pub(crate) fn file_path(file: &Attachment) -> String {
    format!("/files/{}/{}", file.id.0, encode(file.name.as_str()))
}

/// Percent-encodes a segment of a path or a value of a query (RFC 3986, section 2.1): everything but letters, digits, `-`, `.`, `_` and `~`.
fn encode(segment: &str) -> Cow<'_, str> {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    if segment.as_bytes().iter().all(is_plain) {
        return Cow::Borrowed(segment);
    }
    let mut encoded = String::new();
    for byte in segment.bytes() {
        if is_plain(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.extend(
                [byte >> 4, byte & 15].into_iter().filter_map(|digit| char::from_digit(digit.into(), 16)),
            );
        }
    }
    Cow::Owned(encoded)
}

/// Decodes a segment of a path. Returns `None` if it is empty, is more than one segment, or is not UTF-8.
#[cfg(any(feature = "browser", test))]
fn decode(segment: &str) -> Option<String> {
    let mut parts = segment.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok().filter(|_| !segment.is_empty() && !segment.contains('/'))
}

/// Returns the path of a room, shown around a position.
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
    fn parses_the_room_the_position_and_the_user() {
        let tea = RoomName::parse("tea").expect("a name");
        let at = |at: Option<i64>| Route { room: tea.clone(), at: at.map(Seq) };
        assert_eq!(Route::parse("/rooms/tea", ""), Some((at(None), None)));
        assert_eq!(Route::parse("/rooms/tea", "?as=4&at=7"), Some((at(Some(7)), Some(UserId(4)))));
        assert_eq!(Route::parse("/rooms/tea", "?at=x&as="), Some((at(None), None)));
        assert_eq!(Route::parse("/rooms/tea/messages", ""), None);
        assert_eq!(Route::parse("/", "?as=4"), None);
        assert_eq!(Route::parse("/rooms/", ""), None);
        assert_eq!(at(Some(7)).path(Some(UserId(4))), "/rooms/tea?as=4&at=7");
    }

    #[test]
    fn formats_a_path_with_room_user_and_position() {
        let tea = RoomName::parse("tea").expect("a name");
        assert_eq!(room_path(&tea, None), "/rooms/tea");
        assert_eq!(message_path(&tea, None, Seq(7)), "/rooms/tea?at=7");
        assert_eq!(message_path(&tea, Some(UserId(4)), Seq(7)), "/rooms/tea?as=4&at=7");
    }

    #[test]
    fn room_names_survive_encoding_in_a_path() {
        for name in ["комната 1", "100%", "a/b?c#d", "看"] {
            let path = room_path(&RoomName::from_stored(name), None);
            assert_eq!(path_to_room("/rooms", name).replace("?room=", "/"), path);
            assert!(
                path.is_ascii() && path.matches('/').count() == 2 && !path.contains(['?', '#']),
                "{path}"
            );
            assert_eq!(
                Route::parse(&path, "").map(|(route, _)| route.room.to_string()).as_deref(),
                Some(name)
            );
        }
        for bad in ["/rooms/%", "/rooms/%4", "/rooms/%zz", "/rooms/%ff", "/rooms/%é"] {
            assert_eq!(Route::parse(bad, ""), None, "{bad}");
        }
    }
}
