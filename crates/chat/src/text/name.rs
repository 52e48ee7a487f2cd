//! The rules for new names.

use hubbub_protocol::{Field, MAX_USER_NAME_CHARS, Refusal, UserName};
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::props::GeneralCategory;
use unicode_segmentation::UnicodeSegmentation;

use super::emoji::canonical_emoji;
use super::joiner::shapes;
use super::key::one_space;
use super::property::{category, is_default_ignorable, is_mark, is_unassigned, is_unseen, is_visible_sign};
use super::skeletons::NameSkeletons;

/// Maximum marks on one letter (UTS #39, section 5.4). More would overlap the lines above and below.
const MAX_MARKS: usize = 4;
/// The name of notices, which no user can have.
const RESERVED: &str = "system";
/// The separator between name and text on the plain wire.
const SEPARATOR: &str = "::";

/// Returns a user name in the form to display: composed (NFC), with single spaces, and without invisible or
/// deceptive characters.
///
/// # Errors
/// A refusal of the field `name`.
pub fn user_name(typed: &str) -> Result<UserName, Refusal> {
    if typed.chars().any(is_line_break) {
        return Err(invisible());
    }
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(typed);
    let name = UserName::parse(&one_space(&composed))?;
    let text = name.as_str();
    if has_invisible_characters(text) {
        return Err(invisible());
    }
    if text.chars().any(is_unassigned) {
        return Err(refusal("name must contain only assigned Unicode characters"));
    }
    if text.chars().next().is_some_and(is_mark) {
        return Err(refusal("name must not begin with a combining mark"));
    }
    if has_too_many_marks(text) {
        return Err(refusal("name must have at most 4 combining marks per letter, without repetition"));
    }
    if !text.chars().any(is_visible_sign) {
        return Err(refusal("name must contain a letter, digit or symbol"));
    }
    let skeletons = NameSkeletons::of(text);
    let reserved = NameSkeletons::of(RESERVED);
    if skeletons.overlap(&reserved) || NameSkeletons::of(&letters(text)).overlap(&reserved) {
        return Err(refusal("name must not look like system, which is reserved for notices"));
    }
    if skeletons.iter().any(|look| look.contains(SEPARATOR)) {
        return Err(refusal("name must not contain :: or characters that look like it"));
    }
    Ok(name)
}

/// Returns this name with `number` appended, truncated between grapheme clusters: the name of a second
/// `ivan`.
#[must_use]
pub fn numbered(name: &UserName, number: u32) -> UserName {
    let digits = number.to_string();
    let room = MAX_USER_NAME_CHARS.saturating_sub(digits.len());
    let mut stem = String::new();
    for cluster in name.as_str().graphemes(true) {
        if stem.chars().count() + cluster.chars().count() > room {
            break;
        }
        stem.push_str(cluster);
    }
    // A name of one cluster that exceeds the limit leaves no stem, so it is truncated inside the cluster.
    UserName::parse(&(stem + &digits)).unwrap_or_else(|_| name.numbered(number))
}

/// Returns the letters and digits of a name. Marks, spaces and punctuation change little of how a notice looks.
fn letters(name: &str) -> String {
    let decomposed = DecomposingNormalizerBorrowed::new_nfd().normalize(name);
    decomposed.chars().filter(|character| character.is_alphanumeric() && !is_mark(*character)).collect()
}

fn has_invisible_characters(name: &str) -> bool {
    name.grapheme_indices(true).any(|(start, cluster)| {
        if canonical_emoji(cluster).is_some() {
            return false;
        }
        cluster.char_indices().any(|(offset, character)| {
            let (before, rest) = name.split_at(start + offset);
            let after = rest.strip_prefix(character).unwrap_or_default();
            if is_default_ignorable(character) {
                !shapes(before, character, after)
            } else {
                character != ' ' && is_unseen(character)
            }
        })
    })
}

fn has_too_many_marks(name: &str) -> bool {
    let mut run = 0;
    let mut last = None;
    for character in DecomposingNormalizerBorrowed::new_nfd().normalize(name).chars() {
        if !matches!(category(character), GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark) {
            (run, last) = (0, None);
            continue;
        }
        run += 1;
        if run > MAX_MARKS || last == Some(character) {
            return true;
        }
        last = Some(character);
    }
    false
}

