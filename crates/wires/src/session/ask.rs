//! From what a peer asks for to what is to be done.

use hubbub_protocol::{
    ClientFrame, ClientId, Command, MessageId, Refusal, RequestId, RoomId, RoomName, Seq, UserName,
};

use super::{Open, Output, Session, Waiting, Want};
use crate::asked::{Asked, Place};
use crate::company::Company;
use crate::gather::Gather;
use crate::problem::Problem;

impl Session {
    /// What is to be done about a request.
    pub(super) fn ask(
        &mut self,
        asked: Asked,
        acknowledge: Option<u64>,
        random: [u8; 16],
    ) -> Result<Output, Problem> {
        match asked {
            Asked::Join { room: Place::Numbered(room), history, .. } => {
                match self.rooms.iter().find(|(_, company)| company.id == room).map(|(name, _)| name.clone())
                {
                    Some(room) => Ok(self.enter(room, history, acknowledge)),
                    None => {
                        let id = self.wait(Waiting::Number { history }, acknowledge);
                        Ok(Output::want(Want::Room { id, room }))
                    }
                }
            }
            Asked::Join { room, name, history } => {
                let room = self.name(&room)?;
                // Whoever has a name keeps it; but a wrong one is a mistake whoever makes it.
                let name = name.as_deref().map(UserName::parse).transpose().map_err(|no| self.problem(no))?;
                match name.filter(|name| self.passing && self.rooms.is_empty() && *name != self.me.name) {
                    Some(name) => {
                        let id = self.wait(Waiting::Name { room, history }, acknowledge);
                        Ok(Output::want(Want::Rename { id, name }))
                    }
                    None => Ok(self.enter(room, history, acknowledge)),
                }
            }
            // Nobody is in a room whose name they have not heard; leaving it does no harm.
            Asked::Leave { room: room @ Place::Numbered(_) } if self.name(&room).is_err() => {
                Ok(Output::default())
            }
            Asked::Leave { room } => {
                let room = self.name(&room)?.as_str().to_owned();
                Ok(self.order(Command::Leave { room }, Waiting::Exit, acknowledge))
            }
            Asked::Post { room, text, client_id } => {
                let room = self.name(&room)?.as_str().to_owned();
                let name = client_id.unwrap_or_else(|| ClientId::from_random_bytes(random));
                let post = Command::Post { room, client_id: name, text, reply_to: None };
                Ok(self.order(post, Waiting::Posting { client_id }, acknowledge))
            }
            Asked::History { room, before: None, limit } => {
                let room = self.name(&room)?;
                self.company(&room)?;
                Ok(self.gather(room, limit, None, Waiting::Past, acknowledge))
            }
            Asked::History { room, before: Some(message), limit } => {
                let room = self.name(&room)?;
                self.find(room.clone(), message, Waiting::Before { room, limit }, acknowledge)
            }
            Asked::Typing { room, on } => {
                let room = self.name(&room)?.as_str().to_owned();
                Ok(self.order(Command::Type { room, on }, Waiting::Nothing, acknowledge))
            }
            Asked::Users { room } => {
                let room = self.name(&room)?;
                self.company(&room)?;
                let id = self.wait(Waiting::Users { room: room.clone() }, acknowledge);
                Ok(Output::want(Want::People { id, room }))
            }
            Asked::Read { room, up_to: None } => {
                let room = self.name(&room)?;
                Ok(self.read(&room, Seq(i64::MAX), acknowledge))
            }
            Asked::Read { room, up_to: Some(message) } => {
                let room = self.name(&room)?;
                self.find(room.clone(), message, Waiting::UpTo { room }, acknowledge)
            }
            Asked::Appear { status } => {
                let appear = Command::Appear { status: Some(status), share_reads: None };
                Ok(self.order(appear, Waiting::Nothing, acknowledge))
            }
            Asked::Ping => Ok(self.order(Command::Ping { active: false }, Waiting::Pong, acknowledge)),
        }
    }

    /// Comes into a room; again, without missing anything, if one is in it.
    pub(super) fn enter(&mut self, room: RoomName, history: u32, acknowledge: Option<u64>) -> Output {
        if self.rooms.contains_key(&room) {
            let id = self.wait(Waiting::Return { room: room.clone(), history }, acknowledge);
            return Output::want(Want::People { id, room });
        }
        let join = Command::Join { room: room.as_str().to_owned(), cursor: None };
        self.order(join, Waiting::Entry { history }, acknowledge)
    }

    /// Reads a part of the past, for a request that waits for it as `what`.
    pub(super) fn gather(
        &mut self,
        room: RoomName,
        wanted: u32,
        before: Option<Seq>,
        what: Waiting,
        acknowledge: Option<u64>,
    ) -> Output {
        let gather = Gather::new(room, wanted);
        let page = gather.page_before(before);
        let output = self.order(page, what, acknowledge);
        self.gather = Some((RequestId(self.last_request), gather));
        output
    }

    /// Everything up to a position is read.
    pub(super) fn read(&mut self, room: &RoomName, seq: Seq, acknowledge: Option<u64>) -> Output {
        let room = room.as_str().to_owned();
        self.order(Command::Read { room, seq }, Waiting::Nothing, acknowledge)
    }

    fn find(
        &mut self,
        room: RoomName,
        message: MessageId,
        what: Waiting,
        acknowledge: Option<u64>,
    ) -> Result<Output, Problem> {
        let room = self.company(&room)?.id;
        let id = self.wait(what, acknowledge);
        Ok(Output::want(Want::Message { id, room, message }))
    }

    /// A command of the chat, for a request that waits for its answer.
    fn order(&mut self, command: Command, what: Waiting, acknowledge: Option<u64>) -> Output {
        let id = self.wait(what, acknowledge);
        Output::want(Want::Do(ClientFrame { id, command }))
    }

    pub(super) fn wait(&mut self, what: Waiting, acknowledge: Option<u64>) -> RequestId {
        self.last_request += 1;
        let id = RequestId(self.last_request);
        self.open.insert(id, Open { what, acknowledge });
        id
    }

    fn name(&self, room: &Place) -> Result<RoomName, Problem> {
        match room {
            Place::Named(name) => RoomName::parse(name).map_err(|refusal| self.problem(refusal)),
            Place::Here => self.here.clone().ok_or_else(|| Problem::missing("room")),
            Place::Numbered(id) => self.numbered(*id),
        }
    }

    /// A number means a room only to whoever is in it.
    fn numbered(&self, id: RoomId) -> Result<RoomName, Problem> {
        let known = self.rooms.iter().find(|(_, company)| company.id == id);
        let name = known.map(|(name, _)| name.clone());
        name.ok_or_else(|| self.problem(Refusal::not_joined(&format!("chat {id}"))))
    }

    fn company(&self, room: &RoomName) -> Result<&Company, Problem> {
        self.rooms.get(room).ok_or_else(|| self.problem(Refusal::not_joined(room.as_str())))
    }

    fn problem(&self, refusal: Refusal) -> Problem {
        Problem::of(refusal, |field| self.wire.spell(field))
    }
}
