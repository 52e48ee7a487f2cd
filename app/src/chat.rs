//! What the view shows of the chat, as signals. The truth is in the client; here is its picture.

mod keyed;
mod room_picture;

use hubbub_client::{Client, Intent, Millis, RoomState};
use hubbub_protocol::{Appearance, Browsed, RoomName, Timestamp, User, UserId};
use leptos::prelude::*;

pub(crate) use keyed::set_if_new;
pub(crate) use room_picture::{After, Before, People, RoomPicture};

use crate::RoomPage;
use crate::place::Place;
use crate::trouble::Trouble;
use keyed::Keyed;

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
    /// What is wrong with the connection.
    pub(crate) trouble: RwSignal<Option<Trouble>>,
    /// The version that the server spoke of last.
    pub(crate) server_version: RwSignal<Option<String>>,
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
    pub(crate) fn new(client: &Client, place: Place, acting_as: Option<UserId>) -> Self {
        let chat = Self {
            place: RwSignal::new(place),
            acting_as,
            me: RwSignal::new(None),
            appearance: RwSignal::default(),
            rooms: Keyed::default(),
            is_listed: RwSignal::new(false),
            unread: RwSignal::new(0),
            browsed: RwSignal::new(None),
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
    }

    /// Shows who I am and how I appear.
    pub(crate) fn show_me(self, client: &Client) {
        set_if_new(self.me, client.me().cloned());
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
        client.seed_room(page.history.clone(), page.cursor, page.people.clone(), page.count);
    }
    client.handle(Intent::Open { room: page.room.clone() }, Millis(0));
    client
}
