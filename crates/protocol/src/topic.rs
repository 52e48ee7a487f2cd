//! The topic of a room.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::{Field, MAX_TOPIC_CHARS, Refusal};

/// One line of at most `MAX_TOPIC_CHARS` characters, without control characters; it may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(max_length = 250))]
pub struct Topic(String);

impl Topic {
    /// Parses a topic and trims white space around it.
    ///
    /// # Errors
    /// A refusal of the field `topic` if the topic is too long or contains control characters.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        if text.chars().any(char::is_control) {
            return Err(Refusal::invalid(Field::Topic, "topic must be one line without control characters"));
        }
        if text.chars().count() > MAX_TOPIC_CHARS {
            return Err(Refusal::too_long(Field::Topic, MAX_TOPIC_CHARS, "characters"));
        }
        Ok(Self(text.to_owned()))
    }

    /// Wraps a topic that was stored or sent by the server, without a check: the rules for new topics may
    /// have become stricter. Input of clients is parsed instead.
    #[must_use]
    pub fn from_stored(stored: impl Into<String>) -> Self {
        Self(stored.into())
    }

    /// Returns the topic as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether the room has no topic.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads topics that the server or this client wrote before, see [`Topic::from_stored`]. Input uses plain
/// strings.
impl<'de> Deserialize<'de> for Topic {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}
