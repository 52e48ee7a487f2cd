//! Uploads of whole files by a form.

use serde_json::json;

use crate::support::files::{content, form};
use crate::support::{Api, Program};

const CLIENT_ID: &[u8] = b"67e55044-10b1-426f-9247-bb680e5fe0c8";

#[tokio::test]
async fn stores_the_files_of_a_form_in_their_order() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    let large = content(300_000);
    let reply = bot
        .uploads_form(
            room,
            form(&[("file", "notes.txt", b"hello"), ("file", "data.bin", &large), ("file", "", b"")]),
        )
        .await;
    assert_eq!(reply.header("cache-control"), "no-store");
    let files = reply.is(201)["files"].clone();
    let facts = |file: usize| {
        (files[file]["name"].clone(), files[file]["size"].clone(), files[file]["content_type"].clone())
    };
    assert_eq!(facts(0), (json!("notes.txt"), json!(5), json!("text/plain")));
    assert_eq!(facts(1), (json!("data.bin"), json!(300_000), json!("application/octet-stream")));
    assert_eq!(facts(2), (json!("file"), json!(0), json!("text/plain")));
    assert!(bot.opens(&files[1]).await.bytes == large);
    assert_eq!(program.files_in("files").len(), 3);
    assert!(program.files_in("uploads").is_empty(), "nothing is staged any more");
}

#[tokio::test]
async fn cleans_names_instead_of_refusing_them() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    for (name, stored) in [
        ("../../etc/passwd", "passwd"),
        ("C:\\\\Users\\\\me\\\\photo.png", "photo.png"),
        ("...", "file"),
        ("nul.txt", "_nul.txt"),
        ("a\u{202e}gnp.exe", "agnp.exe"),
    ] {
        assert_eq!(bot.uploads(room, name, b"x").await["name"], stored, "{name}");
    }
    let long = bot.uploads(room, &format!("{}.jpeg", "ä".repeat(150)), b"x").await;
    let long = long["name"].as_str().unwrap();
    assert!(long.len() <= 255 && long.ends_with("ä.jpeg"), "{long}");
}

#[tokio::test]
async fn refuses_forms_that_are_not_valid_and_keeps_nothing_of_them() {
    let program = Program::start_with(&["--max-file-size", "1000"]).await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    let file: (&str, &str, &[u8]) = ("file", "a.txt", b"hello");
    bot.uploads_form(room, form(&[])).await.refuses(422, "missing", "file");
    bot.uploads_form(room, form(&[file, ("other", "b.txt", b"")])).await.refuses(422, "invalid", "body");
    bot.uploads_form(room, form(&[("client_id", "", b"x"), file])).await.refuses(422, "invalid", "client_id");
    bot.uploads_form(room, form(&[file, ("client_id", "", CLIENT_ID)])).await.refuses(
        422,
        "invalid",
        "client_id",
    );
    bot.uploads_form(room, form(&[file, ("reply_to", "", b"x")])).await.refuses(422, "invalid", "reply_to");
    bot.uploads_form(room, form(&[file, ("text", "", b"\xff")])).await.refuses(422, "invalid", "text");
    let long = form(&[file, ("text", "", &[b'x'; 4_001])]);
    bot.uploads_form(room, long).await.refuses(422, "too_long", "text");
    let huge = form(&[file, ("text", "", &[b'x'; 20_000])]);
    bot.uploads_form(room, huge).await.refuses(422, "too_long", "text");
    let reply = form(&[file, ("text", "", b"hi"), ("reply_to", "", b"999")]);
    bot.uploads_form(room, reply).await.refuses(404, "not_found", "reply_to");
    let many = bot.uploads_form(room, form(&[file; 11])).await.refuses(409, "too_many", "files");
    assert_eq!(many["limit"], 10);
    let large = form(&[file, ("file", "large.bin", &content(1_001))]);
    let large = bot.uploads_form(room, large).await.refuses(413, "too_large", "file");
    assert_eq!(large["limit"], 1_000);
    let mut cut = form(&[file, file]);
    cut.truncate(cut.len() - 50);
    bot.uploads_form(room, cut).await.refuses(400, "not_understood", "body");
    bot.uploads_form(room, b"no form".to_vec()).await.refuses(400, "not_understood", "body");
    bot.post(&format!("/rooms/{room}/files"), json!({})).await.refuses(415, "not_json", "body");
    assert!(program.files_in("files").is_empty() && program.files_in("uploads").is_empty());
    bot.uploads(room, "a.txt", b"hello").await;
}

#[tokio::test]
async fn a_form_with_a_text_posts_its_files_once() {
    let program = Program::start().await;
    let (alice, bob) = (program.bot("alice").await, program.bot("bob").await);
    let room = alice.joins("tea").await;
    let question = alice.posts(room, "Pictures?").await["id"].to_string();
    let body = || {
        form(&[
            ("client_id", "", CLIENT_ID),
            ("file", "a.txt", b"first"),
            ("text", "", "Here: ä".as_bytes()),
            ("file", "b.txt", b"second"),
            ("reply_to", "", question.as_bytes()),
        ])
    };
    let posted = alice.uploads_form(room, body()).await;
    assert_eq!(posted.header("location"), format!("/api/v1/messages/{}", posted.body["id"]));
    let posted = posted.is(201);
    assert_eq!((&posted["text"], &posted["reply_to"]["text"]), (&json!("Here: ä"), &json!("Pictures?")));
    assert_eq!(
        (&posted["files"][0]["name"], &posted["files"][1]["name"]),
        (&json!("a.txt"), &json!("b.txt"))
    );
    assert_eq!(alice.uploads_form(room, body()).await.is(200), posted);
    assert_eq!(program.files_in("files").len(), 2);
    assert_eq!(bob.opens(&posted["files"][1]).await.bytes, b"second");

    let silent =
        alice.uploads_form(room, form(&[("post", "", b"true"), ("file", "c.txt", b"third")])).await.is(201);
    assert_eq!((&silent["text"], &silent["files"][0]["name"]), (&json!(""), &json!("c.txt")));
}

#[tokio::test]
async fn only_members_upload() {
    let program = Program::start().await;
    let (alice, bob) = (program.bot("alice").await, program.bot("bob").await);
    let room = alice.joins("tea").await;
    let body = || form(&[("file", "a.txt", b"hello")]);
    bob.uploads_form(room, body()).await.refuses(403, "not_joined", "room");
    bob.uploads_form(999, body()).await.refuses(404, "not_found", "room_id");
    Api::nobody(&program).await.uploads_form(room, body()).await.refuses(401, "sign_in_required", "");
    bob.begins_upload(room, "a.txt", 5).await.refuses(403, "not_joined", "room");
    bob.begins_upload(999, "a.txt", 5).await.refuses(404, "not_found", "room_id");
    assert!(program.files_in("uploads").is_empty());
}

#[tokio::test]
async fn a_form_without_a_boundary_is_refused_before_it_fills_the_memory() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    let before = program.allocated_bytes();
    let mut endless_head = form(&[]);
    endless_head.clear();
    endless_head.extend_from_slice(b"------a-boundary\r\ncontent-disposition: form-data; name=\"");
    for start in [b"no boundary here".to_vec(), endless_head] {
        let body = [start, vec![b'x'; 20_000_000]].concat();
        bot.uploads_form(room, body).await.refuses(400, "not_understood", "body");
    }
    let grown = program.allocated_bytes().saturating_sub(before);
    assert!(grown < 16 << 20, "{grown} bytes of 40 MB that were sent");
    assert!(
        bot.uploads(room, "a.bin", &content(3_000_000)).await["id"].is_i64(),
        "a large file is still received"
    );
}
