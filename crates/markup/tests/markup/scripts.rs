//! All kinds of scripts: the ends of addresses and names, and emphasis.

use hubbub_markup::{may_begin_name, mention_of, mentions, names_room};
use proptest::prelude::*;

use crate::shown::inline;

const ADDRESS: &str = "https://example.com/a";

#[test]
fn url_begins_after_a_word_of_another_script() {
    for before in [
        "看这里",
        "見て",
        "여기",
        "ดูที่",
        "មើល",
        "ကြည့်",
        "देखो",
        "انظر",
        "ראה",
        "смотри",
        "看：",
        "（",
        "「",
        "👀",
        "❤️",
        "…",
        "→",
    ] {
        assert_eq!(inline(&format!("{before}{ADDRESS}")), format!("{before}a:{ADDRESS}({ADDRESS})"));
    }
    for before in ["x", "svn", "1"] {
        let text = format!("{before}{ADDRESS}");
        assert_eq!(inline(&text), text);
    }
}

#[test]
fn url_ends_before_punctuation_of_any_script() {
    for after in [
        "。谢谢",
        "，谢谢",
        "、",
        "！",
        "？",
        "；",
        "：见",
        "）",
        "）。",
        "】",
        "」",
        "』",
        "》",
        "〉",
        "〕",
        "｝",
        "…",
        "……",
        "——",
        "～",
        "（说明）",
        "【a】",
        "؟",
        "،",
        "؛",
        "۔",
        "।",
        "॥",
        "။",
        "។",
        "፡",
        "։",
        "׃",
        "”",
        "’。",
        "»",
        "›",
        "«",
        "👍",
        "❤️",
        "🇩🇪 ",
        "→",
        "。https",
        "\u{3000}b",
        "\u{200b}b",
        "\u{200f}",
        "\u{2069}",
        "・",
        "·",
        "）看",
    ] {
        let shown = inline(&format!("{ADDRESS}{after}"));
        assert_eq!(shown, format!("a:{ADDRESS}({ADDRESS}){after}"), "{after}");
    }
    for (before, after) in
        [("（", "）"), ("【", "】"), ("「", "」"), ("《", "》"), ("“", "”"), ("«", "»"), ("(", ")")]
    {
        assert_eq!(
            inline(&format!("{before}{ADDRESS}{after}")),
            format!("{before}a:{ADDRESS}({ADDRESS}){after}")
        );
    }
}

#[test]
fn host_ends_where_another_script_begins() {
    let address = "https://example.com";
    for after in ["谢谢", "에서", "を見て", "ครับ", "。谢谢", "は", "你好@bob", "：80", "មាន"]
    {
        let shown = inline(&format!("{address}{after}"));
        assert!(shown.starts_with(&format!("a:{address}({address})")), "{shown}");
    }
    assert_eq!(inline("https://example.com:80谢谢"), "a:https://example.com:80(https://example.com:80)谢谢");
}

#[test]
fn urls_contain_letters_of_any_script() {
    for address in [
        "https://пример.рф/путь",
        "https://zh.wikipedia.org/wiki/中文_(语言)",
        "https://hi.wikipedia.org/wiki/विष्णु",
        "https://th.wikipedia.org/wiki/ภาษาไทย?a=ก่อน",
        "https://ja.wikipedia.org/wiki/ジョン・レノン",
        "https://en.wikipedia.org/wiki/Mann–Whitney_U_test",
        "https://ar.wikipedia.org/wiki/لغة",
        "https://de.wikipedia.org/wiki/Gru\u{308}n",
    ] {
        assert_eq!(inline(&format!("{address}。")), format!("a:{address}({address})。"));
    }
}

#[test]
fn mention_begins_after_a_word_of_a_caseless_script() {
    for before in ["你好", "さん、", "안녕", "สวัสดี", "नमस्ते", "و", "ל", "，", "（", "：", "👍", "❤️", "—"]
    {
        assert_eq!(inline(&format!("{before}@bob")), format!("{before}@(bob)"));
        assert_eq!(inline(&format!("{before}#tea")), format!("{before}#(tea)"));
    }
    for text in [
        "bob@example.org",
        "почта@example.org",
        "é@bob",
        "e\u{301}@bob",
        "xinchào@bob",
        "λ@bob",
        "1@2",
        "ｂ@bob",
    ] {
        assert_eq!(inline(text), text);
    }
}

#[test]
fn latin_mention_ends_where_a_caseless_script_begins() {
    for after in ["你好", "さん", "님", "은", "ครับ", "が", "。", "：", "👍", "، مرحبا", "的"]
    {
        assert_eq!(inline(&format!("@bob{after}")), format!("@(bob){after}"));
        assert_eq!(inline(&format!("#tea{after}")), format!("#(tea){after}"));
    }
    assert_eq!(inline("@bob_2你好"), "@(bob_2)你好");
    assert_eq!(inline("#teaж #tea\u{e9}"), "#teaж #teaé");
}

