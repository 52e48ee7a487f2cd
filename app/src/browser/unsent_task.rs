//! Stores the unsent messages and changes of the client and restores them: in the journal (`unsent.rs`) at once,
//! and in IndexedDB (`unsent_store.rs`) if the server does not confirm them soon.

use hubbub_client::{Client, Kept, Millis};
use hubbub_protocol::{ClientId, UserId};
use leptos::task::spawn_local;

use super::chat_task::{ChatHandle, Input};
use super::clock;
use super::storage::Owner;
use super::unsent::{self, JournalEntry};
use super::unsent_store;
use crate::state::StorageProblem;

/// Delay before entries are moved from the journal to IndexedDB, in milliseconds. The server confirms most entries
/// earlier, so they are never moved.
const MOVE_MILLIS: u64 = 2_000;
/// Delay before another attempt to read IndexedDB, in milliseconds.
const RETRY_MILLIS: u64 = 15_000;
/// Maximum time for which messages wait for older ones in IndexedDB, and for which a full journal waits for IndexedDB
/// before the user is notified, in milliseconds.
const MAX_WAIT_MILLIS: u64 = 3_000;

/// An event of the storage.
pub(super) enum StorageEvent {
    /// Entries have been in the journal for [`MOVE_MILLIS`], or it is time for another attempt.
    Move,
    /// The transaction with this number has been running for [`MAX_WAIT_MILLIS`].
    Late(u32),
    /// The transaction has ended.
    Done(Done),
}

/// The end of a transaction.
pub(super) struct Done {
    /// Entries outside the journal that were to be written.
    overflow: Vec<JournalEntry>,
    is_read: bool,
    /// The stored values if `is_read` is set; `None` if the transaction failed.
    values: Option<Vec<String>>,
}

/// The storage of unsent messages and changes.
pub(super) struct UnsentTask {
    handle: ChatHandle,
    /// Entries that do not fit into the journal. They are lost when the tab is closed before they are in
    /// IndexedDB.
    overflow: Vec<JournalEntry>,
    /// Whether the last entry could not be stored at all.
    is_lost: bool,
    /// Whether IndexedDB has entries that are still to be read.
    is_unread: bool,
    /// Whether the last transaction failed.
    has_failed: bool,
    is_running: bool,
    /// Whether the current transaction has been running for [`MAX_WAIT_MILLIS`].
    is_late: bool,
    /// Whether another transaction is needed after the current one.
    runs_again: bool,
    /// Number of transactions so far.
    count: u32,
    will_move: bool,
}

impl UnsentTask {
    pub(super) const fn new(handle: ChatHandle) -> Self {
        Self {
            handle,
            overflow: Vec::new(),
            is_lost: false,
            is_unread: false,
            has_failed: false,
            is_running: false,
            is_late: false,
            runs_again: false,
            count: 0,
            will_move: false,
        }
    }

    /// Restores the entries at the start of the client.
    pub(super) fn restore(&mut self, client: &mut Client) {
        let mut kept = unsent::of_nobody();
        if let Some(owner) = Owner::of(client) {
            kept.extend(unsent::of(&owner));
            self.read(client, owner.user.id, !kept.is_empty());
        }
        client.restore_outbox(kept);
    }

    /// Takes over the entries of closed tabs of this user.
    pub(super) fn take_in(&mut self, client: &mut Client, now: Millis) {
        let Some(owner) = Owner::of(client) else { return };
        let kept = unsent::of(&owner);
        self.read(client, owner.user.id, !kept.is_empty());
        client.take_in(kept, now);
    }

    /// Stores a message or a change and replaces its earlier state.
    pub(super) fn keep(&mut self, kept: &Kept, client: &Client) {
        // An entry of another or an unknown user is not stored under the key of this user.
        let owner = Owner::of(client).filter(|owner| kept.author() == Some(owner.user.id));
        let Some(owner) = owner else {
            self.is_lost = !unsent::keep_of_nobody(kept);
            return;
        };
        let Some(entry) = JournalEntry::keep(kept, &owner) else { return };
        self.is_lost = false;
        if self.write(entry) {
            unsent::forget_of_nobody(kept.id());
            self.move_later(MOVE_MILLIS);
        } else if unsent::has_journal_storage() {
            self.run(owner.user.id);
        } else {
            // The next start would not look into IndexedDB, because there is no marker.
            self.has_failed = true;
        }
    }

