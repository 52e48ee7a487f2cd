//! Translates the frames of a peer that uses a legacy protocol, through the [`Session`] of that protocol.

use bytes::Bytes;
use hubbub_protocol::{CloseReason, Event, Millis, Refusal, RoomName};
use hubbub_wires::{EncodedUpdate, InboundFrame, Lookup, SelectedFrame, Session, SessionOutput, UpdateKind};

use super::{ConnectionTask, Protocol};
use crate::clock::wall_time;
use crate::hub::delivery::{self, look_up};
use crate::hub::peer_files::SentFile;
use crate::hub::transient_guest;
use crate::hub::transport::TextFrame;
use crate::limits::RateLimitKind;

impl ConnectionTask {
    /// Decodes a frame of the peer, with its binary attachment. Every frame, valid or not, counts as a sign of life.
    pub(super) async fn decode(
        &mut self,
        input: InboundFrame<'_>,
        attachment: Option<Bytes>,
        now: Millis,
    ) -> Result<(), CloseReason> {
        self.connection.on_sign_of_life(now);
        let Protocol::Wire(session) = &mut self.protocol else { return Ok(()) };
        let output = session.decode(input, rand::random(), wall_time());
        let effects = self.apply_output(output, attachment).await?;
        self.perform(effects).await
    }

    /// Performs a look-up for the legacy protocol, and returns the output of its session for the result.
    pub(super) async fn look_up(&mut self, lookup: Lookup, attachment: Option<Bytes>) -> SessionOutput {
        let (hub, time) = (self.hub.clone(), wall_time());
        let Protocol::Wire(session) = &mut self.protocol else { return SessionOutput::default() };
        match lookup {
            // The caller executes commands.
            Lookup::Do(_) => SessionOutput::default(),
            Lookup::Rename { id, name } => {
                let user = self.connection.user().clone();
                let renamed = match hub.limits().try_acquire(RateLimitKind::Marking, Some(user.id), self.from)
                {
                    Ok(()) => transient_guest::rename(&hub, &user, &name).await,
                    Err(refusal) => Err(refusal),
                };
                if let Ok(user) = &renamed {
                    self.connection.on_renamed(user.clone());
                }
                session.on_renamed(id, renamed, time)
            }
            Lookup::Room { id, room } => {
                let name = hub.store().room_name(room).await;
                session.on_room(id, name.map_err(|_| Refusal::unavailable()), time)
            }
            Lookup::Message { id, room, message } => {
                let found = hub.store().message(message).await;
                // A message of another room is treated as missing, because this connection may not see it.
                let found =
                    found.map(|found| found.filter(|(of, _)| *of == room).map(|(_, message)| message));
                session.on_message(id, found.map_err(|_| Refusal::unavailable()), time)
            }
            Lookup::StoreFile { id, room, upload_id, name, content } => {
                let user = self.connection.user().clone();
                let allowed = hub.limits().try_acquire(RateLimitKind::Uploading, Some(user.id), self.from);
                let stored = match (allowed, session.room_id(&room), &self.files) {
                    (Err(refusal), ..) => Err(refusal),
                    (Ok(()), Some(room), Some(files)) => {
                        let file = SentFile { upload_id, name, content, attachment };
                        files.store(&user, room, file).await
                    }
                    (Ok(()), ..) => Err(Refusal::not_joined(room.as_str())),
                };
                session.on_file(id, stored, time)
            }
            Lookup::People { id, room } => {
                let people = hub.room_snapshot(&room).await.unwrap_or_default().people;
                session.on_people(id, people, time)
            }
        }
    }

    /// Sends a missed event to this peer. The frame is not shared, because no other connection needs the same one.
    pub(super) async fn send_event(&mut self, room: &RoomName, event: &Event) -> Result<(), CloseReason> {
        let Protocol::Wire(session) = &mut self.protocol else { return Ok(()) };
        let Some(id) = session.room_id(room) else { return Ok(()) };
        let what = UpdateKind::Event(event);
        let about = match session.wire().related_message(what) {
            Some(about) => look_up(self.hub.store(), id, about).await,
            None => None,
        };
        let prepared = delivery::prepare(session.wire(), room, id, what, about.as_ref(), session.urls());
        let frames = select_frames(session, &prepared);
        self.transport.feed_all(frames).await
    }
}

/// Selects those of the prepared frames that this connection must send.
pub(super) fn select_frames(session: &mut Session, prepared: &EncodedUpdate<TextFrame>) -> Vec<TextFrame> {
    let mut frames = Vec::new();
    session.on_update(prepared, wall_time(), |selected| {
        frames.push(match selected {
            SelectedFrame::Shared(frame) => frame.clone(),
            SelectedFrame::Own(frame) => TextFrame::of_wire(&frame),
        });
    });
    frames
}
