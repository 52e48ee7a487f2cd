//! Ids, positions and tokens of another user.

use hubbub_protocol::{Code, Command, Seq, ServerFrame, StartOver};
use reqwest::{Method, StatusCode};

use super::support::{Api, Program, Socket};

async fn code_of(socket: &mut Socket, command: Command) -> Code {
    socket.is_answered(command).await.unwrap_err().code
}

#[tokio::test]
async fn cursors_and_ids_of_another_user_give_no_access() {
    let program = Program::start().await;
    let (alice, bob) = (program.guest("alice").await, program.guest("bob").await);
    let mut author = alice.connects().await;
    author.joins("tea", None).await;
    let mut message = None;
    for number in 0..5 {
        let asked = author.posts("tea", &format!("among us {number}")).await;
        message = Some(author.is_told_where(asked).await);
    }
    let message = message.unwrap();
    let cursor = message.seq;

    let mut stranger = bob.connects().await;
    stranger.joins("garden", None).await;
    let (tea, garden) = (|| "tea".to_owned(), || "garden".to_owned());
    let history = |room, before| Command::History { room, before, after: None, around: None, limit: None };
    for command in [
        Command::Join { room: tea(), cursor: Some(cursor), resume: true },
        history(tea(), Some(cursor)),
        Command::Read { room: tea(), seq: cursor },
        Command::Edit {
            room: tea(),
            message_id: message.message_id,
            text: "x".to_owned(),
            remove_files: Vec::new(),
        },
        Command::Delete { room: tea(), message_id: message.message_id },
        Command::React { room: tea(), message_id: message.message_id, emoji: "❤".to_owned(), on: true },
        Command::Edits { room: tea(), message_id: message.message_id },
    ] {
        let what = format!("{command:?}");
        assert_eq!(code_of(&mut stranger, command).await, Code::NotJoined, "{what}");
    }
    // The id in a room of the user's own finds nothing either.
    for command in [
        Command::Edit {
            room: garden(),
            message_id: message.message_id,
            text: "x".to_owned(),
            remove_files: Vec::new(),
        },
        Command::Delete { room: garden(), message_id: message.message_id },
        Command::React { room: garden(), message_id: message.message_id, emoji: "❤".to_owned(), on: true },
        Command::Edits { room: garden(), message_id: message.message_id },
    ] {
        let what = format!("{command:?}");
        assert_eq!(code_of(&mut stranger, command).await, Code::NotFound, "{what}");
    }
    // A cursor is a position of one room: in another one it is beyond the end.
    let ServerFrame::StartOver(StartOver { page, .. }) = stranger.joins("garden", Some(cursor.0)).await
    else {
        panic!("the page of the room follows")
    };
    assert!(page.events.iter().all(|event| !format!("{event:?}").contains("among us")), "{page:?}");
    // In the same room it selects the same events as for its owner, and moves no read position of the owner.
    let (mine, other) = (Api::new(&alice, &program).await, Api::new(&bob, &program).await);
    let room = mine.joins("tea").await;
    let read = mine.get(&format!("/rooms/{room}/read")).await.is(200);
    other.joins("tea").await;
    let ServerFrame::CatchUp(missed) = stranger.joins("tea", Some(cursor.0)).await else {
        panic!("a catch-up follows")
    };
    assert!(missed.events.iter().all(|event| event.seq() > cursor), "{missed:?}");
    stranger.is_answered(Command::Read { room: tea(), seq: Seq(1) }).await.unwrap();
    assert_eq!(mine.get(&format!("/rooms/{room}/read")).await.is(200)["seq"], read["seq"]);
}

#[tokio::test]
async fn token_decides_who_sends_a_request_with_a_cookie_of_another_user() {
    let program = Program::start().await;
    let bob = program.bot("bob").await;
    let token = program.token(r#"{"username":"alice"}"#).await;
    let bearer = format!("Bearer {token}");
    let room = bob.joins("tea").await;
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let me = bob.sends(Method::GET, "/me", &headers[..1], None).await.is(200);
    assert_eq!(me["user"]["name"], "alice");
    // The membership of the cookie's user is not used.
    let path = format!("/rooms/{room}/messages");
    let text = || Some(r#"{"text":"by whom"}"#.to_owned());
    bob.sends(Method::POST, &path, &headers, text()).await.refuses(403, "not_joined", "room");
    // A token that has ended is an error; the cookie does not replace it.
    assert_eq!(program.revokes(&token).await, StatusCode::NO_CONTENT);
    bob.sends(Method::POST, &path, &headers, text()).await.refuses(401, "invalid_token", "");
    assert!(bob.get(&path).await.is(200)["messages"].as_array().unwrap().is_empty());
}
