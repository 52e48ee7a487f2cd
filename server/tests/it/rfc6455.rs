//! Whoever breaks RFC 6455 is closed with the right code; nobody else notices.

use super::support::raw::{Raw, frame, handshake};
use super::support::{PATIENCE, Program};

const FIN_TEXT: u8 = 0x81;

/// The close code for these bytes, sent after the hello. The server must go on serving others.
async fn closed_with(program: &Program, bytes: &[u8]) -> Option<u16> {
    let mut raw = Raw::open(&program.address).await;
    raw.sends(bytes).await;
    let code = raw.close_code().await;
    drop(Raw::open(&program.address).await);
    code
}

#[tokio::test]
async fn frames_that_break_the_rules_are_closed_with_their_code() {
    let program = Program::start().await;
    let mut unmasked = frame(FIN_TEXT, b"{}");
    unmasked[1] &= 0x7f;
    let huge_header = [FIN_TEXT, 0xff, 0, 0, 0, 0, 1, 0, 0, 0, 1, 2, 3, 4];
    let endless_header = [FIN_TEXT, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4];
    let many_fragments = [frame(0x01, &[b' '; 40_000]), frame(0x80, &[b' '; 40_000])].concat();
    let split_bad_utf8 = [frame(0x01, b"\xe2\x82"), frame(0x80, b"\x28")].concat();
    let cases: [(&str, &[u8], u16); 16] = [
        ("an unmasked frame", &unmasked, 1002),
        ("reserved bits", &frame(0xc1, b"{}"), 1002),
        ("a reserved opcode", &frame(0x83, b""), 1002),
        ("a reserved control opcode", &frame(0x8b, b""), 1002),
        ("a fragmented ping", &frame(0x09, b""), 1002),
        ("a ping of 126 bytes", &frame(0x89, &[0; 126]), 1002),
        ("an orphaned continuation", &frame(0x80, b"x"), 1002),
        ("a new message inside another", &[frame(0x01, b"x"), frame(FIN_TEXT, b"y")].concat(), 1002),
        ("a header that says 16 MiB", &huge_header, 1009),
        ("a header that says 2^63 bytes", &endless_header, 1009),
        ("a frame over the limit", &frame(FIN_TEXT, &[b' '; 65_537]), 1009),
        ("fragments over the limit", &many_fragments, 1009),
        ("text that is not UTF-8", &frame(FIN_TEXT, b"\xff\xfe"), 1007),
        ("bad UTF-8 over two fragments", &split_bad_utf8, 1007),
        ("a binary frame", &frame(0x82, b"{}"), 1003),
        ("a close frame of one byte", &frame(0x88, b"\x03"), 1002),
    ];
    for (what, bytes, code) in cases {
        assert_eq!(closed_with(&program, bytes).await, Some(code), "{what}");
    }
}

#[tokio::test]
async fn close_codes_that_must_not_be_sent_are_a_breach_and_others_are_answered() {
    let program = Program::start().await;
    for code in [0_u16, 999, 1004, 1005, 1006, 1015, 1016, 2999] {
        let answer = closed_with(&program, &frame(0x88, &code.to_be_bytes())).await;
        assert_eq!(answer, Some(1002), "{code}");
    }
    for code in [1000_u16, 1001, 3000, 4999] {
        let answer = closed_with(&program, &frame(0x88, &code.to_be_bytes())).await;
        assert!(answer.is_some_and(|answer| answer == code || answer == 1000), "{code}: {answer:?}");
    }
}

