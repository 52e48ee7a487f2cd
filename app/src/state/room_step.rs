//! Moves from one room of the list to the next.

use hubbub_protocol::RoomName;

/// A step in the list of rooms.
#[cfg(feature = "browser")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RoomStep {
    /// To the next room if true, else to the previous one.
    pub(crate) down: bool,
    /// Skips rooms without unread messages.
    pub(crate) unread: bool,
}

/// Returns the next room after `here` that is `wanted`, or the previous one if not `down`. Wraps at both
/// ends.
pub(super) fn beside<'a>(
    rooms: &'a [RoomName],
    here: &RoomName,
    down: bool,
    scroll_target: impl Fn(&RoomName) -> bool,
) -> Option<&'a RoomName> {
    let position = rooms.iter().position(|room| room == here);
    let (before, after) = match position {
        Some(position) => (&rooms[..position], &rooms[position + 1..]),
        None => (&rooms[..0], rooms),
    };
    if down {
        after.iter().chain(before).find(|room| scroll_target(room))
    } else {
        before.iter().rev().chain(after.iter().rev()).find(|room| scroll_target(room))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_steps_wrap_around() {
        let rooms = ["a", "b", "c"].map(|name| RoomName::parse(name).expect("a name"));
        let [a, b, c] = &rooms;
        let any = |_: &RoomName| true;
        assert_eq!(beside(&rooms, b, true, any), Some(c));
        assert_eq!(beside(&rooms, c, true, any), Some(a));
        assert_eq!(beside(&rooms, a, false, any), Some(c));
        assert_eq!(beside(&rooms, b, false, |room| room == c), Some(c));
        assert_eq!(beside(&rooms, b, true, |room| room == b), None);
        let elsewhere = RoomName::parse("x").expect("a name");
        assert_eq!(beside(&rooms, &elsewhere, true, any), Some(a));
        assert_eq!(beside(&rooms, &elsewhere, false, any), Some(c));
        assert_eq!(beside(&rooms[..1], a, true, any), None);
    }
}
