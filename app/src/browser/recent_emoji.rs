//! Stores the recently used emoji.

use super::storage;

/// Maximum stored emoji.
const MAX_RECENT: usize = 16;

/// Returns the recently used emoji, newest first.
pub(crate) fn recent() -> Vec<String> {
    storage::recent_emoji()
}

/// Records that an emoji was used.
pub(crate) fn record(emoji: &str) {
    let others = recent().into_iter().filter(|other| other != emoji);
    let all: Vec<String> = std::iter::once(emoji.to_owned()).chain(others).take(MAX_RECENT).collect();
    storage::keep_recent_emoji(&all);
}
