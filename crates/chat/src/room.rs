//! A room: who is in it, what it accepts, and whom it tells.

use hubbub_protocol::{
    Answer, ClientId, Event, Joined, MessageText, Millis, Posted, Refusal, RequestId, RoomEvent, RoomSignal,
    Seq, Timestamp, User,
};

use crate::{Bus, ConnectionId, Draft, Outcome, People, RoomRecord, StoreError, Stored};

/// One room while somebody is in it. `decide` reads, `apply` writes, and the store stands between: nothing
/// is shown to anybody that is not committed.
#[derive(Debug)]
pub struct Room {
    record: RoomRecord,
    people: People,
}

/// Who asked for a post, and how to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The connection that sent it.
    pub connection: ConnectionId,
    /// Its request.
    pub request: RequestId,
}

impl Room {
    /// The room as it is stored, with nobody in it.
    #[must_use]
    pub fn new(record: RoomRecord) -> Self {
        Self { record, people: People::default() }
    }

    /// The room's newest position that is known to be committed.
    #[must_use]
    pub const fn head(&self) -> Seq {
        self.record.head
    }

    /// Who is here.
    #[must_use]
    pub const fn people(&self) -> &People {
        &self.people
    }

    /// Lets a connection in and tells it how it finds the room. From now on it hears what is applied.
    pub fn enter(&mut self, entry: Entry, user: &User, bus: &mut impl Bus) {
        self.people.enter(entry.connection, user);
        let joined = Joined {
            room: hubbub_protocol::Room { id: self.record.id, name: self.record.name.clone() },
            people: self.people.list(),
            count: self.people.count(),
        };
        bus.answer(
            entry.connection,
            entry.request,
            Outcome::Entered(Answer::Joined(joined), self.record.head),
        );
    }

    /// A connection goes, whether it said so or broke.
    pub fn leave(&mut self, connection: ConnectionId) {
        self.people.leave(connection);
    }

    /// What to store when `author` says `text` here.
    #[must_use]
    pub fn decide(&self, author: User, client_id: ClientId, text: MessageText, at: Timestamp) -> Draft {
        Draft { room: self.record.id, author, client_id, text, at }
    }

    /// Takes in what the store made of a draft: answers whoever asked, then tells everyone. The answer goes
    /// first, so that on each connection it comes before any later event of the room.
    pub fn apply(&mut self, stored: &Result<Stored, StoreError>, asked: Option<Entry>, bus: &mut impl Bus) {
        if let Some(Entry { connection, request }) = asked {
            bus.answer(connection, request, self.outcome(stored));
        }
        if let Ok(Stored::New(message)) = stored {
            self.record.head = message.seq;
            let event = RoomEvent { room: self.record.name.clone(), what: Event::Posted(message.clone()) };
            bus.event(&mut self.people.connections(), &event);
        }
    }

    /// What the author is told about a draft.
    #[must_use]
    pub fn outcome(&self, stored: &Result<Stored, StoreError>) -> Outcome {
        match stored {
            Ok(Stored::New(message) | Stored::Repeat(message)) => Outcome::Done(Answer::Posted(Posted {
                room: self.record.name.clone(),
                message_id: message.id,
                seq: message.seq,
                at: message.at,
            })),
            Ok(Stored::Taken) => Outcome::Refused(Refusal::client_id_taken()),
            Err(_) => Outcome::Refused(Refusal::unavailable()),
        }
    }

    /// When [`Room::tell_people`] has something to tell.
    #[must_use]
    pub fn people_due(&self) -> Option<Millis> {
        self.people.signal_due()
    }

    /// Tells everyone who came and went, if it is time.
    pub fn tell_people(&mut self, now: Millis, bus: &mut impl Bus) {
        if let Some(what) = self.people.signal(now) {
            let signal = RoomSignal { room: self.record.name.clone(), what };
            bus.signal(&mut self.people.connections(), &signal);
        }
    }
}
