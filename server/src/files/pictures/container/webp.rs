//! WebP files (RFC 9649): chunks of a RIFF file.
//!
//! The orientation in EXIF is not read: browsers ignore it in WebP files (unlike that of JPEG and PNG files), and a
//! thumbnail must not be turned differently from its picture.

use std::io::{self, BufRead, Seek, Write};

use super::FileStructure;
use super::parts::{broken, copy_bytes, read_array, skip};

/// Bytes of the name and the length of a chunk.
const CHUNK_HEADER_BYTES: u64 = 8;
/// The flags of EXIF and XMP in the first byte of the chunk `VP8X` (section 2.7.1).
const PRIVATE_FLAGS: u8 = 0x08 | 0x04;
/// The chunks that decide how pixels look.
const KEPT: [&[u8; 4]; 7] = [b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];

/// Copies a file. It is read twice, because its length stands before its parts.
pub(super) fn copy<R: BufRead + Seek>(input: &mut R, output: &mut impl Write) -> io::Result<FileStructure> {
    let mut copied = ByteCounter::default();
    let structure = copy_chunks(input, &mut copied)?;
    input.rewind()?;
    let length = u32::try_from(copied.bytes + 4).map_err(|_| broken("a WebP file is too long"))?;
    output.write_all(b"RIFF")?;
    output.write_all(&length.to_le_bytes())?;
    output.write_all(b"WEBP")?;
    copy_chunks(input, output)?;
    Ok(structure)
}

/// Reads a file once.
pub(super) fn survey(input: &mut impl BufRead) -> io::Result<FileStructure> {
    copy_chunks(input, &mut io::sink())
}

fn copy_chunks(input: &mut impl BufRead, output: &mut impl Write) -> io::Result<FileStructure> {
    let header: [u8; 12] = read_array(input)?;
    let [b'R', b'I', b'F', b'F', length @ .., b'W', b'E', b'B', b'P'] = header else {
        return Err(broken("no start of a WebP file"));
    };
    let mut left = u64::from(u32::from_le_bytes(length)).saturating_sub(4);
    let mut frames = 0;
    while left >= CHUNK_HEADER_BYTES {
        let kind: [u8; 4] = read_array(input)?;
        let length_bytes = read_array(input)?;
        let length = u64::from(u32::from_le_bytes(length_bytes));
        let padded = length.next_multiple_of(2);
        left = left
            .checked_sub(CHUNK_HEADER_BYTES + padded)
            .ok_or_else(|| broken("a chunk of a WebP file is too long"))?;
        if !KEPT.contains(&&kind) {
            skip(input, padded)?;
            continue;
        }
        frames += u64::from(&kind == b"ANMF");
        output.write_all(&kind)?;
        output.write_all(&length_bytes)?;
        let mut copied = 0;
        if &kind == b"VP8X" && length > 0 {
            let [flags] = read_array(input)?;
            output.write_all(&[flags & !PRIVATE_FLAGS])?;
            copied = 1;
        }
        copy_bytes(input, output, padded - copied)?;
    }
    Ok(FileStructure { frames: frames.max(1), ..FileStructure::default() })
}

/// Counts bytes instead of writing them.
#[derive(Default)]
struct ByteCounter {
    bytes: u64,
}

impl Write for ByteCounter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
