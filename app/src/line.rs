//! What one line of the timeline shows: a message in whatever state it is, or what else has happened, and its
//! place among its neighbours.

mod arrange;
mod moves;
mod readers;
#[cfg(test)]
pub(crate) mod testing;

use std::sync::Arc;

use hubbub_client::{Row, RowKey, RowState};
use hubbub_markup::emoji_count;
use hubbub_protocol::{Described, Message, MessageText, Quote, Reaction, Refusal, Seq, Timestamp, User};

pub(crate) use arrange::{Scene, arrange};
pub(crate) use moves::Moves;
pub(crate) use readers::place_readers;

use crate::i18n::{LocalDate, LocalTime};

/// Where and when the reader is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Here {
    /// What the clock showed here at that moment.
    pub(crate) clock: fn(Timestamp) -> LocalTime,
    /// The day it is, where that is known.
    pub(crate) today: Option<LocalDate>,
}

impl Here {
    /// For a reader of whom nothing is known: the first render, on both sides.
    pub(crate) const NOWHERE: Self = Self { clock: LocalTime::utc, today: None };
}

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Tells it from every other line.
    pub(crate) key: RowKey,
    /// What it shows.
    pub(crate) what: What,
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
pub(crate) enum What {
    /// A message.
    Message(Said),
    /// People who came or went, one after the other.
    Moved(Moves),
    /// What the room is about from then on.
    Described(Described),
}

/// A message, and how it stands in its group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
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

impl Line {
    /// The message, if it is one.
    pub(crate) const fn said(&self) -> Option<&Said> {
        match &self.what {
            What::Message(said) => Some(said),
            What::Moved(_) | What::Described(_) => None,
        }
    }

    /// The stored message, if it is one.
    pub(crate) fn message(&self) -> Option<&Arc<Message>> {
        self.said().and_then(Said::message)
    }

    /// Its position in the room, once it has one; the last, if it has several.
    pub(crate) fn seq(&self) -> Option<Seq> {
        match &self.what {
            What::Message(said) => said.seq(),
            What::Moved(moves) => Some(moves.last),
            What::Described(described) => Some(described.seq),
        }
    }
}

impl Said {
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
