//! Checks that the client does not panic and that its state stays valid, whatever frames a server sends in
//! any order.

use std::collections::{BTreeMap, BTreeSet};

use hubbub_client::{Client, Effect, Intent, Kept, MAX_UPLOADS, Millis, Seed, SocketEvent, UploadEvent};
use hubbub_protocol::{ClientId, MyRoom, RoomName, ServerFrame, User, UserId};
use proptest::prelude::*;

use crate::anything::{frame, hello, intent, my_rooms, seed, socket, somebody};
use crate::check::{check, unsent};

#[derive(Clone, Debug)]
enum Step {
    Socket(SocketEvent),
    Says(ServerFrame),
    Wants(Intent),
    Tick(u64),
    TickWhenDue,
    SeedMe(User),
    SeedRoom(Seed),
    SeedRooms(Vec<MyRoom>),
    Reload,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => socket().prop_map(Step::Socket),
        2 => hello().prop_map(Step::Says),
        30 => frame().prop_map(Step::Says),
        12 => intent().prop_map(Step::Wants),
        4 => (0_u64..40_000).prop_map(Step::Tick),
        4 => Just(Step::TickWhenDue),
        1 => somebody().prop_map(Step::SeedMe),
        1 => seed().prop_map(Step::SeedRoom),
        1 => my_rooms().prop_map(Step::SeedRooms),
        1 => Just(Step::Reload),
    ]
}

/// A tab with a server that sends arbitrary frames.
struct Tab {
    client: Client,
    now: Millis,
    storage: BTreeMap<ClientId, Kept>,
    has_socket: bool,
    /// Uploads that run.
    uploads: BTreeSet<ClientId>,
    me: Option<UserId>,
    /// Whether the tab has had several users.
    switched: bool,
}

impl Tab {
    /// Opens the lobby, so that later frames have a room to affect.
    fn new() -> Self {
        let mut tab = Self {
            client: Client::new(1),
            now: Millis(0),
            storage: BTreeMap::new(),
            has_socket: false,
            uploads: BTreeSet::new(),
            me: None,
            switched: false,
        };
        let lobby = RoomName::parse("lobby").unwrap();
        tab.take(Step::Wants(Intent::Open { room: lobby }));
        tab.take(Step::Wants(Intent::Start));
        tab.take(Step::Socket(SocketEvent::Opened));
        tab
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Socket(event) => {
                // A correct driver reports no event of a socket that was not requested.
                if self.has_socket {
                    self.has_socket = !matches!(event, SocketEvent::Closed { .. });
                    self.client.on_socket(event, self.now);
                }
            }
            Step::Says(frame) => {
                if self.has_socket {
                    self.client.on_socket(SocketEvent::text(&frame.encode()), self.now);
                }
            }
            Step::Wants(intent) => {
                if let Intent::Upload { upload_id, event: UploadEvent::Done(_) | UploadEvent::Refused(_) } =
                    &intent
                {
                    self.uploads.remove(upload_id);
                }
                self.client.handle(intent, self.now);
            }
            Step::Tick(millis) => {
                self.now = self.now.plus(millis);
                self.client.on_tick(self.now);
            }
            Step::TickWhenDue => {
                self.now = self.client.next_deadline().unwrap_or(self.now).max(self.now);
                self.client.on_tick(self.now);
                let next = self.client.next_deadline();
                assert!(next.is_none_or(|next| next > self.now), "a tick left work undone");
            }
            Step::SeedMe(me) => self.client.seed_me(me),
            Step::SeedRoom(seed) => self.client.seed_room(seed),
            Step::SeedRooms(rooms) => self.client.seed_rooms(rooms),
            Step::Reload => {
                self.client = Client::new(2);
                self.has_socket = false;
                self.uploads.clear();
                self.client.restore_outbox(self.storage.values().cloned().collect());
            }
        }
        for effect in self.client.take_effects() {
            match effect {
                Effect::Connect => assert!(!std::mem::replace(&mut self.has_socket, true)),
                Effect::Disconnect { code } => {
                    assert!(std::mem::replace(&mut self.has_socket, false));
                    assert!(code == 1000 || (3000..5000).contains(&code), "no browser sends {code}");
                }
                Effect::Send(_) => assert!(self.has_socket),
                Effect::Keep(entry) => {
                    let json = serde_json::to_string(&entry).unwrap();
                    self.storage.insert(entry.id(), serde_json::from_str(&json).unwrap());
                }
                Effect::Forget(client_id) => {
                    self.storage.remove(&client_id);
                }
                Effect::Upload { upload_id, .. } => {
                    assert!(self.uploads.insert(upload_id), "one upload twice");
                    assert!(self.uploads.len() <= MAX_UPLOADS);
                }
                Effect::StopUpload { upload_id } => assert!(self.uploads.remove(&upload_id)),
                Effect::DiscardFile { upload_id } => _ = self.uploads.remove(&upload_id),
                Effect::Refused { .. } | Effect::Restore => {}
            }
        }
        check(&self.client);
        let me = self.client.me().map(|me| me.id);
        let mine = |kept: &&Kept| me.is_none() || kept.author().is_none_or(|author| Some(author) == me);
        let kept: Vec<Kept> = self.storage.values().filter(mine).cloned().collect();
        let held = unsent(&self.client);
        assert!(held.iter().all(|held| kept.contains(held)), "waits and is nowhere kept");
        self.switched |= std::mem::replace(&mut self.me, me).is_some_and(|before| Some(before) != me);
        // Records of a former user stay in storage.
        assert!(self.switched || kept == held, "storage and what waits differ");
        self.client.take_change_set();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn survives_any_sequence_of_frames(steps in prop::collection::vec(step(), 1..120)) {
        let mut tab = Tab::new();
        for step in steps {
            tab.take(step);
        }
    }

    #[test]
    fn survives_any_text(text in "\\PC{0,60}") {
        let mut tab = Tab::new();
        tab.take(Step::Socket(SocketEvent::text(&text)));
    }
}
