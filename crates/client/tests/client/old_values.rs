//! Values that older versions stored and that the current rules for input refuse.

use hubbub_client::{Client, Entry, Intent, Kept, Millis};
use hubbub_protocol::{
    Answer, Described, Event, MessageText, MyRoom, ReadState, RequestId, Room, RoomId, RoomName, Seq,
    ServerFrame, Timestamp, Topic,
};
use hubbub_protocol::{Emoji, Reaction, User, UserId, UserName};

use crate::words::{lobby, message, name_of};
use crate::world::World;

const OLD_TEXT: &str = "\u{1b}[2Jhi\0";

fn old_user(id: i64, name: &str) -> User {
    User { id: UserId(id), name: UserName::from_stored(name) }
}

#[test]
fn shows_stored_values_that_new_rules_refuse() {
    let mut world = World::in_lobby();
    world.happens(|seq| {
        let mut old = message(seq.0, 7, "x", name_of(7), "x");
        old.author = old_user(7, "system\u{fe0f}");
        old.text = Some(MessageText::from_stored(OLD_TEXT));
        old.reactions =
            vec![Reaction { emoji: Emoji::from_stored("no emoji"), users: vec![old_user(8, "")] }];
        Event::Posted(old)
    });
    assert_eq!(world.rows().last().unwrap(), &format!("{OLD_TEXT} no emoji1"));
    let topic = Topic::from_stored("two\nlines");
    world.happens(|seq| {
        let (user, at) = (old_user(7, "a :: b"), Timestamp::from_millis(0));
        Event::Described(Described { seq, user, topic: topic.clone(), at })
    });
    assert_eq!(*world.room().topic(), topic);
}

#[test]
fn reads_a_room_list_with_a_name_that_new_rules_refuse() {
    let name = RoomName::from_stored("комната 1");
    let read = ReadState { room: name.clone(), seq: Seq(0), unread: 0, head: Seq(0) };
    let room = Room { id: RoomId(9), name, topic: Topic::from_stored("\n") };
    let rooms = vec![MyRoom { room, read, active_at: Timestamp::from_millis(0) }];
    let frame = ServerFrame::Reply { id: RequestId(1), answer: Answer::Rooms { rooms } };
    assert_eq!(ServerFrame::decode(&frame.encode()).unwrap(), frame);
}

#[test]
fn reads_frames_with_values_that_new_rules_refuse() {
    let edits = r#"{"reply":{"id":1,"answer":{"edits":{"message_id":3,"versions":[
        {"text":"","at":"2026-11-20T10:00:00.000Z"},{"text":"\u0000","at":"2026-11-20T10:00:00.000Z"}]}}}}"#;
    let Ok(ServerFrame::Reply { id: RequestId(1), answer: Answer::Edits(edits) }) =
        ServerFrame::decode(edits)
    else {
        panic!("it is not read")
    };
    assert_eq!(edits.versions.len(), 2);
}

#[test]
fn restores_a_message_that_new_rules_refuse() {
    let client_id = name_of(1);
    let entry = format!(
        r#"{{"client_id":"{client_id}","room":"lobby","text":"a\u0007","at":"2026-11-20T10:00:00.000Z","order":1}}"#
    );
    let entry: Entry = serde_json::from_str(&entry).unwrap();
    let mut client = Client::new(1);
    client.restore_outbox(vec![Kept::Message(entry)]);
    assert_eq!(client.outbox().len(), 1);
    client.handle(Intent::Open { room: lobby() }, Millis(0));
    assert!(client.outbox().get(client_id).is_some_and(|entry| entry.text.as_str() == "a\u{7}"));
}
