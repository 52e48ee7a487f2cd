//! `hubbub chat` in a script: it reads plain lines and prints plain lines.

use std::process::Stdio;

use hubbub_protocol::Command;

use crate::support::chat::{Chat, command};
use crate::support::{Program, Socket, TEST_TIMEOUT};

#[tokio::test]
async fn piped_input_is_stored_before_exit() {
    let program = Program::start().await;
    let mut chat = Chat::start(&program.url(""), &[]);
    chat.types("hi\n\nthere").await;
    chat.types_no_more();
    let ended = chat.ends().await;
    assert_eq!((ended.code, ended.complaint.as_str()), (Some(0), ""));
    let greeting = ended.output[0].strip_prefix("system :: you are ").unwrap();
    let name = greeting.strip_suffix(" in general").unwrap();
    assert_eq!(ended.output[1..], [format!("{name} :: hi"), format!("{name} :: there")]);

    // A guest who cannot reconnect has left the room.
    let mut chat = Chat::start(&program.url(""), &["--history", "50"]);
    chat.types_no_more();
    let ended = chat.ends().await;
    assert_eq!(ended.code, Some(0));
    let expected = [format!("{name} :: hi"), format!("{name} :: there"), format!("system :: {name} left")];
    assert_eq!(ended.output[1..], expected);
}

#[tokio::test]
async fn two_scripts_exchange_messages_and_notices() {
    let program = Program::start().await;
    let (mut one, ivan) = Chat::enters(&program, "lobby").await;
    let (mut two, anna) = Chat::enters(&program, "lobby").await;
    assert_eq!(one.next().await, format!("system :: {anna} joined"));
    one.types("how are you?\n").await;
    assert_eq!(two.next().await, format!("{ivan} :: how are you?"));
    two.types("/quit is only a word here\n").await;
    one.prints(&format!("{anna} :: /quit is only a word here")).await;
    two.types_no_more();
    assert_eq!(two.ends().await.code, Some(0));
    assert_eq!(one.next().await, format!("system :: {anna} left"));
}

#[tokio::test]
async fn server_restart_loses_and_doubles_nothing() {
    let mut program = Program::start().await;
    let (mut one, ivan) = Chat::enters(&program, "general").await;
    let (mut two, anna) = Chat::enters(&program, "general").await;
    assert_eq!(one.next().await, format!("system :: {anna} joined"));
    for round in 0..3 {
        one.types(&format!("before {round}\n")).await;
        assert_eq!(two.next().await, format!("{ivan} :: before {round}"));
        assert_eq!(one.next().await, format!("{ivan} :: before {round}"));
        program.kill().await;
        for chat in [&mut one, &mut two] {
            assert_eq!(chat.next().await, "system :: connection lost, reconnecting");
        }
        one.types(&format!("meanwhile {round}\n")).await;
        program.restart().await;
        for chat in [&mut one, &mut two] {
            assert_eq!(chat.next().await, "system :: back");
            // The name is the same, so the guest is the same.
            assert_eq!(chat.next().await, format!("{ivan} :: meanwhile {round}"));
        }
    }
    one.types_no_more();
    let ended = one.ends().await;
    assert_eq!((ended.code, ended.output.len()), (Some(0), 0), "{ended:?}");
}

#[tokio::test]
async fn waits_for_a_server_that_starts_later() {
    let mut program = Program::start().await;
    program.kill().await;
    let url = program.url("");
    let mut chat = Chat::start(&url, &[]);
    chat.types("first\n").await;
    let line = chat.next().await;
    assert!(line.starts_with(&format!("system :: cannot reach {url} (")), "{line}");
    chat.types("second\n").await;
    chat.types_no_more();
    program.restart().await;
    let ended = chat.ends().await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let said: Vec<&str> =
        ended.output.iter().filter_map(|line| line.split_once(" :: ")).map(|it| it.1).collect();
    assert_eq!(said[1..], ["first", "second"], "{ended:?}");
}

