//! Names of rooms and users that an older version accepted and that the rules for new names refuse.

use hubbub_app::{path_to_room, room_path};
use hubbub_protocol::{Answer, Command, Event, MessageText, Page, RoomName};
use serde_json::{Value, json};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::support::program::http;
use super::support::{Guest, Peer, Program};

/// Names of rooms: other scripts, characters with a meaning in an address, a line break, white space, too long.
const ROOMS: [&str; 6] = [
    "комната 1",
    "a/b?c#d&e=f",
    "100%",
    "дом\nsystem :: ivan left",
    " general ",
    "0123456789-0123456789-0123456789-0123456789-0123456789-0123456789-0123456789",
];

async fn database(program: &Program) -> SqliteConnection {
    let file = SqliteConnectOptions::new().filename(program.data.path().join("chat.db"));
    SqliteConnection::connect_with(&file).await.unwrap()
}

/// Stores a room with this name, as an older version did, and returns its id.
async fn store_room(program: &Program, name: &str) -> i64 {
    let row = "INSERT INTO rooms (name, created_at) VALUES (?1, '2026-11-20T10:00:00.000Z')";
    sqlx::query(row).bind(name).execute(&mut database(program).await).await.unwrap().last_insert_rowid()
}

/// Gives a user a name, as an older version did.
async fn store_name(program: &Program, old: &str, name: &str) {
    let update = sqlx::query("UPDATE users SET name = ?1 WHERE name = ?2").bind(name).bind(old);
    assert_eq!(update.execute(&mut database(program).await).await.unwrap().rows_affected(), 1);
}

/// Sends each frame and waits until the expected text, if any, arrives in a frame.
async fn talks(peer: &mut Peer, steps: &[(String, &str)]) {
    for (frame, expected) in steps {
        peer.says(frame).await;
        while !expected.is_empty() {
            let heard = peer.hears().await;
            if heard.contains(expected) {
                break;
            }
            assert!(!heard.contains("error"), "{frame} got {heard}");
        }
    }
}

