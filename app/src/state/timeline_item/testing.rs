//! Rows for tests.

use std::sync::Arc;

use hubbub_client::{Entry, Row, RowKey, RowState};
use hubbub_protocol::{
    ClientId, Described, Event, Message, MessageId, MessageText, Moved, RoomName, Seq, Topic, User, UserId,
    UserName,
};

pub(super) fn user(id: i64, name: &str) -> User {
    User { id: UserId(id), name: UserName::parse(name).expect("a name") }
}

pub(crate) fn message(seq: i64) -> Message {
    Message {
        id: MessageId(seq),
        seq: Seq(seq),
        author: user(1, "Ada"),
        client_id: ClientId::from_random_bytes([0; 16]),
        text: Some(MessageText::parse("hi").expect("a text")),
        at: "2026-11-20T10:00:00.000Z".parse().expect("a time"),
        reply_to: None,
        changed: None,
        edited_at: None,
        reactions: Vec::new(),
        files: Vec::new(),
    }
}

pub(super) fn saved(seq: i64, author: &User, at: &str) -> Row {
    let message = Message { author: author.clone(), at: at.parse().expect("a time"), ..message(seq) };
    row(RowKey::Other(message.id), RowState::Saved(Arc::new(message)))
}

pub(super) fn pending(at: &str) -> Row {
    let entry = Entry {
        client_id: ClientId::from_random_bytes([1; 16]),
        author: None,
        room: RoomName::parse("tea").expect("a name"),
        text: MessageText::parse("wait").expect("a text"),
        files: Vec::new(),
        at: at.parse().expect("a time"),
        reply_to: None,
        order: 0,
        failed: None,
    };
    row(RowKey::Mine(entry.client_id), RowState::Pending(Arc::new(entry)))
}

pub(super) fn joined(seq: i64, user: &User, at: &str) -> Row {
    notice(Event::Joined(moved(seq, user, at)))
}

pub(super) fn left(seq: i64, user: &User, at: &str) -> Row {
    notice(Event::Left(moved(seq, user, at)))
}

pub(super) fn described(seq: i64, user: &User, topic: &str, at: &str) -> Row {
    let topic = Topic::parse(topic).expect("a topic");
    let at = at.parse().expect("a time");
    notice(Event::Described(Described { seq: Seq(seq), user: user.clone(), topic, at }))
}

fn moved(seq: i64, user: &User, at: &str) -> Moved {
    Moved { seq: Seq(seq), user: user.clone(), at: at.parse().expect("a time") }
}

fn notice(event: Event) -> Row {
    row(RowKey::Notice(event.seq()), RowState::Notice(Arc::new(event)))
}

const fn row(key: RowKey, state: RowState) -> Row {
    Row { key, state, changing: false }
}
