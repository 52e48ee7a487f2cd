//! A database of an older version, with rows that the current rules for input refuse or that cannot be decoded.

use std::sync::Arc;

use hubbub_protocol::{
    Answer, CatchUp, Command, Event, MessageId, MessageText, Page, ServerFrame, StartOver, User,
};
use reqwest::StatusCode;
use serde_json::Value;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;

use super::support::program::http;
use super::support::{Api, Guest, Peer, Program, old_database};

const CLIENT_ID: &str = "67e55044-10b1-426f-9247-bb680e5fe0";

/// Rows that another program, or a version with other rules, may have written. Room 1 is `general`.
const ROWS: &[&str] = &[
    "INSERT INTO users (id, name, created_at) VALUES
        (101, 'system' || char(0xfe0f), '2026-11-20T10:00:00.000Z'), (102, 'System', '2026-11-20T10:00:00.000Z'),
        (103, 'a :: b' || char(10), 'never'), (104, '', ''), (105, CAST(x'ff41' AS TEXT), '')",
    "UPDATE users SET status = 'asleep' WHERE id = 101",
    "INSERT INTO rooms (id, name, created_at, topic) VALUES
        (1, 'general', '2026-11-20T10:00:00.000Z', 'two' || char(10) || 'lines'),
        (2, 'комната 1', 'yesterday', CAST(x'fe' AS TEXT)), (3, 'long', '2026-11-20T10:00:00.000Z', '')",
    "UPDATE rooms SET topic = printf('%.*c', 5000, 'x') WHERE id = 3",
    "INSERT INTO members (room_id, user_id, since, read_seq) VALUES
        (1, 101, 'once', 0), (1, 102, '', 0), (1, 103, '', 0), (1, 104, '', 0), (1, 105, '', 0)",
];

/// Texts in `general`, as SQL.
const TEXTS: [&str; 6] = [
    "char(27) || '[2Jcontrol'",
    "''",
    "printf('%.*c', 20000, 'x')",
    "char(0x200b)",
    "CAST(x'c328225ced' AS TEXT)",
    "'a' || char(13, 0, 0x2028) || 'b'",
];

/// Starts a server on a database with stored values that the current rules refuse; returns one of its users too.
async fn old_server() -> (Program, Guest) {
    let data = Arc::new(TempDir::new().unwrap());
    let mut old = old_database(data.path(), 4).await;
    let mut rows: Vec<String> = ROWS.iter().map(|row| (*row).to_owned()).collect();
    for (index, text) in TEXTS.iter().enumerate() {
        rows.push(format!(
            "INSERT INTO messages (id, room_id, seq, created_at, author_id, author, text, client_id, reply_to)
             SELECT {number}, 1, {number}, '2026-11-20T10:00:00.000Z', id, name, {text},
                    '{CLIENT_ID}c{index}', NULLIF({number} - 1, 0)
             FROM users WHERE id = 101 + {index} % 5",
            number = index + 1
        ));
    }
    for row in [
        "INSERT INTO messages (id, room_id, seq, created_at, author_id, author, text, client_id)
         VALUES (7, 1, 7, 'no time', 101, 'x', 'hi', 'no uuid')",
        "INSERT INTO reactions VALUES (1, 'no emoji', 8, 8, 101, 'system'), (1, CAST(x'80' AS TEXT), 9, 9, 102, '')",
        "INSERT INTO edits VALUES (2, 1, char(0), 'no time')",
        "INSERT INTO events VALUES (1, 8, 'reacted', '', 101, 'system', 1, 'no emoji'),
            (1, 9, 'reacted', '', 102, '', 1, NULL), (1, 10, 'danced', '', 101, '', NULL, NULL),
            (1, 11, 'described', '', 101, '', NULL, char(7)), (1, 12, 'deleted', '', 101, '', NULL, NULL)",
    ] {
        rows.push(row.to_owned());
    }
    for row in rows {
        sqlx::query(sqlx::AssertSqlSafe(row)).execute(&mut old).await.unwrap();
    }
    old.close().await.unwrap();
    let program = Program::start_on("127.0.0.1:0", data, &[]).await;
    let guest = program.guest("alice").await;
    (program, guest)
}

