use leptos::ev::MouseEvent;
use leptos::prelude::{document, window};
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlDocument, HtmlTextAreaElement};

use super::clock;

/// How long a button confirms that it has copied, in milliseconds.
const DONE_MILLIS: u64 = 2_000;

pub(crate) fn copy(text: &str) {
    if !window().is_secure_context() {
        // On plain HTTP (except localhost) browsers provide no `navigator.clipboard`, only the copy command.
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

/// Copies the code block whose button was clicked, and shows `copied` on the button for a moment.
pub(crate) fn copy_code(event: &MouseEvent, copied: &'static str) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(button) = target.and_then(|target| target.closest(".code-copy").ok().flatten()) else { return };
    let Ok(Some(block)) = button.closest(".code-block") else { return };
    let Ok(Some(code)) = block.query_selector("pre") else { return };
    copy(&code.text_content().unwrap_or_default());
    let label = button.text_content();
    if label.as_deref() == Some(copied) {
        return;
    }
    button.set_text_content(Some(copied));
    clock::after(DONE_MILLIS, move || button.set_text_content(label.as_deref()));
}

/// Copies by the deprecated copy command: selects the text in a temporary field.
fn copy_by_command(text: &str) {
    let document = document();
    let Some(body) = document.body() else { return };
    let Ok(element) = document.create_element("textarea") else { return };
    let Ok(field) = element.dyn_into::<HtmlTextAreaElement>() else { return };
    field.set_value(text);
    field.set_class_name("visually-hidden");
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
