//! The checks at the end of a world.

use std::collections::{BTreeMap, BTreeSet};

use hubbub_chat::{PageAnchor, Store};
use hubbub_client::{Client, RoomState, RowState};
use hubbub_protocol::{Event, Message, Person, Presence, RoomName, Seq, Status};
use pollster::block_on;

use super::person::Somebody;
use super::simulation::{FaultProfile, World};

impl World {
    /// Counts the events of each kind that were stored.
    pub(crate) fn happened(&self) -> BTreeMap<&'static str, usize> {
        let mut tally = BTreeMap::new();
        for name in &self.rooms {
            let Some(record) = block_on(self.store.find_room(name)).unwrap() else { continue };
            for event in block_on(self.store.events_after(record.id, Seq(0), u32::MAX)).unwrap() {
                let what = match event {
                    Event::Posted(Message { reply_to: Some(_), .. }) => "answered",
                    Event::Posted(_) => "posted",
                    Event::Edited(_) => "edited",
                    Event::Deleted(_) => "deleted",
                    Event::Reacted(_) => "reacted",
                    Event::Joined(_) => "joined",
                    Event::Left(_) => "left",
                    Event::Described(_) => "described",
                };
                *tally.entry(what).or_default() += 1;
            }
        }
        let reading = self.people.iter().flat_map(|person| person.client.iter().flat_map(Client::rooms));
        let read = reading.filter(|room| room.read() > Seq(0) && room.unread() > 0).count();
        tally.insert("read", read);
        tally
    }

    /// Checks the guarantees of the design, and that all clients agree with the server.
    pub(crate) fn check_guarantees(&self) {
        let stored: BTreeMap<&RoomName, Vec<Message>> =
            self.rooms.iter().map(|room| (room, self.stored(room))).collect();
        for name in &self.rooms {
            let Some(record) = block_on(self.store.find_room(name)).unwrap() else { continue };
            let events = block_on(self.store.events_after(record.id, Seq(0), u32::MAX)).unwrap();
            let seqs: Vec<i64> = events.iter().map(|event| event.seq().0).collect();
            assert_eq!(seqs, (1..=i64::try_from(events.len()).unwrap()).collect::<Vec<_>>(), "a gap");
        }
        let all: usize = stored.values().map(Vec::len).sum();
        assert_eq!(all, self.said, "each message that was said is stored once");
        for person in &self.people {
            for (room, client_id) in &person.said {
                let same = |saved: &&Message| saved.author == person.user && saved.client_id == *client_id;
                assert_eq!(stored[room].iter().filter(same).count(), 1);
            }
            // A failed post is sent again later, after newer ones.
            if self.orderly && !person.has_failed {
                Self::check_order_of(person, &stored);
            }
            self.check_rooms_of(person);
        }
    }

    fn check_order_of(person: &Somebody, stored: &BTreeMap<&RoomName, Vec<Message>>) {
        for (room, messages) in stored {
            let said: Vec<_> =
                person.said.iter().filter(|(said_in, _)| said_in == *room).map(|(_, id)| *id).collect();
            let kept: Vec<_> =
                messages.iter().map(|message| message.client_id).filter(|id| said.contains(id)).collect();
            assert_eq!(kept, said, "the order in which {} spoke", person.user.name);
        }
    }

    fn check_rooms_of(&self, person: &Somebody) {
        let client = person.client.as_ref().unwrap();
        let mine = block_on(self.store.my_rooms(person.user.id)).unwrap();
        let belongs: BTreeSet<&RoomName> = mine.iter().map(|mine| &mine.room.name).collect();
        let known: BTreeSet<&RoomName> =
            client.rooms().filter(|room| room.is_member()).map(|room| &room.name).collect();
        assert_eq!(known, belongs, "the rooms of {}", person.user.name);
        let devices = || self.people.iter().filter(|other| other.user == person.user);
        if self.initial_profile == FaultProfile::Latency && devices().all(|device| !device.has_failed) {
            let wanted: BTreeSet<&RoomName> = devices().flat_map(|device| &device.rooms).collect();
            assert_eq!(belongs, wanted, "where {} wants to be", person.user.name);
        }
        assert_eq!(client.appearance(), block_on(self.store.appearance(person.user.id)).unwrap());
        for mine in &mine {
            let room = client.room(&mine.room.name).unwrap();
            self.check_lines(person, room);
            self.check_people(person, client, room);
            assert_eq!(*room.topic(), mine.room.topic);
            assert!(room.active_at >= Some(mine.active_at));
        }
        assert!(self.knows_what_is_read(person));
    }

    /// Checks the timelines of a client against the store.
    pub(super) fn check_lines_of(&self, person: &Somebody) {
        let client = person.client.as_ref().unwrap();
        client.rooms().filter(|room| room.is_member()).for_each(|room| self.check_lines(person, room));
    }

    fn check_lines(&self, person: &Somebody, room: &RoomState) {
        let record = block_on(self.store.find_room(&room.name)).unwrap().unwrap();
        let lines = block_on(self.store.history(record.id, PageAnchor::Newest, u32::MAX)).unwrap().events;
        let shown: Vec<Event> = room
            .timeline
            .rows()
            .map(|row| match row.state {
                RowState::Saved(message) => Event::Posted(message.as_ref().clone()),
                RowState::Notice(event) => event.as_ref().clone(),
                other => panic!("not saved at the end: {other:?}"),
            })
            .collect();
        let Some(first) = shown.first().map(Event::seq) else {
            assert!(room.timeline.loading() || lines.is_empty(), "{} sees nothing", person.user.name);
            return;
        };
        let start = lines.partition_point(|event| event.seq() < first);
        let end = start + shown.len();
        let name = &room.name;
        assert_eq!(lines.get(start..end), Some(&shown[..]), "{} in {name}", person.user.name);
        assert!(room.timeline.has_older() || start == 0, "the beginning of {name} is nowhere");
        assert!(room.timeline.has_newer() || end == lines.len(), "the end of {name} is nowhere");
    }

    fn check_people(&self, person: &Somebody, client: &Client, room: &RoomState) {
        let name = &room.name;
        let by_id = |person: &Person| person.user.id;
        let (mut here, mut seen) = (self.server.as_ref().unwrap().people(name), room.people().to_vec());
        here.sort_by_key(by_id);
        seen.sort_by_key(by_id);
        assert_eq!(seen, here, "who is in {name}, as {} sees it", person.user.name);
        let me = here.iter().find(|here| here.user.id == person.user.id).unwrap();
        let invisible = client.appearance().status == Status::Invisible;
        assert_eq!(me.presence == Presence::Offline, invisible, "{}", person.user.name);
    }

    /// Returns whether a client has the read positions and unread counts of the store.
    pub(super) fn knows_what_is_read(&self, person: &Somebody) -> bool {
        // On a tampered link an older count can overtake a newer one; real links keep the order.
        let lied_to = person.link.as_ref().is_some_and(|link| link.tampered);
        let client = person.client.as_ref().unwrap();
        let mine = block_on(self.store.my_rooms(person.user.id)).unwrap();
        mine.iter().all(|mine| {
            let stored = (mine.read.seq, mine.read.unread);
            let room = client.room(&mine.room.name);
            room.is_some_and(|room| lied_to || (room.read(), room.unread()) == stored)
        })
    }
}
