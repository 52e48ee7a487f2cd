//! What a peer on an older wire says and hears, through the wire's own [`Session`].

use hubbub_protocol::{CloseReason, Event, Millis, Refusal, RoomName};
use hubbub_wires::{EncodedUpdate, InboundFrame, Lookup, SelectedFrame, Session, UpdateKind};

use super::{ConnectionTask, Protocol, TaskStep};
use crate::clock::wall_time;
use crate::hub::delivery::{self, look_up};
use crate::hub::transport::OutgoingFrame;
use crate::identity::passing;

impl ConnectionTask {
    /// What a peer on a wire wrote, whether it can be understood or not, shows that it is there.
    pub(super) async fn decode(&mut self, input: InboundFrame<'_>, now: Millis) -> Result<(), CloseReason> {
        self.connection.on_sign_of_life(now);
        let Protocol::Wire(session) = &mut self.protocol else { return Ok(()) };
        let output = session.decode(input, rand::random(), wall_time());
        let steps = self.apply_output(output).await?;
        self.run_steps(steps.into()).await
    }

    /// Does what only a wire asks for, and brings it the answer.
    pub(super) async fn look_up(&mut self, want: Lookup) -> Result<Vec<TaskStep>, CloseReason> {
        let now = self.hub.clock().now();
        if let Lookup::Do(request) = want {
            return Ok(self.admit(Ok(request), now).into_iter().map(TaskStep::Effect).collect());
        }
        let (hub, time) = (self.hub.clone(), wall_time());
        let Protocol::Wire(session) = &mut self.protocol else { return Ok(Vec::new()) };
        let output = match want {
            Lookup::Do(_) => return Ok(Vec::new()),
            Lookup::Rename { id, name } => {
                let user = self.connection.user().clone();
                let renamed = passing::rename(&hub, &user, &name).await;
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
                // One of another room is none of this connection's business.
                let found =
                    found.map(|found| found.filter(|(of, _)| *of == room).map(|(_, message)| message));
                session.on_message(id, found.map_err(|_| Refusal::unavailable()), time)
            }
            Lookup::People { id, room } => {
                let people = hub.room_snapshot(&room).await.unwrap_or_default().people;
                session.on_people(id, people, time)
            }
        };
        self.apply_output(output).await
    }

    /// Tells a wire what is missed; nobody else waits for the same.
    pub(super) async fn tell(&mut self, room: &RoomName, event: &Event) -> Result<(), CloseReason> {
        let Protocol::Wire(session) = &mut self.protocol else { return Ok(()) };
        let Some(id) = session.room_id(room) else { return Ok(()) };
        let what = UpdateKind::Event(event);
        let about = match what.about() {
            Some(about) => look_up(self.hub.store(), id, about).await,
            None => None,
        };
        let prepared = delivery::prepare(session.wire(), room, id, what, about.as_ref());
        let lines = heard(session, &prepared);
        self.feed_all(lines).await
    }
}

/// What of prepared frames is for this connection.
pub(super) fn heard(session: &mut Session, prepared: &EncodedUpdate<OutgoingFrame>) -> Vec<OutgoingFrame> {
    let mut lines = Vec::new();
    session.on_update(prepared, wall_time(), |said| {
        lines.push(match said {
            SelectedFrame::Shared(line) => line.clone(),
            SelectedFrame::Own(frame) => frame.into(),
        });
    });
    lines
}
