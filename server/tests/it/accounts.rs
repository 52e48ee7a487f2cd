//! Accounts: creation, use from several browsers, renaming and deletion.

use std::time::{Duration, Instant};

use hubbub_protocol::{CloseReason, ServerFrame, Signal};
use reqwest::{Response, StatusCode};

use crate::support::program::http;
use crate::support::{Guest, Program, Socket};
use crate::tokens::json;

const PASSWORD: &str = "violets are blue";

impl Program {
    /// Submits a form from a browser with this cookie, or with none.
    pub(crate) async fn is_sent(&self, path: &str, form: &[(&str, &str)], cookie: Option<&str>) -> Response {
        let body: Vec<String> =
            form.iter().map(|(name, value)| format!("{name}={}", value.replace(' ', "+"))).collect();
        let mut request = http().post(self.url(path)).body(body.join("&"));
        request = request.header("content-type", "application/x-www-form-urlencoded");
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        request.send().await.unwrap()
    }

    /// Creates an account in a browser without a session.
    pub(crate) async fn account(&self, name: &str) -> Guest {
        self.enters("/register", name, PASSWORD, None).await.unwrap()
    }

    async fn signs_in(&self, name: &str) -> Guest {
        self.enters("/sign-in", name, PASSWORD, None).await.unwrap()
    }

    /// Submits a form to sign in or register. Returns the browser's user, or the response if it is no redirect.
    async fn enters(
        &self,
        path: &str,
        name: &str,
        password: &str,
        cookie: Option<&str>,
    ) -> Result<Guest, Response> {
        let answer = self.is_sent(path, &[("username", name), ("password", password)], cookie).await;
        if answer.status() != StatusCode::SEE_OTHER {
            return Err(answer);
        }
        let set = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax"), "{set}");
        let cookie = set.split(';').next().unwrap().to_owned();
        Ok(Guest { cookie, address: self.address.clone() })
    }
}

impl Guest {
    async fn get_page(&self, path: &str) -> String {
        let page = http().get(format!("http://{}{path}", self.address)).header("cookie", &self.cookie);
        page.send().await.unwrap().text().await.unwrap()
    }

    async fn name(&self) -> String {
        self.connects().await.hello().await.user.name.to_string()
    }
}

/// Returns how the connection ended, which must be soon: events must not reach a client without permission.
async fn ends_soon(socket: &mut Socket, since: Instant) -> Option<CloseReason> {
    let reason = socket.is_closed().await;
    // The specified maximum is 100 ms; the machine of a test may be busy.
    assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());
    reason
}

#[tokio::test]
async fn guest_becomes_an_account_and_keeps_everything() {
    let program = Program::start().await;
    let guest = program.guest("alice").await;
    let mut before = guest.connects().await;
    let id = before.hello().await.user.id;
    before.joins("tea", None).await;
    let asked = before.posts("tea", "as a guest").await;
    before.is_told_where(asked).await;

    let alice = program.enters("/register", "alice", PASSWORD, Some(&guest.cookie)).await.unwrap();
    assert_eq!(before.is_closed().await, Some(CloseReason::Restart), "the open window comes back by itself");
    let user = alice.connects().await.hello().await.user;
    assert_eq!((user.id, user.name.as_str()), (id, "alice"));
    assert!(alice.get_page("/rooms/tea").await.contains("as a guest"));
    assert_ne!(alice.cookie, guest.cookie);
    assert_ne!(guest.connects().await.hello().await.user.id, id, "the former cookie opens nothing");

    let elsewhere = program.signs_in("ALICE").await;
    assert_eq!(elsewhere.connects().await.hello().await.user.id, id, "the same on another device");
}

#[tokio::test]
async fn signing_in_replaces_a_planted_session() {
    let program = Program::start().await;
    program.account("alice").await;
    let planted = program.guest("mallory").await;
    let alice = program.enters("/sign-in", "alice", PASSWORD, Some(&planted.cookie)).await.unwrap();
    assert_ne!(alice.cookie, planted.cookie);
    assert_ne!(planted.name().await, "alice");
    // The server replaces a token that it has not issued, too.
    let name = planted.cookie.split('=').next().unwrap();
    let invented = format!("{name}={}", "a".repeat(64));
    let alice = program.enters("/sign-in", "alice", PASSWORD, Some(&invented)).await.unwrap();
    assert_ne!(alice.cookie, invented);
}

#[tokio::test]
async fn name_of_an_account_is_exclusive() {
    let program = Program::start().await;
    program.account("Alice").await;
    assert_eq!(program.guest("alice").await.name().await, "alice2", "not a guest's");
    let refused = program.enters("/register", "ALICE", PASSWORD, None).await.unwrap_err();
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "not another account's");
    assert!(refused.text().await.unwrap().contains("This name is taken"));
    let robot = json(program.asks_for_token(r#"{"username":"alice"}"#).await).await;
    assert_eq!(robot["user"]["name"], "alice3", "nor a program's, without its password");

    let bob = program.guest("bob").await;
    let mut socket = bob.connects().await;
    socket.hello().await;
    let refused = program.enters("/register", "bob", PASSWORD, None).await.unwrap_err();
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "nor that of a guest who is there");
    socket.leaves().await;
}

