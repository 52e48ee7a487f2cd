//! The reasons why a file is shown as a plain file.

use std::io;

use image::ImageError;

/// The reason why a file is not handled as a picture. Its text is for the log.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoPicture {
    /// The content begins like no picture.
    #[error("unknown format")]
    UnknownFormat,
    #[error("the file has {bytes} bytes, limit {limit}")]
    FileTooLarge { bytes: u64, limit: u64 },
    #[error("a side has {side} pixels, limit {limit}")]
    TooLong { side: u32, limit: u32 },
    #[error("{pixels} pixels, limit {limit}")]
    TooManyPixels { pixels: u64, limit: u64 },
    #[error("{frames} frames, limit {limit}")]
    TooManyFrames { frames: u64, limit: u64 },
    #[error("decoding takes {bytes} bytes of memory, limit {limit}")]
    TooMuchMemory { bytes: u64, limit: u64 },
    /// The file ends before the picture does.
    #[error("the file is truncated")]
    Truncated,
    /// The content is no picture, although it begins like one.
    #[error("the picture is broken: {0}")]
    Broken(String),
    /// The file could not be read. Another try may succeed, while all other reasons are final.
    #[error("cannot read the file: {0}")]
    Read(io::Error),
}

impl From<io::Error> for NoPicture {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Truncated,
            // Decoders report errors of the content as errors of the reader.
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other => {
                Self::Broken(error.to_string())
            }
            _ => Self::Read(error),
        }
    }
}

impl From<ImageError> for NoPicture {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::IoError(error) => error.into(),
            error => Self::Broken(error.to_string()),
        }
    }
}
