//! The subscription of a connection to one room, and the client's position in it.

use hubbub_protocol::{
    CloseReason, DEFAULT_PAGE_MESSAGES, Event, MAX_CATCH_UP_EVENTS, MAX_PAGE_MESSAGES, RequestId, RoomId,
    RoomName, Seq,
};

use super::{CatchUp, ConnectionEffect, Disposition, History, Page, ServerFrame, StartOver, StoreQuery};
use crate::page::fit_batch;
use crate::{DisplayedPresence, LostPositions, PageAnchor};

/// The state of one connection in one room.
#[derive(Debug)]
pub(super) struct Subscription {
    pub(super) name: RoomName,
    /// Room id, set when the connection has entered.
    pub(super) id: Option<RoomId>,
    /// How the room was asked to show the user on entering.
    pub(super) shown: DisplayedPresence,
    state: SubscriptionState,
}

#[derive(Debug)]
pub(super) enum SubscriptionState {
    /// The request to enter is sent and not answered.
    Entering { request: RequestId, cursor: Option<Seq> },
    /// A fresh page is being read. Events up to `goal` were delivered meanwhile.
    StartingOver { goal: Seq },
    /// The client has all events up to `position`; those up to `goal` are being read.
    CatchingUp { position: Seq, goal: Seq },
    /// The client has all events up to `position`; later ones are delivered by the bus.
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

    /// Returns whether the answer to this request decides about the subscription.
    pub(super) fn waits_for(&self, asked: RequestId) -> bool {
        matches!(self.state, SubscriptionState::Entering { request, .. } if request == asked)
    }

    /// Returns whether the room has not yet answered the request to enter.
    pub(super) const fn is_entering(&self) -> bool {
        matches!(self.state, SubscriptionState::Entering { .. })
    }

    /// Completes entering. `head` was the room's newest position at that moment.
    pub(super) fn enter(&mut self, room: RoomId, head: Seq, lost: Option<LostPositions>) -> ConnectionEffect {
        self.id = Some(room);
        let cursor = match self.state {
            SubscriptionState::Entering { cursor, .. } => cursor,
            _ => None,
        };
        // Ignores a cursor among lost positions, because it belongs to another history.
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
            // The cursor is missing, too old, or higher than any position of this database.
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

    /// Returns id, name and position of the room if the client has all its events.
    pub(super) fn live(&self) -> Option<(RoomId, &RoomName, Seq)> {
        match self.state {
            SubscriptionState::Live { position } => Some((self.id?, &self.name, position)),
            _ => None,
        }
    }

    /// Records that the client has received the events up to `sent`.
    pub(super) fn advance(&mut self, sent: Seq) {
        if let SubscriptionState::Live { position } = &mut self.state {
            *position = sent.max(*position);
        }
    }

    pub(super) fn on_events(&mut self, mut events: Vec<Event>) -> Vec<ConnectionEffect> {
        let (SubscriptionState::CatchingUp { position, goal }, Some(room)) = (&mut self.state, self.id)
        else {
            // The client joined again during the read. The read of the new join follows.
            return Vec::new();
        };
        let contiguous = events.iter().zip(position.0 + 1..).all(|(event, seq)| event.seq().0 == seq);
        fit_batch(&mut events);
        let Some(last) = events.last() else {
            // The events up to the goal were committed, so a store without them is broken.
            return vec![ConnectionEffect::Close(CloseReason::Broken)];
        };
        if !contiguous {
            // A stored event is missing. A catch-up cannot cross the gap, but a fresh page can.
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

    /// Starts over at the newest known position, with an empty page.
    pub(super) fn on_page_skipped(&mut self) -> Vec<ConnectionEffect> {
        let SubscriptionState::StartingOver { goal } = self.state else { return Vec::new() };
        self.on_fresh_page(History { events: Vec::new(), older: goal > Seq(0), newer: false, head: goal })
    }

    fn batch(&self, events: Vec<Event>, more: bool) -> ConnectionEffect {
        ConnectionEffect::Write(ServerFrame::CatchUp(CatchUp { room: self.name.clone(), events, more }))
    }
}

/// Builds a page from stored history, within the limit of a frame.
pub(super) fn page(room: &RoomName, anchor: PageAnchor, history: History) -> Page {
    let History { events, older, newer, .. } = history.fitting(anchor);
    Page { room: room.clone(), events, older, newer }
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
