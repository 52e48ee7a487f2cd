//! What one line of the timeline shows: a message in whatever state it is, or what else has happened, and its
//! place among its neighbours.

mod arrange;
mod membership_changes;
mod readers;
#[cfg(test)]
pub(crate) mod testing;

use std::sync::Arc;

use hubbub_client::{Row, RowKey, RowState};
use hubbub_markup::emoji_count;
use hubbub_protocol::{Described, Message, MessageText, Quote, Reaction, Refusal, Seq, Timestamp, User};

pub(crate) use arrange::{ArrangeContext, arrange};
pub(crate) use membership_changes::MembershipChanges;
pub(crate) use readers::locate_readers;

use crate::i18n::{LocalClock, LocalDate, LocalTime};

/// Texts of more characters stand on a light wash, because solid colour tires the eye.
const LONG_TEXT_CHARS: usize = 280;

/// The local clock and day of the user.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LocalContext {
    /// The clock that timestamps are shown by.
    pub(crate) clock: LocalClock,
    /// The current day, if known.
    pub(crate) today: Option<LocalDate>,
}

impl LocalContext {
    /// The context of the first render, on the server and during hydration. `utc_offset` is the number of minutes that
    /// the browser was ahead of UTC at its last visit.
    pub(crate) fn of_first_render(utc_offset: Option<i16>) -> Self {
        Self { clock: utc_offset.map_or(LocalClock::Utc, LocalClock::Ahead), today: None }
    }
}

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TimelineItem {
    /// Tells it from every other line.
    pub(crate) key: RowKey,
    /// What it shows.
    pub(crate) kind: ItemKind,
    /// The day that begins with it.
    pub(crate) day: Option<Day>,
    /// Whether what is new begins with it.
    pub(crate) divided: bool,
    /// When it was said, or happened.
    pub(crate) at: Timestamp,
    /// The same, by the reader's clock.
    pub(crate) time: LocalTime,
}

/// What a line shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ItemKind {
    /// A message.
    Message(MessageItem),
    /// People who came or went, one after the other.
    MembershipChanged(MembershipChanges),
    /// What the room is about from then on.
    Described(Described),
}

/// A message, and how it stands in its group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MessageItem {
    /// The message and how far it has come.
    pub(crate) row: Row,
    /// Whose it is; none if it is mine and I have no name yet.
    pub(crate) author: Option<User>,
    /// When it was last edited, by the reader's clock.
    pub(crate) edited: Option<LocalTime>,
    /// Whether it is mine.
    pub(crate) own: bool,
    /// Whether it begins a group.
    pub(crate) first: bool,
    /// Whether there is a connection over which it could go, were it not sent.
    pub(crate) online: bool,
}

/// A day, and what the reader calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Day {
    Today(LocalDate),
    Yesterday(LocalDate),
    Other(LocalDate),
}

impl Day {
    fn of(date: LocalDate, today: Option<LocalDate>) -> Self {
        match today {
            Some(today) if date == today => Self::Today(date),
            Some(today) if date == today.yesterday() => Self::Yesterday(date),
            _ => Self::Other(date),
        }
    }

    pub(crate) const fn date(self) -> LocalDate {
        match self {
            Self::Today(date) | Self::Yesterday(date) | Self::Other(date) => date,
        }
    }
}

impl TimelineItem {
    /// The message, if it is one.
    pub(crate) const fn message_item(&self) -> Option<&MessageItem> {
        match &self.kind {
            ItemKind::Message(message_item) => Some(message_item),
            ItemKind::MembershipChanged(_) | ItemKind::Described(_) => None,
        }
    }

    /// The stored message, if it is one.
    pub(crate) fn message(&self) -> Option<&Arc<Message>> {
        self.message_item().and_then(MessageItem::message)
    }

    /// Its position in the room, once it has one; the last, if it has several.
    pub(crate) fn seq(&self) -> Option<Seq> {
        match &self.kind {
            ItemKind::Message(message_item) => message_item.seq(),
            ItemKind::MembershipChanged(changes) => Some(changes.last),
            ItemKind::Described(described) => Some(described.seq),
        }
    }
}

impl MessageItem {
    /// The message, once it is stored and in its place.
    pub(crate) const fn message(&self) -> Option<&Arc<Message>> {
        match &self.row.state {
            RowState::Saved(message) => Some(message),
            _ => None,
        }
    }

    /// What it says; nothing, if it was taken back.
    pub(crate) fn text(&self) -> Option<&MessageText> {
        match &self.row.state {
            RowState::Saved(message) => message.text.as_ref(),
            RowState::Sent { entry, .. } | RowState::Pending(entry) | RowState::Failed(entry, _) => {
                Some(&entry.text)
            }
            RowState::Notice(_) => None,
        }
    }

    /// What it answers.
    pub(crate) fn reply_to(&self) -> Option<&Quote> {
        match &self.row.state {
            RowState::Saved(message) => message.reply_to.as_ref(),
            RowState::Sent { entry, .. } | RowState::Pending(entry) | RowState::Failed(entry, _) => {
                entry.reply_to.as_ref()
            }
            RowState::Notice(_) => None,
        }
    }

    /// The emoji at it.
    pub(crate) fn reactions(&self) -> &[Reaction] {
        self.message().map(|message| message.reactions.as_slice()).unwrap_or_default()
    }

    /// Whether it is nothing but emoji, which need nothing around them.
    pub(crate) fn is_bare(&self) -> bool {
        let is_emoji = self.text().is_some_and(|text| emoji_count(text.as_str()).is_some());
        is_emoji && self.reply_to().is_none() && self.state() == "sent"
    }

    /// Whether the message is the user's own and long, so that it is shown on a light background.
    pub(crate) fn is_long(&self) -> bool {
        // Bytes first: there are never fewer of them than characters.
        let is_long = |text: &MessageText| {
            text.as_str().len() > LONG_TEXT_CHARS && text.as_str().chars().nth(LONG_TEXT_CHARS).is_some()
        };
        self.own && self.text().is_some_and(is_long)
    }

    /// Its position in the room, once it has one.
    pub(crate) fn seq(&self) -> Option<Seq> {
        match &self.row.state {
            RowState::Saved(message) => Some(message.seq),
            RowState::Sent { seq, .. } => Some(*seq),
            RowState::Pending(_) | RowState::Failed(..) | RowState::Notice(_) => None,
        }
    }

    /// How far it has come, in a word for styles and tests.
    pub(crate) const fn state(&self) -> &'static str {
        match self.row.state {
            RowState::Saved(_) | RowState::Sent { .. } | RowState::Notice(_) => "sent",
            RowState::Pending(_) => "pending",
            RowState::Failed(..) => "failed",
        }
    }

    /// Why it was refused for good.
    pub(crate) const fn failure(&self) -> Option<&Refusal> {
        match &self.row.state {
            RowState::Failed(_, refusal) => Some(refusal),
            _ => None,
        }
    }
}
