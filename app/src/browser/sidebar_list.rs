//! The list of rooms in the sidebar. The open room stays in view, and the order does not change while the
//! user points at the list.

use leptos::html::Div;
use leptos::prelude::*;
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};

use super::chat_input::Input;
use super::chat_task::ChatHandle;
use super::keyboard;
use crate::state::ChatSignals;

/// Selector for touch devices, where a tapped row stays hovered, so `:hover` cannot be used.
const IN_USE_ON_TOUCH: &str = ":focus-within";
const IN_USE: &str = ":hover, :focus-within";

/// Scrolls the list by the minimum distance that shows the open room, after the next rendering.
pub(crate) fn keep_in_view(list: NodeRef<Div>) {
    request_animation_frame(move || {
        let Some(list) = list.try_get_untracked().flatten() else { return };
        if let Ok(Some(room)) = list.query_selector("[aria-current]") {
            let options = ScrollIntoViewOptions::new();
            options.set_block(ScrollLogicalPosition::Nearest);
            room.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}

/// Keeps the order of the rooms while the pointer or the focus is in the list, and sorts them afterwards.
pub(crate) fn hold_order(list: NodeRef<Div>, chat: ChatSignals, handle: ChatHandle) {
    // The browser updates hover and focus only after the event.
    request_animation_frame(move || {
        let Some(list) = list.try_get_untracked().flatten() else { return };
        let in_use = if keyboard::is_on_screen() { IN_USE_ON_TOUCH } else { IN_USE };
        let is_held = list.matches(in_use).unwrap_or_default();
        if chat.is_order_held.try_update_value(|held| std::mem::replace(held, is_held)) == Some(true)
            && !is_held
        {
            handle.step(Input::Calm);
        }
    });
}
