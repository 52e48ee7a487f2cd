//! The name of a room.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::{Field, MAX_ROOM_NAME_CHARS, Refusal};

/// A parsed room name: `[A-Za-z0-9_-]{1,64}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
#[cfg_attr(
    feature = "schema",
    derive(utoipa::ToSchema),
    schema(pattern = "^[A-Za-z0-9_-]{1,64}$", example = "general")
)]
pub struct RoomName(String);

impl RoomName {
    /// Parses a room name.
    ///
    /// # Errors
    /// A refusal of the field `room` if the name is empty, too long or contains another character.
    pub fn parse(name: &str) -> Result<Self, Refusal> {
        if name.is_empty() {
            return Err(Refusal::empty(Field::Room));
        }
        if name.len() > MAX_ROOM_NAME_CHARS {
            return Err(Refusal::too_long(Field::Room, MAX_ROOM_NAME_CHARS, "characters"));
        }
        if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-') {
            Ok(Self(name.to_owned()))
        } else {
            Err(Refusal::invalid(
                Field::Room,
                "room must contain only the letters A-Z and a-z, digits, _ and -",
            ))
        }
    }

    /// Wraps a name that was stored or sent by the server, without a check: the rules for new names may have
    /// become stricter. Input of clients is parsed instead.
    #[must_use]
    pub fn from_stored(stored: impl Into<String>) -> Self {
        Self(stored.into())
    }

    /// Returns the name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RoomName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads names that the server or this client wrote before, see [`RoomName::from_stored`]. Input uses plain
/// strings.
impl<'de> Deserialize<'de> for RoomName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}
