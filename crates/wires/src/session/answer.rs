//! From what the chat answers to what the peer is told.

use hubbub_protocol::{
    Answer, ClientFrame, Field, Message, Page, Person, Refusal, RequestId, Room, RoomName, Seq, StartOver,
    Timestamp, Topic, User,
};

use super::{Open, Output, Session, Waiting, Want};
use crate::company::Company;
use crate::gather::Gather;
use crate::told::{Posting, Told};

impl Session {
    pub(super) fn answered(&mut self, id: RequestId, answer: Answer, now: Timestamp) -> Output {
        let Some(Open { what, acknowledge }) = self.open.remove(&id) else { return Output::default() };
        match (what, answer) {
            (Waiting::Entry { history }, Answer::Joined(joined)) => {
                // The page that follows it is the beginning of what the peer is told.
                let arrival = Waiting::Arrival { room: joined.room.clone(), people: joined.people };
                self.gather = Some((id, Gather::new(joined.room.name, history)));
                self.open.insert(id, Open { what: arrival, acknowledge });
                Output::default()
            }
            (what @ (Waiting::Arrival { .. } | Waiting::Past), Answer::History(page)) => {
                self.open.insert(id, Open { what, acknowledge });
                self.on_page(id, page, None, now)
            }
            (Waiting::Exit, Answer::Left { room }) => self.leave(&room, Some(acknowledge), now),
            (Waiting::Posting { client_id }, Answer::Posted(posted)) => {
                let message = Posting { id: posted.message_id, at: posted.at };
                let told = Told::Posted { room: &posted.room, message, client_id };
                let told = self.say(&told, acknowledge, now);
                // It was posted before, so nobody hears of it now; whoever asked is told again.
                let again = self.rooms.get(&posted.room).filter(|company| company.head >= posted.seq);
                let tells_again = client_id.is_some() && self.wire.tells_what_is_sent_again();
                match again.map(|company| company.id).filter(|_| tells_again) {
                    Some(room) => {
                        let id = self.wait(Waiting::Again { room: posted.room }, None);
                        told.and(Output::want(Want::Message { id, room, message: posted.message_id }))
                    }
                    None => told,
                }
            }
            (Waiting::Pong, Answer::Pong {}) => self.say(&Told::Pong, acknowledge, now),
            _ => Output::default(),
        }
    }

    pub(super) fn refused(&mut self, id: Option<RequestId>, refusal: Refusal, now: Timestamp) -> Output {
        let open = id.and_then(|id| self.open.remove(&id));
        if self.gather.as_ref().is_some_and(|(gathering, _)| Some(*gathering) == id) {
            self.gather = None;
        }
        self.deny(refusal, open.as_ref(), now)
    }

    pub(super) fn on_fresh_page(&mut self, start: StartOver, now: Timestamp) -> Output {
        let Some((id, _)) = self.gather else { return Output::default() };
        self.on_page(id, start.page, Some(start.cursor), now)
    }

    /// A page has come of the past that is being read: reads on, or tells it.
    fn on_page(&mut self, id: RequestId, page: Page, head: Option<Seq>, now: Timestamp) -> Output {
        let Some((_, mut gather)) = self.gather.take() else { return Output::default() };
        let Some(Open { what, acknowledge }) = self.open.remove(&id) else { return Output::default() };
        if let (Waiting::Arrival { room, people }, Some(head)) = (&what, head) {
            self.rooms.insert(room.name.clone(), Company::new(room.id, head, people));
        }
        if let Some(command) = gather.take(page) {
            let id = self.wait(what, acknowledge);
            self.gather = Some((id, gather));
            return Output::want(Want::Do(ClientFrame { id, command }));
        }
        let (name, messages) = gather.into_messages();
        let told = match &what {
            Waiting::Arrival { room, people } => Told::Joined { room, people, history: &messages },
            _ => Told::History { room: &name, messages: &messages },
        };
        self.say(&told, acknowledge, now)
    }

    /// One is in the room no longer, by one's own wish on this connection (with what it wants acknowledged) or on
    /// another one. Whoever asked is told in any case.
    pub(super) fn leave(&mut self, room: &RoomName, asked: Option<Option<u64>>, now: Timestamp) -> Output {
        let known = self.rooms.remove(room);
        if known.is_none() && asked.is_none() {
            return Output::default();
        }
        self.say(&Told::Left { room }, asked.flatten(), now)
    }

    /// The answer to [`Want::Rename`].
    #[must_use]
    pub fn on_renamed(&mut self, id: RequestId, user: Result<User, Refusal>, now: Timestamp) -> Output {
        let Some(open) = self.open.remove(&id) else { return Output::default() };
        match (user, open) {
            (Ok(user), Open { what: Waiting::Name { room, history }, acknowledge }) => {
                self.me = user;
                self.enter(room, history, acknowledge)
            }
            (Ok(_), _) => Output::default(),
            (Err(refusal), open) => self.deny(refusal, Some(&open), now),
        }
    }

    /// The answer to [`Want::Room`].
    #[must_use]
    pub fn on_room(
        &mut self,
        id: RequestId,
        found: Result<Option<RoomName>, Refusal>,
        now: Timestamp,
    ) -> Output {
        let Some(open) = self.open.remove(&id) else { return Output::default() };
        let found = found.and_then(|found| found.ok_or_else(|| Refusal::not_found(Field::Room)));
        match (found, open) {
            (Ok(room), Open { what: Waiting::Number { history }, acknowledge }) => {
                self.enter(room, history, acknowledge)
            }
            (Ok(_), _) => Output::default(),
            (Err(refusal), open) => self.deny(refusal, Some(&open), now),
        }
    }

    /// The answer to [`Want::Message`].
    #[must_use]
    pub fn on_message(
        &mut self,
        id: RequestId,
        found: Result<Option<Message>, Refusal>,
        now: Timestamp,
    ) -> Output {
        let Some(open) = self.open.remove(&id) else { return Output::default() };
        let field =
            if matches!(open.what, Waiting::Before { .. }) { Field::Before } else { Field::MessageId };
        let found = found.and_then(|found| found.ok_or_else(|| Refusal::not_found(field)));
        match (found, open) {
            (Ok(message), Open { what: Waiting::Before { room, limit }, acknowledge }) => {
                self.gather(room, limit, Some(message.seq), Waiting::Past, acknowledge)
            }
            (Ok(message), Open { what: Waiting::UpTo { room }, acknowledge }) => {
                self.read(&room, message.seq, acknowledge)
            }
            (Ok(message), Open { what: Waiting::Again { room }, .. }) => {
                let Some(id) = self.rooms.get(&room).map(|company| company.id) else {
                    return Output::default();
                };
                self.say(&Told::Again { room: &room, id, message: &message }, None, now)
            }
            (Ok(_), _) => Output::default(),
            (Err(refusal), open) => self.deny(refusal, Some(&open), now),
        }
    }

    /// The answer to [`Want::People`].
    #[must_use]
    pub fn on_people(&mut self, id: RequestId, people: Vec<Person>, now: Timestamp) -> Output {
        let Some(Open { what, acknowledge }) = self.open.remove(&id) else { return Output::default() };
        match what {
            Waiting::Users { room } => {
                self.say(&Told::Users { room: &room, people: &people }, acknowledge, now)
            }
            Waiting::Return { room: name, history } => {
                let Some(id) = self.rooms.get(&name).map(|company| company.id) else {
                    return Output::default();
                };
                let room = Room { id, name: name.clone(), topic: Topic::default() };
                self.gather(name, history, None, Waiting::Arrival { room, people }, acknowledge)
            }
            _ => Output::default(),
        }
    }
}
