//! The tabs of this browser that have the chat open. Each tab has an id, which survives a reload, and writes
//! a heartbeat at regular intervals. Web Locks would be simpler, but are not available over plain HTTP.

use std::cell::RefCell;

use js_sys::Reflect;
use leptos::prelude::*;

use super::storage::{keys, local_storage, tab_storage};
use super::{clock, random};

/// Key under which a tab stores its id.
const ID: &str = "hubbub.tab";
/// Key prefix of the heartbeats.
const ALIVE: &str = "hubbub.alive.";
/// Interval between heartbeats, in milliseconds.
const SIGN_MILLIS: u64 = 10_000;
/// Milliseconds without a heartbeat after which a tab counts as closed. Browsers run timers of hidden tabs
/// only once a minute.
const GONE_MILLIS: u64 = 75_000;

thread_local! {
    static TAB_ID: RefCell<Option<String>> = const { RefCell::new(None) };
}

pub(super) fn here() -> String {
    TAB_ID.with_borrow_mut(|here| here.get_or_insert_with(find_id).clone())
}

pub(super) fn is_open(id: &str) -> bool {
    let sign = local_storage().and_then(|store| store.get_item(&format!("{ALIVE}{id}")).ok().flatten());
    // The time is an integer, because parsing and formatting fractions adds several kilobytes of code.
    let sign: Option<i64> = sign.and_then(|sign| sign.parse().ok());
    sign.is_some_and(|sign| clock::now().millis().abs_diff(sign) < GONE_MILLIS)
}

/// Writes heartbeats for the lifetime of the page, and calls `action` when another tab is closed.
pub(super) fn start(action: impl Fn() + Copy + 'static) {
    give_signs(action);
    drop(window_event_listener_untyped("pagehide", |_| {
        if let Some(store) = local_storage() {
            _ = store.remove_item(&sign_of(&here()));
        }
    }));
    drop(window_event_listener_untyped("pageshow", |_| _ = give_sign()));
    drop(window_event_listener_untyped("storage", move |event| {
        let text = |name: &str| Reflect::get(&event, &name.into()).ok().and_then(|value| value.as_string());
        if text("key").is_some_and(|key| key.starts_with(ALIVE)) && text("newValue").is_none() {
            action();
        }
    }));
}

fn give_signs(action: impl Fn() + Copy + 'static) {
    if give_sign() {
        action();
    }
    clock::after(SIGN_MILLIS, move || give_signs(action));
}

/// Writes the heartbeat of this tab and removes those of tabs that ended without an event, in a crash. Returns
/// whether there were any.
fn give_sign() -> bool {
    let Some(store) = local_storage() else { return false };
    let ended: Vec<String> =
        keys(&store, ALIVE).into_iter().filter(|key| !is_open(&key[ALIVE.len()..])).collect();
    for key in &ended {
        _ = store.remove_item(key);
    }
    _ = store.set_item(&sign_of(&here()), &clock::now().millis().to_string());
    !ended.is_empty()
}

/// Returns the id of this tab. A duplicated tab has the id of an open tab and gets a new one.
fn find_id() -> String {
    let kept = tab_storage().and_then(|store| store.get_item(ID).ok().flatten());
    let id = kept.filter(|id| !is_open(id)).unwrap_or_else(|| random::client_id().to_string());
    if let Some(store) = tab_storage() {
        _ = store.set_item(ID, &id);
    }
    id
}

fn sign_of(id: &str) -> String {
    format!("{ALIVE}{id}")
}
