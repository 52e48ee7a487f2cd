//! Texts that look the same are treated as the same, and invisible texts as empty.

use hubbub_protocol::{Code, Command, Event, Field, Message, MessageId, ServerFrame};
use reqwest::{Method, StatusCode};
use serde_json::json;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::support::program::http;
use super::support::{Program, Socket};

impl Program {
    /// Changes the database as an older version, or another program, might have. The server must not be running.
    pub(crate) async fn stored(&self, statements: &[String]) {
        let options = SqliteConnectOptions::new().filename(self.data.path().join("chat.db"));
        let mut database = SqliteConnection::connect_with(&options).await.unwrap();
        for statement in statements {
            sqlx::query(sqlx::AssertSqlSafe(statement.clone())).execute(&mut database).await.unwrap();
        }
        database.close().await.unwrap();
    }
}

fn react(message_id: MessageId, emoji: &str, on: bool) -> Command {
    Command::React { room: "general".to_owned(), message_id, emoji: emoji.to_owned(), on }
}

/// Returns the reactions of the newest message: each emoji and its count.
async fn reactions(socket: &mut Socket) -> Vec<(String, usize)> {
    let ServerFrame::StartOver(over) = socket.joins("general", None).await else { panic!("a page comes") };
    let newest = over.page.events.iter().rev().find_map(|event| match event {
        Event::Posted(message) => Some(message.reactions.clone()),
        _ => None,
    });
    let reactions = newest.unwrap().into_iter();
    reactions.map(|reaction| (reaction.emoji.to_string(), reaction.users.len())).collect()
}

async fn posts(socket: &mut Socket, text: &str) -> Message {
    socket.joins("general", None).await;
    socket.posts("general", text).await;
    socket
        .waits_for(|frame| match frame {
            ServerFrame::Event { what: Event::Posted(message), .. } => Some(message),
            _ => None,
        })
        .await
}

#[tokio::test]
async fn all_spellings_of_an_emoji_are_one_reaction() {
    let program = Program::start().await;
    let (mut alice, mut bob) =
        (program.guest("alice").await.connects().await, program.guest("bob").await.connects().await);
    let message = posts(&mut alice, "hi").await.id;
    bob.joins("general", None).await;
    alice.is_answered(react(message, "👍", true)).await.unwrap();
    alice.is_answered(react(message, "❤", true)).await.unwrap();
    bob.is_answered(react(message, "👍\u{FE0F}", true)).await.unwrap();
    bob.is_answered(react(message, "❤\u{FE0F}", true)).await.unwrap();
    let wanted = vec![("👍".to_owned(), 2), ("❤\u{FE0F}".to_owned(), 2)];
    assert_eq!(reactions(&mut alice).await, wanted);
    bob.is_answered(react(message, "👍", false)).await.unwrap();
    bob.is_answered(react(message, "❤", false)).await.unwrap();
    assert_eq!(reactions(&mut alice).await, [("👍".to_owned(), 1), ("❤\u{FE0F}".to_owned(), 1)]);

    for several in ["👍👎🔥", "👍\u{200D}👎", "🏽🏽", "\u{FE0F}", "a"] {
        let refusal = bob.is_answered(react(message, several, true)).await.unwrap_err();
        assert_eq!((refusal.code, refusal.field), (Code::Invalid, Some(Field::Emoji)), "{several}");
    }
    for one in ["🇩🇪", "1\u{20E3}", "👩\u{200D}👩\u{200D}👧", "👍🏿", "🏳\u{FE0F}\u{200D}🌈"]
    {
        bob.is_answered(react(message, one, true)).await.unwrap();
    }
}

#[tokio::test]
async fn merges_stored_spellings_of_an_emoji() {
    let mut program = Program::start().await;
    let guest = program.guest("alice").await;
    let mut alice = guest.connects().await;
    let id = alice.hello().await.user.id;
    let message = posts(&mut alice, "hi").await;
    program.kill().await;
    let row = |emoji: &str, user: i64| {
        format!("INSERT INTO reactions VALUES ({}, '{emoji}', 1, 1, {user}, 'x')", message.id)
    };
    program
        .stored(&[
            "INSERT INTO users (id, name, created_at) VALUES (900, 'x', '2026-11-20T10:00:00.000Z')"
                .to_owned(),
            row("👍", id.0),
            row("👍\u{FE0F}", id.0),
            row("👍\u{FE0F}", 900),
        ])
        .await;
    program.restart().await;
    let mut alice = guest.connects().await;
    assert_eq!(reactions(&mut alice).await, [("👍".to_owned(), 2)]);
    alice.is_answered(react(message.id, "👍\u{FE0F}", false)).await.unwrap();
    assert_eq!(reactions(&mut alice).await, [("👍".to_owned(), 1)]);
    alice.is_answered(react(message.id, "👍\u{FE0F}", true)).await.unwrap();
    assert_eq!(reactions(&mut alice).await, [("👍".to_owned(), 2)]);
}

