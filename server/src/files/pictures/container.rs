//! The parts of picture files. One pass over a file finds its frames and its orientation, and copies the parts that a
//! viewer needs.
//!
//! The parts are listed that are kept, so that a part of an unknown kind is removed. Memory is bounded: pixels are
//! copied from buffer to buffer.

mod gif;
mod jpeg;
mod parts;
mod png;
mod webp;

use std::io::{self, BufRead, Seek, Write};

use image::metadata::Orientation;

use super::PictureFormat;

/// The structure of a picture file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileStructure {
    /// Frames of an animation; a still picture has one.
    pub(super) frames: u64,
    /// How the pixels are turned before they are shown.
    pub(super) orientation: Orientation,
    /// Whether the decoder needs the coefficients of the whole picture in memory, because they arrive in several scans.
    pub(super) keeps_coefficients: bool,
}

impl Default for FileStructure {
    fn default() -> Self {
        Self { frames: 1, orientation: Orientation::NoTransforms, keeps_coefficients: false }
    }
}

/// Reads a file from its start and copies it without private data.
///
/// # Errors
/// With `UnexpectedEof` if the file is truncated, and with `InvalidData` if it is broken: `output` has then a part of
/// the file. Otherwise if reading or writing fails.
pub(super) fn copy<R: BufRead + Seek, W: Write>(
    format: PictureFormat,
    input: &mut R,
    output: &mut W,
) -> io::Result<FileStructure> {
    input.rewind()?;
    match format {
        PictureFormat::Gif => gif::copy(input, output),
        PictureFormat::Jpeg => jpeg::copy(input, output),
        PictureFormat::Png => png::copy(input, output),
        PictureFormat::WebP => webp::copy(input, output),
        // A bitmap has pixels and nothing else.
        PictureFormat::Bmp => io::copy(input, output).map(|_| FileStructure::default()),
    }
}

/// Reads a file from its start.
///
/// # Errors
/// As [`copy`].
pub(super) fn survey<R: BufRead + Seek>(format: PictureFormat, input: &mut R) -> io::Result<FileStructure> {
    input.rewind()?;
    match format {
        PictureFormat::WebP => webp::survey(input),
        _ => copy(format, input, &mut io::sink()),
    }
}
