//! Notes that a user was signed out. The script `document/sign_out.js` of the next page removes what is kept of them.

use hubbub_protocol::UserId;

use super::cookie;

/// The cookie of the server (`server/src/web/account/sign_out.rs`).
const COOKIE: &str = "hubbub_signed_out";
/// As long as the server keeps it.
const MAX_AGE_SECONDS: u32 = 30 * 24 * 60 * 60;

/// Notes that the session of this user was ended, in another tab or from elsewhere.
pub(super) fn note(user: UserId) {
    cookie::set(COOKIE, &user.to_string(), MAX_AGE_SECONDS);
}
