//! The text of a message on one line.

use hubbub_markup::parse;

fn plain(text: &str, max_chars: usize) -> String {
    parse(text).plain(max_chars)
}

#[test]
fn plain_text_has_no_markup_or_line_breaks() {
    let text = "**Hi** @ada,\n  see [this](http://a) in #tea:\n\n- `a`\n- b\n\n> c\n```rust\nd  e\n```";
    assert_eq!(plain(text, 100), "Hi @ada, see this in #tea: a b c d e");
}

#[test]
fn plain_text_is_truncated() {
    assert_eq!(plain("a brown fox", 11), "a brown fox");
    assert_eq!(plain("a brown fox", 10), "a brown f…");
    assert_eq!(plain("a brown fox", 9), "a brown…");
    assert_eq!(plain("a brown fox", 8), "a brown…");
    assert_eq!(plain("привет", 3), "пр…");
    assert_eq!(plain("ab", 1), "…");
    assert_eq!(plain("ab", 0), "");
    assert_eq!(plain("", 5), "");
    assert_eq!(plain("ab  \n ", 2), "ab");
}
