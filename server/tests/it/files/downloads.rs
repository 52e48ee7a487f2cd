//! Files as the server sends them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::files::{content, path_of, png};
use crate::support::program::http;
use crate::support::{Api, Program};

/// A picture of one red pixel.
const PNG: &[u8] = b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0cIDATx\xdac\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xf7\x03AC\x00\x00\x00\x00IEND\xaeB`\x82";

#[tokio::test]
async fn shows_what_is_harmless_and_downloads_the_rest() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    let page = b"<!DOCTYPE html><script>alert(1)</script>".as_slice();
    let polyglot = [PNG, page].concat();
    for (name, bytes, kind, disposition) in [
        ("a.png", PNG, "image/png", "inline"),
        // The type is that of the content, whatever the name is.
        ("a.html", PNG, "image/png", "inline"),
        // What follows the picture is removed.
        ("both.html", &polyglot, "image/png", "inline"),
        ("a.txt", b"hello", "text/plain; charset=utf-8", "inline"),
        ("a.pdf", b"%PDF-1.7", "application/pdf", "inline"),
        ("a.png", page, "application/octet-stream", "attachment"),
        (
            "a.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            "application/octet-stream",
            "attachment",
        ),
        ("a.zip", b"PK\x03\x04\0", "application/octet-stream", "attachment"),
    ] {
        let file = bot.uploads(room, name, bytes).await;
        let sent = bot.opens(&file).await;
        assert_eq!((sent.status.as_u16(), sent.header("content-type")), (200, kind), "{name}");
        assert_eq!(sent.header("content-disposition"), format!("{disposition}; filename=\"{name}\""));
        assert_eq!(sent.header("x-content-type-options"), "nosniff");
        assert_eq!(sent.header("content-security-policy"), "sandbox; default-src 'none'");
        assert_eq!(sent.header("cache-control"), "private, max-age=31536000, immutable");
        let stored = if kind == "image/png" { PNG } else { bytes };
        assert_eq!(sent.header("content-length"), stored.len().to_string());
        assert_eq!(sent.bytes, stored);
        let forced = bot.downloads(&format!("{}?download", path_of(&file)), &[]).await;
        assert!(forced.header("content-disposition").starts_with("attachment"), "{name}");
    }
}

#[tokio::test]
async fn sends_parts_of_a_file() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    let all = content(200_000);
    let file = bot.uploads(room, "a.bin", &all).await;
    let path = path_of(&file);
    let whole = bot.opens(&file).await;
    assert_eq!(whole.header("accept-ranges"), "bytes");
    let tag = whole.header("etag").to_owned();
    for (range, first, last) in
        [("bytes=0-0", 0, 0), ("bytes=70000-140000", 70_000, 140_000), ("bytes=-5", 199_995, 199_999)]
    {
        let part = bot.downloads(&path, &[("range", range), ("if-range", &tag)]).await;
        assert_eq!(part.status, 206);
        assert_eq!(part.header("content-range"), format!("bytes {first}-{last}/200000"));
        assert_eq!(part.header("etag"), tag);
        assert!(part.bytes == all[first..=last]);
    }
    let changed = bot.downloads(&path, &[("range", "bytes=0-0"), ("if-range", "\"other\"")]).await;
    assert_eq!((changed.status.as_u16(), changed.bytes.len()), (200, all.len()));
    let several = bot.downloads(&path, &[("range", "bytes=0-0,5-6")]).await;
    assert_eq!(several.status, 200);
    let outside = bot.downloads(&path, &[("range", "bytes=200000-")]).await;
    assert_eq!(outside.refusal(), (416, "range_not_satisfiable".to_owned()));
    assert_eq!(outside.header("content-range"), "bytes */200000");

    let known = bot.downloads(&path, &[("if-none-match", &tag)]).await;
    assert_eq!((known.status.as_u16(), known.bytes.len(), known.header("etag")), (304, 0, &*tag));
}

#[tokio::test]
async fn answers_head_without_the_bytes() {
    let program = Program::start().await;
    let guest = program.guest("alice").await;
    let alice = Api::new(&guest, &program).await;
    let room = alice.joins("tea").await;
    let file = alice.uploads(room, "a.bin", &content(70_000)).await;
    let head = http().request(Method::HEAD, program.url(&path_of(&file))).header("cookie", &guest.cookie);
    let head = head.send().await.unwrap();
    assert_eq!((head.status().as_u16(), &head.headers()["content-length"]), (200, &"70000".parse().unwrap()));
    let posted = http().post(program.url(&path_of(&file))).send().await.unwrap();
    assert_eq!(posted.status(), 405);
}

#[tokio::test]
async fn unknown_files_are_not_found() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    for path in ["/files/1/x", "/files/999999999999999999999/x", "/files/x/x", "/files/-1/x"] {
        assert_eq!(bot.downloads(path, &[]).await.refusal(), (404, "not_found".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn a_signed_address_needs_no_session_and_ends_with_the_membership() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    let file = bot.uploads(room, "Grüße 1.txt", b"hello").await;
    let nobody = Api::nobody(&program).await;
    let path = format!("/files/{}/address", file["id"]);
    let other = program.bot("other").await;
    other.post(&path, Value::Null).await.refuses(404, "not_found", "");
    let signed = bot.post(&path, Value::Null).await.is(201);
    let address = signed["address"].as_str().unwrap();
    assert!(address.starts_with(&format!("/files/{}/Gr%C3%BC%C3%9Fe%201.txt?", file["id"])), "{address}");
    let sent = nobody.downloads(address, &[]).await;
    assert_eq!((sent.status.as_u16(), &*sent.bytes), (200, &b"hello"[..]));
    assert_eq!(sent.header("cross-origin-resource-policy"), "cross-origin");

    let forbidden = (403, "invalid_signature".to_owned());
    assert_eq!(nobody.downloads(&address.replace("expires=1", "expires=2"), &[]).await.refusal(), forbidden);
    let another = bot.uploads(room, "b.txt", b"secret").await;
    let query = address.split_once('?').unwrap().1;
    assert_eq!(nobody.downloads(&format!("{}?{query}", path_of(&another)), &[]).await.refusal(), forbidden);
    bot.deletes(&format!("/rooms/{room}/members/me")).await.is(204);
    assert_eq!(nobody.downloads(address, &[]).await.refusal(), forbidden);
    bot.joins("tea").await;
    assert_eq!(
        nobody.downloads(address, &[]).await.refusal(),
        forbidden,
        "another membership needs another address"
    );
}

#[tokio::test]
async fn a_file_is_as_readable_as_its_message() {
    let program = Program::start().await;
    let (alice, bob) = (program.bot("alice").await, program.bot("bob").await);
    let room = alice.joins("tea").await;
    let nobody = Api::nobody(&program).await;
    let file = alice.uploads(room, "a.txt", b"hello").await;
    for reader in [&bob, &nobody] {
        assert_eq!(reader.opens(&file).await.refusal(), (404, "not_found".to_owned()));
    }
    let post = json!({"text": "", "files": [file["id"]]});
    let message = alice.post(&format!("/rooms/{room}/messages"), post.clone()).await.is(201);
    for reader in [&alice, &bob, &nobody] {
        assert_eq!(reader.opens(&file).await.bytes, b"hello");
    }
    alice.post(&format!("/rooms/{room}/messages"), post).await.refuses(404, "not_found", "files");
    let signed = bob.post(&format!("/files/{}/address", file["id"]), Value::Null).await;
    signed.refuses(403, "not_joined", "room");

    alice.deletes(&format!("/messages/{}", message["id"])).await.is(204);
    for reader in [&alice, &bob, &nobody] {
        assert_eq!(reader.opens(&file).await.refusal(), (404, "not_found".to_owned()));
    }
}

#[tokio::test]
async fn files_need_an_account_where_guests_may_not_come_in() {
    let mut program = Program::start().await;
    let alice = program.bot("alice").await;
    let room = alice.joins("tea").await;
    let file = alice.uploads(room, "a.txt", b"hello").await;
    let post = json!({"text": "", "files": [file["id"]]});
    alice.post(&format!("/rooms/{room}/messages"), post).await.is(201);
    let nobody = Api::nobody(&program).await;
    program.stop("-TERM").await;
    program.restart_with(&["--guests", "off"]).await;
    assert_eq!(nobody.opens(&file).await.refusal(), (401, "sign_in_required".to_owned()));
}

#[tokio::test]
async fn lists_the_files_of_a_room_by_kind() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    let messages = format!("/rooms/{room}/messages");
    let mut posted = Vec::new();
    for (name, content) in [
        ("a.png", &png()[..]),
        ("a.txt", b"hello"),
        ("b.png", &png()),
        ("a.mp3", b"ID3\x04\0\0\0\0\0\0"),
        ("c.png", &png()),
    ] {
        let file = bot.uploads(room, name, content).await;
        let message = bot.post(&messages, json!({"text": "", "files": [file["id"]]})).await.is(201);
        posted.push(message["id"].clone());
    }
    bot.uploads(room, "unposted.png", &png()).await;
    bot.deletes(&format!("/messages/{}", posted[2])).await.is(204);
    let files = format!("/rooms/{room}/files");
    let names = async |query: &str| -> Vec<String> {
        let list = bot.get(&format!("{files}?{query}")).await.is(200);
        let files = list["files"].as_array().unwrap().iter();
        files.map(|file| file["file"]["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("").await, ["c.png", "a.mp3", "a.txt", "a.png"]);
    assert_eq!(names("kind=images").await, ["c.png", "a.png"]);
    assert_eq!(names("kind=media").await, ["a.mp3"]);
    assert_eq!(names("kind=documents").await, ["a.txt"]);
    let first = Api::nobody(&program).await.get(&format!("{files}?kind=images&limit=1")).await.is(200);
    assert_eq!(
        (&first["files"][0]["message_id"], &first["files"][0]["author"]["name"]),
        (&posted[4], &json!("robot"))
    );
    let rest = bot.get(first["next"].as_str().unwrap()).await.is(200);
    assert_eq!((&rest["files"][0]["file"]["name"], &rest["next"]), (&json!("a.png"), &Value::Null));
    bot.get(&format!("{files}?kind=fonts")).await.refuses(422, "invalid", "kind");
    bot.get(&format!("{files}?limit=101")).await.refuses(422, "too_long", "limit");
}
