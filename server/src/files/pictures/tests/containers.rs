//! Frames and parts of files.

use webp::{AnimEncoder, AnimFrame, WebPConfig};

use super::samples::*;
use crate::files::pictures::PictureFormat;

/// An animation in WebP.
fn animated_webp(frames: i32) -> Vec<u8> {
    let config = WebPConfig::new().unwrap();
    let mut encoder = AnimEncoder::new(20, 10, &config);
    let pixels: Vec<Vec<u8>> =
        (0..frames).map(|frame| [u8::try_from(frame * 60).unwrap(), 9, 200].repeat(200)).collect();
    for (at, pixels) in (0..).zip(&pixels) {
        encoder.add_frame(AnimFrame::from_rgb(pixels, 20, 10, at * 100));
    }
    encoder.encode().to_vec()
}

/// An animation in PNG.
fn animated_png(frames: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 20, 10);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_animated(frames, 0).unwrap();
    let mut writer = encoder.write_header().unwrap();
    for frame in 0..frames {
        let pixels = [u8::try_from(frame * 60).unwrap(), 9, 200].repeat(200);
        writer.write_image_data(&pixels).unwrap();
    }
    writer.finish().unwrap();
    file
}

#[test]
fn counts_frames_and_shows_the_first() {
    for (format, file, first) in [
        (PictureFormat::Gif, gif(3), [0, 0, 0]),
        (PictureFormat::Png, animated_png(3), [0, 9, 200]),
        (PictureFormat::WebP, animated_webp(3), [0, 9, 200]),
    ] {
        let (picture, thumbnails) = render(&file).unwrap();
        assert_eq!((picture.format, picture.frames, picture.width, picture.height), (format, 3, 20, 10));
        let small = decode_webp(&thumbnails.small).to_rgb8();
        assert_eq!(small.dimensions(), (20, 10));
        assert!(is_like(small.get_pixel(10, 5).0, first), "{format:?}: {:?}", small.get_pixel(10, 5));
    }
}

#[test]
fn animations_keep_their_frames_when_stripped() {
    for animation in [gif(3), animated_png(3), animated_webp(3)] {
        let stripped = strip(&animation).unwrap();
        assert_eq!(inspect(&stripped).unwrap(), inspect(&animation).unwrap());
        assert_eq!(stripped, animation, "it has nothing private");
    }
}

#[test]
fn bytes_between_jpeg_segments_are_passed_over() {
    let mut picture = file(PictureFormat::Jpeg, &corners(64, 48));
    let after_header = 20;
    picture.splice(after_header..after_header, *b"\0SECRET\xFF\0\xFF\xFF");
    render(&picture).unwrap();
    let stripped = strip(&picture).unwrap();
    assert!(!contains(&stripped, SECRET));
    render(&stripped).unwrap();
}
