//! Invisible characters that are valid in a name.

use super::property::{is_ideograph, is_letter, is_transparent, is_virama, joins};

const ZERO_WIDTH_NON_JOINER: char = '\u{200C}';
const ZERO_WIDTH_JOINER: char = '\u{200D}';

/// Returns whether an invisible character changes the shape of letters beside it. Comparisons still ignore
/// it.
///
/// - A joiner or non-joiner after a virama (RFC 5892, appendix A.1 and A.2), and a joiner before one, as in
///   Bengali `র‍্য`.
/// - A non-joiner between letters that change their shape. The RFC requires that they would join; keyboards
///   write it in Persian compound names in all cases.
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

/// Returns whether the nearest letter joins. Skips marks across which letters join.
fn joins_at(mut characters: impl Iterator<Item = char>) -> bool {
    characters.find(|character| !is_transparent(*character)).is_some_and(joins)
}
