//! The text of a message.

use serde::Serialize;

use crate::stored_text::stored_text;
use crate::{Field, MAX_TEXT_BYTES, MAX_TEXT_CHARS, Refusal};

/// 1 to 4,000 characters and at most 16 KiB of UTF-8, not only white space; empty only in a message with attachments. Line breaks are `\n`. Other
/// control characters except the tab are refused, because terminals interpret them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(max_length = 4000))]
pub struct MessageText(String);

stored_text!(MessageText);

impl MessageText {
    /// Parses a text and converts `\r\n` and `\r` to `\n`.
    ///
    /// # Errors
    /// A refusal of the field `text` if the text is empty, too long or contains control characters.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let text = if text.contains('\r') {
            text.replace("\r\n", "\n").replace('\r', "\n")
        } else {
            text.to_owned()
        };
        if text.trim().is_empty() {
            return Err(Refusal::empty(Field::Text));
        }
        Self::checked(text)
    }

    /// Parses the text of a message with attachments, which may be empty or only white space.
    ///
    /// # Errors
    /// A refusal of the field `text` if the text is too long or contains control characters.
    pub fn parse_caption(text: &str) -> Result<Self, Refusal> {
        if text.trim().is_empty() { Ok(Self::default()) } else { Self::parse(text) }
    }

    /// Returns whether the text is empty, which it is only in a message with attachments.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn checked(text: String) -> Result<Self, Refusal> {
        if text.len() > MAX_TEXT_BYTES {
            return Err(Refusal::too_long(Field::Text, MAX_TEXT_BYTES, "bytes"));
        }
        if text.chars().count() > MAX_TEXT_CHARS {
            return Err(Refusal::too_long(Field::Text, MAX_TEXT_CHARS, "characters"));
        }
        if text.chars().any(|character| character.is_control() && character != '\n' && character != '\t') {
            return Err(Refusal::invalid(Field::Text, "text must not contain control characters"));
        }
        Ok(Self(text))
    }
}
