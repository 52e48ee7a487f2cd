//! The storage of the small server.

use std::collections::BTreeMap;

use hubbub_protocol::{
    CatchUp, Edited, Event, Message, MessageId, Page, RoomName, Seq, ServerFrame, StartOver, Topic,
};

use crate::server::Server;

/// A room with its events and the current state of its messages.
#[derive(Default)]
pub(crate) struct Stored {
    pub(crate) log: Vec<Event>,
    pub(crate) messages: BTreeMap<MessageId, Message>,
    pub(crate) topic: Topic,
    pub(crate) member: bool,
    pub(crate) read: Seq,
}

impl Stored {
    pub(crate) fn head(&self) -> Seq {
        Seq(i64::try_from(self.log.len()).unwrap())
    }

    /// Returns the messages in their current state.
    pub(crate) fn messages(&self) -> Vec<Message> {
        self.messages.values().cloned().collect()
    }

    /// Returns an event as a client receives it in a catch-up.
    pub(crate) fn as_now(&self, event: &Event) -> Event {
        let current = |id: MessageId| &self.messages[&id];
        match event {
            Event::Posted(message) => {
                let mut message = current(message.id).clone();
                if let Some(quote) = &mut message.reply_to {
                    *quote = current(quote.message_id).quote();
                }
                Event::Posted(message)
            }
            Event::Edited(edited) if current(edited.message_id).text.is_none() => {
                Event::Edited(Edited { text: None, ..edited.clone() })
            }
            event => event.clone(),
        }
    }

    /// Returns the timeline rows in their current state.
    pub(crate) fn lines(&self) -> Vec<Event> {
        self.log.iter().filter(|event| event.has_line()).map(|event| self.as_now(event)).collect()
    }

    pub(crate) fn unread(&self, me: i64) -> u32 {
        let new = |message: &&Message| {
            message.seq > self.read && message.author.id.0 != me && message.text.is_some()
        };
        u32::try_from(self.messages.values().filter(new).count()).unwrap()
    }
}

impl Server {
    pub(crate) fn missed(&self, room: &RoomName, cursor: Option<Seq>) -> Vec<ServerFrame> {
        let stored = &self.rooms[room];
        let missed = cursor.and_then(|cursor| stored.log.get(usize::try_from(cursor.0).unwrap()..));
        match missed {
            Some(missed) if missed.len() <= self.most_missed => {
                let mut batches: Vec<ServerFrame> = Vec::new();
                let batch = |events, more| CatchUp { room: room.clone(), events, more };
                // Batches of 3 events, so that tests receive several.
                for some in missed.chunks(3) {
                    let events = some.iter().map(|event| stored.as_now(event)).collect();
                    batches.push(ServerFrame::CatchUp(batch(events, true)));
                }
                batches.push(ServerFrame::CatchUp(batch(Vec::new(), false)));
                batches
            }
            _ => {
                let page = self.page(room, None, None, None);
                vec![ServerFrame::StartOver(StartOver { page, cursor: stored.head() })]
            }
        }
    }

    pub(crate) fn page(
        &self,
        room: &RoomName,
        before: Option<Seq>,
        after: Option<Seq>,
        around: Option<Seq>,
    ) -> Page {
        let lines = self.rooms[room].lines();
        let most = self.page_lines;
        let position = |seq: Seq| lines.partition_point(|event| event.seq() < seq);
        let (start, end) = match (before, after, around) {
            (Some(before), ..) => (position(before).saturating_sub(most), position(before)),
            (_, Some(after), _) => (position(after.next()), position(after.next()) + most),
            (.., Some(around)) => (position(around).saturating_sub(most / 2), position(around) + most / 2),
            _ => (lines.len().saturating_sub(most), lines.len()),
        };
        let end = end.min(lines.len());
        let newer = end < lines.len();
        Page { room: room.clone(), events: lines[start..end].to_vec(), older: start > 0, newer }
    }
}

pub(crate) fn change(stored: &mut Stored, id: MessageId) -> &mut Message {
    stored.messages.get_mut(&id).unwrap()
}
