//! The state that a session keeps and discards.

use hubbub_protocol::{Answer, ClientFrame, Event, Refusal, RequestId, RoomName, ServerFrame, UserEvent};
use hubbub_wires::{Endpoint, InboundFrame, Lookup, Session, UpdateKind, Wire};

use crate::stage::{Stage, anna, me, message, room};
use crate::words::{Wish, says};

#[test]
fn events_during_a_join_are_delivered_after_it() {
    for wire in Wire::ALL {
        let mut session = Session::new(crate::stage::endpoint(wire), me(), false, crate::files::urls());
        assert!(session.may_receive());
        let join = match wire {
            Wire::SocketIo => InboundFrame::Event {
                name: "join_room",
                json: "{\"room\":\"general\"}",
                acknowledge: None,
                has_attachment: false,
            },
            _ => InboundFrame::Text(
                "{\"action\":\"join\",\"type\":\"join_chat\",\"chat_id\":3,\"room\":\"general\"}",
            ),
        };
        let output = match wire {
            Wire::Plain | Wire::Form => {
                let (frame, now) = (crate::stage::hello(), crate::stage::now());
                session.on_frame(ServerFrame::Hello(frame), now)
            }
            _ => session.decode(join, [0; 16], crate::stage::now()),
        };
        assert!(!session.may_receive(), "{wire:?}: it has asked to come in");
        let id = match output.lookup.as_ref().unwrap() {
            Lookup::Do(frame) => frame.id,
            Lookup::Room { id, .. } => *id,
            other => panic!("{other:?}"),
        };
        let refusal = ServerFrame::Refusal { id: Some(id), refusal: Refusal::unavailable() };
        let refused = session.on_frame(refusal, crate::stage::now());
        assert!(session.may_receive(), "{wire:?}: the answer has come");
        assert_eq!(refused.close.is_some(), matches!(wire, Wire::Plain | Wire::Form), "{wire:?}");
    }
}

#[test]
fn name_can_be_requested_only_before_the_first_room() {
    let mut stage = Stage::pending(Wire::Actions);
    stage.says(InboundFrame::Text(r#"{"action":"join","room":"general","user":"ivan"}"#));
    let heard = stage.heard();
    assert!(heard[0].contains(r#""user":"ivan","users":["anna","#), "{heard:?}");
    let mut stage = Stage::pending(Wire::Actions);
    says(&mut stage, Wish::Join);
    stage.says(InboundFrame::Text(r#"{"action":"join","room":"general","user":"ivan"}"#));
    assert!(!stage.transcript.contains("rename"), "{}", stage.transcript);

    let mut known = Session::new(Endpoint::Actions, me(), false, crate::files::urls());
    let join = InboundFrame::Text(r#"{"action":"join","room":"general","user":"ivan"}"#);
    let output = known.decode(join, [0; 16], crate::stage::now());
    assert!(matches!(output.lookup, Some(Lookup::Do(_))), "who has an identity keeps their name: {output:?}");
}

#[test]
fn reads_history_until_enough_messages_are_found() {
    let mut events = Vec::new();
    for seq in 1..=40 {
        let event = if seq % 4 == 0 {
            Event::Posted(message(seq, anna(), &seq.to_string()))
        } else {
            Event::Joined(crate::stage::moved(hubbub_protocol::Seq(seq), anna()))
        };
        events.push(event);
    }
    let mut stage = Stage::open_in(Wire::Actions, events);
    stage.says(InboundFrame::Text(r#"{"action":"join","room":"general","history":6}"#));
    let joined: serde_json::Value = serde_json::from_str(&stage.heard()[0]).unwrap();
    let texts = |messages: &serde_json::Value| -> Vec<String> {
        let messages = messages.as_array().unwrap().iter();
        messages.map(|message| message["text"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(texts(&joined["history"]), ["20", "24", "28", "32", "36", "40"]);
    stage.says(InboundFrame::Text(r#"{"action":"history","room":"general","before":120,"limit":200}"#));
    let history: serde_json::Value = serde_json::from_str(&stage.heard()[0]).unwrap();
    assert_eq!(texts(&history["messages"]), ["4", "8", "12", "16"]);
}

#[test]
fn skips_the_page_only_if_no_history_is_requested() {
    for history in [0, 1] {
        let mut session =
            Session::new(Endpoint::Plain { room: room(), history }, me(), false, crate::files::urls());
        let output = session.on_frame(ServerFrame::Hello(crate::stage::hello()), crate::stage::now());
        let Some(Lookup::Do(ClientFrame { id, .. })) = output.lookup else { panic!("{output:?}") };
        assert!(!session.skips_page(), "the room has not answered");
        let answer = Answer::Joined(crate::stage::joined(Vec::new()));
        _ = session.on_frame(ServerFrame::Reply { id, answer }, crate::stage::now());
        assert_eq!(session.skips_page(), history == 0);
    }
}

#[test]
fn leaving_on_another_connection_ends_delivery() {
    for wire in Wire::ALL {
        let mut stage = Stage::pending(wire);
        says(&mut stage, Wish::Join);
        stage.heard();
        stage.tells(ServerFrame::UserEvent(UserEvent::Left { room: room() }));
        stage.tells(ServerFrame::UserEvent(UserEvent::Left { room: RoomName::parse("other").unwrap() }));
        assert_eq!(stage.heard().len(), usize::from(wire != Wire::Typed), "{wire:?}");
        let posted = stage.message_by(anna(), "Anybody?");
        stage.happens(UpdateKind::Event(&Event::Posted(posted)));
        assert_eq!(stage.heard(), [""; 0], "{wire:?}");
        assert_eq!(stage.session.room_id(&room()), None);
    }
}

#[test]
fn ignores_an_answer_without_request() {
    for wire in Wire::ALL {
        let mut stage = Stage::pending(wire);
        stage.heard();
        let answer = hubbub_protocol::Answer::Pong {};
        stage.tells(ServerFrame::Reply { id: RequestId(999), answer });
        assert_eq!(stage.heard(), [""; 0], "{wire:?}");
    }
}
