//! PNG files (W3C PNG, third edition): chunks.

use std::io::{self, BufRead, Write};

use image::metadata::Orientation;

use super::FileStructure;
use super::parts::{broken, copy_bytes, read_array, read_at_most, skip};
use crate::files::pictures::exif::{self, MAX_EXIF_BYTES};

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1A\n";
/// Maximum length of a chunk (section 5.3).
const MAX_CHUNK_BYTES: u32 = (1 << 31) - 1;
/// Bytes of the checksum after a chunk.
const CRC_BYTES: u64 = 4;
/// The chunks that decide how pixels look. All others are dropped, as texts, times and those of editors.
const KEPT: [&[u8; 4]; 19] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP",
    b"mDCV", b"cLLI", b"bKGD", b"hIST", b"pHYs", b"acTL", b"fcTL", b"fdAT",
];

/// Copies a file to the end of its picture.
pub(super) fn copy(input: &mut impl BufRead, output: &mut impl Write) -> io::Result<FileStructure> {
    if read_array(input)? != SIGNATURE {
        return Err(broken("no start of a PNG file"));
    }
    output.write_all(&SIGNATURE)?;
    let mut structure = FileStructure::default();
    let mut frames = 0;
    loop {
        let length_bytes = read_array(input)?;
        let kind: [u8; 4] = read_array(input)?;
        let length = u32::from_be_bytes(length_bytes);
        if length > MAX_CHUNK_BYTES {
            return Err(broken("a PNG chunk is too long"));
        }
        let length = u64::from(length);
        match &kind {
            b"eXIf" => {
                let exif = read_at_most(input, length, MAX_EXIF_BYTES)?;
                skip(input, CRC_BYTES)?;
                if structure.orientation != Orientation::NoTransforms {
                    continue;
                }
                structure.orientation = exif::orientation(&exif);
                if let Some(block) = exif::orientation_block(structure.orientation) {
                    write_chunk(output, kind, &block)?;
                }
            }
            kept if KEPT.contains(&kept) => {
                frames += u64::from(kept == b"fcTL");
                output.write_all(&length_bytes)?;
                output.write_all(&kind)?;
                copy_bytes(input, output, length + CRC_BYTES)?;
                if kept == b"IEND" {
                    structure.frames = frames.max(1);
                    return Ok(structure);
                }
            }
            _ => skip(input, length + CRC_BYTES)?,
        }
    }
}

fn write_chunk(output: &mut impl Write, kind: [u8; 4], content: &[u8]) -> io::Result<()> {
    let length = u32::try_from(content.len()).map_err(|_| broken("a PNG chunk is too long"))?;
    let mut checked = crc32fast::Hasher::new();
    checked.update(&kind);
    checked.update(content);
    output.write_all(&length.to_be_bytes())?;
    output.write_all(&kind)?;
    output.write_all(content)?;
    output.write_all(&checked.finalize().to_be_bytes())
}
