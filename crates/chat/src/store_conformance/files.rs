//! Attachments of messages.

use hubbub_protocol::{
    Attachment, ClientId, Event, Field, FileId, FileName, Message, MessageText, Refusal, RoomId, RoomName,
    Seq, User, UserId,
};

use super::{append, at, authors, new, pending, text};
use crate::{PageAnchor, RoomChange, Store, WriteOutcome};

/// Checks who may attach a file, that it belongs to one message, and that it goes with the message.
pub(super) async fn check(store: &impl Store, upload: impl AsyncFn(RoomId, UserId, FileName) -> Attachment) {
    let [alice, bob] = authors();
    let name = RoomName::parse("files").expect("a room name");
    let room = store.open_room(&name, at(0)).await.expect("opens").id;
    let elsewhere = RoomName::parse("files-elsewhere").expect("a room name");
    let elsewhere = store.open_room(&elsewhere, at(0)).await.expect("opens").id;
    let upload = async |room, owner: &User, name: &str| {
        upload(room, owner.id, FileName::parse(name).expect("a file name")).await
    };
    let first = upload(room, &alice, "first.txt").await;
    let second = upload(room, &alice, "second.txt").await;
    let of_bob = upload(room, &bob, "bob.txt").await;
    let other_room = upload(elsewhere, &alice, "other.txt").await;

    let refused = WriteOutcome::Refused(Refusal::not_found(Field::Files));
    for wrong in [of_bob.id, other_room.id, FileId(4_000)] {
        let post = pending(room, &alice, 60, posts(60, "", vec![first.id, wrong]));
        assert_eq!(append(store, post).await, refused, "file {wrong}");
    }

    let change = posts(61, "", vec![second.id, first.id]);
    let posted = new(&append(store, pending(room, &alice, 61, change.clone())).await).clone();
    assert_eq!(posted.files, [second.clone(), first.clone()], "in the order of the request");
    assert_eq!(posted.text, Some(MessageText::default()));
    assert_eq!(newest(store, room).await, posted);
    let repeated = append(store, pending(room, &alice, 62, change)).await;
    assert_eq!(repeated, WriteOutcome::Repeat(posted.clone()));
    let again = append(store, pending(room, &alice, 63, posts(63, "again", vec![first.id]))).await;
    assert_eq!(again, refused, "a file belongs to one message");

    let reply = RoomChange::Post {
        client_id: ClientId::from_random_bytes([64; 16]),
        text: text("nice"),
        reply_to: Some(posted.id),
        files: Vec::new(),
    };
    let reply = new(&append(store, pending(room, &bob, 64, reply)).await).clone();
    assert_eq!(reply.reply_to.and_then(|quote| quote.file), Some(second.name.clone()));

    edits(store, room, &alice, &posted).await;
    let delete = pending(room, &alice, 69, RoomChange::Delete { message_id: posted.id });
    append(store, delete).await;
    let page = store.history(room, PageAnchor::Around(posted.seq), 2).await.expect("reads");
    let deleted = page.events.iter().find_map(|event| match event {
        Event::Posted(message) if message.id == posted.id => Some(message),
        _ => None,
    });
    assert_eq!(deleted.map(|message| (&message.text, message.files.len())), Some((&None, 0)));
}

/// Removes the first attachment, then the other one together with a new text, and nothing twice.
async fn edits(store: &impl Store, room: RoomId, alice: &User, posted: &Message) {
    let edit = async |number, said: &str, remove_files| {
        let text = if said.is_empty() { MessageText::default() } else { text(said) };
        let change = RoomChange::Edit { message_id: posted.id, text, remove_files };
        append(store, pending(room, alice, number, change)).await
    };
    let [second, first] = [posted.files[0].id, posted.files[1].id];
    let empty = WriteOutcome::Refused(Refusal::empty(Field::Text));
    assert_eq!(edit(65, "", vec![first, second]).await, empty, "nothing would remain");

    let WriteOutcome::New(Event::Edited(edited)) = edit(66, "", vec![second]).await else {
        panic!("the file is removed")
    };
    assert_eq!(edited.removed_files, [second]);
    let missed = store.events_after(room, Seq(edited.seq.0 - 1), 1).await.expect("reads");
    assert_eq!(missed, [Event::Edited(edited.clone())]);
    assert_eq!(edit(67, "", vec![second]).await, WriteOutcome::Unchanged(edited.seq));
    let page = store.history(room, PageAnchor::Around(posted.seq), 2).await.expect("reads");
    let kept = page.events.iter().find_map(|event| match event {
        Event::Posted(message) if message.id == posted.id => Some(message.files.clone()),
        _ => None,
    });
    assert_eq!(kept, Some(vec![posted.files[1].clone()]));
    assert!(matches!(edit(68, "only a text", vec![first]).await, WriteOutcome::New(Event::Edited(_))));
}

fn posts(number: u8, said: &str, files: Vec<FileId>) -> RoomChange {
    let text = if said.is_empty() { MessageText::default() } else { text(said) };
    RoomChange::Post { client_id: ClientId::from_random_bytes([number; 16]), text, reply_to: None, files }
}

async fn newest(store: &impl Store, room: RoomId) -> Message {
    let page = store.history(room, PageAnchor::Newest, 1).await.expect("reads");
    match page.events.into_iter().next() {
        Some(Event::Posted(message)) => message,
        other => panic!("no message but {other:?}"),
    }
}
