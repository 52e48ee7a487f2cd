//! Storage of the browser: `localStorage`, and `sessionStorage` for data of one tab.

use hubbub_client::Client;
use hubbub_protocol::{Epoch, User};
use leptos::prelude::window;
use serde::{Deserialize, Serialize};
use web_sys::Storage;

use super::json;

const RECENT_EMOJI: &str = "hubbub.emoji";
/// Key prefix of the local copy, which can be deleted to make space.
pub(super) const COPY: &str = "hubbub.copy.";

/// The user to whom a record belongs. The key of a record has the user's id. The record also names the
/// database and the user, because after a reinstallation at the same address the id may belong to another
/// person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Owner {
    pub(super) user: User,
    pub(super) epoch: Option<Epoch>,
}

impl Owner {
    /// Returns the user of this client, if it is known.
    pub(super) fn of(client: &Client) -> Option<Self> {
        Some(Self { user: client.me()?.clone(), epoch: client.epoch().cloned() })
    }

    /// Whether a record with the same user id belongs to this user. A restored backup has another epoch but
    /// the same users.
    pub(super) fn is(&self, other: &Self) -> bool {
        let same_database = other.epoch.is_none() || self.epoch.is_none() || self.epoch == other.epoch;
        self.user.id == other.user.id && (same_database || self.user.name == other.user.name)
    }
}

/// Returns all keys with this prefix.
pub(super) fn keys(store: &Storage, prefix: &str) -> Vec<String> {
    let count = store.length().unwrap_or_default();
    let keys = (0..count).filter_map(|index| store.key(index).ok().flatten());
    keys.filter(|key| key.starts_with(prefix)).collect()
}

/// Stores a value. If there is no space, deletes the local copy and tries again. Returns whether the value
/// was stored.
pub(super) fn put(store: &Storage, key: &str, value: &str) -> bool {
    if store.set_item(key, value).is_ok() {
        return true;
    }
    for copy in keys(store, COPY) {
        _ = store.remove_item(&copy);
    }
    store.set_item(key, value).is_ok()
}

/// Returns the recently used emoji of this device, for all users together.
pub(super) fn recent_emoji() -> Vec<String> {
    let kept = local_storage().and_then(|store| store.get_item(RECENT_EMOJI).ok().flatten());
    kept.and_then(|kept| json::read(&kept)).unwrap_or_default()
}

pub(super) fn keep_recent_emoji(emoji: &[String]) {
    if let (Some(store), Ok(json)) = (local_storage(), serde_json::to_string(emoji)) {
        _ = store.set_item(RECENT_EMOJI, &json);
    }
}

/// Returns `None` if the user has disabled storage.
pub(super) fn local_storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// Returns the storage of this tab, which survives a reload. Returns `None` if the user has disabled it.
pub(super) fn tab_storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}
