//! Thumbnails in WebP.

use bytes::Bytes;
use image::metadata::Orientation;

use super::decode::Pixels;
use super::encode::{encode, encode_preview};
use super::{NoPicture, color, resize};

/// Maximum width and height of a small thumbnail, in pixels.
const SMALL_SIDE: u32 = 480;
/// Maximum width and height of a large thumbnail, in pixels.
const LARGE_SIDE: u32 = 1_600;
/// Maximum width and height of a preview, in pixels. Browsers enlarge it smoothly, so that it looks blurred.
const PREVIEW_SIDE: u32 = 16;

/// The small versions of a picture, turned as EXIF says and in the colours of sRGB.
#[derive(Debug)]
pub(crate) struct Thumbnails {
    /// A WebP file of at most [`SMALL_SIDE`] pixels a side.
    pub(crate) small: Bytes,
    /// A WebP file of at most [`LARGE_SIDE`] pixels a side; the same file if the picture fits the small size.
    pub(crate) large: Bytes,
    /// A WebP file of a few pixels, in base64: `data:image/webp;base64,` in front of it makes an address.
    pub(crate) preview: String,
}

/// Makes all thumbnails, each from the next larger one.
pub(super) fn make(pixels: Pixels, orientation: Orientation) -> Result<Thumbnails, NoPicture> {
    let mut large = resize::fit(pixels.image, LARGE_SIDE)?;
    if let Some(profile) = &pixels.profile {
        large = color::to_srgb(large, profile);
    }
    large.apply_orientation(orientation);
    let fits_small = large.width().max(large.height()) <= SMALL_SIDE;
    let large_file = encode(&large)?;
    let small = resize::fit(large, SMALL_SIDE)?;
    let small_file = if fits_small { large_file.clone() } else { encode(&small)? };
    let preview = encode_preview(&resize::fit(small, PREVIEW_SIDE)?)?;
    Ok(Thumbnails { small: small_file, large: large_file, preview })
}
