//! Errors have one format, which names the field concerned.

use reqwest::Method;
use serde_json::json;

use crate::support::Program;

#[tokio::test]
async fn refusal_names_the_invalid_body_field() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    let path = format!("/rooms/{room}/messages");
    for (body, status, code, field) in [
        ("", 400, "not_understood", "body"),
        ("{", 400, "not_understood", "body"),
        ("nonsense", 400, "not_understood", "body"),
        (r#"{"text":"x"} {}"#, 400, "not_understood", "body"),
        ("[]", 400, "not_understood", "body"),
        ("null", 400, "not_understood", "body"),
        ("{}", 422, "missing", "text"),
        (r#"{"text":7}"#, 422, "invalid", "text"),
        (r#"{"text":null}"#, 422, "invalid", "text"),
        (r#"{"text":"x","client_id":"x"}"#, 422, "invalid", "client_id"),
        (r#"{"text":"x","reply_to":"1"}"#, 422, "invalid", "reply_to"),
        (r#"{"text":"x","reply_to":1.5}"#, 422, "invalid", "reply_to"),
    ] {
        bot.says(Method::POST, &path, body).await.refuses(status, code, field);
    }
    let large = format!(r#"{{"text":"x","more":"{}"}}"#, "x".repeat(70_000));
    let large = bot.says(Method::POST, &path, &large).await.refuses(413, "too_large", "body");
    assert_eq!(large["limit"], 65_536);
    for kind in ["text/plain", "application/x-www-form-urlencoded", ""] {
        let headers = [("content-type", kind)];
        let reply = bot.sends(Method::POST, &path, &headers, Some(r#"{"text":"x"}"#.to_owned())).await;
        reply.refuses(415, "not_json", "body");
    }
    let headers = [("content-type", "Application/JSON; charset=utf-8")];
    bot.sends(Method::POST, &path, &headers, Some(r#"{"text":"x"}"#.to_owned())).await.is(201);
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_problems() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    for path in ["/nothing", "/api", "/api/v2/rooms", "/api/v1", "/rooms/1/nothing", "/messages"] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            bot.sends(method, path, &[], None).await.refuses(404, "not_found", "");
        }
    }
    for (method, path, allowed) in
        [(Method::POST, "/me", ["GET", "PATCH"]), (Method::DELETE, "/rooms", ["GET", "POST"])]
    {
        let reply = bot.sends(method, path, &[], None).await;
        assert!(allowed.iter().all(|method| reply.header("allow").contains(method)), "{reply:?}");
        reply.refuses(405, "method_not_allowed", "");
    }
    for (path, target) in
        [("/rooms/", "/api/v1/rooms"), ("/rooms/1/members/me/", "/api/v1/rooms/1/members/me")]
    {
        let led = bot.sends(Method::PUT, path, &[], None).await;
        assert_eq!((led.status.as_u16(), led.header("location")), (308, target), "{path}");
    }
    for path in ["/rooms/general", "/rooms/1.0/messages", "/rooms/0x1/read", "/rooms/%20"] {
        bot.get(path).await.refuses(400, "not_understood", "room_id");
    }
    bot.get("/messages/last").await.refuses(400, "not_understood", "message_id");
}

#[tokio::test]
async fn refusal_names_the_invalid_parameter() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    let path = format!("/rooms/{room}/messages");
    for (query, code, field) in [
        ("before=x", "invalid", "before"),
        ("before=0", "invalid", "before"),
        ("after=-1", "invalid", "after"),
        ("around=0", "invalid", "around"),
        ("before=99999999999999999999", "invalid", "before"),
        ("before=1&before=2", "invalid", "before"),
        ("before=1&after=2", "invalid", "around"),
        ("limit=0", "invalid", "limit"),
        ("limit=201", "too_long", "limit"),
        ("limit=", "invalid", "limit"),
        ("limit=4294967297", "too_long", "limit"),
    ] {
        bot.get(&format!("{path}?{query}")).await.refuses(422, code, field);
    }
    bot.get(&format!("/rooms/{room}/events?after=-1")).await.refuses(422, "invalid", "after");
    bot.get(&format!("{path}?unknown=1")).await.is(200);
}

#[tokio::test]
async fn rate_limit_refusal_has_retry_after() {
    let program = Program::start_with(&["--limit-posting", "2/1", "--limit-joining", "3/1"]).await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    let said = bot.posts(room, "one").await;
    bot.posts(room, "two").await;
    // All stored events count for one quota.
    for reply in [
        bot.post(&format!("/rooms/{room}/messages"), json!({"text": "three"})).await,
        bot.deletes(&format!("/messages/{}", said["id"])).await,
        bot.patch(&format!("/rooms/{room}"), json!({"topic": "x"})).await,
    ] {
        let seconds: u64 = reply.header("retry-after").parse().unwrap();
        let body = reply.refuses(429, "too_fast", "");
        assert_eq!(body["retry_after_ms"].as_u64().unwrap().div_ceil(1_000), seconds);
    }
    bot.joins("coffee").await;
    bot.joins("water").await;
    bot.post("/rooms", json!({"name": "milk"})).await.refuses(429, "too_fast", "");
    bot.get(&format!("/rooms/{room}/messages")).await.is(200);
}

#[tokio::test]
async fn problem_has_the_request_id_of_the_log() {
    let program = Program::start().await;
    let reply = program.bot("robot").await.get("/messages/1").await;
    let name = reply.header("x-request-id").to_owned();
    assert!(name.len() >= 16);
    assert_eq!(reply.refuses(404, "not_found", "message_id")["request_id"], name);
}
