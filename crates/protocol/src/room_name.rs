//! The name of a room.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::{Field, MAX_ROOM_NAME_CHARS, Refusal};

/// `[A-Za-z0-9_-]{1,64}`, parsed once; whoever holds one need not check again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
#[cfg_attr(
    feature = "schema",
    derive(utoipa::ToSchema),
    schema(pattern = "^[A-Za-z0-9_-]{1,64}$", example = "general")
)]
pub struct RoomName(String);

impl RoomName {
    /// Checks `name` against the rule.
    ///
    /// # Errors
    /// A refusal of the field `room`, when the name is empty, too long or has another character.
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
                "a room name has only the letters A-Z and a-z, digits, _ and -",
            ))
        }
    }

    /// The name as text.
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

impl<'de> Deserialize<'de> for RoomName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&name).map_err(|refusal| serde::de::Error::custom(refusal.message))
    }
}
