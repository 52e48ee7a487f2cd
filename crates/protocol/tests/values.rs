//! The rules of single values. Decoding never panics, whatever a peer sends.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use hubbub_protocol::*;
use proptest::prelude::*;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

fn refused_field<T: std::fmt::Debug>(result: Result<T, Refusal>) -> (Code, Option<Field>, Option<u64>) {
    let refusal = result.unwrap_err();
    (refusal.code, refusal.field, refusal.limit)
}

#[test]
fn checks_room_names() {
    for name in ["a", "General_2-x", &"r".repeat(64)] {
        assert_eq!(RoomName::parse(name).unwrap().as_str(), name);
    }
    assert_eq!(refused_field(RoomName::parse("")), (Code::Empty, Some(Field::Room), None));
    assert_eq!(refused_field(RoomName::parse(&"r".repeat(65))), (Code::TooLong, Some(Field::Room), Some(64)));
    for name in ["a b", "комната", "a/b", "..", "a\n", "a\0", "#general", "é"] {
        assert_eq!(
            refused_field(RoomName::parse(name)),
            (Code::Invalid, Some(Field::Room), None),
            "{name:?}"
        );
    }
}

#[test]
fn rejects_deceptive_user_names() {
    for (name, kept) in [
        ("  Anna Maria ", "Anna Maria"),
        ("Ян", "Ян"),
        ("o'Neil <b>", "o'Neil <b>"),
        ("👩\u{200d}💻", "👩\u{200d}💻"),
    ] {
        match UserName::parse(name) {
            Ok(parsed) => assert_eq!(parsed.as_str(), kept),
            Err(refusal) => assert_eq!((kept, refusal.field), ("", Some(Field::Name))),
        }
    }
    assert_eq!(refused_field(UserName::parse(" ")), (Code::Empty, Some(Field::Name), None));
    assert_eq!(refused_field(UserName::parse(&"ы".repeat(33))), (Code::TooLong, Some(Field::Name), Some(32)));
    for name in ["system", "SyStEm", "a :: b", "a\nb", "\u{202e}nimda", "a\u{200b}b", "a\u{7f}", "\u{feff}a"]
    {
        assert_eq!(
            refused_field(UserName::parse(name)),
            (Code::Invalid, Some(Field::Name), None),
            "{name:?}"
        );
    }
}

#[test]
fn emoji_must_not_be_a_word() {
    let family = "👩\u{200d}👩\u{200d}👧\u{200d}👦";
    for text in [
        "👍",
        "👍🏽",
        "❤\u{fe0f}",
        "🇫🇮",
        "1\u{fe0f}\u{20e3}",
        "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
        family,
    ] {
        assert_eq!(Emoji::parse(text).unwrap().as_str(), text);
    }
    assert_eq!(refused_field(Emoji::parse("")), (Code::Empty, Some(Field::Emoji), None));
    assert_eq!(refused_field(Emoji::parse(&"👍".repeat(17))), (Code::TooLong, Some(Field::Emoji), Some(64)));
    for text in
        ["a", "1", "#", "да", " ", "👍 ", ":)", "<b>", "\u{200d}", "\u{fe0f}", "\u{202e}", "👍\n", "1👍"]
    {
        assert_eq!(refused_field(Emoji::parse(text)), (Code::Invalid, Some(Field::Emoji), None), "{text:?}");
    }
}

#[test]
fn topic_is_one_line_and_may_be_empty() {
    assert_eq!(Topic::parse("  Tea, and cake ").unwrap().as_str(), "Tea, and cake");
    assert!(Topic::parse(" ").unwrap().is_empty());
    assert_eq!(refused_field(Topic::parse(&"ы".repeat(251))), (Code::TooLong, Some(Field::Topic), Some(250)));
    assert_eq!(refused_field(Topic::parse("two\nlines")), (Code::Invalid, Some(Field::Topic), None));
}

#[test]
fn applying_an_event_twice_changes_nothing() {
    let at = Timestamp::from_millis(0);
    let user = User { id: UserId(1), name: UserName::parse("alice").unwrap() };
    let text = |text: &str| MessageText::parse(text).ok();
    let mut message = Message {
        id: MessageId(1),
        seq: Seq(5),
        author: user.clone(),
        client_id: ClientId::from_random_bytes([1; 16]),
        text: text("one"),
        at,
        reply_to: None,
        changed: None,
        edited_at: None,
        reactions: Vec::new(),
        files: Vec::new(),
    };
    let edited = |seq, said| Edited {
        seq: Seq(seq),
        message_id: MessageId(1),
        text: text(said),
        at,
        removed_files: Vec::new(),
    };
    assert!(message.edit(&edited(7, "two")));
    assert!(!message.edit(&edited(7, "two")) && !message.edit(&edited(6, "older")));
    let emoji = Emoji::parse("👍").unwrap();
    let reacted = |seq, on| Reacted {
        seq: Seq(seq),
        message_id: MessageId(1),
        user: user.clone(),
        emoji: emoji.clone(),
        on,
        at,
    };
    assert!(message.react(&reacted(8, true)) && !message.react(&reacted(8, false)));
    assert_eq!((message.text.clone(), message.version(), message.reactions.len()), (text("two"), Seq(8), 1));
    assert!(message.react(&reacted(9, false)));
    assert_eq!(message.reactions, []);
    let deleted = Deleted { seq: Seq(10), message_id: MessageId(1), message_seq: Seq(5), by: user.id, at };
    assert!(message.delete(&deleted) && !message.edit(&edited(9, "undead")));
    assert_eq!((message.text, message.edited_at), (None, None));
}

