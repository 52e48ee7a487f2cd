//! One connection on one of the wires: what it asked for and has not heard about, and what it has been told.

mod answer;
mod ask;

use std::collections::BTreeMap;

use hubbub_protocol::{
    ClientFrame, CloseReason, MessageId, Mine, Person, Presence, Refusal, RequestId, Room, RoomId, RoomName,
    ServerFrame, Timestamp, User, UserName,
};

use crate::company::Company;
use crate::frame::{Frame, Input};
use crate::gather::Gather;
use crate::problem::Problem;
use crate::told::{Piece, Prepared, Said, Told};
use crate::wire::Wire;

/// What the address of a connection says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opening {
    /// `/`
    Actions,
    /// `/chat/{room}?history=N`
    Plain {
        /// The room to come into.
        room: RoomName,
        /// How many old messages to tell.
        history: u32,
    },
    /// `/ws/chat/{room_id}/{user_id}`
    Form {
        /// The room to come into.
        room: RoomName,
    },
    /// `/socket.io/`
    SocketIo {
        /// What the transport calls the connection.
        sid: String,
    },
    /// `/ws`
    Typed,
}

impl Opening {
    /// The wire that is spoken there.
    #[must_use]
    pub const fn wire(&self) -> Wire {
        match self {
            Self::Actions => Wire::Actions,
            Self::Plain { .. } => Wire::Plain,
            Self::Form { .. } => Wire::Form,
            Self::SocketIo { .. } => Wire::SocketIo,
            Self::Typed => Wire::Typed,
        }
    }
}

/// What a session needs done. Each is done, and answered with the method it names, before the peer is heard again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Want {
    /// A command of the chat; its answer comes by [`Session::on_frame`].
    Do(ClientFrame),
    /// To be called so, or nearly so, if one has no name of one's own yet: [`Session::on_renamed`].
    Rename {
        /// The request.
        id: RequestId,
        /// The wish.
        name: UserName,
    },
    /// The name of a room: [`Session::on_room`].
    Room {
        /// The request.
        id: RequestId,
        /// Which.
        room: RoomId,
    },
    /// A message: [`Session::on_message`].
    Message {
        /// The request.
        id: RequestId,
        /// In which room.
        room: RoomId,
        /// Which.
        message: MessageId,
    },
    /// The people of a room: [`Session::on_people`].
    People {
        /// The request.
        id: RequestId,
        /// Which room.
        room: RoomName,
    },
}

/// What comes of something.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// For the peer, in this order.
    pub say: Vec<Frame>,
    /// To be done after that.
    pub want: Vec<Want>,
    /// The connection is of no use any more.
    pub close: Option<CloseReason>,
}

/// The memory of one connection. Bounded: rooms and open requests by the chat, people by the size of a list.
#[derive(Debug)]
pub struct Session {
    wire: Wire,
    /// What the transport calls the connection; empty where it has no name.
    sid: String,
    /// The room that the address names.
    here: Option<RoomName>,
    /// How many old messages it wants told on coming in there.
    history: u32,
    me: User,
    /// Whether one may still choose a name.
    passing: bool,
    rooms: BTreeMap<RoomName, Company>,
    open: BTreeMap<RequestId, Open>,
    /// The past that is being read; one at a time, because meanwhile the peer is not heard.
    gather: Option<(RequestId, Gather)>,
    last_request: u64,
}

/// A request without an answer.
#[derive(Debug)]
struct Open {
    what: Waiting,
    /// The acknowledgement that the peer wants.
    acknowledge: Option<u64>,
}

/// What a request waits for.
#[derive(Debug)]
enum Waiting {
    /// A new name, and then the room.
    Name { room: RoomName, history: u32 },
    /// The name of a room that goes by its number.
    Number { history: u32 },
    /// To be let in.
    Entry { history: u32 },
    /// The past of a room one has come into.
    Arrival { room: Room, people: Vec<Person> },
    /// The people of a room one is in already, and comes into again.
    Return { room: RoomName, history: u32 },
    /// To be let go.
    Exit,
    /// To have been stored.
    Posting { client_id: Option<hubbub_protocol::ClientId> },
    /// A message that was posted before.
    Again { room: RoomName },
    /// The message before which to read on.
    Before { room: RoomName, limit: u32 },
    /// A part of the past.
    Past,
    /// The message up to which everything is read.
    UpTo { room: RoomName },
    /// The people of a room.
    Users { room: RoomName },
    /// Whether the server is there.
    Pong,
    /// Nothing that the peer would be told.
    Nothing,
}

