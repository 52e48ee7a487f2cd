//! The preparation of passwords for comparison.

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::props::GeneralCategory;

use super::property::category;

/// Prepares a password by the profile OpaqueString (RFC 8265, section 4.2): spaces become U+0020 and letters
/// are composed (NFC), so that the same password from another keyboard has the same bytes.
///
/// Characters that the profile forbids are accepted, because refusing a password makes users choose a weaker
/// one (NIST SP 800-63B, section 3.1.1.2, accepts all of Unicode).
#[must_use]
pub fn prepare_password(typed: &str) -> String {
    let is_space = |character| category(character) == GeneralCategory::SpaceSeparator;
    let spaced: String =
        typed.chars().map(|character| if is_space(character) { ' ' } else { character }).collect();
    ComposingNormalizerBorrowed::new_nfc().normalize(&spaced).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalizes_passwords_of_different_keyboards() {
        for (typed, prepared) in [
            ("café au lait", "café au lait"),
            ("cafe\u{301} au lait", "café au lait"),
            ("café\u{A0}au\u{3000}lait", "café au lait"),
            ("한국어", "한국어"),
            ("\u{1112}\u{1161}\u{11AB}국어", "한국어"),
            (" two  spaces ", " two  spaces "),
            ("Ａ\u{FE0F}ﬁ", "Ａ\u{FE0F}ﬁ"),
            ("tab\tstays", "tab\tstays"),
        ] {
            assert_eq!(prepare_password(typed), prepared);
        }
        assert_ne!(prepare_password("Café"), prepare_password("café"), "case counts");
    }
}
