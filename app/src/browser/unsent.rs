//! The journal: unsent messages and changes in `localStorage`, with one key each. A write is complete when the
//! call returns, so an entry survives the tab that is closed in the same moment. Entries that wait for longer
//! are moved to IndexedDB (`unsent_store.rs`). Entries of an unknown user belong to the tab.

use hubbub_client::{Entry, Kept};
use hubbub_protocol::{ClientId, UserId};
use serde::{Deserialize, Serialize};
use web_sys::Storage;

use super::json;
use super::storage::{Owner, keys, local_storage, put, tab_storage};
use super::tabs;

/// Key prefix of the entries, in `localStorage` and in IndexedDB.
const UNSENT: &str = "hubbub.unsent.";
/// Key prefix of the markers ([`may_be_stored`]).
const STORED: &str = "hubbub.stored.";
/// Value of a marker if IndexedDB has entries of the user. Both values have one character, so that the marker
/// of a user who has one can be changed when the storage is full.
const SOME: &str = "1";
const NONE: &str = "0";
/// Key prefix under which earlier versions stored messages, for each user or for all (`me`).
const OLD: &str = "hubbub.outbox.";
const OLD_OF_ALL: &str = "hubbub.outbox.me.";

#[derive(Serialize, Deserialize)]
struct Record {
    /// `None` if the user was not known.
    owner: Option<Owner>,
    /// The tab to which the entry belongs: the tab that stored it, or one that took it over from a closed tab. Only
    /// this tab shows and sends the entry.
    tab: String,
    kept: Kept,
}

/// The stored entries of a user. Entries of closed tabs are in none of the lists.
pub(super) struct StoredEntries {
    /// Entries of this tab, in any order.
    pub(super) own: Vec<Kept>,
    /// Ids of the entries of other open tabs.
    pub(super) foreign: Vec<ClientId>,
    /// Whether the journal has entries of tabs that are closed. One open tab takes them over.
    pub(super) has_closed: bool,
}

/// An entry of the journal: the value that a key of IndexedDB gets. An empty value deletes the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JournalEntry {
    pub(super) key: String,
    pub(super) value: String,
}

impl JournalEntry {
    /// Returns the entry that stores a message or a change of this user.
    pub(super) fn keep(kept: &Kept, owner: &Owner) -> Option<Self> {
        Some(Self { key: key(owner.user.id, kept.id()), value: record(kept, Some(owner))? })
    }

    /// Returns the entry that deletes a message or a change of this user.
    pub(super) fn forget(id: ClientId, owner: &Owner) -> Self {
        Self { key: key(owner.user.id, id), value: String::new() }
    }

    /// Writes the entry to the journal. Returns `false` if there is no space.
    pub(super) fn write(&self) -> bool {
        local_storage().is_some_and(|store| put(&store, &self.key, &self.value))
    }

    /// Removes the entry from the journal, unless its key has a newer value.
    pub(super) fn remove(&self) {
        let value = local_storage().and_then(|store| store.get_item(&self.key).ok().flatten());
        if value.as_ref() == Some(&self.value) {
            self.erase();
        }
    }

    /// Removes the key from the journal, whatever its value.
    pub(super) fn erase(&self) {
        if let Some(store) = local_storage() {
            _ = store.remove_item(&self.key);
        }
    }
}

/// Returns the entries of this user in the journal.
pub(super) fn of(owner: &Owner) -> StoredEntries {
    take_over_old(owner);
    let values = local_storage().map_or_else(Vec::new, |store| values(&store, &prefix(owner.user.id)));
    sort(values, owner)
}

/// Returns the entries of this user among these values of a storage. Unreadable ones are skipped.
pub(super) fn sort(values: Vec<String>, owner: &Owner) -> StoredEntries {
    let mut sorted = StoredEntries { own: Vec::new(), foreign: Vec::new(), has_closed: false };
    let records = values.iter().filter_map(|value| json::read::<Record>(value));
    for record in records.filter(|record| record.owner.as_ref().is_some_and(|it| owner.is(it))) {
        if record.tab == tabs::here() {
            sorted.own.push(record.kept);
        } else if tabs::is_open(&record.tab) {
            sorted.foreign.push(record.kept.id());
        } else {
            sorted.has_closed = true;
        }
    }
    sorted
}

/// Returns whether the browser has `localStorage`, which may be full.
pub(super) fn has_journal_storage() -> bool {
    local_storage().is_some()
}

/// Returns whether `localStorage` has entries or deletions of this user, from any tab.
pub(super) fn has_journal(user: UserId) -> bool {
    local_storage().is_some_and(|store| !keys(&store, &prefix(user)).is_empty())
}

