//! The texts that people outside this project read: the API's documentation, titles of problems, reasons, refusals, log
//! lines and `--help`. Each kind has a golden file, so that a text changes only on purpose. After an intended change,
//! `HUBBUB_UPDATE_GOLDEN=1` writes the files again.

mod log_lines;

use std::fs;
use std::path::Path;

use hubbub_protocol::{AccountRefusal, CloseReason};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::support::pty::Terminal;
use crate::support::{Api, Program};

/// Characters of a request body that a golden file repeats.
const MAX_BODY_CHARS: usize = 80;

fn assert_golden(name: &str, texts: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden").join(format!("{name}.txt"));
    if std::env::var_os("HUBBUB_UPDATE_GOLDEN").is_some() {
        fs::write(&path, texts).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(texts == expected, "{} differs; it should be:\n{texts}", path.display());
}

#[tokio::test]
async fn the_openapi_document_has_the_texts_of_the_golden_file() {
    let program = Program::start().await;
    let nobody = Api::nobody(&program).await;
    let mut lines = Vec::new();
    collect_texts(&nobody.document().0, "", &mut lines);
    assert_golden("openapi", &lines.concat());
}

/// Adds a line for each summary and description, with its path in the document.
fn collect_texts(value: &Value, path: &str, lines: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if matches!(name.as_str(), "summary" | "description") => {
                        lines.push(format!("{path}: {}\n", text.replace('\n', " ")));
                    }
                    _ => collect_texts(value, &format!("{path}/{}", name.trim_start_matches('/')), lines),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let name = item["name"].as_str().map_or_else(|| index.to_string(), str::to_owned);
                collect_texts(item, &format!("{path}/{name}"), lines);
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn problem_titles_are_those_of_the_golden_file() {
    let program = Program::start().await;
    let page = reqwest::get(program.url("/api/docs")).await.unwrap().text().await.unwrap();
    let problems = page.split_once("id=\"problems\"").unwrap().1.split_once("</dl>").unwrap().0;
    let titles = problems.split("<dt><code>").skip(1).map(|problem| {
        let (code, rest) = problem.split_once("</code></dt><dd>").unwrap();
        format!("{code} {}\n", rest.split_once("</dd>").unwrap().0)
    });
    assert_golden("problem_titles", &titles.collect::<String>());
}

#[tokio::test]
async fn refusals_over_rest_are_those_of_the_golden_file() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    let other = program.bot("other").await;
    let message = bot.posts(room, "hi").await["id"].clone();
    let nobody = Api::nobody(&program).await;
    let (messages, message) = (format!("/rooms/{room}/messages"), format!("/messages/{message}"));
    let client_id = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    bot.post(&messages, json!({ "text": "first", "client_id": client_id })).await;
    let mut texts = String::new();
    for (api, method, path, body) in [
        (&bot, Method::GET, "/nowhere", None),
        (&bot, Method::DELETE, "/me", None),
        (&nobody, Method::GET, "/me", None),
        (&bot, Method::GET, "/rooms/999", None),
        (&bot, Method::GET, "/rooms/tea", None),
        (&bot, Method::GET, "/messages/999", None),
        (&bot, Method::POST, &messages, Some("{".to_owned())),
        (&bot, Method::POST, &messages, Some("{}".to_owned())),
        (&bot, Method::POST, &messages, Some(json!({ "text": 5 }).to_string())),
        (&bot, Method::POST, &messages, Some(json!({ "text": "" }).to_string())),
        (&bot, Method::POST, &messages, Some(json!({ "text": "x".repeat(4_001) }).to_string())),
        (&bot, Method::POST, &messages, Some(json!({ "text": "\u{7}" }).to_string())),
        (&bot, Method::POST, &messages, Some(json!({ "text": "a", "client_id": "b" }).to_string())),
        (&bot, Method::POST, &messages, Some(json!({ "text": "other", "client_id": client_id }).to_string())),
        (&bot, Method::POST, &messages, Some(json!({ "text": "a", "reply_to": 999 }).to_string())),
        (&other, Method::POST, &messages, Some(json!({ "text": "a" }).to_string())),
        (&other, Method::PATCH, &message, Some(json!({ "text": "a" }).to_string())),
        (&bot, Method::PUT, &format!("{message}/reactions/x"), None),
        (&bot, Method::GET, &format!("{messages}?limit=0"), None),
        (&bot, Method::GET, &format!("{messages}?limit=201"), None),
        (&bot, Method::GET, &format!("{messages}?before=1&after=1"), None),
        (&bot, Method::GET, &format!("{messages}?before=x"), None),
        (&bot, Method::GET, &format!("{messages}?before=1&before=2"), None),
        (&bot, Method::PATCH, &format!("/rooms/{room}"), Some(json!({ "topic": "a\nb" }).to_string())),
        (
            &bot,
            Method::PATCH,
            &format!("/rooms/{room}"),
            Some(json!({ "topic": "x".repeat(251) }).to_string()),
        ),
        (&bot, Method::POST, "/rooms", Some(json!({ "name": "a b" }).to_string())),
        (&bot, Method::POST, "/rooms", Some(json!({ "name": "x".repeat(65) }).to_string())),
        (&bot, Method::PATCH, "/me", Some(json!({ "name": "system" }).to_string())),
        (&bot, Method::PATCH, "/me", Some(json!({ "name": "a::b" }).to_string())),
        (&bot, Method::PATCH, "/me", Some(json!({ "name": "a\nb" }).to_string())),
        (&bot, Method::PATCH, "/me", Some(json!({ "name": "x".repeat(33) }).to_string())),
        (&bot, Method::PATCH, "/me", Some(json!({ "name": "\u{301}a" }).to_string())),
        (&bot, Method::PATCH, "/me", Some(json!({ "name": "\u{378}" }).to_string())),
        (&bot, Method::PATCH, "/me", Some(json!({ "status": "asleep" }).to_string())),
    ] {
        let shown: String = body.iter().flat_map(|body| body.chars()).take(MAX_BODY_CHARS).collect();
        let json = [("content-type", "application/json")];
        let reply = api.sends(method.clone(), path, if body.is_some() { &json } else { &[] }, body).await;
        let detail = reply.body["detail"].as_str().unwrap_or_else(|| panic!("{method} {path}: {reply:?}"));
        texts += &format!("{method} {path} {shown}\n  {}: {detail}\n", reply.status.as_u16());
    }
    assert_golden("refusals", &texts);
}

#[test]
fn account_refusals_are_those_of_the_golden_file() {
    let refusals = [
        AccountRefusal::NameTaken,
        AccountRefusal::WrongNameOrPassword,
        AccountRefusal::WrongPassword,
        AccountRefusal::PasswordTooShort,
        AccountRefusal::PasswordTooLong,
        AccountRefusal::PasswordCommon,
        AccountRefusal::RegistrationClosed,
        AccountRefusal::Busy,
    ];
    let texts = refusals.map(|refusal| format!("{}: {refusal}\n", refusal.code()));
    assert_golden("account_refusals", &texts.concat());
}

#[test]
fn close_reasons_are_those_of_the_golden_file() {
    let texts = CloseReason::ALL.map(|reason| {
        assert!(reason.text().len() <= 123, "longer than a close frame allows: {}", reason.text());
        format!("{} {}\n", reason.code(), reason.text())
    });
    assert_golden("close_reasons", &texts.concat());
}

#[tokio::test]
async fn help_of_every_command_is_that_of_the_golden_file() {
    let mut texts = String::new();
    for arguments in [&["--help"][..], &["serve", "--help"], &["chat", "--help"], &["check", "--help"]] {
        // clap shows the values of variables that are set.
        let mut command = Command::new(env!("CARGO_BIN_EXE_hubbub"));
        let output = command.args(arguments).env_clear().output().await.unwrap();
        let help = String::from_utf8(output.stdout).unwrap();
        texts += &format!("$ hubbub {}\n{help}\n", arguments.join(" "));
    }
    assert_golden("help", &texts);
}

#[tokio::test]
async fn help_of_the_terminal_client_is_that_of_the_golden_file() {
    let program = Program::start().await;
    let (mut terminal, _) = Terminal::enters(&program, "general").await;
    terminal.types("/help\r").await;
    terminal.until("the help", |rows| rows.iter().any(|row| row.contains("Alt+Enter"))).await;
    let rows = terminal.rows();
    let help = rows.iter().filter(|row| row.starts_with("    ")).map(|row| format!("{}\n", row.trim_end()));
    assert_golden("terminal_help", &help.collect::<String>());
}
