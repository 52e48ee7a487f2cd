//! The session cookie among cookies of other programs, and under its former names.

use reqwest::header::HeaderValue;
use reqwest::{Response, StatusCode};

use super::support::program::http;
use super::support::raw::{Raw, handshake};
use super::support::{Guest, Program, Socket};

/// The name that all installations shared before.
const FORMER_NAME: &str = "hubbub_session";

impl Guest {
    fn token(&self) -> &str {
        self.cookie.split_once('=').unwrap().1
    }

    /// Returns the same browser with its session under another cookie name.
    fn under(&self, name: &str) -> Self {
        Self { cookie: format!("{name}={}", self.token()), address: self.address.clone() }
    }
}

impl Program {
    /// Requests the current user with these `Cookie` headers.
    async fn is_asked_by(&self, cookies: &[&[u8]]) -> Response {
        let mut request = http().get(self.url("/api/v1/me"));
        for cookie in cookies {
            request = request.header("cookie", HeaderValue::from_bytes(cookie).unwrap());
        }
        request.send().await.unwrap()
    }
}

/// Returns the cookies that a response sets, as a browser sends them.
fn set_by(response: &Response) -> String {
    let lines = response.headers().get_all("set-cookie").iter();
    let pairs: Vec<&str> = lines.map(|line| line.to_str().unwrap().split(';').next().unwrap()).collect();
    pairs.join("; ")
}

async fn id_of(guest: &Guest) -> hubbub_protocol::UserId {
    Socket::open(&guest.address, Some(&guest.cookie)).await.hello().await.user.id
}

#[tokio::test]
async fn finds_the_session_among_other_cookies() {
    let program = Program::start().await;
    let cookie = program.guest("alice").await.cookie;
    let good = cookie.as_bytes();
    let name = cookie.split('=').next().unwrap();
    let unknown = format!("{name}={}", "a".repeat(64));
    let broken = format!("{name}=<script>");
    for cookies in [
        vec![["theme=caf\u{e9}; ".as_bytes(), good].concat()],
        vec![[b"theme=\xff\x80; ", good, b"; last=\xfe"].concat()],
        vec![[good, b"; ;=;;x"].concat()],
        vec!["theme=caf\u{e9}".as_bytes().to_vec(), good.to_vec()],
        vec![[unknown.as_bytes(), b"; ", good].concat()],
        vec![[good, b"; ", unknown.as_bytes()].concat()],
        vec![broken.into_bytes(), good.to_vec()],
    ] {
        let lines: Vec<&[u8]> = cookies.iter().map(Vec::as_slice).collect();
        let answer = program.is_asked_by(&lines).await;
        assert_eq!(answer.status(), StatusCode::OK, "{lines:?}");
        assert_eq!(set_by(&answer), "", "the good cookie stays");
    }
}

#[tokio::test]
async fn socket_never_replaces_a_valid_cookie() {
    let program = Program::start().await;
    let alice = program.guest("alice").await;
    let id = id_of(&alice).await;
    let cookie = alice.cookie;
    for cookie in [format!("theme=caf\u{e9}; {cookie}"), format!("{cookie}; theme=caf\u{e9}")] {
        let answer = http()
            .get(program.url("/api/v1/socket"))
            .header("cookie", HeaderValue::from_bytes(cookie.as_bytes()).unwrap())
            .header("upgrade", "websocket")
            .header("connection", "Upgrade")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
            .header("sec-websocket-version", "13")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::SWITCHING_PROTOCOLS);
        assert_eq!(set_by(&answer), "");
    }
    let again = Guest { cookie, address: program.address.clone() };
    assert_eq!(id_of(&again).await, id);
}

#[tokio::test]
async fn two_installations_on_one_host_have_separate_sessions() {
    let (one, other) = (Program::start().await, Program::start().await);
    let (alice, bob) = (one.guest("alice").await, other.guest("bob").await);
    let both = format!("{}; {}", alice.cookie, bob.cookie);
    for (program, name) in [(&one, "alice"), (&other, "bob")] {
        let browser = Guest { cookie: both.clone(), address: program.address.clone() };
        assert_eq!(browser.connects().await.hello().await.user.name.as_str(), name);
    }
}