/// Returns the texts of the messages among these events.
fn texts(events: &[Event]) -> Vec<String> {
    let text = |event: &Event| match event {
        Event::Posted(message) => message.text.as_ref().map(MessageText::to_string),
        _ => None,
    };
    events.iter().filter_map(text).collect()
}

#[tokio::test]
async fn reads_stored_rooms_pages_and_catch_ups() {
    let (_program, guest) = old_server().await;
    let mut alice = guest.connects().await;
    let ServerFrame::StartOver(StartOver { page, .. }) = alice.joins("general", None).await else {
        panic!("a fresh page comes")
    };
    let shown = texts(&page.events);
    assert_eq!(shown.len(), 7, "{shown:?}");
    assert_eq!(shown[0], "\u{1b}[2Jcontrol");
    assert_eq!(
        (shown[2].len(), shown[4].as_str(), shown[6].as_str()),
        (20_000, "\u{fffd}(\"\\\u{fffd}", "hi")
    );
    let Event::Posted(first) = &page.events[0] else { panic!("{page:?}") };
    assert_eq!(first.author.name.as_str(), "system\u{fe0f}", "a name is shown as it was stored");
    assert_eq!(first.reactions[0].emoji.as_str(), "no emoji");

    let mut again = guest.connects().await;
    let ServerFrame::CatchUp(CatchUp { events, .. }) = again.joins("general", Some(0)).await else {
        panic!("what was missed comes")
    };
    let positions: Vec<i64> = events.iter().map(|event| event.seq().0).collect();
    assert_eq!(positions[..3], [1, 2, 3]);

    let history = Command::History {
        room: "general".to_owned(),
        before: Some(hubbub_protocol::Seq(5)),
        after: None,
        around: None,
        limit: None,
    };
    let Ok(Answer::History(Page { events, .. })) = again.is_answered(history).await else {
        panic!("a page comes")
    };
    assert_eq!(texts(&events).len(), 4);
    let ServerFrame::StartOver(_) = again.joins("long", None).await else { panic!("a fresh page comes") };
}

#[tokio::test]
async fn reads_stored_lists_of_rooms_and_members() {
    let (_program, guest) = old_server().await;
    let mut alice = guest.connects().await;
    alice.joins("general", None).await;
    let Ok(Answer::Browsed(browsed)) = alice.is_answered(Command::Browse { query: None, after: None }).await
    else {
        panic!("the rooms come")
    };
    let names: Vec<&str> = browsed.rooms.iter().map(|room| room.room.name.as_str()).collect();
    assert_eq!(names, ["general", "long", "комната 1"]);
    let Ok(Answer::Rooms { rooms }) = alice.is_answered(Command::Rooms {}).await else {
        panic!("my rooms come")
    };
    assert_eq!(rooms[0].room.topic.as_str(), "two\nlines");
    let join = Command::Join { room: "general".to_owned(), cursor: None, resume: false };
    let Ok(Answer::Joined(joined)) = alice.is_answered(join).await else { panic!("it is let in") };
    let user = |id: i64| joined.people.iter().find(|person| person.user.id.0 == id).unwrap().user.clone();
    assert_eq!([102, 103, 105].map(|id| user(id).name.to_string()), ["System", "a :: b\n", "\u{fffd}A"]);
}

#[tokio::test]
async fn changes_stored_values_that_the_rules_refuse() {
    let (program, alice) = old_server().await;
    let data = SqliteConnectOptions::new().filename(program.data.path().join("chat.db"));
    let mut database = SqliteConnection::connect_with(&data).await.unwrap();
    let mut socket = alice.connects().await;
    let User { id, .. } = socket.hello().await.user;
    for statement in
        ["UPDATE reactions SET user_id = ?1 WHERE seq = 8", "UPDATE messages SET author_id = ?1 WHERE id = 1"]
    {
        sqlx::query(statement).bind(id.0).execute(&mut database).await.unwrap();
    }
    socket.joins("general", None).await;
    let (room, message_id) = ("general".to_owned(), MessageId(1));
    let emoji = "no emoji".to_owned();
    let react = |on| Command::React { room: room.clone(), message_id, emoji: emoji.clone(), on };
    assert!(matches!(socket.is_answered(react(false)).await, Ok(Answer::Done { .. })));
    socket.is_answered(react(true)).await.unwrap_err();
    let edit =
        Command::Edit { room: room.clone(), message_id, text: "new".to_owned(), remove_files: Vec::new() };
    assert!(matches!(socket.is_answered(edit).await, Ok(Answer::Done { .. })));
    let Ok(Answer::Edits(edits)) = socket.is_answered(Command::Edits { room, message_id }).await else {
        panic!("former texts come")
    };
    assert_eq!(edits.versions[0].text.as_str(), "\u{1b}[2Jcontrol");
}

