//! WebP files of thumbnails.
//!
//! They are encoded by libwebp, because no encoder in Rust under a permissive licence writes lossy WebP. It reads
//! pixels only: files of users are decoded by code in Rust.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use image::DynamicImage;
use webp::{Encoder, PixelLayout, WebPConfig};

use super::NoPicture;

/// Quality of thumbnails, from 0 to 100.
const QUALITY: f32 = 75.0;
/// Quality of previews.
const PREVIEW_QUALITY: f32 = 60.0;
/// Effort of the encoder, from 0 to 6.
const METHOD: i32 = 2;
const PREVIEW_METHOD: i32 = 6;

/// Encodes a thumbnail.
pub(super) fn encode(image: &DynamicImage) -> Result<Bytes, NoPicture> {
    encode_with(image, |config| {
        config.quality = QUALITY;
        config.method = METHOD;
    })
}

/// Encodes a preview of a few hundred bytes at most, in base64.
pub(super) fn encode_preview(image: &DynamicImage) -> Result<String, NoPicture> {
    let file = encode_with(image, |config| {
        config.quality = PREVIEW_QUALITY;
        config.alpha_quality = 0;
        config.method = PREVIEW_METHOD;
    })?;
    Ok(BASE64.encode(file))
}

fn encode_with(image: &DynamicImage, set: impl FnOnce(&mut WebPConfig)) -> Result<Bytes, NoPicture> {
    let failed = |reason: &str| NoPicture::Broken(format!("it cannot be encoded: {reason}"));
    let mut config = WebPConfig::new().map_err(|()| failed("no configuration"))?;
    set(&mut config);
    let (layout, pixels) = match image {
        DynamicImage::ImageRgb8(pixels) => (PixelLayout::Rgb, Cow::Borrowed(pixels.as_raw())),
        DynamicImage::ImageRgba8(pixels) => (PixelLayout::Rgba, Cow::Borrowed(pixels.as_raw())),
        other if other.color().has_alpha() => (PixelLayout::Rgba, Cow::Owned(other.to_rgba8().into_raw())),
        other => (PixelLayout::Rgb, Cow::Owned(other.to_rgb8().into_raw())),
    };
    let encoded = Encoder::new(&pixels, layout, image.width(), image.height())
        .encode_advanced(&config)
        .map_err(|error| failed(&format!("{error:?}")))?;
    Ok(Bytes::copy_from_slice(&encoded))
}
