//! DecodeLimits for decoding.

use super::NoPicture;

/// Number of pictures that a server decodes at once. A decode occupies a processor for 0.2 s for the photo of a phone and
/// up to 2 s for the largest picture. It takes 60 MB of memory for such a photo, and at most 400 MB under the default
/// limits: the file, the decoder's buffers, and the rows that are made smaller.
pub(crate) const DECODES_AT_ONCE: usize = 1;

/// Maximum size of a file that is decoded, in bytes. The JPEG decoder holds the file in memory.
const MAX_FILE_BYTES: u64 = 64 * MIB;
/// Maximum pixels of a picture; 8192 x 8192 and the "50 megapixels" of phones are within.
const MAX_PIXELS: u64 = 1 << 26;
/// Maximum width and height of a picture, in pixels.
const MAX_SIDE: u32 = 16_384;
/// Maximum frames of an animation. Browsers decode them all.
const MAX_FRAMES: u64 = 1_000;
/// Maximum memory for pixels and coefficients, in bytes.
const MAX_DECODER_BYTES: u64 = 256 * MIB;
const MIB: u64 = 1 << 20;

/// The limits that a picture must keep to be decoded. Only the default limits are used outside of tests.
#[derive(Clone, Debug)]
pub(crate) struct DecodeLimits {
    /// Bytes of the file.
    pub(crate) file_bytes: u64,
    /// Width times height.
    pub(crate) pixels: u64,
    /// Width and height.
    pub(crate) side: u32,
    /// Frames of an animation.
    pub(crate) frames: u64,
    /// Bytes of the decoder's buffers.
    pub(crate) decoder_bytes: u64,
}

impl Default for DecodeLimits {
    fn default() -> Self {
        Self {
            file_bytes: MAX_FILE_BYTES,
            pixels: MAX_PIXELS,
            side: MAX_SIDE,
            frames: MAX_FRAMES,
            decoder_bytes: MAX_DECODER_BYTES,
        }
    }
}

impl DecodeLimits {
    /// Checks the size of a file in bytes.
    pub(super) fn check_file(&self, bytes: u64) -> Result<(), NoPicture> {
        let limit = self.file_bytes;
        if bytes > limit { Err(NoPicture::FileTooLarge { bytes, limit }) } else { Ok(()) }
    }

    /// Checks the width and height of a picture.
    pub(super) fn check_size(&self, width: u32, height: u32) -> Result<(), NoPicture> {
        let side = width.max(height);
        let pixels = u64::from(width) * u64::from(height);
        if pixels == 0 {
            Err(NoPicture::Broken("it has no pixels".to_owned()))
        } else if side > self.side {
            Err(NoPicture::TooLong { side, limit: self.side })
        } else if pixels > self.pixels {
            Err(NoPicture::TooManyPixels { pixels, limit: self.pixels })
        } else {
            Ok(())
        }
    }

    /// Checks the number of frames.
    pub(super) fn check_frames(&self, frames: u64) -> Result<(), NoPicture> {
        let limit = self.frames;
        if frames > limit { Err(NoPicture::TooManyFrames { frames, limit }) } else { Ok(()) }
    }

    /// Checks the bytes that the decoder's buffers will take.
    pub(super) fn check_decoder(&self, bytes: u64) -> Result<(), NoPicture> {
        let limit = self.decoder_bytes;
        if bytes > limit { Err(NoPicture::TooMuchMemory { bytes, limit }) } else { Ok(()) }
    }
}
