//! The name of a user.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::{Field, MAX_USER_NAME_CHARS, Refusal};

/// 1 to 32 characters, without those that could make it look like something else: control characters,
/// invisible ones, those that turn the direction of writing, and `::`, which separates name and text on
/// the plain wire. `system` is the name of notices and belongs to nobody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(max_length = 32))]
pub struct UserName(String);

impl UserName {
    /// Checks `name`, without the white space around it, against the rule.
    ///
    /// # Errors
    /// A refusal of the field `name`.
    pub fn parse(name: &str) -> Result<Self, Refusal> {
        // Before trimming, because a line break is white space too and must be named, not swallowed.
        if name.chars().any(is_deceptive) {
            return Err(Refusal::invalid(
                Field::Name,
                "a name has no line breaks, control or invisible characters",
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
            return Err(Refusal::invalid(Field::Name, "a name does not contain ::"));
        }
        if name.eq_ignore_ascii_case("system") {
            return Err(Refusal::invalid(Field::Name, "the name system is reserved for notices"));
        }
        Ok(Self(name.to_owned()))
    }

    /// A name as it was stored or told by the server, whatever the rule for new names says today.
    /// Input never comes this way: it is parsed.
    #[must_use]
    pub fn from_stored(stored: impl Into<String>) -> Self {
        Self(stored.into())
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// This name with `number` appended, cut to the limit: what a second `ivan` is called.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Self {
        let digits = number.to_string();
        let room = MAX_USER_NAME_CHARS.saturating_sub(digits.len());
        let stem: String = self.0.chars().take(room).collect();
        Self(stem + &digits)
    }

    /// A guest's generated name, `user_xxxxxx##`: six letters and two digits from `random`.
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

    /// What two names must not share to be told apart: the name in lower case.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

/// Control characters, line and paragraph separators, zero-width and bidirectional formatting characters
/// (Unicode Standard Annex #9, section 2), and the ones that fill space without being seen. Joiners, variation selectors
/// and tags belong to letters and emoji; whether they stand where they may, the server decides by tables.
fn is_deceptive(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{180E}'
            | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{2800}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}')
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads what the server or this client wrote before, see [`UserName::from_stored`]. Input has plain strings.
impl<'de> Deserialize<'de> for UserName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}
