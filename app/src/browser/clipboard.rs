//! The clipboard.

use leptos::prelude::{document, window};
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlDocument, HtmlTextAreaElement};

/// Puts the text on the clipboard.
pub(crate) fn copy(text: &str) {
    if !window().is_secure_context() {
        // Served by plain HTTP to another machine, a page has no clipboard but this.
        copy_by_command(text);
        return;
    }
    let promise = window().navigator().clipboard().write_text(text);
    let text = text.to_owned();
    spawn_local(async move {
        if JsFuture::from(promise).await.is_err() {
            copy_by_command(&text);
        }
    });
}

/// Selects the text in a field made for it, and copies what is selected.
fn copy_by_command(text: &str) {
    let document = document();
    let Some(body) = document.body() else { return };
    let Ok(element) = document.create_element("textarea") else { return };
    let Ok(field) = element.dyn_into::<HtmlTextAreaElement>() else { return };
    field.set_value(text);
    field.set_class_name("unseen");
    let focused = document.active_element();
    if body.append_child(&field).is_err() {
        return;
    }
    field.select();
    if let Some(document) = document.dyn_ref::<HtmlDocument>() {
        _ = document.exec_command("copy");
    }
    field.remove();
    if let Some(focused) = focused.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        _ = focused.focus();
    }
}
