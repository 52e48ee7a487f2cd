//! Limits of files, and a full disk.

use reqwest::Method;

use crate::support::files::{TUS, content};
use crate::support::{Api, Program};

#[tokio::test]
async fn refuses_files_over_the_size_limit() {
    let program = Program::start_with(&["--max-file-size", "1000"]).await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    let refused = bot.begins_upload(room, "a.bin", 1_001).await.refuses(413, "too_large", "file");
    assert_eq!(refused["limit"], 1_000);
    let upload = bot.upload_of(room, "a.bin", 1_000).await;
    bot.sends_bytes(&upload, 0, &content(1_000)).await.is(204);
}

#[tokio::test]
async fn refuses_files_when_the_space_of_the_user_or_the_server_is_used_up() {
    let program = Program::start_with(&["--max-storage-per-user", "1000", "--max-storage", "1500"]).await;
    let (alice, bob) = (program.bot("alice").await, program.bot("bob").await);
    let room = alice.joins("tea").await;
    bob.joins("tea").await;
    // An upload counts with its whole size from its begin.
    let upload = alice.upload_of(room, "a.bin", 900).await;
    let refused = alice.begins_upload(room, "b.bin", 101).await.refuses(507, "storage_full", "file");
    assert_eq!(refused["limit"], 1_000);
    let refused = bob.begins_upload(room, "c.bin", 601).await.refuses(507, "storage_full", "file");
    assert_eq!(refused["limit"], 1_500);
    bob.upload_of(room, "c.bin", 600).await;
    alice.sends(Method::DELETE, &upload, &[TUS], None).await.is(204);
    alice.upload_of(room, "b.bin", 900).await;
}

#[tokio::test]
async fn refuses_a_flood_of_uploads() {
    let program = Program::start_with(&["--limit-uploading", "2/1"]).await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    bot.upload_of(room, "a.bin", 5).await;
    bot.uploads(room, "b.bin", b"x").await;
    let refused = bot.begins_upload(room, "c.bin", 5).await;
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
    refused.refuses(429, "too_fast", "");
}

#[tokio::test]
async fn a_full_disk_leaves_nothing_behind_and_works_again_with_room() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    let large = content(9_000_000);
    let upload = bot.upload_of(room, "large.bin", large.len()).await;
    // The limit is above the size of the database, which must still be written.
    program.limit_file_size(Some(8_500_000));
    let refused = bot.sends_bytes(&upload, 0, &large).await;
    let refused = refused.refuses(507, "storage_full", "file");
    assert!(refused["detail"].as_str().unwrap().contains("disk"), "{refused}");
    assert_eq!(bot.offset_of(&upload).await, 0);
    let name = || crate::support::files::form(&[("file", "large.bin", &large)]);
    bot.uploads_form(room, name()).await.refuses(507, "storage_full", "file");
    assert!(program.files_in("files").is_empty());
    let staged = program.files_in("uploads");
    assert!(staged.len() <= 1, "{staged:?}");
    program.limit_file_size(None);
    let done = bot.sends_bytes(&upload, 0, &large).await;
    assert!(bot.opens(&done.file()).await.bytes == large);
    let file = bot.uploads(room, "large.bin", &large).await;
    assert!(bot.opens(&file).await.bytes == large);
}

#[tokio::test]
async fn a_user_has_few_uploads_at_once() {
    let program = Program::start_with(&["--max-uploads-per-user", "0"]).await;
    let bot: Api = program.bot("robot").await;
    let room = bot.joins("tea").await;
    let refused = bot.begins_upload(room, "a.bin", 5).await;
    assert_eq!(refused.header("retry-after"), "2");
    assert_eq!(refused.refuses(429, "too_many_uploads", "file")["limit"], 0);
}
