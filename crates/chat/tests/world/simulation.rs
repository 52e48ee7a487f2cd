//! The whole world: its random events, the recovery and the checks.

use std::collections::BTreeSet;

use hubbub_chat::{ConnectionId, MemoryStore, PageAnchor, Store};
use hubbub_client::Phase;
use hubbub_protocol::{ClientId, Event, Message, Millis, RoomName, Seq, User, UserId, UserName};
use pollster::block_on;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

use super::link::{Down, Link};
use super::person::Somebody;
use super::server::{Sent, Server};

/// The faults that occur.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultProfile {
    /// Delays only.
    Latency,
    /// Links drop, stall and vanish; tabs close; the server is killed.
    Faulty,
    /// In addition, writes fail, and links duplicate and reorder frames.
    Adversarial,
}

/// Simulated milliseconds within which a world must recover.
const HEALING_MILLIS: u64 = 15 * 60_000;

/// A server, its store and its users.
pub(crate) struct World {
    profile: FaultProfile,
    /// Whether each sender's messages keep their order. The order changes if a write fails after a later
    /// write was sent, or if a frame is reordered.
    pub(super) orderly: bool,
    /// The profile of the world before recovery.
    pub(super) initial_profile: FaultProfile,
    pub(super) random: SmallRng,
    pub(super) now: u64,
    pub(super) store: MemoryStore,
    pub(super) server: Option<Server>,
    pub(super) people: Vec<Somebody>,
    pub(super) rooms: Vec<RoomName>,
    next_connection: u64,
    pub(crate) kills: usize,
    pub(crate) said: usize,
}

impl World {
    pub(crate) fn new(seed: u64, profile: FaultProfile) -> Self {
        let mut random = SmallRng::seed_from_u64(seed);
        let rooms: Vec<RoomName> =
            ["general", "random", "kitchen"].map(|name| RoomName::parse(name).unwrap()).into();
        let people = (0..random.random_range(2..7_i64))
            .map(|number| {
                // Some users have two tabs.
                let id = if number > 2 && random.random_bool(0.2) { number - 1 } else { number };
                let user = User { id: UserId(id), name: UserName::parse(&format!("person{id}")).unwrap() };
                let mut visited: BTreeSet<RoomName> =
                    rooms.iter().filter(|_| random.random_bool(0.6)).cloned().collect();
                visited.insert(rooms[0].clone());
                Somebody::new(user, visited, seed * 1_000 + u64::try_from(number).unwrap())
            })
            .collect();
        let mut world = Self {
            profile,
            initial_profile: profile,
            orderly: profile != FaultProfile::Adversarial,
            random,
            now: 1_000,
            store: MemoryStore::default(),
            server: Some(Server::default()),
            people,
            rooms,
            next_connection: 0,
            kills: 0,
            said: 0,
        };
        for person in 0..world.people.len() {
            world.people[person].open(world.now);
        }
        world
    }

    /// Performs `steps` random events.
    pub(crate) fn live(&mut self, steps: usize) {
        for _ in 0..steps {
            self.happen();
            self.check_what_was_told();
        }
    }

    fn happen(&mut self) {
        let person = self.random.random_range(0..self.people.len());
        let chance: u32 = self.random.random_range(0..1_000);
        match chance {
            0..110 => self.speak(person),
            110..230 => self.meddle(person),
            230..550 => self.work(person),
            550..900 => self.pass_time(300),
            900..940 => self.pass_time(5_000),
            _ if self.profile == FaultProfile::Latency => self.pass_time(100),
            940..950 => self.cut(person),
            950..960 => self.stall(person),
            960..966 => self.vanish(person),
            966..974 => self.people[person].close(),
            974..984 if self.people[person].client.is_none() => self.people[person].open(self.now),
            984..989 => self.kill(),
            989..994 if self.server.is_none() => self.server = Some(Server::default()),
            _ if self.profile == FaultProfile::Adversarial => {
                if let Some(link) = &mut self.people[person].link {
                    link.tamper(&mut self.random);
                }
            }
            _ => self.pass_time(50),
        }
    }

    fn speak(&mut self, person: usize) {
        let client_id = ClientId::from_random_bytes(self.random.random());
        let visited: Vec<RoomName> = self.people[person].rooms.iter().cloned().collect();
        if visited.is_empty() {
            return;
        }
        let room = &visited[self.random.random_range(0..visited.len())];
        if self.people[person].client.as_ref().is_some_and(hubbub_client::Client::can_post) {
            self.said += 1;
            let text = format!("message {} of this world", self.said);
            self.people[person].says(room, &text, client_id, self.now);
        }
    }

