//! All wires in one room.

use hubbub_protocol::{Code, Command, Event, Field, Message, ServerFrame};
use serde_json::{Value, json};

use super::socketio::Io;
use super::typed;
use crate::support::{Peer, Program, Socket};

/// Reads until a frame satisfies `wanted`.
async fn until(peer: &mut Peer, wanted: impl Fn(&Value) -> bool) -> Value {
    loop {
        let heard = peer.hears_json().await;
        if wanted(&heard) {
            return heard;
        }
    }
}

async fn until_line(peer: &mut Peer, wanted: &str) {
    while peer.hears().await != wanted {}
}

async fn until_event(io: &mut Io, wanted: &str, part: impl Fn(&Value) -> bool) -> Value {
    loop {
        let (event, payload) = io.hears().await;
        if event == wanted && part(&payload) {
            return payload;
        }
    }
}

async fn until_posted(socket: &mut Socket, text: &str) -> Message {
    socket
        .waits_for(|frame| match frame {
            ServerFrame::Event { what: Event::Posted(message), .. }
                if message.text.as_ref().is_some_and(|said| said.as_str() == text) =>
            {
                Some(message)
            }
            _ => None,
        })
        .await
}

async fn until_joined(socket: &mut Socket, name: &str) {
    let joined = |frame| match frame {
        ServerFrame::Event { what: Event::Joined(joined), .. } => {
            (joined.user.name.as_str() == name).then_some(())
        }
        _ => None,
    };
    socket.waits_for(joined).await;
}

/// One user on each wire, all in the same room.
struct Room {
    native: Socket,
    actions: Peer,
    plain: Peer,
    form: Peer,
    io: Io,
    typed: Peer,
    chat: i64,
}

impl Room {
    async fn filled(program: &Program) -> Self {
        let (chat, mut native) = typed::room(program, "general").await;
        let mut actions = Peer::opens(program, "/").await;
        actions.asks(json!({"action": "join", "room": "general", "user": "ann-actions"})).await;
        let mut plain = Peer::opens(program, "/chat/general").await;
        plain.hears().await;
        let form = Peer::opens(program, "/ws/chat/general/f1?username=ann-form").await;
        until_joined(&mut native, "ann-form").await;
        let (mut io, _) = Io::opens(program).await;
        io.joins("general", "ann-io").await;
        let (typed, _, _) = typed::joins(program, chat, "ann-typed").await;
        Self { native, actions, plain, form, io, typed, chat }
    }

    /// Waits until every user has received the message of `name`.
    async fn all_see(&mut self, name: &str, text: &str) -> Message {
        let is_it = |user: &'static str, said: &'static str| {
            move |heard: &Value, name: &str, text: &str| heard[user] == name && heard[said] == text
        };
        until(&mut self.actions, |heard| is_it("user", "text")(heard, name, text)).await;
        until_line(&mut self.plain, &format!("{name} :: {text}")).await;
        until(&mut self.form, |heard| is_it("username", "text")(heard, name, text)).await;
        until_event(&mut self.io, "new_message", |heard| is_it("username", "text")(heard, name, text)).await;
        until(&mut self.typed, |heard| is_it("sender_name", "content")(&heard["message"], name, text)).await;
        until_posted(&mut self.native, text).await
    }
}

