//! Finding, creating, joining and leaving rooms.

use hubbub_protocol::{Seq, ServerFrame, Signal, UserEvent};
use serde_json::json;

use crate::support::{Api, Program};

fn names(list: &serde_json::Value) -> Vec<&str> {
    list["rooms"].as_array().unwrap().iter().map(|room| room["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn room_is_created_once_and_found_by_name_and_id() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let made = bot.post("/rooms", json!({"name": "tea"})).await;
    let location = made.header("location").to_owned();
    let made = made.is(201);
    assert_eq!((&made["name"], &made["joined"], &made["members"]), (&json!("tea"), &json!(true), &json!(1)));
    assert_eq!(location, format!("/api/v1/rooms/{}", made["id"]));
    assert_eq!(
        bot.post("/rooms", json!({"name": "tea"})).await.is(200),
        made,
        "asking again changes nothing"
    );
    assert_eq!(bot.get(&location).await.is(200), made);
    assert_eq!(bot.get("/rooms?name=tea").await.is(200)["rooms"][0], made);
    assert!(names(&bot.get("/rooms?name=coffee").await.is(200)).is_empty());
    for name in ["", "no spaces", "../etc", &"x".repeat(65)] {
        let refused = bot.post("/rooms", json!({ "name": name })).await;
        assert_eq!((refused.status.as_u16(), &refused.body["field"]), (422, &json!("name")), "{name}");
    }

    let other = program.bot("other").await;
    let seen = other.get(&location).await.is(200);
    assert_eq!((&seen["joined"], &seen["id"]), (&json!(false), &made["id"]));
}

#[tokio::test]
async fn lists_all_public_rooms_in_pages() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    for number in 0..7 {
        bot.joins(&format!("Room-{number}")).await;
    }
    bot.joins("else").await;
    let mut found = Vec::new();
    let mut path = Some("/rooms?query=rOOm&limit=3".to_owned());
    let mut pages = 0;
    while let Some(here) = path {
        let page = bot.get(&here).await.is(200);
        found.extend(names(&page).into_iter().map(str::to_owned));
        path = page["next"].as_str().map(str::to_owned);
        pages += 1;
    }
    assert_eq!((found, pages), ((0..7).map(|number| format!("Room-{number}")).collect(), 3));
    // Wildcards of other search languages are ordinary characters here.
    for query in ["%25", "_", "*", "'"] {
        assert!(names(&bot.get(&format!("/rooms?query={query}")).await.is(200)).is_empty(), "{query}");
    }
    bot.get("/rooms?limit=0").await.refuses(422, "invalid", "limit");
    bot.get("/rooms?limit=51").await.refuses(422, "too_long", "limit");
    bot.get("/rooms?after=no+name").await.refuses(422, "invalid", "after");
}

#[tokio::test]
async fn joins_and_leaves_reach_sockets_and_are_idempotent() {
    let program = Program::start().await;
    let guest = program.guest("alice").await;
    let alice = Api::new(&guest, &program).await;
    let mut socket = guest.connects().await;
    let room = program.bot("robot").await.joins("tea").await;

    let me = format!("/rooms/{room}/members/me");
    for _ in 0..2 {
        assert_eq!(alice.puts(&me).await.is(200)["joined"], true);
    }
    let heard =
        |frame| if let ServerFrame::UserEvent(UserEvent::Joined(mine)) = frame { Some(mine) } else { None };
    assert_eq!(socket.waits_for(heard).await.room.id.0, room, "the sidebar follows");
    socket.joins("tea", None).await;

    let members = alice.get(&format!("/rooms/{room}/members")).await.is(200);
    assert_eq!((&members["members"], &members["present"]), (&json!(2), &json!(1)));
    let alice_there = json!({"user": members["people"][0]["user"], "presence": "online"});
    assert_eq!(members["people"][0], alice_there);
    assert_eq!(members["people"][0]["user"]["name"], "alice");
    assert_eq!(names(&alice.get("/me/rooms").await.is(200)), ["tea"]);

    for _ in 0..2 {
        alice.deletes(&me).await.is(204);
    }
    let left = |frame| matches!(frame, ServerFrame::UserEvent(UserEvent::Left { .. })).then_some(());
    socket.waits_for(left).await;
    assert!(names(&alice.get("/me/rooms").await.is(200)).is_empty());
    let asked = socket.posts("tea", "still here?").await;
    assert_eq!(socket.is_refused().await.0, Some(asked), "the socket is out of the room too");
}

#[tokio::test]
async fn topic_is_one_line_and_visible_to_all() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    let path = format!("/rooms/{room}");
    assert_eq!(bot.patch(&path, json!({"topic": " Green tea "})).await.is(200)["topic"], "Green tea");
    assert_eq!(bot.get(&path).await.is(200)["topic"], "Green tea");
    bot.patch(&path, json!({"topic": "two\nlines"})).await.refuses(422, "invalid", "topic");
    let long = bot.patch(&path, json!({"topic": "x".repeat(251)})).await.refuses(422, "too_long", "topic");
    assert_eq!(long["limit"], 250);
    assert_eq!(bot.patch(&path, json!({"topic": ""})).await.is(200)["topic"], "");
}

