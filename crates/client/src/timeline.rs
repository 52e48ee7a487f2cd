//! The rows of a room.

mod paging;
#[cfg(test)]
mod tests;
mod window;

use std::sync::Arc;

use hubbub_protocol::{ClientId, Event, Message, MessageId, Page, Seq, StartOver, Timestamp, User, UserId};

pub(crate) use self::paging::PageRequest;
use self::paging::Paging;
use self::paging::WantedPage;
use self::window::{StoredItem, Window};
use crate::change::Change;
use crate::sorted_vec_map::SortedVecMap;
use crate::{Entry, Row, RowKey, RowState};

/// Maximum saved rows of an open room.
pub const MAX_HELD: usize = 400;
/// Saved rows that are kept at least while the view follows the end. The browser traverses all rows for each
/// new one.
const HELD_AT_END: usize = 100;
/// Number of rows that are evicted together. Evicting one row for each new one would change both ends of the
/// view each time, and evicting all at once would be noticeable.
const EVICTED_TOGETHER: usize = 20;
/// Maximum saved rows of a room that is not open.
const HELD_WHEN_CLOSED: usize = 60;
/// Number of rows in a local copy.
const COPIED: usize = 50;

/// A contiguous run of saved rows, followed by the user's own messages that are not saved yet. If the run
/// does not reach the end of the room, there are newer rows, and unsaved messages are not shown.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    me: Option<UserId>,
    window: Window,
    paging: Paging,
    sent: Vec<SentMessage>,
    unsent: Vec<Arc<Entry>>,
    cursor: Option<Seq>,
    /// Position of the newest known row, loaded or not.
    newest: Seq,
    /// Messages as they are shown while the user's changes are pending.
    changing: SortedVecMap<MessageId, Arc<Message>>,
    closed: bool,
    /// The view is above the end, so loaded rows are not evicted for new ones.
    keeps_place: bool,
}

/// The user's own message that is stored and whose event has not arrived.
#[derive(Clone, Debug)]
struct SentMessage {
    entry: Arc<Entry>,
    seq: Seq,
    at: Timestamp,
}

/// The result of applying an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ApplyOutcome {
    /// The event was the next one.
    New,
    /// The event was already known.
    Double,
    /// Earlier events are missing. The event was not applied, and the room must be joined again.
    Gap,
}

impl Timeline {
    /// Returns the rows, oldest first: saved ones, sent ones, then waiting and failed ones.
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

    /// Returns the saved messages, oldest first, without pending changes.
    pub fn saved(&self) -> impl DoubleEndedIterator<Item = &Arc<Message>> {
        self.window.messages()
    }

    /// Returns a loaded message as it is shown.
    #[must_use]
    pub fn message(&self, id: MessageId) -> Option<&Arc<Message>> {
        self.changing.get(&id).or_else(|| self.saved().find(|message| message.id == id))
    }

    /// Returns whether the row at this position is loaded.
    #[must_use]
    pub fn holds(&self, seq: Seq) -> bool {
        self.window.lines().any(|line| line.seq() == seq)
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        let mine = if self.has_newer() { 0 } else { self.sent.len() + self.unsent.len() };
        self.window.len() + mine
    }

    /// Returns whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the position of the last received event; `None` before the first join.
    #[must_use]
    pub const fn cursor(&self) -> Option<Seq> {
        self.cursor
    }

    /// Returns whether no rows are known yet.
    #[must_use]
    pub const fn loading(&self) -> bool {
        !self.window.is_loaded()
    }

    /// Returns whether there are rows before the first loaded one.
    #[must_use]
    pub const fn has_older(&self) -> bool {
        self.window.older
    }

    /// Returns whether an older page is being loaded.
    #[must_use]
    pub fn loading_older(&self) -> bool {
        self.paging.want == Some(WantedPage::Older)
    }

    /// Returns whether there are rows after the last loaded one.
    #[must_use]
    pub const fn has_newer(&self) -> bool {
        self.window.newer
    }

    /// Returns whether a newer page or the newest page is being loaded.
    #[must_use]
    pub fn loading_newer(&self) -> bool {
        matches!(self.paging.want, Some(WantedPage::Newer | WantedPage::Newest))
    }

    /// Returns the position around which rows are being loaded.
    #[must_use]
    pub const fn loading_around(&self) -> Option<Seq> {
        match self.paging.want {
            Some(WantedPage::Around(seq)) => Some(seq),
            _ => None,
        }
    }

    /// Returns the newest rows and the cursor for a local copy; `None` if they are not loaded.
    pub(crate) fn copy(&self, room: &hubbub_protocol::RoomName) -> Option<(Page, Seq)> {
        let cursor = self.cursor.filter(|_| self.window.is_loaded() && !self.has_newer())?;
        let left = self.window.len().saturating_sub(COPIED);
        let events = self.window.lines().skip(left).map(StoredItem::event).collect();
        let older = self.has_older() || left > 0;
        Some((Page { room: room.clone(), events, older, newer: false }, cursor))
    }

    /// Returns whether a loaded message of the user has this client id.
    pub(crate) fn holds_mine(&self, client_id: ClientId) -> bool {
        self.window.holds_named(self.me, client_id)
            || self.sent.iter().any(|sent| sent.entry.client_id == client_id)
    }

    pub(crate) const fn me(&self) -> Option<UserId> {
        self.me
    }

    pub(crate) fn set_me(&mut self, me: Option<UserId>) {
        self.me = me;
        self.evict_applied_sent();
    }

