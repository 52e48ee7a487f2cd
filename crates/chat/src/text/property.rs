//! Properties of single characters.

use icu_properties::props::{
    CanonicalCombiningClass, DefaultIgnorableCodePoint, ExtendedPictographic, GeneralCategory,
    GeneralCategoryGroup, JoiningType, PrependedConcatenationMark, UnifiedIdeograph,
};
use icu_properties::{CodePointMapData, CodePointSetData};

pub(super) fn category(character: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(character)
}

pub(super) fn is_letter(character: char) -> bool {
    GeneralCategoryGroup::Letter.contains(category(character))
}

pub(super) fn is_mark(character: char) -> bool {
    GeneralCategoryGroup::Mark.contains(category(character))
}

/// Returns whether a character is a visible letter, digit or symbol.
pub(super) fn is_visible_sign(character: char) -> bool {
    let group =
        GeneralCategoryGroup::Letter.union(GeneralCategoryGroup::Number).union(GeneralCategoryGroup::Symbol);
    group.contains(category(character)) && !is_unseen(character)
}

/// Returns whether programs that do not support a character show nothing: joiners, variation selectors, tags,
/// fillers.
pub(super) fn is_default_ignorable(character: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
}

/// Returns whether a character is invisible: white space, default ignorable characters, other format
/// characters, and blank letters or symbols.
pub(super) fn is_unseen(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || is_default_ignorable(character)
        || is_blank_sign(character)
        || (category(character) == GeneralCategory::Format
            && !CodePointSetData::new::<PrependedConcatenationMark>().contains(character))
}

/// Returns whether a character has no standard appearance: private use, noncharacters and reserved code
/// points, except those reserved for emoji.
pub(super) fn is_unassigned(character: char) -> bool {
    match category(character) {
        GeneralCategory::PrivateUse => true,
        GeneralCategory::Unassigned => !CodePointSetData::new::<ExtendedPictographic>().contains(character),
        _ => false,
    }
}

pub(super) fn is_virama(character: char) -> bool {
    CodePointMapData::<CanonicalCombiningClass>::new().get(character) == CanonicalCombiningClass::Virama
}

/// Returns whether a letter changes its shape beside others, as in Arabic.
pub(super) fn joins(character: char) -> bool {
    let joining = CodePointMapData::<JoiningType>::new().get(character);
    [JoiningType::DualJoining, JoiningType::LeftJoining, JoiningType::RightJoining].contains(&joining)
}

/// Returns whether letters join across this mark.
pub(super) fn is_transparent(character: char) -> bool {
    CodePointMapData::<JoiningType>::new().get(character) == JoiningType::Transparent
}

pub(super) fn is_ideograph(character: char) -> bool {
    CodePointSetData::new::<UnifiedIdeograph>().contains(character)
}

/// Returns whether a letter or symbol has an empty glyph: Braille without dots, an empty note head, and
/// fillers of Khitan and Egyptian hieroglyphs.
const fn is_blank_sign(character: char) -> bool {
    matches!(character, '\u{2800}' | '\u{1D159}' | '\u{16FE4}' | '\u{13441}' | '\u{13442}')
}
