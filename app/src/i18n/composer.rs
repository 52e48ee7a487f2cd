//! Texts of the composer and of message content: code blocks, suggestions, emoji.

mod english;
mod russian;

pub(super) use english::STRINGS as ENGLISH;
pub(super) use russian::STRINGS as RUSSIAN;

/// The texts in one language.
pub(crate) struct ComposerStrings {
    // Code blocks.
    pub(crate) copy: &'static str,
    pub(crate) copied: &'static str,
    // Suggestions.
    pub(crate) suggestions: &'static str,
    pub(crate) suggested: fn(usize) -> String,
    // Emoji.
    pub(crate) emoji: &'static str,
    pub(crate) emoji_recent: &'static str,
    pub(crate) emoji_faces: &'static str,
    pub(crate) emoji_hands: &'static str,
    pub(crate) emoji_hearts: &'static str,
    pub(crate) emoji_things: &'static str,
}
