//! Texts of a conversation: rows of the timeline, message actions, the composer.

mod english;
mod russian;

pub(super) use english::STRINGS as ENGLISH;
pub(super) use russian::STRINGS as RUSSIAN;

use super::LocalTime;
use crate::i18n::UnreadSince;

/// The texts in one language. User names in arguments are already isolated ([`isolated`]).
pub(crate) struct ConversationStrings {
    // Notices.
    pub(crate) joined: fn(&[&str]) -> String,
    pub(crate) left: fn(&[&str]) -> String,
    pub(crate) topic_set: fn(&str) -> String,
    pub(crate) topic_removed: fn(&str) -> String,
    pub(crate) new: &'static str,
    /// Number of new messages and the time of the first.
    pub(crate) new_since: fn(UnreadSince) -> String,
    pub(crate) jump_to_end: &'static str,
    // Messages.
    pub(crate) deleted: &'static str,
    pub(crate) deleted_own: &'static str,
    pub(crate) edited: &'static str,
    pub(crate) edited_at: fn(LocalTime) -> String,
    pub(crate) quote_of: fn(&str) -> String,
    pub(crate) quote_deleted: &'static str,
    pub(crate) read_by: fn(&[&str]) -> String,
    pub(crate) me: &'static str,
    // Message actions.
    pub(crate) actions: &'static str,
    pub(crate) react: &'static str,
    pub(crate) reply: &'static str,
    pub(crate) edit: &'static str,
    pub(crate) delete: &'static str,
    pub(crate) copy_text: &'static str,
    pub(crate) copy_link: &'static str,
    pub(crate) mark_unread: &'static str,
    pub(crate) more: &'static str,
    pub(crate) ask_delete: &'static str,
    pub(crate) keep: &'static str,
    pub(crate) edits: &'static str,
    pub(crate) edits_show: &'static str,
    pub(crate) now: &'static str,
    // Composer.
    pub(crate) replying_to: fn(&str) -> String,
    pub(crate) editing: &'static str,
    pub(crate) save: &'static str,
    pub(crate) edit_hint: &'static str,
    // End of the timeline.
    pub(crate) loading_newer: &'static str,
    pub(crate) typing: fn(&[&str]) -> String,
}

/// Maximum users listed by name; the others are counted.
const MAX_NAMES_SHOWN: usize = 2;

/// Splits the names into those that are listed and the number of the others. A single other name is listed,
/// because it is no longer than "1 other".
pub(super) fn split<'a>(names: &'a [&'a str]) -> (&'a [&'a str], usize) {
    if names.len() <= MAX_NAMES_SHOWN + 1 {
        (names, 0)
    } else {
        (&names[..MAX_NAMES_SHOWN], names.len() - MAX_NAMES_SHOWN)
    }
}

/// Isolates the text direction of a name from the surrounding text (Unicode UAX #9, section 2.4).
pub(crate) fn isolated(name: &str) -> String {
    format!("\u{2068}{name}\u{2069}")
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::Seq;

    use super::*;

    #[test]
    fn long_lists_of_names_are_counted() {
        let names = ["Anna", "Ben", "Carl", "Dora", "Eve"];
        assert_eq!((ENGLISH.joined)(&names[..1]), "Anna joined");
        assert_eq!((ENGLISH.joined)(&names[..2]), "Anna and Ben joined");
        assert_eq!((ENGLISH.joined)(&names[..3]), "Anna, Ben and Carl joined");
        assert_eq!((ENGLISH.left)(&names), "Anna, Ben and 3 others left");
        assert_eq!((RUSSIAN.joined)(&names), "Теперь в комнате: Anna, Ben и ещё 3");
        assert_eq!((RUSSIAN.left)(&names[..2]), "Больше не в комнате: Anna и Ben");
    }

    #[test]
    fn unread_notice_has_the_date_of_the_first_message() {
        let at = |text: &str| LocalTime::ahead_of_utc(text.parse().expect("a time"), 60);
        let now = at("2026-11-29T12:00:00.000Z").date();
        let say = |strings: &ConversationStrings, count, first: &str| {
            (strings.new_since)(UnreadSince { begins_at: Seq(1), count, time: at(first), today: Some(now) })
        };
        assert_eq!(say(&ENGLISH, 120, "2026-11-29T09:02:00.000Z"), "120 new since 10:02");
        assert_eq!(say(&ENGLISH, 1, "2026-11-28T22:30:00.000Z"), "1 new since yesterday, 23:30");
        assert_eq!(say(&ENGLISH, 2, "2026-11-28T23:30:00.000Z"), "2 new since 00:30");
        assert_eq!(say(&ENGLISH, 1_000, "2026-03-01T09:02:00.000Z"), "999+ new since 1 March, 10:02");
        assert_eq!(say(&ENGLISH, 7, "2025-03-01T09:02:00.000Z"), "7 new since 1 March 2025, 10:02");
        assert_eq!(say(&RUSSIAN, 120, "2026-11-29T09:02:00.000Z"), "120 новых с 10:02");
        assert_eq!(say(&RUSSIAN, 21, "2026-11-28T22:30:00.000Z"), "21 новое со вчера, 23:30");
        assert_eq!(say(&RUSSIAN, 3, "2026-11-27T22:30:00.000Z"), "3 новых с 27 ноября, 23:30");
        assert_eq!(say(&RUSSIAN, 1_000, "2025-11-27T22:30:00.000Z"), "999+ новых с 27 ноября 2025 г., 23:30");
    }

    #[test]
    fn typing_notice_names_at_most_two_users() {
        let names = ["Anna", "Ben", "Carl"];
        assert_eq!((ENGLISH.typing)(&[]), "");
        assert_eq!((ENGLISH.typing)(&names[..1]), "Anna is writing…");
        assert_eq!((ENGLISH.typing)(&names[..2]), "Anna and Ben are writing…");
        assert_eq!((ENGLISH.typing)(&names), "3 people are writing…");
        assert_eq!((RUSSIAN.typing)(&names[..1]), "Anna пишет…");
        assert_eq!((RUSSIAN.typing)(&names), "Пишут 3 человека…");
    }
}
