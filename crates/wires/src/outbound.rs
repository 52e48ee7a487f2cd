//! The messages to clients, in a form that all wires share.

use hubbub_protocol::{
    Attachment, ClientId, Event, Message, Person, Presence, Room, RoomId, RoomName, Seq, ServerFrame, Signal,
    Timestamp, User, UserId,
};

use crate::file::{FileUrls, has_files};
use crate::frame::Frame;
use crate::problem::Problem;

/// A message to one connection.
#[derive(Debug)]
pub(crate) enum OutboundMessage<'a> {
    /// The first message on every connection. `sid` is the transport's session id.
    Hello { sid: &'a str },
    /// The client has joined the room.
    Joined { room: &'a Room, people: &'a [Person], history: &'a [Message] },
    /// The client is no longer in the room.
    Left { room: &'a RoomName },
    /// The message is stored.
    Posted { room: &'a RoomName, message: PostedMessage, client_id: Option<ClientId> },
    /// The file is stored, and its message too.
    FileSent { room: &'a RoomName, message: PostedMessage, file: &'a Attachment, client_id: Option<ClientId> },
    /// A message that was posted before, sent to the client that posted it again.
    Again { room: &'a RoomName, id: RoomId, message: &'a Message },
    /// A part of the history, oldest first.
    History { room: &'a RoomName, messages: &'a [Message] },
    /// The members who are present.
    Users { room: &'a RoomName, people: &'a [Person] },
    /// The answer to a ping.
    Pong,
    /// A refusal.
    Refused(&'a Problem),
}

/// The id and time of a stored message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PostedMessage {
    pub(crate) id: hubbub_protocol::MessageId,
    pub(crate) at: Timestamp,
}

/// An update for all connections of a room.
#[derive(Clone, Copy, Debug)]
pub struct RoomUpdate<'a> {
    /// Room name.
    pub room: &'a RoomName,
    /// Room id.
    pub id: RoomId,
    /// Event or signal.
    pub what: UpdateKind<'a>,
    /// The message named by [`UpdateKind::about`], if it exists.
    pub about: Option<&'a Message>,
    /// Time of sending.
    pub now: Timestamp,
    /// Addresses of files. They differ by connection, so an update with files is prepared for each
    /// ([`RoomUpdate::has_files`]).
    pub urls: &'a dyn FileUrls,
}

impl RoomUpdate<'_> {
    /// Returns whether the frames of the update may contain addresses of files, so that connections cannot share them.
    #[must_use]
    pub fn has_files(what: UpdateKind<'_>, about: Option<&Message>) -> bool {
        match what {
            UpdateKind::Event(Event::Posted(message)) => has_files(message),
            UpdateKind::Event(Event::Edited(_)) => about.is_some_and(has_files),
            UpdateKind::Event(_) | UpdateKind::Signal(_) => false,
        }
    }
}

/// The connection to which a message goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Addressee<'a> {
    /// Its user.
    pub(crate) me: &'a User,
    /// Time of sending.
    pub(crate) now: Timestamp,
    /// Addresses of files.
    pub(crate) urls: &'a dyn FileUrls,
}

/// An event or a signal.
#[derive(Clone, Copy, Debug)]
pub enum UpdateKind<'a> {
    /// A stored event.
    Event(&'a Event),
    /// A transient signal.
    Signal(&'a Signal),
}

/// A message to look up before an update is encoded, because legacy clients receive a change together with
/// its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelatedMessage {
    /// The message with this id.
    Message(hubbub_protocol::MessageId),
    /// The last message up to this position.
    UpTo(Seq),
}

impl<'a> UpdateKind<'a> {
    /// Returns the room and the update of a frame of the native wire; `None` if the frame is neither an event nor
    /// a signal.
    #[must_use]
    pub const fn of(frame: &'a ServerFrame) -> Option<(&'a RoomName, Self)> {
        match frame {
            ServerFrame::Event { room, what } => Some((room, Self::Event(what))),
            ServerFrame::Signal { room, what } => Some((room, Self::Signal(what))),
            ServerFrame::Hello(_)
            | ServerFrame::Reply { .. }
            | ServerFrame::Refusal { .. }
            | ServerFrame::CatchUp(_)
            | ServerFrame::StartOver(_)
            | ServerFrame::UserEvent(_) => None,
        }
    }

    /// Returns the message to look up, if any.
    #[must_use]
    pub const fn about(&self) -> Option<RelatedMessage> {
        match self {
            Self::Event(Event::Edited(edited)) => Some(RelatedMessage::Message(edited.message_id)),
            Self::Event(Event::Deleted(deleted)) => Some(RelatedMessage::Message(deleted.message_id)),
            Self::Signal(Signal::Read(mark)) => Some(RelatedMessage::UpTo(mark.seq)),
            Self::Event(_) | Self::Signal(_) => None,
        }
    }

    /// Returns the position of an event.
    #[must_use]
    pub const fn seq(&self) -> Option<Seq> {
        match self {
            Self::Event(event) => Some(event.seq()),
            Self::Signal(_) => None,
        }
    }
}

/// An update encoded for one wire. Each connection selects its frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodedUpdate<T = Frame> {
    /// Room name.
    pub room: RoomName,
    /// Position, if the update is an event.
    pub seq: Option<Seq>,
    /// Frames, in this order.
    pub frames: Vec<AddressedFrame<T>>,
}

/// A frame with its recipients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressedFrame<T = Frame> {
    /// A frame for all connections.
    All(T),
    /// Different frames, or none, for one user's connections and for all others.
    Split {
        /// User whose connections receive the frame `own`.
        user: UserId,
        /// Frame for the connections of this user.
        own: Option<T>,
        /// Frame for all other users.
        others: Option<T>,
    },
    /// A notice that a user has joined, for connections that do not show the user as present.
    MemberJoined {
        /// User who joined.
        user: User,
        /// Frame with the notice.
        frame: T,
    },
    /// A notice of a changed presence, for connections that show another presence of the user.
    PresenceChanged {
        /// User concerned.
        user: User,
        /// New presence.
        presence: Presence,
        /// Frame with the notice.
        frame: T,
    },
    /// A user who left and whose name is unknown here, for connections that show the user as present.
    MemberLeft {
        /// Id of the user.
        user: UserId,
    },
}

impl<T> EncodedUpdate<T> {
    /// Converts each frame to the form that the transport sends.
    pub fn map<U>(self, mut turn: impl FnMut(T) -> U) -> EncodedUpdate<U> {
        let Self { room, seq, frames } = self;
        let frames = frames.into_iter().map(|piece| match piece {
            AddressedFrame::All(frame) => AddressedFrame::All(turn(frame)),
            AddressedFrame::Split { user, own, others } => {
                AddressedFrame::Split { user, own: own.map(&mut turn), others: others.map(&mut turn) }
            }
            AddressedFrame::MemberJoined { user, frame } => {
                AddressedFrame::MemberJoined { user, frame: turn(frame) }
            }
            AddressedFrame::PresenceChanged { user, presence, frame } => {
                AddressedFrame::PresenceChanged { user, presence, frame: turn(frame) }
            }
            AddressedFrame::MemberLeft { user } => AddressedFrame::MemberLeft { user },
        });
        EncodedUpdate { room, seq, frames: frames.collect() }
    }
}

/// A frame of an [`EncodedUpdate`] selected for one connection.
#[derive(Debug, PartialEq, Eq)]
pub enum SelectedFrame<'a, T> {
    /// A frame shared by all connections of the wire.
    Shared(&'a T),
    /// A frame encoded for this connection.
    Own(Frame),
}
