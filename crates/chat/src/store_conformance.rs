//! The conformance suite that every [`Store`] passes. An adapter's test calls [`check`] with an empty store.

mod changes;
mod files;
mod members;
mod posts;

use hubbub_protocol::{
    Attachment, ClientId, Event, FileName, Message, MessageId, MessageText, RoomId, Timestamp, User, UserId,
    UserName,
};

use crate::{PendingEvent, RoomChange, Store, WriteOutcome};

/// Returns the authors of the suite. A store that checks authors must know them.
#[must_use]
pub fn authors() -> [User; 2] {
    [(1, "alice"), (2, "Боб")].map(|(id, name)| User {
        id: UserId(id),
        name: UserName::parse(name).unwrap_or_else(|_| UserName::generated(0)),
    })
}

/// Runs the suite. `upload` stores a complete upload of a user for a room.
///
/// # Panics
/// If the store violates the contract of [`Store`].
pub async fn check(store: &impl Store, upload: impl AsyncFn(RoomId, UserId, FileName) -> Attachment) {
    posts::check(store).await;
    changes::check(store).await;
    members::check(store).await;
    files::check(store, upload).await;
}

fn at(number: u8) -> Timestamp {
    Timestamp::from_millis(1_790_000_000_000 + i64::from(number))
}

fn text(text: &str) -> MessageText {
    MessageText::parse(text).expect("the suite's texts are within the limits")
}

fn post(room: RoomId, author: &User, number: u8, said: &str) -> PendingEvent {
    let client_id = ClientId::from_random_bytes([number; 16]);
    pending(
        room,
        author,
        number,
        RoomChange::Post { client_id, text: text(said), reply_to: None, files: Vec::new() },
    )
}

fn pending(room: RoomId, by: &User, number: u8, change: RoomChange) -> PendingEvent {
    PendingEvent { room, by: by.clone(), at: at(number), change, silent: false }
}

/// Appends one pending event.
async fn append(store: &impl Store, pending: PendingEvent) -> WriteOutcome {
    store.append(vec![pending]).await.expect("appends").remove(0)
}

/// Posts a new message.
async fn say(store: &impl Store, room: RoomId, author: &User, number: u8, said: &str) -> MessageId {
    new(&append(store, post(room, author, number, said)).await).id
}

fn new(stored: &WriteOutcome) -> &Message {
    match stored {
        WriteOutcome::New(Event::Posted(message)) => message,
        other => panic!("expected a new message, got {other:?}"),
    }
}

/// Returns the positions of the events.
fn seqs(events: &[Event]) -> Vec<i64> {
    events.iter().map(|event| event.seq().0).collect()
}
