//! The tabs of this browser that have the chat open. Each tab has an id, which survives a reload, and a sign in
//! `localStorage`. A tab without a sign is closed. Tabs that ended without an event, in a crash, are found by a
//! question: a tab writes its id to the signs of the others, and open tabs restore theirs. The clock is not used,
//! because it goes on while the device sleeps. Web Locks would be simpler, but are not available over plain HTTP.

use std::cell::{Cell, RefCell};

use js_sys::Reflect;
use leptos::prelude::*;
use web_sys::Storage;

use super::storage::{keys, local_storage, put, tab_storage};
use super::{clock, random};

/// Key under which a tab stores its id.
const ID: &str = "hubbub.tab";
/// Key prefix of the signs. The value is [`OPEN`], [`LEAVING`] or the id of a tab that asks.
const SIGN: &str = "hubbub.alive.";
const OPEN: &str = "1";
/// Sign of a tab that is being closed or reloaded.
const LEAVING: &str = "0";
/// Interval between questions of all tabs, in milliseconds.
const ASK_MILLIS: u64 = 30_000;
/// Half of the time for an answer, in milliseconds. A reload must take less than the whole time.
const ANSWER_MILLIS: u64 = 1_000;

thread_local! {
    static TAB_ID: RefCell<Option<String>> = const { RefCell::new(None) };
    /// Another tab has asked in this interval.
    static IS_ASKED: Cell<bool> = const { Cell::new(false) };
}

pub(super) fn here() -> String {
    TAB_ID.with_borrow_mut(|here| here.get_or_insert_with(find_id).clone())
}

/// Returns whether the tab is open, or has ended so recently that no question has shown it yet.
pub(super) fn is_open(id: &str) -> bool {
    let sign = local_storage().and_then(|store| sign_at(&store, &format!("{SIGN}{id}")));
    sign.is_some_and(|sign| sign != LEAVING)
}

/// Returns whether other tabs have signs. They may have ended in a crash.
pub(super) fn has_others() -> bool {
    local_storage().is_some_and(|store| !others(&store).is_empty())
}

/// Gives signs for the lifetime of the page. Calls `action` when another tab is closed, and when the other tabs have
/// been asked at the start. A hidden tab calls it later, so that a visible one takes over first.
pub(super) fn start(action: impl Fn() + Copy + 'static) {
    let action = move || clock::after(if document().hidden() { ANSWER_MILLIS } else { 0 }, action);
    give_sign();
    if has_others() {
        ask(true, action);
    }
    ask_regularly(action);
    drop(window_event_listener_untyped("pagehide", |_| {
        if let Some(store) = local_storage() {
            _ = store.set_item(&own_sign(), LEAVING);
        }
    }));
    drop(window_event_listener_untyped("pageshow", move |_| answer(action)));
    drop(window_event_listener_untyped("storage", move |event| {
        let text = |name: &str| Reflect::get(&event, &name.into()).ok().and_then(|value| value.as_string());
        let Some(key) = text("key").filter(|key| key.starts_with(SIGN)) else { return };
        let sign = text("newValue");
        if key == own_sign() {
            IS_ASKED.set(true);
            answer(action);
        } else if sign.is_none() {
            action();
        } else if sign.as_deref() == Some(LEAVING) {
            ask(false, action);
        }
    }));
}

fn ask_regularly(action: impl Fn() + Copy + 'static) {
    clock::after(ASK_MILLIS, move || {
        answer(action);
        if !IS_ASKED.replace(false) {
            ask(false, action);
        }
        ask_regularly(action);
    });
}

/// Asks the other tabs whether they are open, and removes the signs of those that do not answer. Then calls `action` if
/// there were any, or if `always` is set.
fn ask(always: bool, action: impl Fn() + Copy + 'static) {
    let Some(store) = local_storage() else { return };
    let asked = others(&store);
    if asked.is_empty() {
        return;
    }
    for key in asked {
        if sign_at(&store, &key).is_some_and(|sign| sign != LEAVING) {
            _ = store.set_item(&key, &here());
        }
    }
    // If the device sleeps while one of the timers runs, it expires too early, and the tabs have the time of the other.
    clock::after(ANSWER_MILLIS, move || {
        clock::after(ANSWER_MILLIS, move || {
            let mut any = always;
            for key in others(&store) {
                // A later question of another tab has the id of that tab.
                if sign_at(&store, &key).is_some_and(|sign| sign == LEAVING || sign == here()) {
                    _ = store.remove_item(&key);
                    any = true;
                }
            }
            if any {
                action();
            }
        });
    });
}

/// Restores the sign. Calls `action` if it was removed, because this tab did not run and others took over what belonged
/// to it.
fn answer(action: impl Fn()) {
    if !give_sign() {
        action();
    }
}

/// Writes the sign. Returns whether there was one.
fn give_sign() -> bool {
    let Some(store) = local_storage() else { return true };
    let had_sign = sign_at(&store, &own_sign()).is_some();
    put(&store, &own_sign(), OPEN);
    had_sign
}

/// Returns the keys of the signs of other tabs.
fn others(store: &Storage) -> Vec<String> {
    let mut others = keys(store, SIGN);
    let own = own_sign();
    others.retain(|key| *key != own);
    others
}

fn sign_at(store: &Storage, key: &str) -> Option<String> {
    store.get_item(key).ok().flatten()
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

fn own_sign() -> String {
    format!("{SIGN}{}", here())
}
