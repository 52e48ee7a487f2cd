//! Data that a room sends to a connection.

use std::sync::{Arc, OnceLock};

use hubbub_chat::RoomReply;
use hubbub_protocol::{
    Answer, Event, Message, RequestId, RoomEvent, RoomId, RoomName, RoomSignal, Seq, ServerFrame, UserEvent,
};
use hubbub_wires::{EncodedUpdate, RelatedMessage, RoomUpdate, UpdateKind, Wire};
use tokio::sync::OnceCell;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::transport::OutgoingFrame;
use crate::clock::wall_time;
use crate::sqlite::SqliteStore;

/// Estimated size in bytes of a delivery without its text and people.
const SMALL_BYTES: usize = 512;
/// Estimated size in bytes of a person in a list.
const PERSON_BYTES: usize = 96;

/// One item for one connection. It is small, because the queue of a connection holds many.
#[derive(Debug)]
pub(super) enum Delivery {
    /// The answer to a request of this connection.
    Answer(Box<(RequestId, RoomReply)>),
    /// An event or a signal, shared by all connections in the room.
    Shared(Arc<EncodedBroadcast>),
    /// An update about the user, shared by all connections of that user.
    UserEvent(Arc<UserEvent>),
}

impl Delivery {
    /// Returns the estimated memory that the delivery keeps, in bytes.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Answer(answer) => {
                let people = match &answer.1 {
                    RoomReply::Entered(Answer::Joined(joined), ..) => joined.people.len(),
                    RoomReply::Entered(..) | RoomReply::Done(_) | RoomReply::Refused(_) => 0,
                };
                SMALL_BYTES + people * PERSON_BYTES
            }
            Self::Shared(broadcast) => SMALL_BYTES + broadcast.broadcast.text_bytes(),
            Self::UserEvent(_) => SMALL_BYTES,
        }
    }
}

/// An update for all connections in a room. It is encoded once per wire, by the first connection that needs it.
#[derive(Debug)]
pub(super) struct EncodedBroadcast {
    id: RoomId,
    broadcast: Broadcast,
    native: OnceLock<Utf8Bytes>,
    /// The message that the update refers to, for wires that send a change together with its message. Looked up once.
    about: OnceCell<Option<Message>>,
    wires: [OnceLock<Box<EncodedUpdate<OutgoingFrame>>>; Wire::ALL.len()],
}

/// The content of an update.
#[derive(Debug)]
pub(super) enum Broadcast {
    /// A stored event.
    Event(RoomEvent),
    /// A signal that is not stored, such as typing.
    Signal(RoomSignal),
}

impl Broadcast {
    fn text_bytes(&self) -> usize {
        let text = match self {
            Self::Event(RoomEvent { what: Event::Posted(message), .. }) => message.text.as_ref(),
            Self::Event(RoomEvent { what: Event::Edited(edited), .. }) => edited.text.as_ref(),
            Self::Event(_) | Self::Signal(_) => None,
        };
        text.map_or(0, |text| text.as_str().len())
    }
}

impl EncodedBroadcast {
    pub(super) fn new(id: RoomId, broadcast: Broadcast) -> Self {
        let (native, about, wires) = (OnceLock::new(), OnceCell::new(), [const { OnceLock::new() }; 5]);
        Self { id, broadcast, native, about, wires }
    }

    pub(super) const fn room(&self) -> &RoomName {
        match &self.broadcast {
            Broadcast::Event(event) => &event.room,
            Broadcast::Signal(signal) => &signal.room,
        }
    }

    /// Returns the position of an event; `None` for a signal.
    pub(super) const fn seq(&self) -> Option<Seq> {
        self.what().seq()
    }

    const fn what(&self) -> UpdateKind<'_> {
        match &self.broadcast {
            Broadcast::Event(event) => UpdateKind::Event(&event.what),
            Broadcast::Signal(signal) => UpdateKind::Signal(&signal.what),
        }
    }

    /// Returns the frame of the native wire.
    pub(super) fn native(&self) -> Utf8Bytes {
        let frame = || match &self.broadcast {
            Broadcast::Event(event) => ServerFrame::Event(event.clone()),
            Broadcast::Signal(signal) => ServerFrame::Signal(signal.clone()),
        };
        self.native.get_or_init(|| frame().encode().into()).clone()
    }

    /// Returns the frames of a legacy protocol.
    pub(super) async fn prepared(&self, wire: Wire, store: &SqliteStore) -> &EncodedUpdate<OutgoingFrame> {
        let about = match self.what().about() {
            Some(about) => self.about.get_or_init(|| look_up(store, self.id, about)).await.as_ref(),
            None => None,
        };
        let prepare = || Box::new(prepare(wire, self.room(), self.id, self.what(), about));
        self.wires[wire as usize].get_or_init(prepare)
    }
}

/// Encodes one update for all connections that use `wire`.
pub(super) fn prepare(
    wire: Wire,
    room: &RoomName,
    id: RoomId,
    what: UpdateKind<'_>,
    about: Option<&Message>,
) -> EncodedUpdate<OutgoingFrame> {
    let news = RoomUpdate { room, id, what, about, now: wall_time() };
    wire.prepare(&news).map(OutgoingFrame::from)
}

/// Looks up the message that an update refers to. Without it, a wire that needs the message sends nothing. The store
/// logs why the message could not be read.
pub(super) async fn look_up(store: &SqliteStore, room: RoomId, about: RelatedMessage) -> Option<Message> {
    match about {
        RelatedMessage::Message(message) => {
            store.message(message).await.map(|found| found.map(|(_, message)| message))
        }
        RelatedMessage::UpTo(seq) => store.message_up_to(room, seq).await,
    }
    .ok()
    .flatten()
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::{Moved, Timestamp, User, UserId, UserName};
    use hubbub_wires::AddressedFrame;

    use super::*;

    #[tokio::test]
    async fn encodes_an_event_once_for_each_wire() {
        let folder = tempfile::tempdir().unwrap();
        let (store, _writer) = SqliteStore::open(folder.path()).await.unwrap();
        let user = User { id: UserId(1), name: UserName::parse("ivan").unwrap() };
        let what = Event::Joined(Moved { seq: Seq(1), user, at: Timestamp::from_millis(0) });
        let event = RoomEvent { room: RoomName::parse("general").unwrap(), what };
        let broadcast = EncodedBroadcast::new(RoomId(1), Broadcast::Event(event));
        assert_eq!(broadcast.native().as_ptr(), broadcast.native().as_ptr());
        for wire in Wire::ALL {
            let (one, other) =
                (broadcast.prepared(wire, &store).await, broadcast.prepared(wire, &store).await);
            assert!(std::ptr::eq(one, other), "{wire:?}");
            let [AddressedFrame::MemberJoined { frame, .. }] = &one.frames[..] else {
                panic!("{wire:?}: {one:?}")
            };
            let bytes = |line: &OutgoingFrame| match line {
                OutgoingFrame::Text(json)
                | OutgoingFrame::Event { json, .. }
                | OutgoingFrame::Acknowledgement { json, .. } => json.as_ptr(),
            };
            assert_eq!(bytes(frame), bytes(&frame.clone()), "{wire:?}: a copy is no copy of the text");
        }
    }
}
