//! The conversion of requests to operations.

use hubbub_protocol::{
    ClientFrame, ClientId, Command, MessageId, Refusal, RequestId, RoomId, RoomName, Seq, Timestamp, UserName,
};

use super::{Lookup, PendingKind, PendingRequest, Session, SessionOutput};
use crate::history_collector::HistoryCollector;
use crate::inbound_request::{InboundFile, InboundRequest, RoomSelector};
use crate::problem::Problem;
use crate::room_roster::RoomRoster;

impl Session {
    /// Returns the operations for a request.
    pub(super) fn ask(
        &mut self,
        request: InboundRequest,
        acknowledge: Option<u64>,
        random: [u8; 16],
        now: Timestamp,
    ) -> Result<SessionOutput, Problem> {
        match request {
            InboundRequest::Join { room: RoomSelector::Numbered(room), history, .. } => {
                match self.rooms.iter().find(|(_, roster)| roster.id == room).map(|(name, _)| name.clone()) {
                    Some(room) => Ok(self.enter(room, history, acknowledge)),
                    None => {
                        let id = self.wait(PendingKind::Number { history }, acknowledge);
                        Ok(SessionOutput::lookup(Lookup::Room { id, room }))
                    }
                }
            }
            InboundRequest::Join { room, name, history } => {
                let room = self.room_to_join(room)?;
                // A user with a chosen name keeps it, but another name that is invalid is refused in any case.
                let other = name.as_deref().filter(|name| *name != self.me.name.as_str());
                let name = other.map(UserName::parse).transpose().map_err(|no| self.problem(no))?;
                match name.filter(|name| self.transient && self.rooms.is_empty() && *name != self.me.name) {
                    Some(name) => {
                        let id = self.wait(PendingKind::Name { room, history }, acknowledge);
                        Ok(SessionOutput::lookup(Lookup::Rename { id, name }))
                    }
                    None => Ok(self.enter(room, history, acknowledge)),
                }
            }
            // A client is not in a room whose id it never joined. Leaving it succeeds.
            InboundRequest::Leave { room: room @ RoomSelector::Numbered(_) } if self.name(&room).is_err() => {
                Ok(SessionOutput::default())
            }
            InboundRequest::Leave { room } => {
                let room = self.name(&room)?.as_str().to_owned();
                Ok(self.order(Command::Leave { room }, PendingKind::Exit, acknowledge))
            }
            InboundRequest::Post { room, text, client_id } => {
                let room = self.name(&room)?.as_str().to_owned();
                let name =
                    client_id.unwrap_or_else(|| ClientId::from_time(now.millis().unsigned_abs(), random));
                let post = Command::Post { room, client_id: name, text, reply_to: None, files: Vec::new() };
                Ok(self.order(post, PendingKind::Posting { client_id }, acknowledge))
            }
            InboundRequest::SendFile { room, file: InboundFile { name, content }, text, client_id } => {
                let room = self.name(&room)?;
                self.roster(&room)?;
                let post_id =
                    client_id.unwrap_or_else(|| ClientId::from_time(now.millis().unsigned_abs(), random));
                let upload = PendingKind::Upload { room: room.clone(), text, post_id, client_id };
                let id = self.wait(upload, acknowledge);
                Ok(SessionOutput::lookup(Lookup::StoreFile { id, room, upload_id: post_id, name, content }))
            }
            InboundRequest::History { room, before: None, limit } => {
                let room = self.name(&room)?;
                self.roster(&room)?;
                Ok(self.collector(room, limit, None, PendingKind::Past, acknowledge))
            }
            InboundRequest::History { room, before: Some(message), limit } => {
                let room = self.name(&room)?;
                self.find(room.clone(), message, PendingKind::Before { room, limit }, acknowledge)
            }
            InboundRequest::Typing { room, on } => {
                let room = self.name(&room)?.as_str().to_owned();
                Ok(self.order(Command::Type { room, on }, PendingKind::Nothing, acknowledge))
            }
            InboundRequest::Users { room } => {
                let room = self.name(&room)?;
                self.roster(&room)?;
                let id = self.wait(PendingKind::Users { room: room.clone() }, acknowledge);
                Ok(SessionOutput::lookup(Lookup::People { id, room }))
            }
            InboundRequest::Read { room, up_to: None } => {
                let room = self.name(&room)?;
                Ok(self.read(&room, Seq(i64::MAX), acknowledge))
            }
            InboundRequest::Read { room, up_to: Some(message) } => {
                let room = self.name(&room)?;
                self.find(room.clone(), message, PendingKind::UpTo { room }, acknowledge)
            }
            InboundRequest::Appear { status } => {
                let appear = Command::Appear { status: Some(status), share_reads: None };
                Ok(self.order(appear, PendingKind::Nothing, acknowledge))
            }
            InboundRequest::Ping => {
                Ok(self.order(Command::Ping { active: false }, PendingKind::Pong, acknowledge))
            }
        }
    }

