//! The page as a whole: where it is, what it was told, how it is doing.

use hubbub_protocol::UserId;
use leptos::prelude::{document, window};
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

#[cfg(feature = "hydrate")]
use crate::i18n::Language;

/// Scheme, host and port under which the browser has found the server.
pub(crate) fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// Where the socket is.
pub(crate) fn socket_address(query: &str) -> String {
    // `http` becomes `ws`, and `https` becomes `wss`.
    format!("{}/api/v1/socket{query}", server_origin().replacen("http", "ws", 1))
}

#[cfg(not(feature = "csr"))]
fn server_origin() -> String {
    origin()
}

/// `trunk serve` is another server than the one of the chat, and cannot pass on a socket with a subprotocol.
#[cfg(feature = "csr")]
fn server_origin() -> String {
    format!("http://{}:3000", window().location().hostname().unwrap_or_default())
}

/// Loads the page again.
pub(crate) fn reload() {
    _ = window().location().reload();
}

/// Goes to the entrance, which says that the session of this user has ended. The way back does not lead here.
pub(super) fn leave(user: Option<UserId>) {
    if let Some(user) = user {
        super::sign_out::note(user);
    }
    _ = window().location().replace("/?signed_out=1");
}

/// What is done before the page comes alive.
pub(crate) fn prepare() {
    super::display::restore();
}

/// The language of the document.
#[cfg(feature = "hydrate")]
pub(crate) fn language() -> Language {
    let tag = document().document_element().and_then(|root| root.get_attribute("lang"));
    tag.and_then(|tag| Language::from_tag(&tag)).unwrap_or_default()
}

/// Whether the program takes the page over: the document says so where it does not.
#[cfg(feature = "hydrate")]
pub(crate) fn comes_alive() -> bool {
    document().document_element().is_some_and(|root| !root.has_attribute("data-no-program"))
}

/// Lets a service worker keep what the page needs to open without a network. Browsers have none for a page that
/// came unprotected from elsewhere.
pub(crate) fn keep_shell() {
    if cfg!(feature = "hydrate") && window().is_secure_context() {
        let registered = window().navigator().service_worker().register("/sw.js");
        spawn_local(async {
            // Nothing is lost if it does not come: the page opens as long as there is a network.
            drop(JsFuture::from(registered).await);
        });
    }
}

/// What can be known of a page that no server rendered: its address, and the language of the browser.
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

/// Marks the page as alive, for styles and tests, once the effects that run at first have run.
pub(crate) fn mark_hydrated() {
    spawn_local(async { mark_ready() });
}

/// The same, for a page that the program does not take over.
pub(crate) fn mark_ready() {
    mark("data-hydrated");
}

/// Lets a panic be seen: in the console by developers, on the page by everybody.
pub(crate) fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        web_sys::console::error_1(&panic.to_string().into());
        mark("data-broken");
    }));
}

fn mark(attribute: &str) {
    if let Some(root) = document().document_element() {
        _ = root.set_attribute(attribute, "");
    }
}