#[test]
fn generated_names_have_the_documented_form() {
    for random in [0, 1, 26, 12_345_678_901, u64::MAX] {
        let name = UserName::generated(random);
        let (letters, digits) = name.as_str().strip_prefix("user_").unwrap().split_at(6);
        assert!(letters.bytes().all(|byte| byte.is_ascii_lowercase()));
        assert!(digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit()));
        assert_eq!(UserName::parse(name.as_str()), Ok(name));
    }
}

#[test]
fn normalizes_line_breaks_of_texts() {
    assert_eq!(MessageText::parse("a\r\nb\rc\n\td").unwrap().as_str(), "a\nb\nc\n\td");
    assert_eq!(MessageText::parse(&"🙂".repeat(4_000)).unwrap().as_str().len(), 16_000);
    for (text, code, limit) in [
        ("", Code::Empty, None),
        (" \n\t ", Code::Empty, None),
        (&"x".repeat(4_001), Code::TooLong, Some(4_000)),
        (&"🙂".repeat(4_097), Code::TooLong, Some(16_384)),
        ("a\u{1b}[2J", Code::Invalid, None),
        ("a\0", Code::Invalid, None),
    ] {
        assert_eq!(refused_field(MessageText::parse(text)), (code, Some(Field::Text), limit), "{text:.20?}");
    }
}

#[test]
fn close_codes_are_valid_and_tell_whether_to_reconnect() {
    for reason in CloseReason::ALL {
        let code = reason.code();
        let allowed = matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999);
        assert!(allowed, "{code} must not be in a close frame");
        assert!(reason.text().len() <= 123);
        assert_eq!(CloseReason::from_code(code), Some(reason));
    }
    let back: Vec<u16> = CloseReason::ALL
        .into_iter()
        .filter(|reason| reason.come_back() == ComeBack::Yes)
        .map(CloseReason::code)
        .collect();
    assert_eq!(back, [1011, 1012, 1013, 4000, 4001]);
    assert_eq!(CloseReason::from_code(1006), None);
}

#[test]
fn rejects_impossible_dates() {
    for text in [
        "2026-13-01T00:00:00.000Z",
        "2026-02-29T00:00:00.000Z",
        "2026-11-20T24:00:00.000Z",
        "2026-11-20T10:00:60.000Z",
        "2026-11-20T10:00:00Z",
        "2026-11-20 10:00:00.000Z",
        "2026-11-20T10:00:00.000+01:00",
        "x026-11-20T10:00:00.000Z",
        "",
        "2026-11-20T10:00:00.00ñ",
    ] {
        assert!(text.parse::<Timestamp>().is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn formats_times_like_a_reference_library(millis in -62_167_219_200_000_i64..253_402_300_799_999) {
        let ours = Timestamp::from_millis(millis).to_string();
        let theirs = OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).unwrap();
        prop_assert_eq!(OffsetDateTime::parse(&ours, &Rfc3339).unwrap(), theirs);
        prop_assert_eq!(ours.parse::<Timestamp>().unwrap().millis(), millis);
    }

    #[test]
    fn handles_the_range_of_timestamps(millis: i64) {
        let time = Timestamp::from_millis(millis);
        prop_assert_eq!(time.to_string().parse(), Ok(time));
    }

    #[test]
    fn decoding_a_frame_never_panics(text in "\\PC{0,200}") {
        _ = ClientFrame::decode(&text);
        _ = ServerFrame::decode(&text);
    }

    #[test]
    fn decoding_a_mutated_frame_never_panics(at in 0_usize..120, byte: u8) {
        let whole = r#"{"id":7,"do":{"post":{"room":"general","client_id":"67e55044-10b1-426f-9247-bb680e5fe0c8","text":"Hi"}}}"#;
        let mut bytes = whole.as_bytes().to_vec();
        if let Some(place) = bytes.get_mut(at) {
            *place = byte;
        }
        _ = ClientFrame::decode(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn parsing_is_idempotent(text in "\\PC{0,40}") {
        if let Ok(name) = UserName::parse(&text) {
            prop_assert_eq!(UserName::parse(name.as_str()), Ok(name));
        }
        if let Ok(parsed) = MessageText::parse(&text) {
            prop_assert_eq!(MessageText::parse(parsed.as_str()), Ok(parsed));
        }
    }
}

#[test]
fn stored_values_are_readable_despite_stricter_rules() {
    fn assert_readable<T: serde::de::DeserializeOwned + std::fmt::Display>(stored: &str) {
        let json = serde_json::to_string(stored).unwrap();
        assert_eq!(serde_json::from_str::<T>(&json).unwrap().to_string(), stored);
    }
    for stored in ["", " ", "\0\u{1b}[2J\u{7f}", "system", "a :: b\n", "👍👎", &"x".repeat(20_000)] {
        assert_readable::<MessageText>(stored);
        assert_readable::<UserName>(stored);
        assert_readable::<RoomName>(stored);
        assert_readable::<Topic>(stored);
        assert_readable::<Emoji>(stored);
    }
}

#[test]
fn client_ids_made_of_times_are_in_their_order() {
    let early = ClientId::from_time(1_790_000_000_000, [0xFF; 16]);
    let late = ClientId::from_time(1_790_000_000_001, [0; 16]);
    assert!(early.to_string() < late.to_string(), "{early} {late}");
    assert_eq!(early.to_string().parse(), Ok(early));
    assert_ne!(late, ClientId::from_time(1_790_000_000_001, [1; 16]));
}
