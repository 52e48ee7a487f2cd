//! What is a picture, and what is a plain file.

use std::io::Cursor;

use super::samples::*;
use crate::files::pictures::{DecodeLimits, NoPicture, PictureFormat};

#[test]
fn recognizes_pictures_by_their_content() {
    for format in ALL {
        let picture = inspect(&file(format, &corners(64, 48))).unwrap();
        assert_eq!((picture.format, picture.width, picture.height, picture.frames), (format, 64, 48, 1));
    }
}

#[test]
fn documents_are_no_pictures() {
    for content in [
        "",
        "G",
        "hello",
        "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>",
        "<!DOCTYPE html><script>alert(1)</script>",
        "%PDF-1.7",
    ] {
        assert!(matches!(inspect(content.as_bytes()), Err(NoPicture::UnknownFormat)), "{content}");
    }
}

#[test]
fn texts_that_begin_like_pictures_are_no_pictures() {
    let texts: [&[u8]; 6] = [
        b"BMW is a maker of cars, and this is a letter to it.",
        b"GIF89a/*<html><script>alert(1)</script>*/=1;",
        b"GIF89a is a format for pictures, and this text is about it; it has some length.",
        b"\xFF\xD8\xFF<html><script>alert(1)</script>",
        b"\x89PNG\r\n\x1A\n<html><script>alert(1)</script>",
        b"RIFF\x40\0\0\0WEBP<html><script>alert(1)</script>",
    ];
    for text in texts {
        assert!(inspect(text).is_err(), "{}", text.escape_ascii());
        assert!(render(text).is_err(), "{}", text.escape_ascii());
    }
}

#[test]
fn refuses_a_picture_over_the_limit_of_a_side() {
    let error = inspect(&png_header(60_000, 60_000, 8, 2)).unwrap_err();
    assert_eq!(error.to_string(), "a side has 60000 pixels, limit 16384");
    for (width, height) in [(16_385, 1), (1, 16_385)] {
        let picture = png_header(width, height, 8, 2);
        assert!(matches!(inspect(&picture), Err(NoPicture::TooLong { side: 16_385, .. })));
    }
    inspect(&png_header(16_384, 1, 8, 2)).unwrap();
}

#[test]
fn refuses_a_picture_over_the_limit_of_pixels() {
    inspect(&png_header(8_192, 8_192, 8, 2)).unwrap();
    let error = inspect(&png_header(8_193, 8_192, 8, 2)).unwrap_err();
    assert_eq!(error.to_string(), "67117056 pixels, limit 67108864");
}

#[test]
fn refuses_a_picture_whose_decoding_takes_too_much_memory() {
    // RGBA with 16 bits takes 8 bytes a pixel, and 4 when it is reduced to 8 bits.
    let error = inspect(&png_header(8_000, 8_000, 16, 6)).unwrap_err();
    assert_eq!(error.to_string(), "decoding takes 768000000 bytes of memory, limit 268435456");
    inspect(&png_header(4_000, 4_000, 16, 6)).unwrap();
}

#[test]
fn refuses_a_picture_without_pixels() {
    for picture in [
        png_header(0, 0, 8, 2),
        png_header(0, 5, 8, 2),
        b"GIF89a\0\0\0\0\0\0\0\x2C\0\0\0\0\0\0\0\0\0\x02\0\x3B".to_vec(),
    ] {
        assert!(matches!(inspect(&picture), Err(NoPicture::Broken(_))), "{:?}", inspect(&picture));
    }
}

#[test]
fn refuses_an_animation_over_the_limit_of_frames() {
    assert_eq!(inspect(&long_gif(1_000)).unwrap().frames, 1_000);
    let error = inspect(&long_gif(10_000)).unwrap_err();
    assert_eq!(error.to_string(), "10000 frames, limit 1000");
}

#[test]
fn refuses_a_file_over_the_limit_of_bytes() {
    let picture = file(PictureFormat::Png, &corners(64, 48));
    let limits = DecodeLimits { file_bytes: picture.len() as u64 - 1, ..DecodeLimits::default() };
    let refused = crate::files::pictures::inspect(&mut Cursor::new(&picture), &limits);
    assert!(matches!(refused, Err(NoPicture::FileTooLarge { .. })));
}

#[test]
fn refuses_a_truncated_picture() {
    for format in ALL {
        let picture = file(format, &corners(64, 48));
        for length in (0..picture.len()).step_by(7) {
            let cut = &picture[..length];
            assert!(render(cut).is_err(), "{format:?} of {length} bytes of {}", picture.len());
        }
    }
}

#[test]
fn names_a_truncated_picture_in_the_log() {
    for format in [PictureFormat::Gif, PictureFormat::Jpeg, PictureFormat::Png, PictureFormat::WebP] {
        let picture = file(format, &corners(64, 48));
        let cut = &picture[..picture.len() * 2 / 3];
        assert!(matches!(inspect(cut), Err(NoPicture::Truncated)), "{format:?}: {:?}", inspect(cut));
    }
}

#[test]
fn damaged_pictures_do_no_harm() {
    for format in ALL {
        let picture = file(format, &corners(16, 10));
        for at in 0..picture.len().min(1_500) {
            for change in [0x01, 0xFF] {
                let mut damaged = picture.clone();
                damaged[at] ^= change;
                if let Ok((picture, thumbnails)) = render(&damaged) {
                    assert!(picture.width > 0 && !thumbnails.small.is_empty());
                }
                _ = strip(&damaged);
            }
        }
    }
}
