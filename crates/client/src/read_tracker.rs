//! The user's read position in a room and the number of unread messages.

use hubbub_protocol::{MAX_UNREAD_COUNTED, ReadState, Seq};

use crate::Millis;

/// Milliseconds between two reports of a read position. Bounds the traffic, because each is sent to all
/// members.
const REST_MILLIS: u64 = 500;

/// Maximum posts and deletions that are remembered until the server has counted them.
const MAX_REMEMBERED: usize = MAX_UNREAD_COUNTED as usize;

/// The read position and the unread count. The server counts up to a position that it names, and the client
/// counts later messages.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReadTracker {
    counted: Option<ServerCount>,
    /// Positions of later posts of other users.
    posts: Vec<Seq>,
    /// Positions of later deletions by other users, with the positions of the deleted messages.
    deletions: Vec<(Seq, Seq)>,
    request: Option<ReadRequest>,
    asked: Option<ReadRequest>,
    /// The time of the next report of a read position.
    resting: Option<Millis>,
    /// Messages stay unread until the room is opened again.
    pub(crate) kept_unread: bool,
    /// The tab is hidden.
    pub(crate) away: bool,
    /// The room was opened before its read position was known.
    pub(crate) divider_due: bool,
    /// The view starts at the divider.
    pub(crate) at_unread: bool,
    /// All events after this position were received.
    observed: Seq,
}

#[derive(Clone, Copy, Debug)]
struct ServerCount {
    seq: Seq,
    unread: u32,
    head: Seq,
}

/// A change of the read position to send to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReadRequest {
    /// Everything up to this position is read.
    Read(Seq),
    /// Everything from `seq` on is unread: `unread` messages, counted at `head`.
    Unread { seq: Seq, unread: u32, head: Seq },
}

impl ReadTracker {
    /// Applies a count of the server. Ignores a count that is older than a known one, unless it comes from a
    /// new connection.
    pub(crate) fn count(&mut self, state: &ReadState, for_sure: bool) {
        if !for_sure && self.counted.is_some_and(|counted| state.head < counted.head) {
            return;
        }
        self.counted = Some(ServerCount { seq: state.seq, unread: state.unread, head: state.head });
        self.posts.retain(|seq| *seq > state.head);
        self.deletions.retain(|(at, _)| *at > state.head);
    }

    /// Records a post of another user. Ignores repeated events.
    pub(crate) fn posted(&mut self, seq: Seq) {
        let news = self.posts.last().is_none_or(|last| seq > *last);
        if news && self.counted.is_none_or(|counted| seq > counted.head) {
            if self.posts.len() >= MAX_REMEMBERED {
                self.posts.remove(0);
            }
            self.posts.push(seq);
        }
    }

    /// Records the deletion of a message at position `of`, by another user at position `at`.
    pub(crate) fn deleted(&mut self, at: Seq, of: Seq) {
        self.posts.retain(|seq| *seq != of);
        let news = self.deletions.last().is_none_or(|(last, _)| at > *last);
        if news && self.counted.is_none_or(|counted| at > counted.head) {
            if self.deletions.len() >= MAX_REMEMBERED {
                self.deletions.remove(0);
            }
            self.deletions.push((at, of));
        }
    }

    /// Events before this position may be missing, so that older counts are not exact.
    pub(crate) fn observe_from(&mut self, seq: Seq) {
        self.observed = seq;
    }

    /// Returns whether the count is exact.
    pub(crate) fn is_exact(&self) -> bool {
        self.counted.is_none_or(|counted| counted.head >= self.observed)
    }

    /// Returns whether the first unread message is still unknown to the view.
    pub(crate) const fn is_searching(&self) -> bool {
        self.at_unread && self.divider_due
    }

    pub(crate) const fn is_known(&self) -> bool {
        self.counted.is_some()
    }

    /// Returns the read position, including a change in flight.
    pub(crate) fn position(&self) -> Seq {
        let counted = self.counted.map_or(Seq(0), |counted| counted.seq);
        match self.request {
            None => counted,
            Some(ReadRequest::Read(seq)) => counted.max(seq),
            Some(ReadRequest::Unread { seq, .. }) => Seq(seq.0.saturating_sub(1)),
        }
    }

    /// Returns the number of unread messages.
    pub(crate) fn unread(&self) -> u32 {
        let (read, head, unread) = match (self.request, self.counted) {
            (Some(ReadRequest::Unread { seq, unread, head }), _) => {
                (Seq(seq.0.saturating_sub(1)), head, unread)
            }
            (Some(ReadRequest::Read(seq)), Some(counted)) if seq >= counted.head => (seq, counted.head, 0),
            (_, Some(counted)) => (self.position(), counted.head, counted.unread),
            (_, None) => (self.position(), Seq(0), 0),
        };
        let gone = self.deletions.iter().filter(|(at, of)| *at > head && *of <= head && *of > read);
        let known =
            if unread >= MAX_UNREAD_COUNTED { unread } else { unread.saturating_sub(small(gone.count())) };
        let further = self.posts.iter().filter(|seq| **seq > head && **seq > read);
        known.saturating_add(small(further.count())).min(MAX_UNREAD_COUNTED)
    }

    /// Marks everything up to a position as read. Returns whether that is a change.
    pub(crate) fn request_read(&mut self, seq: Seq) -> bool {
        let news = seq > self.position() && !self.kept_unread;
        if news {
            self.request = Some(ReadRequest::Read(seq));
        }
        news
    }

    /// Marks everything from `seq` on as unread: `unread` messages, counted at `head`.
    pub(crate) fn request_unread(&mut self, seq: Seq, unread: u32, head: Seq) {
        self.kept_unread = true;
        self.request = Some(ReadRequest::Unread { seq, unread, head });
    }

    /// Returns the change to send now. Only reading on can wait, and only while the room is looked at.
    pub(crate) fn next_request(&mut self, looked_at: bool, now: Millis) -> Option<ReadRequest> {
        self.resting = self.resting.filter(|until| looked_at && now < *until);
        let waits = self.asked.is_some() || (self.is_reading_on() && self.resting.is_some());
        if waits { None } else { self.request }
    }

    pub(crate) fn send(&mut self, request: ReadRequest, now: Millis) {
        self.asked = Some(request);
        self.resting = Some(now.plus(REST_MILLIS));
    }

    /// Returns the time at which a waiting change is due.
    pub(crate) fn deadline(&self) -> Option<Millis> {
        self.resting.filter(|_| self.is_reading_on() && self.asked.is_none())
    }

    const fn is_reading_on(&self) -> bool {
        matches!(self.request, Some(ReadRequest::Read(_)))
    }

    /// Handles the answer to the last change: it was stored or refused permanently.
    pub(crate) fn answered(&mut self) {
        if self.asked.is_some() && self.asked == self.request {
            self.request = None;
        }
        self.asked = None;
    }

    /// Resets a change in flight after the connection is lost.
    pub(crate) const fn reset_in_flight(&mut self) {
        self.asked = None;
    }
}

fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
