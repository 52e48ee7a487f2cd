//! Resumable uploads by tus 1.0.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use sha2::{Digest, Sha256};

use crate::support::files::{BYTES, TUS, content, metadata};
use crate::support::program::http;
use crate::support::raw::Raw;
use crate::support::{Program, TEST_TIMEOUT};

const UPLOAD_ID: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";

#[tokio::test]
async fn receives_a_file_in_pieces() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    let all = content(100_000);
    let begun = bot.begins_upload(room, "Grüße.bin", all.len()).await;
    assert_eq!((begun.status.as_u16(), begun.header("tus-resumable")), (201, "1.0.0"));
    assert!(begun.header("upload-expires").ends_with("GMT"));
    let upload = begun.header("location").to_owned();
    assert_eq!(bot.offset_of(&upload).await, 0);

    let first = bot.sends_bytes(&upload, 0, &all[..40_000]).await;
    assert_eq!((first.status.as_u16(), first.header("upload-offset")), (204, "40000"));
    assert_eq!(first.header("hubbub-file-id"), "");
    let head = bot.asks_for(&upload).await;
    assert_eq!((head.header("upload-offset"), head.header("upload-length")), ("40000", "100000"));
    assert_eq!(head.header("cache-control"), "no-store");
    assert!(head.header("upload-metadata").contains(&STANDARD.encode("Grüße.bin")));

    let last = bot.sends_bytes(&upload, 40_000, &all[40_000..]).await;
    assert_eq!((last.status.as_u16(), last.header("upload-offset")), (204, "100000"));
    let file = last.file();
    assert_eq!((&file["name"], &file["size"]), (&"Grüße.bin".into(), &100_000.into()));
    assert_eq!(last.header("hubbub-file-id"), file["id"].to_string());
    assert!(bot.opens(&file).await.bytes == all);

    // The last answer may be lost, so it can be requested again.
    assert_eq!(bot.asks_for(&upload).await.file(), file);
    assert_eq!(bot.sends_bytes(&upload, 100_000, b"").await.file(), file);
    bot.sends_bytes(&upload, 40_000, b"x").await.refuses(409, "wrong_offset", "Upload-Offset");
}

#[tokio::test]
async fn the_first_request_may_contain_bytes() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await.to_string();
    let metadata = metadata(&[("filename", "a.txt"), ("room", &room)]);
    let create = async |length: &str, body: &'static str| {
        let headers = [TUS, BYTES, ("upload-length", length), ("upload-metadata", &metadata)];
        bot.sends(Method::POST, "/uploads", &headers, Some(body.to_owned())).await
    };
    let part = create("5", "hel").await;
    assert_eq!((part.status.as_u16(), part.header("upload-offset")), (201, "3"));
    let whole = bot.sends_bytes(part.header("location"), 3, b"lo").await;
    assert_eq!(bot.opens(&whole.file()).await.bytes, b"hello");
    let whole = create("5", "hello").await;
    assert_eq!((whole.status.as_u16(), whole.header("upload-offset")), (201, "5"));
    assert_eq!(bot.opens(&whole.file()).await.bytes, b"hello");
    assert_eq!(create("0", "").await.file()["size"], 0);
    create("5", "hello!").await.refuses(413, "too_large", "body");
    assert!(program.files_in("uploads").is_empty());
}

#[tokio::test]
async fn an_upload_is_the_same_if_it_begins_again() {
    let program = Program::start().await;
    let (alice, bob) = (program.bot("alice").await, program.bot("bob").await);
    let room = alice.joins("tea").await.to_string();
    bob.joins("tea").await;
    let begin = async |api: &crate::support::Api, name: &str, length: &str| {
        let metadata = metadata(&[("filename", name), ("room", &room), ("upload_id", UPLOAD_ID)]);
        let headers = [TUS, ("upload-length", length), ("upload-metadata", &metadata)];
        api.sends(Method::POST, "/uploads", &headers, None).await
    };
    let upload = begin(&alice, "a.txt", "5").await.header("location").to_owned();
    alice.sends_bytes(&upload, 0, b"hel").await.is(204);
    let again = begin(&alice, "a.txt", "5").await;
    assert_eq!((again.header("location"), again.header("upload-offset")), (&*upload, "3"));
    begin(&alice, "b.txt", "5").await.refuses(409, "upload_id_taken", "upload_id");
    begin(&alice, "a.txt", "6").await.refuses(409, "upload_id_taken", "upload_id");
    // An id belongs to its user.
    assert_ne!(begin(&bob, "a.txt", "5").await.header("location"), upload);
}