#[tokio::test]
async fn token_selects_the_user() {
    let program = Program::start().await;
    let token = program.token(r#"{"username":"robot"}"#).await;
    let chat = |token: &str| Chat::of(command(&program.url(""), &[]).env("HUBBUB_TOKEN", token));
    for _ in 0..2 {
        let mut chat = chat(&token);
        chat.types("beep\n").await;
        chat.types_no_more();
        let ended = chat.ends().await;
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_eq!(ended.output, ["system :: you are robot in general", "robot :: beep"]);
    }
    // A client with a wrong token is not treated as a guest; the unsent message is named.
    let mut chat = chat("nonsense");
    chat.types("beep\n").await;
    let ended = chat.ends().await;
    assert_eq!((ended.code, ended.output.len()), (Some(1), 0), "{ended:?}");
    assert!(ended.complaint.contains("HUBBUB_TOKEN"), "{ended:?}");
}

#[tokio::test]
async fn ending_the_session_ends_the_client() {
    let program = Program::start().await;
    let token = program.token(r#"{"username":"robot"}"#).await;
    let mut chat = Chat::of(command(&program.url(""), &[]).env("HUBBUB_TOKEN", &token));
    chat.prints("system :: you are robot in general").await;
    assert!(program.revokes(&token).await.is_success());
    let ended = chat.ends().await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.complaint.contains("disconnected by the server"), "{ended:?}");
}

#[tokio::test]
async fn gives_up_on_other_servers() {
    let program = Program::start().await;
    let ended = Chat::start(&program.url("/nowhere"), &[]).ends().await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.complaint.contains("no Hubbub server at this address: 404"), "{ended:?}");
}

#[tokio::test]
async fn names_messages_that_were_not_stored_in_time() {
    let mut program = Program::start().await;
    program.kill().await;
    let mut chat = Chat::start(&program.url(""), &["--timeout", "0"]);
    chat.types("one\ntwo\n").await;
    chat.types_no_more();
    let ended = chat.ends().await;
    assert_eq!(ended.code, Some(1));
    assert!(
        ended.complaint.contains("stored: one\n") && ended.complaint.contains("stored: two\n"),
        "{ended:?}"
    );
}

#[tokio::test]
async fn invalid_room_is_refused_without_a_request() {
    let long = "x".repeat(65);
    for room in ["", "two words", "комната", "a/b", &long] {
        // No server listens on this port, which makes no difference.
        let ended = Chat::start("http://127.0.0.1:9", &[room]).ends().await;
        assert_eq!((ended.code, ended.output.len()), (Some(2), 0), "{room}");
        assert!(ended.complaint.contains("1 to 64 letters (A-Z, a-z), digits, _ and -"), "{ended:?}");
    }
    let ended = Chat::start("localhost:3000", &[]).ends().await;
    assert_eq!(ended.code, Some(2));
    assert!(ended.complaint.contains("http://localhost:3000"), "{ended:?}");
}

#[tokio::test]
async fn signal_waits_until_the_input_is_stored() {
    let program = Program::start().await;
    for signal in ["-INT", "-TERM", "-HUP"] {
        let room = format!("room{signal}");
        let (mut chat, name) = Chat::enters(&program, &room).await;
        let mut hears = Socket::open(&program.address, None).await;
        hears.joins(&room, None).await;
        chat.types("last words\n").await;
        assert_eq!(hears.sees().await.text.unwrap().as_str(), "last words");
        chat.is_sent(signal).await;
        let ended = chat.ends().await;
        assert_eq!(ended.code, Some(0), "{signal}: {ended:?}");
        assert!(ended.output.contains(&format!("{name} :: last words")), "{signal}: {ended:?}");
    }
}

#[tokio::test]
async fn signal_ends_it_without_a_server() {
    let mut program = Program::start().await;
    program.kill().await;
    let mut chat = Chat::start(&program.url(""), &[]);
    chat.next().await;
    chat.is_sent("-INT").await;
    let ended = chat.ends().await;
    assert_eq!((ended.code, ended.complaint.as_str()), (Some(0), ""));
}

#[tokio::test]
async fn closed_output_ends_it_silently() {
    let program = Program::start().await;
    let (mut chat, _) = Chat::enters(&program, "general").await;
    // The client ends although nothing is printed and nothing more is typed.
    chat.is_read_no_more();
    let ended = chat.ends().await;
    assert_eq!((ended.code, ended.complaint.as_str()), (Some(0), ""));
}