#[tokio::test]
async fn messages_reach_all_wires() {
    let program = Program::start().await;
    let mut room = Box::pin(Room::filled(&program)).await;
    room.actions.asks(json!({"action": "message", "room": "general", "text": "by actions"})).await;
    room.all_see("ann-actions", "by actions").await;
    room.form.says("by form").await;
    room.all_see("ann-form", "by form").await;
    room.io.emits("send_message", json!({"room": "general", "text": "by events"})).await;
    room.all_see("ann-io", "by events").await;
    room.typed.asks(json!({"type": "send_message", "chat_id": room.chat, "content": "by types"})).await;
    room.all_see("ann-typed", "by types").await;
    room.plain.says("by hand").await;
    let by_hand = until_posted(&mut room.native, "by hand").await;
    room.all_see_but_native(by_hand.author.name.as_str(), "by hand").await;

    room.native.posts("general", "natively").await;
    let posted = until_posted(&mut room.native, "natively").await;
    room.all_see_but_native(posted.author.name.as_str(), "natively").await;
    let text = "natively!".to_owned();
    let edit =
        Command::Edit { room: "general".to_owned(), message_id: posted.id, text, remove_files: Vec::new() };
    room.native.is_answered(edit).await.unwrap();
    let delete = Command::Delete { room: "general".to_owned(), message_id: posted.id };
    room.native.is_answered(delete).await.unwrap();

    let name = posted.author.name.as_str();
    let edited = until(&mut room.actions, |heard| heard["action"] == "edited").await;
    assert_eq!((&edited["text"], &edited["user"]), (&json!("natively!"), &json!(name)), "{edited}");
    assert_eq!((&edited["seq"], &edited["id"]), (&json!(posted.seq.0), &json!(posted.id.0)));
    assert!(edited["edited_at"].is_string() && edited["timestamp"].is_string());
    let deleted = until(&mut room.actions, |heard| heard["action"] == "deleted").await;
    assert_eq!((&deleted["id"], &deleted["room"]), (&json!(posted.id.0), &json!("general")));
    until_line(&mut room.plain, &format!("{name} :: natively! (edited)")).await;
    until_line(&mut room.plain, &format!("system :: a message by {name} was deleted")).await;
    let updated = until(&mut room.typed, |heard| heard["type"] == "message_updated").await;
    assert_eq!((&updated["content"], &updated["message_id"]), (&json!("natively!"), &json!(posted.id.0)));
    until(&mut room.typed, |heard| heard["type"] == "message_deleted").await;

    // A leave is sent once on all wires.
    let Room { io, mut actions, mut plain, mut form, mut typed, .. } = room;
    io.leaves().await;
    until(&mut actions, |heard| heard["action"] == "user_left" && heard["user"] == "ann-io").await;
    until_line(&mut plain, "system :: ann-io left").await;
    until(&mut form, |heard| heard["text"] == "ann-io left the chat").await;
    until(&mut typed, |heard| heard["type"] == "user_offline").await;
    actions.asks(json!({"action": "users", "room": "general"})).await;
    let users = until(&mut actions, |heard| heard["action"] != "user_joined").await;
    assert_eq!(users["action"], "users", "nobody is told twice: {users}");
    assert!(!users["users"].as_array().unwrap().contains(&json!("ann-io")), "{users}");
}

impl Room {
    async fn all_see_but_native(&mut self, name: &str, text: &str) {
        until(&mut self.actions, |heard| heard["user"] == name && heard["text"] == text).await;
        until_line(&mut self.plain, &format!("{name} :: {text}")).await;
        until(&mut self.form, |heard| heard["username"] == name && heard["text"] == text).await;
        until_event(&mut self.io, "new_message", |heard| heard["username"] == name && heard["text"] == text)
            .await;
        until(&mut self.typed, |heard| {
            heard["message"]["sender_name"] == name && heard["message"]["content"] == text
        })
        .await;
    }
}

#[tokio::test]
async fn two_connections_of_one_user_count_once() {
    let program = Program::start().await;
    let token = typed::token(&program, "ivan").await;
    let mut watcher = Peer::opens(&program, "/chat/general").await;
    watcher.hears().await;
    let mut first = Peer::opens(&program, &format!("/?token={token}")).await;
    first.asks(json!({"action": "join", "room": "general", "user": "ignored"})).await;
    assert_eq!(first.hears_json().await["user"], "ivan", "who has a name keeps it");
    assert_eq!(watcher.hears().await, "system :: ivan joined");
    let second = Peer::opens(&program, &format!("/chat/general?token={token}")).await;
    let mut third = Peer::opens(&program, &format!("/?token={token}")).await;
    third.asks(json!({"action": "join", "room": "general"})).await;
    let joined = third.hears_json().await;
    assert_eq!(joined["users"].as_array().map(Vec::len), Some(2), "{joined}");
    second.leaves().await;
    first.leaves().await;
    third.asks(json!({"action": "message", "room": "general", "text": "Still here"})).await;
    assert_eq!(watcher.hears().await, "ivan :: Still here", "nobody came or went");
    // Leaving applies to all devices, and ends the membership.
    third.asks(json!({"action": "leave", "room": "general"})).await;
    assert_eq!(watcher.hears().await, "system :: ivan left");
}

