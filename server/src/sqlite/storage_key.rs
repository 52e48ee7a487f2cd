//! The name of a stored object, which is also the name of its upload.

use std::fmt;

/// Hexadecimal digits of a key.
const DIGITS: usize = 32;

/// The name of a stored object: 128 random bits as 32 hexadecimal digits. No part of it comes from a user.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct StorageKey(String);

impl StorageKey {
    /// Generates a key.
    pub(crate) fn random() -> Self {
        Self(format!("{:032x}", rand::random::<u128>()))
    }

    /// Parses a key; `None` for any text that [`StorageKey::random`] cannot have generated.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (text.len() == DIGITS && text.bytes().all(is_digit)).then(|| Self(text.to_owned()))
    }

    /// Reads a key of the database. A text that is no key names no object, so reading its file fails, and no path outside
    /// of the storage is used.
    pub(super) fn from_stored(text: &str) -> Self {
        Self::parse(text).unwrap_or_else(|| Self("0".repeat(DIGITS)))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StorageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_only_generated_keys() {
        let key = StorageKey::random();
        assert_eq!(StorageKey::parse(key.as_str()), Some(key.clone()));
        let short = &key.as_str()[1..];
        for text in [
            "",
            "..",
            short,
            &format!("{key}0"),
            &format!("/{short}"),
            &format!("G{short}"),
            &format!("A{short}"),
        ] {
            assert_eq!(StorageKey::parse(text), None, "{text}");
        }
    }
}
