//! A connection's place in one room: how far its peer has got.

use hubbub_protocol::{
    CloseReason, DEFAULT_PAGE_MESSAGES, Event, MAX_BATCH_TEXT_BYTES, MAX_CATCH_UP_EVENTS, MAX_PAGE_MESSAGES,
    RequestId, RoomId, RoomName, Seq,
};

use super::{CatchUp, ConnectionEffect, Disposition, History, Page, ServerFrame, StartOver, StoreQuery};
use crate::{DisplayedPresence, LostPositions, PageAnchor};

/// One room of one connection.
#[derive(Debug)]
pub(super) struct Subscription {
    pub(super) name: RoomName,
    /// Known once the room has let the connection in.
    pub(super) id: Option<RoomId>,
    /// How the room was asked to show the peer on entering.
    pub(super) shown: DisplayedPresence,
    state: SubscriptionState,
}

#[derive(Debug)]
pub(super) enum SubscriptionState {
    /// The room has been asked.
    Entering { request: RequestId, cursor: Option<Seq> },
    /// A fresh page is being read; events up to `goal` have come by in the meantime.
    StartingOver { goal: Seq },
    /// The peer has everything up to `position`; what follows up to `goal` is being read.
    CatchingUp { position: Seq, goal: Seq },
    /// The peer has everything up to `position`; what follows comes by the bus.
    Live { position: Seq },
}

impl Subscription {
    pub(super) const fn entering(
        name: RoomName,
        shown: DisplayedPresence,
        request: RequestId,
        cursor: Option<Seq>,
    ) -> Self {
        Self { name, id: None, shown, state: SubscriptionState::Entering { request, cursor } }
    }

    /// Whether it is this request's answer that decides about the seat.
    pub(super) fn waits_for(&self, asked: RequestId) -> bool {
        matches!(self.state, SubscriptionState::Entering { request, .. } if request == asked)
    }

    /// Whether the room has been asked and has not answered.
    pub(super) const fn is_entering(&self) -> bool {
        matches!(self.state, SubscriptionState::Entering { .. })
    }

    /// The room has let us in when its newest position was `head`.
    pub(super) fn enter(&mut self, room: RoomId, head: Seq, lost: Option<LostPositions>) -> ConnectionEffect {
        self.id = Some(room);
        let cursor = match self.state {
            SubscriptionState::Entering { cursor, .. } => cursor,
            _ => None,
        };
        // One of another history is as good as none.
        let cursor = cursor.filter(|cursor| lost.is_none_or(|lost| !lost.contains(*cursor)));
        match cursor {
            Some(position) if position == head => {
                self.state = SubscriptionState::Live { position };
                self.batch(Vec::new(), false)
            }
            Some(position) if position < head && head.0 - position.0 <= MAX_CATCH_UP_EVENTS => {
                self.state = SubscriptionState::CatchingUp { position, goal: head };
                ConnectionEffect::Query(read_after(room, position))
            }
            // No cursor, one from too long ago, or one from a future this database never had.
            _ => {
                self.state = SubscriptionState::StartingOver { goal: head };
                read_newest(room)
            }
        }
    }

    pub(super) fn on_event(&mut self, seq: Seq) -> Disposition {
        match &mut self.state {
            SubscriptionState::Entering { .. } => Disposition::Drop,
            SubscriptionState::StartingOver { goal } | SubscriptionState::CatchingUp { goal, .. } => {
                *goal = seq.max(*goal);
                Disposition::Drop
            }
            SubscriptionState::Live { position } if seq == position.next() => {
                *position = seq;
                Disposition::Forward
            }
            SubscriptionState::Live { position } if seq <= *position => Disposition::Drop,
            SubscriptionState::Live { position } => {
                let position = *position;
                self.state = SubscriptionState::CatchingUp { position, goal: seq };
                self.id.map_or(Disposition::Drop, |room| Disposition::Repair(read_after(room, position)))
            }
        }
    }

