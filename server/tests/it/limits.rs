//! Rate limits, and the address and id of a request behind proxies.

use std::time::Duration;

use hubbub_protocol::{Code, Command, Retry, ServerFrame};
use reqwest::StatusCode;
use serde_json::json;

use super::support::driver::Talker;
use super::support::program::http;
use super::support::{Peer, Program, TEST_TIMEOUT};

/// Submits a form as a proxy forwards it for this address.
async fn enters(program: &Program, name: &str, from: &str) -> reqwest::Response {
    http()
        .post(program.url("/join_chat"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-forwarded-for", from)
        .body(format!("username={name}&room_id=general"))
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn refuses_a_flood_with_retry_after() {
    let program = Program::start_with(&["--limit-posting", "5/1", "--limit-typing", "2/1"]).await;
    let mut alice = program.guest("alice").await.connects().await;
    alice.joins("general", None).await;
    let mut asked = Vec::new();
    for number in 0..8 {
        asked.push(alice.posts("general", &format!("{number}")).await);
    }
    let (mut stored, mut refused) = (Vec::new(), Vec::new());
    while stored.len() + refused.len() < asked.len() {
        match alice.hears_next().await {
            ServerFrame::Reply { id, .. } => stored.push(id),
            ServerFrame::Refusal { id, refusal } => {
                assert_eq!((refusal.code, refusal.retry), (Code::TooFast, Retry::Later));
                assert!(refusal.retry_after_ms.is_some_and(|wait| wait >= 1_000), "{refusal:?}");
                refused.extend(id);
            }
            _ => {}
        }
    }
    assert_eq!((stored.as_slice(), refused.as_slice()), asked.split_at(5));
    // Reading is not limited, and typing notices have a quota of their own.
    let typing = || Command::Type { room: "general".to_owned(), on: true };
    alice.is_answered(typing()).await.unwrap();
    alice.is_answered(typing()).await.unwrap();
    assert_eq!(alice.is_answered(typing()).await.unwrap_err().code, Code::TooFast);
    alice.is_answered(Command::Rooms {}).await.unwrap();
    // Other users are not affected.
    let mut bob = program.guest("bob").await.connects().await;
    bob.joins("general", None).await;
    let asked = bob.posts("general", "hello").await;
    bob.is_told_where(asked).await;
}

#[tokio::test]
async fn limits_the_rate_of_names_on_legacy_wires() {
    let program = Program::start_with(&["--limit-marking", "2/1"]).await;
    let mut actions = Peer::opens(&program, "/").await;
    // Each join is refused, but its name would be stored.
    for (name, code) in [("ann", "invalid"), ("bob", "invalid"), ("eve", "too_fast"), ("ida", "too_fast")] {
        actions.asks(json!({"action": "join", "room": "no room", "user": name})).await;
        let refused = actions.hears_json().await;
        assert_eq!(refused["code"], code, "{refused}");
    }
    actions.asks(json!({"action": "join", "room": "general"})).await;
    assert_eq!(actions.hears_json().await["user"], "bob");
}

#[tokio::test]
async fn rate_limited_messages_are_kept_in_order() {
    let program = Program::start_with(&["--limit-posting", "4/240"]).await;
    let guest = program.guest("alice").await;
    let mut alice = Talker::new(guest.clone(), "general", 1);
    for number in 0..12 {
        alice.says(&format!("{number}"));
    }
    let end = std::time::Instant::now() + TEST_TIMEOUT * 3;
    while !alice.outbox_is_empty() && std::time::Instant::now() < end {
        alice.lives(Duration::from_millis(200)).await;
    }
    assert!(alice.outbox_is_empty(), "{} of 12 were acknowledged", alice.acknowledged.len());
    let page = http().get(program.url("/rooms/general")).send().await.unwrap().text().await.unwrap();
    let said: Vec<usize> = (0..12).map(|number| page.find(&format!(">{number}</p>")).unwrap()).collect();
    assert!(said.is_sorted(), "{said:?}");
}

#[tokio::test]
async fn refused_form_keeps_its_text_and_has_retry_after() {
    let program = Program::start_with(&["--limit-posting", "1/1"]).await;
    let guest = program.guest("alice").await;
    let post = async |text: &str| {
        let form = format!("text={text}");
        let request = http().post(program.url("/rooms/general/messages")).header("cookie", &guest.cookie);
        request.header("content-type", "application/x-www-form-urlencoded").body(form).send().await.unwrap()
    };
    assert_eq!(post("first").await.status(), StatusCode::SEE_OTHER);
    let refused = post("second").await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    let page = refused.text().await.unwrap();
    assert!(page.contains("second") && page.contains("rate limit exceeded"), "{page}");
}

#[tokio::test]
async fn new_guests_count_for_their_address() {
    let program = Program::start_with(&["--limit-entering", "10/1", "--trusted-proxy", "127.0.0.0/8"]).await;
    for number in 0..10 {
        // An address that the client writes into the header is before the one that the proxy adds.
        let from = format!("198.51.100.{number}, 203.0.113.7");
        assert_eq!(enters(&program, "visitor", &from).await.status(), StatusCode::SEE_OTHER, "{number}");
    }
    let refused = enters(&program, "visitor", "203.0.113.7").await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers().contains_key("retry-after"));
    assert_eq!(enters(&program, "visitor", "203.0.113.8").await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn ignores_forwarding_headers_of_untrusted_peers() {
    let program = Program::start_with(&["--limit-entering", "1/1"]).await;
    for number in 0..12 {
        let entered = enters(&program, "visitor", "203.0.113.7").await;
        assert_eq!(entered.status(), StatusCode::SEE_OTHER, "{number}: loopback has no bucket");
    }
}

#[tokio::test]
async fn every_request_has_an_id_and_a_log_line() {
    let program = Program::start_with(&["--log", "info"]).await;
    let request = http().get(program.url("/rooms/gen%0aeral?token=secret")).header("x-request-id", "mine");
    let answer = request.send().await.unwrap();
    let id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
    assert_eq!(id.len(), 16, "who is no proxy names nothing: {id}");
    let healthy = http().get(program.url("/healthz")).send().await.unwrap();
    assert_ne!(healthy.headers()["x-request-id"], id.as_str());
    let alice = program.guest("alice").await;
    let page = http().get(program.url("/rooms/garden")).header("cookie", &alice.cookie);
    let garden = page.send().await.unwrap().headers()["x-request-id"].to_str().unwrap().to_owned();
    let log = program.log().await;
    let line = log.lines().find(|line| line.contains(&id)).expect("a line with the id");
    assert!(
        line.contains("status=404") && line.contains("/rooms/{room}") && line.contains("127.0.0.1"),
        "{line}"
    );
    assert!(!log.contains("secret"), "{log}");
    let line = log.lines().find(|line| line.contains(&garden)).expect("a line of alice's");
    assert!(line.contains("user=1") && line.contains("status=200"), "{line}");
}

#[tokio::test]
async fn trusted_proxy_sets_the_request_id() {
    let program = Program::start_with(&["--trusted-proxy", "127.0.0.1"]).await;
    let asked = async |id: &str| {
        let answer = http().get(program.url("/healthz")).header("x-request-id", id).send().await.unwrap();
        answer.headers()["x-request-id"].to_str().unwrap().to_owned()
    };
    assert_eq!(asked("7c3f-01.a_B").await, "7c3f-01.a_B");
    for unsound in ["a b", "", "<script>", &"x".repeat(65)] {
        assert_eq!(asked(unsound).await.len(), 16, "{unsound}");
    }
}

#[tokio::test]
async fn limits_the_rate_of_password_attempts() {
    let program = Program::start_with(&["--limit-signing-in", "3/1"]).await;
    let form = |path: &str, body: &str| {
        let request =
            http().post(program.url(path)).header("content-type", "application/x-www-form-urlencoded");
        request.body(body.to_owned()).send()
    };
    let made = form("/register", "username=ivan&password=correct+horse+battery").await.unwrap();
    assert_eq!(made.status(), StatusCode::SEE_OTHER);
    let token = async |name: &str, password: &str| {
        let body = format!(r#"{{"username":"{name}","password":"{password}"}}"#);
        let request =
            http().post(program.url("/api/v1/auth/token")).header("content-type", "application/json");
        request.body(body).send().await.unwrap()
    };
    for guess in 0..3 {
        assert_ne!(token("ivan", "wrong guess 123").await.status(), StatusCode::TOO_MANY_REQUESTS, "{guess}");
    }
    // Even the right password is refused unread, over each address and for each spelling of the name.
    let refused = token("IVAN", "correct horse battery").await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers().contains_key("retry-after"));
    let page = form("/sign-in", "username=ivan&password=correct+horse+battery").await.unwrap();
    assert_eq!(page.status(), StatusCode::TOO_MANY_REQUESTS);
    // Other users are not affected.
    assert_ne!(token("anna", "wrong guess 123").await.status(), StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn limits_the_rate_of_joins() {
    let program = Program::start_with(&["--limit-joining", "5/1"]).await;
    let mut alice = program.guest("alice").await.connects().await;
    for number in 0..20 {
        let join = Command::Join { room: format!("room{number}"), cursor: None, resume: false };
        let answer = alice.is_answered(join).await;
        assert_eq!(answer.map_err(|refusal| refusal.code).err(), (number >= 5).then_some(Code::TooFast));
    }
}
