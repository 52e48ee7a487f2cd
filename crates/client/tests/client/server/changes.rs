//! Edits, deletions, reactions and topics on the server.

use super::*;

impl Server {
    /// Executes edits, deletions, reactions and topics.
    pub(super) fn change(&mut self, command: Command) -> Result<(Answer, Vec<ServerFrame>), Refusal> {
        let at = Timestamp::from_millis(9);
        let me = user(self.me, "alice");
        let (room, id) = match &command {
            Command::Edit { room, message_id, .. }
            | Command::Delete { room, message_id }
            | Command::React { room, message_id, .. } => (self.joined_room(room)?, Some(*message_id)),
            Command::Describe { room, .. } => (self.joined_room(room)?, None),
            other => panic!("{other:?}"),
        };
        if let Some(refusal) = self.refused_changes.pop_front() {
            return Err(refusal);
        }
        let target = id.and_then(|id| self.rooms[&room].messages.get(&id)).cloned();
        if id.is_some() && target.is_none() {
            return Err(Refusal::not_found(hubbub_protocol::Field::MessageId));
        }
        let gone = target.as_ref().is_some_and(|message| message.text.is_none());
        let version = target.as_ref().map(Message::version).unwrap_or_default();
        let head = self.head(&room);
        let frames = match command {
            Command::Edit { text, message_id, .. } => {
                if target.as_ref().is_some_and(|message| message.author.id != me.id) {
                    return Err(Refusal::not_yours());
                }
                if gone {
                    return Err(Refusal::not_found(hubbub_protocol::Field::MessageId));
                }
                let text = MessageText::parse(&text).unwrap();
                if target.is_some_and(|message| message.text.as_ref() == Some(&text)) {
                    Vec::new()
                } else {
                    let text = Some(text);
                    self.store(&room, |seq| {
                        Event::Edited(Edited { seq, message_id, text, at, removed_files: Vec::new() })
                    })
                }
            }
            Command::Delete { .. } if target.as_ref().is_some_and(|message| message.author.id != me.id) => {
                return Err(Refusal::not_yours());
            }
            Command::Delete { .. } if gone => Vec::new(),
            Command::Delete { message_id, .. } => self.delete(&room, message_id, me.id.0),
            Command::React { message_id, emoji, on, .. } => {
                if gone {
                    return Err(Refusal::not_found(hubbub_protocol::Field::MessageId));
                }
                let emoji = Emoji::parse(&emoji).unwrap();
                let there = target.iter().flat_map(|message| &message.reactions).any(|reaction| {
                    reaction.emoji == emoji && reaction.users.iter().any(|user| user.id == me.id)
                });
                if there == on { Vec::new() } else { self.react(&room, message_id, me, &emoji, on) }
            }
            Command::Describe { topic, .. } => {
                let topic = Topic::parse(&topic).unwrap();
                self.store(&room, |seq| Event::Described(Described { seq, user: me, topic, at }))
            }
            other => panic!("{other:?}"),
        };
        let seq = if self.head(&room) > head { self.head(&room) } else { version };
        Ok((Answer::Done { room, seq }, frames))
    }

    pub(crate) fn delete(&mut self, room: &RoomName, message_id: MessageId, by: i64) -> Vec<ServerFrame> {
        let message_seq = self.rooms[room].messages[&message_id].seq;
        let by = hubbub_protocol::UserId(by);
        let at = Timestamp::from_millis(9);
        self.store(room, |seq| Event::Deleted(Deleted { seq, message_id, message_seq, by, at }))
    }

    pub(crate) fn react(
        &mut self,
        room: &RoomName,
        message_id: MessageId,
        user: User,
        emoji: &Emoji,
        on: bool,
    ) -> Vec<ServerFrame> {
        let at = Timestamp::from_millis(9);
        let emoji = emoji.clone();
        self.store(room, |seq| Event::Reacted(Reacted { seq, message_id, user, emoji, on, at }))
    }
}