#[tokio::test]
async fn refuses_bytes_that_do_not_fit() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    let upload = bot.upload_of(room, "a.txt", 10).await;
    bot.sends_bytes(&upload, 0, b"hello").await.is(204);
    for offset in [0, 4, 6, 11] {
        bot.sends_bytes(&upload, offset, b"x").await.refuses(409, "wrong_offset", "Upload-Offset");
    }
    let beyond = bot.sends_bytes(&upload, 5, b"world!").await.refuses(413, "too_large", "body");
    assert_eq!(beyond["limit"], 10);
    assert_eq!(bot.offset_of(&upload).await, 5, "nothing of that request is kept");
    let patch = async |headers: &[(&str, &str)]| {
        bot.sends(Method::PATCH, &upload, headers, Some("world".to_owned())).await
    };
    let offset = ("upload-offset", "5");
    patch(&[TUS, BYTES]).await.refuses(400, "not_understood", "Upload-Offset");
    patch(&[TUS, BYTES, ("upload-offset", "-5")]).await.refuses(400, "not_understood", "upload-offset");
    patch(&[TUS, offset, ("content-type", "text/plain")]).await.refuses(415, "not_json", "body");
    patch(&[BYTES, offset]).await.refuses(412, "unsupported_version", "Tus-Resumable");
    let wrong = STANDARD.encode(Sha256::digest("World"));
    patch(&[TUS, BYTES, offset, ("upload-checksum", &format!("sha256 {wrong}"))]).await.refuses(
        460,
        "wrong_checksum",
        "Upload-Checksum",
    );
    patch(&[TUS, BYTES, offset, ("upload-checksum", "md5 eA==")]).await.refuses(
        400,
        "not_understood",
        "Upload-Checksum",
    );
    assert_eq!(bot.offset_of(&upload).await, 5);
    let right = STANDARD.encode(Sha256::digest("world"));
    let done = patch(&[TUS, BYTES, offset, ("upload-checksum", &format!("sha256 {right}"))]).await;
    assert_eq!(bot.opens(&done.file()).await.bytes, b"helloworld");
}

#[tokio::test]
async fn refuses_uploads_that_are_not_described() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await.to_string();
    let described = metadata(&[("filename", "a.txt"), ("room", &room)]);
    let create = async |headers: &[(&str, &str)]| {
        let headers = [&[TUS], headers].concat();
        bot.sends(Method::POST, "/uploads", &headers, None).await
    };
    let metadata_header = ("upload-metadata", &*described);
    create(&[metadata_header]).await.refuses(400, "not_understood", "Upload-Length");
    create(&[metadata_header, ("upload-defer-length", "1")]).await.refuses(
        400,
        "not_understood",
        "Upload-Defer-Length",
    );
    create(&[metadata_header, ("upload-length", "5"), ("upload-concat", "partial")]).await.refuses(
        400,
        "not_understood",
        "Upload-Concat",
    );
    for length in ["", "x", "-1", "9223372036854775808"] {
        create(&[metadata_header, ("upload-length", length)]).await.refuses(
            400,
            "not_understood",
            "upload-length",
        );
    }
    create(&[("upload-length", "5")]).await.refuses(400, "not_understood", "Upload-Metadata");
    create(&[("upload-length", "5"), ("upload-metadata", "room !")]).await.refuses(
        400,
        "not_understood",
        "Upload-Metadata",
    );
}

#[tokio::test]
async fn methods_may_be_sent_as_post() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    let upload = bot.upload_of(room, "a.txt", 10).await;
    let post = async |headers: &[(&str, &str)]| {
        bot.sends(Method::POST, &upload, &[&[TUS], headers].concat(), Some("hello".to_owned())).await
    };
    let sent = post(&[BYTES, ("upload-offset", "0"), ("x-http-method-override", "PATCH")]).await;
    assert_eq!((sent.status.as_u16(), sent.header("upload-offset")), (204, "5"));
    post(&[]).await.refuses(400, "not_understood", "X-HTTP-Method-Override");
    post(&[("x-http-method-override", "DELETE")]).await.is(204);
    assert_eq!(bot.asks_for(&upload).await.status, 404);
}

