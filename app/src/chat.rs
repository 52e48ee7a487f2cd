//! What the view shows of the chat, as signals. The truth is in the client; here is its picture.

mod keyed;
mod room_picture;
mod sparse;

use hubbub_client::{Client, Intent, Millis, RoomState, Seed};
use hubbub_protocol::{Appearance, Browsed, Edits, Refusal, RoomName, Timestamp, User, UserId};
use leptos::prelude::*;

pub(crate) use keyed::set_if_new;
pub(crate) use room_picture::{After, Before, People, RoomPicture};
pub(crate) use sparse::Sparse;

use crate::RoomPage;
use crate::browser::clock;
use crate::place::Place;
use crate::trouble::Trouble;
use keyed::Keyed;

/// How long a refusal is shown, in milliseconds: long enough to read it twice.
const TOAST_MILLIS: u64 = 10_000;
/// So many are shown at once.
const MAX_TOASTS: usize = 3;

/// The picture of the whole chat but the room one looks at, which is a [`RoomPicture`]. It lives in the root,
/// as long as the page. A handle: copies show the same.
#[derive(Clone, Copy)]
pub(crate) struct Chat {
    /// Where one is.
    pub(crate) place: RwSignal<Place>,
    /// Whom the address names with `?as=`.
    pub(crate) acting_as: Option<UserId>,
    /// Who I am.
    pub(crate) me: RwSignal<Option<User>>,
    /// How I appear to others.
    pub(crate) appearance: RwSignal<Appearance>,
    /// My rooms, the one in which something was said last first.
    pub(crate) rooms: Keyed<RoomName, MyRoomPicture>,
    /// Whether my rooms are known.
    pub(crate) is_listed: RwSignal<bool>,
    /// Unread messages in all my rooms together.
    pub(crate) unread: RwSignal<u32>,
    /// Public rooms, as they were asked for last.
    pub(crate) browsed: RwSignal<Option<Browsed>>,
    /// What a message of mine said before, as it was asked for last.
    pub(crate) edits: RwSignal<Option<Edits>>,
    /// What was refused a moment ago.
    pub(crate) toasts: RwSignal<Vec<Toast>>,
    /// Whether what is shown is what this device has kept, and nothing newer.
    pub(crate) is_kept: RwSignal<bool>,
    /// The version of this page.
    pub(crate) own_version: StoredValue<String>,
    /// What is wrong with the connection.
    pub(crate) trouble: RwSignal<Option<Trouble>>,
    /// The version that the server spoke of last.
    pub(crate) server_version: RwSignal<Option<String>>,
}

/// A refusal that is shown for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Toast {
    /// Tells it from the others.
    pub(crate) number: u32,
    /// Where it was refused.
    pub(crate) room: RoomName,
    /// Why.
    pub(crate) refusal: Refusal,
}

/// A way through my rooms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// Whether to the next one, and not to the one before.
    pub(crate) down: bool,
    /// Only to a room with unread messages.
    pub(crate) unread: bool,
}

/// One of my rooms, as the sidebar shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MyRoomPicture {
    /// Messages that are not read.
    pub(crate) unread: u32,
    /// What the room is about.
    pub(crate) topic: String,
}

impl Chat {
    /// The chat as the server rendered it.
    pub(crate) fn new(client: &Client, page: &RoomPage, own_version: String, is_kept: bool) -> Self {
        let chat = Self {
            place: RwSignal::new(page.place()),
            acting_as: page.acting_as,
            me: RwSignal::new(None),
            appearance: RwSignal::new(page.appearance),
            rooms: Keyed::default(),
            is_listed: RwSignal::new(false),
            unread: RwSignal::new(0),
            browsed: RwSignal::new(None),
            edits: RwSignal::new(None),
            toasts: RwSignal::default(),
            is_kept: RwSignal::new(is_kept),
            own_version: StoredValue::new(own_version),
            trouble: RwSignal::new(None),
            server_version: RwSignal::new(None),
        };
        chat.show_link(client, Millis(0), Millis(0));
        chat.show_me(client);
        chat.show_rooms(client);
        chat
    }

    /// Shows how the connection is.
    pub(crate) fn show_link(self, client: &Client, lost_since: Millis, now: Millis) {
        set_if_new(self.trouble, Trouble::of(client.link(), lost_since, now));
        set_if_new(self.server_version, client.hello().map(|hello| hello.server.clone()));
        if client.link().is_online() {
            set_if_new(self.is_kept, false);
        }
    }