#[tokio::test]
async fn read_positions_reach_own_devices_and_others_by_consent() {
    let program = Program::start().await;
    let guest = program.guest("alice").await;
    let alice = Api::new(&guest, &program).await;
    let mut phone = guest.connects().await;
    let mut bob = program.guest("bob").await.connects().await;
    bob.joins("tea", None).await;
    let room = alice.joins("tea").await;
    for text in ["one", "two"] {
        let asked = bob.posts("tea", text).await;
        bob.is_told_where(asked).await;
    }
    let path = format!("/rooms/{room}/read");
    let before = alice.get(&path).await.is(200);
    assert_eq!((&before["unread"], &before["head"]), (&json!(2), &json!(4)));

    let now = alice.put(&path, json!({"seq": 3})).await.is(200);
    assert_eq!(now, json!({"seq": 3, "unread": 1, "head": 4}));
    let heard =
        |frame| if let ServerFrame::UserEvent(UserEvent::Read(state)) = frame { Some(state) } else { None };
    assert_eq!(phone.waits_for(heard).await.seq, Seq(3));
    let mark = |frame| match frame {
        ServerFrame::Signal { what: Signal::Read(mark), .. } => Some(mark.seq),
        _ => None,
    };
    assert_eq!(bob.waits_for(mark).await, Seq(3));

    // A read position only increases, unless the user marks messages as unread.
    assert_eq!(alice.put(&path, json!({"seq": 2})).await.is(200)["seq"], 3);
    assert_eq!(alice.put(&path, json!({"unread_from": 3})).await.is(200)["seq"], 2);
    assert_eq!(bob.waits_for(mark).await, Seq(2));
    assert_eq!(alice.get(&path).await.is(200)["unread"], 2);

    // A read position is hidden if its user does not share it, also without a connection to the room.
    alice.patch("/me", json!({"share_reads": false})).await.is(200);
    assert_eq!(bob.waits_for(mark).await, Seq(0));
    alice.put(&path, json!({"seq": 4})).await.is(200);
    alice.deletes(&format!("/rooms/{room}/members/me")).await.is(204);
    alice.joins("tea").await;
    alice.put(&path, json!({"seq": 5})).await.is(200);
    let asked = bob.posts("tea", "three").await;
    let seen = bob
        .waits_for(|frame| match frame {
            ServerFrame::Signal { what: Signal::Read(mark), .. } => Some(mark.seq.0),
            ServerFrame::Reply { id, .. } if id == asked => Some(-1),
            _ => None,
        })
        .await;
    assert!(seen <= 0, "seen reading up to {seen}");

    alice.put(&path, json!({})).await.refuses(422, "missing", "seq");
    alice.put(&path, json!({"seq": 1, "unread_from": 1})).await.refuses(422, "invalid", "unread_from");
    alice.put(&path, json!({"seq": -1})).await.refuses(422, "invalid", "seq");
    alice.put(&path, json!({"unread_from": 0})).await.refuses(422, "invalid", "unread_from");
}
