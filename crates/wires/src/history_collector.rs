//! Collects history: reads pages until the requested number of messages is reached.

use hubbub_protocol::{
    Command, Event, MAX_BATCH_TEXT_BYTES, MAX_PAGE_MESSAGES, Message, Page, RoomName, Seq,
};

/// Maximum pages read for one request. A page can contain many notices between its messages.
const MAX_PAGES: u32 = 10;

/// The messages collected for a request for history. Bounded in number, bytes and pages; clients can request
/// the rest.
#[derive(Debug)]
pub(crate) struct HistoryCollector {
    room: RoomName,
    wanted: usize,
    pages: u32,
    bytes: usize,
    /// Messages, newest first.
    messages: Vec<Message>,
}

impl HistoryCollector {
    pub(crate) fn new(room: RoomName, wanted: u32) -> Self {
        let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
        Self { room, wanted, pages: 0, bytes: 0, messages: Vec::new() }
    }

    /// Adds a page and returns the command for the next page, if one is needed.
    pub(crate) fn take(&mut self, page: Page) -> Option<Command> {
        self.pages += 1;
        let first = page.events.first().map(Event::seq);
        for event in page.events.into_iter().rev() {
            let Event::Posted(message) = event else { continue };
            // Legacy clients do not receive deleted messages.
            if message.text.is_none() {
                continue;
            }
            if self.is_full() {
                return None;
            }
            self.bytes += message.text_bytes();
            self.messages.push(message);
        }
        let first = first.filter(|_| page.older && self.pages < MAX_PAGES && !self.is_full())?;
        Some(self.page_before(Some(first)))
    }

    /// Returns the command that reads the page before a position, or the newest page.
    pub(crate) fn page_before(&self, before: Option<Seq>) -> Command {
        let room = self.room.as_str().to_owned();
        Command::History { room, before, after: None, around: None, limit: Some(MAX_PAGE_MESSAGES) }
    }

    /// Returns whether no message was requested.
    pub(crate) const fn wants_nothing(&self) -> bool {
        self.wanted == 0
    }

    fn is_full(&self) -> bool {
        self.messages.len() >= self.wanted || self.bytes >= MAX_BATCH_TEXT_BYTES
    }

    /// Returns the messages, oldest first.
    pub(crate) fn into_messages(self) -> (RoomName, Vec<Message>) {
        let mut messages = self.messages;
        messages.reverse();
        (self.room, messages)
    }
}
