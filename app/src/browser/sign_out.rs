//! What is left to do in the browser when somebody has signed out: the server names the user in a cookie, and the next
//! page that comes alive removes what is kept of them. That works over plain HTTP too, where a browser ignores
//! `Clear-Site-Data`, and leaves alone what is kept of other users.

use hubbub_protocol::UserId;
use leptos::prelude::{document, window};

use super::storage::{COPY, keys, local_storage, tab_storage};
use super::{cookie, drafts, unsent};
use crate::Language;

/// The cookie of the server (`server/src/web/account/sign_out.rs`).
const COOKIE: &str = "hubbub_signed_out";
/// As long as the server keeps it.
const MAX_AGE_SECONDS: u32 = 30 * 24 * 60 * 60;

/// Notes that the session of this user was ended, in another tab or from elsewhere.
pub(super) fn note(user: UserId) {
    cookie::set(COOKIE, &user.to_string(), MAX_AGE_SECONDS);
}

/// Removes what is kept of a user who has signed out. Says first what was not sent; the user may leave it for the next
/// time.
pub(super) fn finish() {
    let Some(user) = cookie::get(COOKIE).and_then(|user| user.parse().ok()).map(UserId) else { return };
    cookie::set(COOKIE, "", 0);
    let waiting = unsent::count(user) + drafts::count(user);
    let language =
        document().document_element().and_then(|root| Language::from_tag(&root.get_attribute("lang")?));
    let question = (language.unwrap_or_default().strings().discard_unsent)(waiting);
    if waiting > 0 && !window().confirm_with_message(&question).unwrap_or_default() {
        return;
    }
    unsent::clear(user);
    drafts::clear(user);
    if let Some(store) = tab_storage() {
        _ = store.clear();
    }
    forget_copies(user);
}

/// Removes the local copies of a user's rooms.
fn forget_copies(user: UserId) {
    let Some(store) = local_storage() else { return };
    for whose in ["me".to_owned(), user.to_string()] {
        let whole = store.get_item(&format!("{COPY}{whose}")).ok().flatten();
        if whole.is_some_and(|whole| super::local_copy::is_of(&whole, user)) {
            _ = store.remove_item(&format!("{COPY}{whose}"));
            for key in keys(&store, &format!("{COPY}{whose}.")) {
                _ = store.remove_item(&key);
            }
        }
    }
}
