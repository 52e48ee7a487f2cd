//! A connection's place in one room: how far its peer has got.

use hubbub_protocol::{
    CloseReason, DEFAULT_PAGE_MESSAGES, Event, MAX_BATCH_TEXT_BYTES, MAX_CATCH_UP_EVENTS, MAX_PAGE_MESSAGES,
    Message, RequestId, RoomId, RoomName, Seq,
};

use super::{Act, CatchUp, Fate, History, Page, Read, ServerFrame, StartOver};

/// One room of one connection.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) name: RoomName,
    /// Known once the room has let the connection in.
    pub(super) id: Option<RoomId>,
    stage: Stage,
}

#[derive(Debug)]
pub(super) enum Stage {
    /// The room has been asked.
    Entering { request: RequestId, cursor: Option<Seq> },
    /// A fresh page is being read; events up to `goal` have come by in the meantime.
    StartingOver { goal: Seq },
    /// The peer has everything up to `position`; what follows up to `goal` is being read.
    CatchingUp { position: Seq, goal: Seq },
    /// The peer has everything up to `position`; what follows comes by the bus.
    Live { position: Seq },
}

impl Seat {
    pub(super) const fn entering(name: RoomName, request: RequestId, cursor: Option<Seq>) -> Self {
        Self { name, id: None, stage: Stage::Entering { request, cursor } }
    }

    /// Whether it is this request's answer that decides about the seat.
    pub(super) fn waits_for(&self, asked: RequestId) -> bool {
        matches!(self.stage, Stage::Entering { request, .. } if request == asked)
    }

    /// The room has let us in when its newest position was `head`.
    pub(super) fn enter(&mut self, room: RoomId, head: Seq) -> Act {
        self.id = Some(room);
        let cursor = match self.stage {
            Stage::Entering { cursor, .. } => cursor,
            _ => None,
        };
        match cursor {
            Some(position) if position == head => {
                self.stage = Stage::Live { position };
                self.batch(Vec::new(), false)
            }
            Some(position) if position < head && head.0 - position.0 <= MAX_CATCH_UP_EVENTS => {
                self.stage = Stage::CatchingUp { position, goal: head };
                Act::Read(read_after(room, position))
            }
            // No cursor, one from too long ago, or one from a future this database never had.
            _ => {
                self.stage = Stage::StartingOver { goal: head };
                Act::Read(Read::History { room, before: None, limit: DEFAULT_PAGE_MESSAGES, request: None })
            }
        }
    }

    pub(super) fn on_event(&mut self, seq: Seq) -> Fate {
        match &mut self.stage {
            Stage::Entering { .. } => Fate::Drop,
            Stage::StartingOver { goal } | Stage::CatchingUp { goal, .. } => {
                *goal = seq.max(*goal);
                Fate::Drop
            }
            Stage::Live { position } if seq == position.next() => {
                *position = seq;
                Fate::Forward
            }
            Stage::Live { position } if seq <= *position => Fate::Drop,
            Stage::Live { position } => {
                let position = *position;
                self.stage = Stage::CatchingUp { position, goal: seq };
                self.id.map_or(Fate::Drop, |room| Fate::Repair(read_after(room, position)))
            }
        }
    }

    pub(super) fn on_events(&mut self, mut events: Vec<Event>) -> Vec<Act> {
        let (Stage::CatchingUp { position, goal }, Some(room)) = (&mut self.stage, self.id) else {
            // The seat was taken anew while the read was under way; its own read follows.
            return Vec::new();
        };
        let contiguous = events.iter().zip(position.0 + 1..).all(|(event, seq)| event.seq().0 == seq);
        events.truncate(fitting(events.iter().map(|Event::Posted(message)| message)));
        let Some(last) = events.last().filter(|_| contiguous) else {
            // Positions up to the goal were committed: a store that does not have them is broken.
            return vec![Act::Close(CloseReason::Broken)];
        };
        *position = last.seq();
        let (position, goal) = (*position, *goal);
        if position < goal {
            return vec![self.batch(events, true), Act::Read(read_after(room, position))];
        }
        self.stage = Stage::Live { position };
        vec![self.batch(events, false)]
    }

    pub(super) fn on_fresh_page(&mut self, history: History) -> Vec<Act> {
        let (&mut Stage::StartingOver { goal }, Some(room)) = (&mut self.stage, self.id) else {
            return Vec::new();
        };
        let head = history.head;
        let page = page(&self.name, history);
        let fresh = Act::Write(ServerFrame::StartOver(StartOver { page, cursor: head }));
        if goal <= head {
            self.stage = Stage::Live { position: head };
            return vec![fresh];
        }
        self.stage = Stage::CatchingUp { position: head, goal };
        vec![fresh, Act::Read(read_after(room, head))]
    }

    fn batch(&self, events: Vec<Event>, more: bool) -> Act {
        Act::Write(ServerFrame::CatchUp(CatchUp { room: self.name.clone(), events, more }))
    }
}

/// A page of what was read: the newest of it, if all would be too big for a frame.
pub(super) fn page(room: &RoomName, history: History) -> Page {
    let History { mut messages, older, .. } = history;
    let too_many = messages.len() - fitting(messages.iter().rev());
    messages.drain(..too_many);
    Page { room: room.clone(), messages, older: older || too_many > 0 }
}

/// How many of these fit into one frame; at least one.
fn fitting<'a>(messages: impl Iterator<Item = &'a Message>) -> usize {
    let mut bytes = 0;
    messages
        .enumerate()
        .take_while(|(index, message)| {
            bytes += message.text.as_str().len();
            *index == 0 || bytes <= MAX_BATCH_TEXT_BYTES
        })
        .count()
}

const fn read_after(room: RoomId, after: Seq) -> Read {
    Read::Events { room, after, limit: MAX_PAGE_MESSAGES }
}
