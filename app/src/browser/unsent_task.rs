//! Stores the unsent messages and changes of the client and restores them: in the journal (`unsent.rs`) at once,
//! and in IndexedDB (`unsent_store.rs`) if the server does not confirm them soon.

use hubbub_client::{Client, Kept, Millis};
use hubbub_protocol::{ClientId, UserId};
use leptos::task::spawn_local;

use super::chat_input::Input;
use super::chat_task::ChatHandle;
use super::storage::Owner;
use super::unsent::{self, JournalEntry, StoredEntries};
use super::unsent_store::{self, Overflow};
use super::{clock, tabs};
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
    /// [`MOVE_MILLIS`] have passed since the first entry was written, or it is time for another attempt.
    Move,
    /// The transaction with this number has been running for [`MAX_WAIT_MILLIS`].
    Late(u32),
    /// The transaction has ended.
    Done(Done),
}

/// The end of a transaction.
pub(super) struct Done {
    number: u32,
    is_read: bool,
    /// The stored values if `is_read` is set; `None` if the transaction failed.
    values: Option<Vec<String>>,
}

/// The newest transaction, in progress.
struct Transaction {
    number: u32,
    /// The transaction has exceeded [`MAX_WAIT_MILLIS`] and may never end, so nothing waits for it.
    is_late: bool,
    /// Another transaction is needed after it.
    runs_again: bool,
}

/// The storage of unsent messages and changes.
pub(super) struct UnsentTask {
    handle: ChatHandle,
    overflow: Overflow,
    /// Entries that no storage accepted. Closing the tab loses them.
    lost: Vec<ClientId>,
    /// Entries of this tab or of closed ones have not been read since the start, or since another tab was closed.
    is_unread: bool,
    /// The other tabs have been asked at the start whether they are open. Until their answer, nothing is sent, because
    /// closed ones may have left older entries.
    is_asking: bool,
    /// The last transaction failed, or has exceeded [`MAX_WAIT_MILLIS`].
    has_failed: bool,
    transaction: Option<Transaction>,
    /// Number of transactions so far.
    count: u32,
    will_move: bool,
}

impl UnsentTask {
    pub(super) fn new(handle: ChatHandle) -> Self {
        Self {
            handle,
            overflow: Overflow::default(),
            lost: Vec::new(),
            is_unread: false,
            is_asking: false,
            has_failed: false,
            transaction: None,
            count: 0,
            will_move: false,
        }
    }

    /// Restores the entries at the start of the client.
    pub(super) fn restore(&mut self, client: &mut Client) {
        let mut kept = unsent::of_nobody();
        if let Some(owner) = Owner::of(client) {
            let StoredEntries { own, foreign, has_closed } = unsent::of(&owner);
            kept.extend(own);
            let may_have_more = !foreign.is_empty() || unsent::may_be_stored(owner.user.id);
            if may_have_more && tabs::has_others() {
                self.is_asking = true;
                client.hold_outbox(clock::now());
            }
            self.read(client, owner.user.id, has_closed);
        }
        client.restore_outbox(kept);
    }

    /// Takes over the entries of closed tabs, after a tab was closed or the other tabs were asked at the start.
    pub(super) fn on_tab_closed(&mut self, client: &mut Client, now: Millis) {
        self.is_asking = false;
        self.take_in(client, now);
    }

    /// Reads the entries of this tab again, and takes over those of closed tabs.
    pub(super) fn take_in(&mut self, client: &mut Client, now: Millis) {
        let Some(owner) = Owner::of(client) else { return };
        let entries = unsent::of(&owner);
        self.read(client, owner.user.id, entries.has_closed);
        self.add(entries, self.is_unread, client, now);
    }

    /// Stores a message or a change and replaces its earlier state.
    pub(super) fn keep(&mut self, kept: &Kept, client: &Client) {
        self.lost.retain(|id| *id != kept.id());
        // An entry of another or an unknown user is not stored under the key of this user.
        let owner = Owner::of(client).filter(|owner| kept.author() == Some(owner.user.id));
        let Some(owner) = owner else {
            if !unsent::keep_of_nobody(kept) {
                self.lost.push(kept.id());
            }
            return;
        };
        let Some(entry) = JournalEntry::keep(kept, &owner) else { return };
        if !unsent::has_journal_storage() {
            // The next start would not look into IndexedDB, because there is no marker.
            self.lost.push(kept.id());
        } else if self.write(entry) {
            unsent::forget_of_nobody(kept.id());
            self.move_later(MOVE_MILLIS);
        } else {
            self.run(owner.user.id);
        }
    }

    /// Removes a message or a change from the storage.
    pub(super) fn forget(&mut self, id: ClientId, client: &Client) {
        self.lost.retain(|lost| *lost != id);
        unsent::forget_of_nobody(id);
        let Some(owner) = Owner::of(client) else { return };
        let deletion = JournalEntry::forget(id, &owner);
        // A transaction sets the marker with the first entry that it puts.
        if unsent::may_be_stored(owner.user.id) {
            // The entry in IndexedDB is obsolete from now on, even if it cannot be deleted at once.
            self.write(deletion);
            self.move_later(MOVE_MILLIS);
        } else {
            self.overflow.borrow_mut().retain(|entry| entry.key != deletion.key);
            deletion.erase();
        }
    }

