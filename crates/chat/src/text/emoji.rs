//! The canonical form of emoji.

use hubbub_protocol::Emoji;

/// The variation selector for colour emoji. Programs add or omit it freely.
const EMOJI_STYLE: char = '\u{FE0F}';

/// Returns the fully-qualified form (UTS #51, ED-18) of an emoji that is recommended for general interchange
/// (ED-27). Returns `None` for anything else, such as several emoji or a sequence that no font displays as
/// one picture.
#[must_use]
pub fn canonical_emoji(text: &str) -> Option<Emoji> {
    let found = emojis::get(text).or_else(|| {
        let unqualified: String = text.chars().filter(|character| *character != EMOJI_STYLE).collect();
        emojis::get(&unqualified)
    })?;
    Emoji::parse(found.as_str()).ok()
}

/// Returns the canonical form of a stored emoji, or the stored text if it has none.
#[must_use]
pub fn shown_emoji(stored: &str) -> Emoji {
    canonical_emoji(stored).unwrap_or_else(|| Emoji::from_stored(stored))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_emoji_and_skin_tone_has_a_canonical_form() {
        for emoji in emojis::iter() {
            let toned = emoji.skin_tones().into_iter().flatten().chain([emoji]);
            for text in toned.map(emojis::Emoji::as_str) {
                assert_eq!(canonical_emoji(text).as_ref().map(Emoji::as_str), Some(text));
            }
        }
    }

    #[test]
    fn all_spellings_of_an_emoji_have_one_canonical_form() {
        for (forms, canonical) in [
            (&["👍", "👍\u{FE0F}", "\u{FE0F}👍"][..], "👍"),
            (&["❤", "❤\u{FE0F}", "❤\u{FE0F}\u{FE0F}"], "❤\u{FE0F}"),
            (&["☹", "☹\u{FE0F}"], "☹\u{FE0F}"),
            (&["1\u{20E3}", "1\u{FE0F}\u{20E3}"], "1\u{FE0F}\u{20E3}"),
            (&["#\u{20E3}"], "#\u{FE0F}\u{20E3}"),
            (&["🇩🇪", "🇩🇪\u{FE0F}"], "🇩🇪"),
            (&["👍🏽", "👍\u{FE0F}🏽"], "👍🏽"),
            (&["☝🏽", "☝\u{FE0F}🏽"], "☝🏽"),
            (&["👩\u{200D}👩\u{200D}👧"], "👩\u{200D}👩\u{200D}👧"),
            (&["🕵\u{200D}♂", "🕵\u{FE0F}\u{200D}♂", "🕵\u{200D}♂\u{FE0F}"], "🕵\u{FE0F}\u{200D}♂\u{FE0F}"),
            (&["🏳\u{200D}🌈"], "🏳\u{FE0F}\u{200D}🌈"),
            (
                &["🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}"],
                "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            ),
            (&["©"], "©\u{FE0F}"),
            (&["👩🏿\u{200D}❤\u{200D}💋\u{200D}👨🏻"], "👩🏿\u{200D}❤\u{FE0F}\u{200D}💋\u{200D}👨🏻"),
        ] {
            for form in forms {
                let found = canonical_emoji(form);
                assert_eq!(found.as_ref().map(Emoji::as_str), Some(canonical), "{}", form.escape_unicode());
            }
        }
    }

    #[test]
    fn rejects_anything_but_one_emoji() {
        for text in [
            "",
            "👍👎🔥",
            "👍👍",
            "👍\u{200D}👎",
            "👍\u{200D}",
            "\u{200D}",
            "\u{FE0F}",
            "🏽🏽",
            "👍🏽🏽",
            "🇩",
            "🇩🇪🇫🇷",
            "🇿🇿",
            "🏴\u{E0061}\u{E007F}",
            "1",
            "a",
            ":)",
            " 👍",
            "👍 ",
            "∑",
        ] {
            assert_eq!(canonical_emoji(text), None, "{}", text.escape_unicode());
        }
    }
}
