//! Keeps what is being written, so that it survives a reload and a visit to another room; and the focus, so that
//! one can write at once.

use hubbub_protocol::{RoomName, UserId};
use leptos::html::Textarea;

use super::field;
use super::storage::Storage;
use crate::signal::{Effect, NodeRef};
use crate::writing::Writing;

/// Brings back the draft of the room and keeps it from now on.
pub(crate) fn start(room: RoomName, acting_as: Option<UserId>, writing: Writing, field: NodeRef<Textarea>) {
    let storage = Storage::new(acting_as);
    // What stands in the field is newer: refused by the server, or written before the page came alive.
    let newer = !writing.draft.with_untracked(String::is_empty) || !field::text(field).is_empty();
    if let Some(kept) = storage.draft(&room).filter(|_| !newer) {
        writing.put(kept);
    }
    Effect::watch(move || writing.kept(), move |draft| storage.keep_draft(&room, &draft));
    field::take_stray_keys(field);
}
