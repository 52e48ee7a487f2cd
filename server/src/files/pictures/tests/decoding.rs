//! Kinds of pixels, and bombs.

use std::io::Cursor;

use image::{DynamicImage, GrayAlphaImage, GrayImage, ImageBuffer, Rgba};

use super::flat_jpeg::{JpegKind, flat_jpeg};
use super::samples::*;
use crate::files::pictures::{DecodeLimits, NoPicture, PictureFormat};

fn middle_of(file: &[u8]) -> [u8; 3] {
    let image = decode_webp(file).to_rgb8();
    image.get_pixel(image.width() / 2, image.height() / 2).0
}

/// A PNG file of a palette of two colours.
fn palette_png(depth: png::BitDepth) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 16, 16);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(depth);
    encoder.set_palette([RED, BLUE].concat());
    let rows = 16 * 16 * depth as usize / 8;
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&vec![if depth == png::BitDepth::One { 0xFF } else { 1 }; rows]).unwrap();
    writer.finish().unwrap();
    file
}

#[test]
fn shows_all_kinds_of_png_pixels() {
    let deep = ImageBuffer::from_pixel(16, 16, Rgba([51_400u16, 25_700, 0, 65_535]));
    let images: [(DynamicImage, [u8; 3]); 4] = [
        (deep.into(), [200, 100, 0]),
        (GrayImage::from_pixel(16, 16, [120].into()).into(), [120; 3]),
        (GrayAlphaImage::from_pixel(16, 16, [120, 255].into()).into(), [120; 3]),
        (ImageBuffer::from_pixel(16, 16, image::Luma([30_840u16])).into(), [120; 3]),
    ];
    for (image, color) in images {
        let (_, thumbnails) = render(&file(PictureFormat::Png, &image)).unwrap();
        assert!(is_like(middle_of(&thumbnails.small), color), "{:?}", image.color());
    }
    for depth in [png::BitDepth::One, png::BitDepth::Eight] {
        let (_, thumbnails) = render(&palette_png(depth)).unwrap();
        assert!(is_like(middle_of(&thumbnails.small), BLUE), "{depth:?}");
    }
}

#[test]
fn shows_all_kinds_of_jpeg_pixels() {
    for kind in [JpegKind::Baseline, JpegKind::Progressive(1), JpegKind::Progressive(2)] {
        for (components, color) in [
            (&[-28][..], [100; 3]),
            (&[72, 0, 0], [200; 3]),
            // Files of printers have inverted CMYK: much cyan is a small number.
            (&[-127, 127, 127, 127], [0, 255, 255]),
        ] {
            let picture = flat_jpeg(kind, 40, 24, components);
            let (picture, thumbnails) = render(&picture).unwrap();
            assert_eq!((picture.width, picture.height), (40, 24));
            let middle = middle_of(&thumbnails.small);
            assert!(is_like(middle, color), "{components:?}: {middle:?}, not {color:?}");
        }
    }
}

#[test]
fn refuses_a_progressive_jpeg_that_takes_too_much_memory() {
    // The file claims a size and has no pixels: its coefficients would take 6 bytes a pixel, beside 3 for the pixels.
    let mut picture = flat_jpeg(JpegKind::Progressive(1), 8, 8, &[0, 0, 0]);
    let frame = picture.windows(2).position(|bytes| bytes == [0xFF, 0xC2]).unwrap();
    let side = 6_000u16.to_be_bytes();
    picture[frame + 5..frame + 7].copy_from_slice(&side);
    picture[frame + 7..frame + 9].copy_from_slice(&side);
    assert!(matches!(inspect(&picture), Err(NoPicture::TooMuchMemory { bytes: 324_000_000, .. })));
}

#[test]
fn refuses_a_jpeg_of_many_scans() {
    render(&flat_jpeg(JpegKind::Progressive(50), 16, 16, &[0])).unwrap();
    assert!(render(&flat_jpeg(JpegKind::Progressive(5_000), 16, 16, &[0])).is_err());
}

/// A PNG file of zeros that says that it has another size.
fn lying_png(width: u32, height: u32, says: (u32, u32)) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgba);
    let zeros = vec![0; width as usize * height as usize * 4];
    encoder.write_header().unwrap().write_image_data(&zeros).unwrap();
    file[16..20].copy_from_slice(&says.0.to_be_bytes());
    file[20..24].copy_from_slice(&says.1.to_be_bytes());
    let checksum = crc32fast::hash(&file[12..29]).to_be_bytes();
    file[29..33].copy_from_slice(&checksum);
    file
}

#[test]
fn decodes_no_more_than_the_limits_allow() {
    let bomb = lying_png(1_000, 1_000, (1_000, 1_000));
    assert!(bomb.len() < 20_000, "{}", bomb.len());
    let limits = DecodeLimits { decoder_bytes: 3_999_999, ..DecodeLimits::default() };
    let refused = crate::files::pictures::render(&mut Cursor::new(&bomb), &limits);
    assert!(matches!(refused, Err(NoPicture::TooMuchMemory { bytes: 4_000_000, .. })));
    render(&bomb).unwrap();
}

#[test]
fn a_picture_with_more_or_fewer_pixels_than_it_says_does_no_harm() {
    let more = lying_png(2_000, 2_000, (8, 8));
    let (picture, _) = (inspect(&more).unwrap(), render(&more));
    assert_eq!((picture.width, picture.height), (8, 8));
    assert!(render(&lying_png(8, 8, (2_000, 2_000))).is_err());
}
