//! Characters that are not seen and still belong to a name.

use super::property::{is_ideograph, is_letter, is_transparent, is_virama, joins};

const ZERO_WIDTH_NON_JOINER: char = '\u{200C}';
const ZERO_WIDTH_JOINER: char = '\u{200D}';

/// Whether an invisible character shapes the letters beside it. Comparison leaves it out all the same.
///
/// - A joiner or non-joiner after a virama (RFC 5892, appendix A.1 and A.2), and a joiner before one: Bengali writes
///   `র‍্য` so.
/// - A non-joiner between letters that change their shape. The RFC demands that they would join; keyboards write it in
///   Persian compound names whether they would or not.
/// - A variation selector after a Chinese character (UTS #37) or a Mongolian letter.
pub(super) fn shapes(before: &str, character: char, after: &str) -> bool {
    let previous = before.chars().next_back();
    match character {
        ZERO_WIDTH_NON_JOINER => {
            previous.is_some_and(is_virama) || (joins_at(before.chars().rev()) && joins_at(after.chars()))
        }
        ZERO_WIDTH_JOINER => {
            previous.is_some_and(is_virama)
                || (previous.is_some_and(is_letter) && after.chars().next().is_some_and(is_virama))
        }
        '\u{FE00}'..='\u{FE02}' | '\u{E0100}'..='\u{E01EF}' => previous.is_some_and(is_ideograph),
        '\u{180B}'..='\u{180D}' | '\u{180F}' => {
            previous.is_some_and(|previous| matches!(previous, '\u{1820}'..='\u{18AA}'))
        }
        _ => false,
    }
}

/// Whether the nearest letter joins; marks that letters join across do not count.
fn joins_at(mut characters: impl Iterator<Item = char>) -> bool {
    characters.find(|character| !is_transparent(*character)).is_some_and(joins)
}