    /// Removes a message or a change from the storage.
    pub(super) fn forget(&mut self, id: ClientId, client: &Client) {
        unsent::forget_of_nobody(id);
        let Some(owner) = Owner::of(client) else { return };
        let deletion = JournalEntry::forget(id, &owner);
        if self.is_running || unsent::may_be_stored(owner.user.id) {
            // The entry in IndexedDB is obsolete from now on, even if it cannot be deleted at once.
            self.write(deletion);
            self.move_later(MOVE_MILLIS);
        } else {
            self.overflow.retain(|entry| entry.key != deletion.key);
            deletion.erase();
        }
    }

    pub(super) fn on_event(&mut self, event: StorageEvent, client: &mut Client, now: Millis) {
        match event {
            StorageEvent::Move => {
                self.will_move = false;
                let Some(owner) = Owner::of(client) else { return };
                if self.is_unread || !self.overflow.is_empty() || unsent::has_journal(owner.user.id) {
                    self.run(owner.user.id);
                }
            }
            StorageEvent::Late(number) => {
                if self.is_running && self.count == number {
                    self.is_late = true;
                    client.release_outbox(Vec::new(), now);
                }
            }
            StorageEvent::Done(done) => {
                self.on_done(done, client, now);
                let runs_again = std::mem::take(&mut self.runs_again);
                if let Some(owner) = Owner::of(client).filter(|_| runs_again) {
                    self.run(owner.user.id);
                } else if self.is_unread || !self.overflow.is_empty() {
                    self.move_later(RETRY_MILLIS);
                }
            }
        }
    }

    /// Returns the problem to report to the user.
    pub(super) fn problem(&self) -> Option<StorageProblem> {
        let is_full = self.overflow.iter().any(|entry| !entry.value.is_empty());
        let is_failing = self.has_failed || self.is_late;
        if self.is_lost || is_full && is_failing {
            Some(StorageProblem::Full)
        } else if self.is_unread && is_failing {
            Some(StorageProblem::Unreadable)
        } else {
            None
        }
    }

    fn on_done(&mut self, done: Done, client: &mut Client, now: Millis) {
        let Done { overflow, is_read, values } = done;
        self.is_running = false;
        self.is_late = false;
        self.has_failed = values.is_none();
        if values.is_some() {
            self.overflow.retain(|entry| !overflow.contains(entry));
            self.is_unread &= !is_read;
        }
        if is_read && let Some(owner) = Owner::of(client) {
            let kept = unsent::free(values.unwrap_or_default().into_iter(), &owner);
            client.release_outbox(kept, now);
        }
    }

    /// Reads IndexedDB if it may have entries of the user. Until then, the client sends nothing, because these
    /// entries are older.
    fn read(&mut self, client: &mut Client, user: UserId, has_journal: bool) {
        if unsent::may_be_stored(user) {
            self.is_unread = true;
            // A transaction that is late may never end.
            if !self.is_late {
                client.hold_outbox();
            }
            self.run(user);
        } else if has_journal {
            self.move_later(MOVE_MILLIS);
        }
    }

    /// Writes the entry to the journal. Returns `false` if it does not fit.
    fn write(&mut self, entry: JournalEntry) -> bool {
        self.overflow.retain(|other| other.key != entry.key);
        let fits = entry.write();
        if !fits {
            self.overflow.push(entry);
        }
        fits
    }

    fn move_later(&mut self, millis: u64) {
        if !std::mem::replace(&mut self.will_move, true) {
            let handle = self.handle;
            clock::after(millis, move || handle.step(Input::Storage(StorageEvent::Move)));
        }
    }

    /// Starts a transaction on IndexedDB.
    fn run(&mut self, user: UserId) {
        if self.is_running {
            self.runs_again = true;
            return;
        }
        self.is_running = true;
        self.count += 1;
        let (handle, number) = (self.handle, self.count);
        clock::after(MAX_WAIT_MILLIS, move || handle.step(Input::Storage(StorageEvent::Late(number))));
        let (overflow, is_read) = (self.overflow.clone(), self.is_unread);
        spawn_local(async move {
            let values = match unsent_store::apply(user, overflow.clone(), is_read).await {
                Ok(running) => running.await,
                Err(_) => None,
            };
            let done = Done { overflow, is_read, values };
            handle.step(Input::Storage(StorageEvent::Done(done)));
        });
    }
}
