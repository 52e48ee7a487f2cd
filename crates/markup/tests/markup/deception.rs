//! Checks that a link never shows one address and leads to another.

use hubbub_markup::{Block, Inline, parse};
use proptest::prelude::*;

use crate::shown::{inline, shown};

#[test]
fn shows_the_host_after_a_different_link_text() {
    for (text, expected) in [
        ("[docs](https://Docs.example/a?b#c)", "docs <docs.example>"),
        ("[good.example](https://evil.example)", "good.example <evil.example>"),
        ("[GOOD.EXAMPLE](https://evil.example/good.example)", "GOOD.EXAMPLE <evil.example>"),
        ("[**good**.example](https://evil.example)", "b(good).example <evil.example>"),
        ("[`good.example`](https://evil.example)", "c(good.example) <evil.example>"),
        ("[good\u{200b}.example](https://evil.example)", "good\u{200b}.example <evil.example>"),
        ("[good．example](https://evil.example)", "good．example <evil.example>"),
        ("[goodꓸexample](https://evil.example)", "goodꓸexample <evil.example>"),
        ("[good.example](https://good.example.evil.example)", "good.example <good.example.evil.example>"),
        ("[good.example](https://good.example:8443)", "good.example <good.example:8443>"),
        ("[good.example](https://gооd.example)", "good.example <xn--gd-fmca.example>"),
        ("[пример.рф](https://evil.example)", "пример.рф <evil.example>"),
        ("[words](https://пример.рф/путь)", "words <пример.рф>"),
        ("[\u{202e}elpmaxe.doog](https://evil.example)", "\u{202e}elpmaxe.doog <evil.example>"),
        ("[\u{3164}](https://evil.example)", "\u{3164} <evil.example>"),
        ("[good@good.example](mailto:evil@evil.example?subject=a)", "good@good.example <evil@evil.example>"),
    ] {
        let shown = inline(text);
        assert!(shown.starts_with("a:") && shown.ends_with(&format!("({expected})")), "{text}: {shown}");
    }
}

#[test]
fn shows_no_host_if_the_text_is_the_url() {
    for (text, address) in [
        ("https://a.example/b", "https://a.example/b"),
        ("a.example/b", "https://a.example/b"),
        ("a.example", "https://a.example/"),
        ("A.example", "https://a.example/b"),
        (r"https\://a.example/", "https://a.example/"),
        ("www.a.example", "https://www.a.example"),
        ("пример.рф", "https://пример.рф"),
        ("a@b.example", "mailto:a@b.example"),
    ] {
        let shown = inline(&format!("[{text}]({address})"));
        assert!(shown.starts_with("a:") && !shown.contains('<'), "{text}: {shown}");
    }
    assert_eq!(inline("https://a.example"), "a:https://a.example(https://a.example)");
}

#[test]
fn rejects_a_link_whose_text_is_another_url() {
    for text in [
        "https://good.example",
        r"https\://good.example",
        r"https:/\/good.example",
        "https:**//**good.example",
        "h*t*tps\u{200b}:\u{200b}/\u{2060}/good.example",
        "`https://good.example`",
        "HTTPS`://`good.example",
        "https：//good.example",
        "ｈｔｔｐｓ：／／good.example",
        "https:⁄⁄good.example",
        "https꞉∕∕good.example",
        "see https\\://good.example for more",
        "www.good.example",
        "WWW.good.example",
        "w\u{ad}ww.good.example",
        "ｗｗｗ．good.example",
        "_www_.good.example",
        "ftp\\://good.example",
    ] {
        for address in ["https://evil.example", "mailto:evil@evil.example"] {
            let shown = shown(&format!("a [{text}]({address}) b"));
            let link = format!("a:{address}({address})");
            assert!(!shown.replace(&link, "").contains(&format!("a:{address}")), "{text}: {shown}");
        }
    }
}

#[test]
fn shows_mixed_script_hosts_in_punycode() {
    assert_eq!(
        inline("https://gооd.example"),
        "a:https://gооd.example(https://gооd.example <xn--gd-fmca.example>)"
    );
    assert_eq!(
        inline("https://good.exampl\u{435}/a"),
        "a:https://good.examplе/a(https://good.examplе/a <good.xn--exampl-8of>)"
    );
    assert_eq!(inline("https://пример.рф"), "a:https://пример.рф(https://пример.рф)");
}

