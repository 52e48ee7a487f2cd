//! Limits per browser and per account.

use reqwest::StatusCode;

use super::support::program::http;
use super::support::{Guest, Program};

const PASSWORD: &str = "violets are blue";
/// Maximum number of guests of one session cookie.
const MAX_GUESTS: usize = 20;
/// Maximum number of sessions of one account.
const MAX_SESSIONS: usize = 100;

/// Returns the status of a page for a browser with this cookie.
async fn status(program: &Program, path: &str, guest: &Guest) -> StatusCode {
    http().get(program.url(path)).header("cookie", &guest.cookie).send().await.unwrap().status()
}

#[tokio::test]
async fn browser_has_at_most_twenty_guests() {
    let program = Program::start().await;
    let first = program.guest("guest1").await;
    let enters = async |name: &str| {
        let form = [("username", name), ("room_id", "general")];
        program.is_sent("/join_chat", &form, Some(&first.cookie)).await
    };
    for number in 2..=MAX_GUESTS {
        assert_eq!(enters(&format!("guest{number}")).await.status(), StatusCode::SEE_OTHER, "{number}");
    }
    let refused = enters("one more").await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text().await.unwrap();
    assert!(page.contains("This browser has already used 20 names"), "{page}");
    assert_eq!(enters("guest7").await.status(), StatusCode::SEE_OTHER, "a name of its own is none more");
    assert_eq!(program.guest("one more").await.address, program.address, "another browser is not hindered");
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn repeated_sign_ins_keep_a_hundred_sessions() {
    const SIGN_INS: usize = 200;
    /// Hashing keeps two buffers of 19 MiB; the allocator keeps the rest.
    const KEPT_BYTES: u64 = 64 * 1024 * 1024;
    let program = Program::start_with(&["--limit-signing-in", "off"]).await;
    let first = program.account("alice").await;
    let before = program.allocated_bytes();
    let mut browsers = vec![first];
    for _ in 0..SIGN_INS {
        let form = [("username", "alice"), ("password", PASSWORD)];
        let answer = program.is_sent("/sign-in", &form, None).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        browsers.push(Guest { cookie, address: program.address.clone() });
    }
    let after = program.allocated_bytes();
    assert!(after < before + KEPT_BYTES, "{before} bytes before, {after} after {SIGN_INS} sign-ins");
    // The oldest sessions have ended, and the newest hundred are valid.
    let mut alive = 0;
    for (number, browser) in browsers.iter().enumerate() {
        let lives = status(&program, "/account", browser).await == StatusCode::OK;
        assert_eq!(lives, number > SIGN_INS - MAX_SESSIONS, "session {number}");
        alive += usize::from(lives);
    }
    assert_eq!(alive, MAX_SESSIONS);
}