fn is_line_break(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

fn invisible() -> Refusal {
    refusal("name must not contain line breaks, control characters or invisible characters")
}

fn refusal(rule: &str) -> Refusal {
    Refusal::invalid(Field::Name, rule)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::NameKey;

    #[test]
    fn accepts_names_of_all_scripts_as_they_are_typed() {
        for name in [
            // Latin, Greek, Cyrillic, Armenian, Georgian
            "alice",
            "Zoë",
            "Łukasz",
            "Nguyễn Thị Ánh",
            "Ὀδυσσεύς",
            "Анна Ёлкина",
            "Արամ",
            "გიორგი",
            // Hebrew with points, Arabic, Persian with a non-joiner, Urdu
            "שָׁלוֹם",
            "محمد",
            "مُحَمَّد",
            "علی\u{200C}رضا",
            "محمد\u{200C}رضا",
            "نیلوفر\u{200C}السادات",
            "عائشہ",
            // Devanagari, Bengali, Tamil, Malayalam, Sinhala, Kannada
            "विष्णु",
            "क्\u{200D}ष",
            "র\u{200D}\u{9CD}যাচেল",
            "অন্\u{200C}য",
            "தமிழ்",
            "അനില്\u{200D}",
            "ശ്രീ\u{D4D}\u{200C}",
            "ශ්\u{200D}රී",
            "ಅಣ್ಣ",
            // Thai, Lao, Khmer, Burmese, Tibetan
            "พี่หมู",
            "ກິ່ງ",
            "សុភា",
            "မောင်",
            "བསྒྲུབས",
            // Chinese, with a variant of a character, Japanese, Korean
            "李小龍",
            "葛\u{E0100}城",
            "太郎",
            "ガンダム",
            "김철수",
            // Ethiopic, Cherokee, Mongolian with a variation selector
            "አበበ",
            "ᏣᎳᎩ",
            "ᠮᠣᠩᠭᠣᠯ",
            "ᠨ\u{180B}ᠠ",
            // Emoji
            "Anna 👍",
            "👩\u{200D}💻",
            "❤\u{FE0F}",
            "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            "1\u{FE0F}\u{20E3}",
            // Digits, symbols, punctuation among letters
            "42",
            "∑",
            "O'Brien",
            "J.-P.",
            "system2",
            "my system",
            "ecosystem",
            "user_kqzvbn42",
            "a:b",
        ] {
            let parsed = user_name(name);
            assert_eq!(parsed.as_ref().map(UserName::as_str), Ok(name), "{}", name.escape_unicode());
        }
    }

    #[test]
    fn composes_letters_and_collapses_white_space() {
        for (typed, shown) in [
            ("Jose\u{301}", "José"),
            ("  Anna \u{A0}\u{3000} Smith\u{2003}", "Anna Smith"),
            ("\u{1112}\u{1161}\u{11AB}", "한"),
            ("Ａｌｉｃｅ", "Ａｌｉｃｅ"),
        ] {
            assert_eq!(user_name(typed).unwrap().as_str(), shown);
        }
    }

    #[test]
    fn rejects_invisible_and_deceptive_names() {
        for name in [
            "",
            " ",
            "\u{3000}",
            "a\nb",
            "a\u{2028}b",
            "a\u{0}",
            // Invisible
            "alice\u{FE0F}",
            "\u{FE0F}",
            "al\u{200D}ice",
            "alice\u{200C}",
            "\u{200B}",
            "\u{200D}",
            "a\u{AD}b",
            "\u{2800}",
            "a\u{2800}",
            "\u{3164}",
            "\u{FFA0}",
            "a\u{E0041}",
            "a\u{E0100}",
            "\u{1D159}",
            "a\u{13441}",
            "a\u{FFF9}b",
            "a\u{34F}b",
            "a\u{180B}",
            "علی\u{200C}",
            "👍\u{200D}",
            "a\u{200C}b",
            "Анна\u{200D}",
            // Bidirectional formatting
            "a\u{202E}b",
            "a\u{2066}b",
            "a\u{200F}",
            // The name of notices, and the separator of the plain wire
            "system",
            "SYSTEM",
            "ｓｙｓｔｅｍ",
            "ſystem",
            "ѕуѕtеm",
            "ЅУЅТЕМ",
            "syst\u{200B}em",
            "system\u{FE0F}",
            " system\u{A0}",
            "𝓼𝔂𝓼𝓽𝓮𝓶",
            "system\u{332}",
            "sy\u{301}stem",
            "ṡẏṣṭèṁ",
            "system.",
            "[system]",
            "sys-tem",
            "s y s t e m",
            "-Ｓystem\u{20DD}",
            "ivan :: hi",
            "ivan ：： hi",
            "ivan ∷ hi",
            "ivan \u{2236}\u{2236} hi",
            "ivan :： hi",
            // Marks
            "\u{301}a",
            "z\u{335}\u{322}\u{348}\u{317}\u{301}",
            "a\u{301}\u{301}",
            // Only punctuation; unassigned characters
            "...",
            "\u{E000}",
            "a\u{378}",
            "\u{FDD0}",
        ] {
            assert!(user_name(name).is_err(), "{}", name.escape_unicode());
        }
        assert!(user_name(&"ы".repeat(32)).is_ok());
        assert!(user_name(&"ы".repeat(33)).is_err());
        assert!(user_name(&"e\u{301}".repeat(32)).is_ok(), "counted as composed");
    }

    #[test]
    fn limits_combining_marks_per_letter() {
        let marks = ['\u{301}', '\u{302}', '\u{308}', '\u{323}', '\u{331}', '\u{20DD}', '\u{489}'];
        for letter in ["a", "ы", "א", "ب", "क", "ก", "字", "1", "👍"] {
            let with = |count: usize| format!("x{letter}{}y", marks[..count].iter().collect::<String>());
            assert!(user_name(&with(4)).is_ok(), "{}", with(4).escape_unicode());
            for count in 5..=marks.len() {
                assert!(user_name(&with(count)).is_err(), "{}", with(count).escape_unicode());
            }
        }
    }

    #[test]
    fn appends_a_number_without_splitting_a_character() {
        for (name, second) in [
            ("ivan".to_owned(), "ivan2".to_owned()),
            ("ы".repeat(32), "ы".repeat(31) + "2"),
            ("x".repeat(30) + "é\u{323}", "x".repeat(30) + "2"),
            ("👩\u{200D}👩\u{200D}👧".repeat(6), "👩\u{200D}👩\u{200D}👧".repeat(6) + "2"),
            (
                "abc".to_owned() + &"👩\u{200D}💻".repeat(9),
                "abc".to_owned() + &"👩\u{200D}💻".repeat(9) + "2",
            ),
        ] {
            let name = user_name(&name).unwrap();
            assert_eq!(numbered(&name, 2).as_str(), second);
            assert!(user_name(&second).is_ok(), "{second}");
        }
        assert_eq!(NameKey::of("Ivan2"), NameKey::of(numbered(&user_name("ivan").unwrap(), 2).as_str()));
    }
}
