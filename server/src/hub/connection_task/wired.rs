//! What a peer on an older wire says and hears, through the wire's own [`Session`].

use hubbub_protocol::{CloseReason, Event, Millis, Refusal, RoomName};
use hubbub_wires::{Input, Prepared, Said, Session, Want, What};

use super::{ConnectionTask, Step, Voice};
use crate::clock::wall_time;
use crate::hub::delivery::{self, look_up};
use crate::hub::transport::Line;
use crate::identity::passing;

impl ConnectionTask {
    /// What a peer on a wire wrote, whether it can be understood or not, shows that it is there.
    pub(super) async fn decode(&mut self, input: Input<'_>, now: Millis) -> Result<(), CloseReason> {
        self.connection.on_sign_of_life(now);
        let Voice::Wire(session) = &mut self.voice else { return Ok(()) };
        let output = session.decode(input, rand::random(), wall_time());
        let steps = self.put(output).await?;
        self.go(steps.into()).await
    }

    /// Does what only a wire asks for, and brings it the answer.
    pub(super) async fn fulfil(&mut self, want: Want) -> Result<Vec<Step>, CloseReason> {
        let now = self.hub.clock().now();
        if let Want::Do(request) = want {
            return Ok(self.take(Ok(request), now).into_iter().map(Step::Act).collect());
        }
        let (hub, time) = (self.hub.clone(), wall_time());
        let Voice::Wire(session) = &mut self.voice else { return Ok(Vec::new()) };
        let output = match want {
            Want::Do(_) => return Ok(Vec::new()),
            Want::Rename { id, name } => {
                let user = self.connection.user().clone();
                let renamed = passing::rename(&hub, &user, &name).await;
                if let Ok(user) = &renamed {
                    self.connection.on_renamed(user.clone());
                }
                session.on_renamed(id, renamed, time)
            }
            Want::Room { id, room } => {
                let name = hub.store().room_name(room).await;
                session.on_room(id, name.map_err(|_| Refusal::unavailable()), time)
            }
            Want::Message { id, room, message } => {
                let found = hub.store().message(message).await;
                // One of another room is none of this connection's business.
                let found =
                    found.map(|found| found.filter(|(of, _)| *of == room).map(|(_, message)| message));
                session.on_message(id, found.map_err(|_| Refusal::unavailable()), time)
            }
            Want::People { id, room } => {
                let people = hub.present(&room).await.unwrap_or_default().people;
                session.on_people(id, people, time)
            }
        };
        self.put(output).await
    }

    /// Tells a wire what is missed; nobody else waits for the same.
    pub(super) async fn tell(&mut self, room: &RoomName, event: &Event) -> Result<(), CloseReason> {
        let Voice::Wire(session) = &mut self.voice else { return Ok(()) };
        let Some(id) = session.room_id(room) else { return Ok(()) };
        let what = What::Event(event);
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
pub(super) fn heard(session: &mut Session, prepared: &Prepared<Line>) -> Vec<Line> {
    let mut lines = Vec::new();
    session.hear(prepared, wall_time(), |said| {
        lines.push(match said {
            Said::Shared(line) => line.clone(),
            Said::Own(frame) => frame.into(),
        });
    });
    lines
}
