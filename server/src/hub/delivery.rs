//! What travels from a room to a connection.

use std::sync::{Arc, OnceLock};

use hubbub_chat::RoomReply;
use hubbub_protocol::{
    Answer, Event, Message, Mine, RequestId, RoomEvent, RoomId, RoomName, RoomSignal, Seq, ServerFrame,
};
use hubbub_wires::{EncodedUpdate, RelatedMessage, RoomUpdate, UpdateKind, Wire};
use tokio::sync::OnceCell;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::transport::OutgoingFrame;
use crate::clock::wall_time;
use crate::sqlite::SqliteStore;

/// About what a delivery takes beside its text and people, in bytes.
const SMALL_BYTES: usize = 512;
/// About what a person in a list takes, in bytes.
const PERSON_BYTES: usize = 96;

/// One thing for one connection. Small: a connection's queue holds many.
#[derive(Debug)]
pub(super) enum Delivery {
    /// The answer to one of its requests.
    Answer(Box<(RequestId, RoomReply)>),
    /// An event or a signal, the same for everyone in the room.
    Shared(Arc<EncodedBroadcast>),
    /// Something about the user, the same for all their connections.
    Mine(Arc<Mine>),
}

impl Delivery {
    /// About how much memory it keeps, in bytes.
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
            Self::Mine(_) => SMALL_BYTES,
        }
    }
}

/// What a whole room is told: written once for each wire, by the first connection that needs it.
#[derive(Debug)]
pub(super) struct EncodedBroadcast {
    id: RoomId,
    broadcast: Broadcast,
    native: OnceLock<Utf8Bytes>,
    /// The message it is about, looked up once, for the wires that tell of a change together with what it changes.
    about: OnceCell<Option<Message>>,
    wires: [OnceLock<Box<EncodedUpdate<OutgoingFrame>>>; Wire::ALL.len()],
}

/// What there is to tell.
#[derive(Debug)]
pub(super) enum Broadcast {
    /// It has happened.
    Event(RoomEvent),
    /// It is happening.
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

    /// An event's position; a signal has none.
    pub(super) const fn seq(&self) -> Option<Seq> {
        self.what().seq()
    }

    const fn what(&self) -> UpdateKind<'_> {
        match &self.broadcast {
            Broadcast::Event(event) => UpdateKind::Event(&event.what),
            Broadcast::Signal(signal) => UpdateKind::Signal(&signal.what),
        }
    }

    /// As a frame of the native wire.
    pub(super) fn native(&self) -> Utf8Bytes {
        let frame = || match &self.broadcast {
            Broadcast::Event(event) => ServerFrame::Event(event.clone()),
            Broadcast::Signal(signal) => ServerFrame::Signal(signal.clone()),
        };
        self.native.get_or_init(|| frame().encode().into()).clone()
    }

    /// As the frames of another wire.
    pub(super) async fn prepared(&self, wire: Wire, store: &SqliteStore) -> &EncodedUpdate<OutgoingFrame> {
        let about = match self.what().about() {
            Some(about) => self.about.get_or_init(|| look_up(store, self.id, about)).await.as_ref(),
            None => None,
        };
        let prepare = || Box::new(prepare(wire, self.room(), self.id, self.what(), about));
        self.wires[wire as usize].get_or_init(prepare)
    }
}

/// Writes one thing for all of a wire.
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

/// The message that something is about. Without it, a wire that needs it does not tell; why it could not be
/// read is logged by the store.
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
    async fn an_event_is_written_once_for_each_wire_however_many_hear_it() {
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
