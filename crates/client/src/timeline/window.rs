//! A contiguous run of saved rows.

use std::collections::VecDeque;
use std::sync::Arc;

use hubbub_protocol::{ClientId, Event, Message, Page, Seq, UserId, excerpt};

/// A stored row.
#[derive(Clone, Debug)]
pub(crate) enum StoredItem {
    Message(Arc<Message>),
    Notice(Arc<Event>),
}

/// Rows in order and without gaps, at most as many as the caller allows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Window {
    lines: VecDeque<StoredItem>,
    /// Whether there are rows before the first.
    pub(crate) older: bool,
    /// Whether there are rows after the last.
    pub(crate) newer: bool,
    loaded: bool,
    /// Rows after this position may be outdated, because events were missed.
    stale_after: Option<Seq>,
}

impl StoredItem {
    fn of(event: Event) -> Self {
        match event {
            Event::Posted(message) => Self::Message(Arc::new(message)),
            event => Self::Notice(Arc::new(event)),
        }
    }

    pub(crate) fn seq(&self) -> Seq {
        match self {
            Self::Message(message) => message.seq,
            Self::Notice(event) => event.seq(),
        }
    }

    pub(crate) fn event(&self) -> Event {
        match self {
            Self::Message(message) => Event::Posted(message.as_ref().clone()),
            Self::Notice(event) => event.as_ref().clone(),
        }
    }
}

impl Window {
    pub(crate) fn lines(&self) -> impl DoubleEndedIterator<Item = &StoredItem> {
        self.lines.iter()
    }

