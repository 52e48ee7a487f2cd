//! The tabs of this browser in which the chat is open. Each has an id, which survives a reload, and gives a sign of life
//! from time to time. Web Locks would tell the same, but not over plain HTTP.

use std::cell::RefCell;

use js_sys::Reflect;
use leptos::prelude::*;

use super::storage::{keys, local_storage, tab_storage};
use super::{clock, random};

/// Where a tab keeps its id.
const ID: &str = "hubbub.tab";
/// Begins the keys of the signs of life.
const ALIVE: &str = "hubbub.alive.";
/// How often a tab gives a sign of life, in milliseconds.
const SIGN_MILLIS: u64 = 10_000;
/// After so many milliseconds without one a tab has crashed. Browsers let hidden tabs act once a minute.
const GONE_MILLIS: u64 = 75_000;

thread_local! {
    static HERE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The id of this tab.
pub(super) fn here() -> String {
    HERE.with_borrow_mut(|here| here.get_or_insert_with(find_id).clone())
}

/// Whether a tab is open.
pub(super) fn is_open(id: &str) -> bool {
    let sign = local_storage().and_then(|store| store.get_item(&format!("{ALIVE}{id}")).ok().flatten());
    // Whole numbers: reading and writing fractions takes several kilobytes of code.
    let sign: Option<i64> = sign.and_then(|sign| sign.parse().ok());
    sign.is_some_and(|sign| clock::now().millis().abs_diff(sign) < GONE_MILLIS)
}

/// Gives signs of life for as long as the page lives, and does `action` whenever another tab is closed.
pub(super) fn start(action: impl Fn() + 'static) {
    give_signs();
    drop(window_event_listener_untyped("pagehide", |_| {
        if let Some(store) = local_storage() {
            _ = store.remove_item(&sign_of(&here()));
        }
    }));
    drop(window_event_listener_untyped("pageshow", |_| give_sign()));
    drop(window_event_listener_untyped("storage", move |event| {
        let text = |name: &str| Reflect::get(&event, &name.into()).ok().and_then(|value| value.as_string());
        if text("key").is_some_and(|key| key.starts_with(ALIVE)) && text("newValue").is_none() {
            action();
        }
    }));
}

fn give_signs() {
    give_sign();
    clock::after(SIGN_MILLIS, give_signs);
}

fn give_sign() {
    if let Some(store) = local_storage() {
        for key in keys(&store, ALIVE) {
            if !is_open(&key[ALIVE.len()..]) {
                _ = store.remove_item(&key);
            }
        }
        _ = store.set_item(&sign_of(&here()), &clock::now().millis().to_string());
    }
}

/// A tab that was duplicated has the id of one that is open, and gets another.
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