    /// Advances the work in progress: opens sockets, delivers frames, commits writes and applies results.
    fn work(&mut self, person: usize) {
        self.open_socket(person);
        for _ in 0..self.random.random_range(1..4) {
            self.deliver_to_server(person);
            self.deliver_to_client(person);
        }
        let fails = self.profile == FaultProfile::Adversarial && self.random.random_bool(0.05);
        let count = self.random.random_range(0..6);
        let applied = self.random.random_range(0..6);
        let Some(server) = &mut self.server else { return };
        server.commit(count, fails, &self.store);
        (0..applied).for_each(|_| server.apply(Millis(self.now)));
        server.tell_people(Millis(self.now));
        let delivered: Vec<_> = server
            .connections()
            .into_iter()
            .map(|id| (id, server.deliver(id, Millis(self.now), &self.store)))
            .collect();
        for (id, sent) in delivered {
            self.put_on_wire(id, sent);
        }
    }

    fn open_socket(&mut self, person: usize) {
        let someone = &mut self.people[person];
        if !someone.wants_socket {
            return;
        }
        someone.wants_socket = false;
        let mut link = Link::default();
        match &mut self.server {
            Some(server) => {
                self.next_connection += 1;
                let id = ConnectionId(self.next_connection);
                link.connection = Some(id);
                let hello = server.connect(id, someone.user.clone(), Millis(self.now), &self.store);
                link.down.extend([Down::Opened, Down::Text(hello)]);
            }
            None => link.down.push_back(Down::Closed(None)),
        }
        someone.link = Some(link);
    }

    fn deliver_to_server(&mut self, person: usize) {
        let (Some(server), Some(link)) = (&mut self.server, &mut self.people[person].link) else { return };
        let Some(id) = link.connection.filter(|id| link.stalled_until <= self.now && server.may_ask(*id))
        else {
            return;
        };
        if let Some(frame) = link.up.pop_front() {
            let sent = server.hear(id, &frame, Millis(self.now), &self.store);
            self.put_on_wire(id, sent);
        }
    }

    fn deliver_to_client(&mut self, person: usize) {
        let someone = &mut self.people[person];
        let Some(link) = someone.link.as_mut().filter(|link| link.stalled_until <= self.now) else { return };
        if let Some(down) = link.down.pop_front() {
            someone.hear(down, self.now);
        }
    }

    fn put_on_wire(&mut self, id: ConnectionId, sent: Sent) {
        let link = self.people.iter_mut().filter_map(|person| person.link.as_mut());
        let link = link.into_iter().find(|link| link.connection == Some(id));
        match (sent, link) {
            (Ok(frames), Some(link)) if !link.black_hole => {
                link.down.extend(frames.into_iter().map(Down::Text))
            }
            (Ok(_), _) => {}
            (Err(reason), link) => {
                if let Some(server) = &mut self.server {
                    server.disconnect(id, Millis(self.now));
                }
                if let Some(link) = link {
                    link.connection = None;
                    link.down.push_back(Down::Closed(Some(reason.code())));
                }
            }
        }
    }

    fn pass_time(&mut self, at_most: u64) {
        self.now += self.random.random_range(1..=at_most);
        for person in &mut self.people {
            person.tick(self.now);
        }
        self.drop_orphans();
        let Some(server) = &mut self.server else { return };
        let ticked: Vec<_> = server
            .connections()
            .into_iter()
            .map(|id| (id, server.tick(id, Millis(self.now), &self.store)))
            .collect();
        for (id, sent) in ticked {
            self.put_on_wire(id, sent);
        }
    }

    /// Closes server connections whose client has no socket any more.
    fn drop_orphans(&mut self) {
        let held: BTreeSet<_> =
            self.people.iter().filter_map(|person| person.link.as_ref()?.connection).collect();
        if let Some(server) = &mut self.server {
            for id in server.connections().into_iter().filter(|id| !held.contains(id)) {
                server.disconnect(id, Millis(self.now));
            }
        }
    }

    /// Breaks the link and loses a part of the frames in flight.
    fn cut(&mut self, person: usize) {
        let Some(link) = &mut self.people[person].link else { return };
        link.up.truncate(self.random.random_range(0..=link.up.len()));
        link.down.truncate(self.random.random_range(0..=link.down.len()));
        if let (Some(id), Some(server)) = (link.connection.take(), &mut self.server) {
            // Frames that arrived before the break are still handled.
            let arrived: Vec<String> = link.up.drain(..).collect();
            for frame in arrived {
                _ = server.hear(id, &frame, Millis(self.now), &self.store);
            }
            server.disconnect(id, Millis(self.now));
        }
        if let Some(link) = &mut self.people[person].link {
            link.down.push_back(Down::Closed(None));
        }
    }

