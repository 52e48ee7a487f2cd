//! One peer's connection: what it may ask, and how it comes to hear each event of its rooms once, in order.

mod seat;

use hubbub_protocol::{
    Answer, CatchUp, ClientFrame, ClientId, CloseReason, Command, DEFAULT_PAGE_MESSAGES, Event, Field,
    IDLE_TIMEOUT_SECONDS, MAX_OPEN_REQUESTS, MAX_PAGE_MESSAGES, MAX_ROOMS_PER_CONNECTION, MessageText,
    Millis, Page, Refusal, RequestId, RoomId, RoomName, Seq, ServerFrame, StartOver, User,
};

use crate::{History, Outcome, StoreError};
use seat::Seat;

/// What the driver is to do, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Ask the room of that name to let this connection in, and make the room if there is none.
    Enter {
        /// Which room.
        room: RoomName,
        /// For the answer.
        request: RequestId,
    },
    /// Tell the room that this connection has gone.
    Exit {
        /// Which room.
        room: RoomName,
    },
    /// Hand a post to the room.
    Post {
        /// Which room.
        room: RoomName,
        /// For the answer.
        request: RequestId,
        /// The author's own name for it.
        client_id: ClientId,
        /// What to say.
        text: MessageText,
    },
    /// Read from the store, and bring what was read to [`Connection::on_events`] or [`Connection::on_history`].
    Read(Read),
    /// Send a frame to this peer alone.
    Write(ServerFrame),
    /// End the connection.
    Close(CloseReason),
}

/// A reading that a connection waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// The events after a position: part of a catch-up.
    Events {
        /// Which room.
        room: RoomId,
        /// After which position.
        after: Seq,
        /// At most how many.
        limit: u32,
    },
    /// A page of history.
    History {
        /// Which room.
        room: RoomId,
        /// Before which position; without it, the newest.
        before: Option<Seq>,
        /// At most how many.
        limit: u32,
        /// The request it answers; without one it is the fresh page to start over from.
        request: Option<RequestId>,
    },
}

/// What to do with an event of a room that reaches this connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is the next one: pass it on.
    Forward,
    /// The peer has it, or will read it from the store.
    Drop,
    /// Something is missing before it: do this first; the event comes with it.
    Repair(Read),
}

/// A connection of one user.
///
/// A room delivers from the moment of entering; what came before is read from the store; what comes twice
/// is dropped by its position. So there is no moment in which an event could slip through.
#[derive(Debug)]
pub struct Connection {
    user: User,
    seats: Vec<Seat>,
    open_requests: usize,
    last_heard: Millis,
}

impl Connection {
    /// A connection that has just opened.
    #[must_use]
    pub const fn new(user: User, now: Millis) -> Self {
        Self { user, seats: Vec::new(), open_requests: 0, last_heard: now }
    }

    /// Whose it is.
    #[must_use]
    pub const fn user(&self) -> &User {
        &self.user
    }

    /// The rooms it is in or on the way into; each must hear of its end.
    pub fn rooms(&self) -> impl Iterator<Item = &RoomName> {
        self.seats.iter().map(|seat| &seat.name)
    }

    /// Whether to read another frame. A peer that asks faster than rooms answer waits, and with it only
    /// its own socket: so its answers never fill its own queue.
    #[must_use]
    pub const fn may_ask(&self) -> bool {
        self.open_requests < MAX_OPEN_REQUESTS
    }

    /// When the peer counts as gone if nothing more is heard.
    #[must_use]
    pub fn idle_deadline(&self) -> Millis {
        self.last_heard.plus(u64::from(IDLE_TIMEOUT_SECONDS) * 1_000)
    }

    /// The peer has shown that it is there.
    pub const fn on_sign_of_life(&mut self, now: Millis) {
        self.last_heard = now;
    }

    /// Closes what has been silent for too long.
    #[must_use]
    pub fn on_tick(&self, now: Millis) -> Option<Act> {
        (now >= self.idle_deadline()).then_some(Act::Close(CloseReason::Idle))
    }

    /// A frame from the peer, as text.
    #[must_use]
    pub fn on_frame(&mut self, json: &str, now: Millis) -> Vec<Act> {
        self.last_heard = now;
        match ClientFrame::decode(json) {
            Ok(ClientFrame { id, command }) => {
                self.command(id, command).unwrap_or_else(|refusal| vec![refuse(Some(id), refusal)])
            }
            Err((id, refusal)) => vec![refuse(id, refusal)],
        }
    }

    fn command(&mut self, request: RequestId, command: Command) -> Result<Vec<Act>, Refusal> {
        match command {
            Command::Join { room, cursor } => self.join(request, RoomName::parse(&room)?, cursor),
            Command::Leave { room } => Ok(self.leave(request, RoomName::parse(&room)?)),
            Command::Post { room, client_id, text } => {
                let room = RoomName::parse(&room)?;
                let text = MessageText::parse(&text)?;
                self.seated(&room)?;
                self.open_requests += 1;
                Ok(vec![Act::Post { room, request, client_id, text }])
            }
            Command::History { room, before, limit } => {
                self.history(request, &RoomName::parse(&room)?, before, limit)
            }
            Command::Ping {} => Ok(vec![reply(request, Answer::Pong {})]),
        }
    }