impl Waiting {
    /// Whether a peer that goes on talking must be heard only after it: what it says next may be for the room it
    /// has just asked to come into.
    const fn comes_first(&self) -> bool {
        matches!(
            self,
            Self::Name { .. }
                | Self::Number { .. }
                | Self::Entry { .. }
                | Self::Arrival { .. }
                | Self::Return { .. }
        )
    }
}

impl Session {
    /// A connection that has just opened, of `me`; `passing` if nobody can come back as them, so that they may
    /// choose a name.
    #[must_use]
    pub fn new(opening: Opening, me: User, passing: bool) -> Self {
        let wire = opening.wire();
        let (here, history, sid) = match opening {
            Opening::Plain { room, history } => (Some(room), history, String::new()),
            Opening::Form { room } => (Some(room), 0, String::new()),
            Opening::SocketIo { sid } => (None, 0, sid),
            Opening::Actions | Opening::Typed => (None, 0, String::new()),
        };
        Self {
            wire,
            sid,
            here,
            history,
            me,
            passing,
            rooms: BTreeMap::new(),
            open: BTreeMap::new(),
            gather: None,
            last_request: 0,
        }
    }

    /// Which wire it speaks.
    #[must_use]
    pub const fn wire(&self) -> Wire {
        self.wire
    }

    /// The number of a room that the peer has been let into.
    #[must_use]
    pub fn room_id(&self, room: &RoomName) -> Option<RoomId> {
        self.rooms.get(room).map(|company| company.id)
    }

    /// Whether to read on from the peer.
    #[must_use]
    pub fn may_hear(&self) -> bool {
        !self.open.values().any(|open| open.what.comes_first())
    }

    /// Something the peer has sent. `random` names a message that it gave no name.
    #[must_use]
    pub fn decode(&mut self, input: Input<'_>, random: [u8; 16], now: Timestamp) -> Output {
        let acknowledge = match input {
            Input::Event { acknowledge, .. } => acknowledge,
            Input::Text(_) | Input::Binary => None,
        };
        let asked = self.wire.decode(input);
        match asked.and_then(|asked| self.ask(asked, acknowledge, random)) {
            Ok(output) => output,
            Err(problem) => self.say(&Told::Refused(&problem), acknowledge, now),
        }
    }

    /// What the chat tells this connection alone: a greeting, answers, refusals, what is missed. Events and signals
    /// come by [`Session::hear`], those of a [`ServerFrame::CatchUp`] too.
    #[must_use]
    pub fn on_frame(&mut self, frame: ServerFrame, now: Timestamp) -> Output {
        match frame {
            ServerFrame::Hello(_) => {
                let hello = self.say(&Told::Hello { sid: &self.sid }, None, now);
                match self.here.clone() {
                    Some(room) => hello.and(self.enter(room, self.history, None)),
                    None => hello,
                }
            }
            ServerFrame::Reply { id, answer } => self.answered(id, answer, now),
            ServerFrame::Refusal { id, refusal } => self.refused(id, refusal, now),
            ServerFrame::StartOver(start) => self.on_fresh_page(start, now),
            ServerFrame::Mine(Mine::Left { room }) => self.leave(&room, None, now),
            ServerFrame::Mine(_)
            | ServerFrame::Event(_)
            | ServerFrame::Signal(_)
            | ServerFrame::CatchUp(_) => Output::default(),
        }
    }

