//! One room in memory: all events, and the current state of each message.

use std::collections::BTreeMap;

use hubbub_protocol::{
    Attachment, Deleted, Described, Edited, Event, MAX_UNREAD_COUNTED, Message, MessageId, Moved, Reacted,
    Seq, Timestamp, Topic, User, UserId, Version,
};

use crate::{History, PageAnchor, PendingEvent, ReadProgress, ReadUpdate, RoomChange, WriteOutcome};

#[derive(Debug, Default)]
pub(super) struct RoomLog {
    pub(super) topic: Topic,
    pub(super) members: BTreeMap<UserId, LogMember>,
    /// Events in order. Posted messages are in their original state.
    events: Vec<Event>,
    messages: BTreeMap<MessageId, Message>,
    former: BTreeMap<MessageId, Vec<Version>>,
}

#[derive(Debug)]
pub(super) struct LogMember {
    pub(super) user: User,
    pub(super) read: Seq,
    pub(super) since: Timestamp,
}

impl RoomLog {
    pub(super) fn head(&self) -> Seq {
        self.events.last().map_or(Seq(0), Event::seq)
    }

    /// Returns the message and its quote in their current state.
    pub(super) fn message(&self, id: MessageId) -> Option<Message> {
        let mut message = self.messages.get(&id)?.clone();
        if let Some(quote) = &mut message.reply_to
            && let Some(quoted) = self.messages.get(&quote.message_id)
        {
            *quote = quoted.quote();
        }
        Some(message)
    }

    pub(super) fn former(&self, id: MessageId) -> &[Version] {
        self.former.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Applies an authorized change. `files` are the attachments of a new message.
    pub(super) fn apply(
        &mut self,
        pending: PendingEvent,
        fresh: MessageId,
        files: Vec<Attachment>,
    ) -> WriteOutcome {
        let seq = self.head().next();
        let PendingEvent { by, at, change, silent, .. } = pending;
        let event = match change {
            RoomChange::Post { client_id, text, reply_to, .. } => {
                let message = Message {
                    id: fresh,
                    seq,
                    author: by,
                    client_id,
                    text: Some(text),
                    at,
                    reply_to: reply_to.and_then(|id| self.messages.get(&id)).map(Message::quote),
                    changed: None,
                    edited_at: None,
                    reactions: Vec::new(),
                    files,
                };
                self.messages.insert(fresh, message.clone());
                Event::Posted(message)
            }
            RoomChange::Edit { message_id, text, remove_files } => {
                let edited = Edited { seq, message_id, text: Some(text), at, removed_files: remove_files };
                if let Some(message) = self.messages.get_mut(&message_id) {
                    let since = message.edited_at.unwrap_or(message.at);
                    let former = message.text.clone().map(|text| Version { text, at: since });
                    self.former.entry(message_id).or_default().extend(former);
                    message.edit(&edited);
                }
                Event::Edited(edited)
            }
            RoomChange::Delete { message_id } => self.delete(seq, message_id, by.id, at),
            RoomChange::React { message_id, emoji, on } => {
                let reacted = Reacted { seq, message_id, user: by, emoji, on, at };
                if let Some(message) = self.messages.get_mut(&message_id) {
                    message.react(&reacted);
                }
                Event::Reacted(reacted)
            }
            RoomChange::Join { .. } => {
                let read = if silent { self.head() } else { seq };
                self.members.insert(by.id, LogMember { user: by.clone(), read, since: at });
                if silent {
                    return WriteOutcome::Silent { at };
                }
                Event::Joined(Moved { seq, user: by, at })
            }
            RoomChange::Leave => {
                self.members.remove(&by.id);
                if silent {
                    return WriteOutcome::Silent { at };
                }
                Event::Left(Moved { seq, user: by, at })
            }
            RoomChange::Describe { topic } => {
                self.topic = topic.clone();
                Event::Described(Described { seq, user: by, topic, at })
            }
        };
        self.events.push(event.clone());
        WriteOutcome::New(event)
    }

    /// Deletes the text from the message, its former versions and its edit events.
    fn delete(&mut self, seq: Seq, message_id: MessageId, by: UserId, at: Timestamp) -> Event {
        let message_seq = self.messages.get(&message_id).map_or(Seq(0), |message| message.seq);
        let deleted = Deleted { seq, message_id, message_seq, by, at };
        self.former.remove(&message_id);
        if let Some(message) = self.messages.get_mut(&message_id) {
            message.delete(&deleted);
        }
        for event in &mut self.events {
            if let Event::Edited(edited) = event
                && edited.message_id == message_id
            {
                edited.text = None;
            }
        }
        Event::Deleted(deleted)
    }

    pub(super) fn events_after(&self, after: Seq) -> impl Iterator<Item = Event> {
        let start = self.events.partition_point(|event| event.seq() <= after);
        self.events.iter().skip(start).map(|event| self.as_it_is(event))
    }

    fn as_it_is(&self, event: &Event) -> Event {
        match event {
            Event::Posted(posted) => self.message(posted.id).map_or_else(|| event.clone(), Event::Posted),
            other => other.clone(),
        }
    }

    pub(super) fn history(&self, anchor: PageAnchor, limit: usize) -> History {
        let lines: Vec<&Event> = self.events.iter().filter(|event| event.has_line()).collect();
        let at = |seq: Seq| lines.partition_point(|event| event.seq() < seq);
        let (start, end) = match anchor {
            PageAnchor::Newest => (lines.len().saturating_sub(limit), lines.len()),
            PageAnchor::Before(seq) => (at(seq).saturating_sub(limit), at(seq)),
            PageAnchor::After(seq) => (at(seq.next()), at(seq.next()) + limit),
            PageAnchor::Around(seq) => (at(seq).saturating_sub(limit / 2), at(seq) + limit.div_ceil(2)),
        };
        let end = end.min(lines.len());
        let events =
            lines.get(start..end).unwrap_or_default().iter().map(|event| self.as_it_is(event)).collect();
        History { events, older: start > 0, newer: end < lines.len(), head: self.head() }
    }

    pub(super) fn mark(&mut self, user: UserId, mark: ReadUpdate) -> Option<ReadProgress> {
        let head = self.head();
        let member = self.members.get_mut(&user)?;
        member.read = match mark {
            ReadUpdate::UpTo(seq) => member.read.max(seq.min(head)),
            ReadUpdate::From(seq) => Seq(seq.0 - 1).min(head),
        };
        self.progress(user)
    }

    pub(super) fn progress(&self, user: UserId) -> Option<ReadProgress> {
        let read = self.members.get(&user)?.read;
        let unread =
            |message: &&Message| message.seq > read && message.author.id != user && message.text.is_some();
        let unread = self.messages.values().filter(unread).count();
        let unread = u32::try_from(unread).unwrap_or(u32::MAX).min(MAX_UNREAD_COUNTED);
        Some(ReadProgress { read, unread, head: self.head() })
    }

    pub(super) fn last_post(&self) -> Option<Timestamp> {
        self.messages.values().next_back().map(|message| message.at)
    }
}
