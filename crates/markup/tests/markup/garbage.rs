//! Checks for any text that parsing does not panic, invents or loses no text, and never deceives.

use hubbub_markup::{Block, Inline, MAX_BLOCK_DEPTH, MAX_INLINE_DEPTH, Markup, emoji_count, parse};
use proptest::prelude::*;

use crate::shown::visible_text;

/// Largest frame, in bytes, and so the longest text.
const LONGEST: usize = 64 * 1024;

/// Returns whether the characters occur in the text in this order.
fn is_within(seen: &str, text: &str) -> bool {
    let mut rest = text.chars();
    seen.chars().all(|character| rest.any(|other| other == character))
}

/// Checks the properties of any parsed text.
fn check(text: &str) -> Result<(), TestCaseError> {
    let markup = parse(text);
    let seen = visible_text(text);
    prop_assert!(is_within(&seen, text), "invented in {text:?}: {seen:?}");
    let letters = |text: &str| text.chars().filter(|character| character.is_alphabetic()).count();
    prop_assert!(urls(&markup).iter().all(|url| leads_somewhere(url)), "{:?}", urls(&markup));
    let hidden: usize = urls(&markup).iter().map(|url| letters(url)).sum();
    prop_assert!(letters(&seen) + hidden >= letters(text), "lost in {text:?}: {seen:?}");
    prop_assert!(is_bounded(&markup.blocks, 0), "too deep");
    let plain = markup.plain(80);
    prop_assert!(plain.chars().count() <= 80 && !plain.contains('\n'));
    prop_assert!(!markup.is_emoji_only() || emoji_count(text).is_some());
    Ok(())
}

fn leads_somewhere(url: &str) -> bool {
    let lower = url.to_lowercase();
    ["http://", "https://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme))
        && !url
            .chars()
            .any(|character| character.is_whitespace() || character.is_control() || character == '"')
}

fn urls(markup: &Markup) -> Vec<String> {
    fn of_blocks(blocks: &[Block], urls: &mut Vec<String>) {
        for block in blocks {
            match block {
                Block::Paragraph(inside) => of_inlines(inside, urls),
                Block::Code { .. } => {}
                Block::Quote(inside) => of_blocks(inside, urls),
                Block::List { items, .. } => items.iter().for_each(|item| of_blocks(item, urls)),
            }
        }
    }
    fn of_inlines(inlines: &[Inline], urls: &mut Vec<String>) {
        for inline in inlines {
            match inline {
                Inline::Bold(inside) | Inline::Italic(inside) | Inline::Strike(inside) => {
                    of_inlines(inside, urls)
                }
                Inline::Link { url, text, .. } => {
                    urls.push(url.clone());
                    assert!(text.iter().all(|part| !matches!(part, Inline::Mention(_) | Inline::Room(_))));
                    let before = urls.len();
                    of_inlines(text, urls);
                    assert_eq!(urls.len(), before, "a link in a link");
                }
                _ => {}
            }
        }
    }
    let mut urls = Vec::new();
    of_blocks(&markup.blocks, &mut urls);
    urls
}

fn is_bounded(blocks: &[Block], depth: usize) -> bool {
    fn inline(inlines: &[Inline], depth: usize) -> bool {
        depth <= MAX_INLINE_DEPTH
            && inlines.iter().all(|part| match part {
                Inline::Bold(inside) | Inline::Italic(inside) | Inline::Strike(inside) => {
                    inline(inside, depth + 1)
                }
                // The text of a bare address has no marks.
                Inline::Link { text, .. } => {
                    matches!(text.as_slice(), [Inline::Text(_)]) || inline(text, depth + 1)
                }
                _ => true,
            })
    }
    depth <= MAX_BLOCK_DEPTH
        && blocks.iter().all(|block| match block {
            Block::Paragraph(inside) => inline(inside, 0),
            Block::Code { .. } => true,
            Block::Quote(inside) => is_bounded(inside, depth + 1),
            Block::List { items, .. } => items.iter().all(|item| is_bounded(item, depth + 1)),
        })
}

#[test]
fn parses_hostile_input() {
    let nested: String = (0..250).map(|depth| format!("{}- a\n", "  ".repeat(depth))).collect();
    let texts = [
        "*".repeat(LONGEST),
        "[".repeat(LONGEST),
        "`".repeat(LONGEST),
        ">".repeat(LONGEST),
        "> ".repeat(LONGEST / 2),
        "_a_a_a".repeat(LONGEST / 6),
        "- ".repeat(LONGEST / 2),
        "![[[[".repeat(LONGEST / 5),
        "x".repeat(LONGEST),
        "ж".repeat(LONGEST / 2),
        "@ada ".repeat(LONGEST / 5),
        "@a\n".repeat(LONGEST / 3),
        "#a ".repeat(LONGEST / 3),
        "\u{202e}*a* ".repeat(LONGEST / 8),
        "\u{200b}".repeat(LONGEST / 3),
        "<script>".repeat(LONGEST / 8),
        "[a](http://b) ".repeat(LONGEST / 14),
        "http://a ".repeat(LONGEST / 9),
        "**_~~a".repeat(LONGEST / 6),
        "\n".repeat(LONGEST),
        "\0".repeat(LONGEST),
        "> - ".repeat(LONGEST / 4),
        "```\n".repeat(LONGEST / 4),
        nested,
    ];
    for text in texts {
        if let Err(error) = check(&text) {
            panic!("{error}");
        }
    }
}

#[test]
fn text_without_markup_is_unchanged() {
    for text in ["Good morning!", "\u{202e}abc", "a\u{200b}b", "<script>alert(1)</script>", "5 > 3 & 2 < 4"] {
        assert_eq!(visible_text(text), text);
    }
}

/// Generates text with a high share of syntax characters.
fn telling() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        6 => "[-*_~`>#@!\\[\\]()\\\\. \n\t]{1,4}",
        2 => "[a-zж0-9]{1,3}",
        2 => prop::sample::select(vec![
            "http://a", "](http://b)", "](javascript:c)", "](", "```", "\n```\n", "\n- ", "\n  - ", "\n1. ", "\n> ",
            "\n\n", "**", "***", "~~", "@a", "#a", "\u{200d}", "\u{fe0f}", "👍", "mailto:", "\r\n", "<b>",
        ]).prop_map(str::to_owned),
    ];
    prop::collection::vec(part, 0..60).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn parses_any_text(text in any::<String>()) {
        check(&text)?;
    }

    #[test]
    fn parses_any_markup_characters(text in telling()) {
        check(&text)?;
    }

    #[test]
    fn keeps_words_and_spaces(text in "[a-zA-Zа-я0-9 ,.!?'\"()-]{1,200}") {
        // Lists and addresses need characters that this text has only at its start.
        let text = format!("x{text}");
        prop_assert_eq!(visible_text(&text), text.clone());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn parses_any_long_text(part in telling(), other in any::<String>()) {
        let part = part + &other;
        if !part.is_empty() {
            let mut text = part.repeat(LONGEST / part.len() + 1);
            while text.len() > LONGEST {
                text.pop();
            }
            check(&text)?;
        }
    }
}
