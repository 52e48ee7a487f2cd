//! Native dialogs and list boxes.

use leptos::html::{Dialog, Input};
use leptos::prelude::*;
use web_sys::{Element, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::focus;
use crate::effect::effect;

pub(crate) fn show(dialog: NodeRef<Dialog>, open: bool) {
    let Some(dialog) = dialog.get_untracked().filter(|dialog| dialog.open() != open) else { return };
    if open {
        // `show_modal` fails only for an element that is not in the document.
        _ = dialog.show_modal();
    } else {
        dialog.close();
    }
}

/// Whether the dialog is open. The `close` event is sent asynchronously, when the dialog may have been opened
/// again.
pub(crate) fn is_open(dialog: NodeRef<Dialog>) -> bool {
    dialog.get_untracked().is_some_and(|dialog| dialog.open())
}

/// Focuses the field once it is in the document, and selects its text. If the user has already typed, the
/// text is not selected: the browser may have focused the field before, and the next key would replace the
/// selection.
pub(crate) fn focus_first(field: NodeRef<Input>) {
    effect(move || {
        if let Some(field) = field.get() {
            let initial = field.value();
            // The dialog is opened in another effect, which may run after this effect.
            request_animation_frame(move || {
                // The user may type already, in this field or in another one.
                let element: &Element = &field;
                let is_typing = document().active_element().is_some_and(|focused| {
                    focused.tag_name() == "INPUT" && (focused != *element || field.value() != initial)
                });
                if !is_typing {
                    _ = field.focus();
                    field.select();
                }
            });
        }
    });
}

/// Moves the focus into an open dialog whose content was loaded later, as the browser does when a dialog
/// opens.
pub(crate) fn enter(dialog: NodeRef<Dialog>) {
    request_animation_frame(move || {
        let Some(dialog) = dialog.get_untracked().filter(|dialog| dialog.open()) else { return };
        let dialog: &Element = &dialog;
        if document()
            .active_element()
            .is_some_and(|focused| focused != *dialog && dialog.contains(Some(&focused)))
        {
            return;
        }
        let scroll_target = ["[autofocus]", "button, input, a[href], [tabindex]"];
        if let Some(first) =
            scroll_target.iter().find_map(|scroll_target| dialog.query_selector(scroll_target).ok().flatten())
        {
            focus::focus_element(&first);
        }
    });
}

/// Scrolls the list by the minimum distance that makes the element visible.
pub(crate) fn reveal(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}
