//! What a room is about.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::{Field, MAX_TOPIC_CHARS, Refusal};

/// One line of at most `MAX_TOPIC_CHARS` characters, without control characters; it may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(max_length = 250))]
pub struct Topic(String);

impl Topic {
    /// Checks `text`, without the white space around it, against the rule.
    ///
    /// # Errors
    /// A refusal of the field `topic`.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        if text.chars().any(char::is_control) {
            return Err(Refusal::invalid(Field::Topic, "a topic is one line without control characters"));
        }
        if text.chars().count() > MAX_TOPIC_CHARS {
            return Err(Refusal::too_long(Field::Topic, MAX_TOPIC_CHARS, "characters"));
        }
        Ok(Self(text.to_owned()))
    }

    /// A topic as it was stored or told by the server, whatever the rule for new topics says today.
    /// Input never comes this way: it is parsed.
    #[must_use]
    pub fn from_stored(stored: impl Into<String>) -> Self {
        Self(stored.into())
    }

    /// The topic as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is said.
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

/// Reads what the server or this client wrote before, see [`Topic::from_stored`]. Input has plain strings.
impl<'de> Deserialize<'de> for Topic {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}
