//! The emoji of the picker: a small selection of common ones.

use crate::Language;
use crate::i18n::Strings;

/// Columns of the picker, as in `style/emoji_picker.css`.
pub(crate) const COLUMNS: usize = 8;

/// An emoji and its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EmojiEntry {
    pub(crate) text: &'static str,
    english: &'static str,
    russian: &'static str,
}

impl EmojiEntry {
    /// Returns the name for screen readers and search.
    pub(crate) const fn name(&self, language: Language) -> &'static str {
        match language {
            Language::En => self.english,
            Language::Ru => self.russian,
        }
    }

    /// Returns the names in all languages, because users may search in any of them.
    pub(crate) const fn names(&self) -> [&'static str; 2] {
        [self.english, self.russian]
    }
}

/// A category of emoji.
pub(crate) struct EmojiGroup {
    /// The title of the category.
    pub(crate) title: fn(&Strings) -> &'static str,
    /// Emoji, the most frequent first.
    pub(crate) emoji: &'static [EmojiEntry],
}

/// Returns all emoji of the picker.
pub(crate) fn all() -> impl Iterator<Item = &'static EmojiEntry> {
    GROUPS.iter().flat_map(|group| group.emoji)
}

/// Finds an emoji of the picker by its text.
pub(crate) fn find(text: &str) -> Option<&'static EmojiEntry> {
    all().find(|emoji| emoji.text == text)
}

/// Returns the index that an arrow key leads to. `groups` are the sizes of the categories, each of which
/// starts a new row.
pub(crate) fn neighbour(groups: &[usize], from: usize, key: &str) -> Option<usize> {
    let mut rows = Vec::new();
    let mut start = 0;
    for length in groups {
        let end = start + length;
        rows.extend((start..end).step_by(COLUMNS).map(|first| first..end.min(first + COLUMNS)));
        start = end;
    }
    let row = rows.iter().position(|row| row.contains(&from))?;
    let column = from - rows[row].start;
    let onto = |row: Option<usize>| {
        let there = rows.get(row?)?;
        Some((there.start + column).min(there.end - 1))
    };
    match key {
        "ArrowLeft" => from.checked_sub(1),
        "ArrowRight" => Some(from + 1).filter(|next| *next < start),
        "ArrowUp" => onto(row.checked_sub(1)),
        "ArrowDown" => onto(Some(row + 1)),
        "Home" => Some(rows[row].start),
        "End" => Some(rows[row].end - 1),
        _ => None,
    }
}

/// The emoji by category.
pub(crate) const GROUPS: [EmojiGroup; 4] = [
    EmojiGroup { title: |strings| strings.composer.emoji_faces, emoji: &FACES },
    EmojiGroup { title: |strings| strings.composer.emoji_hands, emoji: &HANDS },
    EmojiGroup { title: |strings| strings.composer.emoji_hearts, emoji: &HEARTS },
    EmojiGroup { title: |strings| strings.composer.emoji_things, emoji: &THINGS },
];

const fn emoji(text: &'static str, english: &'static str, russian: &'static str) -> EmojiEntry {
    EmojiEntry { text, english, russian }
}

const FACES: [EmojiEntry; 24] = [
    emoji("😀", "grin", "улыбка до ушей"),
    emoji("😂", "tears of joy", "слёзы радости"),
    emoji("🙂", "smile", "улыбка"),
    emoji("😉", "wink", "подмигивание"),
    emoji("😊", "blush", "румянец"),
    emoji("😍", "heart eyes", "влюблённые глаза"),
    emoji("😘", "kiss", "поцелуй"),
    emoji("😎", "sunglasses", "тёмные очки"),
    emoji("🤔", "thinking", "раздумье"),
    emoji("😐", "neutral", "ровное лицо"),
    emoji("🙄", "eye roll", "закатывание глаз"),
    emoji("😏", "smirk", "ухмылка"),
    emoji("😅", "sweat smile", "улыбка с потом"),
    emoji("😬", "grimace", "гримаса"),
    emoji("😴", "sleep", "сон"),
    emoji("😢", "cry", "слеза"),
    emoji("😭", "sob", "рыдание"),
    emoji("😡", "angry", "злость"),
    emoji("😱", "scream", "ужас"),
    emoji("😮", "surprise", "удивление"),
    emoji("🤯", "mind blown", "взрыв мозга"),
    emoji("🥳", "party face", "праздничное лицо"),
    emoji("🤗", "hug", "объятие"),
    emoji("🤦", "facepalm", "рука к лицу"),
];

