//! A run of saved lines.

use std::collections::VecDeque;
use std::sync::Arc;

use hubbub_protocol::{ClientId, Event, Message, Page, Seq, UserId, excerpt};

/// A line that is stored.
#[derive(Clone, Debug)]
pub(crate) enum Line {
    Message(Arc<Message>),
    Notice(Arc<Event>),
}

/// Lines in order, none missing in between, at most so many as the caller says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Window {
    lines: VecDeque<Line>,
    /// Whether there are lines before the first.
    pub(crate) older: bool,
    /// Whether there are lines after the last.
    pub(crate) newer: bool,
    loaded: bool,
    /// What happened to the lines after this position was not all heard.
    stale_after: Option<Seq>,
}

impl Line {
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
    pub(crate) fn lines(&self) -> impl DoubleEndedIterator<Item = &Line> {
        self.lines.iter()
    }

    pub(crate) fn messages(&self) -> impl DoubleEndedIterator<Item = &Arc<Message>> {
        self.lines.iter().filter_map(|line| match line {
            Line::Message(message) => Some(message),
            Line::Notice(_) => None,
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.lines.len()
    }

    pub(crate) const fn is_loaded(&self) -> bool {
        self.loaded
    }

    /// The position after which lines may not be as they are stored.
    pub(crate) const fn stale_after(&self) -> Option<Seq> {
        self.stale_after
    }

    pub(crate) fn first_seq(&self) -> Option<Seq> {
        self.lines.front().map(Line::seq)
    }

    pub(crate) fn last_seq(&self) -> Option<Seq> {
        self.lines.back().map(Line::seq)
    }

    /// Whether a message of `author` bears this name.
    pub(crate) fn holds_named(&self, author: Option<UserId>, client_id: ClientId) -> bool {
        self.messages().any(|message| message.client_id == client_id && Some(message.author.id) == author)
    }

    /// Puts a live line to the end; what does not fit at the beginning is let go.
    pub(crate) fn push(&mut self, event: Event, bound: usize) {
        self.push_back(event);
        self.trim_front(bound);
    }

    /// Puts an older page before what is held. Whether it brought anything.
    pub(crate) fn prepend(&mut self, page: Page, bound: usize) -> bool {
        let held = self.lines.len();
        let mut rest = false;
        for event in page.events.into_iter().rev() {
            let joins = event.has_line() && self.first_seq().is_none_or(|first| event.seq() < first);
            if !joins || self.lines.len() >= held + bound || self.holds(&event) {
                rest = true;
                break;
            }
            self.lines.push_front(Line::of(event));
        }
        let brought = self.lines.len() > held;
        // A page that brings nothing would be asked for again and again.
        self.older = (page.older || rest) && brought;
        if self.lines.len() > bound {
            self.lines.truncate(bound);
            self.newer = true;
        }
        brought
    }

    /// Puts a newer page behind what is held. Whether it brought anything.
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

    /// Something was missed: what is held may have changed, and there may be lines behind it.
    pub(crate) fn doubt(&mut self) {
        if let Some(first) = self.first_seq() {
            self.stale_after = Some(Seq(first.0.saturating_sub(1)));
            self.newer = true;
        }
    }

    /// Takes this page for what is held from the position on after which lines are in doubt, as far as it goes.
    /// Whether it goes anywhere.
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

    /// Forgets everything and begins with this page.
    pub(crate) fn replace(&mut self, page: Page, bound: usize) {
        self.lines.clear();
        self.newer = false;
        self.stale_after = None;
        self.prepend(page, bound);
        self.loaded = true;
    }

    /// There are no lines yet.
    pub(crate) const fn begin_empty(&mut self) {
        self.loaded = true;
    }

    /// Forgets everything.
    pub(crate) fn unload(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn trim_front(&mut self, bound: usize) {
        let surplus = self.lines.len().saturating_sub(bound);
        self.lines.drain(..surplus);
        self.older |= surplus > 0;
    }

    /// Brings the message that an event is about, and what quotes it, up to date. What is known already
    /// changes nothing.
    pub(crate) fn change(&mut self, event: &Event) {
        let id = match event {
            Event::Edited(edited) => edited.message_id,
            Event::Deleted(deleted) => deleted.message_id,
            Event::Reacted(reacted) => reacted.message_id,
            Event::Posted(_) | Event::Joined(_) | Event::Left(_) | Event::Described(_) => return,
        };
        let seq = event.seq();
        for line in &mut self.lines {
            let Line::Message(message) = line else { continue };
            if message.id == id && message.version() < seq {
                let message = Arc::make_mut(message);
                match event {
                    Event::Edited(edited) => message.edit(edited),
                    Event::Deleted(deleted) => message.delete(deleted),
                    Event::Reacted(reacted) => message.react(reacted),
                    _ => false,
                };
            }
            let text = match event {
                Event::Edited(edited) => edited.text.as_ref().map(excerpt),
                Event::Deleted(_) => None,
                _ => continue,
            };
            // What is gone is not shown again, however late an edit comes.
            let quotes = message.reply_to.as_ref().is_some_and(|it| it.message_id == id && it.text.is_some());
            if quotes && let Some(quote) = &mut Arc::make_mut(message).reply_to {
                quote.text = text;
            }
        }
    }

    fn push_back(&mut self, event: Event) {
        let follows = event.has_line() && self.last_seq().is_none_or(|last| event.seq() > last);
        if follows && !self.holds(&event) {
            self.lines.push_back(Line::of(event));
        }
    }

    /// Whether this very message is held. Positions alone do not tell, if a server errs, and a view in which
    /// two rows have one key breaks.
    fn holds(&self, event: &Event) -> bool {
        let Event::Posted(message) = event else { return false };
        self.messages().any(|held| {
            held.id == message.id
                || (held.author.id == message.author.id && held.client_id == message.client_id)
        })
    }
}