#[tokio::test]
async fn accepts_the_former_cookie_name() {
    let program = Program::start().await;
    for browser in [program.guest("ivan").await, program.account("anna").await] {
        let id = id_of(&browser).await;
        let former = browser.under(FORMER_NAME);
        let answer = program.is_asked_by(&[former.cookie.as_bytes()]).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let line = answer.headers()["set-cookie"].to_str().unwrap();
        assert!(line.contains("Max-Age=31536000") && line.contains("HttpOnly"), "{line}");
        assert_eq!(set_by(&answer), browser.cookie, "it is kept under the name of today");
        assert_eq!(id_of(&former).await, id);
        let both = format!("{}; {}", former.cookie, browser.cookie);
        assert_eq!(set_by(&program.is_asked_by(&[both.as_bytes()]).await), "");

        // Signing out ends the session under any cookie name.
        let left = program.is_sent("/sign-out", &[], Some(&former.cookie)).await;
        let name = browser.cookie.split('=').next().unwrap();
        assert!(set_by(&left).starts_with(&format!("{name}=")), "{}", set_by(&left));
        assert_ne!(id_of(&former).await, id);
    }
    // The cookie of another installation is not changed.
    let strange = format!("{FORMER_NAME}={}", "a".repeat(64));
    assert_eq!(set_by(&program.is_asked_by(&[strange.as_bytes()]).await), "");
}

#[tokio::test]
async fn secure_cookies_can_be_enabled_and_disabled() {
    let mut program = Program::start().await;
    let plain = program.guest("ivan").await;
    let id = id_of(&plain).await;

    program.kill().await;
    program.restart_with(&["--secure-cookies"]).await;
    let answer = program.is_asked_by(&[plain.cookie.as_bytes()]).await;
    let prefixed = format!("__Host-{}", plain.cookie);
    assert_eq!(set_by(&answer), prefixed);
    let line = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(line.contains("Secure") && line.contains("Path=/") && !line.contains("Domain"), "{line}");
    let prefixed = Guest { cookie: prefixed, address: program.address.clone() };
    assert_eq!(id_of(&prefixed).await, id);

    program.kill().await;
    program.restart().await;
    let answer = program.is_asked_by(&[prefixed.cookie.as_bytes()]).await;
    assert_eq!(set_by(&answer), plain.cookie);
    assert_eq!(id_of(&prefixed).await, id);
}

/// Returns the `Set-Cookie` of the response to a request with this cookie: the page of a room, or the socket.
async fn renewed_by(guest: &Guest, path: &str) -> Option<String> {
    let request = match path {
        "/api/v1/socket" => handshake(&guest.address, &format!("Cookie: {}\r\n", guest.cookie)),
        _ => format!("GET {path} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n\r\n", guest.address, guest.cookie),
    };
    let mut raw = Raw::connect(&guest.address).await;
    raw.sends(request.as_bytes()).await;
    let head = raw.head().await;
    head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).map(str::to_owned)
}

#[tokio::test]
async fn using_a_session_extends_it_by_a_year() {
    let mut program = Program::start().await;
    for path in ["/api/v1/socket", "/rooms/general"] {
        for guest in [program.guest("ivan").await, program.account(path.trim_matches('/')).await] {
            let id = id_of(&guest).await;
            assert_eq!(renewed_by(&guest, path).await, None, "not on the day it was made");
            for (expires, is_renewed) in [("+363 days", true), ("+10 minutes", true), ("+9999 days", false)] {
                program.kill().await;
                let expires = format!("strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '{expires}')");
                program.stored(&[format!("UPDATE sessions SET expires_at = {expires}")]).await;
                program.restart().await;
                let cookie = renewed_by(&guest, path).await;
                assert_eq!(cookie.is_some(), is_renewed, "{path} {expires} {cookie:?}");
                if let Some(cookie) = cookie {
                    assert!(
                        cookie.starts_with(&guest.cookie) && cookie.contains("Max-Age=31536000"),
                        "{cookie}"
                    );
                }
                assert_eq!(renewed_by(&guest, path).await, None, "once a day");
                assert_eq!(id_of(&guest).await, id);
            }
        }
    }
}
