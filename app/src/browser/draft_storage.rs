//! Stores the text in the composer, so that it survives a reload and a change of the room.

use hubbub_protocol::RoomName;
use leptos::html::Textarea;
use leptos::prelude::*;

use super::chat_task::ChatHandle;
use super::{drafts, field};
use crate::state::composer_state::ComposerState;

/// Restores the draft of the room, and stores it from now on.
pub(crate) fn start(chat: ChatHandle, room: RoomName, composer: ComposerState, field: NodeRef<Textarea>) {
    // Text in the field is newer than the stored draft: the server refused it, or the user typed it before
    // hydration.
    let newer = !composer.draft.read_untracked().is_empty() || !field::text(field).is_empty();
    if !newer && let Some(kept) = drafts::begin(&room, chat.owner().as_ref()) {
        composer.set_draft(kept);
    }
    Effect::watch(
        move || composer.current_draft(),
        move |draft, _, _| drafts::keep(&room, chat.owner().as_ref(), draft),
        false,
    );
}
