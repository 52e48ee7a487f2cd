//! Socket.IO with hand-written packets: Engine.IO packets are text with a digit before it.

mod files;
mod limits;
mod polling;
mod tokens;

use serde_json::{Value, json};

use crate::support::{Peer, Program};

const SOCKET: &str = "/socket.io/?EIO=4&transport=websocket";

/// A connection to the default namespace over a WebSocket.
pub(super) struct Io {
    peer: Peer,
}

impl Io {
    /// Connects, and returns the payload of `connected`.
    pub(super) async fn opens(program: &Program) -> (Self, Value) {
        Self::opens_with(program, json!({})).await
    }

    async fn opens_with(program: &Program, auth: Value) -> (Self, Value) {
        let mut io = Self::connects(program, auth).await;
        assert!(io.packet().await.starts_with("40{\"sid\":"));
        let (event, connected) = io.hears().await;
        assert_eq!(event, "connected");
        (io, connected)
    }

    /// Returns the packet with which a connection is rejected.
    pub(super) async fn is_refused(program: &Program) -> String {
        Self::connects(program, json!({})).await.packet().await
    }

    async fn connects(program: &Program, auth: Value) -> Self {
        let mut peer = Peer::opens(program, SOCKET).await;
        assert!(peer.hears().await.starts_with("0{"), "Engine.IO opens");
        peer.says(&format!("40{auth}")).await;
        Self { peer }
    }

    /// Returns the next packet that is not a ping.
    async fn packet(&mut self) -> String {
        loop {
            let packet = self.peer.hears().await;
            match packet.as_str() {
                "2" => self.peer.says("3").await,
                _ => return packet,
            }
        }
    }

    pub(super) async fn emits(&mut self, event: &str, payload: Value) {
        self.peer.says(&format!("42{}", json!([event, payload]))).await;
    }

    /// Returns the next event and its payload.
    pub(super) async fn hears(&mut self) -> (String, Value) {
        let packet = self.packet().await;
        let event = packet.strip_prefix("42").unwrap_or_else(|| panic!("not an event: {packet}"));
        let event: (String, Value) = serde_json::from_str(event).unwrap();
        event
    }

    /// Returns the acknowledgement of a request.
    async fn is_acknowledged(&mut self, of: u32) -> Value {
        let packet = self.packet().await;
        let payload = packet.strip_prefix(&format!("43{of}"));
        let payload = payload.unwrap_or_else(|| panic!("not an acknowledgement: {packet}"));
        let [payload]: [Value; 1] = serde_json::from_str(payload).unwrap();
        payload
    }

    /// Joins a room and returns the answer.
    pub(super) async fn joins(&mut self, room: &str, name: &str) -> Value {
        self.emits("join_room", json!({"room": room, "username": name})).await;
        let (event, joined) = self.hears().await;
        assert_eq!(event, "joined_room", "{joined}");
        joined
    }

    pub(super) async fn leaves(self) {
        self.peer.leaves().await;
    }
}

#[tokio::test]
async fn users_join_talk_and_leave() {
    let program = Program::start().await;
    let (mut ivan, connected) = Io::opens(&program).await;
    assert!(connected["sid"].is_string() && connected["username"].as_str().unwrap().starts_with("user_"));
    let joined = ivan.joins("general", "ivan").await;
    assert_eq!(
        joined,
        json!({"room": "general", "username": "ivan", "users": [{"username": "ivan", "online": true}], "history": []})
    );
    let (mut anna, _) = Io::opens(&program).await;
    anna.joins("general", "anna").await;
    let came = json!({"room": "general", "username": "anna"});
    assert_eq!(ivan.hears().await, ("user_joined_room".to_owned(), came.clone()));

    anna.emits("send_message", json!({"room": "general", "text": "Hi"})).await;
    let (event, sent) = anna.hears().await;
    assert_eq!((event.as_str(), &sent["room"]), ("message_sent", &json!("general")));
    let (event, own) = anna.hears().await;
    assert_eq!(event, "new_message");
    assert_eq!((&own["username"], &own["text"], &own["id"]), (&json!("anna"), &json!("Hi"), &sent["id"]));
    assert_eq!(own["timestamp"], sent["timestamp"]);
    assert_eq!(ivan.hears().await, (event, own));

    ivan.emits("get_room_users", json!({"room": "general"})).await;
    let (event, users) = ivan.hears().await;
    assert_eq!((event.as_str(), users["users"].as_array().map(Vec::len)), ("room_users", Some(2)), "{users}");
    anna.emits("leave_room", json!({"room": "general"})).await;
    assert_eq!(anna.hears().await, ("left_room".to_owned(), json!({"room": "general"})));
    assert_eq!(ivan.hears().await, ("user_left_room".to_owned(), came));

    // A user whose connection is lost also leaves.
    let (mut petr, _) = Io::opens(&program).await;
    petr.joins("general", "petr").await;
    assert_eq!(ivan.hears().await.0, "user_joined_room");
    petr.leaves().await;
    assert_eq!(ivan.hears().await.0, "user_left_room");
}