    /// Shows who I am.
    pub(crate) fn show_me(self, client: &Client) {
        set_if_new(self.me, client.me().cloned());
    }

    /// Shows how I appear.
    pub(crate) fn show_appearance(self, client: &Client) {
        set_if_new(self.appearance, client.appearance());
    }

    /// Shows my rooms.
    pub(crate) fn show_rooms(self, client: &Client) {
        let mut rooms: Vec<&RoomState> = client.rooms().filter(|room| room.member).collect();
        rooms.sort_by_key(|room| std::cmp::Reverse(room.active_at.map(Timestamp::millis)));
        set_if_new(self.unread, rooms.iter().map(|room| room.unread).sum());
        self.rooms.show(rooms.into_iter().map(|room| {
            let picture = MyRoomPicture { unread: room.unread, topic: room.topic.to_string() };
            (room.name.clone(), picture)
        }));
        set_if_new(self.is_listed, client.is_listed());
    }

    /// Shows the public rooms that were asked for.
    pub(crate) fn show_browsed(self, client: &Client) {
        set_if_new(self.browsed, client.browsed().cloned());
    }

    /// Shows the former texts that were asked for.
    pub(crate) fn show_edits(self, client: &Client) {
        set_if_new(self.edits, client.edits().cloned());
    }

    /// Says that something was refused, for a while.
    pub(crate) fn show_toast(self, room: RoomName, refusal: Refusal) {
        let number = self.toasts.with_untracked(|toasts| toasts.last().map_or(0, |last| last.number + 1));
        self.toasts.update(|toasts| {
            toasts.push(Toast { number, room, refusal });
            // Whoever does ten things without a connection need not read ten sentences at once.
            if toasts.len() > MAX_TOASTS {
                toasts.remove(0);
            }
        });
        clock::after(TOAST_MILLIS, move || self.close_toast(number));
    }

    /// It is read.
    pub(crate) fn close_toast(self, number: u32) {
        self.toasts.update(|toasts| toasts.retain(|toast| toast.number != number));
    }

    /// What one of my rooms is about.
    pub(crate) fn topic_of(self, room: &RoomName) -> String {
        self.rooms
            .value(room)
            .map(|shown| shown.with_untracked(|shown| shown.topic.clone()))
            .unwrap_or_default()
    }

    /// The room beside the one I am in. After the last comes the first.
    pub(crate) fn beside(self, step: Step) -> Option<RoomName> {
        let here = self.place.with_untracked(|place| place.room.clone());
        let is_unread = |room: &RoomName| {
            self.rooms.value(room).is_some_and(|shown| shown.with_untracked(|shown| shown.unread > 0))
        };
        self.rooms.keys.with_untracked(|rooms| {
            beside(rooms, &here, step.down, |room| !step.unread || is_unread(room)).cloned()
        })
    }
}

/// The first room after `here` that is `wanted`, or before it if not `down`.
fn beside<'a>(
    rooms: &'a [RoomName],
    here: &RoomName,
    down: bool,
    wanted: impl Fn(&RoomName) -> bool,
) -> Option<&'a RoomName> {
    let position = rooms.iter().position(|room| room == here);
    let (before, after) = match position {
        Some(position) => (&rooms[..position], &rooms[position + 1..]),
        None => (&rooms[..0], rooms),
    };
    if down {
        after.iter().chain(before).find(|room| wanted(room))
    } else {
        before.iter().rev().chain(after.iter().rev()).find(|room| wanted(room))
    }
}

/// A client that begins with what the page knows.
pub(crate) fn client_of(page: &RoomPage, seed: u64) -> Client {
    let mut client = Client::new(seed);
    if let Some(me) = &page.me {
        client.seed_me(me.clone());
    }
    if let Some(epoch) = &page.epoch {
        client.seed_epoch(epoch.clone());
        client.seed_rooms(page.rooms.clone());
        client.seed_room(Seed {
            page: page.history.clone(),
            cursor: page.cursor,
            topic: page.topic.clone(),
            people: page.people.clone(),
            count: page.count,
            members: page.members,
            marks: page.marks.clone(),
        });
    }
    client.handle(Intent::Open { room: page.room.clone() }, Millis(0));
    client
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_the_last_room_comes_the_first() {
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
