//! In a terminal: output never changes the text that the user types.

use hubbub_protocol::{Command, ServerFrame, Signal};

use crate::support::Program;
use crate::support::pty::Terminal;

const CONTROL_A: &str = "\x01";
const CONTROL_C: &str = "\x03";
const CONTROL_D: &str = "\x04";
const CONTROL_E: &str = "\x05";
const CONTROL_U: &str = "\x15";
const CONTROL_W: &str = "\x17";
const UP: &str = "\x1b[A";
const LEFT: &str = "\x1b[D";
const BACKSPACE: &str = "\x7f";

#[tokio::test]
async fn incoming_messages_do_not_disturb_the_input() {
    let program = Program::start().await;
    let (mut terminal, name) = Terminal::enters(&program, "general").await;
    let mut anna = program.guest("anna").await.connects().await;
    anna.joins("general", None).await;
    terminal.types("half a sen").await;
    terminal.ends_with(&["system :: anna joined", "general> half a sen"]).await;
    for number in 0..5 {
        anna.posts("general", &format!("line {number}")).await;
    }
    terminal.ends_with(&["anna :: line 3", "anna :: line 4", "general> half a sen"]).await;
    terminal.types("tence\r").await;
    terminal.ends_with(&["anna :: line 4", &format!("{name} :: half a sentence"), "general>"]).await;
}

#[tokio::test]
async fn supports_common_editing_keys() {
    let program = Program::start().await;
    let (mut terminal, name) = Terminal::enters(&program, "general").await;
    terminal.types("world").await;
    terminal.types(CONTROL_A).await;
    terminal.types("hello ").await;
    terminal.types(CONTROL_E).await;
    terminal.types("! 世界 и мир").await;
    terminal.ends_with(&["general> hello world! 世界 и мир"]).await;
    terminal.types(CONTROL_W).await;
    terminal.types(&BACKSPACE.repeat(3)).await;
    terminal.types(LEFT).await;
    terminal.types(&format!("{BACKSPACE}x")).await;
    terminal.ends_with(&["general> hello world! x界"]).await;
    terminal.types("\r").await;
    let said = format!("{name} :: hello world! x界");
    terminal.ends_with(&[&said, "general>"]).await;
    // A sent text can be recalled and discarded.
    terminal.types(UP).await;
    terminal.ends_with(&["general> hello world! x界"]).await;
    terminal.types(CONTROL_U).await;
    terminal.ends_with(&[&said, "general>"]).await;
}

#[tokio::test]
async fn pasted_lines_are_one_message() {
    let program = Program::start().await;
    let (mut terminal, name) = Terminal::enters(&program, "general").await;
    terminal.types("\x1b[200~one\r\ntwo\n\tthree\x1b[201~").await;
    terminal.ends_with(&["general> one", "         two", "             three"]).await;
    terminal.types("\r").await;
    terminal.ends_with(&[&format!("{name} :: one"), "    two", "        three", "general>"]).await;
}

#[tokio::test]
async fn shows_typing_users_until_they_stop() {
    let program = Program::start().await;
    let (mut terminal, _) = Terminal::enters(&program, "general").await;
    let mut anna = program.guest("anna").await.connects().await;
    anna.joins("general", None).await;
    terminal.types("I").await;
    anna.waits_for(|frame| match frame {
        ServerFrame::Signal { what, .. } => matches!(what, Signal::Typing { on: true, .. }).then_some(()),
        _ => None,
    })
    .await;
    anna.asks(Command::Type { room: "general".to_owned(), on: true }).await;
    terminal.ends_with(&["anna is writing", "general> I"]).await;
    anna.posts("general", "done").await;
    terminal.ends_with(&["anna :: done", "general> I"]).await;
}

#[tokio::test]
async fn resize_keeps_the_input() {
    let program = Program::start().await;
    let (mut terminal, _) = Terminal::enters(&program, "general").await;
    let mut anna = program.guest("anna").await.connects().await;
    anna.joins("general", None).await;
    terminal.types("write").await;
    terminal.ends_with(&["system :: anna joined", "general> write"]).await;
    terminal.resizes(20, 30);
    anna.posts("general", "a message that is longer than that").await;
    terminal
        .ends_with(
            &["anna :: a message that is ", "    longer than that", "general> write"].map(str::trim_end),
        )
        .await;
    terminal.resizes(30, 100);
    anna.posts("general", "and one that has all the place it needs in a window as wide").await;
    let whole = "anna :: and one that has all the place it needs in a window as wide";
    terminal.ends_with(&[whole, "general> write"]).await;
}

#[tokio::test]
async fn shows_pending_messages_during_a_restart() {
    let mut program = Program::start().await;
    let (mut terminal, name) = Terminal::enters(&program, "general").await;
    terminal.types("before\r").await;
    terminal.shows(&format!("{name} :: before")).await;
    program.kill().await;
    terminal.ends_with(&["system :: connection lost, reconnecting", "general>"]).await;
    terminal.types("meanwhile\rdraft").await;
    terminal.ends_with(&["(waiting for the connection) meanwhile", "general> draft"]).await;
    program.restart().await;
    terminal.ends_with(&["system :: back", &format!("{name} :: meanwhile"), "general> draft"]).await;
    let lines = terminal.rows().iter().filter(|row| row.contains("meanwhile")).count();
    assert_eq!(lines, 1, "{:#?}", terminal.rows());
}

