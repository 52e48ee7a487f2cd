//! The page as a whole: where it is, what it was told, how it is doing.

use leptos::prelude::{document, window};

#[cfg(feature = "hydrate")]
use crate::Snapshot;

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

/// What the server wrote into the document.
#[cfg(feature = "hydrate")]
pub(crate) fn snapshot() -> Option<Snapshot> {
    let json = document().get_element_by_id(crate::app::SNAPSHOT_ID)?.text_content()?;
    serde_json::from_str(&json).ok()
}

/// What can be known of a page that no server rendered: its address, and the language of the browser.
#[cfg(feature = "csr")]
pub(crate) fn snapshot_from_address() -> crate::Snapshot {
    use hubbub_protocol::{RoomName, UserId};

    use crate::{Entrance, Language, PageSnapshot, RoomPage};

    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    let search = location.search().unwrap_or_default();
    let acting_as = search
        .trim_start_matches('?')
        .split('&')
        .find_map(|pair| pair.strip_prefix("as=")?.parse().ok())
        .map(UserId);
    let page = match path.strip_prefix("/rooms/").map(RoomName::parse) {
        Some(Ok(room)) => PageSnapshot::Room(Box::new(RoomPage::unread(room, acting_as))),
        Some(Err(problem)) => PageSnapshot::NotFound { problem: Some(problem) },
        None if path == "/" => PageSnapshot::Entrance(Entrance::default()),
        None => PageSnapshot::NotFound { problem: None },
    };
    let language = window().navigator().language().and_then(|tag| Language::from_tag(&tag));
    let language = language.unwrap_or_default();
    let version = env!("CARGO_PKG_VERSION").to_owned();
    if let Some(root) = document().document_element() {
        _ = root.set_attribute("lang", language.tag());
    }
    let snapshot = crate::Snapshot { language, version, page };
    document().set_title(&snapshot.title());
    snapshot
}

/// Marks the page as alive, for styles and tests, once the effects that run at first have run.
pub(crate) fn mark_hydrated() {
    leptos::task::spawn_local(async {
        mark("data-hydrated");
    });
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
