//! Users of all clients are in the same room.

use reqwest::StatusCode;

use crate::support::Program;
use crate::support::chat::Chat;
use crate::support::program::http;
use crate::support::pty::Terminal;

#[tokio::test]
async fn terminal_script_socket_and_form_share_a_room() {
    let program = Program::start().await;
    let (mut script, robot) = Chat::enters(&program, "lobby").await;
    let (mut terminal, person) = Terminal::enters(&program, "lobby").await;
    script.prints(&format!("system :: {person} joined")).await;
    let mut socket = program.guest("socket").await.connects().await;
    socket.joins("lobby", None).await;
    let form = program.guest("form").await;

    let posted = http()
        .post(program.url("/rooms/lobby/messages"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("cookie", &form.cookie)
        .body("text=from+a+form")
        .send()
        .await
        .unwrap();
    assert_eq!(posted.status(), StatusCode::SEE_OTHER);
    socket.posts("lobby", "from a socket").await;
    for line in ["form :: from a form", "socket :: from a socket"] {
        script.prints(line).await;
        terminal.shows(line).await;
    }
    script.types("from a script\n").await;
    terminal.shows(&format!("{robot} :: from a script")).await;
    terminal.types("from a terminal\r").await;
    script.prints(&format!("{person} :: from a terminal")).await;

    let heard = [socket.sees().await, socket.sees().await, socket.sees().await, socket.sees().await];
    let texts = heard.map(|message| message.text.unwrap().as_str().to_owned());
    assert_eq!(texts, ["from a form", "from a socket", "from a script", "from a terminal"]);
    let page = http().get(program.url("/rooms/lobby")).send().await.unwrap().text().await.unwrap();
    for text in texts {
        assert!(page.contains(&text), "{text} in {page}");
    }
}