    fn join(&mut self, request: RequestId, room: RoomName, cursor: Option<Seq>) -> Result<Vec<Act>, Refusal> {
        if cursor.is_some_and(|cursor| cursor < Seq(0)) {
            return Err(Refusal::invalid(Field::Cursor, "cursor must be 0 or the seq of an event"));
        }
        // Joining again begins anew from the cursor given now.
        self.seats.retain(|seat| seat.name != room);
        if self.seats.len() >= MAX_ROOMS_PER_CONNECTION {
            return Err(Refusal::too_many_rooms(MAX_ROOMS_PER_CONNECTION));
        }
        self.seats.push(Seat::entering(room.clone(), request, cursor));
        self.open_requests += 1;
        Ok(vec![Act::Enter { room, request }])
    }

    /// Falls silent at once; the room hears of it in its own time.
    fn leave(&mut self, request: RequestId, room: RoomName) -> Vec<Act> {
        let left = reply(request, Answer::Left { room: room.clone() });
        match self.seats.iter().position(|seat| seat.name == room) {
            Some(seat) => {
                self.seats.swap_remove(seat);
                vec![left, Act::Exit { room }]
            }
            None => vec![left],
        }
    }

    fn history(
        &self,
        request: RequestId,
        room: &RoomName,
        before: Option<Seq>,
        limit: Option<u32>,
    ) -> Result<Vec<Act>, Refusal> {
        let limit = limit.unwrap_or(DEFAULT_PAGE_MESSAGES);
        if limit == 0 {
            return Err(Refusal::invalid(Field::Limit, "limit must be at least 1"));
        }
        if limit > MAX_PAGE_MESSAGES {
            return Err(Refusal::too_long(Field::Limit, MAX_PAGE_MESSAGES as usize, "messages"));
        }
        if before.is_some_and(|before| before < Seq(1)) {
            return Err(Refusal::invalid(Field::Before, "before must be the seq of an event"));
        }
        let room = self.seated(room)?.id.ok_or_else(|| Refusal::not_joined(room.as_str()))?;
        Ok(vec![Act::Read(Read::History { room, before, limit, request: Some(request) })])
    }

    fn seated(&self, room: &RoomName) -> Result<&Seat, Refusal> {
        self.seats.iter().find(|seat| seat.name == *room).ok_or_else(|| Refusal::not_joined(room.as_str()))
    }

    /// A room has answered. The acts are the answer itself, and the first reading after a join.
    #[must_use]
    pub fn on_outcome(&mut self, request: RequestId, outcome: Outcome) -> Vec<Act> {
        self.open_requests = self.open_requests.saturating_sub(1);
        match outcome {
            Outcome::Done(answer) => vec![reply(request, answer)],
            Outcome::Refused(refusal) => {
                self.seats.retain(|seat| !seat.waits_for(request));
                vec![refuse(Some(request), refusal)]
            }
            Outcome::Entered(answer, head) => {
                let mut acts = Vec::with_capacity(2);
                let room = match &answer {
                    Answer::Joined(joined) => Some(joined.room.id),
                    _ => None,
                };
                acts.push(reply(request, answer));
                if let Some((seat, room)) =
                    self.seats.iter_mut().find(|seat| seat.waits_for(request)).zip(room)
                {
                    acts.push(seat.enter(room, head));
                }
                acts
            }
        }
    }

    /// An event of a room has come by the bus.
    #[must_use]
    pub fn on_event(&mut self, room: &RoomName, seq: Seq) -> Fate {
        self.seats.iter_mut().find(|seat| seat.name == *room).map_or(Fate::Drop, |seat| seat.on_event(seq))
    }

    /// Whether a signal of the room is for this peer.
    #[must_use]
    pub fn hears(&self, room: &RoomName) -> bool {
        self.seats.iter().any(|seat| seat.name == *room && seat.id.is_some())
    }

    /// Events that were asked for with [`Read::Events`].
    #[must_use]
    pub fn on_events(&mut self, room: RoomId, read: Result<Vec<Event>, StoreError>) -> Vec<Act> {
        let Some(seat) = self.seats.iter_mut().find(|seat| seat.id == Some(room)) else { return Vec::new() };
        match read {
            Ok(events) => seat.on_events(events),
            Err(_) => vec![Act::Close(CloseReason::Broken)],
        }
    }

    /// A page that was asked for with [`Read::History`].
    #[must_use]
    pub fn on_history(
        &mut self,
        room: RoomId,
        request: Option<RequestId>,
        read: Result<History, StoreError>,
    ) -> Vec<Act> {
        let Some(seat) = self.seats.iter_mut().find(|seat| seat.id == Some(room)) else {
            return request.map(|id| refuse(Some(id), Refusal::unavailable())).into_iter().collect();
        };
        match (read, request) {
            (Ok(history), Some(request)) => {
                let page = Page { room: seat.name.clone(), messages: history.messages, older: history.older };
                vec![reply(request, Answer::History(page))]
            }
            (Ok(history), None) => seat.on_fresh_page(history),
            (Err(_), Some(request)) => vec![refuse(Some(request), Refusal::unavailable())],
            // The join is answered already; a new connection begins again from the same cursor.
            (Err(_), None) => vec![Act::Close(CloseReason::Broken)],
        }
    }
}

fn reply(id: RequestId, answer: Answer) -> Act {
    Act::Write(ServerFrame::Reply { id, answer })
}

const fn refuse(id: Option<RequestId>, refusal: Refusal) -> Act {
    Act::Write(ServerFrame::Refusal { id, refusal })
}
