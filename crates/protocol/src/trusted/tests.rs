#![expect(clippy::expect_used, reason = "a test that does not hold panics")]

use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::value::Value;
use super::*;

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Plain,
    Named(String),
    Whole { number: u64, maybe: Option<bool> },
}

#[test]
fn what_serde_json_writes_is_read() {
    for kind in [
        Kind::Plain,
        Kind::Named("\u{0}\"\\/\n\u{1f600}я".to_owned()),
        Kind::Whole { number: 9_000_000_000_000_000_000, maybe: None },
        Kind::Whole { number: 0, maybe: Some(true) },
    ] {
        let json = serde_json::to_string(&kind).expect("plain data");
        assert_eq!(read::<Kind>(&json), Ok(kind));
    }
}

#[test]
fn what_a_type_does_not_know_is_left_out() {
    let json = " { \"whole\" : {\"new\":[1.5e3,{\"a\":null}],\"number\":7} } ";
    assert_eq!(read::<Kind>(json), Ok(Kind::Whole { number: 7, maybe: None }));
}

#[test]
fn what_is_no_json_is_not_understood() {
    for json in [
        "",
        "{",
        "[1,]",
        "[1 2]",
        "\"",
        "\"\\x\"",
        "\"\\ud800\"",
        "\"\\ud800\\u0041\"",
        "nul",
        "{\"a\"}",
        "1 1",
        "{a:1}",
    ] {
        assert_eq!(tree(json), Err(NotUnderstood), "{json}");
    }
}

#[test]
fn nothing_nests_too_deep() {
    assert!(tree(&"[".repeat(100_000)).is_err());
    assert!(tree(&format!("{}{}", "[".repeat(60), "]".repeat(60))).is_ok());
}

#[test]
fn halves_of_a_character_are_one() {
    assert_eq!(tree("\"\\ud83d\\ude00\\u044f\""), Ok(Value::Text("\u{1f600}я".to_owned())));
}

fn same(ours: &Value, theirs: &serde_json::Value) -> bool {
    match (ours, theirs) {
        (Value::Null, serde_json::Value::Null) => true,
        (Value::Bool(ours), serde_json::Value::Bool(theirs)) => ours == theirs,
        (Value::Number(ours), serde_json::Value::Number(theirs)) => theirs.as_i64() == Some(*ours),
        (Value::Text(ours), serde_json::Value::String(theirs)) => ours == theirs,
        (Value::List(ours), serde_json::Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| same(ours, theirs))
        }
        (Value::Map(ours), serde_json::Value::Object(theirs)) => {
            ours.len() == theirs.len()
                && ours.iter().all(|(name, ours)| theirs.get(name).is_some_and(|theirs| same(ours, theirs)))
        }
        _ => false,
    }
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Into::into),
            prop::collection::vec((any::<String>(), inner), 0..8)
                .prop_map(|entries| serde_json::Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn it_reads_as_serde_json_does(json in any_json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&json) } else { serde_json::to_string(&json) };
        let ours = tree(&text.expect("plain data")).expect("JSON");
        prop_assert!(same(&ours, &json));
    }

    #[test]
    fn nothing_makes_it_panic(text in any::<String>()) {
        drop(tree(&text));
        drop(tree(&format!("[{text}")));
        drop(tree(&format!("\"{text}")));
    }
}
