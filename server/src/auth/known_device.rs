//! Browsers that have signed in to an account before.
//!
//! Sign-in attempts are counted per account, so an attacker who guesses could lock its owner out. A browser that has
//! signed in before therefore has attempts of its own, as in OWASP's "device cookies": a signed cookie that names only
//! the account. It does not authenticate.

use axum::http::HeaderMap;
use hmac::digest::InvalidLength;
use hmac::{Hmac, Mac};
use hubbub_protocol::UserId;
use sha2::Sha256;

use super::session_cookie::SessionCookie;
use crate::limits::SignInAttempt;

/// Maximum number of accounts for which one browser is known; the least recently used is removed.
const MAX_ACCOUNTS: usize = 5;
/// Separates this use of the secret, so that no other signed value can be used as a known device.
const PURPOSE: &[u8] = b"hubbub known device 1\0";

/// Creates and verifies the cookies of known devices.
#[derive(Clone)]
pub(crate) struct KnownDevices {
    mac: Hmac<Sha256>,
}

/// One account in one browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct KnownDevice {
    user: UserId,
    random: u128,
}

impl KnownDevice {
    /// Returns the key by which sign-in attempts of this browser are counted.
    pub(super) const fn attempt(self) -> SignInAttempt {
        SignInAttempt::KnownDevice { account: self.user, device: self.random }
    }
}

impl KnownDevices {
    /// # Errors
    /// Never: HMAC accepts keys of any length (RFC 2104, section 2).
    pub(crate) fn new(secret: &[u8]) -> Result<Self, InvalidLength> {
        Ok(Self { mac: Hmac::new_from_slice(secret)? })
    }

    /// Returns the entry of a browser that has signed in to this account before.
    pub(super) fn find(
        &self,
        cookie: &SessionCookie,
        headers: &HeaderMap,
        user: UserId,
    ) -> Option<KnownDevice> {
        self.entries(cookie, headers).into_iter().find(|device| device.user == user)
    }

    /// Returns the cookie value for a browser that has signed in to this account now.
    pub(super) fn remember(&self, cookie: &SessionCookie, headers: &HeaderMap, user: UserId) -> String {
        let before = self.entries(cookie, headers);
        let known = before.iter().find(|device| device.user == user).copied();
        let device = known.unwrap_or_else(|| KnownDevice { user, random: rand::random() });
        let others = before.into_iter().filter(|other| other.user != user);
        let devices = std::iter::once(device).chain(others).take(MAX_ACCOUNTS);
        devices.map(|device| self.write(device)).collect::<Vec<_>>().join(".")
    }

    fn entries(&self, cookie: &SessionCookie, headers: &HeaderMap) -> Vec<KnownDevice> {
        let entries = cookie.known_devices(headers).flat_map(|value| value.split('.'));
        entries.filter_map(|entry| self.read(entry)).take(MAX_ACCOUNTS).collect()
    }

    /// Returns `None` if the signature is wrong. The comparison takes constant time.
    fn read(&self, entry: &str) -> Option<KnownDevice> {
        let mut parts = entry.split('-');
        let user = UserId(parts.next()?.parse().ok()?);
        let random = u128::from_str_radix(parts.next()?, 16).ok()?;
        let signature = parts.next()?;
        let byte = |start: usize| u8::from_str_radix(signature.get(start..start + 2)?, 16).ok();
        let signature: Option<Vec<u8>> = (0..signature.len()).step_by(2).map(byte).collect();
        let device = KnownDevice { user, random };
        self.sign(&signed(device)).verify_slice(&signature?).is_ok().then_some(device)
    }

    /// Encodes an entry as `7-0f3a...-9c41...`: the user, 128 random bits, and the signature of both.
    fn write(&self, device: KnownDevice) -> String {
        let signed = signed(device);
        let signature = self.sign(&signed).finalize().into_bytes();
        let signature: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{signed}-{signature}")
    }

    fn sign(&self, text: &str) -> Hmac<Sha256> {
        self.mac.clone().chain_update(PURPOSE).chain_update(text)
    }
}

fn signed(KnownDevice { user, random }: KnownDevice) -> String {
    format!("{user}-{random:032x}")
}

/// This implementation is written by hand, because a derived `Debug` could write the key to a log.
impl std::fmt::Debug for KnownDevices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KnownDevices(..)")
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, header};

    use super::*;

    fn headers(cookie: &SessionCookie, value: &str) -> HeaderMap {
        let pair = cookie.with_known_devices(value.to_owned()).to_string();
        let pair = pair.split(';').next().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(pair).unwrap());
        headers
    }

    #[test]
    fn recognizes_a_browser_only_for_its_accounts() {
        let (devices, cookie) = (KnownDevices::new(b"a key").unwrap(), SessionCookie::new("0", false));
        let mut value = String::new();
        for user in 1..=7 {
            value = devices.remember(&cookie, &headers(&cookie, &value), UserId(user));
        }
        let headers = headers(&cookie, &value);
        let known: Vec<bool> =
            (1..=8).map(|user| devices.find(&cookie, &headers, UserId(user)).is_some()).collect();
        assert_eq!(known, [false, false, true, true, true, true, true, false], "the last five");
        let again = devices.remember(&cookie, &headers, UserId(7));
        assert_eq!(again, value, "it has no further attempts by signing in again");
    }

    #[test]
    fn rejects_any_modification() {
        let (devices, cookie) = (KnownDevices::new(b"a key").unwrap(), SessionCookie::new("0", false));
        let value = devices.remember(&cookie, &HeaderMap::new(), UserId(7));
        for place in 0..value.len() {
            let mut forged = value.clone().into_bytes();
            forged[place] = if forged[place] == b'8' { b'9' } else { b'8' };
            let headers = headers(&cookie, std::str::from_utf8(&forged).unwrap());
            for user in [7, 8, 9] {
                assert_eq!(devices.find(&cookie, &headers, UserId(user)), None, "at {place}");
            }
        }
        let others = KnownDevices::new(b"another key").unwrap();
        assert_eq!(others.find(&cookie, &headers(&cookie, &value), UserId(7)), None);
        for garbage in ["", "-", "--", "7-", "7-0-", "7-0-0", "7-0-é", "x.7..-"] {
            assert_eq!(devices.find(&cookie, &headers(&cookie, garbage), UserId(7)), None, "{garbage}");
        }
    }
}
