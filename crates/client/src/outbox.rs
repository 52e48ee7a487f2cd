//! The outbox: messages that are not stored yet.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::Arc;

use hubbub_protocol::{ClientId, Code, Refusal, RoomName, UserId};

use crate::{Entry, LocalFile, Millis, UploadState};

/// Maximum entries of the outbox.
pub const MAX_ENTRIES: usize = 1_000;
/// Maximum bytes of text in the outbox; the last entry may exceed it.
pub const MAX_OUTBOX_BYTES: usize = 8 * 1024 * 1024;
/// Longest time, in milliseconds, that a message waits for the files of an earlier one while the room is joined. Later it
/// is sent first, so that a large file does not stop a conversation.
pub const MAX_UPLOAD_WAIT_MILLIS: u64 = 5_000;

/// All messages of the user that the server has not confirmed, in the order of writing.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    items: Vec<Item>,
    next_order: u64,
    /// Ids of the last removed entries, because another tab may write them to storage again.
    gone: VecDeque<ClientId>,
}

#[derive(Clone, Debug)]
struct Item {
    entry: Arc<Entry>,
    in_flight: bool,
    hold: Hold,
    /// Whether all files were uploaded again, because the server had lost them.
    is_uploaded_again: bool,
}

/// How long an entry whose files are not uploaded holds back the later entries of its room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Hold {
    /// The uploads cannot run yet, so the entry holds the others back without an end.
    #[default]
    Unlimited,
    /// The entry holds the others back until this time.
    Until(Millis),
    /// The others are sent first.
    Over,
}

impl Item {
    fn is_pending(&self) -> bool {
        self.entry.failed.is_none()
    }
}

