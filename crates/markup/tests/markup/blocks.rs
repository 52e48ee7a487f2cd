//! Paragraphs, code, lists and quotes.

use crate::shown::shown;

#[test]
fn blank_line_separates_paragraphs() {
    assert_eq!(shown("a\nb\n\n \nc"), "p(a/b) p(c)");
    assert_eq!(shown(" \n\t\n"), "");
}

#[test]
fn parses_fenced_code() {
    assert_eq!(shown("```\na *b*\n\n  c\n```\nd"), "code(a *b*\n\n  c) p(d)");
    assert_eq!(shown("look:\n```rust\nfn main() {}\n```"), "p(look:) code:rust(fn main() {})");
    assert_eq!(shown("````\n```\n````"), "code(```)");
    assert_eq!(shown("```c++\na"), "code:c++(a)");
    assert_eq!(shown("  ```\n    a\n  ```"), "code(  a)");
    assert_eq!(shown("```\n```"), "code()");
}

#[test]
fn parses_unusual_fences() {
    assert_eq!(shown("```let a = 1;\nlet b = 2;```"), "code(let a = 1;\nlet b = 2;)");
    assert_eq!(shown("```a b```"), "p(c(a b))");
    assert_eq!(shown("```"), "p(```)");
    assert_eq!(shown("a\n```"), "p(a) p(```)");
    assert_eq!(shown("```\n/// ```\n```"), "code(/// ```)");
}

#[test]
fn parses_lists() {
    assert_eq!(shown("- a\n- b\n* c"), "ul(li(p(a)) li(p(b)) li(p(c)))");
    assert_eq!(shown("milk:\n- a\n- **b**\nThat is all"), "p(milk:) ul(li(p(a)) li(p(b(b)))) p(That is all)");
    assert_eq!(shown("3. a\n4. b\n\n5. c"), "ol3(li(p(a)) li(p(b)) li(p(c)))");
    assert_eq!(shown("1. a\n- b"), "ol1(li(p(a))) ul(li(p(b)))");
    assert_eq!(shown("- a\n  b\n\n  c\nd"), "ul(li(p(a/b) p(c))) p(d)");
}

#[test]
fn nests_lists_by_indentation() {
    assert_eq!(shown("- a\n  - b\n    - c\n- d"), "ul(li(p(a) ul(li(p(b) ul(li(p(c)))))) li(p(d)))");
    assert_eq!(shown("1. a\n   - b\n  - c\n2. d"), "ol1(li(p(a) ul(li(p(b)) li(p(c)))) li(p(d)))");
    assert_eq!(shown("- a\n\t- b"), "ul(li(p(a) ul(li(p(b)))))");
    assert_eq!(shown("- ```\n  a\n  ```\n- > b"), "ul(li(code(a)) li(quote(p(b))))");
}

#[test]
fn text_like_a_list_item_stays_text() {
    assert_eq!(shown("I was born in\n1985. That was a year"), "p(I was born in/1985. That was a year)");
    for text in
        ["-", "- ", "-a", "- - -", "* * *", "1.", "1.a", "1) a", "12345678901. a", "-5 degrees", "— Привет"]
    {
        assert_eq!(shown(text), format!("p({text})"));
    }
}

#[test]
fn parses_quotes() {
    assert_eq!(shown("> a\n> b\nc"), "quote(p(a/b)) p(c)");
    assert_eq!(shown("> a\n>\n> - b\n>> c"), "quote(p(a) ul(li(p(b))) quote(p(c)))");
    assert_eq!(shown("a\n> b"), "p(a) quote(p(b))");
    assert_eq!(shown("> ```\n> a\nb"), "quote(code(a)) p(b)");
}

#[test]
fn emoticons_are_not_quotes() {
    for text in [">_<", ">:(", ">", "> ", ">>>", "-> a", ">>> "] {
        assert_eq!(shown(text), format!("p({text})"));
    }
}

#[test]
fn what_is_too_deep_is_text() {
    assert_eq!(
        shown(&format!("{} a", ">".repeat(10))),
        format!("{}p(>> a){}", "quote(".repeat(8), ")".repeat(8))
    );
    let deep: String = (0..12).map(|depth| format!("{}- a\n", "  ".repeat(depth))).collect();
    let text = shown(&deep);
    assert_eq!(text.matches("ul(").count(), 8);
    assert_eq!(text.matches("- a").count(), 4);
}
