//! Up to where I have read a room, and how much I have not.

use hubbub_protocol::{MAX_UNREAD_COUNTED, ReadState, Seq};

use crate::Millis;

/// Whoever reads along while much is said tells it no more often than this: each time, everybody else is told.
const REST_MILLIS: u64 = 500;

/// Posts and deletions that are remembered until the server has counted them.
const MAX_REMEMBERED: usize = MAX_UNREAD_COUNTED as usize;

/// The server counts now and then and says at which position it did; what came after that is counted here.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    counted: Option<Counted>,
    /// Where others posted after that.
    posts: Vec<Seq>,
    /// Where others took messages back after that, and where those stood.
    deletions: Vec<(Seq, Seq)>,
    wish: Option<Wish>,
    asked: Option<Wish>,
    /// What was told last shall do until then.
    resting: Option<Millis>,
    /// Nothing counts as seen until the room is opened again.
    pub(crate) kept_unread: bool,
    /// The tab cannot be seen.
    pub(crate) away: bool,
    /// The room was opened when it was not known yet what is read.
    pub(crate) divider_due: bool,
    /// The view begins at the divider.
    pub(crate) at_unread: bool,
    /// From here on every event was heard.
    observed: Seq,
}

#[derive(Clone, Copy, Debug)]
struct Counted {
    seq: Seq,
    unread: u32,
    head: Seq,
}

/// A read position that the server shall have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Everything up to here is read.
    Read(Seq),
    /// Everything from `seq` on is unread: so many messages, counted at `head`.
    Unread { seq: Seq, unread: u32, head: Seq },
}

impl Reading {
    /// The server has counted. What it counted before another count that is known is out of date, unless the
    /// connection is a new one.
    pub(crate) fn count(&mut self, state: &ReadState, for_sure: bool) {
        if !for_sure && self.counted.is_some_and(|counted| state.head < counted.head) {
            return;
        }
        self.counted = Some(Counted { seq: state.seq, unread: state.unread, head: state.head });
        self.posts.retain(|seq| *seq > state.head);
        self.deletions.retain(|(at, _)| *at > state.head);
    }

    /// Somebody else has posted. A server that errs may tell it twice.
    pub(crate) fn posted(&mut self, seq: Seq) {
        let news = self.posts.last().is_none_or(|last| seq > *last);
        if news && self.counted.is_none_or(|counted| seq > counted.head) {
            if self.posts.len() >= MAX_REMEMBERED {
                self.posts.remove(0);
            }
            self.posts.push(seq);
        }
    }

    /// Somebody else has taken back, at a position, a message that stood at another.
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

    /// Not everything was heard up to here, so what was counted before is no basis.
    pub(crate) fn observe_from(&mut self, seq: Seq) {
        self.observed = seq;
    }

    /// Whether the count can be trusted.
    pub(crate) fn is_exact(&self) -> bool {
        self.counted.is_none_or(|counted| counted.head >= self.observed)
    }

    /// Whether the view has yet to learn where the unread messages begin.
    pub(crate) const fn is_searching(&self) -> bool {
        self.at_unread && self.divider_due
    }

    pub(crate) const fn is_known(&self) -> bool {
        self.counted.is_some()
    }

    /// Up to where is read, with what is on its way.
    pub(crate) fn position(&self) -> Seq {
        let counted = self.counted.map_or(Seq(0), |counted| counted.seq);
        match self.wish {
            None => counted,
            Some(Wish::Read(seq)) => counted.max(seq),
            Some(Wish::Unread { seq, .. }) => Seq(seq.0.saturating_sub(1)),
        }
    }

    /// How much is not read.
    pub(crate) fn unread(&self) -> u32 {
        let (read, head, unread) = match (self.wish, self.counted) {
            (Some(Wish::Unread { seq, unread, head }), _) => (Seq(seq.0.saturating_sub(1)), head, unread),
            (Some(Wish::Read(seq)), Some(counted)) if seq >= counted.head => (seq, counted.head, 0),
            (_, Some(counted)) => (self.position(), counted.head, counted.unread),
            (_, None) => (self.position(), Seq(0), 0),
        };
        let gone = self.deletions.iter().filter(|(at, of)| *at > head && *of <= head && *of > read);
        let known =
            if unread >= MAX_UNREAD_COUNTED { unread } else { unread.saturating_sub(small(gone.count())) };
        let further = self.posts.iter().filter(|seq| **seq > head && **seq > read);
        known.saturating_add(small(further.count())).min(MAX_UNREAD_COUNTED)
    }

    /// Everything up to here is read. Whether that is news.
    pub(crate) fn wish_read(&mut self, seq: Seq) -> bool {
        let news = seq > self.position() && !self.kept_unread;
        if news {
            self.wish = Some(Wish::Read(seq));
        }
        news
    }

    /// Everything from `seq` on is unread: so many messages, counted at `head`.
    pub(crate) fn wish_unread(&mut self, seq: Seq, unread: u32, head: Seq) {
        self.kept_unread = true;
        self.wish = Some(Wish::Unread { seq, unread, head });
    }

    /// The wish to send now. Only reading on can wait, and only while somebody looks.
    pub(crate) fn next_wish(&mut self, looked_at: bool, now: Millis) -> Option<Wish> {
        self.resting = self.resting.filter(|until| looked_at && now < *until);
        let waits = self.asked.is_some() || (self.is_reading_on() && self.resting.is_some());
        if waits { None } else { self.wish }
    }

    pub(crate) fn send(&mut self, wish: Wish, now: Millis) {
        self.asked = Some(wish);
        self.resting = Some(now.plus(REST_MILLIS));
    }

    /// When there is something to tell that waits.
    pub(crate) fn deadline(&self) -> Option<Millis> {
        self.resting.filter(|_| self.is_reading_on() && self.asked.is_none())
    }

    const fn is_reading_on(&self) -> bool {
        matches!(self.wish, Some(Wish::Read(_)))
    }

    /// The server has taken in, or refused for good, what was asked last.
    pub(crate) fn answered(&mut self) {
        if self.asked.is_some() && self.asked == self.wish {
            self.wish = None;
        }
        self.asked = None;
    }

    /// What was asked is not known to have arrived.
    pub(crate) const fn land(&mut self) {
        self.asked = None;
    }
}

fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
