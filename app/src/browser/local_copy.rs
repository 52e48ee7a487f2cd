//! What the browser keeps of the chat for when there is no network: my rooms, and the newest lines of those I
//! was in last. Each user has a copy of their own, and each room is a key of its own, so that only what has
//! changed is written.

use hubbub_client::Client;
use hubbub_protocol::{
    Epoch, MyRoom, Page, ReadState, Room, RoomId, RoomName, Seq, Timestamp, Topic, User, UserId,
};
use serde::{Deserialize, Serialize};

use super::json;
use super::storage::{COPY, local_storage};
use crate::RoomPage;
use crate::lazy_part::lazy_part;

/// Rooms whose lines are kept.
const MAX_ROOMS: usize = 10;
/// Bytes of one room; the oldest lines go first.
const MAX_ROOM_BYTES: usize = 96 * 1024;

/// What is kept of the chat as a whole.
#[derive(Serialize, Deserialize)]
struct Whole {
    me: User,
    epoch: Epoch,
    rooms: Vec<MyRoom>,
    /// The rooms whose lines are kept, the last one first.
    kept: Vec<RoomName>,
}

/// What is kept of a room.
#[derive(Serialize, Deserialize)]
struct Items {
    page: Page,
    cursor: Seq,
    read: Seq,
    topic: Topic,
}

/// Writes the local copy: [`LocalCopy::write`].
pub(crate) type Write = fn(&LocalCopy, &Client, &RoomName, &[RoomName]);

lazy_part! {
    file local_copy, preload preload;
    pub(crate) fn writer() -> Write { LocalCopy::write }
}

/// The copy of one user.
#[derive(Clone, Debug)]
pub(crate) struct LocalCopy {
    acting_as: Option<UserId>,
}

impl LocalCopy {
    pub(crate) const fn new(acting_as: Option<UserId>) -> Self {
        Self { acting_as }
    }

    /// Keeps my rooms, and the lines of those in `changed`; `here` is the one I am in. What does not fit into
    /// the browser's space is not kept, and does no harm.
    fn write(&self, client: &Client, here: &RoomName, changed: &[RoomName]) {
        // Without a server there is nothing new.
        let (Some(store), Some(me), Some(hello)) = (local_storage(), client.me(), client.hello()) else {
            return;
        };
        let epoch = &hello.epoch;
        let mut kept = vec![here.clone()];
        if let Some(before) = self.whole() {
            // Of another database, or of somebody else, nothing is of use; nor of a room that one has left.
            let same = before.epoch == *epoch && before.me.id == me.id;
            let is_mine = |room: &RoomName| same && client.room(room).is_some_and(|room| room.member);
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

    /// The room as it is kept. A room whose lines are not kept is empty, beside the others.
    pub(crate) fn page_of(&self, room: &RoomName) -> Option<RoomPage> {
        let Whole { me, epoch, rooms, kept } = self.whole()?;
        let page = RoomPage { me: Some(me), rooms, ..RoomPage::unread(room.clone(), self.acting_as) };
        let items = local_storage()?.get_item(&self.lines_key(room)).ok().flatten();
        let items = items.filter(|_| kept.contains(room));
        let Some(items) = items.and_then(|json| json::read::<Items>(&json)) else {
            return Some(page);
        };
        let Items { page: history, cursor, read, topic } = items;
        Some(RoomPage { epoch: Some(epoch), history, cursor, read, topic, ..page })
    }

    /// The room one was in last.
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
    let (read, topic) = (room.read, room.topic.clone());
    // About what the JSON will be; names and numbers around a text are some 300 bytes.
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
    serde_json::to_string(&Items { page, cursor, read, topic }).ok()
}

fn my_rooms(client: &Client) -> Vec<MyRoom> {
    let rooms = client.rooms().filter(|room| room.member);
    let mine = rooms.map(|room| MyRoom {
        // Nothing in the view asks for a room by its number.
        room: Room { id: RoomId(0), name: room.name.clone(), topic: room.topic.clone() },
        read: ReadState {
            room: room.name.clone(),
            seq: room.read,
            unread: room.unread,
            head: room.timeline.cursor().unwrap_or(room.read),
        },
        active_at: room.active_at.unwrap_or(Timestamp::from_millis(0)),
    });
    mine.collect()
}
