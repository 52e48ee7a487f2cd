//! What the view shows of the chat, as signals. The truth is in the client; here is its picture.

use std::collections::HashMap;

use hubbub_client::{Client, Intent, Millis, RoomState, RowKey};
use hubbub_protocol::{User, UserId};
use leptos::prelude::*;

use crate::RoomPage;
use crate::line::{Here, Line, arrange};
use crate::trouble::Trouble;

/// The picture of one room. A handle: copies show the same.
#[derive(Clone, Copy)]
pub(crate) struct Chat {
    /// The lines from the oldest to the newest.
    pub(crate) keys: RwSignal<Vec<RowKey>>,
    /// A signal for each line, so that one that changes is drawn again and no other.
    lines: StoredValue<HashMap<RowKey, ArcRwSignal<Line>>>,
    /// What is before the first line.
    pub(crate) before: RwSignal<Before>,
    /// Who is there.
    pub(crate) people: RwSignal<People>,
    /// What is wrong with the connection.
    pub(crate) trouble: RwSignal<Option<Trouble>>,
    /// The version that the server spoke of last.
    pub(crate) server_version: RwSignal<Option<String>>,
    /// Whether the reader is at the end.
    pub(crate) at_end: RwSignal<bool>,
}

/// What is before the first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    /// Not known yet: the room has not been read.
    Unknown,
    /// Nothing, and there is no line either.
    Silence,
    /// Nothing: the room begins with the first line.
    Nothing,
    /// Messages.
    Messages,
    /// Messages, and they are coming.
    Loading,
}

/// The people in a room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct People {
    /// Which of them I am.
    pub(crate) me: Option<UserId>,
    /// As many as are told by name.
    pub(crate) listed: Vec<User>,
    /// How many there are.
    pub(crate) count: u32,
}

impl Chat {
    /// The room as the server rendered it.
    pub(crate) fn new(page: &RoomPage) -> Self {
        let chat = Self {
            keys: RwSignal::default(),
            lines: StoredValue::default(),
            before: RwSignal::new(Before::Unknown),
            people: RwSignal::default(),
            trouble: RwSignal::new(None),
            server_version: RwSignal::new(None),
            at_end: RwSignal::new(true),
        };
        let client = client_of(page, 0);
        chat.show_link(&client, Millis(0), Millis(0));
        if let Some(room) = client.room(&page.room) {
            // Whether there is a connection shows only on what waits, and nothing does yet.
            chat.show_timeline(room, client.me(), true, Here::NOWHERE);
            chat.show_people(room, client.me());
        }
        chat
    }

    /// The line of a key that is, or was a moment ago, in `keys`.
    pub(crate) fn line(self, key: RowKey) -> Option<ArcRwSignal<Line>> {
        self.lines.with_value(|lines| lines.get(&key).cloned())
    }

    /// Shows the messages of the room.
    pub(crate) fn show_timeline(self, room: &RoomState, me: Option<&User>, online: bool, here: Here) {
        let lines = arrange(room.timeline.rows(), me, online, here);
        let keys: Vec<RowKey> = lines.iter().map(|line| line.row.key).collect();
        self.lines.update_value(|known| {
            let mut before = std::mem::take(known);
            for line in lines {
                let key = line.row.key;
                let signal = before.remove(&key);
                if let Some(signal) = &signal
                    && signal.with_untracked(|shown| *shown != line)
                {
                    signal.set(line.clone());
                }
                known.insert(key, signal.unwrap_or_else(|| ArcRwSignal::new(line)));
            }
        });
        // After the lines, because whoever hears of a key looks for its line.
        let nothing = if keys.is_empty() { Before::Silence } else { Before::Nothing };
        set_if_new(self.keys, keys);
        let before = match (room.timeline.loading_older(), room.timeline.has_older()) {
            (true, _) => Before::Loading,
            (false, true) => Before::Messages,
            (false, false) if room.timeline.cursor().is_some() => nothing,
            (false, false) => Before::Unknown,
        };
        set_if_new(self.before, before);
    }

    /// Shows the people of the room.
    pub(crate) fn show_people(self, room: &RoomState, me: Option<&User>) {
        let me = me.map(|me| me.id);
        set_if_new(self.people, People { me, listed: room.people.clone(), count: room.count });
    }

    /// Shows how the connection is.
    pub(crate) fn show_link(self, client: &Client, lost_since: Millis, now: Millis) {
        set_if_new(self.trouble, Trouble::of(client.link(), lost_since, now));
        set_if_new(self.server_version, client.hello().map(|hello| hello.server.clone()));
    }
}

/// A client that begins with what the page knows.
pub(crate) fn client_of(page: &RoomPage, seed: u64) -> Client {
    let mut client = Client::new(seed);
    if let Some(me) = &page.me {
        client.seed_me(me.clone());
    }
    match &page.epoch {
        Some(epoch) => {
            client.seed_epoch(epoch.clone());
            client.seed_room(page.history.clone(), page.cursor, page.people.clone(), page.count);
        }
        None => client.handle(Intent::Open { room: page.room.clone() }, Millis(0)),
    }
    client
}

/// Nobody needs to hear of a value that is the old one.
fn set_if_new<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}
