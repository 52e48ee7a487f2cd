//! HTTP headers for browsers, programs and proxies.

use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::json;

use super::support::program::http;
use super::support::raw::{Raw, handshake};
use super::support::{Program, Socket};

const APP: &str = "https://app.example";

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// Returns all values of the header `Vary`.
fn vary(response: &Response) -> String {
    let values = response.headers().get_all("vary").iter().map(|value| value.to_str().unwrap());
    values.collect::<Vec<_>>().join(", ")
}

async fn sent(request: RequestBuilder) -> Response {
    request.send().await.unwrap()
}

/// Sends a preflight request for a page of this origin, as browsers do.
async fn preflight(program: &Program, origin: &str, path: &str) -> Response {
    let asked = http().request(Method::OPTIONS, program.url(path)).header("origin", origin);
    let asked = asked.header("access-control-request-method", "PATCH");
    sent(asked.header("access-control-request-headers", "authorization,content-type")).await
}

#[tokio::test]
async fn allowed_origins_use_rest_and_polling() {
    let program = Program::start_with(&["--allow-origin", "https://app.example/"]).await;
    let polling = "/socket.io/?EIO=4&transport=polling";
    for path in ["/api/v1/rooms", "/api/v1/me", "/api/v1/nothing", polling] {
        let asked = preflight(&program, APP, path).await;
        assert!(asked.status().is_success(), "{path}: {}", asked.status());
        assert_eq!(header(&asked, "access-control-allow-origin"), APP, "{path}");
        assert_eq!(header(&asked, "access-control-allow-credentials"), "true", "{path}");
        assert!(header(&asked, "access-control-allow-methods").contains("PATCH"), "{path}");
        assert!(header(&asked, "access-control-allow-headers").contains("authorization"), "{path}");
        let answered = sent(http().get(program.url(path)).header("origin", APP)).await;
        assert_eq!(header(&answered, "access-control-allow-origin"), APP, "{path}");
        assert_eq!(header(&answered, "access-control-allow-credentials"), "true", "{path}");
        assert!(vary(&answered).contains("origin"), "{path}: {}", vary(&answered));
    }
    let read = sent(http().get(program.url("/api/v1/openapi.json")).header("origin", APP)).await;
    assert!(header(&read, "access-control-expose-headers").contains("etag"));
    let form = http().post(program.url("/api/v1/auth/token")).header("origin", APP);
    let form = sent(form.header("content-type", "application/json").body("{}")).await;
    assert_eq!((form.status().as_u16(), header(&form, "access-control-allow-origin")), (200, APP));
}

#[tokio::test]
async fn other_origins_read_nothing() {
    let program = Program::start_with(&["--allow-origin", APP]).await;
    for origin in ["https://evil.example", "https://app.example.evil", "http://app.example", "null"] {
        for path in ["/api/v1/rooms", "/socket.io/?EIO=4&transport=polling", "/"] {
            let asked = preflight(&program, origin, path).await;
            let answered = sent(http().get(program.url(path)).header("origin", origin)).await;
            for response in [asked, answered] {
                assert_eq!(header(&response, "access-control-allow-origin"), "", "{origin} {path}");
            }
        }
    }
    let cached = sent(http().get(program.url("/api/v1/openapi.json"))).await;
    assert!(vary(&cached).contains("origin"), "a cache does not give it to another origin");
}

