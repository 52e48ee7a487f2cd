//! Protocols and parts of HTTP that browsers do not use on a plain connection.

use super::support::Program;
use super::support::raw::Raw;

const FORM: &str = "username=ivan&room_id=general";

/// Returns the head of a form that waits for `100 Continue` before its body.
fn expecting(path: &str, host: &str, headers: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\n{headers}\r\n",
        FORM.len()
    )
}

/// The server speaks HTTP/2 neither to clients that know it already (RFC 9113, section 3.3) nor by an upgrade.
#[tokio::test]
async fn http2_without_tls_ends_only_its_connection() {
    let program = Program::start().await;
    let settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    let preface = [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".as_slice(), &settings].concat();
    for piece in [preface.len(), 1] {
        let mut raw = Raw::connect(&program.address).await;
        raw.sends_in_pieces(&preface, piece).await;
        // The HTTP library recognizes only a preface that it reads as a whole.
        let head = raw.head().await;
        assert!(head.is_empty() || (piece == 1 && head.starts_with("HTTP/1.1 400 ")), "{head}");
        assert!(raw.ends().await);
    }
    let upgrade = format!(
        "GET /healthz HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\
         HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
        program.address
    );
    let (status, answer) = Raw::answer(&program.address, &upgrade).await;
    assert_eq!(status, 200, "an upgrade that is not offered is ignored (RFC 9110, section 7.8): {answer}");
}

#[tokio::test]
async fn continue_is_sent_only_for_a_body_that_is_read() {
    let program = Program::start().await;
    let host = &program.address;
    let mut raw = Raw::connect(host).await;
    raw.sends(expecting("/join_chat", host, "").as_bytes()).await;
    assert_eq!(raw.head().await, "HTTP/1.1 100 Continue\r\n\r\n");
    raw.sends(FORM.as_bytes()).await;
    assert!(raw.head().await.starts_with("HTTP/1.1 303 "));

    // A request that is refused by its head is answered without its body, and the connection cannot be used further.
    let other = format!("Origin: http://{host}.evil\r\n");
    for (request, status) in [
        (expecting("/join_chat", "evil.example", ""), "421"),
        (expecting("/join_chat", host, &other), "403"),
        (expecting("/nothing", host, ""), "404"),
        (expecting("/healthz", host, ""), "405"),
        (expecting("/api/v1/rooms", host, ""), "401"),
    ] {
        let mut raw = Raw::connect(host).await;
        raw.sends(request.as_bytes()).await;
        let head = raw.head().await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{request}: {head}");
        assert!(raw.ends().await, "{request}");
    }
}

/// A peer that does not wait for `100 Continue`, or never sends the body, is treated like any other.
#[tokio::test]
async fn body_may_precede_continue() {
    let program = Program::start().await;
    let mut raw = Raw::connect(&program.address).await;
    raw.sends((expecting("/join_chat", &program.address, "") + FORM).as_bytes()).await;
    let head = raw.head().await;
    let head = if head.starts_with("HTTP/1.1 100 ") { raw.head().await } else { head };
    assert!(head.starts_with("HTTP/1.1 303 "), "{head}");
}
