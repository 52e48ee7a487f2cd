//! The languages. Each text is a field, so a language without a text does not compile.

#[cfg(feature = "ssr")]
mod account;
mod calendar;
mod composer;
mod conversation;
mod english;
mod files;
mod frame;
mod loading;
#[cfg(any(feature = "ssr", feature = "csr"))]
mod pages;
mod russian;
mod unread;

use hubbub_protocol::{Code, Field, MAX_TEXT_BYTES, Refusal};
use leptos::prelude::expect_context;
use serde::{Deserialize, Serialize};

pub(crate) use calendar::{LocalClock, LocalDate, LocalTime};
pub(crate) use conversation::isolated;
pub(crate) use unread::{UnreadSince, short_count};

/// A language of the web client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Russian.
    Ru,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::En, Self::Ru];

    /// Returns the language tag (BCP 47), as in `lang="..."` and in the cookie.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
        }
    }

    /// Returns the language for a tag by its first subtag, for example Russian for `ru-RU`.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// Returns the name of the language in the language itself.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Ru => "Русский",
        }
    }

    /// Returns the texts in this language.
    #[must_use]
    pub fn strings(self) -> &'static Strings {
        match self {
            Self::En => &english::STRINGS,
            Self::Ru => loading::russian(),
        }
    }
}

/// Returns the texts in the language of the current page.
#[must_use]
pub(crate) fn strings() -> &'static Strings {
    expect_context::<Language>().strings()
}

/// All texts in one language.
pub struct Strings {
    /// Texts around a conversation.
    pub(crate) frame: &'static frame::FrameStrings,
    /// Texts of a conversation.
    pub(crate) conversation: &'static conversation::ConversationStrings,
    /// Texts of attachments.
    pub(crate) files: &'static files::FileStrings,
    /// Texts of the composer and of message content.
    pub(crate) composer: &'static composer::ComposerStrings,
    /// Texts of the pages without a script.
    #[cfg(any(feature = "ssr", feature = "csr"))]
    pub(crate) pages: &'static pages::PageStrings,
    /// Texts of the account pages.
    #[cfg(feature = "ssr")]
    pub(crate) account: &'static account::AccountStrings,
    pub(crate) join: &'static str,
    // Room bar.
    pub(crate) to_entrance: &'static str,
    pub(crate) copy_link: &'static str,
    pub(crate) link_copied: &'static str,
    pub(crate) language: &'static str,
    // Members.
    pub(crate) people_count: fn(u32) -> String,
    pub(crate) you: &'static str,
    pub(crate) and_more: fn(usize) -> String,
    pub(crate) close: &'static str,
    // Timeline.
    pub(crate) messages: &'static str,
    pub(crate) older_messages: &'static str,
    pub(crate) newest_messages: &'static str,
    pub(crate) loading: &'static str,
    pub(crate) beginning: &'static str,
    pub(crate) empty_title: &'static str,
    pub(crate) empty_text: &'static str,
    pub(crate) new_messages: fn(usize) -> String,
    pub(crate) today: &'static str,
    pub(crate) yesterday: &'static str,
    pub(crate) date: fn(LocalDate) -> String,
    pub(crate) date_and_time: fn(LocalTime) -> String,
    // Message.
    pub(crate) sending: &'static str,
    pub(crate) waiting: &'static str,
    pub(crate) not_sent: &'static str,
    pub(crate) retry: &'static str,
    pub(crate) cancel: &'static str,
    // Composer.
    pub(crate) message: &'static str,
    pub(crate) write_to: fn(&str) -> String,
    pub(crate) send: &'static str,
    pub(crate) outbox_full: &'static str,
    pub(crate) keys_hint: &'static str,
    pub(crate) characters_left: fn(usize) -> String,
    pub(crate) characters_over: fn(usize) -> String,
    // Connection.
    pub(crate) no_answer: &'static str,
    /// Messages are held back by the rate limit; sending continues after this number of seconds.
    pub(crate) held_back: fn(u64) -> String,
    /// The storage of the browser is full.
    pub(crate) unkept: &'static str,
    pub(crate) unreadable: &'static str,
    pub(crate) connecting: fn(u32) -> String,
    pub(crate) connection_lost: fn(u32) -> String,
    pub(crate) offline: &'static str,
    pub(crate) next_try: fn(u64) -> String,
    pub(crate) kept: &'static str,
    pub(crate) retry_now: &'static str,
    pub(crate) load_again: &'static str,
    pub(crate) stopped_elsewhere: &'static str,
    pub(crate) stopped_version: &'static str,
    pub(crate) new_version: &'static str,
    pub(crate) reload: &'static str,
    // Crash notice.
    pub(crate) broken: &'static str,
    // Refusals.
    pub(crate) refusals: Refusals,
}

