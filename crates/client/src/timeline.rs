//! The messages of a room.

use std::collections::VecDeque;
use std::sync::Arc;

use hubbub_protocol::{ClientId, Event, Message, Page, Seq, StartOver, Timestamp, UserId};

use crate::{Entry, Row, RowKey, RowState};

/// Saved messages that are kept when the view is at the end.
pub const HELD_AT_END: usize = 300;
/// Saved messages that are held at most, however far back somebody reads.
pub const MAX_HELD: usize = 5_000;

/// A run of saved messages without gaps, then my own that are not in it yet.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    me: Option<UserId>,
    saved: VecDeque<Arc<Message>>,
    sent: Vec<Sent>,
    unsent: Vec<Arc<Entry>>,
    cursor: Option<Seq>,
    older: bool,
    loading_older: bool,
}

/// Mine and stored, while its event is on its way.
#[derive(Clone, Debug)]
struct Sent {
    entry: Arc<Entry>,
    seq: Seq,
    at: Timestamp,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Applied {
    /// It was the next one.
    New,
    /// It was known.
    Double,
    /// Something before it is missing; it was not applied, and the room must be joined again.
    Gap,
}

impl Timeline {
    /// The rows from the oldest to the newest: saved, sent, then those that wait or have failed.
    pub fn rows(&self) -> impl Iterator<Item = Row> {
        let saved = self
            .saved
            .iter()
            .map(|message| Row { key: self.key_of(message), state: RowState::Saved(message.clone()) });
        let sent = self.sent.iter().map(|sent| Row {
            key: RowKey::Mine(sent.entry.client_id),
            state: RowState::Sent { entry: sent.entry.clone(), seq: sent.seq, at: sent.at },
        });
        let unsent = self.unsent.iter().map(|entry| Row {
            key: RowKey::Mine(entry.client_id),
            state: match &entry.failed {
                None => RowState::Pending(entry.clone()),
                Some(refusal) => RowState::Failed(entry.clone(), refusal.clone()),
            },
        });
        saved.chain(sent).chain(unsent)
    }