#[test]
fn mentions_do_not_split_letters() {
    for name in [
        "विष्णु",
        "พี่หมู",
        "ក្រុម",
        "မြန်မာ",
        "বিষ্ণু",
        "தமிழ்",
        "മലയാളം",
        "ශ්‍රී",
        "علی\u{200c}رضا",
        "שָׁלוֹם",
        "مُحَمَّد",
        "Jose\u{301}",
        "José",
        "田中さん",
        "김철수",
        "Ada_李",
        "小明2",
        "བསྟན",
        "ትግርኛ",
    ] {
        assert_eq!(inline(&format!("@{name}, hi")), format!("@({name}), hi"), "{name}");
        assert_eq!(mention_of(name), name);
    }
    for text in ["@\u{301}bob", "@\u{200d}", "@\u{fe0f}", "@\u{3164}"] {
        assert_eq!(inline(text), text);
    }
    assert_eq!(
        inline("@bob\u{200d} @bob\u{fe0f} @bob\u{3164}"),
        "@(bob)\u{200d} @(bob)\u{fe0f} @(bob)\u{3164}"
    );
}

#[test]
fn mention_matches_the_normalized_name() {
    for (name, mention) in [
        ("Ada Lovelace", "Ada_Lovelace"),
        ("bob李", "bob_李"),
        ("bob-李", "bob-_李"),
        ("李bob", "李bob"),
        ("o'Neil <b>", "o_Neil__b_"),
        ("Bob.", "Bob"),
        ("☃", ""),
        ("👩\u{200d}👩", ""),
    ] {
        assert_eq!(mention_of(name), mention);
    }
    assert!(mentions("ada_lovelace", "Ada Lovelace") && mentions("АННА", "Анна"));
    assert!(!mentions("ada", "Ada Lovelace") && !mentions("bob你好", "bob"));
}

#[test]
fn numbers_of_four_digits_are_room_links() {
    assert_eq!(inline("#2024 and #20240101."), "#(2024) and #(20240101).");
    assert_eq!(inline("#1 #42 #007"), "#1 #42 #007");
    assert!(names_room("2024") && names_room("2-1") && names_room("a"));
    assert!(!names_room("202") && !names_room("") && !names_room("чай") && !names_room(&"r".repeat(65)));
}

#[test]
fn parses_emphasis_in_scripts_without_spaces() {
    for (text, expected) in [
        ("*强调*后", "i(强调)后"),
        ("前*强调*后", "前i(强调)后"),
        ("前***强调***后", "前b(i(强调))后"),
        ("这是*“强调”*的", "这是i(“强调”)的"),
        ("*强调。*后", "i(强调。)后"),
        ("これは*強調*です", "これはi(強調)です"),
        ("*강조*는", "i(강조)는"),
        ("*bold*는", "i(bold)는"),
        ("這是*bold*的", "這是i(bold)的"),
        ("คำ*เน้น*นี้", "คำi(เน้น)นี้"),
        ("abc*强调*def", "abci(强调)def"),
        ("ה*מודגש*", "הi(מודגש)"),
        ("**强调**后 ~~删~~后", "b(强调)后 s(删)后"),
    ] {
        assert_eq!(inline(text), expected);
    }
    for text in ["2*3*4", "٢*٣*٤", "२*३*४", "a*b*c", "ж*ж*ж", "变量_名_字", "e\u{301}*e\u{301}*e\u{301}"]
    {
        assert_eq!(inline(text), text);
    }
}

proptest! {
    /// A mention that the composer writes is found by the parser.
    #[test]
    fn mention_of_a_name_parses_to_the_name(name in "[a-zA-Zé\u{301}я李こ한กี\u{94d}क\u{200c}\u{200d}\u{fe0f}0-9_. '👍-]{1,32}") {
        let mention = mention_of(&name);
        if !mention.is_empty() {
            prop_assert_eq!(inline(&format!("@{mention}")), format!("@({mention})"));
            prop_assert!(mentions(&mention, &name));
        }
    }

    #[test]
    fn mention_of_any_name_parses_to_the_name(name in any::<String>(), before in any::<Option<char>>()) {
        let mention = mention_of(&name);
        let before = before.filter(|before| may_begin_name(Some(*before)) && !"*_[`\\\n\r".contains(*before));
        if !mention.is_empty() {
            let before = before.map(String::from).unwrap_or_default();
            let shown = inline(&format!("a {before}@{mention}"));
            prop_assert!(shown.ends_with(&format!("@({mention})")), "{}", shown);
        }
    }
}
