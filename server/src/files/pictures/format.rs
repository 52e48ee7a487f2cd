//! The formats of pictures.

/// A format that the server decodes and that browsers show. SVG is none: it is a document with scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PictureFormat {
    Bmp,
    Gif,
    Jpeg,
    Png,
    WebP,
}

impl PictureFormat {
    /// Number of bytes at the start of a file that decide its format.
    pub(crate) const PREFIX_BYTES: usize = 12;

    /// Recognizes a format by the start of the content. The name of a file and the type that its sender declares do
    /// not matter.
    pub(crate) fn of(prefix: &[u8]) -> Option<Self> {
        match prefix {
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(Self::Png),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            [b'B', b'M', ..] => Some(Self::Bmp),
            _ => None,
        }
    }

    /// Returns the name of the format for the decoders.
    pub(super) fn codec(self) -> image::ImageFormat {
        match self {
            Self::Bmp => image::ImageFormat::Bmp,
            Self::Gif => image::ImageFormat::Gif,
            Self::Jpeg => image::ImageFormat::Jpeg,
            Self::Png => image::ImageFormat::Png,
            Self::WebP => image::ImageFormat::WebP,
        }
    }
}
