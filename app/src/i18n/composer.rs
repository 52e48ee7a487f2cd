//! What helps to write and to read what was written: code, completions, emoji.

mod english;
mod russian;

pub(super) use english::STRINGS as ENGLISH;
pub(super) use russian::STRINGS as RUSSIAN;

/// The words around what is written, in one language.
pub(crate) struct ComposerStrings {
    // Code in a message.
    pub(crate) copy: &'static str,
    pub(crate) copied: &'static str,
    // What completes a word.
    pub(crate) suggestions: &'static str,
    pub(crate) suggested: fn(usize) -> String,
    // The emoji.
    pub(crate) emoji: &'static str,
    pub(crate) emoji_recent: &'static str,
    pub(crate) emoji_faces: &'static str,
    pub(crate) emoji_hands: &'static str,
    pub(crate) emoji_hearts: &'static str,
    pub(crate) emoji_things: &'static str,
}
