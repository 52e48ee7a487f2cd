//! Sizes and colours of thumbnails.

use base64::Engine;
use image::{DynamicImage, Rgb, RgbImage, Rgba, RgbaImage};
use moxcms::ColorProfile;

use super::samples::*;
use crate::files::pictures::PictureFormat;

fn size_of(file: &[u8]) -> (u32, u32) {
    let image = decode_webp(file);
    (image.width(), image.height())
}

#[test]
fn thumbnails_fit_their_squares() {
    for ((width, height), small, large) in [
        ((1_800, 1_200), (480, 320), (1_600, 1_067)),
        ((600, 1_000), (288, 480), (600, 1_000)),
        ((480, 480), (480, 480), (480, 480)),
        ((30, 20), (30, 20), (30, 20)),
        ((1, 1), (1, 1), (1, 1)),
        ((16_000, 1), (480, 1), (1_600, 1)),
        ((1, 5_000), (1, 480), (1, 1_600)),
    ] {
        let (picture, thumbnails) = render(&file(PictureFormat::Png, &corners(width, height))).unwrap();
        assert_eq!((picture.width, picture.height), (width, height));
        assert_eq!(size_of(&thumbnails.small), small, "{width} x {height}");
        assert_eq!(size_of(&thumbnails.large), large, "{width} x {height}");
    }
}

#[test]
fn thumbnails_stay_transparent() {
    // Transparent pixels may have any colour, which must not be seen at their borders.
    let picture: DynamicImage = RgbaImage::from_fn(600, 600, |x, y| {
        if (x / 7 + y / 7) % 2 == 0 { Rgba([0, 0, 255, 255]) } else { Rgba([255, 255, 0, 0]) }
    })
    .into();
    for format in [PictureFormat::Png, PictureFormat::WebP] {
        let (_, thumbnails) = render(&file(format, &picture)).unwrap();
        let small = decode_webp(&thumbnails.small).to_rgba8();
        assert!(small.pixels().any(|pixel| pixel.0[3] < 30) && small.pixels().any(|pixel| pixel.0[3] > 225));
        for pixel in small.pixels().filter(|pixel| pixel.0[3] > 100) {
            assert!(pixel.0[0] < 60 && pixel.0[1] < 60, "{pixel:?}");
        }
    }
}

#[test]
fn thumbnails_have_the_colors_of_srgb() {
    let wide = ColorProfile::new_display_p3().encode().unwrap();
    for format in WITH_EXIF {
        let image = RgbImage::from_pixel(60, 60, Rgb([200, 40, 40])).into();
        let red = |profile| {
            let (_, thumbnails) = render(&file_with(format, &image, None, profile)).unwrap();
            decode_webp(&thumbnails.small).to_rgb8().get_pixel(30, 30).0[0]
        };
        let (plain, converted) = (red(None), red(Some(wide.clone())));
        assert!(plain.abs_diff(200) < 6, "{format:?} {plain}");
        assert!(converted > plain + 8, "{format:?}: the red of a wide profile is stronger, {converted}");
        assert!(red(Some(b"no profile".repeat(50))).abs_diff(200) < 6, "{format:?}");
    }
}

#[test]
fn previews_are_tiny() {
    let noise: DynamicImage = RgbaImage::from_fn(500, 500, |x, y| {
        let hash = (x * 31 + y).wrapping_mul(2_654_435_761).rotate_left(15).wrapping_mul(2_246_822_519);
        Rgba(hash.to_be_bytes())
    })
    .into();
    for (image, limit) in [(corners(600, 400), 100), (noise, 400)] {
        let (_, thumbnails) = render(&file(PictureFormat::Png, &image)).unwrap();
        let preview = base64::engine::general_purpose::STANDARD.decode(&thumbnails.preview).unwrap();
        assert!(preview.len() <= limit, "{} bytes", preview.len());
        let size = size_of(&preview);
        assert!(size.0.max(size.1) == 16, "{size:?}");
    }
    let (_, thumbnails) = render(&file(PictureFormat::Png, &corners(300, 200))).unwrap();
    let preview = base64::engine::general_purpose::STANDARD.decode(&thumbnails.preview).unwrap();
    let [red, _, blue, _] = corners_of(&decode_webp(&preview));
    assert!(red[0] > red[2] && blue[2] > blue[0], "{red:?} {blue:?}");
}
