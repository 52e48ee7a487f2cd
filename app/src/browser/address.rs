//! The address of the page. A link to a room changes the address and the page in place. Other links, and
//! links that are clicked with a modifier key, keep the default action of the browser.

use hubbub_protocol::UserId;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

use super::{overlay_history, tab};
use crate::route::Route;
use crate::state::ChatSignals;

/// Handles link clicks and the back button for the lifetime of the page.
pub(crate) fn start(chat: ChatSignals) {
    // Dropping the handle does not remove the listener, which lives as long as the page.
    drop(window_event_listener(ev::click, move |event| {
        let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
        if modified || event.button() != 0 || event.default_prevented() {
            return;
        }
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = target.and_then(|target| target.closest("a[href]").ok().flatten());
        if let Some(route) = link.and_then(|link| route_of_link(&link, chat.acting_as)) {
            event.prevent_default();
            go(chat, route);
        }
    }));
    overlay_history::start();
    drop(window_event_listener(ev::popstate, move |_| match here() {
        _ if overlay_history::handle_step_back() => {}
        Some((route, acting_as)) if acting_as == chat.acting_as => chat.route.set(route),
        _ => tab::reload(),
    }));
}

/// Navigates to the route and adds a history entry.
pub(crate) fn go(chat: ChatSignals, route: Route) {
    // A second request for the same message scrolls to it again, without another history entry.
    if chat.route.with_untracked(|before| *before != route) {
        let path = route.path(chat.acting_as);
        let pushed = window().history().and_then(|history| {
            if overlay_history::release_entry() {
                history.replace_state_with_url(&JsValue::NULL, "", Some(&path))
            } else {
                history.push_state_with_url(&JsValue::NULL, "", Some(&path))
            }
        });
        if pushed.is_err() {
            // Browsers limit the rate of history changes. Beyond the limit, the page is loaded normally.
            _ = window().location().set_href(&path);
            return;
        }
    }
    close_drawers();
    chat.route.set(route);
}

/// Navigates to the landing page, which is another document.
pub(crate) fn to_entrance(chat: ChatSignals) {
    let path = match chat.acting_as {
        Some(user) => format!("/?as={user}"),
        None => "/".to_owned(),
    };
    _ = window().location().set_href(&path);
}

/// The route of the current address, and the id of the user for whom the address asks.
pub(crate) fn here() -> Option<(Route, Option<UserId>)> {
    let location = window().location();
    Route::parse(&location.pathname().ok()?, &location.search().ok()?)
}

/// Replaces the current address without adding a history entry.
pub(crate) fn correct(route: &Route, acting_as: Option<UserId>) {
    if let Ok(history) = window().history() {
        _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&route.path(acting_as)));
    }
}

/// The route of a link, if the page can change to it without a load.
fn route_of_link(link: &Element, acting_as: Option<UserId>) -> Option<Route> {
    let href = link.get_attribute("href")?;
    // Users write or paste links to this server in messages. The server does not know its public address, so
    // only the browser can recognize them.
    let written = href.strip_prefix(&tab::origin());
    let stays = link.get_attribute("target").is_none_or(|target| target == "_self");
    if !(stays || written.is_some()) || link.has_attribute("download") {
        return None;
    }
    let path = written.unwrap_or(&href);
    let (path, _) = path.split_once('#').unwrap_or((path, ""));
    let (path, search) = path.split_once('?').unwrap_or((path, ""));
    let (route, linked_as) = Route::parse(path, search)?;
    // A pasted link may name the user who copied it. Another user who follows it stays signed in as before.
    (written.is_some() || linked_as.is_none() || linked_as == acting_as).then_some(route)
}

/// Closes the drawers that cover the page on a narrow screen.
fn close_drawers() {
    while let Ok(Some(drawer)) = document().query_selector(":popover-open") {
        let closed = drawer.dyn_into::<HtmlElement>().is_ok_and(|drawer| drawer.hide_popover().is_ok());
        if !closed {
            return;
        }
    }
}
