//! The content of one row of the timeline, a message or a notice, with its relation to neighbouring rows.

mod arrange;
mod membership_changes;
mod readers;
#[cfg(test)]
pub(crate) mod testing;

use std::borrow::Cow;
use std::sync::Arc;

use hubbub_client::{LocalFile, Row, RowKey, RowState};
use hubbub_markup::emoji_count;
use hubbub_protocol::{
    Attachment, Described, Message, MessageText, Quote, Reaction, Refusal, Seq, Timestamp, User,
};

pub(crate) use arrange::{ArrangeContext, arrange};
pub(crate) use membership_changes::MembershipChanges;
pub(crate) use readers::locate_readers;

use crate::i18n::{LocalClock, LocalDate, LocalTime};

/// The user's own longer texts, in characters, are shown on a light background, because solid colour is
/// tiring to read.
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

/// A row of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TimelineItem {
    /// Identifies the row.
    pub(crate) key: RowKey,
    pub(crate) kind: ItemKind,
    /// The date that begins with this row.
    pub(crate) day: Option<Day>,
    /// Whether the unread messages begin with this row.
    pub(crate) divided: bool,
    /// Time of the message or event.
    pub(crate) at: Timestamp,
    /// That time in the reader's time zone.
    pub(crate) time: LocalTime,
}

/// The content of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ItemKind {
    Message(MessageItem),
    /// Consecutive joins and leaves.
    MembershipChanged(MembershipChanges),
    /// A new topic.
    Described(Described),
}

/// A message and its position in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MessageItem {
    /// The message with its sending state.
    pub(crate) row: Row,
    /// The author; `None` for the user's own message before the user's name is known.
    pub(crate) author: Option<User>,
    /// Time of the last edit, in the reader's time zone.
    pub(crate) edited: Option<LocalTime>,
    /// Whether the message is the user's own.
    pub(crate) own: bool,
    /// Whether it is the first of its group.
    pub(crate) first: bool,
    /// Whether a connection exists; it matters only for pending messages.
    pub(crate) online: bool,
}

/// A date and its name for the reader.
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
    /// Returns the message, if the row is a message.
    pub(crate) const fn message_item(&self) -> Option<&MessageItem> {
        match &self.kind {
            ItemKind::Message(message_item) => Some(message_item),
            ItemKind::MembershipChanged(_) | ItemKind::Described(_) => None,
        }
    }

    /// Returns the stored message, if the row shows a stored message.
    pub(crate) fn message(&self) -> Option<&Arc<Message>> {
        self.message_item().and_then(MessageItem::message)
    }

    /// Returns the position of the row in the room; for several notices, the last position. Returns `None` if
    /// the row is not stored.
    pub(crate) fn seq(&self) -> Option<Seq> {
        match &self.kind {
            ItemKind::Message(message_item) => message_item.seq(),
            ItemKind::MembershipChanged(changes) => Some(changes.last),
            ItemKind::Described(described) => Some(described.seq),
        }
    }
}

impl MessageItem {
    /// Returns the message, if it is stored.
    pub(crate) const fn message(&self) -> Option<&Arc<Message>> {
        match &self.row.state {
            RowState::Saved(message) => Some(message),
            _ => None,
        }
    }

    /// Returns the text; `None` for a deleted message.
    pub(crate) fn text(&self) -> Option<&MessageText> {
        match &self.row.state {
            RowState::Saved(message) => message.text.as_ref(),
            RowState::Sent { entry, .. } | RowState::Pending(entry) | RowState::Failed(entry, _) => {
                Some(&entry.text)
            }
            RowState::Notice(_) => None,
        }
    }

    /// Returns the attachments.
    pub(crate) fn files(&self) -> Cow<'_, [Attachment]> {
        match &self.row.state {
            RowState::Saved(message) => Cow::Borrowed(&message.files),
            RowState::Sent { entry, .. } => {
                entry.files.iter().filter_map(LocalFile::attachment).cloned().collect()
            }
            RowState::Pending(_) | RowState::Failed(..) | RowState::Notice(_) => Cow::default(),
        }
    }

    /// Returns the files of a message that is not sent.
    pub(crate) fn local_files(&self) -> &[LocalFile] {
        match &self.row.state {
            RowState::Pending(entry) | RowState::Failed(entry, _) => &entry.files,
            RowState::Saved(_) | RowState::Sent { .. } | RowState::Notice(_) => &[],
        }
    }

    /// Returns the quote, if the message is a reply.
    pub(crate) fn reply_to(&self) -> Option<&Quote> {
        match &self.row.state {
            RowState::Saved(message) => message.reply_to.as_ref(),
            RowState::Sent { entry, .. } | RowState::Pending(entry) | RowState::Failed(entry, _) => {
                entry.reply_to.as_ref()
            }
            RowState::Notice(_) => None,
        }
    }

    /// Returns the reactions.
    pub(crate) fn reactions(&self) -> &[Reaction] {
        self.message().map(|message| message.reactions.as_slice()).unwrap_or_default()
    }

    /// Whether the text consists of emoji only, which are shown without a bubble.
    pub(crate) fn is_bare(&self) -> bool {
        let is_emoji = self.text().is_some_and(|text| emoji_count(text.as_str()).is_some());
        is_emoji && self.reply_to().is_none() && self.files().is_empty() && self.state() == "sent"
    }

    /// Whether the message is the user's own and long, so that it is shown on a light background.
    pub(crate) fn is_long(&self) -> bool {
        // Compares bytes first, because a text has at least as many bytes as characters.
        let is_long = |text: &MessageText| {
            text.as_str().len() > LONG_TEXT_CHARS && text.as_str().chars().nth(LONG_TEXT_CHARS).is_some()
        };
        self.own && self.text().is_some_and(is_long)
    }

    /// Returns the position of the message in the room; `None` if the message is not stored.
    pub(crate) fn seq(&self) -> Option<Seq> {
        match &self.row.state {
            RowState::Saved(message) => Some(message.seq),
            RowState::Sent { seq, .. } => Some(*seq),
            RowState::Pending(_) | RowState::Failed(..) | RowState::Notice(_) => None,
        }
    }

    /// Returns the sending state as a word for styles and tests.
    pub(crate) const fn state(&self) -> &'static str {
        match self.row.state {
            RowState::Saved(_) | RowState::Sent { .. } | RowState::Notice(_) => "sent",
            RowState::Pending(_) => "pending",
            RowState::Failed(..) => "failed",
        }
    }

    /// Returns the refusal, if the message was refused for good.
    pub(crate) const fn failure(&self) -> Option<&Refusal> {
        match &self.row.state {
            RowState::Failed(_, refusal) => Some(refusal),
            _ => None,
        }
    }
}
