//! The host names to which the server answers.

use tokio::time::timeout;

use super::support::program::command;
use super::support::raw::{Raw, handshake};
use super::support::{Program, TEST_TIMEOUT};

/// Returns a request with only these headers.
fn get(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n")
}

async fn status(program: &Program, request: &str) -> u16 {
    Raw::answer(&program.address, request).await.0
}

/// Requests a socket from `host` for a page of `origin`, and returns the status.
async fn opens(program: &Program, host: &str, origin: &str) -> u16 {
    status(program, &handshake(host, &format!("Origin: {origin}\r\n"))).await
}

#[tokio::test]
async fn refuses_dns_rebinding() {
    let program = Program::start().await;
    for path in
        ["/", "/rooms/general", "/nothing", "/icon.svg", "/api/v1/rooms", "/api/v1/openapi.json", "/api/docs"]
    {
        let (status, answer) = Raw::answer(&program.address, &get(path, "Host: evil.example:80\r\n")).await;
        assert_eq!(status, 421, "{path}");
        assert!(answer.contains("--domain evil.example"), "{answer}");
        assert!(answer.contains("x-content-type-options: nosniff"), "{answer}");
    }
    let polling = "/socket.io/?EIO=4&transport=polling";
    assert_eq!(status(&program, &get(polling, "Host: evil.example\r\n")).await, 421);
    assert_eq!(opens(&program, "evil.example", "http://evil.example").await, 421);
    let upgrade = handshake("evil.example", "Origin: http://evil.example\r\n");
    for path in ["/", "/chat/general", "/ws/chat/general/1", "/ws", "/socket.io/?EIO=4&transport=websocket"] {
        assert_eq!(status(&program, &upgrade.replace("/api/v1/socket", path)).await, 421, "{path}");
    }
    let form = "POST /join_chat HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\n\
                Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 25\r\nConnection: close\r\n\r\n\
                username=eve&room_id=general";
    assert_eq!(status(&program, form).await, 421);
    // Health checks may use any name.
    for path in ["/healthz", "/readyz"] {
        assert_eq!(status(&program, &get(path, "Host: evil.example\r\n")).await, 200, "{path}");
    }
    let log = program.log().await;
    assert_eq!(log.matches("--domain").count(), 1, "one line for all of them: {log}");
}

#[tokio::test]
async fn accepts_addresses_localhost_and_configured_names() {
    let flags = ["--domain", "chat.example,чат.example", "--allow-origin", "https://App.example/"];
    let program = Program::start_with(&flags).await;
    for host in [
        "127.0.0.1",
        "127.0.0.1:9",
        "[::1]",
        "192.0.2.1:80",
        "localhost",
        "Localhost.:3000",
        "hubbub.localhost",
        "chat.example",
        "CHAT.example.:8080",
        "xn--80a0bn.example",
        "app.example",
    ] {
        assert_eq!(status(&program, &get("/", &format!("Host: {host}\r\n"))).await, 200, "{host}");
    }
    for host in ["chat.example.evil", "evilchat.example", "x.chat.example", "localhost.evil", "example"] {
        assert_eq!(status(&program, &get("/", &format!("Host: {host}\r\n"))).await, 421, "{host}");
    }
}

#[tokio::test]
async fn trusted_proxy_may_forward_any_host() {
    let program = Program::start_with(&["--trusted-proxy", "127.0.0.1"]).await;
    assert_eq!(status(&program, &get("/", "Host: chat.example\r\n")).await, 200);
    assert_eq!(opens(&program, "chat.example", "https://chat.example").await, 101);
    assert_eq!(opens(&program, "chat.example", "https://evil.example").await, 403);
}

/// Each of these headers names another host, as a client or a proxy may write it.
const OTHER_HOSTS: &str = "X-Forwarded-Host: evil.example\r\nX-Forwarded-Server: evil.example\r\nX-Original-Host: evil.example\r\n\
    X-Host: evil.example\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Port: 443\r\nForwarded: host=evil.example;proto=https\r\n";

#[tokio::test]
async fn forwarded_host_changes_nothing() {
    for flags in [&["--domain", "chat.example"][..], &["--trusted-proxy", "127.0.0.1"]] {
        let program = Program::start_with(flags).await;
        let own = format!("Host: chat.example\r\n{OTHER_HOSTS}");
        // Origins are compared with `Host`.
        for (origin, answered) in [("https://evil.example", 403), ("https://chat.example", 101)] {
            let headers = format!("Origin: {origin}\r\n{OTHER_HOSTS}");
            assert_eq!(status(&program, &handshake("chat.example", &headers)).await, answered, "{origin}");
        }
        let form = "username=ivan&room_id=general";
        let submit = |origin: &str| {
            format!(
                "POST /join_chat HTTP/1.1\r\n{own}Origin: {origin}\r\nContent-Length: {}\r\nConnection: close\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\n\r\n{form}",
                form.len()
            )
        };
        assert_eq!(status(&program, &submit("https://evil.example")).await, 403);
        // Links, redirects and cookies do not contain the other host, and cookies are those of plain HTTP.
        let (joined, answer) = Raw::answer(&program.address, &submit("http://chat.example")).await;
        assert_eq!(joined, 303, "{answer}");
        assert!(answer.contains("location: /rooms/general\r\n"), "{answer}");
        let cookie = answer.lines().find(|line| line.starts_with("set-cookie: ")).unwrap();
        assert!(!cookie.contains("Domain") && !cookie.contains("Secure"), "{cookie}");
        for path in
            ["/", "/rooms/general", "/sign-in", "/api/v1/openapi.json", "/api/docs", "/rooms/general/"]
        {
            let (_, answer) = Raw::answer(&program.address, &get(path, &own)).await;
            assert!(!answer.contains("evil.example"), "{path}: {answer}");
            assert!(!answer.contains("strict-transport-security"), "{path}: {answer}");
        }
    }
    // A name that is not the server's own is refused, whatever the other headers name.
    let program = Program::start().await;
    let forwarded = "Host: evil.example\r\nX-Forwarded-Host: localhost\r\nForwarded: host=localhost\r\n";
    assert_eq!(status(&program, &get("/", forwarded)).await, 421);
}

