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

/// Letters, digits and symbols, as far as they are seen.
pub(super) fn is_visible_sign(character: char) -> bool {
    let group =
        GeneralCategoryGroup::Letter.union(GeneralCategoryGroup::Number).union(GeneralCategoryGroup::Symbol);
    group.contains(category(character)) && !is_unseen(character)
}

/// Characters that are shown as nothing where they are not understood: joiners, variation selectors, tags, fillers.
pub(super) fn is_default_ignorable(character: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
}

/// Whether nothing is seen of a character: white space, what is ignored by default, other format characters, and
/// blanks that count as letters or symbols.
pub(super) fn is_unseen(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || is_default_ignorable(character)
        || is_blank_sign(character)
        || (category(character) == GeneralCategory::Format
            && !CodePointSetData::new::<PrependedConcatenationMark>().contains(character))
}

/// Assigned to no character that everybody sees alike: private use, noncharacters, and what is reserved for later,
/// except for later emoji.
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

/// Whether a letter changes its shape beside others, as in Arabic.
pub(super) fn joins(character: char) -> bool {
    let joining = CodePointMapData::<JoiningType>::new().get(character);
    [JoiningType::DualJoining, JoiningType::LeftJoining, JoiningType::RightJoining].contains(&joining)
}

/// Whether a mark lets the letters at both sides of it join.
pub(super) fn is_transparent(character: char) -> bool {
    CodePointMapData::<JoiningType>::new().get(character) == JoiningType::Transparent
}

pub(super) fn is_ideograph(character: char) -> bool {
    CodePointSetData::new::<UnifiedIdeograph>().contains(character)
}

/// Letters and symbols with an empty picture: Braille without dots, an empty note head, fillers of Khitan and of
/// Egyptian hieroglyphs.
const fn is_blank_sign(character: char) -> bool {
    matches!(character, '\u{2800}' | '\u{1D159}' | '\u{16FE4}' | '\u{13441}' | '\u{13442}')
}
