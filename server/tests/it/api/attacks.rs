//! Attacks that every JSON server must expect.

use reqwest::Method;
use serde_json::json;

use crate::support::Program;

#[tokio::test]
async fn refuses_hostile_json_without_effect() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    let path = format!("/rooms/{room}/messages");
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(7_000), close.repeat(7_000));
    for (body, code, field) in [
        (deep("[", "]"), "not_understood", "body"),
        (deep(r#"{"text":"#, "}"), "invalid", "text"),
        ("[".repeat(60_000), "not_understood", "body"),
        (r#"{"text":"a","text":"b"}"#.to_owned(), "invalid", "text"),
        (r#"{"text":"x","reply_to":1e400}"#.to_owned(), "not_understood", "body"),
        (r#"{"text":"x","reply_to":-0.5}"#.to_owned(), "invalid", "reply_to"),
        (r#"{"text":"x","reply_to":99999999999999999999}"#.to_owned(), "invalid", "reply_to"),
        (r#"{"text":"\ud800"}"#.to_owned(), "not_understood", "body"),
        (r#"{"text":"\udc00\ud800"}"#.to_owned(), "not_understood", "body"),
        (r#"{"text":"\u0000"}"#.to_owned(), "invalid", "text"),
        (r#"{"__proto__":{"text":"x"}}"#.to_owned(), "missing", "text"),
    ] {
        let reply = bot.says(Method::POST, &path, &body).await;
        let status = if code == "not_understood" { 400 } else { 422 };
        reply.refuses(status, code, field);
    }
    // 100,000 levels exceed the limit of a body already.
    bot.says(Method::POST, &path, &"[".repeat(100_000)).await.refuses(413, "too_large", "body");
    // Unknown fields are ignored, however deeply they are nested.
    let hidden = format!(r#"{{"text":"x","more":{}}}"#, deep("[", "]"));
    let reply = bot.says(Method::POST, &path, &hidden).await;
    assert!(matches!(reply.status.as_u16(), 201 | 400), "{reply:?}");
    for reply_to in [-1, 0, i64::MAX, i64::MIN] {
        let reply = bot.post(&path, json!({"text": "x", "reply_to": reply_to})).await;
        reply.refuses(404, "not_found", "reply_to");
    }
    let bytes = [b"{\"text\":\"".as_slice(), b"\xff\xfe", b"\"}"].concat();
    let reply = reqwest::Client::new()
        .post(program.url(&format!("/api/v1{path}")))
        .header("cookie", program.guest("raw").await.cookie)
        .header("content-type", "application/json")
        .body(bytes)
        .send()
        .await
        .unwrap();
    assert_eq!(reply.status(), 400, "not UTF-8");

    let head = bot.get(&path).await.is(200)["head"].clone();
    for seq in [i64::MAX, 1_000_000] {
        let read = bot.put(&format!("/rooms/{room}/read"), json!({ "seq": seq })).await.is(200);
        assert_eq!(read["seq"], head, "of the future nothing is read");
    }
    for after in [i64::MAX, 1_000_000] {
        let events = bot.get(&format!("/rooms/{room}/events?after={after}")).await.is(200);
        assert_eq!((events["events"].as_array().unwrap().len(), &events["cursor"]), (0, &json!(after)));
        let page = bot.get(&format!("{path}?after={after}")).await.is(200);
        assert!(page["messages"].as_array().unwrap().is_empty());
    }
    bot.get(&format!("{path}?before={}", i64::MAX)).await.is(200);
}
