//! Checks that every input from a client is answered and never causes a panic.

use hubbub_protocol::{MAX_FRAME_BYTES, ServerFrame};
use hubbub_wires::{InboundFrame, Session, Wire};
use proptest::prelude::*;

use crate::stage::{endpoint, hello, me, now};
use crate::words::{Wish, words};

/// Generates text that resembles valid input.
fn text() -> impl Strategy<Value = String> {
    let field = prop_oneof![
        Just("action"),
        Just("type"),
        Just("room"),
        Just("chat_id"),
        Just("text"),
        Just("content"),
        Just("user"),
        Just("username"),
        Just("history"),
        Just("before"),
        Just("limit"),
        Just("client_id"),
        Just("message_id"),
        Just("status"),
        Just("is_typing"),
        Just("__proto__"),
    ];
    let value = prop_oneof![
        Just("null".to_owned()),
        Just("1e400".to_owned()),
        Just("-0".to_owned()),
        Just("[[[[]]]]".to_owned()),
        Just("\"\\ud800\"".to_owned()),
        Just("9223372036854775808".to_owned()),
        Just("-1".to_owned()),
        Just("\"general\"".to_owned()),
        Just("\"join\"".to_owned()),
        Just("\"message\"".to_owned()),
        Just("\"history\"".to_owned()),
        Just("\"join_chat\"".to_owned()),
        Just("\"send_message\"".to_owned()),
        Just("\"status\"".to_owned()),
        Just("3".to_owned()),
        Just("true".to_owned()),
        any::<i64>().prop_map(|n| n.to_string()),
        any::<String>().prop_map(|text| serde_json::Value::String(text).to_string()),
    ];
    let object = prop::collection::vec((field, value), 0..6).prop_map(|fields| {
        let fields: Vec<String> =
            fields.into_iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{{}}}", fields.join(","))
    });
    // Valid input with one character replaced.
    let near = (prop::sample::select(right()), any::<prop::sample::Index>(), any::<char>()).prop_map(
        |(text, index, put)| {
            let mut characters: Vec<char> = text.chars().collect();
            let at = index.index(characters.len());
            characters[at] = put;
            characters.into_iter().collect()
        },
    );
    prop_oneof![any::<String>(), object, near]
}

fn right() -> Vec<String> {
    let each =
        Wire::ALL.into_iter().flat_map(|wire| Wish::ALL.into_iter().map(move |wish| words(wire, wish)));
    each.flatten().map(|(_, text)| text).collect()
}

fn opened(wire: Wire) -> Session {
    let mut session = Session::new(endpoint(wire), me(), true, crate::files::urls());
    _ = session.on_frame(ServerFrame::Hello(hello()), now());
    session
}

proptest! {
    #[test]
    fn any_frame_is_decoded_or_refused(texts in prop::collection::vec((text(), "[a-z_]{0,12}"), 1..8)) {
        for wire in Wire::ALL {
            let mut session = opened(wire);
            for (text, name) in &texts {
                let names = ["join_room", "send_message", "send_file", name.as_str()];
                for input in names.map(|name| InboundFrame::Event { name, json: text, acknowledge: Some(1), has_attachment: false }) {
                    let output = session.decode(input, [1; 16], now());
                    prop_assert!(!output.frames.is_empty() || output.lookup.is_some());
                }
                let output = session.decode(InboundFrame::Text(text), [1; 16], now());
                // Leaving an unknown chat succeeds without an answer.
                let silent = wire == Wire::Typed && text.contains("leave_chat");
                prop_assert!(silent || !output.frames.is_empty() || output.lookup.is_some());
            }
        }
    }
}

#[test]
fn refuses_deep_long_and_duplicate_input() {
    let deep = "[".repeat(MAX_FRAME_BYTES / 2);
    let deeper = "{\"a\":".repeat(MAX_FRAME_BYTES / 8);
    let long = format!("{{\"action\":\"{}\"}}", "x".repeat(MAX_FRAME_BYTES));
    for wire in Wire::ALL.into_iter().filter(|wire| !matches!(wire, Wire::Plain | Wire::Form)) {
        let mut session = opened(wire);
        for text in [&deep, &deeper, &long] {
            let inputs = [
                InboundFrame::Text(text),
                InboundFrame::Event {
                    name: "join_room",
                    json: text,
                    acknowledge: None,
                    has_attachment: false,
                },
                InboundFrame::Event { name: text, json: "{}", acknowledge: None, has_attachment: true },
            ];
            for input in inputs {
                let output = session.decode(input, [1; 16], now());
                let said = format!("{:?}", output.frames);
                assert!(output.lookup.is_none() && said.contains("code"), "{wire:?}: {said}");
                assert!(said.len() < 500, "{wire:?}: what was wrong is not sent back: {} bytes", said.len());
            }
        }
    }
}
