//! Mentions of users and rooms.

use crate::shown::inline;

#[test]
fn parses_mentions() {
    assert_eq!(
        inline("@ada hi, @боб! (@c-d.e) **@f**, «@g»"),
        "@(ada) hi, @(боб)! (@(c-d.e)) b(@(f)), «@(g)»"
    );
    assert_eq!(inline("hi @ada.\n@bob- @user_qwerty12"), "hi @(ada)./@(bob)- @(user_qwerty12)");
    assert_eq!(inline("_hi @ada_ @ada_"), "i(hi @(ada)) @(ada_)");
    assert_eq!(inline("@é @日本"), "@(é) @(日本)");
}

#[test]
fn text_like_a_mention_stays_text() {
    for text in ["bob@example.org", "@", "@ ada", "@@ada", "a.@b", "@-", "@_", "@...", r"a@b", "1@2"] {
        assert_eq!(inline(text), text);
    }
}

#[test]
fn parses_room_links() {
    assert_eq!(inline("#tea, (#Tea_2-x) _#tea_"), "#(tea), (#(Tea_2-x)) i(#(tea))");
    let longest = "r".repeat(64);
    assert_eq!(inline(&format!("#{longest}")), format!("#({longest})"));
}

#[test]
fn text_like_a_room_link_stays_text() {
    let too_long = format!("#{}", "r".repeat(65));
    for text in ["#42", "C#sharp", "##tea", "# tea", "#", "#teaж", "#чай", "a#b", &too_long] {
        assert_eq!(inline(text), text);
    }
}
