//! What a connection is told, in words that all wires share.

use hubbub_protocol::{
    ClientId, Event, Message, Person, Presence, Room, RoomId, RoomName, Seq, Signal, Timestamp, User, UserId,
};

use crate::frame::Frame;
use crate::problem::Problem;

/// Something for one connection alone.
#[derive(Debug)]
pub(crate) enum OutboundMessage<'a> {
    /// Who one is: the first thing on every connection. `sid` is what the transport calls it.
    Hello { sid: &'a str },
    /// One is in the room.
    Joined { room: &'a Room, people: &'a [Person], history: &'a [Message] },
    /// One is in the room no longer.
    Left { room: &'a RoomName },
    /// The message is stored.
    Posted { room: &'a RoomName, message: PostedMessage, client_id: Option<ClientId> },
    /// A message that was posted before, told again to whoever sent it again.
    Again { room: &'a RoomName, id: RoomId, message: &'a Message },
    /// A part of the past, oldest first.
    History { room: &'a RoomName, messages: &'a [Message] },
    /// Who is there.
    Users { room: &'a RoomName, people: &'a [Person] },
    /// The server is there.
    Pong,
    /// No.
    Refused(&'a Problem),
}

/// Where a message was stored, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PostedMessage {
    pub(crate) id: hubbub_protocol::MessageId,
    pub(crate) at: Timestamp,
}

/// Something that a whole room is told.
#[derive(Clone, Copy, Debug)]
pub struct RoomUpdate<'a> {
    /// The room.
    pub room: &'a RoomName,
    /// Its id.
    pub id: RoomId,
    /// What has happened or is happening.
    pub what: UpdateKind<'a>,
    /// The message it is about, if [`UpdateKind::about`] says so and there is one.
    pub about: Option<&'a Message>,
    /// Now.
    pub now: Timestamp,
}

/// An event or a signal.
#[derive(Clone, Copy, Debug)]
pub enum UpdateKind<'a> {
    /// It has happened.
    Event(&'a Event),
    /// It is happening.
    Signal(&'a Signal),
}

/// A message that must be looked up before something can be said on a wire: older clients are told of a change
/// together with what it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelatedMessage {
    /// The one of that id.
    Message(hubbub_protocol::MessageId),
    /// The last one up to that position.
    UpTo(Seq),
}

impl UpdateKind<'_> {
    /// The message to look up, if any.
    #[must_use]
    pub const fn about(&self) -> Option<RelatedMessage> {
        match self {
            Self::Event(Event::Edited(edited)) => Some(RelatedMessage::Message(edited.message_id)),
            Self::Event(Event::Deleted(deleted)) => Some(RelatedMessage::Message(deleted.message_id)),
            Self::Signal(Signal::Read(mark)) => Some(RelatedMessage::UpTo(mark.seq)),
            Self::Event(_) | Self::Signal(_) => None,
        }
    }

    /// Its position, if it is stored.
    #[must_use]
    pub const fn seq(&self) -> Option<Seq> {
        match self {
            Self::Event(event) => Some(event.seq()),
            Self::Signal(_) => None,
        }
    }
}

/// News as the frames of one wire, the same for all who hear it: each connection only chooses among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodedUpdate<T = Frame> {
    /// The room.
    pub room: RoomName,
    /// The position, if it is stored.
    pub seq: Option<Seq>,
    /// In this order.
    pub frames: Vec<AddressedFrame<T>>,
}

/// A frame and who is to get it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressedFrame<T = Frame> {
    /// Everyone.
    All(T),
    /// One user on all their connections gets another one than the others; or one of them gets none.
    Split {
        /// Who.
        user: UserId,
        /// For them.
        own: Option<T>,
        /// For the others.
        others: Option<T>,
    },
    /// Somebody has come: whoever has not been told so yet.
    MemberJoined {
        /// Who.
        user: User,
        /// The notice.
        frame: T,
    },
    /// Somebody is seen so: whoever knows it otherwise.
    PresenceChanged {
        /// Who.
        user: User,
        /// How.
        presence: Presence,
        /// The notice.
        frame: T,
    },
    /// Somebody of whom only the id is known has gone: whoever knows them.
    MemberLeft {
        /// Who.
        user: UserId,
    },
}

impl<T> EncodedUpdate<T> {
    /// With each frame turned into what the transport sends.
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

/// What of [`EncodedUpdate`] is for one connection.
#[derive(Debug, PartialEq, Eq)]
pub enum SelectedFrame<'a, T> {
    /// A prepared frame.
    Shared(&'a T),
    /// One made for this connection.
    Own(Frame),
}
