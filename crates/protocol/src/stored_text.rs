//! What the text types have in common, whatever their rules for input are.

/// Implements the parts of a text type that do not depend on its rules.
macro_rules! stored_text {
    ($name:ident) => {
        impl $name {
            /// Wraps a value that was stored or sent by the server, without a check: the rules for new values
            /// may have become stricter. Input of clients is parsed instead.
            #[must_use]
            pub fn from_stored(stored: impl Into<String>) -> Self {
                Self(stored.into())
            }

            /// Returns the value as a string slice.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        /// Reads values that the server or this client wrote before, see `from_stored`. Input uses plain
        /// strings.
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self)
            }
        }
    };
}

pub(crate) use stored_text;
