//! The conversion of answers to messages for the client.

use hubbub_protocol::{
    Answer, Attachment, ClientFrame, Command, Field, Message, Page, Person, Refusal, RequestId, Room,
    RoomName, Seq, StartOver, Timestamp, Topic, User,
};
use litemap::LiteMap;

use super::{Lookup, PendingKind, PendingRequest, Session, SessionOutput};
use crate::history_collector::HistoryCollector;
use crate::outbound::{OutboundMessage, PostedMessage};
use crate::room_roster::RoomRoster;

impl Session {
    pub(super) fn answered(&mut self, id: RequestId, answer: Answer, now: Timestamp) -> SessionOutput {
        let Some(PendingRequest { what, acknowledge }) = self.take_pending(id) else {
            return SessionOutput::default();
        };
        match (what, answer) {
            (PendingKind::Entry { history }, Answer::Joined(joined)) => {
                // The page that follows is sent together with this answer.
                let arrival = PendingKind::Arrival { room: joined.room.clone(), people: joined.people };
                self.collector = Some((id, HistoryCollector::new(joined.room.name, history)));
                self.pending.insert(id, PendingRequest { what: arrival, acknowledge });
                SessionOutput::default()
            }
            (what @ (PendingKind::Arrival { .. } | PendingKind::Past), Answer::History(page)) => {
                self.pending.insert(id, PendingRequest { what, acknowledge });
                self.on_page(id, page, None, now)
            }
            (PendingKind::Exit, Answer::Left { room }) => self.leave(&room, Some(acknowledge), now),
            (PendingKind::Posting { client_id }, Answer::Posted(posted)) => {
                let message = PostedMessage { id: posted.message_id, at: posted.at };
                let outbound = OutboundMessage::Posted { room: &posted.room, message, client_id };
                let outbound = self.write(&outbound, acknowledge, now);
                // The message was posted before, so no event follows. It is sent to this client again.
                let again = self.rooms.get(&posted.room).filter(|roster| roster.head >= posted.seq);
                let tells_again = client_id.is_some() && self.wire.repeats_resent_message();
                match again.map(|roster| roster.id).filter(|_| tells_again) {
                    Some(room) => {
                        let id = self.wait(PendingKind::Again { room: posted.room }, None);
                        outbound.followed_by(SessionOutput::lookup(Lookup::Message {
                            id,
                            room,
                            message: posted.message_id,
                        }))
                    }
                    None => outbound,
                }
            }
            (PendingKind::FilePosting { file, client_id }, Answer::Posted(posted)) => {
                let message = PostedMessage { id: posted.message_id, at: posted.at };
                let sent = OutboundMessage::FileSent { room: &posted.room, message, file: &file, client_id };
                self.write(&sent, acknowledge, now)
            }
            (PendingKind::Pong, Answer::Pong {}) => self.write(&OutboundMessage::Pong, acknowledge, now),
            _ => SessionOutput::default(),
        }
    }

    pub(super) fn refused(
        &mut self,
        id: Option<RequestId>,
        refusal: Refusal,
        now: Timestamp,
    ) -> SessionOutput {
        let pending = id.and_then(|id| self.take_pending(id));
        if self.collector.as_ref().is_some_and(|(gathering, _)| Some(*gathering) == id) {
            self.collector = None;
        }
        self.reject(refusal, pending.as_ref(), now)
    }

    pub(super) fn on_fresh_page(&mut self, start: StartOver, now: Timestamp) -> SessionOutput {
        let Some((id, _)) = self.collector else { return SessionOutput::default() };
        self.on_page(id, start.page, Some(start.cursor), now)
    }

    /// Adds a page to the history being read; reads the next page or sends the result.
    fn on_page(&mut self, id: RequestId, page: Page, head: Option<Seq>, now: Timestamp) -> SessionOutput {
        let Some((_, mut collector)) = self.collector.take() else { return SessionOutput::default() };
        let Some(PendingRequest { what, acknowledge }) = self.take_pending(id) else {
            return SessionOutput::default();
        };
        if let (PendingKind::Arrival { room, people }, Some(head)) = (&what, head) {
            if self.rooms.is_empty() {
                // Most connections are in one room.
                self.rooms = LiteMap::with_capacity(1);
            }
            self.rooms.insert(room.name.clone(), RoomRoster::new(room.id, head, people));
        }
        if let Some(command) = collector.take(page) {
            let id = self.wait(what, acknowledge);
            self.collector = Some((id, collector));
            return SessionOutput::lookup(Lookup::Do(ClientFrame { id, command }));
        }
        let (name, messages) = collector.into_messages();
        let outbound = match &what {
            PendingKind::Arrival { room, people } => {
                OutboundMessage::Joined { room, people, history: &messages }
            }
            _ => OutboundMessage::History { room: &name, messages: &messages },
        };
        self.write(&outbound, acknowledge, now)
    }

