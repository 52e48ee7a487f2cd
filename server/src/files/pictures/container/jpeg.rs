//! JPEG files (ITU-T T.81, annex B): segments, then scans of coefficients.

use std::borrow::Cow;
use std::io::{self, BufRead, Write};

use image::metadata::Orientation;

use super::FileStructure;
use super::parts::{broken, read_array, read_byte};
use crate::files::pictures::exif::{self, EXIF_PREFIX};

const TEM: u8 = 0x01;
const SOF0: u8 = 0xC0;
const SOF2: u8 = 0xC2;
const SOF15: u8 = 0xCF;
const RST0: u8 = 0xD0;
const RST7: u8 = 0xD7;
const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const DQT: u8 = 0xDB;
const EXP: u8 = 0xDF;
const APP0: u8 = 0xE0;
const APP1: u8 = 0xE1;
const APP2: u8 = 0xE2;
const APP14: u8 = 0xEE;

/// Bytes of a JFIF header before its thumbnail's size (JFIF 1.02).
const JFIF_BYTES: usize = 12;

/// Copies a file to the end of its picture; a phone may add a video behind it.
pub(super) fn copy(input: &mut impl BufRead, output: &mut impl Write) -> io::Result<FileStructure> {
    if read_array(input)? != [0xFF, SOI] {
        return Err(broken("no start of a JPEG file"));
    }
    output.write_all(&[0xFF, SOI])?;
    let mut structure = FileStructure::default();
    let mut scans = 0;
    let mut marker = find_marker(input)?;
    loop {
        match marker {
            EOI => {
                output.write_all(&[0xFF, EOI])?;
                return Ok(structure);
            }
            // These markers have no length, and do not belong between segments.
            TEM | RST0..=SOI => {}
            SOS => {
                scans += 1;
                structure.keeps_coefficients |= scans > 1;
                copy_segment(marker, input, output, &mut structure)?;
                marker = copy_scan(input, output)?;
                continue;
            }
            _ => copy_segment(marker, input, output, &mut structure)?,
        }
        marker = find_marker(input)?;
    }
}

/// Finds the next marker. As in browsers, bytes between segments are passed over.
fn find_marker(input: &mut impl BufRead) -> io::Result<u8> {
    loop {
        if read_byte(input)? != 0xFF {
            continue;
        }
        loop {
            match read_byte(input)? {
                0xFF => {}
                0x00 => break,
                marker => return Ok(marker),
            }
        }
    }
}

fn copy_segment(
    marker: u8,
    input: &mut impl BufRead,
    output: &mut impl Write,
    structure: &mut FileStructure,
) -> io::Result<()> {
    let length = u16::from_be_bytes(read_array(input)?);
    let length = length.checked_sub(2).ok_or_else(|| broken("a JPEG segment without a length"))?;
    let mut payload = vec![0; length.into()];
    input.read_exact(&mut payload)?;
    structure.keeps_coefficients |= marker == SOF2;
    if let Some(kept) = keep(marker, &payload, structure) {
        // The part that is kept is never longer than the payload, except for a first EXIF block, which is short.
        let length = u16::try_from(kept.len() + 2).map_err(|_| broken("a JPEG segment is too long"))?;
        output.write_all(&[0xFF, marker])?;
        output.write_all(&length.to_be_bytes())?;
        output.write_all(&kept)?;
    }
    Ok(())
}

/// Returns what remains of a segment.
fn keep<'a>(marker: u8, payload: &'a [u8], structure: &mut FileStructure) -> Option<Cow<'a, [u8]>> {
    match marker {
        SOF0..=SOF15 | SOS | DQT..=EXP => Some(payload.into()),
        // Without its thumbnail, which may show more than the picture does.
        APP0 if payload.starts_with(b"JFIF\0") && payload.len() >= JFIF_BYTES => {
            Some([&payload[..JFIF_BYTES], &[0, 0]].concat().into())
        }
        APP1 if payload.starts_with(EXIF_PREFIX) && structure.orientation == Orientation::NoTransforms => {
            structure.orientation = exif::orientation(payload);
            let block = exif::orientation_block(structure.orientation)?;
            Some([EXIF_PREFIX, &block].concat().into())
        }
        APP2 if payload.starts_with(b"ICC_PROFILE\0") => Some(payload.into()),
        // The segment of Adobe tells the colours of CMYK pictures.
        APP14 if payload.starts_with(b"Adobe") => Some(payload.into()),
        _ => None,
    }
}

/// Copies the coefficients of a scan and returns the marker that follows them.
fn copy_scan(input: &mut impl BufRead, output: &mut impl Write) -> io::Result<u8> {
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let Some(at) = memchr::memchr(0xFF, buffer) else {
            let length = buffer.len();
            output.write_all(buffer)?;
            input.consume(length);
            continue;
        };
        output.write_all(&buffer[..at])?;
        input.consume(at + 1);
        loop {
            match read_byte(input)? {
                0xFF => {}
                byte @ (0x00 | RST0..=RST7) => {
                    output.write_all(&[0xFF, byte])?;
                    break;
                }
                marker => return Ok(marker),
            }
        }
    }
}