#[tokio::test]
async fn messages_survive_a_restart() {
    let mut program = Program::start().await;
    let mut ivan = Peer::opens(&program, "/").await;
    ivan.asks(json!({"action": "join", "room": "general", "user": "ivan"})).await;
    ivan.hears_json().await;
    ivan.asks(json!({"action": "message", "room": "general", "text": "before"})).await;
    assert_eq!(ivan.hears_json().await["text"], "before");
    program.kill().await;
    program.restart().await;
    let mut anna = Peer::opens(&program, "/").await;
    anna.asks(json!({"action": "join", "room": "general", "user": "ivan"})).await;
    let joined = anna.hears_json().await;
    assert_eq!(joined["users"], json!(["ivan"]), "the other one is gone: {joined}");
    assert_eq!(joined["history"][0]["text"], "before");
    let (mut io, _) = Io::opens(&program).await;
    assert_eq!(io.joins("general", "petr").await["history"][0]["text"], "before");
}

#[tokio::test]
async fn no_anonymous_access_without_guests() {
    let program = Program::start_with(&["--guests", "off"]).await;
    for path in ["/api/v1/socket", "/", "/chat/general", "/ws/chat/general/u1", "/ws"] {
        let (status, body) = Peer::is_refused(&program, path, &[]).await;
        assert_eq!((status, body["code"].as_str()), (401, Some("sign_in_required")), "{path}: {body}");
    }
    assert!(Io::is_refused(&program).await.contains("sign in"));
}

#[tokio::test]
async fn closing_without_leaving_is_announced_once() {
    let program = Program::start().await;
    let mut watcher = Peer::opens(&program, "/chat/general").await;
    watcher.hears().await;
    for path in ["/chat/general", "/ws/chat/general/u1?username=ivan"] {
        let peer = Peer::opens(&program, path).await;
        let came = watcher.hears().await;
        drop(peer);
        let went = watcher.hears().await;
        assert_eq!(came.replace("joined", "left"), went, "{path}");
    }
    watcher.says("and nothing else").await;
    assert!(watcher.hears().await.ends_with(":: and nothing else"));
}

#[tokio::test]
async fn invisible_text_is_refused_on_all_wires() {
    let program = Program::start().await;
    let mut room = Box::pin(Room::filled(&program)).await;
    for blank in ["\u{200B}", "\u{2800}\u{3164}", "\u{AD} \u{2063}", "\u{E0041}\u{FE0F}"] {
        room.actions.asks(json!({"action": "message", "room": "general", "text": blank})).await;
        room.form.says(blank).await;
        room.io.emits("send_message", json!({"room": "general", "text": blank})).await;
        room.typed.asks(json!({"type": "send_message", "chat_id": room.chat, "content": blank})).await;
        room.plain.says(blank).await;
        let asked = room.native.posts("general", blank).await;
        let refusal = room
            .native
            .waits_for(|frame| match frame {
                ServerFrame::Refusal { id, refusal } if id == Some(asked) => Some(refusal),
                _ => None,
            })
            .await;
        assert_eq!((refusal.code, refusal.field), (Code::Empty, Some(Field::Text)));
    }
    // Each wire answers in order, so the first message in the room was sent last.
    room.actions.asks(json!({"action": "message", "room": "general", "text": "by actions"})).await;
    room.form.says("by form").await;
    room.io.emits("send_message", json!({"room": "general", "text": "by events"})).await;
    room.typed.asks(json!({"type": "send_message", "chat_id": room.chat, "content": "by types"})).await;
    room.plain.says("by hand").await;
    room.native.posts("general", "natively").await;
    let mut seen = Vec::new();
    for _ in 0..6 {
        seen.push(room.native.sees().await.text.unwrap().to_string());
    }
    seen.sort();
    assert_eq!(seen, ["by actions", "by events", "by form", "by hand", "by types", "natively"]);
}
