//! The people in a room.

use hubbub_protocol::{MAX_PEOPLE_LISTED, User, UserId};

/// Puts `people` in the order in which they are shown, each once and no more than are listed.
pub(crate) fn listed(mut people: Vec<User>) -> Vec<User> {
    people.sort_by_key(|user| user.id);
    people.dedup_by_key(|user| user.id);
    people.sort_by_cached_key(place);
    people.truncate(MAX_PEOPLE_LISTED);
    people
}

/// Applies who came and who went. Whoever is there already comes under a new name; whoever is not there
/// cannot go: so a change that is told twice changes nothing.
pub(crate) fn change(people: &mut Vec<User>, arrived: Vec<User>, departed: &[UserId]) {
    people.retain(|user| !departed.contains(&user.id));
    for user in arrived {
        people.retain(|other| other.id != user.id);
        if people.len() < MAX_PEOPLE_LISTED {
            let own = place(&user);
            let index = people.partition_point(|other| place(other) < own);
            people.insert(index, user);
        }
    }
}

fn place(user: &User) -> (String, UserId) {
    (user.name.folded(), user.id)
}