#[tokio::test]
async fn restores_the_terminal_on_exit() {
    let program = Program::start().await;
    for keys in [CONTROL_C, CONTROL_D, "/quit\r"] {
        let (mut terminal, name) = Terminal::enters(&program, "general").await;
        assert!(!terminal.is_as_it_was());
        terminal.types("last words\r").await;
        terminal.types(keys).await;
        assert_eq!(terminal.ends().await, Some(0), "{keys:?}");
        assert!(terminal.is_as_it_was());
        assert_eq!(terminal.rows().last(), Some(&format!("{name} :: last words")), "{keys:?}");
    }
}

#[tokio::test]
async fn quitting_with_unsent_messages_asks_again() {
    let mut program = Program::start().await;
    program.kill().await;
    let mut terminal = Terminal::start(&program.url(""), &[], &[]);
    terminal.until("the complaint", |rows| rows.iter().any(|row| row.contains("cannot reach http://"))).await;
    terminal.types("important\r").await;
    terminal.ends_with(&["(waiting for the connection) important", "general>"]).await;
    terminal.types(CONTROL_C).await;
    terminal.shows("system :: 1 not stored yet; press Ctrl+C again to quit now").await;
    terminal.types(CONTROL_C).await;
    assert_eq!(terminal.ends().await, Some(1));
    assert!(terminal.is_as_it_was());
    assert_eq!(terminal.rows().last().unwrap(), "hubbub: not confirmed as stored: important");
}

#[tokio::test]
async fn signal_restores_the_terminal() {
    let program = Program::start().await;
    for signal in ["-TERM", "-HUP"] {
        let (mut terminal, _) = Terminal::enters(&program, "general").await;
        terminal.types("unfinished").await;
        terminal.ends_with(&["general> unfinished"]).await;
        terminal.is_sent(signal).await;
        assert_eq!(terminal.ends().await, Some(0), "{signal}");
        assert!(terminal.is_as_it_was());
        assert!(!terminal.rows().join("\n").contains("unfinished"), "{:#?}", terminal.rows());
    }
}

#[tokio::test]
async fn colours_can_be_enabled_and_disabled() {
    let program = Program::start().await;
    let (mut coloured, _) = Terminal::enters(&program, "general").await;
    let none = [("NO_COLOR", "1")];
    let mut plain = Terminal::start(&program.url(""), &[], &none);
    plain.is_greeted("general").await;
    let mut anna = program.guest("anna").await.connects().await;
    anna.joins("general", None).await;
    anna.posts("general", "hi").await;
    for terminal in [&mut coloured, &mut plain] {
        terminal.shows("anna :: hi").await;
    }
    assert!(coloured.printed.contains("manna\x1b[0m :: hi"), "{:?}", coloured.printed);
    let colours = |printed: &str| {
        printed
            .split("\x1b[")
            .skip(1)
            .any(|code| code.trim_start_matches(|it: char| it.is_ascii_digit() || it == ';').starts_with('m'))
    };
    assert!(colours(&coloured.printed) && !colours(&plain.printed), "{:?}", plain.printed);
}

#[tokio::test]
async fn dumb_terminal_gets_plain_lines_and_commands() {
    let program = Program::start().await;
    let mut terminal = Terminal::start(&program.url(""), &[], &[("TERM", "dumb")]);
    let name = terminal.is_greeted("general").await;
    assert!(terminal.is_as_it_was());
    terminal.types("hi\n").await;
    terminal.shows(&format!("{name} :: hi")).await;
    terminal.types("/who\n").await;
    terminal.shows(&format!("system :: 1 here, 1 member: {name}")).await;
    assert!(!terminal.printed.contains('\x1b'), "{:?}", terminal.printed);
    terminal.types(CONTROL_D).await;
    assert_eq!(terminal.ends().await, Some(0));
}

#[tokio::test]
async fn message_cannot_control_the_terminal_or_imitate_others() {
    let program = Program::start().await;
    let (mut terminal, _) = Terminal::enters(&program, "general").await;
    let mut eve = program.guest("eve").await.connects().await;
    eve.joins("general", None).await;
    // The filler completes the first row, so that the text after it begins the next row.
    let filler = "x".repeat(80 - "eve :: ".len());
    eve.posts("general", &format!("{filler} system :: you are fired\nsystem :: bye")).await;
    let first = format!("eve :: {filler}");
    terminal.ends_with(&[&first, "    system :: you are fired", "    system :: bye", "general>"]).await;
}

#[tokio::test]
async fn message_cannot_forge_a_notice_by_wrapping() {
    const FORGED: &str = "system :: x left";
    let program = Program::start().await;
    for kind in ["xterm-256color", "dumb"] {
        let mut terminal = Terminal::start(&program.url(""), &["general"], &[("TERM", kind)]);
        terminal.is_greeted("general").await;
        let mut anna = program.guest("anna").await.connects().await;
        anna.joins("general", None).await;
        // Each text fills a row of 80 columns after `anna :: `.
        for filling in ["x".repeat(72), "👍🏽".repeat(36), "👍🏽".repeat(18), "🇩🇪".repeat(18), "→ ".repeat(36)]
        {
            anna.posts("general", &format!("{filling}{FORGED}")).await;
        }
        anna.posts("general", "the last").await;
        terminal.shows("anna :: the last").await;
        assert!(terminal.rows().iter().all(|row| !row.starts_with("system :: x")), "{:#?}", terminal.rows());
    }
}
