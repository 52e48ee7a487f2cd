//! Bold, italic, strikethrough, code and the backslash.

use crate::shown::inline;

#[test]
fn parses_emphasis() {
    assert_eq!(
        inline("**bold** *italic* _italic_ ~~gone~~ `code`"),
        "b(bold) i(italic) i(italic) s(gone) c(code)"
    );
    assert_eq!(inline("**a *b* ~~c~~ _d_**"), "b(a i(b) s(c) i(d))");
    assert_eq!(
        inline("***both*** and ***a** b* and ***a* b** and *a **b***"),
        "b(i(both)) and i(b(a) b) and b(i(a) b) and i(a b(b))"
    );
    assert_eq!(inline("**un**believable, ~~un~~believable"), "b(un)believable, s(un)believable");
    assert_eq!(inline("(*a*), «**б**». _a_!"), "(i(a)), «b(б)». i(a)!");
    assert_eq!(inline("**\"quoted\"**text"), "b(\"quoted\")text");
    assert_eq!(inline("*over\ntwo lines*"), "i(over/two lines)");
}

#[test]
fn text_like_emphasis_stays_text() {
    for text in [
        "snake_case_name",
        "__init__",
        "2*3*4 = 24",
        "2 * 3 * 4",
        "a ** b",
        "**a*",
        "*a**",
        "****",
        "* *",
        "** **",
        "~a~",
        "~~~a~~~",
        "*.rs and *.toml",
        "_",
        "*a",
        "a*",
        "~~ a ~~",
        "тест_слово_тест",
        r"C:\temp",
        r"a \ b",
        r"\",
        "^_^",
        "-_-",
        "o_O",
    ] {
        assert_eq!(inline(text), text);
    }
}

#[test]
fn emphasis_does_not_overlap() {
    assert_eq!(inline("**a _b** c_"), "b(a _b) c_");
    assert_eq!(inline("*a [b* c](http://d)"), "i(a [b) c](a:http://d(http://d))");
    assert_eq!(inline("[a *b](http://d) c*"), "a:http://d(a *b <d>) c*");
    assert_eq!(inline("*a `b* c`"), "*a c(b* c)");
}

#[test]
fn code_is_shown_verbatim() {
    assert_eq!(inline("`**a** @b #c http://d \\*`"), "c(**a** @b #c http://d \\*)");
    assert_eq!(inline("`` a`b `` and ` a `"), "c(a`b) and c(a)");
    assert_eq!(inline("``  ``"), "c(  )");
    assert_eq!(inline("`a``b"), "`a``b");
    assert_eq!(inline("``a`b` c"), "``ac(b) c");
    assert_eq!(inline(&format!("{0}a{0}", "`".repeat(9))), format!("{0}a{0}", "`".repeat(9)));
    assert_eq!(inline("`a\nb`"), "c(a\nb)");
}

#[test]
fn backslash_escapes_markup() {
    assert_eq!(
        inline(r"\*a\* \_b\_ \`c\` \[d](http://e) \@f \#g \\"),
        r"*a* _b_ `c` [d](a:http://e(http://e)) @f #g \"
    );
    assert_eq!(inline("a\\\nb"), "a\\/b");
    assert_eq!(inline(r"*a\*"), "*a*");
}

#[test]
fn what_is_too_deep_is_text() {
    let text = format!("{}b{}", "*a _a ".repeat(5), "_ c* c".repeat(5));
    let inside = "*a _a b_ c* c";
    assert_eq!(inline(&text), format!("{}{inside}{} c", "i(a ".repeat(8), ") c".repeat(7) + ")"));
}

#[test]
fn keeps_line_breaks() {
    assert_eq!(inline("a\nb\r\n  c"), "a/b/  c");
}

#[test]
fn html_stays_text() {
    for text in ["<script>alert(1)</script>", "<b>a</b>", "&lt;", "<!-- a -->", "# heading", "a | b", "---"] {
        assert_eq!(inline(text), text);
    }
}
