//! The popovers beside a message.

use leptos::html::Dialog;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::modal;

/// Distance from the edge of the window and from the message, in CSS pixels.
const GAP_PIXELS: f64 = 8.0;

/// Opens or closes the popover; places it beside the tools of the hovered message if the style allows it.
pub(crate) fn show(dialog: NodeRef<Dialog>, open: bool) {
    modal::show(dialog, open);
    if !open {
        return;
    }
    route(dialog);
    // The content may be rendered in the next frame, and determines the size.
    request_animation_frame(move || route(dialog));
}

pub(crate) fn is_open(id: &str) -> bool {
    popover(id).is_some_and(|popover| popover.matches(":popover-open").unwrap_or_default())
}

/// Closes the popover with this id. The browser returns the focus to its button.
pub(crate) fn hide(id: &str) {
    if let Some(popover) = popover(id) {
        // `hide_popover` fails only for an element that is not an open popover.
        _ = popover.hide_popover();
    }
}

fn popover(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

fn route(dialog: NodeRef<Dialog>) {
    let Some(dialog) = dialog.get_untracked() else { return };
    let Ok(Some(anchor)) = document().query_selector(".tools") else { return };
    let (box_, at) = (dialog.get_bounding_client_rect(), anchor.get_bounding_client_rect());
    let size = |side: &str| {
        js_sys::Reflect::get(&window(), &side.into()).ok().and_then(|it| it.as_f64()).unwrap_or_default()
    };
    let below = at.bottom() + GAP_PIXELS;
    let fits = below + box_.height() + GAP_PIXELS <= size("innerHeight");
    let top = if fits { below } else { (at.top() - GAP_PIXELS - box_.height()).max(GAP_PIXELS) };
    let left = at.left().min(size("innerWidth") - box_.width() - GAP_PIXELS).max(GAP_PIXELS);
    let dialog: &HtmlElement = &dialog;
    for (name, value) in [("--popover-top", top), ("--popover-left", left)] {
        // The position is in whole pixels, because formatting fractions adds 16 KB to the program.
        #[expect(clippy::cast_possible_truncation, reason = "a place on a screen")]
        let pixels = value.round() as i32;
        _ = dialog.style().set_property(name, &format!("{pixels}px"));
    }
}
