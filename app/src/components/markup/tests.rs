//! Tests of the HTML that messages are rendered to.

use super::*;
use crate::Language;

/// Returns the HTML of a message without its surrounding elements.
fn html(text: &str) -> String {
    let me = UserName::parse("Ada Lovelace").ok();
    let html = rendered(text, me, None);
    let start = html.find("<div>").expect("the element it is written in") + "<div>".len();
    let end = html.len() - "</div></div>".len();
    html[start..end].to_owned()
}

fn rendered(text: &str, me: Option<UserName>, acting_as: Option<UserId>) -> String {
    let text = text.to_owned();
    Owner::new().with(|| {
        provide_context(Language::En);
        view! { <Markup text me acting_as /> }.to_html()
    })
}

fn paragraph(inside: &str) -> String {
    format!("<p dir=\"auto\">{inside}</p>")
}

#[test]
fn renders_inline_markup() {
    let text = "**a** *b* ~~c~~ `d`\ne";
    let expected = "<strong>a</strong> <em>b</em> <s>c</s> <code>d</code><br>e";
    assert_eq!(html(text), paragraph(expected));
}

#[test]
fn renders_blocks() {
    assert_eq!(html("a\n\nb"), paragraph("a") + &paragraph("b"));
    assert_eq!(html("> a"), format!("<blockquote>{}</blockquote>", paragraph("a")));
    let a = paragraph("a");
    assert_eq!(html("- a"), format!("<ul><li>{a}</li></ul>"));
    assert_eq!(html("1. a"), format!("<ol><li>{a}</li></ol>"));
    assert_eq!(html("7. a\n   - a"), format!("<ol start=\"7\"><li>{a}<ul><li>{a}</li></ul></li></ol>"));
}

#[test]
fn code_blocks_have_a_copy_button() {
    let html = html("```rust\nlet a = \"<b>\";\n```");
    assert_eq!(
        html,
        "<div class=\"code-block\"><div class=\"code-head\"><span class=\"code-language\">rust</span>\
         <button class=\"code-copy needs-script\" type=\"button\">Copy</button></div>\
         <pre dir=\"ltr\"><code>let a = \"&lt;b&gt;\";</code></pre></div>"
    );
}

#[test]
fn links_send_no_referrer_and_show_their_host() {
    let rel = "target=\"_blank\" rel=\"noopener noreferrer nofollow\"";
    assert_eq!(html("http://a.b"), paragraph(&format!("<a href=\"http://a.b\" {rel}>http://a.b</a>")));
    assert_eq!(
        html("[c](https://a.b)"),
        paragraph(&format!(
            "<a href=\"https://a.b\" {rel} title=\"https://a.b\">c\
             <span class=\"link-host\" dir=\"ltr\"> (a.b)</span></a>"
        ))
    );
}

#[test]
fn renders_mentions_and_room_links() {
    assert_eq!(
        html("@bob @ada_lovelace #tea"),
        paragraph(
            "<a class=\"mention\" href=\"#people\">@bob</a> \
             <a class=\"mention mention-me\" href=\"#people\">@ada_lovelace</a> \
             <a class=\"room-mention\" href=\"/rooms/tea\">#tea</a>"
        )
    );
    assert!(rendered("#tea", None, Some(UserId(4))).contains("href=\"/rooms/tea?as=4\""));
}

#[test]
fn messages_of_emoji_only_are_large() {
    assert!(rendered("👍🏽 ❤️", None, None).contains("class=\"markup message-emoji\""));
    assert!(rendered("👍🏽 yes", None, None).contains("class=\"markup\""));
}

#[test]
fn escapes_html_in_messages() {
    for text in [
        "<script>alert(1)</script>",
        "**<img src=x onerror=alert(1)>**",
        "`</code><script>`",
        "```\n</code></pre><script>\n```",
        "```<script>\na\n```",
        "> <script>",
        "- <script>",
        "[<script>](http://a)",
        "[a](http://a/<script>)",
        "http://a/\"onclick=alert(1)",
        "[a](http://a/\"onclick=\"alert(1))",
        "http://a/'onclick='alert(1)",
        "@<script>",
        "#<script>",
        "<!-- a",
        "</div></div><script>",
    ] {
        let html = html(text);
        for tag in ["<script", "<img", "<!--", "</div></div><"] {
            assert!(!html.contains(tag), "{text}: {html}");
        }
        // Inside a tag, quotation marks occur only around attribute values.
        for tag in html.split('<').filter_map(|part| part.split_once('>')).map(|(tag, _)| tag) {
            assert!(!tag.contains("\"onclick") && !tag.contains(" onclick"), "{text}: {tag}");
        }
    }
}

#[test]
fn links_never_run_scripts() {
    for text in [
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html,b)",
        "[a](vbscript:a)",
        "[a](//evil.org)",
        "javascript:alert(1)",
        "[a]( javascript:alert(1))",
        "[a](\\javascript:alert(1))",
    ] {
        assert!(!html(text).contains("<a"), "{text}");
    }
}

#[test]
fn every_element_is_closed() {
    for text in ["> - **a *b ~~c", "- > ```\n", "**_~~`a`~~_**", "[**a**](http://b)\n1. > c", "****", ">"] {
        let html = html(text);
        let mut open = Vec::new();
        for tag in html.split('<').skip(1).filter_map(|part| part.split_once('>')).map(|(tag, _)| tag) {
            match tag.strip_prefix('/') {
                Some(name) => assert_eq!(open.pop(), Some(name), "{html}"),
                None if tag == "br" => {}
                None => open.push(tag.split(' ').next().unwrap_or(tag)),
            }
        }
        assert!(open.is_empty(), "{html}");
    }
}