#[tokio::test]
async fn serves_stored_values_on_pages_rest_and_legacy_wires() {
    let (program, alice) = old_server().await;
    let get = async |path: &str| {
        let answer = http().get(program.url(path)).header("cookie", &alice.cookie).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    };
    alice.connects().await.joins("general", None).await;
    for path in ["/rooms/general", "/rooms/long", "/readyz"] {
        assert_eq!(get(path).await.0, StatusCode::OK, "{path}");
    }
    assert_eq!(get("/").await.0, StatusCode::SEE_OTHER, "back to the room");
    for path in [
        "/rooms",
        "/me/rooms",
        "/rooms/1",
        "/rooms/1/members",
        "/rooms/1/messages",
        "/rooms/1/events?after=0",
    ] {
        let (status, body) = get(&format!("/api/v1{path}")).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        assert!(serde_json::from_str::<Value>(&body).is_ok(), "{path}: {body}");
    }
    let mut plain = Peer::opens(&program, "/chat/general").await;
    assert!(plain.hears().await.starts_with("system :: you are "));
}

#[tokio::test]
async fn room_with_a_refused_name_can_be_used() {
    const NAME: &str = "комната 1";
    let (program, guest) = old_server().await;
    let mut alice = guest.connects().await;
    alice.joins(NAME, None).await;
    let asked = alice.posts(NAME, "still here").await;
    alice.is_told_where(asked).await;
    let history =
        Command::History { room: NAME.to_owned(), before: None, after: None, around: None, limit: None };
    let Ok(Answer::History(Page { events, .. })) = alice.is_answered(history).await else {
        panic!("a page comes")
    };
    assert_eq!(texts(&events), ["still here"]);
    let browse = Command::Browse { query: None, after: Some(NAME.to_owned()) };
    let Ok(Answer::Browsed(_)) = alice.is_answered(browse).await else { panic!("the list goes on") };

    let page = http().get(program.url("/rooms/комната 1")).header("cookie", &guest.cookie);
    let page = page.send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    assert!(page.text().await.unwrap().contains("still here"));
    let bot = Api::new(&guest, &program).await;
    assert_eq!(bot.get("/rooms?name=комната 1").await.is(200)["rooms"][0]["id"], 2);
    assert_eq!(bot.get("/rooms?after=комната 1").await.is(200)["rooms"].as_array().map(Vec::len), Some(0));
    assert_eq!(bot.post("/rooms", serde_json::json!({"name": NAME})).await.is(200)["id"], 2);
    let mut plain = Peer::opens(&program, "/chat/%D0%BA%D0%BE%D0%BC%D0%BD%D0%B0%D1%82%D0%B0%201").await;
    assert!(plain.hears().await.ends_with(&format!(" in {NAME}")));

    // Another name that the rule refuses makes no room.
    let join = Command::Join { room: "комната 2".to_owned(), cursor: None, resume: false };
    assert_eq!(alice.is_answered(join).await.unwrap_err().field, Some(hubbub_protocol::Field::Room));
    assert_eq!(http().get(program.url("/rooms/комната 2")).send().await.unwrap().status(), 404);
    let leave = Command::Leave { room: NAME.to_owned() };
    assert!(matches!(alice.is_answered(leave).await, Ok(Answer::Left { .. })));
}

#[tokio::test]
async fn the_landing_form_leads_to_a_room_with_an_old_name() {
    let (program, _) = old_server().await;
    let form = "username=nina&room_id=%D0%BA%D0%BE%D0%BC%D0%BD%D0%B0%D1%82%D0%B0%201";
    let request = http().post(program.url("/join_chat")).body(form);
    let joined = request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
    assert_eq!(joined.status(), StatusCode::SEE_OTHER);
    let location = joined.headers()["location"].to_str().unwrap();
    assert_eq!(location, "/rooms/%d0%ba%d0%be%d0%bc%d0%bd%d0%b0%d1%82%d0%b0%201");
    let page = http().get(program.url(location)).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
}