    fn stall(&mut self, person: usize) {
        if let Some(link) = &mut self.people[person].link {
            link.stalled_until = self.now + self.random.random_range(100..60_000);
        }
    }

    fn vanish(&mut self, person: usize) {
        if let Some(link) = &mut self.people[person].link {
            link.black_hole = true;
            link.up.clear();
        }
    }

    /// Kills the server: uncommitted data and all sockets are lost.
    fn kill(&mut self) {
        if self.server.take().is_some() {
            self.kills += 1;
        }
        for link in self.people.iter_mut().filter_map(|person| person.link.as_mut()) {
            link.connection = None;
            link.down.truncate(self.random.random_range(0..=link.down.len()));
            if !link.black_hole {
                link.down.push_back(Down::Closed(None));
            }
        }
    }

    /// Ends all faults: the server runs, tabs are open and links work. The world must then settle by itself,
    /// and again after the links with swapped or duplicated frames were renewed.
    pub(crate) fn heal(&mut self) {
        self.profile = FaultProfile::Latency;
        self.server.get_or_insert_default();
        for person in &mut self.people {
            if person.client.is_none() {
                person.open(self.now);
            }
        }
        self.settle();
        let is_tampered = |person: &Somebody| person.link.as_ref().is_some_and(|link| link.tampered);
        let tampered: Vec<usize> =
            (0..self.people.len()).filter(|person| is_tampered(&self.people[*person])).collect();
        if !tampered.is_empty() {
            self.people.iter().for_each(|person| self.check_lines_of(person));
            tampered.into_iter().for_each(|person| self.cut(person));
            self.settle();
        }
    }

    /// Lets time pass until no client has anything left to do.
    fn settle(&mut self) {
        let end = self.now + HEALING_MILLIS;
        while self.now < end {
            for person in 0..self.people.len() {
                (0..20).for_each(|_| self.work(person));
            }
            self.check_what_was_told();
            self.people.iter_mut().for_each(|person| person.insists(self.now));
            if self.is_at_rest() {
                return;
            }
            self.pass_time(400);
        }
        let stuck: Vec<String> = self.people.iter().map(Somebody::describe).collect();
        panic!("the world did not come to rest:\n{}", stuck.join("\n"));
    }

    fn is_at_rest(&self) -> bool {
        self.server.as_ref().is_some_and(Server::is_quiet)
            && self.people.iter().all(|person| self.rests(person))
    }

    fn rests(&self, person: &Somebody) -> bool {
        let (Some(client), Some(link)) = (&person.client, &person.link) else { return false };
        let wanted = person.rooms.iter().all(|name| client.room(name).is_some_and(|room| room.is_member()));
        let rooms = client.rooms().all(|room| {
            let live = room.phase() == Phase::Live && room.timeline.cursor() == Some(self.head(&room.name));
            live && room.typing().is_empty() && room.timeline.rows().all(|row| !row.changing)
        });
        let link_empty = link.up.is_empty() && link.down.is_empty() && !link.black_hole;
        let read = self.knows_what_is_read(person);
        person.disk.is_empty() && link_empty && client.link().is_online() && wanted && rooms && read
    }

    pub(super) fn head(&self, room: &RoomName) -> Seq {
        block_on(self.store.find_room(room)).unwrap().map_or(Seq(0), |record| record.head)
    }

    pub(super) fn stored(&self, room: &RoomName) -> Vec<Message> {
        let Some(record) = block_on(self.store.find_room(room)).unwrap() else { return Vec::new() };
        let lines = block_on(self.store.history(record.id, PageAnchor::Newest, u32::MAX)).unwrap().events;
        lines
            .into_iter()
            .filter_map(|event| if let Event::Posted(message) = event { Some(message) } else { None })
            .collect()
    }

    /// Checks that every message that was acknowledged to a client is stored.
    fn check_what_was_told(&mut self) {
        for person in 0..self.people.len() {
            for client_id in std::mem::take(&mut self.people[person].acknowledged) {
                let author = self.people[person].user.id;
                let stored = self.rooms.iter().flat_map(|room| self.stored(room));
                let count =
                    stored.filter(|saved| saved.author.id == author && saved.client_id == client_id).count();
                assert_eq!(count, 1, "acknowledged, and stored {count} times");
            }
        }
    }
}
