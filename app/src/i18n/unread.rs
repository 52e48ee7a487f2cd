//! Counts of unread messages, as the strings of each language take them.

use hubbub_protocol::Seq;

use super::{LocalDate, LocalTime};

/// What was unread when the reader came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UnreadSince {
    /// The position after which it begins.
    pub(crate) begins_at: Seq,
    /// How many messages it was.
    pub(crate) count: u32,
    /// When the first of them was sent, by the reader's clock.
    pub(crate) time: LocalTime,
    /// The day it is for the reader, if that is known.
    pub(crate) today: Option<LocalDate>,
}

/// Largest count that is written in full; more is `999+`, so that it stays narrow.
const MAX_SHOWN: u32 = 999;

/// Formats a number of messages in at most four characters.
pub(crate) fn short_count(count: u32) -> String {
    if count > MAX_SHOWN { format!("{MAX_SHOWN}+") } else { count.to_string() }
}