const HANDS: [EmojiEntry; 14] = [
    emoji("👍", "thumbs up", "палец вверх"),
    emoji("👎", "thumbs down", "палец вниз"),
    emoji("👌", "ok hand", "всё хорошо"),
    emoji("👏", "clap", "аплодисменты"),
    emoji("🙏", "thanks", "спасибо"),
    emoji("👋", "wave", "привет"),
    emoji("🤝", "handshake", "рукопожатие"),
    emoji("💪", "strong", "сила"),
    emoji("✌️", "victory", "победа"),
    emoji("🤞", "fingers crossed", "скрещённые пальцы"),
    emoji("👀", "eyes", "глаза"),
    emoji("🤷", "shrug", "пожимание плечами"),
    emoji("🙋", "raised hand", "поднятая рука"),
    emoji("🧠", "brain", "мозг"),
];

const HEARTS: [EmojiEntry; 13] = [
    emoji("❤️", "heart", "сердце"),
    emoji("💔", "broken heart", "разбитое сердце"),
    emoji("💜", "purple heart", "фиолетовое сердце"),
    emoji("✅", "done", "готово"),
    emoji("❌", "no", "нет"),
    emoji("❗", "exclamation", "восклицание"),
    emoji("❓", "question", "вопрос"),
    emoji("⚠️", "warning", "внимание"),
    emoji("💯", "hundred", "сто"),
    emoji("⭐", "star", "звезда"),
    emoji("✨", "sparkles", "блёстки"),
    emoji("🔥", "fire", "огонь"),
    emoji("💡", "idea", "идея"),
];

const THINGS: [EmojiEntry; 13] = [
    emoji("🎉", "party", "праздник"),
    emoji("🎂", "cake", "торт"),
    emoji("☕", "coffee", "кофе"),
    emoji("🍕", "pizza", "пицца"),
    emoji("🍺", "beer", "пиво"),
    emoji("🌞", "sun", "солнце"),
    emoji("🌧️", "rain", "дождь"),
    emoji("🐛", "bug", "жук"),
    emoji("🐱", "cat", "кошка"),
    emoji("🚀", "rocket", "ракета"),
    emoji("🔒", "lock", "замок"),
    emoji("📎", "paper clip", "скрепка"),
    emoji("📅", "calendar", "календарь"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use hubbub_markup::emoji_count;

    use super::*;

    #[test]
    fn every_emoji_is_single_and_has_unique_names() {
        assert!((50..=70).contains(&all().count()));
        let mut seen = BTreeSet::new();
        for emoji in all() {
            assert_eq!(emoji_count(emoji.text), Some(1), "{emoji:?}");
            assert!(seen.insert(emoji.text), "{emoji:?} is there twice");
            for name in emoji.names() {
                assert!(seen.insert(name), "{name} is there twice");
                let plain = |character: char| character.is_lowercase() || character == ' ';
                assert!(name.chars().all(plain), "{name}");
            }
        }
        assert_eq!(find("❤️").map(|emoji| emoji.name(Language::Ru)), Some("сердце"));
        assert_eq!(find("x"), None);
    }

    #[test]
    fn arrow_keys_move_by_rows_and_across_groups() {
        let lead = |from, key| neighbour(&[3, 10], from, key);
        // The rows of the picker: 0 1 2 | 3 4 5 6 7 8 9 10 | 11 12. The second group takes two rows.
        assert_eq!(lead(1, "ArrowDown"), Some(4));
        assert_eq!(lead(10, "ArrowDown"), Some(12));
        assert_eq!(lead(12, "ArrowDown"), None);
        assert_eq!(lead(10, "ArrowUp"), Some(2));
        assert_eq!(lead(0, "ArrowUp"), None);
        assert_eq!(lead(2, "ArrowRight"), Some(3));
        assert_eq!(lead(12, "ArrowRight"), None);
        assert_eq!(lead(0, "ArrowLeft"), None);
        assert_eq!((lead(6, "Home"), lead(6, "End"), lead(11, "End")), (Some(3), Some(10), Some(12)));
        assert_eq!(lead(6, "Enter"), None);
        assert_eq!(neighbour(&[], 0, "Home"), None);
    }
}
