//! The five legacy protocols.

use hubbub_protocol::{Event, Field, Presence, RoomName, Signal, Timestamp, User};

use crate::frame::{Frame, InboundFrame};
use crate::inbound_request::InboundRequest;
use crate::outbound::{
    AddressedFrame, Addressee, EncodedUpdate, OutboundMessage, RelatedMessage, RoomUpdate, UpdateKind,
};
use crate::problem::Problem;
use crate::{actions, form, plain, socketio, typed};

/// A legacy chat protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wire {
    /// JSON with an `action`, on `/`.
    Actions,
    /// Lines of text, on `/chat/{room}`.
    Plain,
    /// The protocol of a web form's script, on `/ws/chat/{room_id}/{user_id}`.
    Form,
    /// Named events with acknowledgements, on `/socket.io/`.
    SocketIo,
    /// JSON with a `type` and rooms by id, on `/ws`.
    Typed,
}

/// The subject of an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UpdateTopic {
    /// A message was posted.
    Posted,
    /// A message was edited.
    Edited,
    /// A message was deleted.
    Deleted,
    /// A reaction was added or removed.
    Reacted,
    /// The topic changed.
    Described,
    /// A user became present.
    Came,
    /// The presence of a present user changed.
    Status,
    /// A user is no longer present.
    Went,
    /// A user started typing.
    Typing,
    /// A user stopped typing.
    TypingEnded,
    /// A read position changed.
    Read,
}

impl UpdateTopic {
    /// All subjects.
    pub const ALL: [Self; 11] = [
        Self::Posted,
        Self::Edited,
        Self::Deleted,
        Self::Reacted,
        Self::Described,
        Self::Came,
        Self::Status,
        Self::Went,
        Self::Typing,
        Self::TypingEnded,
        Self::Read,
    ];
}

impl Wire {
    /// All wires, in the order of their declaration.
    pub const ALL: [Self; 5] = [Self::Actions, Self::Plain, Self::Form, Self::SocketIo, Self::Typed];

    /// Returns whether this wire has frames for the subject. Other updates are omitted, because its clients
    /// do not support them.
    #[must_use]
    pub const fn supports(self, kind: UpdateTopic) -> bool {
        match (self, kind) {
            (_, UpdateTopic::Posted | UpdateTopic::Came | UpdateTopic::Went)
            | (Self::Actions | Self::Plain | Self::Typed, UpdateTopic::Edited | UpdateTopic::Deleted)
            | (Self::Actions | Self::Typed, UpdateTopic::Typing)
            | (Self::Typed, UpdateTopic::TypingEnded | UpdateTopic::Status | UpdateTopic::Read) => true,
            (Self::Form | Self::SocketIo, UpdateTopic::Edited | UpdateTopic::Deleted)
            | (Self::Plain | Self::Form | Self::SocketIo, UpdateTopic::Typing)
            | (
                Self::Actions | Self::Plain | Self::Form | Self::SocketIo,
                UpdateTopic::TypingEnded | UpdateTopic::Status | UpdateTopic::Read,
            )
            | (_, UpdateTopic::Reacted | UpdateTopic::Described) => false,
        }
    }

    /// Returns the message to look up before an update is encoded for this wire, if any.
    #[must_use]
    pub const fn related_message(self, update: UpdateKind<'_>) -> Option<RelatedMessage> {
        let topic = match update {
            UpdateKind::Event(Event::Edited(_)) => UpdateTopic::Edited,
            UpdateKind::Event(Event::Deleted(_)) => UpdateTopic::Deleted,
            UpdateKind::Signal(Signal::Read(_)) => UpdateTopic::Read,
            UpdateKind::Event(_) | UpdateKind::Signal(_) => return None,
        };
        if self.supports(topic) { update.about() } else { None }
    }

    /// Encodes an update for all connections of this wire.
    #[must_use]
    pub fn prepare(self, update: &RoomUpdate<'_>) -> EncodedUpdate {
        let frames = match update.what {
            UpdateKind::Event(event) => self.event(event, update),
            UpdateKind::Signal(signal) => self.signal(signal, update),
        };
        EncodedUpdate { room: update.room.clone(), seq: update.what.seq(), frames }
    }

    fn event(self, event: &Event, update: &RoomUpdate<'_>) -> Vec<AddressedFrame> {
        match event {
            Event::Joined(moved) => {
                let frame = self.presence_frame(update, &moved.user, Presence::Online);
                frame
                    .map(|frame| AddressedFrame::MemberJoined { user: moved.user.clone(), frame })
                    .into_iter()
                    .collect()
            }
            Event::Left(moved) => self.person(update, &moved.user, Presence::Offline).into_iter().collect(),
            Event::Posted(_)
            | Event::Edited(_)
            | Event::Deleted(_)
            | Event::Reacted(_)
            | Event::Described(_) => match self {
                Self::Actions => actions::prepare(update),
                Self::Plain => plain::prepare(update),
                Self::Form => form::prepare(update),
                Self::SocketIo => socketio::prepare(update),
                Self::Typed => typed::prepare(update),
            },
        }
    }

