//! Making pictures smaller.

use fast_image_resize::images::Image;
use fast_image_resize::{FilterType, MulDiv, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::{DynamicImage, GrayAlphaImage, GrayImage, RgbImage, RgbaImage};

use super::NoPicture;

/// Returns a picture that fits a square of `side` pixels. A smaller picture keeps its size.
pub(super) fn fit(image: DynamicImage, side: u32) -> Result<DynamicImage, NoPicture> {
    let (width, height) = (image.width(), image.height());
    let longer = width.max(height);
    if longer <= side {
        return Ok(image);
    }
    let shorten = |length: u32| {
        let length = (u64::from(length) * u64::from(side) + u64::from(longer) / 2) / u64::from(longer);
        u32::try_from(length).unwrap_or(side).max(1)
    };
    let pixel_type = match &image {
        DynamicImage::ImageLuma8(_) => PixelType::U8,
        DynamicImage::ImageLumaA8(_) => PixelType::U8x2,
        DynamicImage::ImageRgb8(_) => PixelType::U8x3,
        DynamicImage::ImageRgba8(_) => PixelType::U8x4,
        _ => return Err(failed("its pixels have an unknown type")),
    };
    let has_alpha = image.color().has_alpha();
    let mut source = Image::from_vec_u8(width, height, image.into_bytes(), pixel_type).map_err(failed)?;
    let mut target = Image::new(shorten(width), shorten(height), pixel_type);
    // The colours of transparent pixels must not shine through. Multiplying in place saves a copy of all pixels.
    let alpha = MulDiv::new();
    if has_alpha {
        alpha.multiply_alpha_inplace(&mut source).map_err(failed)?;
    }
    let options =
        ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom)).use_alpha(false);
    Resizer::new().resize(&source, &mut target, &options).map_err(failed)?;
    if has_alpha {
        alpha.divide_alpha_inplace(&mut target).map_err(failed)?;
    }
    to_image(target).ok_or_else(|| failed("it cannot be resized"))
}

fn to_image(pixels: Image<'_>) -> Option<DynamicImage> {
    let (width, height, pixel_type) = (pixels.width(), pixels.height(), pixels.pixel_type());
    let bytes = pixels.into_vec();
    Some(match pixel_type {
        PixelType::U8 => GrayImage::from_raw(width, height, bytes)?.into(),
        PixelType::U8x2 => GrayAlphaImage::from_raw(width, height, bytes)?.into(),
        PixelType::U8x3 => RgbImage::from_raw(width, height, bytes)?.into(),
        _ => RgbaImage::from_raw(width, height, bytes)?.into(),
    })
}

fn failed(error: impl ToString) -> NoPicture {
    NoPicture::Broken(error.to_string())
}
