//! Drafts in `localStorage`, with one key for each user, tab and room. A tab takes over the newest draft of
//! the room that no open tab owns.

use hubbub_client::sort_by_number;
use hubbub_protocol::{RoomName, UserId};
use serde::{Deserialize, Serialize};

use super::json;
use super::storage::{Owner, keys, local_storage, put, tab_storage};
use super::{clock, tabs};
use crate::state::composer_state::Draft;

const DRAFT: &str = "hubbub.draft.";
/// Maximum stored drafts of closed tabs, for each user.
const MAX_DRAFTS_OF_CLOSED_TABS: usize = 50;

#[derive(Serialize, Deserialize)]
struct StoredDraft {
    owner: Owner,
    /// Time of the change, in milliseconds since 1970.
    at: i64,
    draft: Draft,
}

/// Returns the draft with which this tab starts in the room.
pub(super) fn begin(room: &RoomName, owner: Option<&Owner>) -> Option<Draft> {
    let Some(owner) = owner else { return of_nobody(room) };
    let found = newest(room, owner).or_else(|| old(room, owner)).or_else(|| of_nobody(room));
    keep(room, Some(owner), found.as_ref()?);
    found
}

/// Stores the draft of this tab.
pub(super) fn keep(room: &RoomName, owner: Option<&Owner>, draft: &Draft) {
    let is_empty = *draft == Draft::default();
    let Some(owner) = owner else {
        let (Some(store), Ok(json)) = (tab_storage(), serde_json::to_string(draft)) else { return };
        let key = format!("{DRAFT}{room}");
        _ = if is_empty { store.remove_item(&key) } else { store.set_item(&key, &json) };
        return;
    };
    let Some(store) = local_storage() else { return };
    let key = format!("{}{}.{room}", prefix(owner.user.id), tabs::here());
    let record = StoredDraft { owner: owner.clone(), at: clock::now().millis(), draft: draft.clone() };
    if is_empty {
        _ = store.remove_item(&key);
    } else if let Ok(json) = serde_json::to_string(&record) {
        put(&store, &key, &json);
    }
}

/// Removes and returns the newest draft of the room that belongs to this tab or to no open tab.
fn newest(room: &RoomName, owner: &Owner) -> Option<Draft> {
    let store = local_storage()?;
    let prefix = prefix(owner.user.id);
    let mut left = Vec::new();
    for key in keys(&store, &prefix) {
        let Some((tab, of_room)) = key[prefix.len()..].split_once('.') else { continue };
        if tab != tabs::here() && tabs::is_open(tab) {
            continue;
        }
        let json = store.get_item(&key).ok().flatten();
        let record = json.and_then(|json| json::read::<StoredDraft>(&json));
        let Some(record) = record.filter(|record| owner.is(&record.owner)) else { continue };
        let here = of_room == room.as_str();
        left.push((record.at, here, key.clone(), record.draft));
    }
    sort_by_number(&mut left, |(at, ..)| *at);
    let index = left.iter().rposition(|(_, here, ..)| *here);
    let found = index.map(|index| left.remove(index));
    for (_, _, key, _) in left.iter().rev().skip(MAX_DRAFTS_OF_CLOSED_TABS) {
        _ = store.remove_item(key);
    }
    let (_, _, key, draft) = found?;
    _ = store.remove_item(&key);
    Some(draft)
}

/// Reads a draft that an earlier version stored. The oldest versions stored the text alone, without JSON.
fn old(room: &RoomName, owner: &Owner) -> Option<Draft> {
    let store = local_storage()?;
    let kept = [format!("{DRAFT}me.{room}"), format!("{DRAFT}{}.{room}", owner.user.id)]
        .into_iter()
        .find_map(|key| {
            let kept = store.get_item(&key).ok().flatten()?;
            _ = store.remove_item(&key);
            Some(kept)
        })?;
    Some(json::read(&kept).unwrap_or(Draft { text: kept, reply_to: None }))
}

/// Reads the draft that this tab stored before its user was known.
fn of_nobody(room: &RoomName) -> Option<Draft> {
    let store = tab_storage()?;
    let key = format!("{DRAFT}{room}");
    let kept = store.get_item(&key).ok().flatten()?;
    _ = store.remove_item(&key);
    json::read(&kept)
}

fn prefix(user: UserId) -> String {
    format!("{DRAFT}{user}.")
}
