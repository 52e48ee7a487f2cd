//! Pictures: their size, their smaller versions, and what is removed from them.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, ImageReader, RgbImage};
use serde_json::json;

use crate::support::files::path_of;
use crate::support::{Api, Program};

/// Returns a picture of this size, red on the left and blue on the right, as a file.
fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let pixels = RgbImage::from_fn(width, height, |x, _| {
        image::Rgb(if x < width / 2 { [255, 0, 0] } else { [0, 0, 255] })
    });
    let mut file = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(pixels).write_to(&mut file, format).unwrap();
    file.into_inner()
}

/// Returns a photo with EXIF that turns it a quarter to the right, and with a position.
fn turned_photo() -> Vec<u8> {
    let exif = b"\x49\x49\x2a\0\x08\0\0\0\
        \x02\0\
        \x12\x01\x03\0\x01\0\0\0\x06\0\0\0\
        \x0e\x01\x02\0\x0b\0\0\0\x26\0\0\0\
        \0\0\0\0\
        my address\0";
    let segment = [&b"Exif\0\0"[..], exif].concat();
    let length = u16::try_from(segment.len() + 2).unwrap().to_be_bytes();
    let photo = picture(64, 32, ImageFormat::Jpeg);
    [&photo[..2], &[0xff, 0xe1], &length, &segment, &photo[2..]].concat()
}

fn size_of(file: &[u8]) -> (u32, u32) {
    ImageReader::new(Cursor::new(file)).with_guessed_format().unwrap().into_dimensions().unwrap()
}

async fn robot(program: &Program) -> (Api, i64) {
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    (bot, room)
}

#[tokio::test]
async fn have_a_size_a_preview_and_thumbnails() {
    let program = Program::start().await;
    let (bot, room) = robot(&program).await;
    let file = bot.uploads(room, "sea.png", &picture(1_000, 500, ImageFormat::Png)).await;
    assert_eq!((&file["width"], &file["height"]), (&json!(1_000), &json!(500)));
    assert_eq!(file["content_type"], "image/png");
    assert!(file["preview"].as_str().unwrap().starts_with("image/webp;base64,"));

    let path = path_of(&file);
    let small = bot.downloads(&format!("{path}?size=small"), &[]).await;
    assert_eq!((small.status.as_u16(), small.header("content-type")), (200, "image/webp"));
    assert_eq!(small.header("content-disposition"), "inline; filename=\"sea.small.webp\"");
    assert_eq!(size_of(&small.bytes), (480, 240));
    let large = bot.downloads(&format!("{path}?size=large"), &[]).await;
    assert_eq!(size_of(&large.bytes), (1_000, 500), "it is not enlarged");
    let tags = [small.header("etag"), large.header("etag"), bot.opens(&file).await.header("etag")]
        .map(str::to_owned);
    assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2], "{tags:?}");
    let known = bot.downloads(&format!("{path}?size=small"), &[("if-none-match", &tags[0])]).await;
    assert_eq!(known.status, 304);

    let text = bot.uploads(room, "notes.txt", b"hello").await;
    assert_eq!(bot.downloads(&format!("{}?size=small", path_of(&text)), &[]).await.bytes, b"hello");
    assert_eq!(program.files_in("files").len(), 4, "three versions of the picture, and the text");
}

#[tokio::test]
async fn are_turned_and_lose_private_data() {
    let program = Program::start().await;
    let (bot, room) = robot(&program).await;
    let photo = turned_photo();
    let has_address = |file: &[u8]| file.windows(10).any(|part| part == b"my address");
    assert!(has_address(&photo));
    let file = bot.uploads(room, "photo.jpg", &photo).await;
    assert_eq!((&file["width"], &file["height"]), (&json!(32), &json!(64)));
    let stored = bot.opens(&file).await.bytes;
    assert!(!has_address(&stored));
    assert_eq!(file["size"], stored.len());
    let small = bot.downloads(&format!("{}?size=small", path_of(&file)), &[]).await;
    assert_eq!(size_of(&small.bytes), (32, 64));

    let keeping = Program::start_with(&["--keep-exif"]).await;
    let (bot, room) = robot(&keeping).await;
    let file = bot.uploads(room, "photo.jpg", &photo).await;
    assert_eq!(bot.opens(&file).await.bytes, photo);
}

#[tokio::test]
async fn a_resumed_upload_of_a_photo_tells_the_length_that_the_client_knows() {
    let program = Program::start().await;
    let (bot, room) = robot(&program).await;
    let photo = turned_photo();
    let upload = bot.upload_of(room, "photo.jpg", photo.len()).await;
    let last = bot.sends_bytes(&upload, 0, &photo).await;
    assert_eq!(last.header("upload-offset"), photo.len().to_string());
    let head = bot.asks_for(&upload).await;
    let length = photo.len().to_string();
    assert_eq!((head.header("upload-offset"), head.header("upload-length")), (&*length, &*length));
    assert!(head.file()["size"].as_u64().unwrap() < photo.len() as u64);
}

#[tokio::test]
async fn what_only_looks_like_a_picture_is_a_plain_file() {
    let program = Program::start().await;
    let (bot, room) = robot(&program).await;
    let whole = picture(64, 64, ImageFormat::Png);
    // The head of a PNG that announces 60,000 x 60,000 pixels; its checksum is that of these bytes.
    let mut huge = whole.clone();
    huge[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    let checksum = crc32(&huge[12..29]);
    huge[29..33].copy_from_slice(&checksum.to_be_bytes());
    for (name, content) in [("half.png", &whole[..whole.len() / 2]), ("huge.png", &huge[..])] {
        let file = bot.uploads(room, name, content).await;
        assert_eq!(file["content_type"], "application/octet-stream", "{name}");
        assert!(file.get("width").is_none() && file.get("preview").is_none(), "{name}");
        let download = bot.downloads(&format!("{}?size=small", path_of(&file)), &[]).await;
        assert!(download.header("content-disposition").starts_with("attachment"), "{name}");
        assert_eq!(download.bytes, content, "{name}");
    }
    // A picture is one whatever its name says, and a page is none.
    let lying = bot.uploads(room, "notes.html", &whole).await;
    assert_eq!((&lying["content_type"], &lying["width"]), (&json!("image/png"), &json!(64)));
    let page = bot.uploads(room, "cat.png", b"<html><script>alert(1)</script>").await;
    assert!(page.get("width").is_none());
    assert!(!bot.opens(&page).await.header("content-type").starts_with("image/"));
}

#[tokio::test]
async fn of_deleted_messages_are_gone() {
    let program = Program::start().await;
    let (bot, room) = robot(&program).await;
    let file = bot.uploads(room, "sea.png", &picture(64, 64, ImageFormat::Png)).await;
    let message = json!({"text": "", "files": [file["id"]]});
    let posted = bot.post(&format!("/rooms/{room}/messages"), message).await.is(201).clone();
    assert_eq!(posted["files"], json!([file]));
    bot.deletes(&format!("/messages/{}", posted["id"])).await;
    for path in [path_of(&file), format!("{}?size=small", path_of(&file))] {
        assert_eq!(bot.downloads(&path, &[]).await.status, 404, "{path}");
    }
}

/// Computes the checksum of a part of a PNG (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 },
        )
    })
}
