//! Reading the past: pages of lines until there are as many messages as were asked for.

use hubbub_protocol::{
    Command, Event, MAX_BATCH_TEXT_BYTES, MAX_PAGE_MESSAGES, Message, Page, RoomName, Seq,
};

/// Pages read for one request at most. Between the messages of a page stand notices, of which there may be many.
const MAX_PAGES: u32 = 10;

/// Messages on their way to whoever asked for the past of a room. Bounded in number, in bytes and in readings:
/// what is left out can be asked for.
#[derive(Debug)]
pub(crate) struct HistoryCollector {
    room: RoomName,
    wanted: usize,
    pages: u32,
    bytes: usize,
    /// The newest first.
    messages: Vec<Message>,
}

impl HistoryCollector {
    pub(crate) fn new(room: RoomName, wanted: u32) -> Self {
        let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
        Self { room, wanted, pages: 0, bytes: 0, messages: Vec::new() }
    }

    /// Takes in a page; the reading that must follow it, if any.
    pub(crate) fn take(&mut self, page: Page) -> Option<Command> {
        self.pages += 1;
        let first = page.events.first().map(Event::seq);
        for event in page.events.into_iter().rev() {
            let Event::Posted(message) = event else { continue };
            // What was taken back is not told.
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

    /// The command that reads the page before a position, or the newest.
    pub(crate) fn page_before(&self, before: Option<Seq>) -> Command {
        let room = self.room.as_str().to_owned();
        Command::History { room, before, after: None, around: None, limit: Some(MAX_PAGE_MESSAGES) }
    }

    fn is_full(&self) -> bool {
        self.messages.len() >= self.wanted || self.bytes >= MAX_BATCH_TEXT_BYTES
    }

    /// The messages, oldest first.
    pub(crate) fn into_messages(self) -> (RoomName, Vec<Message>) {
        let mut messages = self.messages;
        messages.reverse();
        (self.room, messages)
    }
}
