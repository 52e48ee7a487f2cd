//! The session of a legacy connection: pending requests and the state last sent to the client.

mod answer;
mod ask;
mod endpoint;
mod lookup;

use hubbub_protocol::{
    Attachment, ClientId, CloseReason, Person, Presence, Refusal, RequestId, Room, RoomId, RoomName, Seq,
    ServerFrame, Timestamp, User, UserEvent,
};

use std::sync::Arc;

use litemap::LiteMap;

use crate::file::FileUrls;
use crate::frame::{Frame, InboundFrame};
use crate::history_collector::HistoryCollector;
use crate::outbound::{AddressedFrame, Addressee, EncodedUpdate, OutboundMessage, SelectedFrame};
use crate::problem::Problem;
use crate::room_roster::RoomRoster;
use crate::wire::Wire;
pub use endpoint::Endpoint;
pub use lookup::Lookup;

/// The output of a session.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct SessionOutput {
    /// Frames to send, in this order.
    pub frames: Vec<Frame>,
    /// Operation to execute after sending the frames. Its result may need another operation.
    pub lookup: Option<Lookup>,
    /// Close the connection for this reason.
    pub close: Option<CloseReason>,
}

/// The state of one legacy connection. Bounded by the limits of `Connection` for rooms and open requests, and
/// by the limit of listed members.
#[derive(Debug)]
pub struct Session {
    wire: Wire,
    /// Session id of the transport; empty if the transport has none.
    sid: String,
    /// Room in the URL of the connection.
    here: Option<RoomName>,
    /// Number of old messages to send after joining that room.
    history: u32,
    me: User,
    /// Addresses of files for this connection.
    urls: Arc<dyn FileUrls>,
    /// Whether the user may still choose a name.
    transient: bool,
    // Few entries each, in sorted vectors: a tree has room for eleven, in every idle connection.
    rooms: LiteMap<RoomName, RoomRoster>,
    pending: LiteMap<RequestId, PendingRequest>,
    /// The history being read. One at a time, because further input waits for it.
    collector: Option<(RequestId, HistoryCollector)>,
    last_request: u64,
}

/// A request without an answer.
#[derive(Debug)]
struct PendingRequest {
    what: PendingKind,
    /// Id of the acknowledgement that the client expects.
    acknowledge: Option<u64>,
}

/// The answer for which a request waits.
#[derive(Debug)]
enum PendingKind {
    /// A new name, before joining the room.
    Name { room: RoomName, history: u32 },
    /// The name of a room that was requested by id.
    Number { history: u32 },
    /// The answer to a join.
    Entry { history: u32 },
    /// The history of a room that was joined.
    Arrival { room: Room, people: Vec<Person> },
    /// The members of a room that is joined again.
    Return { room: RoomName, history: u32 },
    /// The answer to a leave.
    Exit,
    /// The answer to a post.
    Posting { client_id: Option<ClientId> },
    /// A stored file, which is posted next.
    Upload { room: RoomName, text: String, post_id: ClientId, client_id: Option<ClientId> },
    /// The answer to the post of a file.
    FilePosting { file: Box<Attachment>, client_id: Option<ClientId> },
    /// A message that was posted before.
    Again { room: RoomName },
    /// The message before which the history ends.
    Before { room: RoomName, limit: u32 },
    /// A part of the history.
    Past,
    /// The message up to which everything is read.
    UpTo { room: RoomName },
    /// The members of a room.
    Users { room: RoomName },
    /// The answer to a ping.
    Pong,
    /// An answer that the client does not receive.
    Nothing,
}

