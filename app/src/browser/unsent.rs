//! Stored messages and changes that the server has not confirmed, with one key each. Those of a known user
//! are in `localStorage`, for all tabs; those of an unknown user belong to the tab.

use hubbub_client::{Entry, Kept};
use hubbub_protocol::{ClientId, UserId};
use serde::{Deserialize, Serialize};

use super::json;
use super::storage::{Owner, keys, local_storage, put, tab_storage};
use super::tabs;

const UNSENT: &str = "hubbub.unsent.";
/// Key prefix under which earlier versions stored messages, for each user or for all (`me`).
const OLD: &str = "hubbub.outbox.";
const OLD_OF_ALL: &str = "hubbub.outbox.me.";

#[derive(Serialize, Deserialize)]
struct Record {
    /// `None` if the user was not known.
    owner: Option<Owner>,
    /// The tab that stored the entry.
    tab: String,
    kept: Kept,
}

impl Record {
    /// Whether this tab may send the entry. Two tabs can send the same message, because the server recognizes
    /// its `client_id`. A change must be sent only by its own tab, which may have made a newer change
    /// meanwhile.
    fn is_free(&self) -> bool {
        matches!(self.kept, Kept::Message(_)) || self.tab == tabs::here() || !tabs::is_open(&self.tab)
    }
}

/// Returns the stored entries of this user that no other open tab will send, in any order. Unreadable entries
/// are skipped.
pub(super) fn of(owner: &Owner) -> Vec<Kept> {
    take_over_old(owner);
    let Some(store) = local_storage() else { return Vec::new() };
    let records = keys(&store, &prefix(owner.user.id)).into_iter();
    let records = records.filter_map(|key| store.get_item(&key).ok().flatten());
    let records = records.filter_map(|json| json::read::<Record>(&json));
    let records = records.filter(|record| record.owner.as_ref().is_some_and(|it| owner.is(it)));
    records.filter(Record::is_free).map(|record| record.kept).collect()
}

/// Returns the entries that this tab stored before its user was known.
pub(super) fn of_nobody() -> Vec<Kept> {
    let Some(store) = tab_storage() else { return Vec::new() };
    let records = keys(&store, UNSENT).into_iter().filter_map(|key| store.get_item(&key).ok().flatten());
    records.filter_map(|json| json::read::<Record>(&json)).map(|record| record.kept).collect()
}

/// Stores a message or a change and replaces its earlier state. Returns whether it was stored; otherwise it
/// is lost when the tab is closed.
pub(super) fn keep(kept: &Kept, owner: Option<&Owner>) -> bool {
    let id = kept.id();
    // An entry of another or an unknown user is not stored under the key of this user.
    let owner = owner.filter(|owner| kept.author() == Some(owner.user.id));
    let record = Record { owner: owner.cloned(), tab: tabs::here(), kept: kept.clone() };
    let Ok(json) = serde_json::to_string(&record) else { return false };
    let Some(owner) = owner else {
        return tab_storage().is_some_and(|store| put(&store, &format!("{UNSENT}{id}"), &json));
    };
    let key = format!("{}{id}", prefix(owner.user.id));
    let is_kept = local_storage().is_some_and(|store| put(&store, &key, &json));
    if is_kept && let Some(store) = tab_storage() {
        _ = store.remove_item(&format!("{UNSENT}{id}"));
    }
    is_kept
}

/// Removes the stored entry.
pub(super) fn forget(id: ClientId, owner: Option<&Owner>) {
    if let Some(store) = tab_storage() {
        _ = store.remove_item(&format!("{UNSENT}{id}"));
    }
    if let (Some(store), Some(owner)) = (local_storage(), owner) {
        _ = store.remove_item(&format!("{}{id}", prefix(owner.user.id)));
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
        let record = Record { owner: Some(owner.clone()), tab: tabs::here(), kept };
        let new = format!("{}{}", prefix(owner.user.id), record.kept.id());
        let written = serde_json::to_string(&record).is_ok_and(|json| put(&store, &new, &json));
        if written {
            _ = store.remove_item(&key);
        }
    }
}

fn prefix(user: UserId) -> String {
    format!("{UNSENT}{user}.")
}
