//! A simulated user: a client, the browser storage that survives it, and the client's acknowledgements.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hubbub_client::{Client, Effect, Entry, Intent, Kept, Phase, SocketEvent};
use hubbub_protocol::{ClientId, Code, Message, MessageText, Quote, RoomName, Timestamp, User};

use super::link::{Down, Link};

/// A user with one browser tab.
pub(crate) struct Somebody {
    pub(crate) user: User,
    /// `None` while the tab is closed.
    pub(crate) client: Option<Client>,
    pub(crate) link: Option<Link>,
    /// The outbox in the browser's storage.
    pub(crate) disk: BTreeMap<ClientId, Kept>,
    pub(crate) rooms: BTreeSet<RoomName>,
    /// All messages that this user posted, in order.
    pub(crate) said: Vec<(RoomName, ClientId)>,
    /// Messages that the client has reported as sent since the last check.
    pub(crate) acknowledged: Vec<ClientId>,
    pub(crate) wants_socket: bool,
    /// A post failed and was retried.
    pub(crate) has_failed: bool,
    seed: u64,
}

impl Somebody {
    pub(crate) fn new(user: User, rooms: BTreeSet<RoomName>, seed: u64) -> Self {
        Self {
            user,
            client: None,
            link: None,
            disk: BTreeMap::new(),
            rooms,
            said: Vec::new(),
            acknowledged: Vec::new(),
            wants_socket: false,
            has_failed: false,
            seed,
        }
    }

    /// Opens the tab: a new client that restores its outbox from the storage.
    pub(crate) fn open(&mut self, now: u64) {
        self.seed += 1;
        let mut client = Client::new(self.seed);
        client.restore_outbox(self.disk.values().cloned().collect());
        self.client = Some(client);
        for room in self.rooms.clone() {
            self.handle(Intent::Open { room }, now);
        }
        self.handle(Intent::Start, now);
    }

    /// Describes the state of this user, for the report of a world that does not settle.
    pub(crate) fn describe(&self) -> String {
        let Some(client) = &self.client else { return format!("{}: closed", self.user.name) };
        let rooms: Vec<String> = client
            .rooms()
            .map(|room| {
                format!(
                    "{} {:?} at {:?}, member {}, writing {:?}, {} unread after {}",
                    room.name,
                    room.phase(),
                    room.timeline.cursor(),
                    room.is_member(),
                    room.typing(),
                    room.unread(),
                    room.read()
                )
            })
            .collect();
        let waiting = self.disk.len();
        format!("{}: {:?}, {waiting} in the outbox, {}", self.user.name, client.link(), rooms.join(", "))
    }

    /// Closes the tab or lets it crash: the client and its socket are gone.
    pub(crate) fn close(&mut self) {
        self.link = None;
        self.client = None;
        self.wants_socket = false;
    }

    pub(crate) fn says(&mut self, room: &RoomName, text: &str, client_id: ClientId, now: u64) {
        self.answers(room, text, client_id, None, now);
    }

    pub(crate) fn answers(
        &mut self,
        room: &RoomName,
        text: &str,
        client_id: ClientId,
        reply_to: Option<Quote>,
        now: u64,
    ) {
        let text = MessageText::parse(text).unwrap();
        self.said.push((room.clone(), client_id));
        let at = Timestamp::from_millis(0);
        self.handle(
            Intent::Post { room: room.clone(), client_id, text, reply_to, at, files: Vec::new() },
            now,
        );
    }

    /// Returns the stored messages of a room in the client's timeline.
    pub(crate) fn messages(&self, room: &RoomName) -> Vec<Arc<Message>> {
        let room = self.client.as_ref().and_then(|client| client.room(room));
        room.map(|room| room.timeline.saved().cloned().collect()).unwrap_or_default()
    }

    /// Opens rooms again that another device has left, and retries failed posts. Cancels failed edits, which
    /// are not posts.
    pub(crate) fn insists(&mut self, now: u64) {
        let Some(client) = &self.client else { return };
        let away =
            |name: &&RoomName| client.room(name).is_none_or(|room| !room.open || room.phase() == Phase::Left);
        let open = self.rooms.iter().filter(away).cloned().map(|room| Intent::Open { room });
        let failed = client.outbox().entries().filter(|entry| entry.failed.is_some());
        let again = failed.map(|Entry { client_id, .. }| {
            let client_id = *client_id;
            let was_said = self.said.iter().any(|(_, said)| *said == client_id);
            if was_said {
                Intent::Retry { client_id, fresh: client_id }
            } else {
                Intent::Cancel { client_id }
            }
        });
        let intents: Vec<Intent> = open.chain(again).collect();
        intents.into_iter().for_each(|intent| self.handle(intent, now));
    }

    pub(crate) fn handle(&mut self, intent: Intent, now: u64) {
        if let Some(client) = &mut self.client {
            client.handle(intent, hubbub_client::Millis(now));
        }
        self.carry_out();
    }

    pub(crate) fn hear(&mut self, down: Down, now: u64) {
        let event = match down {
            Down::Opened => SocketEvent::Opened,
            Down::Text(text) => SocketEvent::text(&text),
            Down::Closed(code) => {
                self.link = None;
                SocketEvent::Closed { code }
            }
        };
        if let Some(client) = &mut self.client {
            client.on_socket(event, hubbub_client::Millis(now));
        }
        self.carry_out();
    }

    pub(crate) fn tick(&mut self, now: u64) {
        if let Some(client) = &mut self.client
            && client.next_deadline().is_some_and(|deadline| deadline.0 <= now)
        {
            client.on_tick(hubbub_client::Millis(now));
        }
        self.carry_out();
    }

    fn carry_out(&mut self) {
        let Some(client) = &mut self.client else { return };
        for effect in client.take_effects() {
            match effect {
                Effect::Connect => {
                    assert!(self.link.is_none(), "a second socket beside the first");
                    self.wants_socket = true;
                }
                Effect::Disconnect { .. } => {
                    self.link = None;
                    self.wants_socket = false;
                }
                Effect::Send(text) => {
                    if let Some(link) = self.link.as_mut().filter(|link| !link.black_hole) {
                        link.up.push_back(text);
                    }
                }
                Effect::Keep(kept) => {
                    let failed = matches!(&kept, Kept::Message(entry) if entry.failed.is_some());
                    self.has_failed |= failed && self.said.iter().any(|(_, said)| *said == kept.id());
                    self.disk.insert(kept.id(), kept);
                }
                Effect::Forget(client_id) => {
                    self.disk.remove(&client_id);
                    if self.said.iter().any(|(_, said)| *said == client_id) {
                        self.acknowledged.push(client_id);
                    }
                }
                // No other tab writes to this storage.
                Effect::Restore => {}
                Effect::Upload { .. } | Effect::StopUpload { .. } | Effect::DiscardFile { .. } => {}
                Effect::Refused { refusal, .. } => {
                    assert_ne!(refusal.code, Code::NotYours, "nobody asked for what is somebody else's");
                }
            }
        }
    }
}
