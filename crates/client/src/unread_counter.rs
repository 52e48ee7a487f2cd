//! The number of unread messages in a room.

use hubbub_protocol::{MAX_UNREAD_COUNTED, ReadState, Seq};

/// Maximum posts and deletions that are remembered until the server has counted them.
const MAX_REMEMBERED: usize = MAX_UNREAD_COUNTED as usize;

/// Counts unread messages. The server counts up to a position that it names, and the client counts later
/// messages.
#[derive(Clone, Debug, Default)]
pub(crate) struct UnreadCounter {
    counted: Option<ServerCount>,
    /// Positions of later posts of other users.
    posts: Vec<Seq>,
    /// Positions of later deletions by other users, with the positions of the deleted messages.
    deletions: Vec<(Seq, Seq)>,
    /// All events after this position were received.
    observed: Seq,
}

/// A number of unread messages at a position of the room.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerCount {
    /// Read position.
    pub(crate) seq: Seq,
    /// Messages after `seq` and up to `head`.
    pub(crate) unread: u32,
    /// Position up to which messages are counted.
    pub(crate) head: Seq,
}

impl UnreadCounter {
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
        let is_new = self.posts.last().is_none_or(|last| seq > *last);
        if is_new && self.counted.is_none_or(|counted| seq > counted.head) {
            if self.posts.len() >= MAX_REMEMBERED {
                self.posts.remove(0);
            }
            self.posts.push(seq);
        }
    }

    /// Records the deletion of a message at position `of`, by another user at position `at`.
    pub(crate) fn deleted(&mut self, at: Seq, of: Seq) {
        self.posts.retain(|seq| *seq != of);
        let is_new = self.deletions.last().is_none_or(|(last, _)| at > *last);
        if is_new && self.counted.is_none_or(|counted| at > counted.head) {
            if self.deletions.len() >= MAX_REMEMBERED {
                self.deletions.remove(0);
            }
            self.deletions.push((at, of));
        }
    }

    /// Records that events before this position may be missing, so that older counts are not exact.
    pub(crate) fn observe_from(&mut self, seq: Seq) {
        self.observed = seq;
    }

    /// Returns whether the count is exact.
    pub(crate) fn is_exact(&self) -> bool {
        self.counted.is_none_or(|counted| counted.head >= self.observed)
    }

    /// Returns the last count of the server, if one is known.
    pub(crate) const fn counted(&self) -> Option<ServerCount> {
        self.counted
    }

    /// Returns the number of unread messages, starting from a count at some position.
    pub(crate) fn unread_since(&self, count: ServerCount) -> u32 {
        let ServerCount { seq: read, unread, head } = count;
        let gone = self.deletions.iter().filter(|(at, of)| *at > head && *of <= head && *of > read);
        let known =
            if unread >= MAX_UNREAD_COUNTED { unread } else { unread.saturating_sub(small(gone.count())) };
        let further = self.posts.iter().filter(|seq| **seq > head && **seq > read);
        known.saturating_add(small(further.count())).min(MAX_UNREAD_COUNTED)
    }
}

fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
