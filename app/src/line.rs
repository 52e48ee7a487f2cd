//! What one line of the timeline shows: a row, and its place among its neighbours.

use hubbub_client::{Row, RowState};
use hubbub_protocol::{Message, MessageText, Refusal, Seq, Timestamp, User, UserId};

use crate::i18n::{LocalDate, LocalTime};

/// Messages of one author that come within so many milliseconds of each other stand as one group.
const GROUP_MILLIS: i64 = 5 * 60 * 1_000;

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
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// The message and how far it has come.
    pub(crate) row: Row,
    /// Whose it is; none if it is mine and I have no name yet.
    pub(crate) author: Option<User>,
    /// Whether it is mine.
    pub(crate) own: bool,
    /// Whether it begins a group.
    pub(crate) first: bool,
    /// The day that begins with it.
    pub(crate) day: Option<Day>,
    /// When it was said.
    pub(crate) at: Timestamp,
    /// The same, by the reader's clock.
    pub(crate) time: LocalTime,
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
    /// What it says.
    pub(crate) fn text(&self) -> &MessageText {
        match &self.row.state {
            RowState::Saved(message) => &message.text,
            RowState::Sent { entry, .. } | RowState::Pending(entry) | RowState::Failed(entry, _) => {
                &entry.text
            }
        }
    }

    /// Its position in the room, once it has one.
    pub(crate) fn seq(&self) -> Option<Seq> {
        match &self.row.state {
            RowState::Saved(message) => Some(message.seq),
            RowState::Sent { seq, .. } => Some(*seq),
            RowState::Pending(_) | RowState::Failed(..) => None,
        }
    }

    /// How far it has come, in a word for styles and tests.
    pub(crate) const fn state(&self) -> &'static str {
        match self.row.state {
            RowState::Saved(_) | RowState::Sent { .. } => "sent",
            RowState::Pending(_) => "pending",
            RowState::Failed(..) => "failed",
        }
    }

    /// Why it was refused for good.
    pub(crate) const fn failure(&self) -> Option<&Refusal> {
        match &self.row.state {
            RowState::Failed(_, refusal) => Some(refusal),
            RowState::Saved(_) | RowState::Sent { .. } | RowState::Pending(_) => None,
        }
    }
}

/// Gives each row its place: where groups and days begin.
pub(crate) fn arrange(
    rows: impl Iterator<Item = Row>,
    me: Option<&User>,
    online: bool,
    here: Here,
) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for row in rows {
        let (author, at) = match &row.state {
            RowState::Saved(message) => (Some(message.author.clone()), message.at),
            RowState::Sent { at, .. } => (me.cloned(), *at),
            RowState::Pending(entry) | RowState::Failed(entry, _) => (me.cloned(), entry.at),
        };
        let own = match &row.state {
            RowState::Saved(message) => is_by(message, me.map(|me| me.id)),
            RowState::Sent { .. } | RowState::Pending(_) | RowState::Failed(..) => true,
        };
        let time = (here.clock)(at);
        let before = lines.last();
        let new_day = before.is_none_or(|before| before.time.date() != time.date());
        let first = new_day
            || before.is_none_or(|before| {
                before.own != own
                    || before.author != author
                    || (at.millis() - before.at.millis()).abs() >= GROUP_MILLIS
            });
        let day = new_day.then(|| Day::of(time.date(), here.today));
        // Only what is not sent shows whether there is a connection; the rest need not change with it.
        let online = online || !matches!(row.state, RowState::Pending(_));
        lines.push(Line { row, author, own, first, day, at, time, online });
    }
    lines
}

fn is_by(message: &Message, me: Option<UserId>) -> bool {
    me == Some(message.author.id)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use hubbub_client::{Entry, RowKey};
    use hubbub_protocol::{ClientId, MessageId, RoomName, UserName};

    use super::*;

    fn user(id: i64, name: &str) -> User {
        User { id: UserId(id), name: UserName::parse(name).expect("a name") }
    }

    fn saved(seq: i64, author: &User, at: &str) -> Row {
        let message = Message {
            id: MessageId(seq),
            seq: Seq(seq),
            author: author.clone(),
            client_id: ClientId::from_random_bytes([0; 16]),
            text: MessageText::parse("hi").expect("a text"),
            at: at.parse().expect("a time"),
        };
        Row { key: RowKey::Other(message.id), state: RowState::Saved(Arc::new(message)) }
    }

    fn pending(at: &str) -> Row {
        let entry = Entry {
            client_id: ClientId::from_random_bytes([1; 16]),
            author: None,
            room: RoomName::parse("tea").expect("a name"),
            text: MessageText::parse("wait").expect("a text"),
            at: at.parse().expect("a time"),
            order: 0,
            failed: None,
        };
        Row { key: RowKey::Mine(entry.client_id), state: RowState::Pending(Arc::new(entry)) }
    }

    #[test]
    fn a_group_is_one_author_within_five_minutes() {
        let (ada, ben) = (user(1, "Ada"), user(2, "Ben"));
        let rows = [
            saved(1, &ada, "2026-11-20T10:00:00.000Z"),
            saved(2, &ada, "2026-11-20T10:04:59.999Z"),
            saved(3, &ada, "2026-11-20T10:09:59.999Z"),
            saved(4, &ben, "2026-11-20T10:10:00.000Z"),
            saved(5, &ada, "2026-11-20T10:10:01.000Z"),
        ];
        let lines = arrange(rows.into_iter(), Some(&ben), true, Here::NOWHERE);
        assert_eq!(lines.iter().map(|line| line.first).collect::<Vec<_>>(), [true, false, true, true, true]);
        assert_eq!(lines.iter().map(|line| line.own).collect::<Vec<_>>(), [false, false, false, true, false]);
    }

    #[test]
    fn a_day_begins_where_the_reader_is() {
        let ada = user(1, "Ada");
        let rows = || {
            [
                saved(1, &ada, "2026-11-19T20:59:00.000Z"),
                saved(2, &ada, "2026-11-19T21:01:00.000Z"),
                saved(3, &ada, "2026-11-20T00:01:00.000Z"),
            ]
            .into_iter()
        };
        let days = |here| arrange(rows(), None, true, here).into_iter().map(|line| line.day.is_some());
        assert_eq!(days(Here::NOWHERE).collect::<Vec<_>>(), [true, false, true]);

        let moscow: fn(Timestamp) -> LocalTime = |at| LocalTime::ahead_of_utc(at, 180);
        let today = moscow("2026-11-20T09:00:00.000Z".parse().expect("a time")).date();
        let lines = arrange(rows(), None, true, Here { clock: moscow, today: Some(today) });
        assert_eq!(lines[0].day, Some(Day::Yesterday(today.yesterday())));
        assert_eq!(lines[1].day, Some(Day::Today(today)));
        assert_eq!(lines[2].day, None);
    }

    #[test]
    fn what_waits_is_mine_even_before_i_have_a_name() {
        let rows = || [pending("2026-11-20T10:00:00.000Z")].into_iter();
        let lines = arrange(rows(), None, false, Here::NOWHERE);
        assert!(lines[0].own && !lines[0].online);
        assert_eq!(lines[0].state(), "pending");
        assert!(arrange(rows(), None, true, Here::NOWHERE)[0].online);
    }
}