/// Uses the room on every legacy protocol: joins it, posts, lists its users, reads its history and leaves.
async fn uses_room(program: &Program, name: &str, id: i64) {
    let segment = room_path(&RoomName::from_stored(name), None).replace("/rooms/", "");
    let event = |name: &str, payload: Value| format!("42{}", json!([name, payload]));
    let post = "by actions, by events, by hand, by form, by types";
    let text = |number: usize| post.split(", ").nth(number).unwrap().to_owned();
    let token = program.token(r#"{"username":"typed"}"#).await;
    let wires = [
        (
            "/".to_owned(),
            vec![
                (json!({"action": "join", "room": name, "user": "ann"}).to_string(), r#""action":"joined""#),
                (
                    json!({"action": "message", "room": name, "text": text(0)}).to_string(),
                    r#""text":"by actions""#,
                ),
                (json!({"action": "users", "room": name}).to_string(), r#""users":["ann"]"#),
                (json!({"action": "history", "room": name}).to_string(), r#""action":"history""#),
                (json!({"action": "typing", "room": name}).to_string(), ""),
                (json!({"action": "leave", "room": name}).to_string(), r#""action":"left""#),
            ],
        ),
        (
            "/socket.io/?EIO=4&transport=websocket".to_owned(),
            vec![
                ("40".to_owned(), "connected"),
                (event("join_room", json!({"room": name, "username": "ida"})), "joined_room"),
                (event("send_message", json!({"room": name, "text": text(1)})), "message_sent"),
                (event("get_room_users", json!({"room": name})), "room_users"),
                (event("leave_room", json!({"room": name})), "left_room"),
            ],
        ),
        (format!("/chat/{segment}"), vec![(text(2), ":: by hand")]),
        (format!("/ws/chat/{segment}/f1?username=fay"), vec![(text(3), r#""text":"by form""#)]),
        (
            format!("/ws?token={token}"),
            vec![
                (json!({"type": "join_chat", "chat_id": id}).to_string(), "joined_chat"),
                (json!({"type": "send_message", "chat_id": id, "content": text(4)}).to_string(), "by types"),
                (json!({"type": "read_messages", "chat_id": id}).to_string(), ""),
                (json!({"type": "leave_chat", "chat_id": id}).to_string(), ""),
                (json!({"type": "ping"}).to_string(), "pong"),
            ],
        ),
    ];
    for (path, steps) in wires {
        let mut peer = Peer::opens(program, &path).await;
        talks(&mut peer, &steps).await;
    }
    let alice = program.guest("alice").await;
    let mut alice = alice.connects().await;
    alice.joins(name, None).await;
    let history =
        Command::History { room: name.to_owned(), before: None, after: None, around: None, limit: None };
    let Ok(Answer::History(Page { events, .. })) = alice.is_answered(history).await else {
        panic!("a page comes")
    };
    let texts = events.iter().filter_map(|event| match event {
        Event::Posted(message) => message.text.as_ref().map(MessageText::to_string),
        _ => None,
    });
    assert_eq!(texts.collect::<Vec<_>>().join(", "), post);
}

#[tokio::test]
async fn rooms_with_refused_names_are_used_on_all_legacy_wires() {
    let program = Program::start().await;
    for name in ROOMS {
        let id = store_room(&program, name).await;
        uses_room(&program, name, id).await;
    }
}

#[tokio::test]
async fn refused_names_create_no_room() {
    let program = Program::start().await;
    let mut actions = Peer::opens(&program, "/").await;
    let mut io = Peer::opens(&program, "/socket.io/?EIO=4&transport=websocket").await;
    talks(&mut io, &[("40".to_owned(), "connected")]).await;
    for name in ROOMS.into_iter().chain([""]) {
        for action in ["join", "message", "users", "history", "typing", "leave"] {
            actions.asks(json!({"action": action, "room": name, "text": "x", "user": "ann"})).await;
            let refused = actions.hears_json().await;
            assert_eq!(
                (&refused["action"], &refused["field"]),
                (&json!("error"), &json!("room")),
                "{refused}"
            );
        }
        for event in ["join_room", "send_message", "get_room_users", "leave_room"] {
            io.says(&format!("42{}", json!([event, {"room": name, "text": "x"}]))).await;
            let refused = io.hears().await;
            assert!(
                refused.starts_with("42[\"error\"") && refused.contains(r#""field":"room""#),
                "{refused}"
            );
        }
    }
    let rooms = sqlx::query("SELECT 1 FROM rooms").fetch_all(&mut database(&program).await).await.unwrap();
    assert_eq!(rooms.len(), 0);
}

#[tokio::test]
async fn users_with_refused_names_may_name_themselves() {
    for name in ["a :: b", "System", "zero\u{200b}width"] {
        let program = Program::start().await;
        let Guest { cookie, .. } = program.guest("alice").await;
        store_name(&program, "alice", name).await;
        let encoded = path_to_room("/ws/chat/general/f1", name).replace("?room=", "?username=");
        let mut form = Peer::try_opens(&program, &encoded, &[("cookie", &cookie)]).await.unwrap();
        talks(&mut form, &[("by form".to_owned(), "\"is_self\":true")]).await;
        let mut actions = Peer::try_opens(&program, "/", &[("cookie", &cookie)]).await.unwrap();
        actions.asks(json!({"action": "join", "room": "general", "user": name})).await;
        assert_eq!(actions.hears_json().await["user"], name);

        // Another name that the rules refuse is refused, although the user keeps the own one.
        actions.asks(json!({"action": "join", "room": "general", "user": "c :: d"})).await;
        let refused = actions.hears_json().await;
        assert_eq!((&refused["action"], &refused["field"]), (&json!("error"), &json!("user")), "{refused}");
        let refused =
            Peer::is_refused(&program, "/ws/chat/general/f1?username=c%20::%20d", &[("cookie", &cookie)])
                .await;
        assert_eq!((refused.0, &refused.1["code"]), (400, &json!("invalid")));
    }
}

#[tokio::test]
async fn plain_text_shows_a_stored_room_name_in_one_line() {
    let program = Program::start().await;
    store_room(&program, ROOMS[3]).await;
    let segment = room_path(&RoomName::from_stored(ROOMS[3]), None).replace("/rooms/", "");
    let mut plain = Peer::opens(&program, &format!("/chat/{segment}")).await;
    let hello = plain.hears().await;
    assert!(hello.ends_with(" in дом\u{fffd}system :: ivan left"), "{hello}");
}

#[tokio::test]
async fn sign_in_leads_back_to_a_room_with_a_refused_name() {
    let program = Program::start_with(&["--guests", "off"]).await;
    for name in ROOMS {
        store_room(&program, name).await;
        let expected = path_to_room("/sign-in", name);
        let entrance = http().get(program.url(&path_to_room("/", name))).send().await.unwrap();
        assert_eq!(entrance.headers()["location"], expected.as_str());
        let form = path_to_room("username=nina", name).replace("?room=", "&room_id=");
        let request = http().post(program.url("/join_chat")).body(form);
        let joined =
            request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
        assert_eq!(joined.headers()["location"], expected.as_str());
        let page = http().get(program.url(&expected)).send().await.unwrap().text().await.unwrap();
        assert!(
            page.contains(&path_to_room("/register", name)),
            "the link to the registration keeps the room"
        );
    }
}
