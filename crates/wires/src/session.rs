//! One connection on one of the wires: what it asked for and has not heard about, and what it has been told.

mod answer;
mod ask;

use std::collections::BTreeMap;

use hubbub_protocol::{
    ClientFrame, CloseReason, MessageId, Mine, Person, Presence, Refusal, RequestId, Room, RoomId, RoomName,
    ServerFrame, Timestamp, User, UserName,
};

use crate::frame::{Frame, InboundFrame};
use crate::history_collector::HistoryCollector;
use crate::outbound::{AddressedFrame, EncodedUpdate, OutboundMessage, SelectedFrame};
use crate::problem::Problem;
use crate::room_roster::RoomRoster;
use crate::wire::Wire;

/// What the address of a connection says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
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

impl Endpoint {
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
pub enum Lookup {
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
pub struct SessionOutput {
    /// For the peer, in this order.
    pub frames: Vec<Frame>,
    /// To be done after that.
    pub lookups: Vec<Lookup>,
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
    transient: bool,
    rooms: BTreeMap<RoomName, RoomRoster>,
    pending: BTreeMap<RequestId, PendingRequest>,
    /// The past that is being read; one at a time, because meanwhile the peer is not heard.
    collector: Option<(RequestId, HistoryCollector)>,
    last_request: u64,
}

/// A request without an answer.
#[derive(Debug)]
struct PendingRequest {
    what: PendingKind,
    /// The acknowledgement that the peer wants.
    acknowledge: Option<u64>,
}

/// What a request waits for.
#[derive(Debug)]
enum PendingKind {
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

impl PendingKind {
    /// Whether a peer that goes on talking must be heard only after it: what it says next may be for the room it
    /// has just asked to come into.
    const fn blocks_input(&self) -> bool {
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
    pub fn new(endpoint: Endpoint, me: User, transient: bool) -> Self {
        let wire = endpoint.wire();
        let (here, history, sid) = match endpoint {
            Endpoint::Plain { room, history } => (Some(room), history, String::new()),
            Endpoint::Form { room } => (Some(room), 0, String::new()),
            Endpoint::SocketIo { sid } => (None, 0, sid),
            Endpoint::Actions | Endpoint::Typed => (None, 0, String::new()),
        };
        Self {
            wire,
            sid,
            here,
            history,
            me,
            transient,
            rooms: BTreeMap::new(),
            pending: BTreeMap::new(),
            collector: None,
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
        self.rooms.get(room).map(|roster| roster.id)
    }

    /// Whether to read on from the peer.
    #[must_use]
    pub fn may_receive(&self) -> bool {
        !self.pending.values().any(|pending| pending.what.blocks_input())
    }

    /// Something the peer has sent. `random` names a message that it gave no name.
    #[must_use]
    pub fn decode(&mut self, input: InboundFrame<'_>, random: [u8; 16], now: Timestamp) -> SessionOutput {
        let acknowledge = match input {
            InboundFrame::Event { acknowledge, .. } => acknowledge,
            InboundFrame::Text(_) | InboundFrame::Binary => None,
        };
        let request = self.wire.decode(input);
        match request.and_then(|request| self.ask(request, acknowledge, random)) {
            Ok(output) => output,
            Err(problem) => self.write(&OutboundMessage::Refused(&problem), acknowledge, now),
        }
    }

    /// What the chat tells this connection alone: a greeting, answers, refusals, what is missed. Events and signals
    /// come by [`Session::hear`], those of a [`ServerFrame::CatchUp`] too.
    #[must_use]
    pub fn on_frame(&mut self, frame: ServerFrame, now: Timestamp) -> SessionOutput {
        match frame {
            ServerFrame::Hello(_) => {
                let hello = self.write(&OutboundMessage::Hello { sid: &self.sid }, None, now);
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
            | ServerFrame::CatchUp(_) => SessionOutput::default(),
        }
    }

    /// Chooses of what a room is told what is for this connection.
    pub fn on_update<'a, T>(
        &mut self,
        update: &'a EncodedUpdate<T>,
        now: Timestamp,
        mut emit: impl FnMut(SelectedFrame<'a, T>),
    ) {
        let Some(roster) = self.rooms.get_mut(&update.room) else { return };
        roster.head = update.seq.unwrap_or_default().max(roster.head);
        for piece in &update.frames {
            match piece {
                AddressedFrame::All(frame) => emit(SelectedFrame::Shared(frame)),
                AddressedFrame::Split { user, own, others } => {
                    let frame = if *user == self.me.id { own } else { others };
                    frame.iter().for_each(|frame| emit(SelectedFrame::Shared(frame)));
                }
                AddressedFrame::MemberJoined { user, frame } => {
                    let known = self.presence(&update.room, user.id) != Presence::Offline;
                    if !known && self.update_presence(&update.room, user, Presence::Online) {
                        emit(SelectedFrame::Shared(frame));
                    }
                }
                AddressedFrame::PresenceChanged { user, presence, frame } => {
                    if self.update_presence(&update.room, user, *presence) {
                        emit(SelectedFrame::Shared(frame));
                    }
                }
                AddressedFrame::MemberLeft { user } => {
                    let known = self.rooms.get_mut(&update.room).and_then(|roster| roster.forget(*user));
                    let Some(user) = known.filter(|user| self.is_news_of_leaving(user)) else { continue };
                    let notice = self.wire.notice(&update.room, &user, Presence::Offline, now);
                    notice.into_iter().for_each(|frame| emit(SelectedFrame::Own(frame)));
                }
            }
        }
    }

    fn presence(&self, room: &RoomName, user: hubbub_protocol::UserId) -> Presence {
        self.rooms.get(room).map_or(Presence::Offline, |roster| roster.presence(user))
    }

    /// Somebody is seen so in a room. Whether the peer is to be told: never of itself, never twice.
    fn update_presence(&mut self, room: &RoomName, user: &User, presence: Presence) -> bool {
        let elsewhere = self.elsewhere(room, user);
        let Some(roster) = self.rooms.get_mut(room) else { return false };
        let before = roster.presence(user.id);
        if user.id == self.me.id || before == presence || !roster.update_presence(user, presence) {
            return false;
        }
        if self.wire.notices_name_room() {
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
            && (self.wire.notices_name_room()
                || self.rooms.values().all(|roster| roster.presence(user.id) == Presence::Offline))
    }

    /// How somebody is seen in the other rooms.
    fn elsewhere(&self, room: &RoomName, user: &User) -> Vec<Presence> {
        if self.wire.notices_name_room() {
            return Vec::new();
        }
        let others = self.rooms.iter().filter(|(name, _)| *name != room);
        others
            .map(|(_, roster)| roster.presence(user.id))
            .filter(|presence| *presence != Presence::Offline)
            .collect()
    }

    /// Tells the peer, and acknowledges.
    fn write(
        &self,
        outbound: &OutboundMessage<'_>,
        acknowledge: Option<u64>,
        now: Timestamp,
    ) -> SessionOutput {
        let mut frames = self.wire.encode(outbound, &self.me, now);
        let payload = frames.iter().find_map(|frame| match frame {
            Frame::Event { json, .. } => Some(json.clone()),
            Frame::Text(_) | Frame::Acknowledgement { .. } => None,
        });
        if let Some((of, json)) = acknowledge.zip(payload) {
            frames.push(Frame::Acknowledgement { of, json });
        }
        SessionOutput { frames, ..SessionOutput::default() }
    }

    /// Says no, in the words of the wire. Who cannot come into the only room there is need not stay.
    fn reject(
        &mut self,
        refusal: Refusal,
        pending: Option<&PendingRequest>,
        now: Timestamp,
    ) -> SessionOutput {
        let problem = Problem::of(refusal, |field| self.wire.spell(field));
        let mut output = self.write(
            &OutboundMessage::Refused(&problem),
            pending.and_then(|pending| pending.acknowledge),
            now,
        );
        let lost = self.here.is_some() && pending.is_some_and(|pending| pending.what.blocks_input());
        output.close = lost.then_some(CloseReason::Broken);
        output
    }
}

impl SessionOutput {
    fn lookups(lookups: Lookup) -> Self {
        Self { lookups: vec![lookups], ..Self::default() }
    }

    fn and(mut self, other: Self) -> Self {
        self.frames.extend(other.frames);
        self.lookups.extend(other.lookups);
        self.close = self.close.or(other.close);
        self
    }
}
