//! Colours. Thumbnails carry no profile, so their colours are converted to sRGB.

use image::{DynamicImage, RgbImage, RgbaImage};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

/// Maximum bytes of a profile that is read. Profiles of cameras and screens have some kilobytes, profiles of printers
/// some hundred.
const MAX_PROFILE_BYTES: usize = 1 << 20;

/// Converts RGB pixels to sRGB. Pixels with a broken profile stay as they are, and so do pixels with a profile of
/// another model: the decoder has converted CMYK already.
pub(super) fn to_srgb(image: DynamicImage, profile: &[u8]) -> DynamicImage {
    if profile.len() > MAX_PROFILE_BYTES {
        return image;
    }
    let Ok(profile) = ColorProfile::new_from_slice(profile) else { return image };
    if profile.color_space != DataColorSpace::Rgb {
        return image;
    }
    let (width, height) = (image.width(), image.height());
    let converted = match &image {
        DynamicImage::ImageRgb8(pixels) => convert(&profile, pixels, Layout::Rgb)
            .and_then(|bytes| RgbImage::from_raw(width, height, bytes))
            .map(DynamicImage::from),
        DynamicImage::ImageRgba8(pixels) => convert(&profile, pixels, Layout::Rgba)
            .and_then(|bytes| RgbaImage::from_raw(width, height, bytes))
            .map(DynamicImage::from),
        _ => None,
    };
    converted.unwrap_or(image)
}

fn convert(profile: &ColorProfile, pixels: &[u8], layout: Layout) -> Option<Vec<u8>> {
    let srgb = ColorProfile::new_srgb();
    let transform = profile.create_transform_8bit(layout, &srgb, layout, TransformOptions::default()).ok()?;
    let mut converted = vec![0; pixels.len()];
    transform.transform(pixels, &mut converted).ok()?;
    Some(converted)
}
