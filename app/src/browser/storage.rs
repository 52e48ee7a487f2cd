//! What is kept in the browser (`localStorage`): messages on their way, one key each, and a draft a room.
//! Whoever acts as several users has a drawer for each.

use hubbub_client::{Entry, Kept};
use hubbub_protocol::trusted;
use hubbub_protocol::{ClientId, RoomName, UserId};
use leptos::prelude::window;
use web_sys::Storage as LocalStorage;

use crate::writing::Draft;

const RECENT_EMOJI: &str = "hubbub.emoji";

/// The drawer of one user. A browser that keeps nothing, or has no space, is like an empty one.
#[derive(Clone, Debug)]
pub(crate) struct Storage {
    whose: String,
}

impl Storage {
    pub(crate) fn new(acting_as: Option<UserId>) -> Self {
        Self { whose: acting_as.map_or_else(|| "me".to_owned(), |user| user.to_string()) }
    }

    /// Every message and change that the server does not have yet, in any order. What cannot be read is of no use to
    /// anybody. An older version kept bare messages.
    pub(crate) fn entries(&self) -> Vec<Kept> {
        let Some(store) = local_storage() else { return Vec::new() };
        let prefix = self.entry_prefix();
        let count = store.length().unwrap_or_default();
        (0..count)
            .filter_map(|index| store.key(index).ok().flatten())
            .filter(|key| key.starts_with(&prefix))
            .filter_map(|key| store.get_item(&key).ok().flatten())
            .filter_map(|json| {
                trusted::read(&json).or_else(|_| trusted::read::<Entry>(&json).map(Kept::Message)).ok()
            })
            .collect()
    }

    /// Keeps a message or a change, over an older state of it.
    pub(crate) fn keep(&self, kept: &Kept) {
        if let (Some(store), Ok(json)) = (local_storage(), serde_json::to_string(kept)) {
            _ = store.set_item(&self.entry_key(kept.id()), &json);
        }
    }

    /// Removes a message or a change.
    pub(crate) fn forget(&self, client_id: ClientId) {
        if let Some(store) = local_storage() {
            _ = store.remove_item(&self.entry_key(client_id));
        }
    }

    /// What was being written in the room. A text that is no JSON was kept by an older version.
    pub(crate) fn draft(&self, room: &RoomName) -> Option<Draft> {
        let kept = local_storage()?.get_item(&self.draft_key(room)).ok().flatten()?;
        Some(trusted::read(&kept).unwrap_or(Draft { text: kept, reply_to: None }))
    }

    /// Keeps what is being written in the room.
    pub(crate) fn keep_draft(&self, room: &RoomName, draft: &Draft) {
        let Some(store) = local_storage() else { return };
        let key = self.draft_key(room);
        _ = match serde_json::to_string(draft) {
            Ok(json) if *draft != Draft::default() => store.set_item(&key, &json),
            _ => store.remove_item(&key),
        };
    }

    fn entry_key(&self, client_id: ClientId) -> String {
        format!("{}{client_id}", self.entry_prefix())
    }

    fn entry_prefix(&self) -> String {
        format!("hubbub.outbox.{}.", self.whose)
    }

    fn draft_key(&self, room: &RoomName) -> String {
        format!("hubbub.draft.{}.{room}", self.whose)
    }
}

/// The emoji used last on this device, whoever used them.
pub(super) fn recent_emoji() -> Vec<String> {
    let kept = local_storage().and_then(|store| store.get_item(RECENT_EMOJI).ok().flatten());
    kept.and_then(|kept| trusted::read(&kept).ok()).unwrap_or_default()
}

/// Keeps them.
pub(super) fn keep_recent_emoji(emoji: &[String]) {
    if let (Some(store), Ok(json)) = (local_storage(), serde_json::to_string(emoji)) {
        _ = store.set_item(RECENT_EMOJI, &json);
    }
}

/// None where the user has forbidden it.
pub(super) fn local_storage() -> Option<LocalStorage> {
    window().local_storage().ok().flatten()
}