#[tokio::test]
async fn requires_exactly_one_host() {
    let program = Program::start().await;
    for hosts in [
        "",
        "Host:\r\n",
        "Host: localhost\r\nHost: localhost\r\n",
        "Host: localhost\r\nHost: evil.example\r\n",
        "Host: localhost, evil.example\r\n",
        "Host: evil.example@localhost\r\n",
        "Host: localhost/\r\n",
        "Host: localhost:port\r\n",
    ] {
        for path in ["/", "/api/v1/rooms"] {
            assert_eq!(status(&program, &get(path, hosts)).await, 400, "{path} {hosts:?}");
        }
    }
    // HTTP/1.0 has no `Host`, and no browser uses it.
    assert_eq!(status(&program, "GET / HTTP/1.0\r\n\r\n").await, 200);
}

#[tokio::test]
async fn host_in_the_target_overrides_the_header() {
    let program = Program::start().await;
    let own = "Host: localhost\r\n";
    assert_eq!(status(&program, &get("http://evil.example/rooms/general", own)).await, 421);
    assert_eq!(status(&program, &get("http://localhost/rooms/general", own)).await, 200);
    assert_eq!(status(&program, &get("http://localhost/rooms/general", "Host: evil.example\r\n")).await, 200);
    assert_eq!(status(&program, &get("http://localhost/rooms/general", "")).await, 400);
    // The origin is compared with the host in the target.
    let upgrade = handshake("evil.example", "Origin: http://evil.example\r\n");
    let target = upgrade.replace("/api/v1/socket", "http://localhost/api/v1/socket");
    assert_eq!(status(&program, &target).await, 403);
}

#[tokio::test]
async fn default_port_is_equal_to_no_port() {
    let flags = ["--domain", "chat.example", "--allow-origin", "HTTPS://App.example:443/"];
    let program = Program::start_with(&flags).await;
    for (host, origin, answered) in [
        ("chat.example:443", "https://chat.example", 101),
        ("chat.example", "https://chat.example:443", 101),
        ("chat.example:80", "http://chat.example", 101),
        ("chat.example", "http://chat.example", 101),
        ("Chat.Example.", "https://chat.example", 101),
        ("127.0.0.1:3000", "https://app.example", 101),
        ("chat.example:443", "http://chat.example", 403),
        ("chat.example", "https://chat.example:8443", 403),
        ("127.0.0.1:3000", "http://app.example", 403),
        ("chat.example", "https://chat.example.evil", 403),
    ] {
        assert_eq!(opens(&program, host, origin).await, answered, "{origin} at {host}");
    }
}

#[tokio::test]
async fn parses_lists_in_environment_variables() {
    let folder = std::sync::Arc::new(tempfile::TempDir::new().unwrap());
    let mut listed = command(folder.path(), "127.0.0.1:0");
    listed.env("HUBBUB_DOMAIN", "one.example, two.example,").args(["--trusted-proxy", ""]);
    listed.env("HUBBUB_ALLOW_ORIGIN", "");
    let program = Program::of(listed, folder).await;
    for (host, answered) in [("one.example", 200), ("two.example", 200), ("three.example", 421)] {
        assert_eq!(status(&program, &get("/", &format!("Host: {host}\r\n"))).await, answered, "{host}");
    }
}

#[tokio::test]
async fn invalid_domain_or_origin_prevents_the_start() {
    let folder = tempfile::TempDir::new().unwrap();
    for (flag, value, advice) in [
        ("--allow-origin", "chat.example", "https://chat.example"),
        ("--allow-origin", "*", "https://chat.example"),
        ("--allow-origin", "https://chat.example/app", "https://chat.example"),
        ("--domain", "https://chat.example", "without scheme"),
        ("--domain", "*.chat.example", "wildcard"),
    ] {
        let child = command(folder.path(), "127.0.0.1:0").args([flag, value]).spawn().unwrap();
        let output = timeout(TEST_TIMEOUT, child.wait_with_output()).await.expect("it ends").unwrap();
        assert_eq!(output.status.code(), Some(2), "{flag} {value}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(flag) && said.contains(advice), "{said}");
    }
}
