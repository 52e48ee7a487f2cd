//! Pictures: recognized by content, measured, made small, and freed from private data.
//!
//! The functions read untrusted bytes, block, and use a processor, so callers run them outside of the async runtime, and
//! at most [`DECODES_AT_ONCE`] of [`render`]. The others take the memory of some buffers, except that `inspect` holds a
//! JPEG file of at most [`DecodeLimits::file_bytes`]. All seek to the start of the file themselves. `file` and `output`
//! should be buffered.

mod color;
mod container;
mod decode;
mod encode;
mod exif;
mod format;
mod limits;
mod no_picture;
mod resize;
mod strip;
#[cfg(test)]
mod tests;
mod thumbnails;

use std::io::{BufRead, Read, Seek, SeekFrom};
use std::panic::{self, AssertUnwindSafe};

use image::metadata::Orientation;

pub(crate) use format::PictureFormat;
pub(crate) use limits::{DECODES_AT_ONCE, DecodeLimits};
pub(crate) use no_picture::NoPicture;
pub(crate) use strip::strip;
pub(crate) use thumbnails::Thumbnails;

/// The facts about a picture that are known without its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    pub(crate) format: PictureFormat,
    /// Width in pixels, as shown: turned as EXIF says.
    pub(crate) width: u32,
    /// Height in pixels, as shown.
    pub(crate) height: u32,
    /// Frames of an animation; a still picture has one.
    pub(crate) frames: u64,
    orientation: Orientation,
}

/// Recognizes a picture by its content and checks it against the limits. The pixels are not decoded, so they may still
/// be broken.
///
/// # Errors
/// If the file is no picture or is over a limit, or reading fails.
#[cfg(test)]
pub(crate) fn inspect<R: BufRead + Seek>(file: &mut R, limits: &DecodeLimits) -> Result<Picture, NoPicture> {
    without_panics(|| Ok(decode::open(file, limits)?.1))
}

/// Decodes a picture and makes its thumbnails, of its first frame if it is animated.
///
/// # Errors
/// If the file is no picture, is over a limit or is broken, or reading fails.
pub(crate) fn render<R: BufRead + Seek>(
    file: &mut R,
    limits: &DecodeLimits,
) -> Result<(Picture, Thumbnails), NoPicture> {
    without_panics(|| {
        let (decoder, picture) = decode::open(file, limits)?;
        let pixels = decode::pixels(decoder)?;
        Ok((picture, thumbnails::make(pixels, picture.orientation)?))
    })
}

/// Returns the format of a file, if it begins like a picture.
fn format_of<R: BufRead + Seek>(file: &mut R) -> Result<PictureFormat, NoPicture> {
    file.rewind()?;
    let mut prefix = Vec::with_capacity(PictureFormat::PREFIX_BYTES);
    file.take(PictureFormat::PREFIX_BYTES as u64).read_to_end(&mut prefix)?;
    PictureFormat::of(&prefix).ok_or(NoPicture::UnknownFormat)
}

fn length_of<R: Seek>(file: &mut R) -> Result<u64, NoPicture> {
    Ok(file.seek(SeekFrom::End(0))?)
}

/// Decoders are large, and each may have a mistake that some file makes it stumble over; that file is then broken.
fn without_panics<T>(work: impl FnOnce() -> Result<T, NoPicture>) -> Result<T, NoPicture> {
    panic::catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(NoPicture::Broken("the decoder failed".to_owned())))
}