#[test]
fn rejects_urls_that_browsers_parse_differently() {
    for address in [
        "https://good.example@evil.example",
        "https://good.example:good@evil.example/",
        "https://good.example:443@evil.example",
        "https://good.example%2f@evil.example",
        "https://good.example%2f.evil.example",
        "https://@evil.example",
        "https://good.example⁄.evil.example",
        "https://good.example∕a.evil.example",
        "https://good.example／.evil.example",
        "https://good。example",
        "https://good．example",
        "https://evil\u{ad}.example",
        "https://evil\u{34f}.example",
        "https://evil\u{fe0f}.example",
        "https://evil\u{3164}.example",
        "https://good.example:99999999",
        "https://good.example:a",
        "https:///evil.example",
        r"https://good.example\@evil.example",
        r"https:\\evil.example",
        "https://evil.example\u{7f}",
        "https://-evil.example",
        &format!("https://{}.example", "a".repeat(64)),
        &format!("https://{}example", "a.".repeat(130)),
    ] {
        let text = format!("[words]({address})");
        assert!(!shown(&text).contains("(words"), "{text}: {}", shown(&text));
    }
    for address in [
        "https://good.example@evil.example",
        "https://a:b@evil.example/",
        "http://good.example:80@evil.example",
    ] {
        assert_eq!(inline(address), address);
    }
    for address in [
        "https://good.example%2f.evil.example",
        "https://good.example⁄.evil.example",
        "https://good.example。evil.example",
        "https://good.example\u{fe0f}.evil.example",
    ] {
        assert!(
            inline(address).starts_with("a:https://good.example(https://good.example)"),
            "{}",
            inline(address)
        );
    }
    assert_eq!(inline("https://a.example/@b?c@d"), "a:https://a.example/@b?c@d(https://a.example/@b?c@d)");
}

/// Returns the links of a paragraph: address, text and destination.
fn links(text: &str) -> Vec<(String, Vec<Inline>, Option<String>)> {
    let of = |inline: &Inline| match inline {
        Inline::Link { url, text, destination } => Some((url.clone(), text.clone(), destination.clone())),
        _ => None,
    };
    match parse(text).blocks.as_slice() {
        [Block::Paragraph(inside)] => inside.iter().filter_map(of).collect(),
        _ => Vec::new(),
    }
}

/// Returns the host that a browser would contact.
fn host_in_browser(url: &str) -> Option<String> {
    let host = url.split_once("://")?.1.split(['/', '?', '#', ':']).next()?;
    idna::domain_to_ascii(host).ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// Uses letters that DNS names keep unchanged.
    #[test]
    fn shows_the_host_that_the_browser_opens(
        text in prop::collection::vec(prop::sample::select(vec![
            "good.example", "https", ":", "//", "\\", "www.", " ", "*", "`", "\u{200b}", "：", "／", "о", "é", "@", "a",
        ]), 1..6).prop_map(|parts| parts.concat()),
        host in prop::collection::vec(prop::sample::select(vec![
            "evil", "good", ".", "example", "о", "é", "пример", "例え", "-", "@", ":", "/", "\\", "%2e", "。",
        ]), 1..6).prop_map(|parts| parts.concat()),
        bare in any::<bool>(),
    ) {
        let address = format!("https://{host}");
        for (url, text, destination) in links(&if bare { address } else { format!("[{text}]({address})") }) {
            let Some(host) = host_in_browser(&url) else { continue };
            let shown = destination.unwrap_or_else(|| format!("{text:?}")).to_lowercase();
            let letters = idna::domain_to_unicode(&host).0;
            let may_deceive = letters.contains(|letter: char| letter.is_ascii_alphabetic());
            let readable = shown.contains(&host) || (!may_deceive && shown.contains(&letters));
            prop_assert!(readable, "{} shows {}, leads to {}", url, shown, host);
        }
    }
}
