//! The lines of a room.

mod paging;
#[cfg(test)]
mod tests;
mod window;

use crate::sorted::Sorted;
use std::sync::Arc;

use hubbub_protocol::{ClientId, Event, Message, MessageId, Page, Seq, StartOver, Timestamp, UserId};

use self::paging::Paging;
pub(crate) use self::paging::{Ask, Want};
use self::window::{Line, Window};
use crate::{Entry, Row, RowKey, RowState};

/// Saved lines that are held of a room at most, wherever in it somebody reads.
pub const MAX_HELD: usize = 400;
/// Saved lines that are held at least while one follows the end: a browser walks through all there are for each
/// that comes.
const HELD_AT_END: usize = 100;
/// So many of them go at a time. One for each that comes would be a change at both ends of the view each time,
/// and all that were loaded at once would be felt.
const LET_GO: usize = 20;
/// Saved lines that are held of a room that nobody looks at.
const HELD_WHEN_CLOSED: usize = 60;
/// Lines of a copy.
const COPIED: usize = 50;

/// A run of saved lines without gaps, then my own messages that are not in it yet. The run need not reach to
/// the end of the room; then there are newer lines, and what is not saved is not shown.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    me: Option<UserId>,
    window: Window,
    paging: Paging,
    sent: Vec<Sent>,
    unsent: Vec<Arc<Entry>>,
    cursor: Option<Seq>,
    /// The newest line that was heard of, held or not.
    newest: Seq,
    /// Messages as they are shown while a change of mine to them is on its way.
    changing: Sorted<MessageId, Arc<Message>>,
    closed: bool,
    /// Somebody reads above the end: what is held is not let go of for what comes.
    keeps_place: bool,
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
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = Row> {
        let attached = !self.has_newer();
        let saved = self.window.lines().map(|line| self.row_of(line));
        let sent = self.sent.iter().filter(move |_| attached).map(|sent| Row {
            key: RowKey::Mine(sent.entry.client_id),
            state: RowState::Sent { entry: sent.entry.clone(), seq: sent.seq, at: sent.at },
            changing: false,
        });
        let unsent = self.unsent.iter().filter(move |_| attached).map(|entry| Row {
            key: RowKey::Mine(entry.client_id),
            state: match &entry.failed {
                None => RowState::Pending(entry.clone()),
                Some(refusal) => RowState::Failed(entry.clone(), refusal.clone()),
            },
            changing: false,
        });
        saved.chain(sent).chain(unsent)
    }

    /// The saved messages, the oldest first, without changes that are on their way.
    pub fn saved(&self) -> impl DoubleEndedIterator<Item = &Arc<Message>> {
        self.window.messages()
    }

    /// A message that is held, as it is shown.
    #[must_use]
    pub fn message(&self, id: MessageId) -> Option<&Arc<Message>> {
        self.changing.get(&id).or_else(|| self.saved().find(|message| message.id == id))
    }

    /// Whether the line at this position is held.
    #[must_use]
    pub fn holds(&self, seq: Seq) -> bool {
        self.window.lines().any(|line| line.seq() == seq)
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        let mine = if self.has_newer() { 0 } else { self.sent.len() + self.unsent.len() };
        self.window.len() + mine
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The last position seen; none before the room was first joined.
    #[must_use]
    pub const fn cursor(&self) -> Option<Seq> {
        self.cursor
    }

    /// Whether nothing is known of the room's lines yet.
    #[must_use]
    pub const fn loading(&self) -> bool {
        !self.window.is_loaded()
    }

    /// Whether the room has lines before the first one here.
    #[must_use]
    pub const fn has_older(&self) -> bool {
        self.window.older
    }

    /// Whether an older page is on its way.
    #[must_use]
    pub fn loading_older(&self) -> bool {
        self.paging.want == Some(Want::Older)
    }

    /// Whether the room has lines after the last one here.
    #[must_use]
    pub const fn has_newer(&self) -> bool {
        self.window.newer
    }

    /// Whether a newer page, or the newest one, is on its way.
    #[must_use]
    pub fn loading_newer(&self) -> bool {
        matches!(self.paging.want, Some(Want::Newer | Want::Newest))
    }

    /// The position around which lines are being loaded.
    #[must_use]
    pub const fn loading_around(&self) -> Option<Seq> {
        match self.paging.want {
            Some(Want::Around(seq)) => Some(seq),
            _ => None,
        }
    }

    /// The newest lines and the cursor, for a copy that outlives the tab. None if they are not held.
    pub(crate) fn copy(&self, room: &hubbub_protocol::RoomName) -> Option<(Page, Seq)> {
        let cursor = self.cursor.filter(|_| self.window.is_loaded() && !self.has_newer())?;
        let left = self.window.len().saturating_sub(COPIED);
        let events = self.window.lines().skip(left).map(Line::event).collect();
        let older = self.has_older() || left > 0;
        Some((Page { room: room.clone(), events, older, newer: false }, cursor))
    }

    /// Whether a stored message here is mine and bears this name.
    pub(crate) fn holds_mine(&self, client_id: ClientId) -> bool {
        self.window.holds_named(self.me, client_id)
            || self.sent.iter().any(|sent| sent.entry.client_id == client_id)
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
            None => Seq(0),
        };
        let seq = event.seq();
        if seq <= cursor {
            return Applied::Double;
        }
        if seq != cursor.next() {
            return Applied::Gap;
        }
        self.begin_empty();
        if event.has_line() {
            self.newest = self.newest.max(seq);
            if self.window.is_loaded() && !self.has_newer() {
                if self.keeps_place && self.window.len() >= self.bound() {
                    self.window.newer = true;
                } else {
                    self.window.push(event, self.live_bound());
                }
            }
        } else {
            self.window.change(&event);
            self.paging.remember(event);
        }
        self.move_cursor(seq);
        Applied::New
    }

    /// More was missed than is told. Forgets the saved lines and begins with this page; the unsent stay. Whoever
    /// reads above the end is left where they are: what is held there is asked for again, and the end is elsewhere.
    pub(crate) fn start_over(&mut self, start: StartOver) {
        let stays = self.keeps_place && !self.closed && !self.paging.leads_away() && self.window.len() > 0;
        self.paging.start_over();
        if stays {
            let mut lines = start.page.events.iter().rev().filter(|event| event.has_line());
            self.newest = lines.next().map(Event::seq).unwrap_or_default();
            self.window.doubt();
        } else {
            let newer = start.page.newer;
            self.window.replace(start.page, self.bound());
            self.window.newer = newer;
            self.newest = self.window.last_seq().unwrap_or_default();
        }
        // The page may be newer than the cursor; what comes twice is then known.
        self.move_cursor(start.cursor.max(Seq(0)));
    }

    /// Nothing was missed, and nothing was ever said.
    pub(crate) fn begin_empty(&mut self) {
        if self.cursor.is_none() {
            self.cursor = Some(Seq(0));
            self.window.begin_empty();
        }
    }

    /// Hears from here on what happens, and knows nothing of what is before.
    pub(crate) fn begin_at(&mut self, head: Seq) {
        if self.cursor.is_none() {
            self.move_cursor(head);
        }
    }

    /// Shows messages as they will be when what is on its way has arrived.
    pub(crate) fn set_changing(&mut self, changing: Sorted<MessageId, Arc<Message>>) -> bool {
        let changed = !self.changing.is_empty() || !changing.is_empty();
        self.changing = changing;
        changed
    }

    /// Up to where everything is seen, when `seq` is. At the end that is all that was heard.
    pub(crate) fn seen_up_to(&self, seq: Seq) -> Option<Seq> {
        let (cursor, last) = (self.cursor?, self.window.last_seq()?);
        let end = cursor.max(last);
        Some(if !self.has_newer() && seq >= last { end } else { seq.min(end) })
    }

    /// Nobody looks: only a few lines are kept, and none that are not at the end.
    pub(crate) fn close(&mut self) {
        self.closed = true;
        self.keeps_place = false;
        self.stop_loading(false);
        if self.has_newer() {
            self.window.unload();
        }
        self.window.trim_front(HELD_WHEN_CLOSED);
    }

    /// Somebody looks.
    pub(crate) const fn open(&mut self) {
        self.closed = false;
    }

    /// Whether somebody reads above the end.
    pub(crate) const fn keep_place(&mut self, above: bool) {
        self.keeps_place = above;
    }

    const fn bound(&self) -> usize {
        if self.closed { HELD_WHEN_CLOSED } else { MAX_HELD }
    }

    /// For a view that follows the end, when one more has come. What one has read up there goes little by little.
    fn live_bound(&self) -> usize {
        if self.closed || self.keeps_place {
            return self.bound();
        }
        let len = self.window.len() + 1;
        if len < HELD_AT_END + LET_GO { len } else { (len - LET_GO).min(self.bound()) }
    }

    fn move_cursor(&mut self, cursor: Seq) {
        self.cursor = Some(cursor);
        self.sent.retain(|sent| sent.seq > cursor);
        self.let_go_of_sent();
    }

    /// A message that has come replaces its row, whatever position was promised: a key must not occur twice.
    fn let_go_of_sent(&mut self) {
        let Self { sent, window, me, .. } = self;
        sent.retain(|sent| !window.holds_named(*me, sent.entry.client_id));
    }

    fn row_of(&self, line: &Line) -> Row {
        let message = match line {
            Line::Message(message) => message,
            Line::Notice(event) => {
                let state = RowState::Notice(event.clone());
                return Row { key: RowKey::Notice(event.seq()), state, changing: false };
            }
        };
        let key = if Some(message.author.id) == self.me {
            RowKey::Mine(message.client_id)
        } else {
            RowKey::Other(message.id)
        };
        let shown = self.changing.get(&message.id);
        Row { key, state: RowState::Saved(shown.unwrap_or(message).clone()), changing: shown.is_some() }
    }
}
