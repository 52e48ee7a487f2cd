//! The view of Hubbub. The server renders a [`Snapshot`] into a whole document with `document`; in the
//! browser the same components take it over and `browser/chat_task.rs` brings them to life.
//!
//! The view knows no rule of the chat: what is true comes from `hubbub-client`, what is wished goes to it.
//! Components get data and give intents; everything that touches the browser is in `browser/`, which has a
//! silent twin for the server.

// A page is one type, as deep as its markup.
#![recursion_limit = "256"]
#![expect(unreachable_pub, reason = "the component macro of leptos makes the functions it writes public")]

#[cfg(feature = "ssr")]
mod account;
mod action;
mod app;
mod browser;
mod chat;
mod completion;
mod components;
#[cfg(feature = "ssr")]
mod document;
mod emoji;
mod html;
mod i18n;
mod lazy;
mod line;
mod pages;
mod place;
mod snapshot;
mod talk;
mod trouble;
mod writing;

#[cfg(feature = "ssr")]
pub use account::{AccountPage, Deed, Desk, Entry, SessionRow, account_document};
#[cfg(feature = "csr")]
pub use app::mount;
#[cfg(feature = "ssr")]
pub use document::{Assets, document};
pub use i18n::{Language, Words};
pub use snapshot::{Entrance, PageSnapshot, RoomPage, Snapshot, line_path, room_path};

/// Takes over the document that the server rendered.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn hydrate() {
    app::hydrate();
}