#[tokio::test]
async fn acknowledgement_contains_the_answer() {
    let program = Program::start().await;
    let (mut ivan, _) = Io::opens(&program).await;
    ivan.peer.says(r#"4217["join_room",{"room":"general","username":"ivan"}]"#).await;
    let (event, joined) = ivan.hears().await;
    assert_eq!(event, "joined_room");
    assert_eq!(ivan.is_acknowledged(17).await, joined);
    ivan.peer.says(r#"4218["send_message",{"room":"nowhere","text":"Hi"}]"#).await;
    let (event, refused) = ivan.hears().await;
    assert_eq!((event.as_str(), &refused["code"]), ("error", &json!("not_joined")));
    assert_eq!(ivan.is_acknowledged(18).await, refused);
}

#[tokio::test]
async fn refusal_names_the_field_and_keeps_the_connection() {
    let program = Program::start().await;
    let (mut ivan, _) = Io::opens(&program).await;
    ivan.joins("general", "ivan").await;
    let cases = [
        (r#"["dance",{}]"#, "unknown_command", Some("event")),
        (r#"["join_room"]"#, "not_understood", None),
        (r#"["join_room","general"]"#, "not_understood", None),
        (r#"["join_room",{}]"#, "missing", Some("room")),
        (r#"["join_room",{"room":7}]"#, "invalid", Some("room")),
        (r#"["join_room",{"room":"a","username":"system"}]"#, "invalid", Some("username")),
        (r#"["send_message",{"room":"general"}]"#, "missing", Some("text")),
        (r#"["send_message",{"room":"general","text":""}]"#, "empty", Some("text")),
        (r#"["get_room_users",{"room":"nowhere"}]"#, "not_joined", Some("room")),
        (r#"["send_file",{"room":"general","filename":"a.png"}]"#, "missing", Some("data")),
        (r#"["send_file",{"room":"general","data":"aGk="}]"#, "missing", Some("filename")),
        (r#"["send_file",{"room":"general","filename":"a.png","data":7}]"#, "invalid", Some("data")),
        (r#"["send_file",{"room":"general","filename":"a.png","data":"??"}]"#, "invalid", Some("data")),
        (r#"["send_file",{"room":"nowhere","filename":"a.png","data":"aGk="}]"#, "not_joined", Some("room")),
    ];
    for (packet, code, field) in cases {
        ivan.peer.says(&format!("42{packet}")).await;
        let (event, refused) = ivan.hears().await;
        assert_eq!((event.as_str(), refused["code"].as_str()), ("error", Some(code)), "{packet}: {refused}");
        assert_eq!(refused["field"].as_str(), field, "{packet}: {refused}");
    }
    // Two attachments, of which none is kept.
    let file = r#"452-["send_file",{"room":"general","filename":"a","data":{"_placeholder":true,"num":0}}]"#;
    ivan.peer.says(file).await;
    for _ in 0..2 {
        ivan.peer.sends(tokio_tungstenite::tungstenite::Message::binary(vec![1, 2, 3])).await;
    }
    assert_eq!(ivan.hears().await.1["field"], "data");
}

#[tokio::test]
async fn invalid_packet_is_refused_and_keeps_the_connection() {
    let program = Program::start().await;
    let (mut ivan, _) = Io::opens(&program).await;
    for packet in [
        "",
        "hello",
        "0{}",
        "9",
        "4",
        "42",
        "42[]",
        "42{}",
        "42[7]",
        "42[\"join_room\"",
        "4x",
        "45[\"a\"]",
        "451-[",
    ] {
        ivan.peer.says(packet).await;
        let (event, refused) = ivan.hears().await;
        assert_eq!((event.as_str(), &refused["code"]), ("error", &json!("not_understood")), "{packet:?}");
    }
    ivan.peer.sends(tokio_tungstenite::tungstenite::Message::binary(vec![1, 2, 3])).await;
    assert_eq!(ivan.hears().await.1["code"], "not_understood");
    // An event is dropped if its attachments do not follow immediately.
    ivan.peer.says(r#"452-["send_file",{"room":"general"}]"#).await;
    // Repeated connect packets and packets of other namespaces are ignored.
    for packet in ["40", "41/admin,", "42/admin,[\"a\"]", "431[1]", "2", "3", "6"] {
        ivan.peer.says(packet).await;
    }
    assert_eq!(ivan.joins("general", "ivan").await["username"], "ivan");
}

#[tokio::test]
async fn accepts_only_connect_before_the_namespace() {
    let program = Program::start().await;
    let mut peer = Peer::opens(&program, SOCKET).await;
    peer.hears().await;
    for packet in ["42[\"join_room\",{\"room\":\"a\"}]", "hello", "41"] {
        peer.says(packet).await;
        let refused = peer.hears().await;
        assert!(refused.starts_with("44{\"message\":"), "{packet}: {refused}");
    }
    peer.says("40/admin,").await;
    assert_eq!(peer.hears().await, r#"44/admin,{"message":"Invalid namespace"}"#);
    peer.says("40").await;
    assert!(peer.hears().await.starts_with("40{\"sid\":"));
}

#[tokio::test]
async fn disconnecting_the_namespace_ends_the_session() {
    let program = Program::start().await;
    let (mut ivan, _) = Io::opens(&program).await;
    ivan.peer.says("41").await;
    assert_eq!(ivan.peer.is_closed().await, Some(1000));
}

#[tokio::test]
async fn restart_closes_the_transport_and_sign_out_the_namespace() {
    let mut program = Program::start().await;
    let token = super::typed::token(&program, "ivan").await;
    let (mut ivan, _) = Io::opens_with(&program, json!({"token": token})).await;
    program.revokes(&token).await;
    assert_eq!(ivan.packet().await, "41", "clients do not come back after it");
    assert_eq!(ivan.peer.is_closed().await, Some(4003));
    let (mut anna, _) = Io::opens(&program).await;
    assert_eq!(program.stop("-TERM").await, Some(0));
    assert_eq!(anna.peer.is_closed().await, Some(1012), "and no packet before it");
}
