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

#[cfg(test)]
mod tests {
    use hubbub_protocol::UserName;

    use super::*;

    fn user(id: i64, name: &str) -> User {
        User { id: UserId(id), name: UserName::parse(name).unwrap() }
    }

    #[test]
    fn they_stand_in_order_of_name_then_id_and_each_once() {
        let people =
            listed(vec![user(3, "bert"), user(2, "Bert"), user(1, "Zoe"), user(3, "bert"), user(4, "anna")]);
        assert_eq!(people, [user(4, "anna"), user(2, "Bert"), user(3, "bert"), user(1, "Zoe")]);
    }

    #[test]
    fn whoever_comes_under_another_name_moves() {
        let mut people = listed(vec![user(1, "anna"), user(2, "bert")]);
        change(&mut people, vec![user(1, "Zoe")], &[]);
        assert_eq!(people, [user(2, "bert"), user(1, "Zoe")]);
    }

    #[test]
    fn a_crowd_does_not_fill_memory() {
        let crowd = |from: i64| (from..from + 1_000).map(|id| user(id, "anna")).collect();
        let mut people = listed(crowd(0));
        assert_eq!(people.len(), MAX_PEOPLE_LISTED);
        change(&mut people, crowd(5_000), &[]);
        assert_eq!(people.len(), MAX_PEOPLE_LISTED);
    }
}
