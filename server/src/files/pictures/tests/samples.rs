//! Picture files.

use std::io::Cursor;

use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, Frame, ImageEncoder, ImageFormat, Rgb, RgbImage, RgbaImage};

use crate::files::pictures::{DecodeLimits, NoPicture, Picture, PictureFormat, Thumbnails};

pub(super) const RED: [u8; 3] = [220, 20, 20];
pub(super) const GREEN: [u8; 3] = [20, 200, 20];
pub(super) const BLUE: [u8; 3] = [20, 20, 220];
pub(super) const WHITE: [u8; 3] = [250, 250, 250];

/// The formats that are written with EXIF and profiles.
pub(super) const WITH_EXIF: [PictureFormat; 3] =
    [PictureFormat::Jpeg, PictureFormat::Png, PictureFormat::WebP];
/// All formats.
pub(super) const ALL: [PictureFormat; 5] =
    [PictureFormat::Bmp, PictureFormat::Gif, PictureFormat::Jpeg, PictureFormat::Png, PictureFormat::WebP];

/// Text that must not be in a file without private data.
pub(super) const SECRET: &[u8] = b"SECRET";

/// A picture with corners in red, green (right), blue (below) and white.
pub(super) fn corners(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => Rgb(RED),
        (false, true) => Rgb(GREEN),
        (true, false) => Rgb(BLUE),
        (false, false) => Rgb(WHITE),
    })
    .into()
}

/// Writes a file.
pub(super) fn file(format: PictureFormat, image: &DynamicImage) -> Vec<u8> {
    match format {
        PictureFormat::Bmp | PictureFormat::Gif => {
            let mut file = Cursor::new(Vec::new());
            image.write_to(&mut file, format.codec()).unwrap();
            file.into_inner()
        }
        _ => file_with(format, image, None, None),
    }
}

/// Writes a file with an EXIF block and a colour profile.
pub(super) fn file_with(
    format: PictureFormat,
    image: &DynamicImage,
    exif: Option<Vec<u8>>,
    profile: Option<Vec<u8>>,
) -> Vec<u8> {
    fn write(
        mut encoder: impl ImageEncoder,
        image: &DynamicImage,
        exif: Option<Vec<u8>>,
        profile: Option<Vec<u8>>,
    ) {
        if let Some(exif) = exif {
            encoder.set_exif_metadata(exif).unwrap();
        }
        if let Some(profile) = profile {
            encoder.set_icc_profile(profile).unwrap();
        }
        image.write_with_encoder(encoder).unwrap();
    }
    let mut file = Vec::new();
    match format {
        PictureFormat::Jpeg => write(JpegEncoder::new_with_quality(&mut file, 90), image, exif, profile),
        PictureFormat::Png => write(PngEncoder::new(&mut file), image, exif, profile),
        PictureFormat::WebP => write(WebPEncoder::new_lossless(&mut file), image, exif, profile),
        PictureFormat::Bmp | PictureFormat::Gif => panic!("{format:?} has no EXIF"),
    }
    file
}

/// An EXIF block as of a camera: a maker, an orientation and a position.
pub(super) fn exif(orientation: u8) -> Vec<u8> {
    let mut block = b"MM\0\x2A\0\0\0\x08\0\x03".to_vec();
    // The maker: 12 letters at byte 50.
    block.extend(b"\x01\x0F\0\x02\0\0\0\x0C\0\0\0\x32");
    block.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    // The position: a directory at byte 62.
    block.extend(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x3E");
    block.extend(b"\0\0\0\0");
    assert_eq!(block.len(), 50);
    block.extend(b"SECRETCAM 1\0");
    // The latitude: three fractions at byte 80, in the words of the secret.
    block.extend(b"\0\x01\0\x02\0\x05\0\0\0\x03\0\0\0\x50\0\0\0\0");
    block.extend(b"\0\0\0\x34\0\0\0\x01SECRET\0\x01SECRET\0\x01");
    block
}

/// An animation in GIF.
pub(super) fn gif(frames: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = GifEncoder::new(&mut file);
    for frame in 0..frames {
        let gray = u8::try_from(frame * 40 % 256).unwrap();
        let image = RgbaImage::from_pixel(20, 10, [gray, 0, 0, 255].into());
        encoder.encode_frame(Frame::new(image)).unwrap();
    }
    drop(encoder);
    file
}

/// An animation in GIF whose frames take the fewest bytes.
pub(super) fn long_gif(frames: usize) -> Vec<u8> {
    let mut file = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF".to_vec();
    for _ in 0..frames {
        file.extend(b"\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0");
    }
    file.push(0x3B);
    file
}

/// A chunk of a PNG file.
pub(super) fn png_chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut chunk = u32::try_from(content.len()).unwrap().to_be_bytes().to_vec();
    chunk.extend(kind);
    chunk.extend(content);
    let checksum = crc32fast::hash(&chunk[4..]);
    chunk.extend(checksum.to_be_bytes());
    chunk
}

