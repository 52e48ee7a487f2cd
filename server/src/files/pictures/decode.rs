//! Decoding within limits.

use std::io::{BufRead, Seek};

use image::{ColorType, DynamicImage, ImageDecoder, ImageReader};

use super::container::{self, FileStructure};
use super::{DecodeLimits, NoPicture, Picture, PictureFormat, exif, format_of, length_of};

/// Bytes of a coefficient of a JPEG picture.
const COEFFICIENT_BYTES: u64 = 2;
/// Maximum components of a JPEG picture: CMYK.
const COMPONENTS: u64 = 4;

/// The pixels of a picture, 8 bits each channel.
pub(super) struct Pixels {
    pub(super) image: DynamicImage,
    /// The ICC profile.
    pub(super) profile: Option<Vec<u8>>,
}

/// Opens a picture: checks its format, size, structure and the memory that its decoder needs.
pub(super) fn open<'a, R: BufRead + Seek>(
    file: &'a mut R,
    limits: &DecodeLimits,
) -> Result<(impl ImageDecoder + use<'a, R>, Picture), NoPicture> {
    let format = format_of(file)?;
    limits.check_file(length_of(file)?)?;
    let FileStructure { frames, orientation, keeps_coefficients } = container::survey(format, file)?;
    limits.check_frames(frames)?;
    file.rewind()?;
    let mut reader = ImageReader::with_format(&mut *file, format.codec());
    let mut decoder_limits = image::Limits::no_limits();
    decoder_limits.max_alloc = Some(limits.decoder_bytes);
    reader.limits(decoder_limits);
    let decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    limits.check_size(width, height)?;
    limits.check_decoder(decoder_bytes(format, &decoder, keeps_coefficients))?;
    let (width, height) = if exif::swaps_sides(orientation) { (height, width) } else { (width, height) };
    Ok((decoder, Picture { format, width, height, frames, orientation }))
}

/// Decodes all pixels.
pub(super) fn pixels(mut decoder: impl ImageDecoder) -> Result<Pixels, NoPicture> {
    let profile = decoder.icc_profile()?;
    let image = match DynamicImage::from_decoder(decoder)? {
        deep @ DynamicImage::ImageLuma16(_) => deep.into_luma8().into(),
        deep @ DynamicImage::ImageLumaA16(_) => deep.into_luma_alpha8().into(),
        deep @ DynamicImage::ImageRgb16(_) => deep.into_rgb8().into(),
        deep @ DynamicImage::ImageRgba16(_) => deep.into_rgba8().into(),
        shallow => shallow,
    };
    Ok(Pixels { image, profile })
}

/// Estimates the memory for pixels, from above.
fn decoder_bytes(format: PictureFormat, decoder: &impl ImageDecoder, keeps_coefficients: bool) -> u64 {
    let (width, height) = decoder.dimensions();
    let output = decoder.total_bytes();
    let shallow = match decoder.color_type() {
        ColorType::L16 | ColorType::La16 | ColorType::Rgb16 | ColorType::Rgba16 => output / 2,
        _ => 0,
    };
    let inside = match format {
        // A frame is decoded before it is drawn on the picture.
        PictureFormat::Gif | PictureFormat::WebP => output,
        PictureFormat::Jpeg if keeps_coefficients => {
            let components = if decoder.color_type() == ColorType::L8 { 1 } else { COMPONENTS - 1 };
            u64::from(width) * u64::from(height) * components * COEFFICIENT_BYTES
        }
        _ => 0,
    };
    output + shallow + inside
}
