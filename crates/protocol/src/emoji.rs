//! The emoji of a reaction.

use serde::Serialize;

use crate::stored_text::stored_text;
use crate::{Field, MAX_EMOJI_BYTES, Refusal};

/// One emoji: a sequence of emoji characters (Unicode Technical Standard #51, section 1.4) of at most
/// 64 bytes. Letters are not accepted, so that a reaction cannot be a word.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(example = "👍"))]
pub struct Emoji(String);

stored_text!(Emoji);

impl Emoji {
    /// Parses an emoji.
    ///
    /// # Errors
    /// A refusal of the field `emoji` if the text is empty, too long or not an emoji.
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
            Err(Refusal::invalid(Field::Emoji, "emoji must be exactly one emoji"))
        }
    }
}

/// Returns whether `character` is in a Unicode block of emoji or is one of the few emoji outside them.
const fn is_pictogram(character: char) -> bool {
    matches!(character,
        '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2194}'..='\u{21AA}'
        | '\u{231A}'..='\u{23FF}' | '\u{24C2}' | '\u{25AA}'..='\u{25FE}' | '\u{2600}'..='\u{27BF}'
        | '\u{2934}'..='\u{2935}' | '\u{2B05}'..='\u{2B55}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}'
        | '\u{1F000}'..='\u{1FAFF}')
}

/// Returns whether `character` joins or modifies emoji: zero width joiner, variation selector, keycap or flag
/// tag.
const fn is_joint(character: char) -> bool {
    matches!(character, '\u{200D}' | '\u{FE0F}' | '\u{20E3}' | '\u{E0020}'..='\u{E007F}')
}

const fn is_key(character: char) -> bool {
    matches!(character, '0'..='9' | '#' | '*')
}
