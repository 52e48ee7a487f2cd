//! In a terminal: lines that begin with a slash.

use hubbub_protocol::{ClientId, Command};

use crate::support::Program;
use crate::support::pty::Terminal;

#[tokio::test]
async fn help_lists_all_commands() {
    let program = Program::start().await;
    let (mut terminal, _) = Terminal::enters(&program, "general").await;
    terminal.types("/help\r").await;
    terminal.until("the help", |rows| rows.iter().any(|row| row.contains("Alt+Enter"))).await;
    let shown = terminal.rows().join("\n");
    for command in ["/help", "/rooms", "/join ROOM", "/who", "/edit TEXT", "/quit", "//TEXT"] {
        assert!(shown.contains(&format!("    {command}")), "{shown}");
    }
}

#[tokio::test]
async fn lists_joins_and_reopens_rooms() {
    let program = Program::start().await;
    let mut anna = program.guest("anna").await.connects().await;
    anna.joins("lobby", None).await;
    let (mut terminal, name) = Terminal::enters(&program, "general").await;
    terminal.types("/rooms\r").await;
    terminal.shows("    general: you are here, 1 member").await;
    terminal.shows("    lobby: 1 member").await;
    terminal.types("/join lobby\r").await;
    terminal.ends_with(&[&format!("system :: you are {name} in lobby"), "lobby>"]).await;
    anna.posts("lobby", "welcome").await;
    terminal.ends_with(&["anna :: welcome", "lobby>"]).await;
    terminal.types("/join lobby\r").await;
    terminal.ends_with(&["system :: you are already in lobby", "lobby>"]).await;

    // Messages that arrive meanwhile are printed when the user returns to the room.
    anna.is_answered(Command::Join { room: "general".to_owned(), cursor: None, resume: false })
        .await
        .unwrap();
    let (room, client_id) = ("general".to_owned(), ClientId::from_random_bytes([7; 16]));
    let post = Command::Post {
        room,
        client_id,
        text: "are you there?".to_owned(),
        reply_to: None,
        files: Vec::new(),
    };
    anna.is_answered(post).await.unwrap();
    terminal.types("/rooms\r").await;
    terminal
        .until("the news", |rows| rows.iter().any(|row| row.starts_with("    general: joined, 1 new")))
        .await;
    terminal.types("/join general\r").await;
    let greeting = format!("system :: you are {name} in general");
    terminal.ends_with(&[&greeting, "system :: anna joined", "anna :: are you there?", "general>"]).await;
    terminal.types("yes\r").await;
    terminal.ends_with(&["anna :: are you there?", &format!("{name} :: yes"), "general>"]).await;
}

#[tokio::test]
async fn who_lists_the_members() {
    let program = Program::start().await;
    let mut anna = program.guest("anna").await.connects().await;
    anna.joins("general", None).await;
    let (mut terminal, name) = Terminal::enters(&program, "general").await;
    terminal.types("/who\r").await;
    terminal.shows(&format!("system :: 2 here, 2 members: anna, {name}")).await;
}

#[tokio::test]
async fn edit_changes_the_last_message() {
    let program = Program::start().await;
    let (mut terminal, name) = Terminal::enters(&program, "general").await;
    terminal.types("/edit nothing\r").await;
    terminal.shows("system :: error: you have no message here that can be edited").await;
    // A command that failed is returned to the editor.
    terminal.ends_with(&["general> /edit nothing"]).await;
    terminal.types("\x15").await;
    let mut anna = program.guest("anna").await.connects().await;
    anna.joins("general", None).await;
    terminal.types("teh end\r").await;
    terminal.shows(&format!("{name} :: teh end")).await;
    assert_eq!(anna.sees().await.text.unwrap().as_str(), "teh end");
    anna.posts("general", "what?").await;
    terminal.shows("anna :: what?").await;
    terminal.types("/edit the end\r").await;
    terminal.ends_with(&["anna :: what?", &format!("{name} :: the end (edited)"), "general>"]).await;
}

#[tokio::test]
async fn two_slashes_send_a_slash() {
    let program = Program::start().await;
    let (mut terminal, name) = Terminal::enters(&program, "general").await;
    terminal.types("//etc/hosts\r").await;
    terminal.shows(&format!("{name} :: /etc/hosts")).await;
}

#[tokio::test]
async fn invalid_command_is_refused_and_not_sent() {
    let program = Program::start().await;
    let (mut terminal, name) = Terminal::enters(&program, "general").await;
    for (line, answer) in [
        ("/nonsense", "system :: error: unknown command /nonsense; /help lists the commands; write //"),
        ("/join", "system :: error: room is missing: /join ROOM"),
        ("/join a b", "system :: error: room must contain only the letters A-Z and a-z, digits, _ and -"),
        ("/edit", "system :: error: text is missing: /edit TEXT"),
        ("/quit now", "system :: error: /quit takes no argument; /help lists the commands"),
    ] {
        terminal.types(&format!("{line}\r")).await;
        terminal.shows(answer).await;
    }
    terminal.types("sent\r").await;
    terminal.shows(&format!("{name} :: sent")).await;
    let said = terminal.rows().iter().filter(|row| row.starts_with(&name)).count();
    assert_eq!(said, 1, "{:#?}", terminal.rows());
}

#[tokio::test]
async fn text_over_the_limit_is_returned_to_the_prompt() {
    let program = Program::start().await;
    let (mut terminal, _) = Terminal::enters(&program, "general").await;
    let mut anna = program.guest("anna").await.connects().await;
    anna.joins("general", None).await;
    let long = "y".repeat(4_001);
    terminal.types(&format!("\x1b[200~{long}\x1b[201~\r")).await;
    let refused = |row: &String| row.contains("at most 4000 characters");
    terminal.until("the limit", |rows| rows.iter().any(refused)).await;
    // Without its last character, the text does not exceed the limit and is sent.
    terminal.types("\x7f\r").await;
    assert_eq!(anna.sees().await.text.unwrap().as_str(), "y".repeat(4_000));
}