impl Outbox {
    /// Returns the entries in the order of sending.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.items.iter().map(|item| item.entry.as_ref())
    }

    /// Returns the number of entries, including failed ones.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Returns whether the outbox is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Returns whether the outbox accepts no further entry.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.items.len() >= MAX_ENTRIES || self.bytes() >= MAX_OUTBOX_BYTES
    }

    fn bytes(&self) -> usize {
        self.items.iter().map(|item| item.entry.text.as_str().len()).sum()
    }

    /// Returns the number of entries that wait or are in flight.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.items.iter().filter(|item| item.is_pending()).count()
    }

    /// Returns the entry with this id.
    #[must_use]
    pub fn get(&self, client_id: ClientId) -> Option<&Entry> {
        self.item(client_id).map(|item| item.entry.as_ref())
    }

    pub(crate) fn shared(&self, client_id: ClientId) -> Option<Arc<Entry>> {
        self.item(client_id).map(|item| item.entry.clone())
    }

    /// Returns whether the entry can be cancelled: it has failed or is not in flight. If it was in flight
    /// when the connection broke, it may have arrived and then appears as a saved message.
    #[must_use]
    pub fn can_cancel(&self, client_id: ClientId) -> bool {
        self.item(client_id).is_some_and(|item| !item.in_flight)
    }

    pub(crate) fn of_room(&self, room: &RoomName) -> impl Iterator<Item = &Arc<Entry>> {
        self.items.iter().map(|item| &item.entry).filter(move |entry| entry.room == *room)
    }

    pub(crate) fn has_pending(&self, room: &RoomName) -> bool {
        self.items.iter().any(|item| item.is_pending() && item.entry.room == *room)
    }

    pub(crate) fn has_in_flight(&self, room: &RoomName) -> bool {
        self.items.iter().any(|item| item.in_flight && item.entry.room == *room)
    }

    /// Returns the first waiting entry of the room that can be sent: its files are uploaded, and no earlier entry holds it
    /// back.
    pub(crate) fn first_ready(&self, room: &RoomName) -> Option<&Arc<Entry>> {
        self.items
            .iter()
            .filter(|item| item.is_pending() && !item.in_flight && item.entry.room == *room)
            .find(|item| item.entry.is_complete() || item.hold != Hold::Over)
            .map(|item| &item.entry)
            .filter(|entry| entry.is_complete())
    }

    /// Limits the time for which entries with unfinished uploads hold back later ones of a joined room.
    pub(crate) fn limit_holds(&mut self, room: &RoomName, now: Millis) {
        for item in self.items.iter_mut().filter(|item| item.entry.room == *room) {
            if item.hold == Hold::Unlimited && item.is_pending() && !item.entry.is_complete() {
                item.hold = Hold::Until(now.plus(MAX_UPLOAD_WAIT_MILLIS));
            }
        }
    }

    /// Ends the holds whose time is over.
    pub(crate) fn wake(&mut self, now: Millis) {
        for item in &mut self.items {
            if matches!(item.hold, Hold::Until(until) if until <= now) {
                item.hold = Hold::Over;
            }
        }
    }

    /// Returns the time at which the next hold ends.
    pub(crate) fn deadline(&self) -> Option<Millis> {
        let until = |item: &Item| if let Hold::Until(until) = item.hold { Some(until) } else { None };
        self.items.iter().filter_map(until).min()
    }

    /// Returns the entries that have not failed, in the order of sending.
    pub(crate) fn pending_entries(&self) -> impl Iterator<Item = &Entry> {
        self.items.iter().filter(|item| item.is_pending()).map(|item| item.entry.as_ref())
    }

    /// Returns the number of uploads that run.
    pub(crate) fn running_uploads(&self) -> usize {
        self.entries().flat_map(|entry| &entry.files).filter(|file| file.sent.is_some()).count()
    }

    /// Returns the file of this upload.
    pub(crate) fn file(&self, upload_id: ClientId) -> Option<&LocalFile> {
        self.entries().flat_map(|entry| &entry.files).find(|file| file.upload_id == upload_id)
    }

    /// Changes the file of this upload. Returns the id of its entry.
    pub(crate) fn update_file(
        &mut self,
        upload_id: ClientId,
        change: impl FnOnce(&mut LocalFile),
    ) -> Option<ClientId> {
        let (item, index) = self.locate_file(upload_id)?;
        let entry = Arc::make_mut(&mut item.entry);
        change(&mut entry.files[index]);
        Some(entry.client_id)
    }

    /// Removes the file of this upload from its entry, unless the entry is in flight. Returns the entry and the file.
    pub(crate) fn remove_file(&mut self, upload_id: ClientId) -> Option<(Arc<Entry>, LocalFile)> {
        let (item, index) = self.locate_file(upload_id).filter(|(item, _)| !item.in_flight)?;
        let file = Arc::make_mut(&mut item.entry).files.remove(index);
        Some((item.entry.clone(), file))
    }

    fn locate_file(&mut self, upload_id: ClientId) -> Option<(&mut Item, usize)> {
        self.items.iter_mut().find_map(|item| {
            let index = item.entry.files.iter().position(|file| file.upload_id == upload_id)?;
            Some((item, index))
        })
    }

    /// Appends a new entry. The caller has checked that the outbox is not full.
    pub(crate) fn add(&mut self, mut entry: Entry) -> Arc<Entry> {
        // The clock orders entries of several tabs.
        entry.order = self.next_order.max(u64::try_from(entry.at.millis()).unwrap_or_default());
        let entry = Arc::new(entry);
        self.insert(entry.clone());
        entry
    }

    /// Restores an entry from an earlier run or another tab, unless it is known. Entries that do not fit stay
    /// in storage until the next run.
    pub(crate) fn restore(&mut self, entry: Entry) -> Option<Arc<Entry>> {
        let known = self.item(entry.client_id).is_some() || self.gone.contains(&entry.client_id);
        if self.is_full() || known {
            return None;
        }
        let entry = Arc::new(entry);
        self.insert(entry.clone());
        Some(entry)
    }

    pub(crate) fn remove(&mut self, client_id: ClientId) -> Option<Arc<Entry>> {
        let index = self.items.iter().position(|item| item.entry.client_id == client_id)?;
        self.let_go(client_id);
        Some(self.items.remove(index).entry)
    }

    pub(crate) fn set_in_flight(&mut self, client_id: ClientId, in_flight: bool) {
        if let Some(item) = self.item_mut(client_id) {
            item.in_flight = in_flight;
        }
    }

    /// Marks all entries as waiting after the connection is lost, so that they are sent again.
    pub(crate) fn reset_in_flight(&mut self) {
        for item in &mut self.items {
            item.in_flight = false;
            // A message that others have overtaken does not hold them back again.
            if item.hold != Hold::Over {
                item.hold = Hold::Unlimited;
            }
        }
    }

    /// Lets the files of an entry be uploaded again, once. Returns the entry; `None` if that has happened before.
    pub(crate) fn upload_again(&mut self, client_id: ClientId) -> Option<Arc<Entry>> {
        let item = self.item_mut(client_id).filter(|item| !item.is_uploaded_again)?;
        item.is_uploaded_again = true;
        for file in &mut Arc::make_mut(&mut item.entry).files {
            file.sent = None;
            file.state = UploadState::Waiting;
        }
        Some(item.entry.clone())
    }

    /// Marks an entry as refused permanently.
    pub(crate) fn fail(&mut self, client_id: ClientId, refusal: Refusal) -> Option<Arc<Entry>> {
        let item = self.item_mut(client_id)?;
        item.in_flight = false;
        Arc::make_mut(&mut item.entry).failed = Some(refusal);
        Some(item.entry.clone())
    }

    /// Makes a failed entry pending again, as a message of `author`. It gets the id `fresh` if its id is
    /// taken.
    pub(crate) fn retry(
        &mut self,
        client_id: ClientId,
        fresh: Option<ClientId>,
        author: Option<UserId>,
    ) -> Option<Arc<Entry>> {
        let item = self.item_mut(client_id)?;
        let taken = item.entry.failed.as_ref()?.code == Code::ClientIdTaken;
        let named = if taken { fresh? } else { client_id };
        let entry = Arc::make_mut(&mut item.entry);
        entry.client_id = named;
        entry.author = author;
        entry.failed = None;
        let entry = item.entry.clone();
        if taken {
            self.let_go(client_id);
        }
        Some(entry)
    }

    /// Removes the ids of another database: those of the authors, and those of uploaded files, which are uploaded again.
    pub(crate) fn forget_ids(&mut self) {
        for item in &mut self.items {
            let is_uploaded = |file: &LocalFile| matches!(file.state, UploadState::Uploaded(_));
            if item.entry.author.is_some() || item.entry.files.iter().any(is_uploaded) {
                let entry = Arc::make_mut(&mut item.entry);
                entry.author = None;
                for file in entry.files.iter_mut().filter(|file| is_uploaded(file)) {
                    file.state = UploadState::Waiting;
                }
            }
        }
    }

    /// Assigns entries without an author to this user. Returns those that changed.
    pub(crate) fn adopt(&mut self, me: UserId) -> Vec<Arc<Entry>> {
        let mut adopted = Vec::new();
        for item in self.items.iter_mut().filter(|item| item.entry.author.is_none()) {
            Arc::make_mut(&mut item.entry).author = Some(me);
            adopted.push(item.entry.clone());
        }
        adopted
    }

    /// Removes and returns entries by their id and author. They stay in storage and may be restored.
    pub(crate) fn take_out(
        &mut self,
        is_taken: &dyn Fn(ClientId, Option<UserId>) -> bool,
    ) -> Vec<Arc<Entry>> {
        let mut taken = Vec::new();
        self.items.retain(|Item { entry, .. }| {
            let is_taken = is_taken(entry.client_id, entry.author);
            if is_taken {
                taken.push(entry.clone());
            }
            !is_taken
        });
        taken
    }

    fn let_go(&mut self, client_id: ClientId) {
        self.gone.truncate(MAX_ENTRIES - 1);
        self.gone.push_front(client_id);
    }

    fn insert(&mut self, entry: Arc<Entry>) {
        self.next_order = self.next_order.max(entry.order.saturating_add(1));
        let index = self.items.partition_point(|item| item.entry.order <= entry.order);
        self.items
            .insert(index, Item { entry, in_flight: false, hold: Hold::Unlimited, is_uploaded_again: false });
    }

    fn item(&self, client_id: ClientId) -> Option<&Item> {
        self.items.iter().find(|item| item.entry.client_id == client_id)
    }

    fn item_mut(&mut self, client_id: ClientId) -> Option<&mut Item> {
        self.items.iter_mut().find(|item| item.entry.client_id == client_id)
    }
}
