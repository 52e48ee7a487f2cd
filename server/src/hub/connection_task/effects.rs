//! Performs the effects that a [`Connection`](hubbub_chat::Connection) decided on: sends requests to rooms and reads
//! the store.

use hubbub_chat::{ConnectionEffect, RequestOrigin, RoomReply, RoomRequest, Store, StoreQuery};
use hubbub_protocol::{Answer, CloseReason, MAX_ROOMS_BROWSED, Refusal, RequestId, RoomName};

use super::{ConnectionTask, TaskStep};
use crate::hub::room_task::{ReadOrigin, RoomInput};

impl ConnectionTask {
    pub(super) async fn perform_effect(
        &mut self,
        effect: ConnectionEffect,
    ) -> Result<Vec<TaskStep>, CloseReason> {
        let effects = match effect {
            ConnectionEffect::Write(frame) => return self.write(frame).await,
            ConnectionEffect::Close(reason) => return Err(reason),
            ConnectionEffect::Enter { room, request, shown } => {
                let (origin, user) = (self.origin(request), self.connection.user().clone());
                let input = RoomInput::Enter { origin, user, shown, outbox: self.outbox.clone() };
                self.send(&room, request, input).await
            }
            ConnectionEffect::Exit { room } => {
                self.hub.notify(&room, RoomInput::Leave(self.id)).await;
                Vec::new()
            }
            ConnectionEffect::Request { room, request, ask } => {
                let input = self.input(request, ask);
                self.send(&room, request, input).await
            }
            ConnectionEffect::Show { room, shown } => {
                self.hub.notify(&room, RoomInput::Show { connection: self.id, shown }).await;
                Vec::new()
            }
            ConnectionEffect::Appear { request, appearance } => {
                let answer = Box::pin(self.hub.appear(self.connection.user().id, appearance)).await;
                let answer = answer.map(|()| Ok(Answer::Appearance(appearance)));
                vec![self.connection.on_answer(request, answer)]
            }
            // The future is boxed, because it is large and rarely needed; inline, it would occupy that memory in every
            // idle connection.
            ConnectionEffect::Query(read) => Box::pin(self.read(read)).await,
        };
        Ok(effects.into_iter().map(TaskStep::Effect).collect())
    }

    pub(super) const fn origin(&self, request: RequestId) -> RequestOrigin {
        RequestOrigin { connection: self.id, request }
    }

    fn input(&self, request: RequestId, ask: RoomRequest) -> RoomInput {
        let (origin, user) = (self.origin(request), self.connection.user());
        match ask {
            RoomRequest::Command(command) => RoomInput::Command { origin, by: user.clone(), command },
            RoomRequest::Read(mark) => {
                RoomInput::Read { by: ReadOrigin::Connection(origin), user: user.id, mark }
            }
            RoomRequest::Typing(on) => RoomInput::Typing { origin, on },
        }
    }

    async fn send(&mut self, room: &RoomName, request: RequestId, input: RoomInput) -> Vec<ConnectionEffect> {
        match self.hub.send(room, input).await {
            Ok(()) => Vec::new(),
            Err(_) => self.connection.on_room_reply(request, RoomReply::Refused(Refusal::unavailable())),
        }
    }

    async fn read(&mut self, read: StoreQuery) -> Vec<ConnectionEffect> {
        let store = self.hub.store();
        let user = self.connection.user().id;
        let (request, answer) = match read {
            StoreQuery::Events { room, after, limit } => {
                let events = store.events_after(room, after, limit).await;
                return self.connection.on_events(room, events);
            }
            StoreQuery::History { room, anchor, limit, request } => {
                let history = store.history(room, anchor, limit).await;
                return self.connection.on_history(room, anchor, request, history);
            }
            StoreQuery::Edits { room, message, request } => {
                let edits = store.edits(room, message).await;
                (request, edits.map(|edits| self.connection.edits(message, edits)))
            }
            StoreQuery::Rooms { request } => {
                (request, store.my_rooms(user).await.map(|rooms| Ok(Answer::Rooms { rooms })))
            }
            StoreQuery::Browse { query, after, request } => {
                let found = store.browse(user, &query, after.as_ref(), MAX_ROOMS_BROWSED).await;
                (request, found.map(|found| Ok(Answer::Browsed(found))))
            }
        };
        vec![self.connection.on_answer(request, answer)]
    }
}
