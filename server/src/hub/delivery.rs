//! Data that a room sends to a connection.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use hubbub_chat::RoomReply;
use hubbub_protocol::{Answer, Attachment, Event, Message, RequestId, RoomId, RoomName, ServerFrame, UserId};
use hubbub_wires::{AddressedFrame, EncodedUpdate, FileUrls, RelatedMessage, RoomUpdate, UpdateKind, Wire};
use tokio::sync::OnceCell;

use super::transport::TextFrame;
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
    /// A frame that several connections share.
    Broadcast(Arc<Broadcast>),
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
            Self::Broadcast(broadcast) => SMALL_BYTES + text_bytes(&broadcast.frame),
        }
    }
}

/// Returns the bytes of text in an event.
fn text_bytes(frame: &ServerFrame) -> usize {
    let text = match frame {
        ServerFrame::Event { what: Event::Posted(message), .. } => message.text.as_ref(),
        ServerFrame::Event { what: Event::Edited(edited), .. } => edited.text.as_ref(),
        _ => None,
    };
    text.map_or(0, |text| text.as_str().len())
}

/// A frame for several connections: an event or a signal for those in a room, or a notice for those of a user. It is
/// encoded once per wire, by the first connection that needs it.
#[derive(Debug)]
pub(super) struct Broadcast {
    frame: ServerFrame,
    /// Room of an event or a signal.
    room: Option<RoomId>,
    native: OnceLock<TextFrame>,
    /// The message that the update refers to, for wires that send a change together with its message. Looked up once.
    about: OnceCell<Option<Message>>,
    wires: [OnceLock<Box<EncodedUpdate<TextFrame>>>; Wire::ALL.len()],
}

impl Broadcast {
    /// Creates a broadcast of an event or a signal.
    pub(super) fn in_room(room: RoomId, frame: ServerFrame) -> Self {
        Self { room: Some(room), ..Self::to_user(frame) }
    }

    /// Creates a broadcast to the connections of a user.
    pub(super) fn to_user(frame: ServerFrame) -> Self {
        let (native, about, wires) = (OnceLock::new(), OnceCell::new(), [const { OnceLock::new() }; 5]);
        Self { frame, room: None, native, about, wires }
    }

    /// Returns the content.
    pub(super) const fn frame(&self) -> &ServerFrame {
        &self.frame
    }

    /// Returns the frame of the native wire.
    pub(super) fn native(&self) -> &TextFrame {
        self.native.get_or_init(|| TextFrame::new(&self.frame.encode()))
    }

    /// Returns the frames of a legacy protocol for an event or a signal. `urls` are the addresses of files for the
    /// connection that asks.
    pub(super) async fn prepared(
        &self,
        wire: Wire,
        store: &SqliteStore,
        urls: &dyn FileUrls,
    ) -> Option<Cow<'_, EncodedUpdate<TextFrame>>> {
        let (id, (room, what)) = (self.room?, UpdateKind::of(&self.frame)?);
        let about = match wire.related_message(what) {
            Some(about) => self.about.get_or_init(|| look_up(store, id, about)).await.as_ref(),
            None => None,
        };
        if RoomUpdate::has_files(what, about) {
            return Some(Cow::Owned(prepare(wire, room, id, what, about, urls)));
        }
        let prepare = || Box::new(prepare(wire, room, id, what, about, urls));
        Some(Cow::Borrowed(self.wires[wire as usize].get_or_init(prepare)))
    }

    /// Returns the frames of an event or a signal if they can be sent without asking each connection: no message must
    /// be looked up, no address of a file depends on the connection, and no frame depends on what the connection has received before. `wire` is `None` for the native
    /// wire.
    pub(super) fn direct_frames(&self, wire: Option<Wire>) -> Option<Vec<DirectFrame<'_>>> {
        let (id, (room, what)) = (self.room?, UpdateKind::of(&self.frame)?);
        let Some(wire) = wire else {
            return Some(vec![DirectFrame { frame: Some(self.native()), other_for: None }]);
        };
        if wire.related_message(what).is_some() || RoomUpdate::has_files(what, None) {
            return None;
        }
        let prepare = || Box::new(prepare(wire, room, id, what, None, &NoFiles));
        let prepared = self.wires[wire as usize].get_or_init(prepare);
        let frames = prepared.frames.iter().map(|frame| match frame {
            AddressedFrame::All(frame) => Some(DirectFrame { frame: Some(frame), other_for: None }),
            AddressedFrame::Split { user, others, .. } => {
                Some(DirectFrame { frame: others.as_ref(), other_for: Some(*user) })
            }
            AddressedFrame::MemberJoined { .. }
            | AddressedFrame::PresenceChanged { .. }
            | AddressedFrame::MemberLeft { .. } => None,
        });
        frames.collect()
    }
}

/// A frame that is sent to every connection of a wire without asking the connection.
#[derive(Debug)]
pub(super) struct DirectFrame<'a> {
    /// The frame, unless these connections receive none.
    pub(super) frame: Option<&'a TextFrame>,
    /// The user whose connections receive another frame or none.
    pub(super) other_for: Option<UserId>,
}

/// The addresses for an update without files.
#[derive(Debug)]
struct NoFiles;

impl FileUrls for NoFiles {
    fn url(&self, _file: &Attachment) -> String {
        String::new()
    }
}

/// Encodes one update for connections that use `wire`.
pub(super) fn prepare(
    wire: Wire,
    room: &RoomName,
    id: RoomId,
    what: UpdateKind<'_>,
    about: Option<&Message>,
    urls: &dyn FileUrls,
) -> EncodedUpdate<TextFrame> {
    let update = RoomUpdate { room, id, what, about, now: wall_time(), urls };
    wire.prepare(&update).map(|frame| TextFrame::of_wire(&frame))
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
    use hubbub_protocol::{Moved, Seq, Timestamp, User, UserId, UserName};

    use super::*;

    #[tokio::test]
    async fn encodes_an_event_once_for_each_wire() {
        let folder = tempfile::tempdir().unwrap();
        let (store, _writer) = SqliteStore::open(folder.path()).await.unwrap();
        let user = User { id: UserId(1), name: UserName::parse("ivan").unwrap() };
        let what = Event::Joined(Moved { seq: Seq(1), user, at: Timestamp::from_millis(0) });
        let frame = ServerFrame::Event { room: RoomName::parse("general").unwrap(), what };
        let broadcast = Broadcast::in_room(RoomId(1), frame);
        assert!(std::ptr::eq(broadcast.native(), broadcast.native()));
        for wire in Wire::ALL {
            let (one, other) = (
                broadcast.prepared(wire, &store, &NoFiles).await.unwrap(),
                broadcast.prepared(wire, &store, &NoFiles).await.unwrap(),
            );
            let (Cow::Borrowed(one), Cow::Borrowed(other)) = (one, other) else {
                panic!("{wire:?}: not shared")
            };
            assert!(std::ptr::eq(one, other), "{wire:?}");
            let [AddressedFrame::MemberJoined { frame, .. }] = &one.frames[..] else {
                panic!("{wire:?}: {one:?}")
            };
            assert_eq!(
                frame.bytes().as_ptr(),
                frame.clone().bytes().as_ptr(),
                "{wire:?}: a copy is no copy of the text"
            );
        }
    }
}
