//! The page as a whole: its address, its snapshot and its state.

use hubbub_protocol::UserId;
use leptos::prelude::{document, window};
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

#[cfg(feature = "hydrate")]
use crate::i18n::Language;

/// Origin of the page: scheme, host and port.
pub(crate) fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// Returns the address of the socket.
pub(crate) fn socket_address(query: &str) -> String {
    // `http` becomes `ws`, and `https` becomes `wss`.
    format!("{}/api/v1/socket{query}", server_origin().replacen("http", "ws", 1))
}

#[cfg(not(feature = "csr"))]
fn server_origin() -> String {
    origin()
}

/// With `trunk serve`, the page comes from another server than the chat, and its proxy does not support
/// WebSocket subprotocols.
#[cfg(feature = "csr")]
fn server_origin() -> String {
    format!("http://{}:3000", window().location().hostname().unwrap_or_default())
}

pub(crate) fn reload() {
    _ = window().location().reload();
}

/// Replaces the page by the landing page, which reports that the session of this user has ended.
pub(super) fn leave(user: Option<UserId>) {
    if let Some(user) = user {
        super::sign_out::record(user);
    }
    _ = window().location().replace("/?signed_out=1");
}

/// Prepares the page before hydration.
pub(crate) fn prepare() {
    super::display::restore();
}

#[cfg(feature = "hydrate")]
pub(crate) fn language() -> Language {
    let tag = document().document_element().and_then(|root| root.get_attribute("lang"));
    tag.and_then(|tag| Language::from_tag(&tag)).unwrap_or_default()
}

/// Whether the program hydrates the page. The document marks pages without a program.
#[cfg(feature = "hydrate")]
pub(crate) fn is_hydrated() -> bool {
    document().document_element().is_some_and(|root| !root.has_attribute("data-no-program"))
}

/// Registers the service worker, which stores the files that the page needs without a network. Browsers
/// provide service workers only to secure pages (HTTPS or localhost).
pub(crate) fn register_service_worker() {
    if cfg!(feature = "hydrate") && window().is_secure_context() {
        let registered = window().navigator().service_worker().register("/sw.js");
        spawn_local(async {
            // A failure is ignored, because the page works without the service worker as long as there is a
            // network.
            _ = JsFuture::from(registered).await;
        });
    }
}

/// Creates the snapshot of a page that no server rendered, from its address and the language of the browser.
#[cfg(feature = "csr")]
pub(crate) fn snapshot_from_address() -> crate::Snapshot {
    use crate::i18n::Language;
    use crate::snapshot::{Landing, PageSnapshot, RoomPage};

    let page = match super::address::here() {
        Some((route, acting_as)) => {
            let page = RoomPage { at: route.at, ..RoomPage::unread(route.room, acting_as) };
            PageSnapshot::Room(Box::new(page))
        }
        None if window().location().pathname().as_deref() == Ok("/") => {
            PageSnapshot::Landing(Landing::default())
        }
        None => PageSnapshot::NotFound { problem: None },
    };
    let language = window().navigator().language().and_then(|tag| Language::from_tag(&tag));
    let language = language.unwrap_or_default();
    if let Some(root) = document().document_element() {
        _ = root.set_attribute("lang", language.tag());
    }
    let snapshot = crate::Snapshot { language, version: None, page };
    document().set_title(&snapshot.title());
    snapshot
}

/// Marks the page as hydrated, for styles and tests, after the first effects have run.
pub(crate) fn mark_hydrated() {
    spawn_local(async { mark_ready() });
}

/// Marks a page as ready that the program does not hydrate.
pub(crate) fn mark_ready() {
    set_root_attribute("data-hydrated");
}

/// Reports a panic in the console and on the page.
pub(crate) fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        web_sys::console::error_1(&panic.to_string().into());
        set_root_attribute("data-broken");
    }));
}

fn set_root_attribute(attribute: &str) {
    if let Some(root) = document().document_element() {
        _ = root.set_attribute(attribute, "");
    }
}