    /// Shows an entry of the outbox, at its place in the order of sending.
    pub(crate) fn show(&mut self, entry: Arc<Entry>) {
        self.unsent.retain(|other| other.client_id != entry.client_id);
        let index = self.unsent.partition_point(|other| other.order <= entry.order);
        self.unsent.insert(index, entry);
    }

    /// Hides an entry of the outbox.
    pub(crate) fn hide(&mut self, client_id: ClientId) {
        self.unsent.retain(|entry| entry.client_id != client_id);
    }

    /// Marks an entry as stored at `seq`. Its row stays until the message arrives. If the cursor is past that
    /// position, the message is saved already or in unloaded history.
    pub(crate) fn confirm(&mut self, entry: Arc<Entry>, seq: Seq, at: Timestamp) {
        self.hide(entry.client_id);
        let known = self.cursor.is_some_and(|cursor| seq <= cursor);
        if !known && !self.sent.iter().any(|sent| sent.entry.client_id == entry.client_id) {
            let index = self.sent.partition_point(|sent| sent.seq <= seq);
            self.sent.insert(index, SentMessage { entry, seq, at });
            self.evict_applied_sent();
        }
    }

    /// Applies the next event. Never skips a gap, because the missing events would be lost.
    pub(crate) fn apply(&mut self, event: Event) -> ApplyOutcome {
        let cursor = match self.cursor {
            Some(cursor) => cursor,
            None => Seq(0),
        };
        let seq = event.seq();
        if seq <= cursor {
            return ApplyOutcome::Double;
        }
        if seq != cursor.next() {
            return ApplyOutcome::Gap;
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
            self.window.apply_change(&event);
            self.paging.remember(event);
        }
        self.move_cursor(seq);
        ApplyOutcome::New
    }

    /// Replaces the saved rows by a fresh page after too many missed events; unsent messages stay. If the
    /// view is above the end, its rows are kept and requested again, and the end of the room counts as not
    /// loaded.
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
        // The page may be newer than the cursor. Repeated events are then ignored.
        self.move_cursor(start.cursor.max(Seq(0)));
    }

    /// Starts an empty room without missed events.
    pub(crate) fn begin_empty(&mut self) {
        if self.cursor.is_none() {
            self.cursor = Some(Seq(0));
            self.window.begin_empty();
        }
    }

    /// Starts receiving events after `head`, without earlier rows.
    pub(crate) fn begin_at(&mut self, head: Seq) {
        if self.cursor.is_none() {
            self.move_cursor(head);
        }
    }

    /// Shows messages with the pending changes of `me` applied. Returns whether messages may have changed.
    pub(crate) fn show_changes<'a>(
        &mut self,
        changes: impl Iterator<Item = &'a Change>,
        me: Option<&User>,
    ) -> bool {
        let mut changing = SortedVecMap::default();
        if let Some(me) = me {
            for change in changes {
                let Some(id) = change.target() else { continue };
                let held = || self.saved().find(|message| message.id == id).cloned();
                if let Some(mut message) = changing.remove(&id).or_else(held) {
                    change.apply(Arc::make_mut(&mut message), me);
                    changing.insert(id, message);
                }
            }
        }
        let changed = !self.changing.is_empty() || !changing.is_empty();
        self.changing = changing;
        changed
    }

    /// Returns the position up to which everything is seen if `seq` is seen. At the end, this includes all
    /// received events.
    pub(crate) fn seen_up_to(&self, seq: Seq) -> Option<Seq> {
        let (cursor, last) = (self.cursor?, self.window.last_seq()?);
        let end = cursor.max(last);
        Some(if !self.has_newer() && seq >= last { end } else { seq.min(end) })
    }

    /// Closes the view. Keeps only a few rows, and only if they are at the end.
    pub(crate) fn close(&mut self) {
        self.closed = true;
        self.keeps_place = false;
        self.stop_loading(false);
        if self.has_newer() {
            self.window.unload();
        }
        self.window.trim_front(HELD_WHEN_CLOSED);
    }

    /// Opens the view.
    pub(crate) const fn open(&mut self) {
        self.closed = false;
    }

    /// Sets whether the view is above the end.
    pub(crate) const fn keep_place(&mut self, above: bool) {
        self.keeps_place = above;
    }

    const fn bound(&self) -> usize {
        if self.closed { HELD_WHEN_CLOSED } else { MAX_HELD }
    }

    /// Returns the maximum rows before one more arrives. While the view follows the end, older rows are
    /// evicted gradually.
    fn live_bound(&self) -> usize {
        if self.closed || self.keeps_place {
            return self.bound();
        }
        let len = self.window.len() + 1;
        if len < HELD_AT_END + EVICTED_TOGETHER { len } else { (len - EVICTED_TOGETHER).min(self.bound()) }
    }

    fn move_cursor(&mut self, cursor: Seq) {
        self.cursor = Some(cursor);
        self.sent.retain(|sent| sent.seq > cursor);
        self.evict_applied_sent();
    }

    /// Removes the row of a sent message when the message has arrived, at any position, because a key must
    /// not occur twice.
    fn evict_applied_sent(&mut self) {
        let Self { sent, window, me, .. } = self;
        sent.retain(|sent| !window.holds_named(*me, sent.entry.client_id));
    }

    fn row_of(&self, line: &StoredItem) -> Row {
        let message = match line {
            StoredItem::Message(message) => message,
            StoredItem::Notice(event) => {
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
