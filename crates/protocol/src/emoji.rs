//! An emoji, as it is put to a message.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::{Field, MAX_EMOJI_BYTES, Refusal};

/// One emoji: a sequence of emoji characters (Unicode Technical Standard #51, section 1.4) of at most
/// `MAX_EMOJI_BYTES`. It cannot be a word: nothing here is a letter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(example = "👍"))]
pub struct Emoji(String);

impl Emoji {
    /// Checks `text` against the rule.
    ///
    /// # Errors
    /// A refusal of the field `emoji`.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if text.is_empty() {
            return Err(Refusal::empty(Field::Emoji));
        }
        if text.len() > MAX_EMOJI_BYTES {
            return Err(Refusal::too_long(Field::Emoji, MAX_EMOJI_BYTES, "bytes"));
        }
        let keycap = text.ends_with('\u{20E3}');
        let mut characters = text.chars();
        let begins = characters.next().is_some_and(|first| is_pictogram(first) || (keycap && is_key(first)));
        if begins && characters.all(|character| is_pictogram(character) || is_joint(character)) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refusal::invalid(Field::Emoji, "emoji must be one emoji"))
        }
    }

    /// An emoji as it was stored or told by the server, whatever the rule for new ones says today.
    /// Input never comes this way: it is parsed.
    #[must_use]
    pub fn from_stored(stored: impl Into<String>) -> Self {
        Self(stored.into())
    }

    /// The emoji as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The blocks in which Unicode keeps its emoji, and the few that are elsewhere.
const fn is_pictogram(character: char) -> bool {
    matches!(character,
        '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2194}'..='\u{21AA}'
        | '\u{231A}'..='\u{23FF}' | '\u{24C2}' | '\u{25AA}'..='\u{25FE}' | '\u{2600}'..='\u{27BF}'
        | '\u{2934}'..='\u{2935}' | '\u{2B05}'..='\u{2B55}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}'
        | '\u{1F000}'..='\u{1FAFF}')
}

/// What holds a sequence together: the joiner, the variation selector, the keycap, tags of flags.
const fn is_joint(character: char) -> bool {
    matches!(character, '\u{200D}' | '\u{FE0F}' | '\u{20E3}' | '\u{E0020}'..='\u{E007F}')
}

const fn is_key(character: char) -> bool {
    matches!(character, '0'..='9' | '#' | '*')
}

impl fmt::Display for Emoji {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads what the server or this client wrote before, see [`Emoji::from_stored`]. Input has plain strings.
impl<'de> Deserialize<'de> for Emoji {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}
