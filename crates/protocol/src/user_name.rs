//! The name of a user.

use serde::Serialize;

use crate::stored_text::stored_text;
use crate::{Field, MAX_USER_NAME_CHARS, Refusal};

/// 1 to 32 characters. Refused are characters that could imitate another name (control, invisible and
/// bidirectional formatting characters), `::`, which separates name and text on the plain wire, and `system`,
/// which is the name of notices.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(max_length = 32))]
pub struct UserName(String);

stored_text!(UserName);

impl UserName {
    /// Parses a user name and trims white space around it.
    ///
    /// # Errors
    /// A refusal of the field `name` if the name is empty, too long, reserved or contains a forbidden
    /// character.
    pub fn parse(name: &str) -> Result<Self, Refusal> {
        // This check precedes trimming, which would silently remove a line break at the end instead of
        // refusing it.
        if name.chars().any(is_deceptive) {
            return Err(Refusal::invalid(
                Field::Name,
                "name must not contain line breaks, control characters or invisible characters",
            ));
        }
        let name = name.trim();
        if name.is_empty() {
            return Err(Refusal::empty(Field::Name));
        }
        if name.chars().count() > MAX_USER_NAME_CHARS {
            return Err(Refusal::too_long(Field::Name, MAX_USER_NAME_CHARS, "characters"));
        }
        if name.contains("::") {
            return Err(Refusal::invalid(Field::Name, "name must not contain ::"));
        }
        if name.eq_ignore_ascii_case("system") {
            return Err(Refusal::invalid(
                Field::Name,
                "name must not be system, which is reserved for notices",
            ));
        }
        Ok(Self(name.to_owned()))
    }

    /// Returns this name with `number` appended, truncated to the limit: the name of a second `ivan`.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Self {
        let digits = number.to_string();
        let room = MAX_USER_NAME_CHARS.saturating_sub(digits.len());
        let stem: String = self.0.chars().take(room).collect();
        Self(stem + &digits)
    }

    /// Returns a generated name for a guest, `user_xxxxxx##`, with six letters and two digits from `random`.
    #[must_use]
    pub fn generated(random: u64) -> Self {
        let mut rest = random;
        let mut name = String::from("user_");
        for _ in 0..6 {
            name.push(char::from(b'a' + u8::try_from(rest % 26).unwrap_or(0)));
            rest /= 26;
        }
        let number = rest % 100;
        name.push_str(&format!("{number:02}"));
        Self(name)
    }

    /// Returns the name in lower case. Two users must not have names that are equal in this form.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

/// Returns whether `character` is a control character, a separator of lines or paragraphs, invisible, or a
/// bidirectional formatting character (Unicode Standard Annex #9, section 2). Joiners, variation selectors
/// and tags are parts of letters and emoji; the server checks their position with Unicode tables.
fn is_deceptive(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{180E}'
            | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{2800}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}')
}
