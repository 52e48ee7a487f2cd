//! The comparison of names.

use std::fmt;

use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizerBorrowed;

use super::property::is_default_ignorable;

/// Maximum rounds until folding is stable: the first changes the text and the second finds no change. Some
/// characters need another round, because normalization turns them into capital letters.
const MAX_ROUNDS: usize = 4;

/// The key by which names are compared: `NFKC_Casefold` (Unicode Standard, section 5.18) with single spaces,
/// as in the profile Nickname (RFC 8266, section 2.4). Names with equal keys are the same name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameKey(String);

impl NameKey {
    /// Returns the key of a name, or of text typed as a name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self(fold(name))
    }

    /// Returns the key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NameKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns the text without differences that a search ignores: case, width, composition of letters, invisible
/// characters and the number of spaces.
#[must_use]
pub fn fold(text: &str) -> String {
    // The rules below change only case and spaces of ASCII text, so this shortcut has the same result.
    if text.is_ascii() {
        return one_space(&text.to_ascii_lowercase());
    }
    let mut folded = round(text);
    for _ in 1..MAX_ROUNDS {
        let again = round(&folded);
        if again == folded {
            break;
        }
        folded = again;
    }
    folded
}

fn round(text: &str) -> String {
    let nfkc = ComposingNormalizerBorrowed::new_nfkc();
    let visible: String =
        nfkc.normalize(text).chars().filter(|character| !is_default_ignorable(*character)).collect();
    let folded = nfkc.normalize(&CaseMapper::new().fold_string(&visible)).into_owned();
    one_space(&folded)
}

/// Replaces each run of white space by one space and trims the text.
pub(super) fn one_space(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_has_the_key_of_the_general_rules() {
        for one in 0..128_u8 {
            for other in 0..128_u8 {
                let text: String = [b'a', one, other, b'Z'].iter().map(|byte| char::from(*byte)).collect();
                assert_eq!(fold(&text), round(&text), "{text:?}");
            }
        }
    }

    #[test]
    fn all_spellings_of_a_name_have_one_key() {
        for (names, key) in [
            (
                &[
                    "alice",
                    "ALICE",
                    " Alice ",
                    "alice\u{FE0F}",
                    "ａｌｉｃｅ",
                    "al\u{200B}ice",
                    "alice\u{3000}",
                ][..],
                "alice",
            ),
            (
                &["Anna Smith", "Anna\u{A0}Smith", "Anna  Smith", "anna\u{3000}SMITH", "Anna\u{2009} Smith"],
                "anna smith",
            ),
            (&["José", "Jose\u{301}", "JOSE\u{301}"], "josé"),
            (&["ſystem", "System", "ｓｙｓｔｅｍ"], "system"),
            (&["Straße", "STRASSE", "straſſe"], "strasse"),
            (&["Ὀδυσσεύς", "ὈΔΥΣΣΕΎΣ"], "ὀδυσσεύσ"),
            (&["ﬁona", "Fiona"], "fiona"),
            (&["Анна", "АННА"], "анна"),
            (&["علی\u{200C}رضا", "علیرضا"], "علیرضا"),
            (&["ﻋﻠﻲ", "علي"], "علي"),
            (&["ｶﾞﾄﾞ", "ガド", "カ\u{3099}ト\u{3099}"], "ガド"),
            (&["각", "\u{1100}\u{1161}\u{11A8}"], "각"),
            (&["Å", "\u{212B}", "A\u{30A}"], "å"),
            (&["ᏣᎳᎩ", "ꮳꮃꭹ"], "ᏣᎳᎩ"),
            (&["Ⅷ", "viii", "VIII"], "viii"),
            (&["İ", "i\u{307}"], "i\u{307}"),
            (&["২", "২"], "২"),
        ] {
            for name in names {
                assert_eq!(NameKey::of(name).as_str(), key, "{}", name.escape_unicode());
            }
        }
    }

    #[test]
    fn different_names_have_different_keys() {
        for (one, other) in
            [("Anna", "Ana"), ("José", "Jose"), ("ı", "i"), ("علی", "علي"), ("한", "하"), ("a b", "ab")]
        {
            assert_ne!(NameKey::of(one), NameKey::of(other), "{one} {other}");
        }
    }

    #[test]
    fn key_is_idempotent() {
        // Tests every 31st character, because all characters take a minute. The prime step reaches every
        // script.
        for character in (0..=0x3_FFFF).step_by(31).filter_map(char::from_u32) {
            let key = fold(&format!("a{character}b"));
            assert_eq!(fold(&key), key, "{}", character.escape_unicode());
        }
    }
}
