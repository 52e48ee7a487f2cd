//! The English texts of the composer and of message content.

use super::ComposerStrings;

pub(in crate::i18n) static STRINGS: ComposerStrings = ComposerStrings {
    copy: "Copy",
    copied: "Copied",
    suggestions: "Suggestions",
    suggested: |count| format!("{count} {}", if count == 1 { "suggestion" } else { "suggestions" }),
    emoji: "Emoji",
    emoji_recent: "Recently used",
    emoji_faces: "Faces",
    emoji_hands: "Hands and people",
    emoji_hearts: "Hearts and signs",
    emoji_things: "Things",
};
