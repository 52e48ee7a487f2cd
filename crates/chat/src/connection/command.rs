//! The execution of commands. Each value is parsed here, once.

use hubbub_protocol::{
    Answer, Appearance, Command, Emoji, Field, MAX_ROOMS_PER_CONNECTION, Millis, Refusal, RequestId, RoomId,
    RoomName, Seq, Topic,
};

use super::{Connection, ConnectionEffect, StoreQuery, Subscription, reply};
use crate::page::{page_limit, position, room_query};
use crate::{DisplayedPresence, PageAnchor, ReadUpdate, RequestOrigin, RoomChange, RoomCommand, RoomRequest};

/// Returns whether the command shows activity of the user and not only of the device.
pub(super) const fn is_sign_of_life(command: &Command) -> bool {
    match command {
        Command::Post { .. }
        | Command::Edit { .. }
        | Command::Delete { .. }
        | Command::React { .. }
        | Command::Describe { .. }
        | Command::Unread { .. }
        | Command::Type { .. }
        | Command::Leave { .. }
        | Command::Appear { .. } => true,
        Command::Ping { active } => *active,
        // A page in an open window sends these commands without the user.
        Command::Read { .. }
        | Command::Join { .. }
        | Command::History { .. }
        | Command::Edits { .. }
        | Command::Rooms {}
        | Command::Browse { .. } => false,
    }
}

impl Connection {
    pub(super) fn command(
        &mut self,
        request: RequestId,
        command: Command,
        now: Millis,
    ) -> Result<Vec<ConnectionEffect>, Refusal> {
        match command {
            Command::Join { room, cursor, resume } => {
                let room = self.room_name(&room)?;
                let shown = self.join(request, &room, cursor, now)?;
                Ok(self.request(room, request, RoomCommand::Enter { shown, resume }))
            }
            Command::Leave { room } => {
                let room = self.room_name(&room)?;
                // Leaving a room that the connection has not joined succeeds and does not create the room.
                if self.subscription_to(&room).is_err() {
                    return Ok(vec![reply(request, Answer::Left { room })]);
                }
                Ok(self.request(room, request, RoomCommand::Change(RoomChange::Leave)))
            }
            Command::Post { room, client_id, text, reply_to, files } => {
                let room = self.room_name(&room)?;
                self.request_change(room, request, RoomChange::post(client_id, &text, reply_to, files)?)
            }
            Command::Edit { room, message_id, text, remove_files } => {
                let room = self.room_name(&room)?;
                self.request_change(room, request, RoomChange::edit(message_id, &text, remove_files)?)
            }
            Command::Delete { room, message_id } => {
                self.request_change(self.room_name(&room)?, request, RoomChange::Delete { message_id })
            }
            Command::React { room, message_id, emoji, on } => {
                let room = self.room_name(&room)?;
                // Removal accepts any stored emoji, because the rules for new emoji may have become stricter.
                let emoji = if on { Emoji::parse(&emoji)? } else { Emoji::from_stored(emoji) };
                self.request_change(room, request, RoomChange::React { message_id, emoji, on })
            }
            Command::Describe { room, topic } => {
                let room = self.room_name(&room)?;
                let topic = Topic::parse(&topic)?;
                self.request_change(room, request, RoomChange::Describe { topic })
            }
            Command::Read { room, seq } => {
                self.mark(&room, request, ReadUpdate::UpTo(position(Field::Seq, seq, 0)?))
            }
            Command::Unread { room, seq } => {
                self.mark(&room, request, ReadUpdate::From(position(Field::Seq, seq, 1)?))
            }
            Command::Type { room, on } => {
                let room = self.room_name(&room)?;
                self.subscription_to(&room)?;
                Ok(self.request(room, request, RoomCommand::Type(on)))
            }
            Command::History { room, before, after, around, limit } => {
                let room = self.room_id(&self.room_name(&room)?)?;
                let anchor = PageAnchor::parse(before, after, around)?;
                let limit = page_limit(limit.map(i64::from))?;
                Ok(vec![ConnectionEffect::Query(StoreQuery::History {
                    room,
                    anchor,
                    limit,
                    request: Some(request),
                })])
            }
            Command::Edits { room, message_id } => {
                let room = self.room_id(&self.room_name(&room)?)?;
                Ok(vec![ConnectionEffect::Query(StoreQuery::Edits { room, message: message_id, request })])
            }
            Command::Rooms {} => Ok(vec![ConnectionEffect::Query(StoreQuery::Rooms { request })]),
            Command::Browse { query, after } => {
                let query = query.unwrap_or_default();
                room_query(&query)?;
                let after = after.map(|after| self.room_name(&after)).transpose()?;
                Ok(vec![ConnectionEffect::Query(StoreQuery::Browse { query, after, request })])
            }
            Command::Appear { status, share_reads } => {
                let old = self.appearance();
                let appearance = Appearance {
                    status: status.unwrap_or(old.status),
                    share_reads: share_reads.unwrap_or(old.share_reads),
                };
                Ok(vec![ConnectionEffect::Appear { request, appearance }])
            }
            Command::Ping { .. } => Ok(vec![reply(request, Answer::Pong {})]),
        }
    }

    /// Adds the subscription of a join. Returns how the room must show the user.
    fn join(
        &mut self,
        request: RequestId,
        room: &RoomName,
        cursor: Option<Seq>,
        now: Millis,
    ) -> Result<DisplayedPresence, Refusal> {
        if cursor.is_some_and(|cursor| cursor < Seq(0)) {
            return Err(Refusal::invalid(Field::Cursor, "cursor must be 0 or the seq of an event"));
        }
        // A second join replaces the first and starts from the new cursor.
        self.subscriptions.retain(|subscription| subscription.name != *room);
        if self.subscriptions.len() >= MAX_ROOMS_PER_CONNECTION {
            return Err(Refusal::too_many_rooms(MAX_ROOMS_PER_CONNECTION));
        }
        let shown = self.activity.shown(now);
        // Most connections are in one room.
        self.subscriptions.reserve_exact(1);
        self.subscriptions.push(Subscription::entering(room.clone(), shown, request, cursor));
        Ok(shown)
    }

    fn request_change(
        &mut self,
        room: RoomName,
        request: RequestId,
        change: RoomChange,
    ) -> Result<Vec<ConnectionEffect>, Refusal> {
        self.subscription_to(&room)?;
        Ok(self.request(room, request, RoomCommand::Change(change)))
    }

    fn mark(
        &mut self,
        room: &str,
        request: RequestId,
        mark: ReadUpdate,
    ) -> Result<Vec<ConnectionEffect>, Refusal> {
        let room = self.room_name(room)?;
        self.subscription_to(&room)?;
        Ok(self.request(room, request, RoomCommand::Read(mark)))
    }

    /// Returns a request to a room that answers it.
    fn request(&mut self, room: RoomName, request: RequestId, command: RoomCommand) -> Vec<ConnectionEffect> {
        self.open_requests += 1;
        let origin = RequestOrigin::Request { connection: self.id, request };
        vec![ConnectionEffect::Request {
            room,
            request: RoomRequest { origin, by: self.user.clone(), command },
        }]
    }

    fn room_id(&self, room: &RoomName) -> Result<RoomId, Refusal> {
        self.subscription_to(room)?.id.ok_or_else(|| Refusal::not_joined(room.as_str()))
    }
}