/// Returns the journal of this user without the entries of other open tabs, and takes over those of closed tabs. Other
/// tabs take over nothing at the same time if the caller runs a transaction on IndexedDB.
pub(super) fn take_journal(user: UserId) -> Vec<JournalEntry> {
    let Some(store) = local_storage() else { return Vec::new() };
    let entries = keys(&store, &prefix(user)).into_iter().filter_map(|key| {
        let before = store.get_item(&key).ok().flatten()?;
        let value = if before.is_empty() { String::new() } else { take_over(&before)? };
        let is_changed = value != before;
        let entry = JournalEntry { key, value };
        (!is_changed || entry.write()).then_some(entry)
    });
    entries.collect()
}

/// Returns a stored value with this tab as its tab if it belongs to this tab or to a closed one.
pub(super) fn take_over(value: &str) -> Option<String> {
    let mut record = json::read::<Record>(value)?;
    if record.tab == tabs::here() {
        return Some(value.to_owned());
    }
    if tabs::is_open(&record.tab) {
        return None;
    }
    record.tab = tabs::here();
    serde_json::to_string(&record).ok()
}

/// Returns the entries that this tab stored before its user was known.
pub(super) fn of_nobody() -> Vec<Kept> {
    let values = tab_storage().map_or_else(Vec::new, |store| values(&store, UNSENT));
    values.iter().filter_map(|json| json::read::<Record>(json)).map(|record| record.kept).collect()
}

/// Stores an entry of an unknown user. Returns whether there was space.
pub(super) fn keep_of_nobody(kept: &Kept) -> bool {
    let stored = tab_storage().zip(record(kept, None));
    stored.is_some_and(|(store, json)| put(&store, &format!("{UNSENT}{}", kept.id()), &json))
}

/// Removes an entry that was stored before its user was known.
pub(super) fn forget_of_nobody(id: ClientId) {
    if let Some(store) = tab_storage() {
        _ = store.remove_item(&format!("{UNSENT}{id}"));
    }
}

/// Returns whether IndexedDB must be read for this user: the marker is [`SOME`], or it is missing and does not fit. The
/// first call writes the marker [`NONE`].
pub(super) fn may_be_stored(user: UserId) -> bool {
    let Some(store) = local_storage() else { return false };
    match store.get_item(&marker(user)).ok().flatten() {
        Some(marker) => marker == SOME,
        None => store.set_item(&marker(user), NONE).is_err(),
    }
}

/// Records whether IndexedDB has entries of this user.
pub(super) fn mark_stored(user: UserId, is_stored: bool) {
    if let Some(store) = local_storage() {
        _ = store.set_item(&marker(user), if is_stored { SOME } else { NONE });
    }
}

/// Takes over the entries that an earlier version stored for this user, once.
fn take_over_old(owner: &Owner) {
    let Some(store) = local_storage() else { return };
    let of_user = format!("{OLD}{}.", owner.user.id);
    for key in keys(&store, OLD_OF_ALL).into_iter().chain(keys(&store, &of_user)) {
        let Some(json) = store.get_item(&key).ok().flatten() else { continue };
        let kept = json::read(&json).or_else(|| json::read::<Entry>(&json).map(Kept::Message));
        let Some(kept) = kept else { continue };
        if kept.author().is_some_and(|author| author != owner.user.id) {
            continue;
        }
        if JournalEntry::keep(&kept, owner).is_some_and(|entry| entry.write()) {
            _ = store.remove_item(&key);
        }
    }
}

/// Returns the values of all keys with this prefix.
fn values(store: &Storage, prefix: &str) -> Vec<String> {
    keys(store, prefix).into_iter().filter_map(|key| store.get_item(&key).ok().flatten()).collect()
}

fn record(kept: &Kept, owner: Option<&Owner>) -> Option<String> {
    serde_json::to_string(&Record { owner: owner.cloned(), tab: tabs::here(), kept: kept.clone() }).ok()
}

/// Returns the first and the last key (exclusive) of the entries of this user.
pub(super) fn range(user: UserId) -> (String, String) {
    // In ASCII, `/` follows the full stop with which the prefix ends.
    (prefix(user), format!("{UNSENT}{user}/"))
}

fn key(user: UserId, id: ClientId) -> String {
    format!("{}{id}", prefix(user))
}

fn prefix(user: UserId) -> String {
    format!("{UNSENT}{user}.")
}

fn marker(user: UserId) -> String {
    format!("{STORED}{user}")
}
