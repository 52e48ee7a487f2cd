//! The name of a room.

use serde::Serialize;

use crate::stored_text::stored_text;
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

stored_text!(RoomName);

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
}