#[tokio::test]
async fn redirects_a_trailing_slash() {
    let program = Program::start().await;
    for (path, target) in [
        ("/rooms/lobby/", "/rooms/lobby"),
        ("/rooms/lobby//?at=1", "/rooms/lobby?at=1"),
        ("/sign-in/", "/sign-in"),
        ("/api/v1/rooms/", "/api/v1/rooms"),
        ("/api/docs/", "/api/docs"),
    ] {
        let led = sent(http().get(program.url(path))).await;
        assert_eq!((led.status().as_u16(), header(&led, "location")), (308, target), "{path}");
    }
    let form =
        http().post(program.url("/join_chat/")).header("content-type", "application/x-www-form-urlencoded");
    let form = sent(form.body("username=ivan&room_id=lobby")).await;
    assert_eq!((form.status().as_u16(), header(&form, "location")), (308, "/join_chat"));
    // Socket requests are not redirected, because most clients would not follow.
    let upgrade = handshake(&program.address, "");
    for path in ["/chat/lobby/", "/ws/chat/lobby/me/", "/api/v1/socket/"] {
        assert_eq!(
            Raw::answer(&program.address, &upgrade.replace("/api/v1/socket", path)).await.0,
            101,
            "{path}"
        );
    }
    for path in ["//evil.example/", "///evil.example//"] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assert_eq!(Raw::answer(&program.address, &request).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn selects_the_language_with_the_greatest_weight() {
    let program = Program::start().await;
    for (accepted, language) in [
        ("ru; q=0.9", "ru"),
        ("RU", "ru"),
        ("ru-RU", "ru"),
        ("de;q=1, ru ; q=0.2", "ru"),
        ("en;q=0.5, ru;q=0.6", "ru"),
        ("en;q=0, *", "ru"),
        ("*", "en"),
        ("ru;q=0", "en"),
        ("ru;q=0, *", "en"),
        ("en, ru", "en"),
        ("ru, en", "ru"),
        ("run, de", "en"),
        ("ru;q=x", "en"),
    ] {
        let page = sent(http().get(program.url("/")).header("accept-language", accepted)).await;
        assert!(page.text().await.unwrap().contains(&format!("lang=\"{language}\"")), "{accepted}");
    }
}

#[tokio::test]
async fn answers_304_for_all_forms_of_if_none_match() {
    let program = Program::start().await;
    for path in ["/icon.svg", "/site.webmanifest", "/api/v1/openapi.json"] {
        let first = sent(http().get(program.url(path))).await;
        if first.status() == StatusCode::NOT_FOUND {
            continue; // A build without a site.
        }
        let tag = header(&first, "etag").trim_start_matches("W/").to_owned();
        assert!(tag.starts_with('"') && tag.ends_with('"'), "{path}: {tag}");
        for known in
            [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), format!("\"a,b\",W/{tag}"), "*".into()]
        {
            let again = sent(http().get(program.url(path)).header("if-none-match", &known)).await;
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path} {known}");
            assert_eq!(header(&again, "etag").trim_start_matches("W/"), tag);
        }
        for other in ["\"x\"", "x", ""] {
            let again = sent(http().get(program.url(path)).header("if-none-match", other)).await;
            assert_eq!(again.status(), StatusCode::OK, "{path} {other}");
        }
    }
}

#[tokio::test]
async fn compresses_pages_and_json_by_accept_encoding() {
    let program = Program::start().await;
    let alice = program.bot("alice").await;
    let room = alice.joins("tea").await;
    for number in 0..40 {
        alice.posts(room, &format!("This is message number {number} of many that are alike")).await;
    }
    let messages = format!("/api/v1/rooms/{room}/messages");
    for path in
        ["/rooms/tea", "/", "/sign-in", "/api/docs", "/api/v1/openapi.json", &messages, "/api/docs.css"]
    {
        let plain = sent(http().get(program.url(path))).await;
        assert_eq!(header(&plain, "content-encoding"), "", "{path}");
        assert!(vary(&plain).contains("accept-encoding"), "{path}: {}", vary(&plain));
        let plain = plain.bytes().await.unwrap().len();
        for (accepted, encoding) in [
            ("gzip, deflate, br", "br"),
            ("br;q=0.5, gzip;q=1", "gzip"),
            ("gzip", "gzip"),
            ("br;q=0, gzip;q=0.001", "gzip"),
            ("gzip;q=0", ""),
            ("identity", ""),
        ] {
            let packed = sent(http().get(program.url(path)).header("accept-encoding", accepted)).await;
            assert_eq!(header(&packed, "content-encoding"), encoding, "{path} {accepted}");
            if !encoding.is_empty() {
                let packed = packed.bytes().await.unwrap().len();
                assert!(packed * 2 < plain, "{path} {accepted}: {packed} of {plain} bytes");
            }
        }
    }
    for path in ["/healthz", "/socket.io/?EIO=4&transport=polling"] {
        let small = sent(http().get(program.url(path)).header("accept-encoding", "gzip, br")).await;
        assert_eq!(header(&small, "content-encoding"), "", "{path}");
    }
}

