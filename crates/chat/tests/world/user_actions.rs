//! Actions of users other than posting.

use std::sync::Arc;

use hubbub_client::Intent;
use hubbub_protocol::{ClientId, Emoji, Message, MessageText, RoomName, Seq, Status, Timestamp, Topic};
use rand::Rng;
use rand::seq::IndexedRandom;

use super::simulation::World;

impl World {
    /// Performs a random action other than posting.
    pub(super) fn meddle(&mut self, person: usize) {
        if self.people[person].client.is_none() {
            return;
        }
        match self.random.random_range(0..24) {
            0..9 => self.change(person),
            9..16 => self.read(person),
            16..18 => self.move_about(person),
            18 => self.appear(person),
            _ => self.show_signs(person),
        }
    }

    fn somewhere(&mut self, person: usize) -> RoomName {
        let visited: Vec<RoomName> = self.people[person].rooms.iter().cloned().collect();
        visited.choose(&mut self.random).unwrap_or(&self.rooms[0]).clone()
    }

    fn some_message(&mut self, person: usize, room: &RoomName) -> Option<Arc<Message>> {
        self.people[person].messages(room).choose(&mut self.random).cloned()
    }

    /// Edits, deletes, reacts, replies or sets the topic.
    fn change(&mut self, person: usize) {
        let room = self.somewhere(person);
        let Some(message) = self.some_message(person, &room) else { return };
        let message_id = message.id;
        let mine = message.author.id == self.people[person].user.id;
        let what = self.random.random_range(0..10);
        let intent = match what {
            0..3 if mine => {
                let text = format!("edited {}", self.random.random::<u16>());
                let at = Timestamp::from_millis(0);
                Intent::Edit { room, message_id, text: MessageText::parse(&text).unwrap(), at }
            }
            3 if mine => Intent::Delete { room, message_id },
            4 if mine => Intent::Edits { room, message_id },
            5 => {
                let topic = Topic::parse(&format!("topic {}", self.random.random::<u16>())).unwrap();
                Intent::Describe { room, topic, only_if_empty: false }
            }
            6 | 7 => return self.answer(person, &room, &message),
            _ => {
                let emoji = ["🙂", "👍"].choose(&mut self.random).unwrap();
                let (emoji, on) = (Emoji::parse(emoji).unwrap(), self.random.random_bool(0.6));
                Intent::React { room, message_id, emoji, on }
            }
        };
        self.people[person].handle(intent, self.now);
    }

    fn answer(&mut self, person: usize, room: &RoomName, message: &Message) {
        if self.people[person].client.as_ref().is_some_and(hubbub_client::Client::can_post) {
            self.said += 1;
            let text = format!("answer {} of this world", self.said);
            let client_id = ClientId::from_random_bytes(self.random.random());
            self.people[person].answers(room, &text, client_id, Some(message.quote()), self.now);
        }
    }

    /// Marks messages as read or unread, or pages through the history.
    fn read(&mut self, person: usize) {
        let room = self.somewhere(person);
        let seq = self.some_message(person, &room).map_or(Seq(1), |message| message.seq);
        let intent = match self.random.random_range(0..12) {
            0..5 => Intent::Seen { room, seq },
            5 => Intent::MarkUnread { room, seq },
            6 | 7 => Intent::Older { room },
            8 => Intent::Newer { room },
            9 => Intent::ToEnd { room },
            10 => Intent::Away { room },
            _ => {
                let head = self.head(&room).0.max(1);
                Intent::Around { room, seq: Seq(self.random.random_range(1..=head)) }
            }
        };
        self.people[person].handle(intent, self.now);
    }

    /// Opens, closes or leaves a room.
    fn move_about(&mut self, person: usize) {
        let Some(room) = self.rooms.choose(&mut self.random).cloned() else { return };
        let someone = &mut self.people[person];
        let intent = match self.random.random_range(0..4) {
            0 if someone.rooms.len() > 1 => {
                someone.rooms.remove(&room);
                Intent::Leave { room }
            }
            1 => Intent::Close { room },
            _ => {
                someone.rooms.insert(room.clone());
                Intent::Open { room }
            }
        };
        someone.handle(intent, self.now);
    }

    fn appear(&mut self, person: usize) {
        let all = [Status::Online, Status::Away, Status::Busy, Status::Invisible];
        let status = all.choose(&mut self.random).copied();
        let share_reads = self.random.random_bool(0.3).then(|| self.random.random());
        self.people[person].handle(Intent::Appear { status, share_reads }, self.now);
    }

    fn show_signs(&mut self, person: usize) {
        let room = self.somewhere(person);
        let intent = match self.random.random_range(0..8) {
            0..4 => Intent::Typing { room, on: true },
            4 => Intent::Typing { room, on: false },
            5 => Intent::Browse { query: String::new(), after: None },
            _ => Intent::Active,
        };
        self.people[person].handle(intent, self.now);
    }
}
