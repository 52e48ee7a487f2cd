//! The topic of a room.

use serde::Serialize;

use crate::stored_text::stored_text;
use crate::{Field, MAX_TOPIC_CHARS, Refusal};

/// One line of at most `MAX_TOPIC_CHARS` characters, without control characters; it may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(max_length = 250))]
pub struct Topic(String);

stored_text!(Topic);

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

    /// Returns whether the room has no topic.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
