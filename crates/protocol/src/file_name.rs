//! The name of a file.

use serde::Serialize;

use crate::stored_text::stored_text;
use crate::{Field, MAX_FILE_NAME_BYTES, MAX_RAW_FILE_NAME_BYTES, Refusal};

/// A file name that every file system accepts: 1 to `MAX_FILE_NAME_BYTES` bytes of UTF-8, without a path, without control
/// characters and without characters that hide or reorder others.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(max_length = 255))]
pub struct FileName(String);

stored_text!(FileName);

/// The name of a file whose own name is not usable.
const NAMELESS: &str = "file";
/// Longest extension that a shortened name keeps, in bytes.
const MAX_EXTENSION_BYTES: usize = 16;

impl FileName {
    /// Parses a name and makes it safe: takes what follows the last `/` or `\\`, removes characters that are invisible or
    /// change the direction of text, spaces at both ends and dots at the end, and shortens the name before its extension.
    /// Names that Windows reserves for devices (`CON`, `nul.txt`) get a `_` in front. A name of which nothing is left is
    /// `file`.
    ///
    /// # Errors
    /// A refusal of the field `filename` if the name has more than `MAX_RAW_FILE_NAME_BYTES` bytes.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        if typed.len() > MAX_RAW_FILE_NAME_BYTES {
            return Err(Refusal::too_long(Field::Filename, MAX_RAW_FILE_NAME_BYTES, "bytes"));
        }
        let last = typed.rsplit(['/', '\\']).next().unwrap_or_default();
        let visible: String = last
            .chars()
            .map(|character| if character.is_whitespace() { ' ' } else { character })
            .filter(|character| !is_hidden(*character))
            .collect();
        let trimmed = visible.trim_start().trim_end_matches([' ', '.', '\u{a0}']);
        let (stem, extension) = split(trimmed);
        let stem =
            if stem.trim_matches([' ', '.']).is_empty() && !extension.is_empty() { NAMELESS } else { stem };
        if stem.is_empty() {
            return Ok(Self(NAMELESS.to_owned()));
        }
        let mark = if is_device(stem) { "_" } else { "" };
        let room = MAX_FILE_NAME_BYTES - extension.len() - mark.len();
        let stem = &stem[..stem.floor_char_boundary(room)];
        Ok(Self(format!("{mark}{stem}{extension}")))
    }

    /// Returns the part before the last dot, and the extension with its dot. Views shorten only the first part.
    #[must_use]
    pub fn split(&self) -> (&str, &str) {
        split(&self.0)
    }
}

/// Splits a name before the dot of its extension. A dot at the start does not begin an extension.
fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= MAX_EXTENSION_BYTES => name.split_at(dot),
        _ => (name, ""),
    }
}

/// Returns whether a character is a control, format or private-use character that hides itself or reorders its neighbours.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Returns whether Windows reserves the name for a device, whatever its extension is.
fn is_device(stem: &str) -> bool {
    let base = stem.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |prefix: &str| {
        base.strip_prefix(prefix).is_some_and(|rest| {
            let mut digits = rest.chars();
            matches!((digits.next(), digits.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
        })
    };
    matches!(base.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || numbered("COM")
        || numbered("LPT")
}