    fn signal(self, signal: &Signal, update: &RoomUpdate<'_>) -> Vec<AddressedFrame> {
        match signal {
            Signal::People { changed, departed, .. } => {
                let seen =
                    changed.iter().filter_map(|person| self.person(update, &person.user, person.presence));
                let gone = departed.iter().map(|user| AddressedFrame::MemberLeft { user: *user });
                seen.chain(gone).collect()
            }
            Signal::Typing { .. } | Signal::Read(_) => match self {
                Self::Actions => actions::prepare(update),
                Self::Typed => typed::prepare(update),
                Self::Plain | Self::Form | Self::SocketIo => Vec::new(),
            },
        }
    }

    fn person(self, update: &RoomUpdate<'_>, user: &User, presence: Presence) -> Option<AddressedFrame> {
        let frame = self.presence_frame(update, user, presence)?;
        Some(AddressedFrame::PresenceChanged { user: user.clone(), presence, frame })
    }

    fn presence_frame(self, update: &RoomUpdate<'_>, user: &User, presence: Presence) -> Option<Frame> {
        self.notice(update.room, user, presence, update.now)
    }

    /// Encodes a notice that a user is present, or no longer present.
    pub(crate) fn notice(
        self,
        room: &RoomName,
        user: &User,
        presence: Presence,
        now: Timestamp,
    ) -> Option<Frame> {
        Some(match self {
            Self::Actions => actions::notice(room, user, presence),
            Self::Plain => plain::notice(user, presence),
            Self::Form => form::notice(user, presence),
            Self::SocketIo => socketio::notice(room, user, presence),
            Self::Typed => typed::notice(user, presence, now),
        })
    }

    /// Returns whether notices about users name the room. Without it, a presence that is equal in another
    /// room is not sent again.
    pub(crate) const fn notices_name_room(self) -> bool {
        match self {
            Self::Actions | Self::Plain | Self::Form | Self::SocketIo => true,
            Self::Typed => false,
        }
    }

    /// Returns whether a post is answered by the message itself. A repeated post causes no event, so the
    /// message must be sent to the client again.
    pub(crate) const fn repeats_resent_message(self) -> bool {
        match self {
            Self::Actions | Self::Typed => true,
            Self::Plain | Self::Form | Self::SocketIo => false,
        }
    }

    /// Decodes a frame of a client.
    pub(crate) fn decode(self, input: InboundFrame<'_>) -> Result<InboundRequest, Problem> {
        match (self, input) {
            (_, InboundFrame::Binary) => Err(Problem::not_understood("only text frames are supported")),
            (Self::Actions, InboundFrame::Text(text)) => actions::decode(text),
            (Self::Plain, InboundFrame::Text(text)) => plain::decode(text),
            (Self::Form, InboundFrame::Text(text)) => form::decode(text),
            (Self::Typed, InboundFrame::Text(text)) => typed::decode(text),
            (Self::SocketIo, InboundFrame::Event { name, json, has_attachment, .. }) => {
                socketio::decode(name, json, has_attachment)
            }
            (Self::SocketIo, InboundFrame::Text(_)) => {
                Err(Problem::not_understood("only events are supported"))
            }
            (Self::Actions | Self::Plain | Self::Form | Self::Typed, InboundFrame::Event { .. }) => {
                Err(Problem::not_understood("only text frames are supported"))
            }
        }
    }

    /// Encodes a message for one connection.
    pub(crate) fn encode(self, outbound: &OutboundMessage<'_>, to: Addressee<'_>) -> Vec<Frame> {
        match self {
            Self::Actions => actions::encode(outbound, to),
            Self::Plain => plain::encode(outbound, to),
            Self::Form => form::encode(outbound),
            Self::SocketIo => socketio::encode(outbound, to),
            Self::Typed => typed::encode(outbound, to),
        }
    }

    /// Returns the name of a field on this wire.
    pub(crate) const fn field_name(self, field: Field) -> &'static str {
        match (self, field) {
            (Self::Actions, Field::Name) => "user",
            (Self::Form | Self::SocketIo, Field::Name) => "username",
            (Self::Form, Field::Room) => "room_id",
            (Self::Typed, Field::Room) => "chat_id",
            (Self::Typed, Field::Text) => "content",
            (Self::Actions | Self::SocketIo, Field::File) => "data",
            (_, field) => field.as_str(),
        }
    }
}