#[tokio::test]
async fn invisible_text_is_empty() {
    let program = Program::start().await;
    let bot = program.bot("bot").await;
    let room = bot.post("/api/v1/rooms", json!({"name": "garden"})).await.body["id"].clone();
    let messages = format!("/api/v1/rooms/{room}/messages");
    for blank in ["\u{200B}", "\u{2800}", "\u{3164}", "\u{AD}\u{2063}", "\u{FE0F}", "\u{E0041}"] {
        let refused = bot.post(&messages, json!({"text": blank})).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", blank.escape_unicode());
        assert_eq!(refused.body["code"], "empty");
        let described = bot
            .says(Method::PATCH, &format!("/api/v1/rooms/{room}"), &json!({"topic": blank}).to_string())
            .await;
        assert_eq!((described.status, &described.body["topic"]), (StatusCode::OK, &json!("")));
    }
    let posted = bot.post(&messages, json!({"text": "\u{200B}seen"})).await;
    assert_eq!(posted.status, StatusCode::CREATED);
    let message = format!("/api/v1/messages/{}", posted.body["id"]);
    let edited = bot.says(Method::PATCH, &message, &json!({"text": "\u{200B}"}).to_string()).await;
    assert_eq!(edited.status, StatusCode::UNPROCESSABLE_ENTITY);

    // Without a session, the refused form creates no guest.
    let form = http().post(program.url("/rooms/garden/messages")).body("text=%E2%80%8B");
    let form = form.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
    assert_eq!(form.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!form.headers().contains_key("set-cookie"));
}

#[tokio::test]
async fn deceptive_names_are_refused_everywhere() {
    let program = Program::start().await;
    let guest = program.guest("ivan").await;
    let bot = program.bot("bot").await;
    for name in [
        "alice\u{FE0F}",
        "\u{FE0F}",
        "ſystem",
        "ѕуѕtеm",
        "ｓｙｓｔｅｍ",
        "sys\u{200D}tem",
        "a\u{2800}",
        "a∷b",
    ] {
        let entered =
            program.is_sent("/join_chat", &[("username", name), ("room_id", "general")], None).await;
        assert_eq!(entered.status(), StatusCode::UNPROCESSABLE_ENTITY, "{}", name.escape_unicode());
        let form = [("username", name), ("password", "violets are blue")];
        let registered = program.is_sent("/register", &form, None).await;
        assert_eq!(registered.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let token = bot.post("/api/v1/auth/token", json!({"username": name})).await;
        assert_eq!(token.status, StatusCode::UNPROCESSABLE_ENTITY);
        let renamed = bot.says(Method::PATCH, "/api/v1/me", &json!({"name": name}).to_string()).await;
        assert_eq!(renamed.status, StatusCode::UNPROCESSABLE_ENTITY);
        let renamed = program.is_sent("/account/name", &[("username", name)], Some(&guest.cookie)).await;
        assert_ne!(
            renamed.headers().get("location").map(|to| to.as_bytes()),
            Some(&b"/account?done=name"[..])
        );
        let mut peer = super::support::Peer::opens(&program, "/").await;
        peer.asks(json!({"action": "join", "room": "general", "user": name})).await;
        let heard = peer.hears_json().await;
        assert_eq!(heard["action"], "error", "{heard}");
    }
    for name in ["علی\u{200C}رضا", "র\u{200D}\u{9CD}যাচেল", "അനില്\u{200D}", "Anna 👩\u{200D}💻"]
    {
        let entered =
            program.is_sent("/join_chat", &[("username", name), ("room_id", "general")], None).await;
        assert_eq!(entered.status(), StatusCode::SEE_OTHER, "{}", name.escape_unicode());
    }
}

#[tokio::test]
async fn stacked_accents_are_refused_in_names() {
    let program = Program::start().await;
    let stack: String = (0..3_999).map(|number| char::from_u32(0x300 + number % 0x60).unwrap()).collect();
    let encoded: String = stack.bytes().take(60).map(|byte| format!("%{byte:02X}")).collect();
    let form = [("username", format!("z{encoded}")), ("room_id", "general".to_owned())];
    let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
    let refused = program.is_sent("/join_chat", &form, None).await;
    assert_eq!(refused.status(), 422);
    assert!(refused.text().await.unwrap().contains("stacked accents"));

    let mut alice = program.guest("alice").await.connects().await;
    let mut bob = program.guest("bob").await.connects().await;
    bob.joins("general", None).await;
    alice.joins("general", None).await;
    let text = format!("z{stack}");
    assert_eq!(posts(&mut alice, "before").await.text.unwrap().as_str(), "before");
    // The style sheet cuts such a text at the line; the text is stored unchanged, because some scripts need such
    // characters.
    assert_eq!(posts(&mut alice, &text).await.text.unwrap().as_str(), text);
    alice.posts("general", &format!("{text}\u{301}")).await;
    let (_, refusal) = alice.is_refused().await;
    assert_eq!((refusal.code, refusal.limit), (hubbub_protocol::Code::TooLong, Some(4_000)));
    assert_eq!(posts(&mut alice, "after").await.text.unwrap().as_str(), "after");
    for expected in ["before", &text, "after"] {
        assert_eq!(bob.sees().await.text.unwrap().as_str(), expected);
    }
}