    pub(super) fn on_event(&mut self, event: StorageEvent, client: &mut Client, now: Millis) {
        match event {
            StorageEvent::Move => {
                self.will_move = false;
                let Some(owner) = Owner::of(client) else { return };
                if self.is_unread || !self.overflow.borrow().is_empty() || unsent::has_journal(owner.user.id)
                {
                    self.run(owner.user.id);
                }
            }
            StorageEvent::Late(number) => {
                if let Some(transaction) = self.transaction.as_mut().filter(|it| it.number == number) {
                    transaction.is_late = true;
                    self.on_failure(client, now);
                    self.move_later(RETRY_MILLIS);
                }
            }
            StorageEvent::Done(done) => {
                let runs_again = self.on_done(done, client, now);
                if let Some(owner) = Owner::of(client).filter(|_| runs_again) {
                    self.run(owner.user.id);
                } else if self.is_unread || !self.overflow.borrow().is_empty() {
                    self.move_later(RETRY_MILLIS);
                }
            }
        }
    }

    /// Returns the problem to report to the user.
    pub(super) fn problem(&self) -> Option<StorageProblem> {
        let is_full = self.overflow.borrow().iter().any(|entry| !entry.value.is_empty());
        if !self.lost.is_empty() || is_full && self.has_failed {
            Some(StorageProblem::Full)
        } else if self.is_unread && self.has_failed {
            Some(StorageProblem::Unreadable)
        } else {
            None
        }
    }

    /// Handles the end of a transaction. Returns whether another one is needed.
    fn on_done(&mut self, done: Done, client: &mut Client, now: Millis) -> bool {
        let Done { number, is_read, values } = done;
        let ended = self.transaction.take_if(|transaction| transaction.number == number);
        let runs_again = ended.is_some_and(|transaction| transaction.runs_again);
        let Some(values) = values else {
            self.on_failure(client, now);
            return runs_again;
        };
        self.has_failed = false;
        // If another one is needed, it reads too.
        self.is_unread &= !is_read || runs_again;
        if is_read && let Some(owner) = Owner::of(client) {
            self.add(unsent::sort(values, &owner), false, client, now);
        }
        runs_again
    }

    /// Continues without IndexedDB: takes over the entries of closed tabs in the journal.
    fn on_failure(&mut self, client: &mut Client, now: Millis) {
        self.has_failed = true;
        if self.is_unread
            && let Some(owner) = Owner::of(client)
        {
            self.is_unread = unsent::may_be_stored(owner.user.id);
            unsent::take_journal(owner.user.id);
            self.add(unsent::of(&owner), false, client, now);
        }
    }

    /// Adds the entries of this tab, and hides those that another tab has taken over. Sends from now on unless older
    /// entries may follow.
    fn add(&self, entries: StoredEntries, more_follow: bool, client: &mut Client, now: Millis) {
        client.disown(&entries.foreign);
        if more_follow || self.is_asking {
            client.take_in(entries.own, now);
        } else {
            client.release_outbox(entries.own, now);
        }
    }

    /// Reads IndexedDB if it may have entries of the user, or if entries of closed tabs can be taken over. Until then,
    /// the client sends nothing, because these entries are older.
    fn read(&mut self, client: &mut Client, user: UserId, has_closed: bool) {
        if has_closed || unsent::may_be_stored(user) {
            self.is_unread = true;
            // A transaction that is late may never end.
            if !self.transaction.as_ref().is_some_and(|transaction| transaction.is_late) {
                client.hold_outbox(clock::now());
            }
            self.run(user);
        } else if unsent::has_journal(user) {
            self.move_later(MOVE_MILLIS);
        }
    }

    /// Writes the entry to the journal. Returns `false` if it does not fit.
    fn write(&mut self, entry: JournalEntry) -> bool {
        let mut overflow = self.overflow.borrow_mut();
        overflow.retain(|other| other.key != entry.key);
        let fits = entry.write();
        if !fits {
            overflow.push(entry);
        }
        fits
    }

    fn move_later(&mut self, millis: u64) {
        if !std::mem::replace(&mut self.will_move, true) {
            let handle = self.handle;
            clock::after(millis, move || handle.step(Input::Storage(StorageEvent::Move)));
        }
    }

    /// Starts a transaction on IndexedDB, or another one after the current one has ended.
    fn run(&mut self, user: UserId) {
        if let Some(transaction) = self.transaction.as_mut().filter(|transaction| !transaction.is_late) {
            transaction.runs_again = true;
            return;
        }
        self.count += 1;
        let (handle, number, is_read) = (self.handle, self.count, self.is_unread);
        self.transaction = Some(Transaction { number, is_late: false, runs_again: false });
        clock::after(MAX_WAIT_MILLIS, move || handle.step(Input::Storage(StorageEvent::Late(number))));
        let overflow = self.overflow.clone();
        spawn_local(async move {
            let values = match unsent_store::apply(user, overflow, is_read).await {
                Ok(running) => running.await,
                Err(_) => None,
            };
            handle.step(Input::Storage(StorageEvent::Done(Done { number, is_read, values })));
        });
    }
}