    /// The saved messages, the oldest first.
    pub fn saved(&self) -> impl DoubleEndedIterator<Item = &Arc<Message>> + ExactSizeIterator {
        self.saved.iter()
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.saved.len() + self.sent.len() + self.unsent.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The last position seen; none before the room was first loaded.
    #[must_use]
    pub const fn cursor(&self) -> Option<Seq> {
        self.cursor
    }

    /// Whether the room has messages before the first one here.
    #[must_use]
    pub const fn has_older(&self) -> bool {
        self.older
    }

    /// Whether an older page is on its way.
    #[must_use]
    pub const fn loading_older(&self) -> bool {
        self.loading_older
    }

    /// Whether a stored message here is mine and bears this name.
    pub(crate) fn holds_mine(&self, client_id: ClientId) -> bool {
        let mine = |message: &Message| Some(message.author.id) == self.me;
        self.saved.iter().any(|message| message.client_id == client_id && mine(message))
            || self.sent.iter().any(|sent| sent.entry.client_id == client_id)
    }

    pub(crate) fn first_seq(&self) -> Option<Seq> {
        self.saved.front().map(|message| message.seq)
    }

    pub(crate) fn set_me(&mut self, me: Option<UserId>) {
        self.me = me;
        self.let_go_of_sent();
    }

    /// Shows an entry of the outbox, in its place or where it already is.
    pub(crate) fn show(&mut self, entry: Arc<Entry>) {
        self.unsent.retain(|other| other.client_id != entry.client_id);
        let index = self.unsent.partition_point(|other| other.order <= entry.order);
        self.unsent.insert(index, entry);
    }

    /// Shows an entry no longer.
    pub(crate) fn hide(&mut self, client_id: ClientId) {
        self.unsent.retain(|entry| entry.client_id != client_id);
    }

    /// The entry is stored at `seq`. Its row stays until the message itself has come. If the cursor is past
    /// that position, the message is among the saved, or in history that is not held.
    pub(crate) fn confirm(&mut self, entry: Arc<Entry>, seq: Seq, at: Timestamp) {
        self.hide(entry.client_id);
        let known = self.cursor.is_some_and(|cursor| seq <= cursor);
        if !known && !self.sent.iter().any(|sent| sent.entry.client_id == entry.client_id) {
            let index = self.sent.partition_point(|sent| sent.seq <= seq);
            self.sent.insert(index, Sent { entry, seq, at });
            self.let_go_of_sent();
        }
    }

    /// Takes the next event; never over a gap, because what is missing would be missing for ever.
    pub(crate) fn apply(&mut self, event: Event) -> Applied {
        let cursor = match self.cursor {
            Some(cursor) => cursor,
            None if self.saved.is_empty() => Seq(0),
            // The positions here belong to another database.
            None => return Applied::Gap,
        };
        let seq = event.seq();
        if seq <= cursor {
            return Applied::Double;
        }
        if seq != cursor.next() {
            return Applied::Gap;
        }
        let Event::Posted(message) = event;
        if !self.holds(&message) {
            self.saved.push_back(Arc::new(message));
        }
        while self.saved.len() > MAX_HELD {
            self.saved.pop_front();
            self.older = true;
        }
        self.move_cursor(seq);
        Applied::New
    }

    /// Puts an older page before what is held, as far as it joins without a gap.
    pub(crate) fn prepend(&mut self, page: Page) {
        self.loading_older = false;
        let Some(first) = self.first_seq() else { return };
        let mut messages = page.messages;
        messages.retain(|message| message.seq < first);
        let held = self.saved.len();
        let rest = self.push_front_all(messages);
        // A page that brings nothing would be asked for again and again.
        let brought = self.saved.len() > held || self.saved.len() >= MAX_HELD;
        self.older = (page.older || rest) && brought;
        self.let_go_of_sent();
    }

    /// Forgets the saved messages and begins with this page. The unsent stay.
    pub(crate) fn start_over(&mut self, start: StartOver) {
        self.saved.clear();
        self.loading_older = false;
        let newest = start.page.messages.last().map_or(Seq(0), |message| message.seq);
        let rest = self.push_front_all(start.page.messages);
        self.older = (start.page.older || rest) && !self.saved.is_empty();
        self.move_cursor(start.cursor.max(newest));
    }

    /// Nothing was missed, and nothing was ever said.
    pub(crate) fn begin_empty(&mut self) {
        if self.cursor.is_none() && self.saved.is_empty() {
            self.cursor = Some(Seq(0));
        }
    }

    /// The database is another one. What is held stays to be seen until the new page comes.
    pub(crate) fn forget_cursor(&mut self) {
        self.cursor = None;
        self.sent.clear();
        self.older = false;
        self.loading_older = false;
    }

    /// Asks for an older page. Whether that makes sense.
    pub(crate) fn want_older(&mut self) -> bool {
        let wanted = self.older && !self.loading_older && self.saved.len() < MAX_HELD;
        self.loading_older |= wanted;
        wanted
    }

    /// No older page comes; `for_good` if asking again is in vain.
    pub(crate) const fn stop_loading(&mut self, for_good: bool) {
        self.loading_older = false;
        if for_good {
            self.older = false;
        }
    }

    /// Lets go of all but the newest. Whether something changed.
    pub(crate) fn trim(&mut self) -> bool {
        let surplus = self.saved.len().saturating_sub(HELD_AT_END);
        self.saved.drain(..surplus);
        self.older |= surplus > 0;
        surplus > 0
    }

    fn move_cursor(&mut self, cursor: Seq) {
        self.cursor = Some(cursor);
        self.sent.retain(|sent| sent.seq > cursor);
        self.let_go_of_sent();
    }

    /// A message that has come replaces its row, whatever position was promised: a key must not occur twice.
    fn let_go_of_sent(&mut self) {
        let Self { sent, saved, me, .. } = self;
        sent.retain(|sent| {
            let id = sent.entry.client_id;
            !saved.iter().any(|message| message.client_id == id && Some(message.author.id) == *me)
        });
    }

    /// Puts messages before the first, the last of them first, up to a gap, a double or the bound. Whether
    /// some were left.
    fn push_front_all(&mut self, messages: Vec<Message>) -> bool {
        for message in messages.into_iter().rev() {
            // Not only the next position: the highest one is its own successor.
            let joins =
                self.first_seq().is_none_or(|first| message.seq < first && message.seq.next() == first);
            if !joins || self.saved.len() >= MAX_HELD || self.holds(&message) {
                return true;
            }
            self.saved.push_front(Arc::new(message));
        }
        false
    }

    /// Whether this very message is held. Positions alone do not tell, if a server errs, and a view in which
    /// two rows have one key breaks.
    fn holds(&self, message: &Message) -> bool {
        self.saved.iter().any(|held| {
            held.id == message.id
                || (held.author.id == message.author.id && held.client_id == message.client_id)
        })
    }

    fn key_of(&self, message: &Message) -> RowKey {
        if Some(message.author.id) == self.me {
            RowKey::Mine(message.client_id)
        } else {
            RowKey::Other(message.id)
        }
    }
}

#[cfg(test)]
mod tests;
