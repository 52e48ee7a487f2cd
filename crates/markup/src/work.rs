//! Checks the work of parsing hostile texts.

use proptest::prelude::*;

use crate::{parse, steps};

/// Largest frame, in bytes, and so the longest text.
const MAX_TEXT_BYTES: usize = 64 * 1024;

/// Maximum steps per byte. Each of the eight levels of quotes and lists reads its content a few times, and
/// running text is read a few more times.
const STEPS_PER_BYTE: usize = 100;

/// Steps that do not depend on the length.
const FIXED_STEPS: usize = 100;

/// Returns the pattern repeated up to `bytes` bytes.
fn repeated(pattern: &str, bytes: usize) -> String {
    let mut text = pattern.repeat(bytes / pattern.len() + 1);
    while text.len() > bytes || !text.is_char_boundary(text.len()) {
        text.pop();
    }
    text
}

const COSTLY_PIECES: &[&str] = &[
    "*",
    "**",
    "***",
    "****",
    "_",
    "~",
    "~~",
    "[",
    "]",
    "`",
    ">",
    "> ",
    "#",
    "@",
    "\\",
    "!",
    "(",
    ")",
    "-",
    "- ",
    "* ",
    "1. ",
    "\n",
    " ",
    "\t",
    "h",
    "x",
    "ж",
    "\u{202e}",
    "\u{200b}",
    "👩‍",
    "*a",
    "**a",
    "***a",
    "a*",
    "a**",
    "_a_a_a",
    "_a ",
    "~~a",
    "*a **b ",
    "*a _b ~~c ",
    "*_",
    "_*a",
    "**a*b_c~~d",
    "[a](",
    "[a](http://a",
    "](",
    "[](",
    "[[",
    "[ ](http://a)",
    "[http://b](http://a)",
    "](http://a)",
    "![[[[",
    "[*a",
    "[a*](http://a)",
    "[a]*",
    "``` ",
    "```\n",
    "`a",
    "\\```",
    "``a",
    "`a``b```c",
    "`\n",
    "> -",
    "> - ",
    "- > ",
    ">>",
    "> a\n",
    ">\n",
    "- a\n",
    "- a\n\n",
    "- a\n  ",
    "  - a\n",
    "1. a\n",
    "1. a\n\n",
    "12345678901. a",
    "- - a\n",
    "    ",
    "http://",
    "http://a",
    "http://a.",
    "http://(",
    "http://a(",
    "http://a)",
    "http://[",
    "https://a_b*c~~",
    "hhttp://",
    "http://!",
    "http://a!!!",
    "@a",
    "@a ",
    "@a.",
    "@-.",
    "@.a-",
    "#a",
    "#a ",
    "#1 ",
    "#-",
    "#ж",
    "<script>",
    "\\*",
    "\\`",
    "\\[",
    "*\u{fe0f}",
    "a\r\n",
];

/// Checks the steps per byte for the repeated pattern.
fn check(pattern: &str, before: &str, after: &str) -> Result<(), TestCaseError> {
    for bytes in [MAX_TEXT_BYTES / 16, MAX_TEXT_BYTES] {
        let text = format!("{before}{}{after}", repeated(pattern, bytes));
        let steps = steps::of(|| parse(&text));
        prop_assert!(
            steps <= STEPS_PER_BYTE * text.len() + FIXED_STEPS,
            "{before:?} {pattern:?} {after:?}: {steps} steps for {} bytes",
            text.len()
        );
    }
    Ok(())
}

#[test]
fn parsing_time_is_linear() {
    for pattern in COSTLY_PIECES {
        for (before, after) in [("", ""), ("- ", "a"), ("> ", "\n```"), ("*[`", "`](http://a)*"), ("(", ")")]
        {
            if let Err(error) = check(pattern, before, after) {
                panic!("{error}");
            }
        }
    }
}

#[test]
fn parsing_time_is_linear_for_deep_nesting() {
    let nested: String = (0..250).map(|depth| format!("{}- a\n", "  ".repeat(depth))).collect();
    let quoted: String = (0..350).map(|depth| format!("{} a\n", ">".repeat(depth))).collect();
    let ticks: String = (1..350).map(|length| format!("{}a", "`".repeat(length))).collect();
    for text in [nested, quoted, ticks] {
        let steps = steps::of(|| parse(&text));
        assert!(steps <= STEPS_PER_BYTE * text.len(), "{steps} steps for {} bytes", text.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn parsing_time_is_linear_for_random_input(
        parts in prop::collection::vec(prop::sample::select(COSTLY_PIECES), 1..6),
        before in prop::sample::select(COSTLY_PIECES),
        after in prop::sample::select(COSTLY_PIECES),
    ) {
        check(&parts.concat(), before, after)?;
    }
}
