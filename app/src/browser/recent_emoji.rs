//! Keeps which emoji were used last.

use super::storage;

/// So many are kept.
const KEPT: usize = 16;

/// The last used, the newest first.
pub(crate) fn recent() -> Vec<String> {
    storage::recent_emoji()
}

/// This one was used.
pub(crate) fn note(emoji: &str) {
    let others = recent().into_iter().filter(|other| other != emoji);
    let all: Vec<String> = std::iter::once(emoji.to_owned()).chain(others).take(KEPT).collect();
    storage::keep_recent_emoji(&all);
}
