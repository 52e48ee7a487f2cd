//! Texts without visible characters.

use super::property::is_unseen;

/// Returns whether a text has only white space, invisible and blank characters.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_unseen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detects_invisible_texts() {
        for text in [
            "",
            " \n\t",
            "\u{A0}\u{3000}",
            "\u{AD}",
            "\u{200B}",
            "\u{200B}\u{200C}\u{200D}\u{2060}\u{FEFF}",
            "\u{2800}",
            "\u{3164}",
            "\u{FFA0}\u{115F}\u{1160}",
            "\u{2063}",
            "\u{FE0F}",
            "\u{E0100}",
            "\u{E0041}\u{E007F}",
            "\u{180B}\u{180E}",
            "\u{17B4}\u{17B5}",
            "\u{34F}",
            "\u{61C}\u{200F}",
            "\u{FFF9}\u{FFFB}",
            "\u{1D159}",
            "\u{1D173}",
            "\u{13441} \u{13430}",
            "\u{2028}\u{2029}",
        ] {
            assert!(is_blank(text), "{}", text.escape_unicode());
        }
    }

    #[test]
    fn accepts_visible_texts() {
        for text in [
            ".",
            "a\u{200B}",
            "\u{200B}👍",
            "❤\u{FE0F}",
            "👩\u{200D}💻",
            "علی\u{200C}رضا",
            "\u{600}",
            "\u{2801}",
            "한",
            "क्\u{200D}",
            "\u{E000}",
            "\u{FFFC}",
            "\u{301}",
        ] {
            assert!(!is_blank(text), "{}", text.escape_unicode());
        }
    }
}