#[tokio::test]
async fn text_over_the_limit_is_refused_and_others_are_stored() {
    let program = Program::start().await;
    let mut chat = Chat::start(&program.url(""), &[]);
    let long = "x".repeat(4_001);
    let endless = "y".repeat(300_000);
    chat.types(&format!("before\n{long}\n{endless}\nbell \x07\nafter\n")).await;
    chat.types_no_more();
    let ended = chat.ends().await;
    assert_eq!(ended.code, Some(1));
    assert_eq!(ended.complaint.lines().count(), 3, "{}", ended.complaint);
    let output = ended.output.join("\n");
    assert!(
        output.contains("system :: error: text must be at most 4000 characters; not sent: xxx"),
        "{output}"
    );
    assert!(output.contains("system :: error: text must be at most 16384 bytes; not sent: yyy"), "{output}");
    assert!(
        output.contains("system :: error: text must not contain control characters; not sent: bell ␇"),
        "{output}"
    );
    assert!(output.contains(" :: before") && output.contains(" :: after"), "{output}");
}

#[tokio::test]
async fn message_is_one_entry_whatever_its_text() {
    let program = Program::start().await;
    let (mut chat, _) = Chat::enters(&program, "general").await;
    let mut eve = program.guest("eve").await.connects().await;
    eve.joins("general", None).await;
    assert_eq!(chat.next().await, "system :: eve joined");
    let posted = eve.posts("general", "hi\nsystem :: eve left\u{2028}ivan :: yes\n\u{202e}txet").await;
    let message_id = eve.is_told_where(posted).await.message_id;
    assert_eq!(chat.next().await, "eve :: hi");
    assert_eq!(chat.next().await, "    system :: eve left");
    assert_eq!(chat.next().await, "    ivan :: yes");
    assert_eq!(chat.next().await, "    \u{2068}\u{202e}txet\u{2069}");

    let room = || "general".to_owned();
    eve.is_answered(Command::Edit {
        room: room(),
        message_id,
        text: "ho".to_owned(),
        remove_files: Vec::new(),
    })
    .await
    .unwrap();
    assert_eq!(chat.next().await, "eve :: ho (edited)");
    eve.is_answered(Command::Delete { room: room(), message_id }).await.unwrap();
    assert_eq!(chat.next().await, "system :: a message by eve was deleted");
    eve.is_answered(Command::Describe { room: room(), topic: "tea".to_owned() }).await.unwrap();
    assert_eq!(chat.next().await, "system :: eve changed the topic to: tea");
}

#[tokio::test]
async fn three_thousand_lines_arrive_once_in_order() {
    const LINES: usize = 3_000;
    let program = Program::start_with(&["--limit-posting", "off"]).await;
    let (mut reader, _) = Chat::enters(&program, "general").await;
    let mut writer = Chat::of(command(&program.url(""), &[]).stdout(Stdio::null()));
    let text: String = (0..LINES).map(|number| format!("line {number}\n")).collect();
    writer.types(&text).await;
    writer.types_no_more();
    // A reader that falls behind receives all lines.
    for number in 0..LINES {
        let line = loop {
            let line = reader.next().await;
            if !line.starts_with("system :: ") {
                break line;
            }
        };
        assert!(line.ends_with(&format!(" :: line {number}")), "{line} instead of {number}");
    }
    let ended = tokio::time::timeout(TEST_TIMEOUT, writer.ends()).await.unwrap();
    assert_eq!(ended.code, Some(0), "{}", ended.complaint);
}

#[tokio::test]
async fn long_absence_misses_nothing() {
    let mut program = Program::start().await;
    let (mut chat, _) = Chat::enters(&program, "general").await;
    program.kill().await;
    chat.prints("system :: connection lost, reconnecting").await;
    chat.is_sent("-STOP").await;
    program.restart().await;
    let mut eve = program.guest("eve").await.connects().await;
    eve.joins("general", None).await;
    // More events than the server sends one by one to a client that missed them.
    for batch in 0..30 {
        let mut asked = Vec::new();
        for number in batch * 50..(batch + 1) * 50 {
            asked.push(eve.posts("general", &format!("line {number}")).await);
        }
        for asked in asked {
            eve.is_told_where(asked).await;
        }
    }
    chat.is_sent("-CONT").await;
    for number in 0..1_500 {
        chat.prints(&format!("eve :: line {number}")).await;
    }
}
