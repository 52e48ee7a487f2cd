//! The list of a room's members.

use hubbub_protocol::{MAX_PEOPLE_LISTED, Person, Presence, UserId};

use crate::sorted_vec_map::sort_by_number;

/// Sorts members for display, removes duplicates and truncates the list to its limit.
pub(crate) fn listed(mut people: Vec<Person>) -> Vec<Person> {
    sort_by_number(&mut people, |person| person.user.id.0);
    people.dedup_by_key(|person| person.user.id);
    people.sort_by_cached_key(place);
    people.truncate(MAX_PEOPLE_LISTED);
    people
}

/// Applies changed and departed members. A member who is already listed is updated, and a departed one may be
/// missing, so that repeated changes have no effect.
pub(crate) fn change(people: &mut Vec<Person>, changed: Vec<Person>, departed: &[UserId]) {
    people.retain(|person| !departed.contains(&person.user.id));
    for person in changed {
        people.retain(|other| other.user.id != person.user.id);
        let own = place(&person);
        let index = people.partition_point(|other| place(other) < own);
        people.insert(index, person);
        // Truncation drops the members who sort last, who are offline.
        people.truncate(MAX_PEOPLE_LISTED);
    }
}

fn place(person: &Person) -> (Presence, String, UserId) {
    (person.presence, lower_case(person.user.name.as_str()), person.user.id)
}

/// Converts each character to lower case by itself. `str::to_lowercase` has a rule for a final sigma, whose
/// tables every browser would have to load.
fn lower_case(name: &str) -> String {
    name.chars().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::{User, UserName};

    use super::*;

    fn person(id: i64, name: &str, presence: Presence) -> Person {
        Person { user: User { id: UserId(id), name: UserName::parse(name).unwrap() }, presence }
    }

    fn here(id: i64, name: &str) -> Person {
        person(id, name, Presence::Online)
    }

    #[test]
    fn they_stand_in_order_of_presence_then_name_then_id_and_each_once() {
        let people = listed(vec![
            here(3, "bert"),
            here(2, "Bert"),
            here(1, "Zoe"),
            here(3, "bert"),
            person(5, "aaron", Presence::Offline),
            person(6, "abel", Presence::Away),
            person(7, "adam", Presence::Busy),
            here(4, "anna"),
        ]);
        let names: Vec<i64> = people.iter().map(|person| person.user.id.0).collect();
        assert_eq!(names, [4, 2, 3, 1, 7, 6, 5]);
    }

    #[test]
    fn whoever_comes_under_another_name_moves() {
        let mut people = listed(vec![here(1, "anna"), here(2, "bert")]);
        change(&mut people, vec![here(1, "Zoe")], &[]);
        assert_eq!(people, [here(2, "bert"), here(1, "Zoe")]);
        change(&mut people, vec![person(2, "bert", Presence::Offline)], &[]);
        assert_eq!(people, [here(1, "Zoe"), person(2, "bert", Presence::Offline)]);
    }

    #[test]
    fn a_crowd_does_not_fill_memory_and_keeps_those_who_are_there() {
        let crowd =
            |from: i64| (from..from + 1_000).map(|id| person(id, "anna", Presence::Offline)).collect();
        let mut people = listed(crowd(0));
        assert_eq!(people.len(), MAX_PEOPLE_LISTED);
        change(&mut people, crowd(5_000), &[]);
        assert_eq!(people.len(), MAX_PEOPLE_LISTED);
        change(&mut people, vec![here(9_999, "zoe")], &[]);
        assert_eq!(people[0], here(9_999, "zoe"));
        assert_eq!(people.len(), MAX_PEOPLE_LISTED);
    }
}
