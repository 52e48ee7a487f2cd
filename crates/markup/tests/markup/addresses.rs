//! Links, and texts that must not become links.

use crate::shown::{inline, shown};

#[test]
fn links_bare_urls() {
    assert_eq!(
        inline("see https://a.org/b?c=d_e_f#g, ok"),
        "see a:https://a.org/b?c=d_e_f#g(https://a.org/b?c=d_e_f#g), ok"
    );
    assert_eq!(inline("HTTP://A.org"), "a:HTTP://A.org(HTTP://A.org)");
    assert_eq!(inline("http://[::1]:80/"), "a:http://[::1]:80/(http://[::1]:80/)");
    assert_eq!(inline("https://пример.рф/путь"), "a:https://пример.рф/путь(https://пример.рф/путь)");
}

#[test]
fn url_excludes_surrounding_punctuation() {
    let address = "a:http://a.b/c(http://a.b/c)";
    for (before, after) in [
        ("", "."),
        ("", "!?"),
        ("(", ")"),
        ("(", ")."),
        ("«", "»"),
        ("\"", "\""),
        ("<", ">"),
        ("", "…"),
        ("[", "]"),
        ("'", "',"),
    ] {
        assert_eq!(inline(&format!("{before}http://a.b/c{after}")), format!("{before}{address}{after}"));
    }
    assert_eq!(
        inline("**http://a.b/c** _http://a.b/c_ ~~http://a.b/c~~"),
        format!("b({address}) i({address}) s({address})")
    );
    assert_eq!(inline("http://a.b/c_(d)"), "a:http://a.b/c_(d)(http://a.b/c_(d))");
}

#[test]
fn links_text_with_a_url() {
    assert_eq!(inline("[a **b**](https://c.d/e_(f)) g"), "a:https://c.d/e_(f)(a b(b) <c.d>) g");
    assert_eq!(inline("[a [b] c](http://d)"), "a:http://d(a [b] c <d>)");
    assert_eq!(inline("[write](mailto:a@b.org)"), "a:mailto:a@b.org(write <a@b.org>)");
    assert_eq!(inline("**[a](http://b)**"), "b(a:http://b(a <b>))");
    assert_eq!(inline("[http://a](http://a)"), "a:http://a(http://a)");
}

#[test]
fn links_do_not_nest() {
    assert_eq!(inline("[a [b](http://c) d](http://e)"), "[a a:http://c(b <c>) d](a:http://e(http://e))");
    assert_eq!(inline("[@ada #tea](http://e)"), "a:http://e(@ada #tea <e>)");
}

#[test]
fn accepts_only_three_url_schemes() {
    for url in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "\u{1}javascript:a",
        "vbscript:a",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "//evil.org",
        "/rooms/tea",
        "evil.org",
        "http:evil.org",
        "http:/evil.org",
        r"https:\evil.org",
        "http://",
        "mailto:",
        "tel:1",
        "blob:a",
        "",
        "ht\u{200b}tp://a",
        "&#106;avascript:a",
        "view-source:a",
        "x:http",
        " javascript:a",
    ] {
        let text = format!("[a]({url})");
        assert_eq!(inline(&text), text, "{url:?}");
    }
}

#[test]
fn rejects_urls_with_invisible_characters() {
    for text in [
        "[a](mailto:b\u{202e}c)",
        "[a](mailto:b\u{200b})",
        "[a](mailto:b\u{0})",
        "[\n](mailto:a)",
        "[ ](mailto:a)",
    ] {
        assert!(!shown(text).contains("a:"), "{text:?}");
    }
    assert_eq!(inline("http://a\u{202e}b"), "a:http://a(http://a)\u{202e}b");
    assert_eq!(inline("http://a\" onclick=\"b"), "a:http://a(http://a)\" onclick=\"b");
}

#[test]
fn unfinished_link_stays_text() {
    for text in [
        "[a]",
        "[a](",
        "[a]()",
        "[a] (b)",
        "[](mailto:a)",
        "![a](b)",
        "[a](mailto:b \"t\")",
        "[a][b]",
        "xhttp",
    ] {
        assert_eq!(inline(text), text);
    }
    assert_eq!(inline("![a](http://b)"), "!a:http://b(a <b>)");
    assert_eq!(inline("xhttp://a"), "xhttp://a");
}