    /// Removes a room after a leave on this connection (`request` is its acknowledgement) or on another
    /// connection. A client that requested the leave is always answered.
    pub(super) fn leave(
        &mut self,
        room: &RoomName,
        request: Option<Option<u64>>,
        now: Timestamp,
    ) -> SessionOutput {
        let known = self.rooms.remove(room);
        if known.is_none() && request.is_none() {
            return SessionOutput::default();
        }
        self.write(&OutboundMessage::Left { room }, request.flatten(), now)
    }

    /// Handles the result of [`Lookup::Rename`].
    #[must_use]
    pub fn on_renamed(
        &mut self,
        id: RequestId,
        user: Result<User, Refusal>,
        now: Timestamp,
    ) -> SessionOutput {
        let Some(pending) = self.take_pending(id) else { return SessionOutput::default() };
        match (user, pending) {
            (Ok(user), PendingRequest { what: PendingKind::Name { room, history }, acknowledge }) => {
                self.me = user;
                self.enter(room, history, acknowledge)
            }
            (Ok(_), _) => SessionOutput::default(),
            (Err(refusal), pending) => self.reject(refusal, Some(&pending), now),
        }
    }

    /// Handles the result of [`Lookup::Room`].
    #[must_use]
    pub fn on_room(
        &mut self,
        id: RequestId,
        found: Result<Option<RoomName>, Refusal>,
        now: Timestamp,
    ) -> SessionOutput {
        let Some(pending) = self.take_pending(id) else { return SessionOutput::default() };
        let found = found.and_then(|found| found.ok_or_else(|| Refusal::not_found(Field::Room)));
        match (found, pending) {
            (Ok(room), PendingRequest { what: PendingKind::Number { history }, acknowledge }) => {
                self.enter(room, history, acknowledge)
            }
            (Ok(_), _) => SessionOutput::default(),
            (Err(refusal), pending) => self.reject(refusal, Some(&pending), now),
        }
    }

    /// Handles the result of [`Lookup::StoreFile`].
    #[must_use]
    pub fn on_file(
        &mut self,
        id: RequestId,
        stored: Result<Attachment, Refusal>,
        now: Timestamp,
    ) -> SessionOutput {
        let Some(pending) = self.take_pending(id) else { return SessionOutput::default() };
        match (stored, pending) {
            (
                Ok(file),
                PendingRequest { what: PendingKind::Upload { room, text, post_id, client_id }, acknowledge },
            ) => {
                let (room, files) = (room.as_str().to_owned(), vec![file.id]);
                let post = Command::Post { room, client_id: post_id, text, reply_to: None, files };
                self.order(post, PendingKind::FilePosting { file: Box::new(file), client_id }, acknowledge)
            }
            (Ok(_), _) => SessionOutput::default(),
            (Err(refusal), pending) => self.reject(refusal, Some(&pending), now),
        }
    }

    /// Handles the result of [`Lookup::Message`].
    #[must_use]
    pub fn on_message(
        &mut self,
        id: RequestId,
        found: Result<Option<Message>, Refusal>,
        now: Timestamp,
    ) -> SessionOutput {
        let Some(pending) = self.take_pending(id) else { return SessionOutput::default() };
        let field =
            if matches!(pending.what, PendingKind::Before { .. }) { Field::Before } else { Field::MessageId };
        let found = found.and_then(|found| found.ok_or_else(|| Refusal::not_found(field)));
        match (found, pending) {
            (Ok(message), PendingRequest { what: PendingKind::Before { room, limit }, acknowledge }) => {
                self.collector(room, limit, Some(message.seq), PendingKind::Past, acknowledge)
            }
            (Ok(message), PendingRequest { what: PendingKind::UpTo { room }, acknowledge }) => {
                self.read(&room, message.seq, acknowledge)
            }
            (Ok(message), PendingRequest { what: PendingKind::Again { room }, .. }) => {
                let Some(id) = self.rooms.get(&room).map(|roster| roster.id) else {
                    return SessionOutput::default();
                };
                self.write(&OutboundMessage::Again { room: &room, id, message: &message }, None, now)
            }
            (Ok(_), _) => SessionOutput::default(),
            (Err(refusal), pending) => self.reject(refusal, Some(&pending), now),
        }
    }

    /// Handles the result of [`Lookup::People`].
    #[must_use]
    pub fn on_people(&mut self, id: RequestId, people: Vec<Person>, now: Timestamp) -> SessionOutput {
        let Some(PendingRequest { what, acknowledge }) = self.take_pending(id) else {
            return SessionOutput::default();
        };
        match what {
            PendingKind::Users { room } => {
                self.write(&OutboundMessage::Users { room: &room, people: &people }, acknowledge, now)
            }
            PendingKind::Return { room: name, history } => {
                let Some(id) = self.rooms.get(&name).map(|roster| roster.id) else {
                    return SessionOutput::default();
                };
                let room = Room { id, name: name.clone(), topic: Topic::default() };
                self.collector(name, history, None, PendingKind::Arrival { room, people }, acknowledge)
            }
            _ => SessionOutput::default(),
        }
    }
}
