//! Records that a user was signed out. The script `document/sign_out.js` of the next page removes the stored
//! data of that user.

use hubbub_protocol::UserId;

use super::cookie;

/// Name of the cookie, as in `server/src/web/pages/account/sign_out.rs`.
const COOKIE: &str = "hubbub_signed_out";
/// Lifetime of the cookie, as on the server.
const MAX_AGE_SECONDS: u32 = 30 * 24 * 60 * 60;

/// Records that the session of this user was ended by another tab or device.
pub(super) fn record(user: UserId) {
    cookie::set(COOKIE, &user.to_string(), MAX_AGE_SECONDS);
}
