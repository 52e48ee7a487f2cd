//! Signed tokens: issue, use and expiry.

use reqwest::StatusCode;
use serde_json::Value;

use crate::support::program::http;
use crate::support::{Program, Socket};
use hubbub_protocol::CloseReason;

impl Program {
    /// Requests a token with this body.
    pub(crate) async fn asks_for_token(&self, body: &str) -> reqwest::Response {
        let asked = http().post(self.url("/api/v1/auth/token")).header("content-type", "application/json");
        asked.body(body.to_owned()).send().await.unwrap()
    }

    /// Requests a token with this body and returns it.
    pub(crate) async fn token(&self, body: &str) -> String {
        let answer = self.asks_for_token(body).await;
        assert_eq!(answer.status(), StatusCode::OK, "{body}");
        json(answer).await["token"].as_str().unwrap().to_owned()
    }

    /// Opens the native wire with a token.
    pub(crate) async fn opens_with(&self, token: &str) -> Result<Socket, u16> {
        let bearer = format!("Bearer {token}");
        Socket::try_open(&self.address, None, &[("authorization", &bearer)]).await.map_err(status)
    }

    pub(crate) async fn revokes(&self, token: &str) -> StatusCode {
        let asked = http().post(self.url("/api/v1/auth/revoke"));
        asked.header("authorization", format!("Bearer {token}")).send().await.unwrap().status()
    }
}

fn status(error: tokio_tungstenite::tungstenite::Error) -> u16 {
    match error {
        tokio_tungstenite::tungstenite::Error::Http(answer) => answer.status().as_u16(),
        other => panic!("{other}"),
    }
}

pub(crate) async fn json(answer: reqwest::Response) -> Value {
    serde_json::from_str(&answer.text().await.unwrap()).unwrap()
}

#[tokio::test]
async fn guest_token_opens_the_native_wire() {
    let program = Program::start().await;
    let answer = program.asks_for_token(r#"{"username":"robot"}"#).await;
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let answer = json(answer).await;
    assert_eq!(answer["token_type"], "Bearer");
    assert_eq!(answer["user"]["name"], "robot");
    assert!(answer["expires_at"].as_str().unwrap().ends_with('Z'), "{answer}");

    let mut socket = program.opens_with(answer["token"].as_str().unwrap()).await.unwrap();
    assert_eq!(socket.hello().await.user.name.as_str(), "robot");
    let nameless = json(program.asks_for_token("{}").await).await;
    assert!(nameless["user"]["name"].as_str().unwrap().starts_with("user_"), "{nameless}");
}

#[tokio::test]
async fn foreign_token_is_refused() {
    let program = Program::start().await;
    let token = program.token("{}").await;
    let [header, claims, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!("{token}") };
    // The decoded headers are `{"alg":"none"}` and `{"typ":"JWT","alg":"HS512"}`.
    let none = "eyJhbGciOiJub25lIn0";
    let other = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzUxMiJ9";
    for wrong in [
        format!("{none}.{claims}."),
        format!("{none}.{claims}.{signature}"),
        format!("{other}.{claims}.{signature}"),
        format!("{header}.{claims}.{}", signature.replace(&signature[..4], "AAAA")),
        format!("{header}.{claims}"),
        "nonsense".to_owned(),
        String::new(),
    ] {
        assert_eq!(program.opens_with(&wrong).await.err(), Some(401), "{wrong}");
        let asked = http().get(program.url(&format!("/rooms/general?token={wrong}"))).send().await.unwrap();
        assert_eq!(asked.status(), StatusCode::UNAUTHORIZED, "{wrong}");
    }
    // A token of another server has the same ids, but another signature.
    let elsewhere = Program::start().await.token("{}").await;
    assert_eq!(program.opens_with(&elsewhere).await.err(), Some(401));
}

#[tokio::test]
async fn revoked_token_is_refused_and_its_sockets_close() {
    let program = Program::start().await;
    let token = program.token("{}").await;
    let mut socket = program.opens_with(&token).await.unwrap();
    socket.hello().await;
    assert_eq!(program.revokes(&token).await, StatusCode::NO_CONTENT);
    let since = std::time::Instant::now();
    assert_eq!(socket.is_closed().await, Some(CloseReason::SignedOut));
    assert!(since.elapsed().as_millis() < 1_000, "{:?}", since.elapsed());
    assert_eq!(program.opens_with(&token).await.err(), Some(401));
    assert_eq!(program.revokes(&token).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn tokens_survive_a_restart() {
    let mut program = Program::start().await;
    let token = program.token("{}").await;
    program.kill().await;
    program.restart().await;
    program.opens_with(&token).await.unwrap();
}

#[tokio::test]
async fn no_guest_tokens_and_sockets_if_guests_are_disabled() {
    let program = Program::start_with(&["--guests", "off"]).await;
    let refused = program.asks_for_token("{}").await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(refused.headers()["content-type"], "application/problem+json");
    assert_eq!(json(refused).await["code"], "sign_in_required");
    let refused = Socket::try_open(&program.address, None, &[]).await;
    assert_eq!(refused.err().map(status), Some(401));
    let room = http().get(program.url("/rooms/general")).send().await.unwrap();
    assert_eq!(room.headers()["location"], "/sign-in?room=general");
}