impl PendingKind {
    /// Returns whether further input must wait for the answer, because it may concern the room that the
    /// client is joining.
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
    /// Creates the session of a connection of `me` that has just opened. `transient` is set for a transient
    /// guest who may still choose a name.
    #[must_use]
    pub fn new(endpoint: Endpoint, me: User, transient: bool, urls: Arc<dyn FileUrls>) -> Self {
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
            urls,
            transient,
            rooms: LiteMap::new(),
            pending: LiteMap::new(),
            collector: None,
            last_request: 0,
        }
    }

    /// Returns the wire of this session.
    #[must_use]
    pub const fn wire(&self) -> Wire {
        self.wire
    }

    /// Returns the addresses of files for this connection.
    #[must_use]
    pub fn urls(&self) -> &dyn FileUrls {
        &*self.urls
    }

    /// Returns the id of a room that the client has joined.
    #[must_use]
    pub fn room_id(&self, room: &RoomName) -> Option<RoomId> {
        self.rooms.get(room).map(|roster| roster.id)
    }

    /// Removes and returns a request that has been answered. An idle connection keeps no memory for requests.
    fn take_pending(&mut self, id: RequestId) -> Option<PendingRequest> {
        let pending = self.pending.remove(&id);
        if self.pending.is_empty() {
            self.pending = LiteMap::new();
        }
        pending
    }

    /// Returns whether to read further frames from the client.
    #[must_use]
    pub fn may_receive(&self) -> bool {
        !self.pending.values().any(|pending| pending.what.blocks_input())
    }

    /// Records that the driver has sent the events of a room up to `position` without [`Session::on_update`].
    pub fn advance(&mut self, room: &RoomName, position: Seq) {
        if let Some(roster) = self.rooms.get_mut(room) {
            roster.head = position.max(roster.head);
        }
    }

    /// Decodes a frame of the client. The client id of a message without one is made of `random` and
    /// `now`.
    #[must_use]
    pub fn decode(&mut self, input: InboundFrame<'_>, random: [u8; 16], now: Timestamp) -> SessionOutput {
        let acknowledge = match input {
            InboundFrame::Event { acknowledge, .. } => acknowledge,
            InboundFrame::Text(_) | InboundFrame::Binary => None,
        };
        let request = self.wire.decode(input);
        match request.and_then(|request| self.ask(request, acknowledge, random, now)) {
            Ok(output) => output,
            Err(problem) => self.write(&OutboundMessage::Refused(&problem), acknowledge, now),
        }
    }

    /// Handles a frame of `Connection` for this client: hello, replies, refusals and start over. Events and
    /// signals go to [`Session::on_update`], including those of a [`ServerFrame::CatchUp`].
    #[must_use]
    pub fn on_frame(&mut self, frame: ServerFrame, now: Timestamp) -> SessionOutput {
        match frame {
            ServerFrame::Hello(_) => {
                let hello = self.write(&OutboundMessage::Hello { sid: &self.sid }, None, now);
                match self.here.clone() {
                    Some(room) => hello.followed_by(self.enter(room, self.history, None)),
                    None => hello,
                }
            }
            ServerFrame::Reply { id, answer } => self.answered(id, answer, now),
            ServerFrame::Refusal { id, refusal } => self.refused(id, refusal, now),
            ServerFrame::StartOver(start) => self.on_fresh_page(start, now),
            ServerFrame::UserEvent(UserEvent::Left { room }) => self.leave(&room, None, now),
            ServerFrame::UserEvent(_)
            | ServerFrame::Event { .. }
            | ServerFrame::Signal { .. }
            | ServerFrame::CatchUp(_) => SessionOutput::default(),
        }
    }

    /// Returns whether the client has joined a room without requesting old messages, so that the page of a start over need
    /// not be read.
    #[must_use]
    pub fn skips_page(&self) -> bool {
        self.collector.as_ref().is_some_and(|(_, collector)| collector.wants_nothing())
    }

    /// Selects the frames of an update for this connection.
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
                    let Some(user) = known.filter(|user| self.reports_leaving(user)) else { continue };
                    let notice = self.wire.notice(&update.room, &user, Presence::Offline, now);
                    notice.into_iter().for_each(|frame| emit(SelectedFrame::Own(frame)));
                }
            }
        }
    }

    fn presence(&self, room: &RoomName, user: hubbub_protocol::UserId) -> Presence {
        self.rooms.get(room).map_or(Presence::Offline, |roster| roster.presence(user))
    }

    /// Updates the presence of a user in a room. Returns whether to notify the client: never about its own
    /// user, and never twice.
    fn update_presence(&mut self, room: &RoomName, user: &User, presence: Presence) -> bool {
        let elsewhere = self.presence_elsewhere(room, user);
        let Some(roster) = self.rooms.get_mut(room) else { return false };
        let before = roster.presence(user.id);
        if user.id == self.me.id || before == presence || !roster.update_presence(user, presence) {
            return false;
        }
        if self.wire.notices_name_room() {
            // This wire reports only whether a user is present.
            (before == Presence::Offline) != (presence == Presence::Offline)
        } else if presence == Presence::Offline {
            elsewhere.is_empty()
        } else {
            elsewhere.iter().all(|other| *other != presence)
        }
    }

    fn reports_leaving(&self, user: &User) -> bool {
        user.id != self.me.id
            && (self.wire.notices_name_room()
                || self.rooms.values().all(|roster| roster.presence(user.id) == Presence::Offline))
    }

    /// Returns the presence of a user in the other rooms.
    fn presence_elsewhere(&self, room: &RoomName, user: &User) -> Vec<Presence> {
        if self.wire.notices_name_room() {
            return Vec::new();
        }
        let others = self.rooms.iter().filter(|(name, _)| *name != room);
        others
            .map(|(_, roster)| roster.presence(user.id))
            .filter(|presence| *presence != Presence::Offline)
            .collect()
    }

    /// Encodes a message to the client, with the acknowledgement if one is expected.
    fn write(
        &self,
        outbound: &OutboundMessage<'_>,
        acknowledge: Option<u64>,
        now: Timestamp,
    ) -> SessionOutput {
        let mut frames = self.wire.encode(outbound, Addressee { me: &self.me, now, urls: &*self.urls });
        let payload = frames.iter().find_map(|frame| match frame {
            Frame::Event { json, .. } => Some(json.clone()),
            Frame::Text(_) | Frame::Acknowledgement { .. } => None,
        });
        if let Some((of, json)) = acknowledge.zip(payload) {
            frames.push(Frame::Acknowledgement { of, json });
        }
        SessionOutput { frames, ..SessionOutput::default() }
    }

    /// Sends a refusal. Closes the connection if the client cannot join the only room of its endpoint.
    fn reject(
        &mut self,
        refusal: Refusal,
        pending: Option<&PendingRequest>,
        now: Timestamp,
    ) -> SessionOutput {
        let problem = Problem::of(refusal, |field| self.wire.field_name(field));
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
    fn lookup(lookup: Lookup) -> Self {
        Self { lookup: Some(lookup), ..Self::default() }
    }

    fn followed_by(mut self, other: Self) -> Self {
        self.frames.extend(other.frames);
        self.lookup = self.lookup.or(other.lookup);
        self.close = self.close.or(other.close);
        self
    }
}
