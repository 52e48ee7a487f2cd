//! Keeps what is being written, so that it survives a reload; and the focus, so that one can write at once.

use leptos::html::Textarea;
use leptos::prelude::*;

use super::field;
use super::storage::Storage;
use crate::RoomPage;

/// Brings back the draft of the room and keeps it from now on.
pub(crate) fn start(page: &RoomPage, draft: RwSignal<String>, field: NodeRef<Textarea>) {
    let storage = Storage::new(page.acting_as);
    let room = page.room.clone();
    // What stands in the field is newer: refused by the server, or written before the page came alive.
    let newer = !draft.read_untracked().is_empty() || !field::text(field).is_empty();
    if let Some(kept) = storage.draft(&room).filter(|_| !newer) {
        draft.set(kept);
    }
    Effect::watch(move || draft.get(), move |text, _, _| storage.keep_draft(&room, text), false);
    field::take_stray_keys(field);
}
