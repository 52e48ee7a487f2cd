//! The web client of Hubbub. The server renders a [`Snapshot`] to an HTML document with `document`; the
//! browser hydrates the same components, and `browser/chat_task.rs` connects them to the server.
//!
//! The components decide no rule of the chat: its state comes from `hubbub-client`, and changes are sent to
//! it as intents. Only `browser/` uses browser APIs; the server compiles stubs in its place.

// The type of a view is as deeply nested as its elements.
#![recursion_limit = "256"]
#![expect(unreachable_pub, reason = "the component macro of leptos makes the functions it writes public")]

mod app;
mod browser;
mod client_only;
mod components;
mod conversation;
mod display;
#[cfg(feature = "ssr")]
mod document;
mod effect;
mod hydrated_only;
mod i18n;
mod lazy;
mod lazy_part;
mod pages;
mod route;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
mod shared_snapshot;
mod snapshot;
mod state;

#[cfg(feature = "csr")]
pub use app::mount;
pub use display::{DISPLAY_COOKIE, DisplaySettings, UTC_OFFSET_COOKIE, parse_utc_offset};
#[cfg(feature = "ssr")]
pub use document::{Assets, document};
pub use i18n::{Language, Strings};
pub use route::{message_path, path_to_room, room_path};
#[cfg(feature = "ssr")]
pub use snapshot::{
    AccountAction, AccountPage, AccountSettings, BadRequestReason, Landing, SessionRow, SignInForm,
};
pub use snapshot::{PageSnapshot, RoomPage, Snapshot};

/// Entry point in the browser: hydrates the rendered document.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn hydrate() {
    app::hydrate();
}
