//! Opening handshakes, on each address.

use crate::support::Program;
use crate::support::raw::{Raw, frame, handshake};

#[tokio::test]
async fn invalid_handshakes_get_an_http_error() {
    let program = Program::start().await;
    let host = program.address.clone();
    let good = handshake(&host, "");
    let cases = [
        (good.replace("HTTP/1.1", "HTTP/1.0"), "400"),
        (good.replace("GET ", "POST "), "405"),
        (good.replace("Upgrade: websocket\r\n", ""), "426"),
        (good.replace("Connection: Upgrade\r\n", ""), "426"),
        (good.replace("Version: 13", "Version: 8"), "426"),
        (good.replace("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ="), "400"),
        (good.replace("dGhlIHNhbXBsZSBub25jZQ==", "not base64 at all, no!=="), "400"),
        (handshake(&host, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"), "400"),
        (handshake(&host, "Origin: http://evil.example\r\n"), "403"),
        (handshake(&host, "Origin: null\r\n"), "403"),
        (handshake(&host, &format!("Origin: http://{host}\r\nOrigin: http://{host}\r\n")), "403"),
        (handshake(&host, &format!("Origin: http://{host}.evil\r\n")), "403"),
        (handshake(&host, &format!("X-Big: {}\r\n", "x".repeat(100_000))), "431"),
    ];
    for (request, status) in cases {
        let mut raw = Raw::connect(&program.address).await;
        raw.sends(request.as_bytes()).await;
        let head = raw.head().await;
        assert!(head.split(' ').nth(1) == Some(status), "wanted {status} for {request:.400}\ngot {head}");
    }
    let mut raw = Raw::connect(&program.address).await;
    raw.sends(handshake(&host, &format!("Origin: http://{host}\r\n")).as_bytes()).await;
    assert!(raw.head().await.starts_with("HTTP/1.1 101"), "its own origin is welcome");
}

#[tokio::test]
async fn every_wire_checks_origin_and_handshake() {
    let program = Program::start().await;
    let host = program.address.clone();
    let token = program.token("{}").await;
    for (path, bearer) in [
        ("/api/v1/socket", ""),
        ("/", ""),
        ("/chat/general", ""),
        ("/ws/chat/general/42", ""),
        ("/socket.io/?EIO=4&transport=websocket", ""),
        ("/ws", &format!("Authorization: Bearer {token}\r\n")),
    ] {
        let good = |more: &str| handshake(&host, &format!("{bearer}{more}")).replace("/api/v1/socket", path);
        let cases = [
            (good("").replace("HTTP/1.1", "HTTP/1.0"), "400"),
            (good("").replace("Version: 13", "Version: 12"), "426"),
            (good("").replace("Version: 13", "Version: 013"), "426"),
            (good("").replace("Sec-WebSocket-Version: 13\r\n", ""), "426"),
            (good("Sec-WebSocket-Version: 13\r\n"), "426"),
            (good("").replace("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", ""), "400"),
            (good("").replace("Version: 13", "Version: 8"), "426"),
            (good("").replace("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ="), "400"),
            (good("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"), "400"),
            (good("Content-Length: 1000000\r\n"), "400"),
            (good("Transfer-Encoding: chunked\r\n"), "400"),
            (good("Origin: http://evil.example\r\n"), "403"),
            (good("Origin: null\r\n"), "403"),
            (good(&format!("Origin: http://{host}.evil\r\n")), "403"),
            (good(&format!("Origin: http://{host}\r\nOrigin: http://{host}\r\n")), "403"),
            (good(&format!("Origin: http://{host}\r\n")), "101"),
            (good(""), "101"),
            (good("Content-Length: 0\r\n"), "101"),
        ];
        for (request, status) in cases {
            let mut raw = Raw::connect(&program.address).await;
            raw.sends(request.as_bytes()).await;
            let head = raw.head().await;
            assert!(head.split(' ').nth(1) == Some(status), "wanted {status} for {request}\ngot {head}");
            if request.contains("Version: 12") {
                assert!(head.to_lowercase().contains("\r\nsec-websocket-version: 13\r\n"), "{path}: {head}");
            }
        }
    }
}

#[tokio::test]
async fn invalid_token_opens_no_socket() {
    let program = Program::start().await;
    let token = program.token("{}").await;
    for path in ["/api/v1/socket", "/", "/chat/general", "/ws/chat/general/42", "/ws"] {
        let request = |query: &str, headers: &str| {
            handshake(&program.address, headers).replace("/api/v1/socket", &format!("{path}{query}"))
        };
        let bearer = format!("Authorization: Bearer {token}\r\n");
        for wrong in [
            request("", "Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.\r\n"),
            request("", "Authorization: Bearer\r\n"),
            request("", "Authorization: Token x\r\n"),
            request("", &bearer.repeat(2)),
            request(&format!("?token={token}"), &bearer),
            request(&format!("?token={token}&token={token}"), ""),
            request("?token=", ""),
            request("?token", ""),
            request("?token=x.y.z", ""),
        ] {
            let mut raw = Raw::connect(&program.address).await;
            raw.sends(wrong.as_bytes()).await;
            let head = raw.head().await;
            assert!(head.starts_with("HTTP/1.1 401 "), "{wrong}\ngot {head}");
        }
        let mut raw = Raw::connect(&program.address).await;
        raw.sends(request("", &bearer).as_bytes()).await;
        assert!(raw.head().await.starts_with("HTTP/1.1 101 "), "{path}");
    }
}

#[tokio::test]
async fn keeps_bytes_after_the_upgrade_request() {
    let program = Program::start().await;
    let mut raw = Raw::connect(&program.address).await;
    let mut bytes = handshake(&program.address, "").into_bytes();
    bytes.extend(frame(0x81, br#"{"id":9,"do":{"ping":{}}}"#));
    raw.sends(&bytes).await;
    assert!(raw.head().await.starts_with("HTTP/1.1 101"));
    raw.frame().await.expect("hello");
    assert_eq!(raw.frame().await.unwrap().1, br#"{"reply":{"id":9,"answer":{"pong":{}}}}"#);
}
