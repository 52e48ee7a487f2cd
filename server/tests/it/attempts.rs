//! The limit on sign-in attempts, and the browsers that it does not lock out.

use reqwest::{Response, StatusCode};
use serde_json::json;

use super::support::{Api, Program};

const PASSWORD: &str = "violets are blue";

impl Program {
    async fn tries(&self, name: &str, password: &str, cookies: &str) -> Response {
        let cookies = (!cookies.is_empty()).then_some(cookies);
        self.is_sent("/sign-in", &[("username", name), ("password", password)], cookies).await
    }
}

/// Returns all cookies that a response sets, as a browser sends them.
fn cookies(response: &Response) -> String {
    let lines = response.headers().get_all("set-cookie").iter();
    let pairs: Vec<&str> = lines.map(|line| line.to_str().unwrap().split(';').next().unwrap()).collect();
    pairs.join("; ")
}

#[tokio::test]
async fn attempts_count_for_all_spellings_of_an_account() {
    let program = Program::start_with(&["--limit-signing-in", "5/1"]).await;
    program.account("alice").await;
    for name in [" alice", "ALICE", "alice\u{3000}", "ａｌｉｃｅ"] {
        assert_eq!(program.tries(name, "roses are red", "").await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    let nobody = Api::nobody(&program).await;
    let by_token = nobody.post("/api/v1/auth/token", json!({"username": "Alice", "password": "wrong"})).await;
    assert_eq!(by_token.status, StatusCode::UNAUTHORIZED);
    for name in ["alice", "alicE", "\u{A0}alice"] {
        assert_eq!(
            program.tries(name, PASSWORD, "").await.status(),
            StatusCode::TOO_MANY_REQUESTS,
            "{name:?}"
        );
    }
    // Texts that are not valid names are counted together.
    for number in 0..5 {
        let name = format!("{number} :: {number}");
        assert_eq!(program.tries(&name, "x", "").await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(program.tries("6 :: 6", "x", "").await.status(), StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn guessing_does_not_lock_out_a_known_device() {
    let program = Program::start_with(&["--limit-signing-in", "3/1"]).await;
    let registered =
        program.is_sent("/register", &[("username", "alice"), ("password", PASSWORD)], None).await;
    let browser = cookies(&registered);
    // After signing out, the browser is still a known device.
    let left = program.is_sent("/sign-out", &[], Some(&browser)).await;
    assert_eq!(left.status(), StatusCode::SEE_OTHER);
    let device = browser.split("; ").nth(1).unwrap();
    for _ in 0..4 {
        program.tries("alice", "roses are red", "").await;
    }
    assert_eq!(program.tries("alice", PASSWORD, "").await.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(program.tries("alice", PASSWORD, device).await.status(), StatusCode::SEE_OTHER);
    // The known device has as many attempts as other browsers, and none for other accounts.
    for _ in 0..2 {
        program.tries("alice", "roses are red", device).await;
    }
    assert_eq!(program.tries("alice", PASSWORD, device).await.status(), StatusCode::TOO_MANY_REQUESTS);
    program.account("bob").await;
    for _ in 0..3 {
        program.tries("bob", "roses are red", "").await;
    }
    assert_eq!(program.tries("bob", PASSWORD, device).await.status(), StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn password_is_equal_on_all_keyboards() {
    let program = Program::start().await;
    let registered =
        program.is_sent("/register", &[("username", "zoe"), ("password", "cafe\u{301} au lait")], None).await;
    assert_eq!(registered.status(), StatusCode::SEE_OTHER);
    for password in ["café au lait", "cafe\u{301} au lait", "café\u{A0}au\u{3000}lait"] {
        assert_eq!(program.tries("zoe", password, "").await.status(), StatusCode::SEE_OTHER);
    }
    assert_eq!(program.tries("zoe", "cafe au lait", "").await.status(), StatusCode::UNPROCESSABLE_ENTITY);
}
