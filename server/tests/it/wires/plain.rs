//! Plain text on `/chat/{room}`.

use crate::support::{Peer, Program};

/// Joins the room and returns the peer and the name in the greeting.
async fn comes(program: &Program, path: &str) -> (Peer, String) {
    let mut peer = Peer::opens(program, path).await;
    let greeting = peer.hears().await;
    let name = greeting.strip_prefix("system :: you are ").and_then(|rest| rest.split(' ').next());
    let name = name.unwrap_or_else(|| panic!("no greeting: {greeting}")).to_owned();
    (peer, name)
}

#[tokio::test]
async fn users_exchange_lines_of_text() {
    let program = Program::start().await;
    let mut first = Peer::opens(&program, "/chat/general").await;
    let greeting = first.hears().await;
    let name = greeting.strip_prefix("system :: you are ").unwrap().strip_suffix(" in general").unwrap();
    assert!(name.starts_with("user_") && name.len() == 13, "{name}");

    // A message that is sent before the greeting is posted after it.
    let mut second = Peer::opens(&program, "/chat/general").await;
    second.says("Hi\nthere").await;
    let other = second.hears().await;
    let other = other.strip_prefix("system :: you are ").unwrap().strip_suffix(" in general").unwrap();
    assert_eq!(second.hears().await, format!("{other} :: Hi\nthere"));
    assert_eq!(first.hears().await, format!("system :: {other} joined"));
    assert_eq!(first.hears().await, format!("{other} :: Hi\nthere"));

    first.says("  ").await;
    assert_eq!(first.hears().await, "system :: error: text must not be empty");
    first.says(&"x".repeat(4_001)).await;
    assert_eq!(first.hears().await, "system :: error: text must be at most 4000 characters");
    first.says("{\"action\":\"join\"}").await;
    assert_eq!(first.hears().await, format!("{name} :: {{\"action\":\"join\"}}"));
    assert_eq!(second.hears().await, format!("{name} :: {{\"action\":\"join\"}}"));
    second.leaves().await;
    assert_eq!(first.hears().await, format!("system :: {other} left"));
}

#[tokio::test]
async fn history_is_sent_only_on_request() {
    let program = Program::start().await;
    let (mut first, name) = comes(&program, "/chat/general").await;
    for text in ["one", "two", "three"] {
        first.says(text).await;
        first.hears().await;
    }
    let (mut asking, _) = comes(&program, "/chat/general?history=2").await;
    assert_eq!(asking.hears().await, format!("{name} :: two"));
    assert_eq!(asking.hears().await, format!("{name} :: three"));
    let (mut other, _) = comes(&program, "/chat/general").await;
    other.says("four").await;
    assert!(other.hears().await.ends_with(" :: four"));
}

#[tokio::test]
async fn invalid_address_is_refused_before_the_upgrade() {
    let program = Program::start().await;
    for (path, field) in [
        ("/chat/a%20b", "room"),
        (&*format!("/chat/{}", "x".repeat(65)), "room"),
        ("/chat/%2e%2e", "room"),
        ("/chat/%ff", "room"),
        ("/chat/general?history=201", "limit"),
        ("/chat/general?history=many", "limit"),
    ] {
        let (status, body) = Peer::is_refused(&program, path, &[]).await;
        assert_eq!((status, body["field"].as_str()), (400, Some(field)), "{path}: {body}");
        assert!(body["detail"].is_string());
    }
    let foreign = [("origin", "https://evil.example")];
    assert_eq!(Peer::is_refused(&program, "/chat/general", &foreign).await.0, 403);
}

#[tokio::test]
async fn transient_guests_are_removed_after_a_crash() {
    let mut program = Program::start().await;
    let (_lost, name) = comes(&program, "/chat/general").await;
    program.kill().await;
    program.restart().await;
    let mut socket = crate::support::Socket::open(&program.address, None).await;
    let command = hubbub_protocol::Command::Join { room: "general".to_owned(), cursor: None, resume: false };
    let answer = socket.is_answered(command).await.unwrap();
    let hubbub_protocol::Answer::Joined(joined) = answer else { panic!("{answer:?}") };
    assert!(joined.people.iter().all(|person| person.user.name.as_str() != name), "{joined:?}");
    let (_next, _) = comes(&program, "/chat/general").await;
}
