//! The user's read position in a room, and the divider before the unread messages.

use std::sync::Arc;

use hubbub_protocol::{Code, Command, Message, ReadState, Refusal, Retry, RoomName, Seq};

use crate::output::ClientOutput;
use crate::requests::Request;
use crate::retry_backoff::RetryBackoff;
use crate::unread_counter::{ServerCount, UnreadCounter};
use crate::{Millis, Timeline};

/// Milliseconds between two reports of a read position. Bounds the traffic, because each is sent to all
/// members.
const REPORT_INTERVAL_MILLIS: u64 = 500;

/// Reports the read position to the server, and derives from it what the view shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReadTracker {
    pub(crate) counter: UnreadCounter,
    /// Change of the read position that the server has not confirmed.
    request: Option<ReadRequest>,
    in_flight: Option<ReadRequest>,
    /// Time of the next report of a read position.
    next_report: Option<Millis>,
    /// Delay before the next report after a refusal.
    backoff: RetryBackoff,
    /// Messages stay unread until the room is opened again.
    keeps_unread: bool,
    /// The tab is hidden.
    is_hidden: bool,
    divider_state: DividerState,
    shown: ShownReads,
}

/// A change of the read position to send to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ReadRequest {
    /// Everything up to this position is read.
    Read(Seq),
    /// Everything from `seq` on is unread: `unread` messages, counted at `head`.
    Unread { seq: Seq, unread: u32, head: Seq },
}

/// The place at which a room was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StartAt {
    End,
    Unread,
}

/// Whether the divider of an open room is placed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum DividerState {
    /// The room is not open.
    #[default]
    Closed,
    /// The room was opened before its read position was known.
    Due(StartAt),
    Placed(StartAt),
}

/// What the view shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ShownReads {
    /// Read position, including a change in flight.
    pub(crate) read: Seq,
    /// Number of unread messages of other users.
    pub(crate) unread: u32,
    /// Position after which the new messages start.
    pub(crate) divider: Option<Seq>,
    /// Position after which the view starts.
    pub(crate) opens_at: Option<Seq>,
}

impl ReadTracker {
    /// Returns what the view shows, as of the last update.
    pub(crate) const fn shown(&self) -> &ShownReads {
        &self.shown
    }

    /// Updates the read position, the unread count and the divider.
    pub(crate) fn recount(&mut self, room: &RoomName, timeline: &mut Timeline, out: &mut ClientOutput) {
        let before = self.shown;
        self.shown.read = self.position();
        self.shown.unread = self.unread();
        self.place_divider(timeline);
        let divider_moved = before.divider != self.shown.divider;
        out.change_set.rooms_list |=
            divider_moved || (before.read, before.unread) != (self.shown.read, self.shown.unread);
        out.room(room).timeline |= divider_moved;
    }

    /// Places the divider before the first unread message when the room is opened and the read position is
    /// known, or when messages arrive while the tab is hidden.
    pub(crate) fn place_divider(&mut self, timeline: &mut Timeline) {
        let due = match self.divider_state {
            DividerState::Due(start) if self.counter.counted().is_some() => Some(start),
            _ => None,
        };
        if due.is_none() && !(self.is_hidden && self.shown.divider.is_none()) {
            return;
        }
        if let Some(start) = due {
            self.divider_state = DividerState::Placed(start);
        }
        let divider = (self.unread() > 0).then(|| self.position());
        self.shown.divider = divider;
        // The view also starts at messages that arrived while the tab was hidden, which are loaded.
        if let Some(read) = divider.filter(|_| due != Some(StartAt::End)) {
            self.shown.opens_at = divider;
            if due.is_some() {
                timeline.want_after(read);
            }
        }
    }

    /// Opens the room in the view.
    pub(crate) fn open(&mut self, start: StartAt) {
        self.keeps_unread = false;
        self.is_hidden = false;
        self.divider_state = DividerState::Due(start);
    }

    /// Returns the place at which the open room was opened.
    pub(crate) const fn start(&self) -> StartAt {
        match self.divider_state {
            DividerState::Due(start) | DividerState::Placed(start) => start,
            DividerState::Closed => StartAt::End,
        }
    }

    /// Closes the room in the view.
    pub(crate) const fn close(&mut self) {
        self.divider_state = DividerState::Closed;
        self.shown.divider = None;
        self.shown.opens_at = None;
    }

    /// Hides the tab: later messages are new.
    pub(crate) fn hide(&mut self) {
        self.is_hidden = true;
        self.shown.divider = (self.shown.unread > 0).then_some(self.shown.read);
        self.shown.opens_at = self.shown.divider;
    }

    pub(crate) const fn is_hidden(&self) -> bool {
        self.is_hidden
    }