/// A PNG file of any size, with one byte of pixels.
pub(super) fn png_header(width: u32, height: u32, depth: u8, color: u8) -> Vec<u8> {
    let mut header = width.to_be_bytes().to_vec();
    header.extend(height.to_be_bytes());
    header.extend([depth, color, 0, 0, 0]);
    let chunks = [png_chunk(b"IHDR", &header), png_chunk(b"IDAT", &[0x78]), png_chunk(b"IEND", &[])];
    [b"\x89PNG\r\n\x1A\n".to_vec(), chunks.concat()].concat()
}

/// A PNG file with further chunks after its header.
pub(super) fn with_png_chunks(mut png: Vec<u8>, chunks: &[Vec<u8>]) -> Vec<u8> {
    png.splice(33..33, chunks.concat());
    png
}

/// A JPEG file with further segments at its start.
pub(super) fn with_jpeg_segments(mut jpeg: Vec<u8>, segments: &[(u8, Vec<u8>)]) -> Vec<u8> {
    for (marker, payload) in segments.iter().rev() {
        let length = u16::try_from(payload.len() + 2).unwrap().to_be_bytes();
        let segment = [&[0xFF, *marker], &length[..], payload].concat();
        jpeg.splice(2..2, segment);
    }
    jpeg
}

/// A WebP file with further chunks at its end.
pub(super) fn with_webp_chunks(mut webp: Vec<u8>, chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    for (kind, content) in chunks {
        webp.extend(*kind);
        webp.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
        webp.extend(content);
        webp.resize(webp.len() + content.len() % 2, 0);
    }
    let length = u32::try_from(webp.len() - 8).unwrap();
    webp[4..8].copy_from_slice(&length.to_le_bytes());
    webp
}

pub(super) fn contains(file: &[u8], part: &[u8]) -> bool {
    file.windows(part.len()).any(|window| window == part)
}

pub(super) fn inspect(file: &[u8]) -> Result<Picture, NoPicture> {
    crate::files::pictures::inspect(&mut Cursor::new(file), &DecodeLimits::default())
}

pub(super) fn render(file: &[u8]) -> Result<(Picture, Thumbnails), NoPicture> {
    crate::files::pictures::render(&mut Cursor::new(file), &DecodeLimits::default())
}

pub(super) fn strip(file: &[u8]) -> Result<Vec<u8>, NoPicture> {
    let mut output = Vec::new();
    crate::files::pictures::strip(&mut Cursor::new(file), &mut output)?;
    Ok(output)
}

/// Decodes a thumbnail.
pub(super) fn decode_webp(file: &[u8]) -> DynamicImage {
    image::load_from_memory_with_format(file, ImageFormat::WebP).unwrap()
}

/// Returns the corners of a picture from left to right, then below.
pub(super) fn corners_of(image: &DynamicImage) -> [[u8; 3]; 4] {
    let image = image.to_rgb8();
    let (left, top) = (image.width() / 4, image.height() / 4);
    let (right, bottom) = (left * 3, top * 3);
    [(left, top), (right, top), (left, bottom), (right, bottom)].map(|(x, y)| image.get_pixel(x, y).0)
}

/// Whether two colours look alike.
pub(super) fn is_like(one: [u8; 3], other: [u8; 3]) -> bool {
    one.iter().zip(other).all(|(one, other)| one.abs_diff(other) < 40)
}