    pub(crate) fn messages(&self) -> impl DoubleEndedIterator<Item = &Arc<Message>> {
        self.lines.iter().filter_map(|line| match line {
            StoredItem::Message(message) => Some(message),
            StoredItem::Notice(_) => None,
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.lines.len()
    }

    pub(crate) const fn is_loaded(&self) -> bool {
        self.loaded
    }

    /// Returns the position after which rows may be outdated.
    pub(crate) const fn stale_after(&self) -> Option<Seq> {
        self.stale_after
    }

    pub(crate) fn first_seq(&self) -> Option<Seq> {
        self.lines.front().map(StoredItem::seq)
    }

    pub(crate) fn last_seq(&self) -> Option<Seq> {
        self.lines.back().map(StoredItem::seq)
    }

    /// Returns whether a message of `author` has this client id.
    pub(crate) fn holds_named(&self, author: Option<UserId>, client_id: ClientId) -> bool {
        self.messages().any(|message| message.client_id == client_id && Some(message.author.id) == author)
    }

    /// Appends a new row and evicts rows at the beginning over the bound.
    pub(crate) fn push(&mut self, event: Event, bound: usize) {
        self.push_back(event);
        self.trim_front(bound);
    }

    /// Adds an older page before the loaded rows. Returns whether it brought any rows.
    pub(crate) fn prepend(&mut self, page: Page, bound: usize) -> bool {
        let held = self.lines.len();
        let mut rest = false;
        for event in page.events.into_iter().rev() {
            let joins = event.has_line() && self.first_seq().is_none_or(|first| event.seq() < first);
            if !joins || self.lines.len() >= held + bound || self.holds(&event) {
                rest = true;
                break;
            }
            self.lines.push_front(StoredItem::of(event));
        }
        let brought = self.lines.len() > held;
        // A page without new rows would otherwise be requested again and again.
        self.older = (page.older || rest) && brought;
        if self.lines.len() > bound {
            self.lines.truncate(bound);
            self.newer = true;
        }
        brought
    }

    /// Adds a newer page after the loaded rows. Returns whether it brought any rows.
    pub(crate) fn append(&mut self, page: Page, bound: usize) -> bool {
        let held = self.lines.len();
        for event in page.events.into_iter().take(bound) {
            self.push_back(event);
        }
        let brought = self.lines.len() > held;
        self.newer = page.newer;
        self.trim_front(bound);
        brought
    }

    /// Marks all rows as possibly outdated after missed events. There may also be newer rows.
    pub(crate) fn doubt(&mut self) {
        if let Some(first) = self.first_seq() {
            self.stale_after = Some(Seq(first.0.saturating_sub(1)));
            self.newer = true;
        }
    }

    /// Replaces outdated rows by this page, as far as it reaches. Returns whether it reaches any.
    pub(crate) fn renew(&mut self, page: Page, bound: usize) -> bool {
        let Some(after) = self.stale_after else { return false };
        let reach = page.events.last().map(Event::seq).filter(|last| *last > after);
        if page.newer && reach.is_none() {
            return false;
        }
        let from = self.lines.partition_point(|line| line.seq() <= after);
        let mut rest = self.lines.split_off(from);
        for event in page.events {
            self.push_back(event);
        }
        if page.newer {
            rest.retain(|line| reach.is_none_or(|reach| line.seq() > reach));
        } else {
            rest.clear();
        }
        self.stale_after = reach.filter(|_| !rest.is_empty());
        self.newer = page.newer;
        self.lines.extend(rest);
        if self.lines.len() > bound {
            self.lines.truncate(bound);
            self.newer = true;
        }
        true
    }

    /// Replaces all rows by this page.
    pub(crate) fn replace(&mut self, page: Page, bound: usize) {
        self.lines.clear();
        self.newer = false;
        self.stale_after = None;
        self.prepend(page, bound);
        self.loaded = true;
    }

    /// Marks a room without rows as loaded.
    pub(crate) const fn begin_empty(&mut self) {
        self.loaded = true;
    }

    /// Removes all rows.
    pub(crate) fn unload(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn trim_front(&mut self, bound: usize) {
        let surplus = self.lines.len().saturating_sub(bound);
        self.lines.drain(..surplus);
        self.older |= surplus > 0;
    }

    /// Applies an event to its message and to quotes of it. Events that are already included change nothing.
    pub(crate) fn apply_change(&mut self, event: &Event) {
        let id = match event {
            Event::Edited(edited) => edited.message_id,
            Event::Deleted(deleted) => deleted.message_id,
            Event::Reacted(reacted) => reacted.message_id,
            Event::Posted(_) | Event::Joined(_) | Event::Left(_) | Event::Described(_) => return,
        };
        let seq = event.seq();
        // Quotes contain the name of the first attachment, which an edit may have removed.
        let mut first_file = None;
        for line in &mut self.lines {
            let StoredItem::Message(message) = line else { continue };
            if message.id == id && message.version() < seq {
                let message = Arc::make_mut(message);
                match event {
                    Event::Edited(edited) => message.edit(edited),
                    Event::Deleted(deleted) => message.delete(deleted),
                    Event::Reacted(reacted) => message.react(reacted),
                    _ => false,
                };
                first_file = Some(message.files.first().map(|file| file.name.clone()));
            }
            let text = match event {
                Event::Edited(edited) => edited.text.as_ref().map(excerpt),
                Event::Deleted(_) => None,
                _ => continue,
            };
            // A deleted quote is not shown again, even after a late edit.
            let quotes = message.reply_to.as_ref().is_some_and(|it| it.message_id == id && it.text.is_some());
            if quotes && let Some(quote) = &mut Arc::make_mut(message).reply_to {
                if text.is_none() {
                    quote.file = None;
                } else if let Some(file) = &first_file {
                    quote.file.clone_from(file);
                }
                quote.text = text;
            }
        }
    }

    fn push_back(&mut self, event: Event) {
        let follows = event.has_line() && self.last_seq().is_none_or(|last| event.seq() > last);
        if follows && !self.holds(&event) {
            self.lines.push_back(StoredItem::of(event));
        }
    }

    /// Returns whether this message is loaded. Positions alone are not enough if the server is faulty, and a
    /// view fails if two rows have the same key.
    fn holds(&self, event: &Event) -> bool {
        let Event::Posted(message) = event else { return false };
        self.messages().any(|held| {
            held.id == message.id
                || (held.author.id == message.author.id && held.client_id == message.client_id)
        })
    }
}