#[tokio::test]
async fn what_is_odd_but_allowed_is_understood() {
    let program = Program::start().await;
    let mut raw = Raw::open(&program.address).await;
    let ping = br#"{"id":1,"do":{"ping":{}}}"#;
    // In fragments with a ping between them, one byte at a time.
    let (first, rest) = ping.split_at(5);
    let bytes =
        [frame(0x01, first), frame(0x89, b"are you there"), frame(0x00, b""), frame(0x80, rest)].concat();
    for byte in bytes {
        raw.sends(&[byte]).await;
    }
    assert_eq!(raw.frame().await, Some((10, b"are you there".to_vec())), "a pong");
    let (_, answer) = raw.frame().await.unwrap();
    assert_eq!(answer, br#"{"reply":{"id":1,"answer":{"pong":{}}}}"#);

    // 10,000 messages in one segment are 10,000 answers.
    raw.sends(&frame(FIN_TEXT, ping).repeat(10_000)).await;
    for _ in 0..10_000 {
        assert_eq!(raw.frame().await.unwrap().1, answer);
    }
}

#[tokio::test]
async fn handshakes_that_break_the_rules_get_an_http_error() {
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
async fn the_server_ends_the_stream_as_soon_as_both_have_said_goodbye() {
    let program = Program::start().await;
    // One after the other, so that a wait of 2 s for each, as a silent peer gets, could not be overlooked.
    let ended = async {
        for _ in 0..20 {
            let mut raw = Raw::open(&program.address).await;
            // The peer keeps its own end open, as clients do that wait for the server.
            raw.sends(&frame(0x88, &1000_u16.to_be_bytes())).await;
            assert_eq!(raw.close_code().await, Some(1000));
            assert!(raw.is_at_its_end().await);
        }
    };
    tokio::time::timeout(PATIENCE, ended).await.expect("nobody waits for the other");
}

#[tokio::test]
async fn each_wire_checks_whose_page_opens_it_and_how() {
    let program = Program::start().await;
    let host = program.address.clone();
    for path in ["/", "/chat/general", "/ws/chat/general/42"] {
        let good = |more: &str| handshake(&host, more).replace("/api/v1/socket", path);
        let cases = [
            (good("").replace("Version: 13", "Version: 8"), "426"),
            (good("").replace("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ="), "400"),
            (good("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"), "400"),
            (good("Origin: http://evil.example\r\n"), "403"),
            (good("Origin: null\r\n"), "403"),
            (good(&format!("Origin: http://{host}.evil\r\n")), "403"),
            (good(&format!("Origin: http://{host}\r\nOrigin: http://{host}\r\n")), "403"),
            (good("Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.\r\n"), "401"),
            (good(&format!("Origin: http://{host}\r\n")), "101"),
            (good(""), "101"),
        ];
        for (request, status) in cases {
            let mut raw = Raw::connect(&program.address).await;
            raw.sends(request.as_bytes()).await;
            let head = raw.head().await;
            assert!(head.split(' ').nth(1) == Some(status), "wanted {status} for {request}\ngot {head}");
        }
    }
}

#[tokio::test]
async fn those_who_open_a_connection_and_say_nothing_hinder_nobody() {
    let program = Program::start().await;
    let mut silent = Vec::new();
    for number in 0..400 {
        let mut raw = Raw::connect(&program.address).await;
        if number % 2 == 0 {
            raw.sends(b"GET / HTTP/1.1\r\nHost: x\r\n").await;
        }
        silent.push(raw);
    }
    // And some that open a socket and then say nothing.
    for _ in 0..20 {
        silent.push(Raw::open(&program.address).await);
    }
    let mut alice = program.guest("alice").await.connects().await;
    alice.joins("general", None).await;
    let asked = alice.posts("general", "hello").await;
    alice.is_told_where(asked).await;
}

#[tokio::test]
async fn bytes_right_after_the_upgrade_request_are_not_lost() {
    let program = Program::start().await;
    let mut raw = Raw::connect(&program.address).await;
    let mut bytes = handshake(&program.address, "").into_bytes();
    bytes.extend(frame(FIN_TEXT, br#"{"id":9,"do":{"ping":{}}}"#));
    raw.sends(&bytes).await;
    assert!(raw.head().await.starts_with("HTTP/1.1 101"));
    raw.frame().await.expect("hello");
    assert_eq!(raw.frame().await.unwrap().1, br#"{"reply":{"id":9,"answer":{"pong":{}}}}"#);
}

#[tokio::test]
async fn a_request_that_dribbles_in_is_not_waited_for_for_ever() {
    let program = Program::start().await;
    let mut raw = Raw::connect(&program.address).await;
    raw.sends(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await;
    // The limit is 15 seconds; the patience of the tests is longer.
    drop(raw.head().await);
    assert!(raw.is_at_its_end().await);
}