#[tokio::test]
async fn an_upload_belongs_to_its_user() {
    let program = Program::start().await;
    let (alice, bob) = (program.bot("alice").await, program.bot("bob").await);
    let room = alice.joins("tea").await;
    bob.joins("tea").await;
    let upload = alice.upload_of(room, "a.txt", 5).await;
    assert_eq!(bob.asks_for(&upload).await.status, 404);
    bob.sends_bytes(&upload, 0, b"hello").await.refuses(404, "not_found", "");
    bob.sends(Method::DELETE, &upload, &[TUS], None).await.refuses(404, "not_found", "");
    let other = upload.replace(|letter: char| letter.is_ascii_digit() && letter != '1', "0");
    for path in ["/api/v1/uploads/x", "/api/v1/uploads/..%2f..%2fchat.db", &other] {
        alice.sends_bytes(path, 0, b"hello").await.refuses(404, "not_found", "");
    }

    let file = alice.sends_bytes(&upload, 0, b"hello").await.file();
    assert_eq!(alice.opens(&file).await.bytes, b"hello");
    assert_eq!(
        bob.opens(&file).await.refusal(),
        (404, "not_found".to_owned()),
        "it is not part of a message yet"
    );
    alice.sends(Method::DELETE, &upload, &[TUS], None).await.is(204);
    assert_eq!(alice.opens(&file).await.status, 404);
    assert_eq!(alice.asks_for(&upload).await.status, 404);
    assert!(program.files_in("files").is_empty());
}

#[tokio::test]
async fn a_user_who_leaves_the_room_completes_no_upload() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    let upload = bot.upload_of(room, "a.txt", 5).await;
    bot.sends_bytes(&upload, 0, b"hel").await.is(204);
    bot.deletes(&format!("/rooms/{room}/members/me")).await.is(204);
    bot.sends_bytes(&upload, 3, b"lo").await.refuses(403, "not_joined", "room");
    assert_eq!(bot.asks_for(&upload).await.status, 404);
    assert!(program.files_in("files").is_empty() && program.files_in("uploads").is_empty());
}

#[tokio::test]
async fn keeps_the_bytes_that_arrived_before_the_connection_was_lost() {
    let program = Program::start().await;
    let guest = program.guest("alice").await;
    let alice = crate::support::Api::new(&guest, &program).await;
    let room = alice.joins("tea").await;
    let all = content(200_000);
    let upload = alice.upload_of(room, "a.bin", all.len()).await;
    let head = format!(
        "PATCH {upload} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\ntus-resumable: 1.0.0\r\nupload-offset: 0\r\n\
         content-type: application/offset+octet-stream\r\ncontent-length: 200000\r\n\r\n",
        program.address, guest.cookie
    );
    let mut connection = Raw::connect(&program.address).await;
    connection.sends(&[head.as_bytes(), &all[..150_000]].concat()).await;
    // The request still waits for bytes. Asking for the offset interrupts it, and the server keeps what it received.
    let mut offset = alice.offset_of(&upload).await;
    drop(connection);
    while offset == 0 {
        // The bytes were not read when the request was interrupted; a second request sends them. It is refused if the
        // server has read those of the first one in the meantime.
        alice.sends_bytes(&upload, 0, &all[..150_000]).await;
        offset = alice.offset_of(&upload).await;
    }
    assert!(offset <= 150_000);
    let done = alice.sends_bytes(&upload, offset, &all[offset..]).await;
    assert!(alice.opens(&done.file()).await.bytes == all);
}

#[tokio::test]
async fn an_upload_continues_after_the_server_was_killed() {
    let mut program = Program::start().await;
    let guest = program.guest("alice").await;
    let alice = crate::support::Api::new(&guest, &program).await;
    let room = alice.joins("tea").await;
    let all = content(50_000);
    let upload = alice.upload_of(room, "a.bin", all.len()).await;
    alice.sends_bytes(&upload, 0, &all[..20_000]).await.is(204);
    program.kill().await;
    program.restart().await;
    assert_eq!(alice.offset_of(&upload).await, 20_000);
    let done = alice.sends_bytes(&upload, 20_000, &all[20_000..]).await;
    assert!(alice.opens(&done.file()).await.bytes == all);
}

#[tokio::test]
async fn describes_itself_to_clients() {
    let program = Program::start_with(&["--max-file-size", "1MiB"]).await;
    let response = http().request(Method::OPTIONS, program.url("/api/v1/uploads")).send();
    let response = tokio::time::timeout(TEST_TIMEOUT, response).await.unwrap().unwrap();
    assert!(response.status().is_success());
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!((header("tus-version"), header("tus-resumable")), ("1.0.0".to_owned(), "1.0.0".to_owned()));
    assert_eq!(header("tus-extension"), "creation,creation-with-upload,checksum,expiration,termination");
    assert_eq!(
        (header("tus-max-size"), header("tus-checksum-algorithm")),
        ("1048576".to_owned(), "sha1,sha256".to_owned())
    );
}
