//! Addresses that give access to one file without a session, for the pictures of clients that cannot send a cookie or an
//! `Authorization` header. Such an address is valid for a short time, and only while the user who got it is a member of
//! the file's room.

use std::time::Duration;

use hmac::digest::InvalidLength;
use hmac::{Hmac, Mac};
use hubbub_protocol::{FileId, Timestamp, UserId};
use sha2::Sha256;

/// Time for which an address is valid.
pub(crate) const ADDRESS_LIFETIME: Duration = Duration::from_secs(60 * 60);
/// Separates this use of the secret, so that no other signed value can be used in an address.
const PURPOSE: &[u8] = b"hubbub file address 1\0";

/// Signs and verifies addresses of files.
#[derive(Clone)]
pub(crate) struct AddressSigner {
    mac: Hmac<Sha256>,
}

/// The query of a signed address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SignedQuery {
    /// The user who got the address.
    pub(crate) user: UserId,
    /// When it expires, in seconds since 1970.
    expires: i64,
    signature: Vec<u8>,
}

impl AddressSigner {
    /// # Errors
    /// Never: HMAC accepts keys of any length (RFC 2104, section 2).
    pub(crate) fn new(secret: &[u8]) -> Result<Self, InvalidLength> {
        Ok(Self { mac: Hmac::new_from_slice(secret)? })
    }

    /// Returns the query of an address that is valid until [`ADDRESS_LIFETIME`] after `now`, and when it expires. `since`
    /// is when the membership of the user began, so that another membership makes the address invalid.
    pub(crate) fn sign(
        &self,
        file: FileId,
        user: UserId,
        since: &str,
        now: Timestamp,
    ) -> (String, Timestamp) {
        let lifetime = i64::try_from(ADDRESS_LIFETIME.as_secs()).unwrap_or_default();
        let expires = now.millis().div_euclid(1_000) + lifetime;
        let signature = self.mac(file, user, since, expires).finalize().into_bytes();
        let signature: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
        let query = format!("user={user}&expires={expires}&signature={signature}");
        (query, Timestamp::from_millis(expires * 1_000))
    }

    /// Returns whether the signature of a query is valid for a file at this time. Signatures are compared in constant time, so
    /// that the time of an answer tells nothing about the right one.
    pub(crate) fn verify(&self, query: &SignedQuery, file: FileId, since: &str, now: Timestamp) -> bool {
        let is_current = now.millis().div_euclid(1_000) < query.expires;
        is_current && self.mac(file, query.user, since, query.expires).verify_slice(&query.signature).is_ok()
    }

    fn mac(&self, file: FileId, user: UserId, since: &str, expires: i64) -> Hmac<Sha256> {
        self.mac.clone().chain_update(PURPOSE).chain_update(format!("{file} {user} {expires} {since}"))
    }
}

impl SignedQuery {
    /// Parses the query of an address. `None` if it has no signature or is not complete.
    pub(crate) fn parse(query: &str) -> Option<Self> {
        let value = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
        };
        let signature = value("signature")?;
        let byte = |start: usize| u8::from_str_radix(signature.get(start..start + 2)?, 16).ok();
        Some(Self {
            user: UserId(value("user")?.parse().ok()?),
            expires: value("expires")?.parse().ok()?,
            signature: (0..signature.len()).step_by(2).map(byte).collect::<Option<_>>()?,
        })
    }
}

/// This implementation is written by hand, because a derived `Debug` could write the key to a log.
impl std::fmt::Debug for AddressSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AddressSigner(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SINCE: &str = "2026-01-01T00:00:00.000Z";

    fn now() -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000)
    }

    fn is_valid(signer: &AddressSigner, query: &str, file: i64, since: &str, now: Timestamp) -> bool {
        SignedQuery::parse(query).is_some_and(|query| signer.verify(&query, FileId(file), since, now))
    }

    #[test]
    fn is_valid_for_one_file_one_membership_and_one_hour() {
        let signer = AddressSigner::new(b"a key").unwrap();
        let (query, expires) = signer.sign(FileId(7), UserId(3), SINCE, now());
        assert_eq!(expires.millis() - now().millis(), 60 * 60 * 1_000);
        assert!(is_valid(&signer, &query, 7, SINCE, now()));
        assert!(is_valid(&signer, &query, 7, SINCE, Timestamp::from_millis(expires.millis() - 1)));
        assert!(!is_valid(&signer, &query, 7, SINCE, expires));
        assert!(!is_valid(&signer, &query, 8, SINCE, now()));
        assert!(
            !is_valid(&signer, &query, 7, "2026-01-02T00:00:00.000Z", now()),
            "the user has joined again"
        );
        let other = AddressSigner::new(b"another key").unwrap();
        assert!(!is_valid(&other, &query, 7, SINCE, now()));
    }

    #[test]
    fn rejects_any_modification() {
        let signer = AddressSigner::new(b"a key").unwrap();
        let (query, _) = signer.sign(FileId(7), UserId(3), SINCE, now());
        for place in 0..query.len() {
            let mut forged = query.clone().into_bytes();
            forged[place] = if forged[place] == b'8' { b'9' } else { b'8' };
            let forged = String::from_utf8(forged).unwrap();
            assert!(!is_valid(&signer, &forged, 7, SINCE, now()), "{forged}");
        }
        for garbage in [
            "",
            "user=3",
            "user=3&expires=9999999999999",
            "user=3&expires=9999999999999&signature=",
            "user=3&expires=1&signature=é",
            "user=3&expires=1&signature=0",
        ] {
            assert!(!is_valid(&signer, garbage, 7, SINCE, now()), "{garbage}");
        }
    }
}