    /// Chooses of what a room is told what is for this connection.
    pub fn hear<'a, T>(&mut self, news: &'a Prepared<T>, now: Timestamp, mut say: impl FnMut(Said<'a, T>)) {
        let Some(company) = self.rooms.get_mut(&news.room) else { return };
        company.head = news.seq.unwrap_or_default().max(company.head);
        for piece in &news.pieces {
            match piece {
                Piece::All(frame) => say(Said::Shared(frame)),
                Piece::Split { user, own, others } => {
                    let frame = if *user == self.me.id { own } else { others };
                    frame.iter().for_each(|frame| say(Said::Shared(frame)));
                }
                Piece::Came { user, frame } => {
                    let known = self.presence(&news.room, user.id) != Presence::Offline;
                    if !known && self.see(&news.room, user, Presence::Online) {
                        say(Said::Shared(frame));
                    }
                }
                Piece::Seen { user, presence, frame } => {
                    if self.see(&news.room, user, *presence) {
                        say(Said::Shared(frame));
                    }
                }
                Piece::Gone { user } => {
                    let known = self.rooms.get_mut(&news.room).and_then(|company| company.forget(*user));
                    let Some(user) = known.filter(|user| self.is_news_of_leaving(user)) else { continue };
                    let notice = self.wire.notice(&news.room, &user, Presence::Offline, now);
                    notice.into_iter().for_each(|frame| say(Said::Own(frame)));
                }
            }
        }
    }

    fn presence(&self, room: &RoomName, user: hubbub_protocol::UserId) -> Presence {
        self.rooms.get(room).map_or(Presence::Offline, |company| company.presence(user))
    }

    /// Somebody is seen so in a room. Whether the peer is to be told: never of itself, never twice.
    fn see(&mut self, room: &RoomName, user: &User, presence: Presence) -> bool {
        let elsewhere = self.elsewhere(room, user);
        let Some(company) = self.rooms.get_mut(room) else { return false };
        let before = company.presence(user.id);
        if user.id == self.me.id || before == presence || !company.see(user, presence) {
            return false;
        }
        if self.wire.notices_name_the_room() {
            // There or not; how they are seen is nothing it can say.
            (before == Presence::Offline) != (presence == Presence::Offline)
        } else if presence == Presence::Offline {
            elsewhere.is_empty()
        } else {
            elsewhere.iter().all(|other| *other != presence)
        }
    }

    fn is_news_of_leaving(&self, user: &User) -> bool {
        user.id != self.me.id
            && (self.wire.notices_name_the_room()
                || self.rooms.values().all(|company| company.presence(user.id) == Presence::Offline))
    }

    /// How somebody is seen in the other rooms.
    fn elsewhere(&self, room: &RoomName, user: &User) -> Vec<Presence> {
        if self.wire.notices_name_the_room() {
            return Vec::new();
        }
        let others = self.rooms.iter().filter(|(name, _)| *name != room);
        others
            .map(|(_, company)| company.presence(user.id))
            .filter(|presence| *presence != Presence::Offline)
            .collect()
    }

    /// Tells the peer, and acknowledges.
    fn say(&self, told: &Told<'_>, acknowledge: Option<u64>, now: Timestamp) -> Output {
        let mut say = self.wire.encode(told, &self.me, now);
        let payload = say.iter().find_map(|frame| match frame {
            Frame::Event { json, .. } => Some(json.clone()),
            Frame::Text(_) | Frame::Acknowledgement { .. } => None,
        });
        if let Some((of, json)) = acknowledge.zip(payload) {
            say.push(Frame::Acknowledgement { of, json });
        }
        Output { say, ..Output::default() }
    }

    /// Says no, in the words of the wire. Who cannot come into the only room there is need not stay.
    fn deny(&mut self, refusal: Refusal, open: Option<&Open>, now: Timestamp) -> Output {
        let problem = Problem::of(refusal, |field| self.wire.spell(field));
        let mut output = self.say(&Told::Refused(&problem), open.and_then(|open| open.acknowledge), now);
        let lost = self.here.is_some() && open.is_some_and(|open| open.what.comes_first());
        output.close = lost.then_some(CloseReason::Broken);
        output
    }
}

impl Output {
    fn want(want: Want) -> Self {
        Self { want: vec![want], ..Self::default() }
    }

    fn and(mut self, other: Self) -> Self {
        self.say.extend(other.say);
        self.want.extend(other.want);
        self.close = self.close.or(other.close);
        self
    }
}
