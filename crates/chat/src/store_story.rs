//! The one story that every [`Store`] passes. An adapter's test calls [`tell`] with an empty store.

use hubbub_protocol::{
    ClientId, Event, Message, MessageText, RoomId, RoomName, Seq, Timestamp, User, UserId, UserName,
};

use crate::{Draft, Store, Stored};

/// The authors that the story needs to be known to a store which checks them.
#[must_use]
pub fn authors() -> [User; 2] {
    [(1, "alice"), (2, "Боб")].map(|(id, name)| User {
        id: UserId(id),
        name: UserName::parse(name).unwrap_or_else(|_| UserName::generated(0)),
    })
}

fn draft(room: RoomId, author: &User, number: u8, text: &str) -> Draft {
    Draft {
        room,
        author: author.clone(),
        client_id: ClientId::from_random_bytes([number; 16]),
        text: MessageText::parse(text).expect("the story's texts are within the limits"),
        at: Timestamp::from_millis(1_790_000_000_000 + i64::from(number)),
    }
}

fn new(stored: &Stored) -> &Message {
    match stored {
        Stored::New(message) => message,
        other => panic!("expected a new message, got {other:?}"),
    }
}

/// Tells the story.
///
/// # Panics
/// When the store does not keep what [`Store`] promises.
pub async fn tell(store: &impl Store) {
    let [alice, bob] = authors();
    let at = Timestamp::from_millis(1_790_000_000_000);
    let name = |text: &str| RoomName::parse(text).expect("a room name");

    // A room is made once, and its name is told apart by case.
    assert_eq!(store.find_room(&name("general")).await, Ok(None));
    let general = store.open_room(&name("general"), at).await.expect("opens");
    assert_eq!(general.head, Seq(0));
    assert_eq!(store.open_room(&name("general"), at).await, Ok(general.clone()));
    let other = store.open_room(&name("General"), at).await.expect("opens");
    assert_ne!(other.id, general.id);

    // A batch is stored in its order; each room counts for itself, from 1.
    let batch = vec![
        draft(general.id, &alice, 1, "one"),
        draft(other.id, &bob, 2, "elsewhere"),
        draft(general.id, &bob, 3, "двa\n\"quoted\" \\ 'single' 🙂\ttab"),
    ];
    let stored = store.append(batch.clone()).await.expect("appends");
    assert_eq!(stored.iter().map(|stored| new(stored).seq).collect::<Vec<_>>(), [Seq(1), Seq(1), Seq(2)]);
    for (draft, stored) in batch.iter().zip(&stored) {
        let Message { author, client_id, text, at, .. } = new(stored).clone();
        assert_eq!((author, client_id, text, at), {
            let draft = draft.clone();
            (draft.author, draft.client_id, draft.text, draft.at)
        });
    }

    // Sending again yields the first result, also twice within one batch and between new ones.
    let again = vec![
        draft(general.id, &alice, 4, "three"),
        draft(general.id, &alice, 1, "one"),
        draft(general.id, &alice, 4, "three"),
        draft(general.id, &alice, 5, "four"),
    ];
    let stored_again = store.append(again).await.expect("appends");
    assert_eq!(new(&stored_again[0]).seq, Seq(3));
    assert_eq!(stored_again[1], Stored::Repeat(new(&stored[0]).clone()));
    assert_eq!(stored_again[2], Stored::Repeat(new(&stored_again[0]).clone()));
    assert_eq!(new(&stored_again[3]).seq, Seq(4));

    // A name belongs to its author: another may use the same, the author not for something else.
    let clash = vec![
        draft(general.id, &bob, 1, "one"),
        draft(general.id, &alice, 1, "not one"),
        draft(other.id, &alice, 1, "one"),
    ];
    let clash = store.append(clash).await.expect("appends");
    assert_eq!(new(&clash[0]).seq, Seq(5));
    assert_eq!(clash[1..], [Stored::Taken, Stored::Taken]);
    assert_eq!(store.append(Vec::new()).await, Ok(Vec::new()));

    // What was missed comes in order, in batches.
    let seqs = |events: Vec<Event>| events.iter().map(|event| event.seq().0).collect::<Vec<_>>();
    assert_eq!(seqs(store.events_after(general.id, Seq(0), 3).await.expect("reads")), [1, 2, 3]);
    assert_eq!(seqs(store.events_after(general.id, Seq(3), 3).await.expect("reads")), [4, 5]);
    assert_eq!(
        seqs(store.events_after(general.id, Seq(i64::MAX), 3).await.expect("reads")),
        Vec::<i64>::new()
    );
    let first = store.events_after(general.id, Seq(0), 1).await.expect("reads");
    assert_eq!(first, [Event::Posted(new(&stored[0]).clone())]);

    // Pages of history, the newest and older ones.
    let page = store.history(general.id, None, 2).await.expect("reads");
    let positions = |messages: &[Message]| messages.iter().map(|message| message.seq.0).collect::<Vec<_>>();
    assert_eq!((positions(&page.messages), page.older, page.head), (vec![4, 5], true, Seq(5)));
    let page = store.history(general.id, Some(Seq(4)), 3).await.expect("reads");
    assert_eq!((positions(&page.messages), page.older, page.head), (vec![1, 2, 3], false, Seq(5)));
    let page = store.history(general.id, Some(Seq(1)), 3).await.expect("reads");
    assert_eq!((positions(&page.messages), page.older, page.head), (vec![], false, Seq(5)));
    assert_eq!(store.find_room(&name("general")).await.expect("finds").expect("is there").head, Seq(5));

    // A room that is not there is empty, not an error.
    let nowhere = store.history(RoomId(i64::MAX), None, 10).await.expect("reads");
    assert_eq!((nowhere.messages, nowhere.older, nowhere.head), (vec![], false, Seq(0)));
}
