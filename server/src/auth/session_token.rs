//! The secret of a session.

use std::fmt;

use sha2::{Digest, Sha256};

/// 32 random bytes: 64 hexadecimal digits in the cookie, and only their SHA-256 in the database. The hash needs no salt
/// or stretching, because 256 random bits cannot be guessed.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct SessionToken(String);

impl SessionToken {
    pub(super) fn random() -> Self {
        Self(hex(&rand::random::<[u8; 32]>()))
    }

    /// Parses the value of a cookie, if it has the form of a token.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let right = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        right.then(|| Self(text.to_owned()))
    }

    pub(super) fn hash(&self) -> String {
        hex(&Sha256::digest(self.0.as_bytes()))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Display for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// This implementation is written by hand, because a derived `Debug` could write the secret to a log.
impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(..)")
    }
}