#[tokio::test]
async fn every_response_has_security_headers() {
    let program = Program::start_with(&["--secure-cookies=true"]).await;
    let asked = |path: &str| http().get(program.url(path));
    let form =
        || http().post(program.url("/join_chat")).header("content-type", "application/x-www-form-urlencoded");
    let answers = [
        sent(asked("/")).await,
        sent(asked("/rooms/general")).await,
        sent(asked("/nothing")).await,
        sent(asked("/icon.svg")).await,
        sent(asked("/sw.js")).await,
        sent(asked("/api/docs")).await,
        sent(asked("/api/v1/rooms")).await,
        sent(asked("/api/v1/nothing")).await,
        sent(asked("/socket.io/?EIO=4&transport=polling")).await,
        sent(asked("/socket.io/")).await,
        sent(asked("/ws")).await,
        sent(asked("/healthz")).await,
        sent(asked("/rooms/general").header("host", "evil.example")).await,
        sent(asked("/rooms/general/")).await,
        sent(form().body("x")).await,
        sent(form().header("origin", "https://evil.example").body("x")).await,
        sent(form().body("username=ivan&room_id=general")).await,
        sent(http().delete(program.url("/rooms/general"))).await,
    ];
    for answer in &answers {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("strict-transport-security", "max-age=31536000"),
        ] {
            assert_eq!(header(answer, name), value, "{name} of {} {}", answer.status(), answer.url());
        }
        assert!(header(answer, "permissions-policy").contains("camera=()"), "{}", answer.url());
        assert!(
            header(answer, "content-security-policy").starts_with("default-src 'none'"),
            "{}",
            answer.url()
        );
    }
    let plain = Program::start().await;
    let answer = sent(http().get(plain.url("/"))).await;
    assert_eq!(header(&answer, "strict-transport-security"), "", "only where https is sure");
}

