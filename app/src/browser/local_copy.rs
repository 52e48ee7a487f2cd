//! The copy of the chat that the browser stores for use without a network: the user's rooms, and the newest
//! messages of recently opened rooms. Each user has a separate copy, and each room a separate key, so that
//! only changed rooms are written.

use hubbub_client::Client;
use hubbub_protocol::{
    Epoch, MyRoom, Page, ReadState, Room, RoomId, RoomName, Seq, Timestamp, Topic, User, UserId,
};
use serde::{Deserialize, Serialize};

use super::json;
use super::storage::{COPY, local_storage};
use crate::RoomPage;
use crate::lazy_part::lazy_part;

/// Maximum rooms whose messages are stored.
const MAX_ROOMS: usize = 10;
/// Maximum size of a room in bytes; the oldest messages are dropped first.
const MAX_ROOM_BYTES: usize = 96 * 1024;

/// The part of the copy that does not belong to a single room.
#[derive(Serialize, Deserialize)]
struct Whole {
    me: User,
    epoch: Epoch,
    rooms: Vec<MyRoom>,
    /// Rooms whose messages are stored, the most recently opened first.
    kept: Vec<RoomName>,
}

/// The stored part of a room.
#[derive(Serialize, Deserialize)]
struct CachedRoom {
    page: Page,
    cursor: Seq,
    read: Seq,
    topic: Topic,
}

/// The type of [`LocalCopy::write`].
pub(crate) type Write = fn(&LocalCopy, &Client, &RoomName, &[RoomName]);

lazy_part! {
    file storage, preload _preload;
    pub(crate) fn writer() -> Write { LocalCopy::write }
}

/// The local copy of one user.
#[derive(Clone, Debug)]
pub(crate) struct LocalCopy {
    acting_as: Option<UserId>,
}

impl LocalCopy {
    pub(crate) const fn new(acting_as: Option<UserId>) -> Self {
        Self { acting_as }
    }

    /// Stores the list of rooms, and the messages of the rooms in `changed`; `here` is the open room. Data
    /// that exceeds the space of the browser is dropped.
    fn write(&self, client: &Client, here: &RoomName, changed: &[RoomName]) {
        // Before the first connection there is nothing new to store.
        let (Some(store), Some(me), Some(hello)) = (local_storage(), client.me(), client.hello()) else {
            return;
        };
        let epoch = &hello.epoch;
        let mut kept = vec![here.clone()];
        if let Some(before) = self.whole() {
            // A copy of another database or another user is discarded, as are rooms that the user has left.
            let same = before.epoch == *epoch && before.me.id == me.id;
            let is_mine = |room: &RoomName| same && client.room(room).is_some_and(|room| room.is_member());
            for room in before.kept.into_iter().filter(|room| room != here) {
                if is_mine(&room) && kept.len() < MAX_ROOMS {
                    kept.push(room);
                } else {
                    _ = store.remove_item(&self.lines_key(&room));
                }
            }
        }
        let further = changed.iter().filter(|room| !kept.contains(room)).take(MAX_ROOMS - kept.len());
        let further: Vec<RoomName> = further.cloned().collect();
        kept.extend(further);
        for room in changed.iter().filter(|room| kept.contains(room)) {
            if let Some(json) = lines_of(client, room) {
                _ = store.set_item(&self.lines_key(room), &json);
            }
        }
        let whole = Whole { me: me.clone(), epoch: epoch.clone(), rooms: my_rooms(client), kept };
        if let Ok(json) = serde_json::to_string(&whole) {
            _ = store.set_item(&self.whole_key(), &json);
        }
    }

    /// Returns the stored page of a room. For a room without stored messages, the page is empty but lists the
    /// other rooms.
    pub(crate) fn page_of(&self, room: &RoomName) -> Option<RoomPage> {
        let Whole { me, epoch, rooms, kept } = self.whole()?;
        let page = RoomPage { me: Some(me), rooms, ..RoomPage::unread(room.clone(), self.acting_as) };
        let items = local_storage()?.get_item(&self.lines_key(room)).ok().flatten();
        let items = items.filter(|_| kept.contains(room));
        let Some(items) = items.and_then(|json| json::read::<CachedRoom>(&json)) else {
            return Some(page);
        };
        let CachedRoom { page: history, cursor, read, topic } = items;
        Some(RoomPage { epoch: Some(epoch), history, cursor, read, topic, ..page })
    }

    /// Returns the room that was open last.
    pub(crate) fn last_room(&self) -> Option<RoomName> {
        self.whole()?.kept.into_iter().next()
    }

    fn whole(&self) -> Option<Whole> {
        let json = local_storage()?.get_item(&self.whole_key()).ok().flatten()?;
        json::read(&json)
    }

    fn whole_key(&self) -> String {
        format!("{COPY}{}", self.whose())
    }

    fn lines_key(&self, room: &RoomName) -> String {
        format!("{COPY}{}.{room}", self.whose())
    }

    fn whose(&self) -> String {
        self.acting_as.map_or_else(|| "me".to_owned(), |user| user.to_string())
    }
}

fn lines_of(client: &Client, name: &RoomName) -> Option<String> {
    let room = client.room(name)?;
    let (mut page, cursor) = room.copy()?;
    let (read, topic) = (room.read(), room.topic().clone());
    // Estimated size of the JSON: the text, and about 300 bytes for names and numbers.
    let mut left = MAX_ROOM_BYTES;
    let fits = page.events.iter().rev().take_while(|event| {
        let bytes = event.text_bytes() + 300;
        let fits = left >= bytes;
        left = left.saturating_sub(bytes);
        fits
    });
    let dropped = page.events.len() - fits.count();
    page.older |= dropped > 0;
    page.events.drain(..dropped);
    serde_json::to_string(&CachedRoom { page, cursor, read, topic }).ok()
}

fn my_rooms(client: &Client) -> Vec<MyRoom> {
    let rooms = client.rooms().filter(|room| room.is_member());
    let mine = rooms.map(|room| MyRoom {
        // The view does not use the room id.
        room: Room { id: RoomId(0), name: room.name.clone(), topic: room.topic().clone() },
        read: ReadState {
            room: room.name.clone(),
            seq: room.read(),
            unread: room.unread(),
            head: room.timeline.cursor().unwrap_or(room.read()),
        },
        active_at: room.active_at.unwrap_or(Timestamp::from_millis(0)),
    });
    mine.collect()
}
