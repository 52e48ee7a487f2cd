//! The Russian texts of the composer and of message content.

use super::ComposerStrings;

pub(in crate::i18n) static STRINGS: ComposerStrings = ComposerStrings {
    copy: "Копировать",
    copied: "Скопировано",
    suggestions: "Подсказки",
    suggested: |count| format!("Подсказок: {count}"),
    emoji: "Эмодзи",
    emoji_recent: "Недавние",
    emoji_faces: "Лица",
    emoji_hands: "Жесты и люди",
    emoji_hearts: "Сердца и знаки",
    emoji_things: "Предметы",
};