/// The HTTP library answers requests that it cannot parse before a handler sees them. All its answers are the same: they
/// have no content, so there is nothing that a browser could show, run or misinterpret.
#[tokio::test]
async fn only_unparsable_requests_get_answers_without_security_headers() {
    let program = Program::start().await;
    let host = format!("Host: {}\r\n", program.address);
    let get = |headers: &str| format!("GET / HTTP/1.1\r\n{host}{headers}\r\n");
    let post = |headers: &str| format!("POST /join_chat HTTP/1.1\r\n{host}Connection: close\r\n{headers}");
    for (request, status) in [
        ("G@T / HTTP/1.1\r\n\r\n".to_owned(), "400 Bad Request"),
        ("GET / HTTP/3.7\r\n\r\n".to_owned(), "400 Bad Request"),
        ("GET /a b HTTP/1.1\r\n\r\n".to_owned(), "400 Bad Request"),
        ("GET http://[::1 HTTP/1.1\r\n\r\n".to_owned(), "400 Bad Request"),
        ("\x16\x03\x01\x02\x00\x01\r\n\r\n".to_owned(), "400 Bad Request"),
        (get("No colon\r\n"), "400 Bad Request"),
        (get("Bad Header: x\r\n"), "400 Bad Request"),
        (get("X: a\0b\r\n"), "400 Bad Request"),
        (get("X: a\r\n folded\r\n"), "400 Bad Request"),
        (get("Content-Length: -3\r\n"), "400 Bad Request"),
        (get("Content-Length: 3\r\nContent-Length: 4\r\n"), "400 Bad Request"),
        (get("Transfer-Encoding: gzip\r\n"), "400 Bad Request"),
        (get(&format!("X: {}\r\n", "x".repeat(17_000))), "431 Request Header Fields Too Large"),
        (get(&"X: y\r\n".repeat(101)), "431 Request Header Fields Too Large"),
        (
            format!("GET /{} HTTP/1.1\r\n{host}\r\n", "x".repeat(17_000)),
            "431 Request Header Fields Too Large",
        ),
    ] {
        let mut raw = Raw::connect(&program.address).await;
        raw.sends(request.as_bytes()).await;
        let head = raw.head().await;
        let (status_line, date) =
            head.split_once("date: ").unwrap_or_else(|| panic!("{request:.99}: {head}"));
        let expected = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 0\r\n");
        assert_eq!(status_line, expected, "{request:.99}");
        assert_eq!(date.lines().count(), 2, "no further header: {head}");
        assert!(raw.is_at_its_end().await, "{request:.99}");
    }
    // Requests that are wrong in another way are answered by the server itself.
    for request in [
        get("Host: twice\r\n"),
        "GET foo HTTP/1.1\r\nHost: foo\r\n\r\n".to_owned(),
        "CONNECT foo:80 HTTP/1.1\r\nHost: foo\r\n\r\n".to_owned(),
        format!("OPTIONS * HTTP/1.1\r\n{host}\r\n"),
        format!("BREW / HTTP/1.1\r\n{host}\r\n"),
        post("Transfer-Encoding: chunked\r\n\r\nnot a chunk\r\n"),
        post("Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        post("Content-Length: 3\r\nExpect: 200-maybe\r\n\r\nabc"),
    ] {
        let (_, answer) = Raw::answer(&program.address, &request).await;
        assert!(answer.contains("x-content-type-options: nosniff"), "{request}: {answer}");
        assert!(answer.split("\r\n\r\n").nth(1).is_some_and(|body| !body.is_empty()), "{request}: {answer}");
    }
}

#[tokio::test]
async fn limits_the_rate_of_read_positions() {
    let program = Program::start_with(&["--limit-marking", "5/1"]).await;
    let alice = program.bot("alice").await;
    let room = alice.joins("tea").await;
    let path = format!("/rooms/{room}/read");
    for number in 0..5 {
        alice.put(&path, json!({ "seq": number })).await.is(200);
    }
    let refused = alice.put(&path, json!({ "seq": 1 })).await;
    assert!(!refused.header("retry-after").is_empty());
    refused.refuses(429, "too_fast", "");
    alice.patch("/me", json!({ "status": "busy" })).await.refuses(429, "too_fast", "");
    alice.get(&path).await.is(200);
    // A socket uses the same quota.
    let mut bob = Socket::open(&program.address, None).await;
    bob.joins("tea", None).await;
    let read =
        |seq| hubbub_protocol::Command::Read { room: "tea".to_owned(), seq: hubbub_protocol::Seq(seq) };
    for _ in 0..5 {
        bob.is_answered(read(1)).await.unwrap();
    }
    assert_eq!(bob.is_answered(read(1)).await.unwrap_err().code, hubbub_protocol::Code::TooFast);
}

#[tokio::test]
async fn limits_the_rate_of_renames() {
    let program = Program::start_with(&["--limit-joining", "2/1"]).await;
    let submit = async |path: &str, form: &str, cookie: &str| {
        let request = http().post(program.url(path)).header("cookie", cookie);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        sent(request.body(form.to_owned())).await
    };
    let made = submit("/register", "username=ivan&password=violets+are+blue", "").await;
    let cookie = header(&made, "set-cookie").split(';').next().unwrap().to_owned();
    for name in ["ivan2", "ivan3"] {
        let renamed = submit("/account/name", &format!("username={name}"), &cookie).await;
        assert_eq!(renamed.status(), StatusCode::SEE_OTHER, "{name}");
    }
    let refused = submit("/account/name", "username=ivan4", &cookie).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
}
