//! Performs the effects that a [`Connection`](hubbub_chat::Connection) decided on: sends requests to rooms and reads
//! the store.

use hubbub_chat::{ConnectionEffect, RequestOrigin, RoomCommand, RoomReply, RoomRequest, Store, StoreQuery};
use hubbub_protocol::{Answer, CloseReason, MAX_ROOMS_BROWSED, Refusal, RoomName};

use super::{ConnectionTask, Protocol};
use crate::hub::room_task::ReplyTo;

impl ConnectionTask {
    pub(super) async fn perform_effect(
        &mut self,
        effect: ConnectionEffect,
    ) -> Result<Vec<ConnectionEffect>, CloseReason> {
        Ok(match effect {
            ConnectionEffect::Write(frame) => return self.write(frame).await,
            ConnectionEffect::Close(reason) => return Err(reason),
            ConnectionEffect::Request { room, request } => self.request(&room, request).await,
            ConnectionEffect::Appear { request, appearance } => {
                let answer = Box::pin(self.hub.appear(self.connection.user(), appearance)).await;
                let answer = answer.map(|()| Ok(Answer::Appearance(appearance)));
                vec![self.connection.on_answer(request, answer)]
            }
            // The future is boxed, because it is large and rarely needed; inline, it would occupy that memory in every
            // idle connection.
            ConnectionEffect::Query(read) => Box::pin(self.read(read)).await,
        })
    }

    /// Sends a request to a room. A request that cannot be sent is refused.
    async fn request(&mut self, room: &RoomName, request: RoomRequest) -> Vec<ConnectionEffect> {
        let origin = request.origin;
        let reply_to = match request.command {
            RoomCommand::Enter { .. } => ReplyTo::Entering(self.subscriber()),
            _ => ReplyTo::Origin,
        };
        let sent = self.hub.request(room, request, reply_to).await;
        match (sent.unwrap_or_else(|_| Err(Refusal::unavailable())), origin) {
            (Err(refusal), RequestOrigin::Request { request, .. }) => {
                self.connection.on_room_reply(request, RoomReply::Refused(refusal))
            }
            _ => Vec::new(),
        }
    }

    async fn read(&mut self, read: StoreQuery) -> Vec<ConnectionEffect> {
        if let (StoreQuery::History { room, request: None, .. }, Protocol::Wire(session)) =
            (&read, &self.protocol)
            && session.skips_page()
        {
            return self.connection.on_page_skipped(*room);
        }
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
