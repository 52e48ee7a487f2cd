//! The key by which limits count clients, mainly behind a proxy.

use reqwest::StatusCode;
use tokio::time::Instant;

use super::support::page::header;
use super::support::program::http;
use super::support::raw::{Raw, handshake};
use super::support::{Program, TEST_TIMEOUT};

/// Opens a socket through a proxy that adds these headers. Returns `None` if the server refuses it as full.
async fn opens(program: &Program, headers: &str) -> Option<Raw> {
    let mut raw = Raw::connect(&program.address).await;
    raw.sends(handshake(&program.address, &format!("{headers}\r\n")).as_bytes()).await;
    let head = raw.head().await;
    match head.split(' ').nth(1) {
        Some("101") => Some(raw),
        Some("503") => None,
        _ => panic!("{headers}: {head}"),
    }
}

/// Submits the form of a new guest through a proxy and returns the status.
async fn enters(program: &Program, header: &'static str, value: &str) -> StatusCode {
    let form = http().post(program.url("/join_chat")).header(header, value);
    let form = form.header("content-type", "application/x-www-form-urlencoded");
    form.body("username=visitor&room_id=general").send().await.unwrap().status()
}

#[tokio::test]
async fn connections_through_a_proxy_count_for_its_clients() {
    let flags = ["--trusted-proxy", "127.0.0.1", "--max-connections-per-address", "2"];
    let program = Program::start_with(&flags).await;
    for ways in [
        [
            "X-Forwarded-For: 203.0.113.7",
            "X-Forwarded-For: 203.0.113.7:51234",
            "X-Forwarded-For: ::ffff:203.0.113.7",
        ],
        [
            "X-Forwarded-For: 2001:db8::1",
            "X-Forwarded-For: \"[2001:db8::2]:51234\"",
            "X-Forwarded-For: [2001:db8:0:0:9::3]",
        ],
        [
            "Forwarded: for=198.51.100.9",
            "Forwarded: proto=https;For=\"198.51.100.9:80\"",
            "X-Forwarded-For: 198.51.100.9",
        ],
        [
            "Forwarded: for=\"[2001:db8:0:1::1]:4711\"",
            "Forwarded: for=192.0.2.1, for=\"[2001:db8:0:1::2]\"",
            "X-Forwarded-For: 2001:db8:0:1::3",
        ],
        // The proxy does not name the client, or names it in an invalid way.
        ["X-Forwarded-For: unknown", "Forwarded: for=_hidden", "X-Other: x"],
    ] {
        let first = opens(&program, ways[0]).await;
        let second = opens(&program, ways[1]).await;
        assert!(first.is_some() && second.is_some(), "{ways:?}");
        assert!(opens(&program, ways[2]).await.is_none(), "{ways:?}");
        let page = http().get(program.url("/")).header("x-forwarded-for", "192.0.2.250");
        assert_eq!(page.send().await.unwrap().status(), 200, "others are not hindered");
        drop(first);
        let deadline = Instant::now() + TEST_TIMEOUT;
        while opens(&program, ways[2]).await.is_none() {
            assert!(Instant::now() < deadline, "the place is never free again: {ways:?}");
        }
    }
}

#[tokio::test]
async fn answered_request_releases_its_permit() {
    let flags = ["--trusted-proxy", "127.0.0.1", "--max-connections-per-address", "1"];
    let program = Program::start_with(&flags).await;
    let browser = http();
    for _ in 0..20 {
        let page = browser.get(program.url("/rooms/general")).header("x-forwarded-for", "203.0.113.7");
        let page = page.send().await.unwrap();
        assert_eq!(page.status(), 200);
        assert!(page.text().await.unwrap().contains("</html>"));
    }
}

#[tokio::test]
async fn all_spellings_of_a_client_address_share_a_limit() {
    let flags = ["--trusted-proxy", "127.0.0.1", "--limit-entering", "3/1"];
    let program = Program::start_with(&flags).await;
    for (header, ways) in [
        (
            "x-forwarded-for",
            ["203.0.113.7:1", "203.0.113.7:2", "\"203.0.113.7\"", "198.51.100.1, 203.0.113.7:3"],
        ),
        ("x-forwarded-for", ["2001:db8::1", "[2001:db8::2]", "[2001:db8::3]:4", "2001:db8::5"]),
        ("x-forwarded-for", ["127.0.0.1", "::ffff:127.0.0.1", "127.0.0.1:80", "127.0.0.1"]),
        (
            "forwarded",
            ["for=192.0.2.43", "For=\"192.0.2.43:47011\";by=x", "for=x, for=192.0.2.43", "for=192.0.2.43"],
        ),
        ("x-forwarded-for", ["unknown", "", "not-an-address", "203.0.113.999"]),
    ] {
        for way in &ways[..3] {
            assert_eq!(enters(&program, header, way).await, StatusCode::SEE_OTHER, "{header}: {way}");
        }
        assert_eq!(enters(&program, header, ways[3]).await, StatusCode::TOO_MANY_REQUESTS, "{ways:?}");
    }
    let log = program.log().await;
    assert_eq!(log.matches("does not name its client").count(), 1, "{log}");
}

#[tokio::test]
async fn refusal_of_a_client_behind_a_proxy_has_security_headers() {
    let flags = ["--trusted-proxy", "127.0.0.1", "--max-connections-per-address", "1"];
    let program = Program::start_with(&flags).await;
    let _socket = opens(&program, "X-Forwarded-For: 203.0.113.7").await.unwrap();
    let asked = http().get(program.url("/")).header("x-forwarded-for", "203.0.113.7");
    let refused = asked.send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(header(&refused, "x-content-type-options"), "nosniff");
    assert!(header(&refused, "content-security-policy").starts_with("default-src 'none'"));
    assert!(!header(&refused, "x-request-id").is_empty());
}