    /// Joins a room. If it is already joined, sends its state again without missing events.
    pub(super) fn enter(&mut self, room: RoomName, history: u32, acknowledge: Option<u64>) -> SessionOutput {
        if self.rooms.contains_key(&room) {
            let id = self.wait(PendingKind::Return { room: room.clone(), history }, acknowledge);
            return SessionOutput::lookup(Lookup::People { id, room });
        }
        let join = Command::Join { room: room.as_str().to_owned(), cursor: None, resume: false };
        self.order(join, PendingKind::Entry { history }, acknowledge)
    }

    /// Reads a part of the history for the pending request `what`.
    pub(super) fn collector(
        &mut self,
        room: RoomName,
        wanted: u32,
        before: Option<Seq>,
        what: PendingKind,
        acknowledge: Option<u64>,
    ) -> SessionOutput {
        let collector = HistoryCollector::new(room, wanted);
        let page = collector.page_before(before);
        let output = self.order(page, what, acknowledge);
        self.collector = Some((RequestId(self.last_request), collector));
        output
    }

    /// Marks everything up to a position as read.
    pub(super) fn read(&mut self, room: &RoomName, seq: Seq, acknowledge: Option<u64>) -> SessionOutput {
        let room = room.as_str().to_owned();
        self.order(Command::Read { room, seq }, PendingKind::Nothing, acknowledge)
    }

    fn find(
        &mut self,
        room: RoomName,
        message: MessageId,
        what: PendingKind,
        acknowledge: Option<u64>,
    ) -> Result<SessionOutput, Problem> {
        let room = self.roster(&room)?.id;
        let id = self.wait(what, acknowledge);
        Ok(SessionOutput::lookup(Lookup::Message { id, room, message }))
    }

    /// Executes a command for a pending request.
    pub(super) fn order(
        &mut self,
        command: Command,
        what: PendingKind,
        acknowledge: Option<u64>,
    ) -> SessionOutput {
        let id = self.wait(what, acknowledge);
        SessionOutput::lookup(Lookup::Do(ClientFrame { id, command }))
    }

    pub(super) fn wait(&mut self, what: PendingKind, acknowledge: Option<u64>) -> RequestId {
        self.last_request += 1;
        let id = RequestId(self.last_request);
        self.pending.insert(id, PendingRequest { what, acknowledge });
        id
    }

    /// Returns the name of a room to join. The name is unchecked: `Connection` refuses an invalid name, unless
    /// it is the name of a stored room, which an older rule accepted.
    fn room_to_join(&self, room: RoomSelector) -> Result<RoomName, Problem> {
        match room {
            RoomSelector::Named(name) => Ok(RoomName::from_stored(name)),
            RoomSelector::Here | RoomSelector::Numbered(_) => self.name(&room),
        }
    }

    fn name(&self, room: &RoomSelector) -> Result<RoomName, Problem> {
        match room {
            RoomSelector::Named(name) => {
                let joined = self.rooms.keys().find(|joined| joined.as_str() == name).cloned();
                let name = joined.map_or_else(|| RoomName::parse(name), Ok);
                name.map_err(|refusal| self.problem(refusal))
            }
            RoomSelector::Here => self.here.clone().ok_or_else(|| Problem::missing("room")),
            RoomSelector::Numbered(id) => self.numbered(*id),
        }
    }

    /// Returns the name of a joined room. Ids of other rooms are refused.
    fn numbered(&self, id: RoomId) -> Result<RoomName, Problem> {
        let known = self.rooms.iter().find(|(_, roster)| roster.id == id);
        let name = known.map(|(name, _)| name.clone());
        name.ok_or_else(|| self.problem(Refusal::not_joined(&format!("chat {id}"))))
    }

    fn roster(&self, room: &RoomName) -> Result<&RoomRoster, Problem> {
        self.rooms.get(room).ok_or_else(|| self.problem(Refusal::not_joined(room.as_str())))
    }

    fn problem(&self, refusal: Refusal) -> Problem {
        Problem::of(refusal, |field| self.wire.field_name(field))
    }
}