    /// Marks everything up to `seq` as seen. Returns whether the read position changed.
    pub(crate) fn on_seen(&mut self, seq: Seq, timeline: &Timeline) -> bool {
        self.is_hidden = false;
        // While the first unread message is unknown, the view may show any part of the room.
        let is_searching = self.divider_state == DividerState::Due(StartAt::Unread);
        let Some(seq) = timeline.seen_up_to(seq).filter(|_| !is_searching) else { return false };
        let is_new = seq > self.position() && !self.keeps_unread;
        if is_new {
            self.request = Some(ReadRequest::Read(seq));
        }
        is_new
    }

    /// Marks everything from `seq` on as unread.
    pub(crate) fn mark_unread(&mut self, seq: Seq, timeline: &Timeline) {
        let me = timeline.me();
        let counts = |message: &&Arc<Message>| {
            message.seq >= seq && Some(message.author.id) != me && message.text.is_some()
        };
        let held = timeline.saved().filter(counts).count();
        let mut unread = u32::try_from(held).unwrap_or(u32::MAX);
        if timeline.has_newer() {
            unread = unread.max(self.shown.unread);
        }
        self.keeps_unread = true;
        let head = timeline.cursor().unwrap_or_default();
        self.request = Some(ReadRequest::Unread { seq, unread, head });
        self.shown.divider = Some(before(seq));
    }

    /// Returns the change to send now. Only reading on can wait, and only while the room is looked at.
    pub(crate) fn next_request(
        &mut self,
        room: &RoomName,
        looked_at: bool,
        has_place: bool,
        now: Millis,
    ) -> Option<(Command, Request)> {
        if !self.backoff.is_ready() {
            return None;
        }
        self.next_report = self.next_report.filter(|at| looked_at && now < *at);
        let waits = self.in_flight.is_some() || (self.is_reading_on() && self.next_report.is_some());
        if waits || !has_place {
            return None;
        }
        let request = self.request?;
        self.in_flight = Some(request);
        self.next_report = Some(now.plus(REPORT_INTERVAL_MILLIS));
        let name = room.as_str().to_owned();
        let command = match request {
            ReadRequest::Read(seq) => Command::Read { room: name, seq },
            ReadRequest::Unread { seq, .. } => Command::Unread { room: name, seq },
        };
        Some((command, Request::Read(room.clone())))
    }

    /// Handles the reply to the last change.
    pub(crate) fn on_reply(&mut self, state: &ReadState) {
        self.clear_answered();
        self.backoff.granted();
        self.counter.count(state, false);
    }

    /// Handles the refusal of the last change.
    pub(crate) fn on_refusal(&mut self, refusal: &Refusal, now: Millis) {
        match refusal.retry {
            _ if refusal.code == Code::NotJoined => self.in_flight = None,
            Retry::Later => {
                self.in_flight = None;
                self.backoff.refused_as(refusal, now);
            }
            Retry::Never => self.clear_answered(),
        }
    }

    fn clear_answered(&mut self) {
        if self.in_flight.is_some() && self.in_flight == self.request {
            self.request = None;
        }
        self.in_flight = None;
    }

    /// Resets a change in flight after the connection is lost.
    pub(crate) fn reset_in_flight(&mut self) {
        self.in_flight = None;
        self.backoff = RetryBackoff::default();
    }

    /// Handles an expired delay.
    pub(crate) fn wake(&mut self, now: Millis) {
        self.backoff.wake(now);
    }

    /// Returns the end of the delay after a refusal.
    pub(crate) const fn retry_deadline(&self) -> Option<Millis> {
        self.backoff.deadline()
    }

    /// Returns the time at which a waiting change is due.
    pub(crate) fn report_deadline(&self) -> Option<Millis> {
        let may_report = self.is_reading_on() && self.in_flight.is_none() && self.backoff.is_ready();
        self.next_report.filter(|_| may_report)
    }

    const fn is_reading_on(&self) -> bool {
        matches!(self.request, Some(ReadRequest::Read(_)))
    }

    /// Returns the read position, including a change in flight.
    fn position(&self) -> Seq {
        let counted = self.counter.counted().map_or(Seq(0), |counted| counted.seq);
        match self.request {
            None => counted,
            Some(ReadRequest::Read(seq)) => counted.max(seq),
            Some(ReadRequest::Unread { seq, .. }) => before(seq),
        }
    }

    /// Returns the number of unread messages.
    fn unread(&self) -> u32 {
        let count = match (self.request, self.counter.counted()) {
            (Some(ReadRequest::Unread { seq, unread, head }), _) => {
                ServerCount { seq: before(seq), unread, head }
            }
            (Some(ReadRequest::Read(seq)), Some(counted)) if seq >= counted.head => {
                ServerCount { seq, unread: 0, head: counted.head }
            }
            (_, Some(counted)) => ServerCount { seq: self.position(), ..counted },
            (_, None) => ServerCount { seq: self.position(), unread: 0, head: Seq(0) },
        };
        self.counter.unread_since(count)
    }
}

const fn before(seq: Seq) -> Seq {
    Seq(seq.0.saturating_sub(1))
}
