//! Compares the ranges with the Unicode tables.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use super::*;

/// Returns the assigned characters in order.
fn characters() -> impl Iterator<Item = char> {
    ('\0'..=char::MAX).filter(|character| character.general_category() != GeneralCategory::Unassigned)
}

#[test]
fn words_consist_of_letters_marks_and_digits() {
    for character in characters().filter(|character| !is_ignorable(*character)) {
        let category = character.general_category();
        let combines = matches!(category, GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark);
        assert_eq!(
            is_of_word(character),
            character.is_alphanumeric() || combines,
            "{character:?}, which is {category:?}"
        );
    }
}

#[test]
fn punctuation_and_invisible_characters_are_not_part_of_words() {
    for character in characters() {
        let group = character.general_category_group();
        let parts = matches!(
            group,
            GeneralCategoryGroup::Punctuation | GeneralCategoryGroup::Separator | GeneralCategoryGroup::Other
        );
        if parts || is_ignorable(character) {
            assert!(!is_of_word(character), "{character:?}, which is {group:?}");
        }
    }
}

#[test]
fn cased_letters_belong_to_cased_scripts() {
    // Rare scripts with case that are not in the table: Zaghawa, Old Hungarian, Garay, Warang Citi and
    // Medefaidrin.
    let rare = |character| matches!(u32::from(character), 0x10c80..=0x10cff | 0x10d50..=0x10d8f | 0x118a0..=0x118df | 0x16e40..=0x16edf | 0x1f130..=0x1f189);
    for character in characters().filter(|character| !rare(*character)) {
        if character.is_lowercase() || character.is_uppercase() {
            assert!(is_cased(character), "{character:?}");
        }
    }
    for character in "你こハ한กကខअअबঅעא".chars() {
        assert!(is_caseless(character), "{character:?}");
    }
}

#[test]
fn treats_digits_of_all_scripts_alike() {
    for character in "2٢۲२২੨૨୨௨౨೨൨๒２".chars() {
        assert!(is_cased(character), "{character:?}");
    }
}

/// Returns whether Unicode's `DerivedCoreProperties.txt` lists a character as `Default_Ignorable_Code_Point`.
fn is_ignorable(character: char) -> bool {
    matches!(u32::from(character),
        0xad | 0x34f | 0x61c | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f | 0x200b..=0x200f
        | 0x202a..=0x202e | 0x2060..=0x206f | 0x3164 | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfff8
        | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff)
}
