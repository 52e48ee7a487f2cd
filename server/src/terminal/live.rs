//! The changing rows below the transcript: messages that are being sent, and users who are typing.

use hubbub_client::{RoomState, RowState};
use hubbub_protocol::User;

use super::line::beginning;
use super::sanitize;

/// Maximum number of unsent messages that are shown; of the others only the number is shown.
const SHOWN: usize = 3;

/// Returns the changing rows of a room.
pub(crate) fn rows(room: &RoomState, online: bool) -> Vec<String> {
    let mut rows = Vec::new();
    let mut pending = room.timeline.rows().filter_map(|row| match row.state {
        RowState::Pending(entry) | RowState::Sent { entry, .. } => Some(entry),
        _ => None,
    });
    let how = if online { "sending" } else { "waiting for the connection" };
    for entry in pending.by_ref().take(SHOWN) {
        rows.push(format!("({how}) {}", sanitize::line(&beginning(entry.text.as_str()))));
    }
    let more = pending.count();
    if more > 0 {
        rows.push(format!("({how}) and {more} more"));
    }
    rows.extend(writing(room.typing()));
    rows
}

/// Returns which users are typing: up to two by name, otherwise their number.
fn writing(users: &[User]) -> Option<String> {
    let name = |user: &User| sanitize::line(user.name.as_str());
    match users {
        [] => None,
        [one] => Some(format!("{} is writing", name(one))),
        [one, two] => Some(format!("{} and {} are writing", name(one), name(two))),
        many => Some(format!("{} people are writing", many.len())),
    }
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::{UserId, UserName};

    use super::*;

    #[test]
    fn names_two_typing_users_and_counts_more() {
        let users: Vec<User> = ["ivan", "anna", "eve"]
            .into_iter()
            .zip(1..)
            .map(|(name, id)| User { id: UserId(id), name: UserName::parse(name).unwrap() })
            .collect();
        assert_eq!(writing(&[]), None);
        assert_eq!(writing(&users[..1]).unwrap(), "ivan is writing");
        assert_eq!(writing(&users[..2]).unwrap(), "ivan and anna are writing");
        assert_eq!(writing(&users).unwrap(), "3 people are writing");
    }
}
