//! Counts of unread messages, as arguments of texts.

use hubbub_protocol::Seq;

use super::{LocalDate, LocalTime};

/// The unread messages when the reader opened the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UnreadSince {
    /// Position after which they begin.
    pub(crate) begins_at: Seq,
    pub(crate) count: u32,
    /// Time of the first one, in the reader's time zone.
    pub(crate) time: LocalTime,
    /// Today's date in the reader's time zone, if known.
    pub(crate) today: Option<LocalDate>,
}

/// Largest count that is written in full; more is `999+`, so that it stays narrow.
const MAX_SHOWN: u32 = 999;

/// Formats a number of messages in at most four characters.
pub(crate) fn short_count(count: u32) -> String {
    if count > MAX_SHOWN { format!("{MAX_SHOWN}+") } else { count.to_string() }
}