    pub(super) fn on_events(&mut self, mut events: Vec<Event>) -> Vec<ConnectionEffect> {
        let (SubscriptionState::CatchingUp { position, goal }, Some(room)) = (&mut self.state, self.id)
        else {
            // The seat was taken anew while the read was under way; its own read follows.
            return Vec::new();
        };
        let contiguous = events.iter().zip(position.0 + 1..).all(|(event, seq)| event.seq().0 == seq);
        events.truncate(fitting(events.iter(), MAX_BATCH_TEXT_BYTES));
        let Some(last) = events.last() else {
            // Positions up to the goal were committed: a store that does not have them is broken.
            return vec![ConnectionEffect::Close(CloseReason::Broken)];
        };
        if !contiguous {
            // A row is missing. No catch-up leads over the gap, and a fresh page does.
            self.state = SubscriptionState::StartingOver { goal: *goal };
            return vec![read_newest(room)];
        }
        *position = last.seq();
        let (position, goal) = (*position, *goal);
        if position < goal {
            return vec![self.batch(events, true), ConnectionEffect::Query(read_after(room, position))];
        }
        self.state = SubscriptionState::Live { position };
        vec![self.batch(events, false)]
    }

    pub(super) fn on_fresh_page(&mut self, history: History) -> Vec<ConnectionEffect> {
        let (&mut SubscriptionState::StartingOver { goal }, Some(room)) = (&mut self.state, self.id) else {
            return Vec::new();
        };
        let head = history.head;
        let page = page(&self.name, PageAnchor::Newest, history);
        let fresh = ConnectionEffect::Write(ServerFrame::StartOver(StartOver { page, cursor: head }));
        if goal <= head {
            self.state = SubscriptionState::Live { position: head };
            return vec![fresh];
        }
        self.state = SubscriptionState::CatchingUp { position: head, goal };
        vec![fresh, ConnectionEffect::Query(read_after(room, head))]
    }

    fn batch(&self, events: Vec<Event>, more: bool) -> ConnectionEffect {
        ConnectionEffect::Write(ServerFrame::CatchUp(CatchUp { room: self.name.clone(), events, more }))
    }
}

/// A page of what was read. If all would be too big for a frame, what is farthest from where the page was asked
/// for is left out.
pub(super) fn page(room: &RoomName, anchor: PageAnchor, history: History) -> Page {
    let History { mut events, mut older, mut newer, .. } = history;
    let asked_for = match anchor {
        PageAnchor::Newest | PageAnchor::Before(_) => events.len(),
        PageAnchor::After(_) => 0,
        PageAnchor::Around(seq) => events.partition_point(|event| event.seq() < seq),
    };
    let (before, after) = events.split_at(asked_for);
    let budget =
        if before.is_empty() || after.is_empty() { MAX_BATCH_TEXT_BYTES } else { MAX_BATCH_TEXT_BYTES / 2 };
    let first = asked_for - fitting(before.iter().rev(), budget);
    let end = asked_for + fitting(after.iter(), budget);
    older |= first > 0;
    newer |= end < events.len();
    events.truncate(end);
    events.drain(..first);
    Page { room: room.clone(), events, older, newer }
}

/// How many of these fit into so many bytes; at least one.
fn fitting<'a>(events: impl Iterator<Item = &'a Event>, budget: usize) -> usize {
    let mut bytes = 0;
    events
        .enumerate()
        .take_while(|(index, event)| {
            bytes += event.text_bytes();
            *index == 0 || bytes <= budget
        })
        .count()
}

const fn read_newest(room: RoomId) -> ConnectionEffect {
    ConnectionEffect::Query(StoreQuery::History {
        room,
        anchor: PageAnchor::Newest,
        limit: DEFAULT_PAGE_MESSAGES,
        request: None,
    })
}

const fn read_after(room: RoomId, after: Seq) -> StoreQuery {
    StoreQuery::Events { room, after, limit: MAX_PAGE_MESSAGES }
}
