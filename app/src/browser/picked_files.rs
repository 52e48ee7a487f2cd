//! Files that the user chooses, pastes or drops.

use leptos::ev::{ClipboardEvent, DragEvent, Event};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DataTransfer, File, HtmlInputElement};

/// The files of one action of the user.
pub(crate) struct PickedFiles(pub(crate) Vec<File>);

/// Returns the files that were chosen in a file field, and clears the field, so that the same files can be chosen again.
pub(crate) fn chosen(event: &Event) -> PickedFiles {
    let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let Some(field) = field else { return PickedFiles(Vec::new()) };
    let files = files_of(&field);
    field.set_value("");
    files
}

/// Returns pasted files. If the clipboard has a text, the browser pastes the text: some programs add a picture of it.
pub(crate) fn pasted(event: &ClipboardEvent) -> PickedFiles {
    let data = event.clipboard_data();
    let is_text = |data: &DataTransfer| data.get_data("text/plain").is_ok_and(|text| !text.is_empty());
    taken(event, data.filter(|data| !is_text(data)).as_ref())
}

/// Returns dropped files.
pub(crate) fn dropped(event: &DragEvent) -> PickedFiles {
    taken(event, event.data_transfer().as_ref())
}

/// Whether files are dragged over the page, and not text or a link.
pub(crate) fn has_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().includes(&JsValue::from("Files"), 0))
}

/// Returns the files, and prevents the action of the browser if there are some.
fn taken(event: &Event, data: Option<&DataTransfer>) -> PickedFiles {
    let files = data.map_or(PickedFiles(Vec::new()), |data| files_of(data));
    if !files.0.is_empty() {
        event.prevent_default();
    }
    files
}

fn files_of(owner: &JsValue) -> PickedFiles {
    let list = js_sys::Reflect::get(owner, &JsValue::from("files")).unwrap_or_default();
    let list = if list.is_object() { js_sys::Array::from(&list) } else { js_sys::Array::new() };
    PickedFiles(list.iter().filter_map(|file| file.dyn_into().ok()).collect())
}
