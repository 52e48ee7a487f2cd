//! Removing private data from picture files.

use std::io::{BufRead, Seek, Write};

use super::{NoPicture, container, format_of};

/// Copies a picture file without its private data: EXIF with the position, XMP, IPTC, texts, comments, times, embedded
/// thumbnails, and all that follows the picture. Pixels are copied as they are, and so are the colour profile and the
/// frames; of EXIF the orientation stays. Memory is bounded by some buffers, whatever the size of the file, so pictures
/// that are too large to be decoded are freed from private data as well.
///
/// # Errors
/// If the file is no picture, or its parts are broken or truncated: `output` has then a part of it, and the file should
/// be served as it is, as a download. Otherwise if reading or writing fails.
pub(crate) fn strip<R: BufRead + Seek, W: Write>(file: &mut R, output: &mut W) -> Result<(), NoPicture> {
    let format = format_of(file)?;
    container::copy(format, file, output)?;
    Ok(())
}
