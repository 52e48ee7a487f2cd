//! The only tag of EXIF that counts: the orientation.

use image::metadata::Orientation;

/// Maximum bytes of an EXIF block that are read. A block of a JPEG file cannot be longer.
pub(super) const MAX_EXIF_BYTES: u64 = 65_535;
/// Begins an EXIF block in JPEG files (EXIF 2.32, section 4.7.2).
pub(super) const EXIF_PREFIX: &[u8] = b"Exif\0\0";
/// Bytes of an EXIF block that has only the orientation.
pub(super) const ORIENTATION_BYTES: usize = 26;

/// Reads the orientation from an EXIF block. A broken block says nothing.
pub(super) fn orientation(exif: &[u8]) -> Orientation {
    let tiff = exif.strip_prefix(EXIF_PREFIX).unwrap_or(exif);
    Orientation::from_exif_chunk(tiff).unwrap_or(Orientation::NoTransforms)
}

/// Returns an EXIF block that has only the orientation (TIFF 6.0, section 2), or nothing if the picture is upright.
pub(super) fn orientation_block(orientation: Orientation) -> Option<[u8; ORIENTATION_BYTES]> {
    let value = match orientation {
        Orientation::NoTransforms => return None,
        turned => turned.to_exif(),
    };
    Some([
        // Little-endian, and the directory follows at byte 8.
        b'I', b'I', 42, 0, 8, 0, 0, 0, // One entry:
        1, 0, // tag 0x0112, one SHORT, the value;
        0x12, 0x01, 3, 0, 1, 0, 0, 0, value, 0, 0, 0, // no further directory.
        0, 0, 0, 0,
    ])
}

/// Whether a picture of this orientation has its sides swapped.
pub(super) fn swaps_sides(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_orientation_that_it_writes() {
        for value in 2..=8 {
            let orientation = Orientation::from_exif(value).unwrap();
            let block = orientation_block(orientation).unwrap();
            assert_eq!(super::orientation(&block), orientation);
            assert_eq!(swaps_sides(orientation), value >= 5);
        }
        assert_eq!(orientation_block(Orientation::NoTransforms), None);
    }

    #[test]
    fn broken_exif_has_no_orientation() {
        let block = orientation_block(Orientation::Rotate90).unwrap();
        for length in 0..block.len() - 8 {
            assert_eq!(orientation(&block[..length]), Orientation::NoTransforms, "{length}");
        }
    }
}
