//! Where one is. A link to a room changes the address and the page in place; any other link, and any that is
//! pressed with a key that means "elsewhere", does what the browser does.

use hubbub_protocol::UserId;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

use super::{overlay_history, tab};
use crate::route::Route;
use crate::state::ChatSignals;

/// Follows links, and the browser's way back, for as long as the page lives.
pub(crate) fn start(chat: ChatSignals) {
    // A listener's handle does nothing when it is dropped; the page never takes these back.
    drop(window_event_listener(ev::click, move |event| {
        let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
        if modified || event.button() != 0 || event.default_prevented() {
            return;
        }
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = target.and_then(|target| target.closest("a[href]").ok().flatten());
        if let Some(route) = link.and_then(|link| place_of_link(&link, chat.acting_as)) {
            event.prevent_default();
            go(chat, route);
        }
    }));
    overlay_history::start();
    drop(window_event_listener(ev::popstate, move |_| match here() {
        _ if overlay_history::takes_step_back() => {}
        Some((route, acting_as)) if acting_as == chat.acting_as => chat.route.set(route),
        _ => tab::reload(),
    }));
}

/// Goes to the place, and remembers the way back.
pub(crate) fn go(chat: ChatSignals, route: Route) {
    // To ask once more for the same line is to want to see it, but no further step.
    if chat.route.with_untracked(|before| *before != route) {
        let path = route.path(chat.acting_as);
        let pushed = window().history().and_then(|history| {
            if overlay_history::gives_up_entry() {
                history.replace_state_with_url(&JsValue::NULL, "", Some(&path))
            } else {
                history.push_state_with_url(&JsValue::NULL, "", Some(&path))
            }
        });
        if pushed.is_err() {
            // Browsers allow only so many steps in so short a time.
            _ = window().location().set_href(&path);
            return;
        }
    }
    close_drawers();
    chat.route.set(route);
}

/// Goes to the entrance, which is another page.
pub(crate) fn to_entrance(chat: ChatSignals) {
    let path = match chat.acting_as {
        Some(user) => format!("/?as={user}"),
        None => "/".to_owned(),
    };
    _ = window().location().set_href(&path);
}

/// The place the address names, and whom.
pub(crate) fn here() -> Option<(Route, Option<UserId>)> {
    let location = window().location();
    Route::parse(&location.pathname().ok()?, &location.search().ok()?)
}

/// Makes `place` the address without a step.
pub(crate) fn correct(route: &Route, acting_as: Option<UserId>) {
    if let Ok(history) = window().history() {
        _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&route.path(acting_as)));
    }
}

/// The place a link leads to, if it can be gone to in place.
fn place_of_link(link: &Element, acting_as: Option<UserId>) -> Option<Route> {
    let href = link.get_attribute("href")?;
    // Somebody wrote it, or pasted it. To the server it leads elsewhere, for all it knows of its own address; that
    // it leads back here shows only now.
    let written = href.strip_prefix(&tab::origin());
    let stays = link.get_attribute("target").is_none_or(|target| target == "_self");
    if !(stays || written.is_some()) || link.has_attribute("download") {
        return None;
    }
    let path = written.unwrap_or(&href);
    let (path, _) = path.split_once('#').unwrap_or((path, ""));
    let (path, search) = path.split_once('?').unwrap_or((path, ""));
    let (route, linked_as) = Route::parse(path, search)?;
    // A link in a message names nobody but whoever has pasted it, and whoever follows it stays who they are.
    (written.is_some() || linked_as.is_none() || linked_as == acting_as).then_some(route)
}

/// What lies over the page on a narrow screen is in the way after a step.
fn close_drawers() {
    while let Ok(Some(drawer)) = document().query_selector(":popover-open") {
        let closed = drawer.dyn_into::<HtmlElement>().is_ok_and(|drawer| drawer.hide_popover().is_ok());
        if !closed {
            return;
        }
    }
}
