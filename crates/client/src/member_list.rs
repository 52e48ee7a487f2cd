//! The list of a room's members.

use hubbub_protocol::{MAX_PEOPLE_LISTED, Person, Presence, UserId};

use crate::sorted_vec_map::sort_by_number;

/// The members of a room with their presence, and the counts of all, listed or not.
#[derive(Clone, Debug, Default)]
pub(crate) struct MemberList {
    people: Vec<Person>,
    present: u32,
    members: u32,
}

impl MemberList {
    /// Sorts members for display, removes duplicates and truncates the list to its limit.
    pub(crate) fn new(mut people: Vec<Person>, present: u32, members: u32) -> Self {
        sort_by_number(&mut people, |person| person.user.id.0);
        people.dedup_by_key(|person| person.user.id);
        // Inserts one after the other: a sort of this type adds 1 KB to the download, and the list is short.
        let mut sorted = Vec::new();
        for person in people {
            let key = sort_key(&person);
            let index = sorted.partition_point(|(other, _)| *other < key);
            sorted.insert(index, (key, person));
            sorted.truncate(MAX_PEOPLE_LISTED);
        }
        let people = sorted.into_iter().map(|(_, person)| person).collect();
        Self { people, present, members }
    }

    pub(crate) fn people(&self) -> &[Person] {
        &self.people
    }

    /// Returns the number of present users.
    pub(crate) const fn present(&self) -> u32 {
        self.present
    }

    /// Returns the number of members.
    pub(crate) const fn members(&self) -> u32 {
        self.members
    }

    pub(crate) const fn set_counts(&mut self, present: u32, members: u32) {
        self.present = present;
        self.members = members;
    }

    /// Applies changed and departed members. A member who is already listed is updated, and a departed one
    /// may be missing, so that repeated changes have no effect.
    pub(crate) fn update(&mut self, changed: Vec<Person>, departed: &[UserId]) {
        let people = &mut self.people;
        people.retain(|person| !departed.contains(&person.user.id));
        for person in changed {
            people.retain(|other| other.user.id != person.user.id);
            let key = sort_key(&person);
            let index = people.partition_point(|other| sort_key(other) < key);
            people.insert(index, person);
            // Truncation drops the members who sort last, who are offline.
            people.truncate(MAX_PEOPLE_LISTED);
        }
    }
}

fn sort_key(person: &Person) -> (Presence, String, UserId) {
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

    fn listed(people: Vec<Person>) -> MemberList {
        MemberList::new(people, 0, 0)
    }

    #[test]
    fn sorts_by_presence_name_and_id_without_duplicates() {
        let list = listed(vec![
            here(3, "bert"),
            here(2, "Bert"),
            here(1, "Zoe"),
            here(3, "bert"),
            person(5, "aaron", Presence::Offline),
            person(6, "abel", Presence::Away),
            person(7, "adam", Presence::Busy),
            here(4, "anna"),
        ]);
        let ids: Vec<i64> = list.people().iter().map(|person| person.user.id.0).collect();
        assert_eq!(ids, [4, 2, 3, 1, 7, 6, 5]);
    }

    #[test]
    fn moves_a_member_whose_name_or_presence_changes() {
        let mut list = listed(vec![here(1, "anna"), here(2, "bert")]);
        list.update(vec![here(1, "Zoe")], &[]);
        assert_eq!(list.people(), [here(2, "bert"), here(1, "Zoe")]);
        list.update(vec![person(2, "bert", Presence::Offline)], &[]);
        assert_eq!(list.people(), [here(1, "Zoe"), person(2, "bert", Presence::Offline)]);
    }

    #[test]
    fn keeps_the_present_members_of_a_crowd_over_the_limit() {
        let crowd =
            |from: i64| (from..from + 1_000).map(|id| person(id, "anna", Presence::Offline)).collect();
        let mut list = listed(crowd(0));
        assert_eq!(list.people().len(), MAX_PEOPLE_LISTED);
        list.update(crowd(5_000), &[]);
        assert_eq!(list.people().len(), MAX_PEOPLE_LISTED);
        list.update(vec![here(9_999, "zoe")], &[]);
        assert_eq!(list.people()[0], here(9_999, "zoe"));
        assert_eq!(list.people().len(), MAX_PEOPLE_LISTED);
    }
}
