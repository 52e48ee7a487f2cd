//! Messages that consist of emoji only.

use hubbub_markup::{emoji_count, parse};

#[test]
fn counts_each_emoji_once() {
    for emoji in [
        "😀",
        "❤️",
        "👍🏽",
        "👨‍👩‍👧‍👦",
        "🏳️‍🌈",
        "🏳‍🌈",
        "🇩🇪",
        "1️⃣",
        "#️⃣",
        "*️⃣",
        "❤️‍🔥",
        "👁️‍🗨️",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "☝🏿",
        "⌚",
        "🧑🏻‍🤝‍🧑🏿",
        "🫠",
        "🤷‍♀️",
        "⭐",
        "🅰️",
    ] {
        assert_eq!(emoji_count(emoji), Some(1), "{emoji:?}");
        assert!(parse(emoji).is_emoji_only(), "{emoji:?}");
    }
    assert_eq!(emoji_count(" 😀\n🇩🇪🇫🇷 👍🏽"), Some(4));
    assert_eq!(emoji_count(&"😀".repeat(8)), Some(8));
    assert!(parse("😀\n👍🏽 *️⃣*️⃣").is_emoji_only());
}

#[test]
fn other_text_is_not_emoji() {
    let many = "😀".repeat(9);
    let chain = "👨\u{200d}".repeat(20_000);
    for text in [
        "",
        " ",
        "a",
        "😀 a",
        "1",
        "#",
        "*",
        "©",
        "❤",
        "🇩",
        "🇩a",
        "\u{200d}",
        "\u{fe0f}",
        "😀\u{200d}",
        "⌚\u{fe0e}",
        &many,
        &chain,
    ] {
        assert_eq!(emoji_count(text), None, "{text:?}");
        assert!(!parse(text).is_emoji_only(), "{text:?}");
    }
    for text in ["**😀**", "> 😀", "`😀`", "😀\n\n😀", "- 😀"] {
        assert!(!parse(text).is_emoji_only(), "{text:?}");
    }
}
