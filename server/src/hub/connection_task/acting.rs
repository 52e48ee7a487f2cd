//! Does what a [`Connection`](hubbub_chat::Connection) decided: asks rooms, reads the store.

use hubbub_chat::{Act, Ask, Entry, Outcome, Read, Store};
use hubbub_protocol::{Answer, CloseReason, MAX_ROOMS_BROWSED, Refusal, RequestId, RoomName};

use super::{ConnectionTask, Step};
use crate::hub::room_task::{Marker, RoomInput};

impl ConnectionTask {
    pub(super) async fn act(&mut self, act: Act) -> Result<Vec<Step>, CloseReason> {
        let acts = match act {
            Act::Write(frame) => return self.write(frame).await,
            Act::Close(reason) => return Err(reason),
            Act::Enter { room, request, shown } => {
                let (entry, user) = (self.entry(request), self.connection.user().clone());
                let input = RoomInput::Enter { entry, user, shown, outbox: self.outbox.clone() };
                self.send(&room, request, input).await
            }
            Act::Exit { room } => {
                self.hub.tell(&room, RoomInput::Leave(self.id)).await;
                Vec::new()
            }
            Act::Ask { room, request, ask } => {
                let input = self.input(request, ask);
                self.send(&room, request, input).await
            }
            Act::Show { room, shown } => {
                self.hub.tell(&room, RoomInput::Show { connection: self.id, shown }).await;
                Vec::new()
            }
            Act::Appear { request, appearance } => {
                let answer = Box::pin(self.hub.appear(self.connection.user().id, appearance)).await;
                let answer = answer.map(|()| Ok(Answer::Appearance(appearance)));
                vec![self.connection.on_answer(request, answer)]
            }
            // Boxed, because it is large and rare, and every idle connection would hold its place.
            Act::Read(read) => Box::pin(self.read(read)).await,
        };
        Ok(acts.into_iter().map(Step::Act).collect())
    }

    pub(super) const fn entry(&self, request: RequestId) -> Entry {
        Entry { connection: self.id, request }
    }

    fn input(&self, request: RequestId, ask: Ask) -> RoomInput {
        let (entry, user) = (self.entry(request), self.connection.user());
        match ask {
            Ask::Deed(deed) => RoomInput::Deed { entry, by: user.clone(), deed },
            Ask::Mark(mark) => RoomInput::Mark { by: Marker::Connection(entry), user: user.id, mark },
            Ask::Typing(on) => RoomInput::Typing { entry, on },
        }
    }

    async fn send(&mut self, room: &RoomName, request: RequestId, input: RoomInput) -> Vec<Act> {
        match self.hub.send(room, input).await {
            Ok(()) => Vec::new(),
            Err(_) => self.connection.on_outcome(request, Outcome::Refused(Refusal::unavailable())),
        }
    }

    async fn read(&mut self, read: Read) -> Vec<Act> {
        let store = self.hub.store();
        let user = self.connection.user().id;
        let (request, answer) = match read {
            Read::Events { room, after, limit } => {
                let events = store.events_after(room, after, limit).await;
                return self.connection.on_events(room, events);
            }
            Read::History { room, span, limit, request } => {
                let history = store.history(room, span, limit).await;
                return self.connection.on_history(room, span, request, history);
            }
            Read::Edits { room, message, request } => {
                let edits = store.edits(room, message).await;
                (request, edits.map(|edits| self.connection.edits(message, edits)))
            }
            Read::Rooms { request } => {
                (request, store.my_rooms(user).await.map(|rooms| Ok(Answer::Rooms { rooms })))
            }
            Read::Browse { query, after, request } => {
                let found = store.browse(user, &query, after.as_ref(), MAX_ROOMS_BROWSED).await;
                (request, found.map(|found| Ok(Answer::Browsed(found))))
            }
        };
        vec![self.connection.on_answer(request, answer)]
    }
}
