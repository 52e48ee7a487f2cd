//! A clock that was wrong and is set back: the database contains times of the future.

use hubbub_protocol::{CatchUp, Event, ServerFrame};

use super::support::program::http;
use super::support::{Api, Program};

const FUTURE: &str = "2099-01-01T00:00:00.000Z";

#[tokio::test]
async fn times_of_the_future_change_neither_order_nor_sessions() {
    let mut program = Program::start().await;
    let alice = program.guest("alice").await;
    let mut socket = alice.connects().await;
    let id = socket.hello().await.user.id;
    socket.joins("general", None).await;
    for text in ["one", "two"] {
        let asked = socket.posts("general", text).await;
        socket.is_told_where(asked).await;
    }
    program.kill().await;
    let updates = ["messages", "events", "rooms", "users", "sessions"];
    let mut statements: Vec<String> =
        updates.iter().map(|table| format!("UPDATE {table} SET created_at = '{FUTURE}'")).collect();
    statements
        .push(format!("UPDATE sessions SET seen_at = '{FUTURE}', expires_at = '2100-01-01T00:00:00.000Z'"));
    statements.push(format!("UPDATE members SET since = '{FUTURE}'"));
    program.stored(&statements).await;
    program.restart().await;

    let mut socket = alice.connects().await;
    assert_eq!(socket.hello().await.user.id, id, "the session goes on");
    let ServerFrame::CatchUp(CatchUp { events, .. }) = socket.joins("general", Some(2)).await else {
        panic!("a catch-up follows")
    };
    assert_eq!(events.len(), 1);
    let asked = socket.posts("general", "three").await;
    let third = socket.is_told_where(asked).await;
    let first = Api::new(&alice, &program).await.get("/rooms/1/messages").await.is(200);
    let texts: Vec<&str> = first["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["one", "two", "three"], "in the order of writing");
    let page = http().get(program.url("/rooms/general")).send().await.unwrap().text().await.unwrap();
    let at = ["one", "two", "three"].map(|text| page.find(&format!(">{text}</p>")).unwrap());
    assert!(at.is_sorted(), "{at:?}");
    // A client that returns gets what was written with the earlier time.
    let mut again = alice.connects().await;
    let ServerFrame::CatchUp(CatchUp { events, .. }) = again.joins("general", Some(third.seq.0 - 1)).await
    else {
        panic!("a catch-up follows")
    };
    assert!(matches!(&events[..], [Event::Posted(message)] if message.seq == third.seq), "{events:?}");
}