/// Reasons of refusals, in one language.
pub(crate) struct Refusals {
    empty_name: &'static str,
    empty_room: &'static str,
    empty_text: &'static str,
    long_name: fn(u64) -> String,
    long_room: fn(u64) -> String,
    long_text: fn(u64) -> String,
    long_topic: fn(u64) -> String,
    large_text: fn(u64) -> String,
    invalid_name: &'static str,
    invalid_room: &'static str,
    invalid_text: &'static str,
    invalid_topic: &'static str,
    invalid_emoji: &'static str,
    not_joined: &'static str,
    no_such_room: &'static str,
    no_such_line: &'static str,
    no_such_message: &'static str,
    no_such_reply: &'static str,
    not_yours: &'static str,
    too_many_rooms: fn(u64) -> String,
    too_many_edits: fn(u64) -> String,
    too_many_reactions: fn(u64) -> String,
    too_many_names: fn(u64) -> String,
    client_id_taken: &'static str,
    another_author: &'static str,
    too_fast: &'static str,
    unavailable: &'static str,
    other: &'static str,
}

impl Strings {
    /// Returns the reason why a message was not sent, as a sentence for its author.
    #[must_use]
    pub(crate) fn failure(&self, refusal: &Refusal) -> String {
        match (refusal.code, refusal.field) {
            // A message has no name field: the refusal means that it was written under another user's name.
            (Code::Invalid, Some(Field::Name)) => self.refusals.another_author.to_owned(),
            _ => self.refusal(refusal),
        }
    }

