//! The members of a room and their presence: a column on wide screens, else a drawer that a button in the
//! room bar opens. The browser opens and closes the drawer (HTML popover), without a script.

use hubbub_protocol::{Person, Presence, UserId};
use leptos::prelude::*;

use super::avatar::{Avatar, presence_words};
use super::drawer_close::DrawerClose;
use super::icon::{Icon, IconName};
use crate::i18n::strings;
use crate::state::RoomPeople;

const ID: &str = "people";
const TITLE_ID: &str = "people-title";

/// The button that opens the drawer; it shows the number of present users.
#[component]
pub(crate) fn PeopleToggle(people: RwSignal<RoomPeople>) -> impl IntoView {
    let strings = strings();
    let count = move || people.with(|people| people.online.then_some(people.count));
    let label = move || count().map_or_else(|| strings.frame.people.to_owned(), strings.people_count);
    view! {
        <button
            class="button button-bare people-toggle"
            type="button"
            popovertarget=ID
            aria-label=label
        >
            <Icon name=IconName::People />
            <span class="people-toggle-count" aria-hidden="true">
                {count}
            </span>
        </button>
    }
}

/// The number of present users as text.
#[component]
pub(crate) fn PeopleCount(people: RwSignal<RoomPeople>) -> impl IntoView {
    let strings = strings();
    let count = move || {
        people
            .with(|people| (people.is_known() && people.online).then(|| (strings.people_count)(people.count)))
    };
    view! {
        <p class="room-count" data-people-count="">
            {count}
        </p>
    }
}

/// The members by name, in two groups: present and absent.
#[component]
pub(crate) fn PeopleList(people: RwSignal<RoomPeople>) -> impl IntoView {
    let strings = strings();
    view! {
        <aside class="people" id=ID popover="auto" aria-labelledby=TITLE_ID>
            <div class="people-head">
                <h2 class="people-title" id=TITLE_ID>
                    {strings.frame.people}
                </h2>
                <span class="people-members">
                    {move || {
                        people.with(|people| people.is_known().then(|| (strings.frame.members)(people.members)))
                    }}
                </span>
                <DrawerClose drawer=ID class="button button-bare people-close" />
            </div>
            <Group people here=true />
            <Group people here=false />
        </aside>
    }
}

/// One group of members. An empty group is not shown.
#[component]
fn Group(people: RwSignal<RoomPeople>, here: bool) -> impl IntoView {
    let strings = strings();
    let id = if here { "people-here" } else { "people-not-here" };
    move || {
        let title = match people.with(|people| people.online) {
            true if here => strings.frame.here,
            true => strings.frame.not_here,
            false => strings.frame.people,
        };
        let (persons, count, me) = people.with(|people| group(people, here));
        if count == 0 {
            return None;
        }
        let more = usize::try_from(count).unwrap_or(usize::MAX).saturating_sub(persons.len());
        let persons = persons.into_iter().map(|person| {
            let you = me == Some(person.user.id);
            let known = people.with_untracked(|people| people.online);
            view! { <PersonLine person you known /> }
        });
        Some(view! {
            <section class="people-group" aria-labelledby=id>
                <h3 class="people-group-title" id=id>
                    {title}
                    " "
                    <span class="people-group-count">{count}</span>
                </h3>
                // Some screen readers do not treat a list without markers as a list, unless it has the role.
                <ul role="list">{persons.collect_view()}</ul>
                {(more > 0).then(|| view! { <p class="people-more">{(strings.and_more)(more)}</p> })}
            </section>
        })
    }
}

impl RoomPeople {
    /// Whether the members are known. An empty list means that they have not been received, because a room
    /// with a reader has members.
    const fn is_known(&self) -> bool {
        self.members > 0 || self.count > 0
    }
}

/// Returns the listed members of a group, the number of all members of the group, and the current user. While
/// the presence is not known, all members are in one group.
fn group(people: &RoomPeople, here: bool) -> (Vec<Person>, u32, Option<UserId>) {
    let of_group = |person: &&Person| (people.online && person.presence != Presence::Offline) == here;
    let persons: Vec<Person> = people.listed.iter().filter(of_group).cloned().collect();
    let there = if people.online { people.count } else { 0 };
    let count = if here { there } else { people.members.saturating_sub(there) };
    // The counts may arrive after the names.
    let count = count.max(u32::try_from(persons.len()).unwrap_or(u32::MAX));
    (persons, count, people.me)
}

#[component]
fn PersonLine(
    person: Person,
    you: bool,
    /// Whether the presence of the members is known.
    known: bool,
) -> impl IntoView {
    let strings = strings();
    let Person { user, presence } = person;
    view! {
        <li class="person" data-person="" data-presence-of=user.id.to_string()>
            <Avatar user=user.clone() presence=known.then_some(presence) />
            <span class="person-name">
                <bdi>{user.name.to_string()}</bdi>
                {you.then(|| view! { <span class="person-you">" "{strings.you}</span> })}
            </span>
            <span class="person-presence" class:visually-hidden=presence != Presence::Busy && presence != Presence::Away>
                {known.then(|| presence_words(presence))}
            </span>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::{User, UserName};

    use super::*;

    fn person(id: i64, presence: Presence) -> Person {
        let user = User { id: UserId(id), name: UserName::parse("Ada").expect("a name") };
        Person { user, presence }
    }

    #[test]
    fn away_members_count_as_present() {
        let listed =
            [Presence::Online, Presence::Busy, Presence::Away, Presence::Offline].into_iter().zip(1..);
        let listed = listed.map(|(presence, id)| person(id, presence)).collect();
        let people = RoomPeople { me: None, listed, online: true, count: 7, members: 20 };
        let (here, count, _) = group(&people, true);
        assert_eq!((here.len(), count), (3, 7));
        let (others, count, _) = group(&people, false);
        assert_eq!((others.len(), count), (1, 13));
        let unknown = RoomPeople { online: false, ..people };
        assert_eq!(group(&unknown, true).1, 0, "without a connection nobody is said to be here");
        let (all, count, _) = group(&unknown, false);
        assert_eq!((all.len(), count), (4, 20));
    }
}
