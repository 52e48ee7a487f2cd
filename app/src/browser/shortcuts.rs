//! Keyboard shortcuts of the whole page.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::{address, field, keyboard};
use crate::route::Route;
use crate::state::dialog_kind::DialogKind;
use crate::state::{ChatSignals, RoomStep};

/// Listens for the lifetime of the page. Must be called before other key listeners, so that shortcuts take
/// precedence.
pub(crate) fn start(chat: ChatSignals, dialog_kind: RwSignal<Option<DialogKind>>) {
    let handle = keyboard::listen(move |event| {
        if event.default_prevented() {
            return;
        }
        let Some(shortcut) = shortcut(&event) else { return };
        let open = dialog_kind.with_untracked(Option::is_some);
        match shortcut {
            Shortcut::Switch => {
                let next = (dialog_kind.get_untracked() != Some(DialogKind::Switcher))
                    .then_some(DialogKind::Switcher);
                dialog_kind.set(next);
            }
            // Shortcuts do not apply under an open dialog.
            _ if open => return,
            Shortcut::Keys if field::is_at_home(&event) => return,
            Shortcut::Keys => dialog_kind.set(Some(DialogKind::Keys)),
            Shortcut::RoomStep(step) => {
                if let Some(room) = chat.beside(step) {
                    address::go(chat, Route::of(room));
                }
            }
        }
        event.prevent_default();
    });
    // Dropping the handle does not remove the listener, which lives as long as the page.
    drop(handle);
}

enum Shortcut {
    Switch,
    Keys,
    RoomStep(RoomStep),
}

fn shortcut(event: &KeyboardEvent) -> Option<Shortcut> {
    let command = event.ctrl_key() || event.meta_key();
    match (event.key().as_str(), command, event.alt_key()) {
        ("k" | "K" | "л" | "Л", true, false) if !event.shift_key() => Some(Shortcut::Switch),
        ("?", false, false) => Some(Shortcut::Keys),
        ("ArrowUp", false, true) => {
            Some(Shortcut::RoomStep(RoomStep { down: false, unread: event.shift_key() }))
        }
        ("ArrowDown", false, true) => {
            Some(Shortcut::RoomStep(RoomStep { down: true, unread: event.shift_key() }))
        }
        _ => None,
    }
}