#[tokio::test]
async fn guest_is_renamed_if_an_account_takes_the_name() {
    let mut program = Program::start().await;
    let guest = program.guest("ivan").await;
    program.kill().await;
    // The last use is so long ago that the name is no longer reserved.
    program.stored(&["UPDATE sessions SET seen_at = '2020-01-01T00:00:00.000Z'".to_owned()]).await;
    program.restart().await;
    program.account("ivan").await;
    assert_eq!(guest.name().await, "ivan2");
}

#[tokio::test]
async fn signing_out_closes_only_the_sockets_of_its_session() {
    let program = Program::start().await;
    let here = program.account("alice").await;
    let there = program.signs_in("alice").await;
    let (mut socket, mut other) = (here.connects().await, there.connects().await);
    socket.hello().await;
    other.hello().await;
    let since = Instant::now();
    let left = program.is_sent("/sign-out", &[], Some(&here.cookie)).await;
    assert_eq!(left.headers()["location"], "/?signed_out=1");
    assert!(left.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    let notes = left.headers().get_all("set-cookie").iter().filter_map(|note| note.to_str().ok());
    let note = notes.into_iter().find(|note| note.starts_with("hubbub_signed_out=")).unwrap();
    assert!(!note.contains("HttpOnly"), "the script removes what is kept of this user: {note}");
    assert_eq!(ends_soon(&mut socket, since).await, Some(CloseReason::SignedOut));
    other.joins("tea", None).await;
    assert_ne!(here.name().await, "alice");
}

#[tokio::test]
async fn new_password_ends_other_sessions_and_tokens() {
    let program = Program::start().await;
    let here = program.account("alice").await;
    let there = program.signs_in("alice").await;
    let token = program.token(&format!(r#"{{"username":"alice","password":"{PASSWORD}"}}"#)).await;
    let (mut mine, mut other) = (here.connects().await, there.connects().await);
    let mut robot = program.opens_with(&token).await.unwrap();
    mine.hello().await;
    other.hello().await;
    robot.hello().await;
    let change = async |now: &str, new: &str| {
        let form = [("password", now), ("new_password", new)];
        program.is_sent("/account/password", &form, Some(&here.cookie)).await
    };
    let wrong = change("something else", "roses are red").await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().await.unwrap().contains("Wrong password"));
    let common = change(PASSWORD, "password").await;
    assert!(common.text().await.unwrap().contains("too common"));

    let since = Instant::now();
    assert_eq!(change(PASSWORD, "roses are red").await.headers()["location"], "/account?done=password");
    assert_eq!(other.is_closed().await, Some(CloseReason::SignedOut));
    assert_eq!(robot.is_closed().await, Some(CloseReason::SignedOut));
    assert!(since.elapsed() < Duration::from_secs(3), "{:?}", since.elapsed());
    assert_eq!(program.opens_with(&token).await.err(), Some(401));
    mine.joins("tea", None).await;
    assert!(program.enters("/sign-in", "alice", PASSWORD, None).await.is_err());
    assert!(program.enters("/sign-in", "alice", "roses are red", None).await.is_ok());
}

#[tokio::test]
async fn users_list_and_end_only_their_own_sessions() {
    let program = Program::start().await;
    let here = program.account("alice").await;
    let there = program.signs_in("alice").await;
    let mallory = program.account("mallory").await;
    let list = here.get_page("/account").await;
    let ids: Vec<&str> =
        list.split("name=\"session\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let [other] = ids[..] else { panic!("the other session, and not this one: {list}") };
    assert!(list.contains("this browser"), "{list}");

    let mut socket = there.connects().await;
    socket.hello().await;
    program.is_sent("/account/sessions/end", &[("session", other)], Some(&mallory.cookie)).await;
    socket.joins("tea", None).await;
    let since = Instant::now();
    program.is_sent("/account/sessions/end", &[("session", other)], Some(&here.cookie)).await;
    assert_eq!(ends_soon(&mut socket, since).await, Some(CloseReason::SignedOut));
    assert_ne!(there.name().await, "alice");

    let third = program.signs_in("alice").await;
    program.is_sent("/account/sessions/end_others", &[], Some(&here.cookie)).await;
    assert_ne!(third.name().await, "alice");
    assert_eq!(here.name().await, "alice");
}

#[tokio::test]
async fn new_name_reaches_rooms_at_once() {
    let program = Program::start().await;
    let alice = program.account("alice").await;
    let mut socket = alice.connects().await;
    socket.joins("tea", None).await;
    let mut bob = program.guest("bob").await.connects().await;
    bob.joins("tea", None).await;
    let renamed = program.is_sent("/account/name", &[("username", "Alice B")], Some(&alice.cookie)).await;
    assert_eq!(renamed.headers()["location"], "/account?done=name");
    bob.waits_for(|frame| match frame {
        ServerFrame::Signal { what: Signal::People { changed, .. }, .. } => {
            changed.into_iter().find(|person| person.user.name.as_str() == "Alice B")
        }
        _ => None,
    })
    .await;
    assert_eq!(socket.is_closed().await, Some(CloseReason::Restart));
    assert_eq!(alice.name().await, "Alice B");
    assert_eq!(program.guest("alice").await.name().await, "alice", "the former name is free");
    let taken = program.is_sent("/account/name", &[("username", "BOB")], Some(&alice.cookie)).await;
    assert_eq!(taken.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn deleted_account_leaves_its_messages() {
    let program = Program::start().await;
    let alice = program.account("alice").await;
    let mut socket = alice.connects().await;
    socket.joins("tea", None).await;
    let asked = socket.posts("tea", "remember me").await;
    socket.is_told_where(asked).await;
    let token = program.token(&format!(r#"{{"username":"alice","password":"{PASSWORD}"}}"#)).await;

    let wrong = program.is_sent("/account/remove", &[("password", "not mine")], Some(&alice.cookie)).await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let gone = program.is_sent("/account/remove", &[("password", PASSWORD)], Some(&alice.cookie)).await;
    assert_eq!(gone.headers()["location"], "/?signed_out=1");
    assert_eq!(socket.is_closed().await, Some(CloseReason::SignedOut));
    assert_eq!(program.opens_with(&token).await.err(), Some(401));
    assert!(program.enters("/sign-in", "alice", PASSWORD, None).await.is_err());
    let bob = program.guest("bob").await;
    let room = bob.get_page("/rooms/tea").await;
    assert!(room.contains("remember me"), "{room}");
    program.account("alice").await;
}

#[tokio::test]
async fn refusals_do_not_reveal_accounts() {
    let program = Program::start().await;
    program.account("alice").await;
    let wrong = program.enters("/sign-in", "alice", "roses are red", None).await.unwrap_err();
    let unknown = program.enters("/sign-in", "nobody", "roses are red", None).await.unwrap_err();
    assert_eq!(
        (wrong.status(), unknown.status()),
        (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY)
    );
    let (wrong, unknown) = (wrong.text().await.unwrap(), unknown.text().await.unwrap());
    assert_eq!(wrong.replace("alice", "nobody"), unknown);
    assert!(!wrong.contains("roses are red"), "a password is never shown again");
    for (password, said) in
        [("short", "at least 8"), ("12345678", "too common"), (&"x1".repeat(65), "at most 128")]
    {
        let refused = program.enters("/register", "carol", password, None).await.unwrap_err();
        assert!(refused.text().await.unwrap().contains(said), "{password}");
    }
    for name in ["", "system", "a::b", &"n".repeat(33)] {
        let refused = program.enters("/register", name, PASSWORD, None).await.unwrap_err();
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{name}");
    }
    let answer = program.asks_for_token(r#"{"username":"alice","password":"roses are red"}"#).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(json(answer).await["code"], "wrong_name_or_password");
}

#[tokio::test]
async fn other_origins_and_forged_hosts_cannot_change_an_account() {
    let program = Program::start().await;
    let alice = program.account("alice").await;
    for path in [
        "/register",
        "/sign-in",
        "/sign-out",
        "/account/name",
        "/account/password",
        "/account/remove",
        "/account/sessions/end",
        "/account/sessions/end_others",
        "/api/v1/auth/token",
        "/api/v1/auth/revoke",
    ] {
        for (origin, host) in
            [("http://evil.example", ""), ("null", ""), ("http://evil.example", "other.localhost")]
        {
            let mut request =
                http().post(program.url(path)).header("cookie", &alice.cookie).header("origin", origin);
            if !host.is_empty() {
                request = request.header("host", host);
            }
            let refused = request
                .header("content-type", "application/x-www-form-urlencoded")
                .body("")
                .send()
                .await
                .unwrap();
            assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{path} from {origin}");
        }
    }
    // A forged `Host` cannot redirect to another server, because all redirects are paths.
    let left = http().post(program.url("/sign-out")).header("host", "evil.localhost").send().await.unwrap();
    assert_eq!(left.headers()["location"], "/?signed_out=1");
    assert_eq!(alice.name().await, "alice");
}

#[tokio::test]
async fn registration_and_guests_can_be_disabled() {
    let mut program = Program::start().await;
    program.account("alice").await;
    program.kill().await;
    program.restart_with(&["--guests", "off", "--registration", "closed"]).await;
    let refused = program.enters("/register", "bob", PASSWORD, None).await.unwrap_err();
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let entrance = http().get(program.url("/")).send().await.unwrap();
    assert_eq!(entrance.headers()["location"], "/sign-in");
    let joined = program.is_sent("/join_chat", &[("username", "bob"), ("room_id", "tea")], None).await;
    assert_eq!(joined.headers()["location"], "/sign-in?room=tea");
    let posted = program.is_sent("/rooms/tea/messages", &[("text", "hi")], None).await;
    assert_eq!(posted.headers()["location"], "/sign-in?room=tea");
    let alice = program.signs_in("alice").await;
    assert_eq!(alice.name().await, "alice");
}