    /// Returns a refusal as a sentence for the user.
    #[must_use]
    pub fn refusal(&self, refusal: &Refusal) -> String {
        let say = &self.refusals;
        let limit = refusal.limit.unwrap_or_default();
        let sentence = match (refusal.code, refusal.field) {
            (Code::Empty | Code::Missing, Some(Field::Name)) => say.empty_name,
            (Code::Empty | Code::Missing, Some(Field::Room)) => say.empty_room,
            (Code::Empty | Code::Missing, Some(Field::Text)) => say.empty_text,
            (Code::TooLong, Some(Field::Name)) => return (say.long_name)(limit),
            (Code::TooLong, Some(Field::Room)) => return (say.long_room)(limit),
            (Code::TooLong, Some(Field::Text)) if usize::try_from(limit) == Ok(MAX_TEXT_BYTES) => {
                return (say.large_text)(limit / 1024);
            }
            (Code::TooLong, Some(Field::Text)) => return (say.long_text)(limit),
            (Code::Invalid, Some(Field::Name)) => say.invalid_name,
            (Code::Invalid, Some(Field::Room)) => say.invalid_room,
            (Code::TooLong, Some(Field::Topic)) => return (say.long_topic)(limit),
            (Code::Invalid, Some(Field::Text)) => say.invalid_text,
            (Code::Invalid, Some(Field::Topic)) => say.invalid_topic,
            (Code::Empty | Code::TooLong | Code::Invalid, Some(Field::Emoji)) => say.invalid_emoji,
            (Code::NotJoined, _) => say.not_joined,
            (Code::NotFound, Some(Field::Room)) => say.no_such_room,
            (Code::NotFound, Some(Field::ReplyTo)) => say.no_such_reply,
            (Code::NotFound, Some(Field::Around)) => say.no_such_line,
            (Code::NotFound, Some(Field::File)) => self.files.content_missing,
            (Code::NotFound, Some(Field::Files)) => self.files.lost,
            (Code::NotFound, _) => say.no_such_message,
            (Code::NotYours, _) => say.not_yours,
            (Code::TooManyRooms, _) | (Code::TooMany, Some(Field::Room)) => {
                return (say.too_many_rooms)(limit);
            }
            (Code::TooMany, Some(Field::Name)) => return (say.too_many_names)(limit),
            (Code::TooMany, Some(Field::Emoji)) => return (say.too_many_reactions)(limit),
            (Code::TooMany, Some(Field::Files)) => {
                return (self.files.too_many)(usize::try_from(limit).unwrap_or(usize::MAX));
            }
            (Code::TooMany, _) => return (say.too_many_edits)(limit),
            (Code::ClientIdTaken, _) => say.client_id_taken,
            (Code::TooFast, _) => say.too_fast,
            (Code::Unavailable, _) => say.unavailable,
            (Code::TooLarge, _) => return (self.files.too_large_here)(&(self.files.size)(limit)),
            (Code::StorageFull, _) => self.files.storage_full,
            (_, Some(Field::File | Field::Filename)) => self.files.refused,
            _ => say.other,
        };
        sentence.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_is_selected_by_the_first_subtag() {
        assert_eq!(Language::from_tag("ru-RU"), Some(Language::Ru));
        assert_eq!(Language::from_tag(" EN "), Some(Language::En));
        assert_eq!(Language::from_tag("de"), None);
        assert_eq!(Language::from_tag(""), None);
    }

    #[test]
    fn distinguishes_too_many_characters_from_too_many_bytes() {
        let long = Refusal::too_long(Field::Text, 4_000, "characters");
        let large = Refusal::too_long(Field::Text, MAX_TEXT_BYTES, "bytes");
        let english = Language::En.strings();
        assert_eq!(english.refusal(&long), "The message is too long: at most 4,000 characters.");
        assert_eq!(english.refusal(&large), "The message is too large: at most 16 KiB.");
    }

    #[test]
    fn every_language_has_a_text_for_every_refusal() {
        for strings in Language::ALL.map(Language::strings) {
            for field in [Field::Name, Field::Room, Field::Text] {
                let refusals =
                    [Refusal::empty(field), Refusal::invalid(field, ""), Refusal::too_long(field, 9, "")];
                for refusal in refusals {
                    assert_ne!(strings.refusal(&refusal), strings.refusals.other, "{refusal:?}");
                }
            }
            let others = [
                Refusal::too_long(Field::Topic, 9, ""),
                Refusal::invalid(Field::Topic, ""),
                Refusal::invalid(Field::Emoji, ""),
                Refusal::not_joined("tea"),
                Refusal::not_found(Field::Room),
                Refusal::not_found(Field::MessageId),
                Refusal::not_found(Field::Around),
                Refusal::not_found(Field::ReplyTo),
                Refusal::not_yours(),
                Refusal::too_many_rooms(9),
                Refusal::too_many(Field::Emoji, 9, ""),
                Refusal::too_many(Field::Name, 9, ""),
                Refusal::too_many(Field::MessageId, 9, ""),
                Refusal::client_id_taken(),
                Refusal::unavailable(),
                Refusal::not_found(Field::Files),
                Refusal::too_many(Field::Files, 10, ""),
                Refusal::too_large(Field::File, 9),
                Refusal::storage_full(9, ""),
                Refusal::invalid(Field::File, ""),
                hubbub_client::LocalFile::content_missing(),
            ];
            for refusal in others {
                assert_ne!(strings.refusal(&refusal), strings.refusals.other, "{refusal:?}");
            }
        }
    }
}
