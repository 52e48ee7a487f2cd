//! Permissions.

use reqwest::Method;
use serde_json::json;

use crate::support::program::http;
use crate::support::{Api, Peer, Program};

/// An operation on a room, or on a message of another user. Contains the expected status and code for a client without
/// identity, for a user who is not a member, and for a member who is not the author.
struct Operation {
    method: Method,
    path: String,
    body: Option<&'static str>,
    to_nobody: &'static str,
    to_strangers: &'static str,
    to_members: &'static str,
}

/// Returns all such operations.
fn operations(room: i64, message: i64) -> Vec<Operation> {
    let room = |rest: &str| format!("/rooms/{room}{rest}");
    let message = |rest: &str| format!("/messages/{message}{rest}");
    // Reading needs only the permission to join; all other operations need a membership.
    let read_operation = |path| Operation {
        method: Method::GET,
        path,
        body: None,
        to_nobody: "200",
        to_strangers: "200",
        to_members: "200",
    };
    let member_operation = |method, path, body, to_members| Operation {
        method,
        path,
        body,
        to_nobody: "401 sign_in_required",
        to_strangers: "403 not_joined",
        to_members,
    };
    vec![
        read_operation(room("")),
        read_operation(room("/members")),
        read_operation(room("/messages")),
        read_operation(room("/events")),
        read_operation(message("")),
        member_operation(Method::PATCH, room(""), Some(r#"{"topic":"x"}"#), "200"),
        member_operation(Method::POST, room("/messages"), Some(r#"{"text":"x"}"#), "201"),
        member_operation(Method::GET, room("/read"), None, "200"),
        member_operation(Method::PUT, room("/read"), Some(r#"{"seq":1}"#), "200"),
        member_operation(Method::PATCH, message(""), Some(r#"{"text":"x"}"#), "403 not_yours"),
        member_operation(Method::DELETE, message(""), None, "403 not_yours"),
        member_operation(Method::GET, message("/edits"), None, "403 not_yours"),
        member_operation(Method::PUT, message("/reactions/%E2%9D%A4"), None, "204"),
        member_operation(Method::DELETE, message("/reactions/%E2%9D%A4"), None, "204"),
    ]
}

async fn tries(who: &Api, method: &Method, path: &str, body: Option<&str>) -> String {
    let headers = [("content-type", "application/json")];
    let headers = if body.is_some() { &headers[..] } else { &[] };
    let reply = who.sends(method.clone(), path, headers, body.map(str::to_owned)).await;
    let code = reply.body["code"].as_str().map(|code| format!(" {code}")).unwrap_or_default();
    format!("{}{code}", reply.status.as_u16())
}

#[tokio::test]
async fn every_operation_checks_every_kind_of_user() {
    let program = Program::start().await;
    let author = program.bot("author").await;
    let room = author.joins("tea").await;
    let message = author.posts(room, "mine").await["id"].as_i64().unwrap();
    let (member, former, stranger) =
        (program.bot("member").await, program.bot("former").await, program.bot("stranger").await);
    member.joins("tea").await;
    former.joins("tea").await;
    former.deletes(&format!("/rooms/{room}/members/me")).await.is(204);
    let nobody = Api::nobody(&program).await;

    for operation in operations(room, message) {
        let Operation { method, path, body, to_nobody, to_strangers, to_members } = operation;
        let what = format!("{method} {path}");
        assert_eq!(tries(&nobody, &method, &path, body).await, to_nobody, "{what} by nobody");
        assert_eq!(tries(&stranger, &method, &path, body).await, to_strangers, "{what} by a stranger");
        assert_eq!(tries(&former, &method, &path, body).await, to_strangers, "{what} by a former member");
        assert_eq!(tries(&member, &method, &path, body).await, to_members, "{what} by a member");
        // An object that does not exist gets 404 for every user and operation.
        for number in ["0", "-1", "9223372036854775807", "99999999999999999999999"] {
            let elsewhere = path.replace(&format!("/{room}"), "/#").replace(&format!("/{message}"), "/#");
            let elsewhere = elsewhere.replacen("/#", &format!("/{number}"), 1);
            assert_eq!(
                tries(&member, &method, &elsewhere, body).await,
                "404 not_found",
                "{method} {elsewhere}"
            );
        }
    }
    let kept = author.get(&format!("/messages/{message}")).await.is(200);
    assert_eq!(kept["text"], "mine");
}

#[tokio::test]
async fn reading_requires_an_account_without_guests() {
    let mut program = Program::start().await;
    let author = program.bot("author").await;
    let room = author.joins("tea").await;
    let message = author.posts(room, "among us").await["id"].as_i64().unwrap();
    program.kill().await;
    program.restart_with(&["--guests", "off"]).await;
    let nobody = Api::nobody(&program).await;
    for who in [&nobody, &author] {
        for Operation { method, path, body, .. } in operations(room, message) {
            assert_eq!(tries(who, &method, &path, body).await, "401 sign_in_required", "{method} {path}");
        }
    }
    let page = http().get(program.url("/rooms/tea")).send().await.unwrap();
    assert_eq!(page.headers()["location"], "/sign-in?room=tea");
    let (status, _) = Peer::is_refused(&program, "/chat/tea?history=10", &[]).await;
    assert_eq!(status, 401);
}

#[tokio::test]
async fn page_shows_the_same_as_rest() {
    let program = Program::start().await;
    let author = program.bot("author").await;
    let room = author.joins("tea").await;
    author.posts(room, "for everybody").await;
    let nobody = Api::nobody(&program).await;
    let page = http().get(program.url("/rooms/tea")).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("for everybody"));
    let messages = nobody.get(&format!("/rooms/{room}/messages")).await.is(200);
    assert_eq!(messages["messages"][0]["text"], "for everybody");
    // A wrong token is an error that the client must learn of; the request is never treated as anonymous.
    let wrong = [("authorization", "Bearer x")];
    let refused = nobody.sends(Method::GET, &format!("/rooms/{room}/messages"), &wrong, None).await;
    refused.refuses(401, "invalid_token", "");
}

#[tokio::test]
async fn unauthenticated_request_gets_www_authenticate() {
    let program = Program::start().await;
    let nobody = Api::nobody(&program).await;
    for path in ["/me", "/me/rooms", "/rooms"] {
        let refused = nobody.get(path).await;
        assert_eq!(refused.header("www-authenticate"), "Bearer");
        refused.refuses(401, "sign_in_required", "");
    }
    nobody.post("/rooms", json!({"name": "tea"})).await.refuses(401, "sign_in_required", "");
}

#[tokio::test]
async fn other_origins_change_nothing() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    let message = bot.posts(room, "mine").await["id"].as_i64().unwrap();
    let operations = operations(room, message).into_iter();
    let mut changes: Vec<(Method, String, Option<&str>)> = operations
        .map(|operation| (operation.method, operation.path, operation.body))
        .filter(|(method, ..)| *method != Method::GET)
        .collect();
    changes.extend([
        (Method::POST, "/rooms".to_owned(), Some(r#"{"name":"forged"}"#)),
        (Method::DELETE, format!("/rooms/{room}/members/me"), None),
        (Method::PATCH, "/me".to_owned(), Some(r#"{"status":"busy"}"#)),
        (Method::POST, "/auth/token".to_owned(), Some("{}")),
        (Method::POST, "/auth/revoke".to_owned(), None),
    ]);
    for (method, path, body) in changes {
        for (name, value) in [
            ("origin", "http://evil.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            let headers = [("content-type", "application/json"), (name, value)];
            let refused = bot.sends(method.clone(), &path, &headers, body.map(str::to_owned)).await;
            let what = format!("{method} {path} {name}: {value}");
            assert_eq!(
                (refused.status.as_u16(), &refused.body["code"]),
                (403, &json!("wrong_origin")),
                "{what}"
            );
        }
    }
    let page = bot.get(&format!("/rooms/{room}/messages")).await.is(200);
    assert_eq!(page["messages"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&page["messages"][0]["text"], &page["messages"][0]["reactions"]),
        (&json!("mine"), &json!([]))
    );
    assert_eq!(bot.get("/me").await.is(200)["status"], "online");
}

#[tokio::test]
async fn token_equals_cookie_and_invalid_token_is_refused() {
    let program = Program::start().await;
    let (token, nobody) = (program.token(r#"{"username":"robot"}"#).await, Api::nobody(&program).await);
    let bearer = format!("Bearer {token}");
    let me = nobody.sends(Method::GET, "/me", &[("authorization", &bearer)], None).await.is(200);
    assert_eq!(me["user"]["name"], "robot");
    assert_eq!(nobody.get(&format!("/me?token={token}")).await.is(200), me);
    // Another scheme is meant for another program, such as a proxy.
    nobody.sends(Method::GET, "/me", &[("authorization", "Basic eDp5")], None).await.refuses(
        401,
        "sign_in_required",
        "",
    );

    let bot = program.bot("other").await;
    for wrong in ["Bearer", "Bearer x", &format!("{bearer}x")] {
        let refused = bot.sends(Method::GET, "/me", &[("authorization", wrong)], None).await;
        assert_eq!(refused.header("www-authenticate"), "Bearer");
        refused.refuses(401, "invalid_token", "");
    }
}
