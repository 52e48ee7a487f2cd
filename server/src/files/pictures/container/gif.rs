//! GIF files (GIF89a): blocks that consist of sub-blocks.

use std::io::{self, BufRead, Write};

use super::FileStructure;
use super::parts::{broken, copy_bytes, read_array, read_byte};

const IMAGE: u8 = 0x2C;
const EXTENSION: u8 = 0x21;
const TRAILER: u8 = 0x3B;
const PLAIN_TEXT: u8 = 0x01;
const GRAPHIC_CONTROL: u8 = 0xF9;
const APPLICATION: u8 = 0xFF;

/// The application extensions that decide how frames look: repetitions and the colour profile.
const KEPT_APPLICATIONS: [&[u8]; 3] = [b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"];
/// Maximum length of an extension's first sub-block, in bytes.
const MAX_SUB_BLOCK_BYTES: usize = 255;

/// Copies a file to its trailer.
pub(super) fn copy(input: &mut impl BufRead, output: &mut impl Write) -> io::Result<FileStructure> {
    let header: [u8; 13] = read_array(input)?;
    if !header.starts_with(b"GIF87a") && !header.starts_with(b"GIF89a") {
        return Err(broken("no start of a GIF file"));
    }
    output.write_all(&header)?;
    copy_bytes(input, output, color_table_bytes(header[10]))?;
    let mut frames = 0;
    loop {
        match read_byte(input)? {
            IMAGE => {
                frames += 1;
                copy_image(input, output)?;
            }
            EXTENSION => copy_extension(input, output)?,
            TRAILER => {
                output.write_all(&[TRAILER])?;
                return Ok(FileStructure { frames, ..FileStructure::default() });
            }
            // Some writers end a block with too many terminators.
            0 => {}
            _ => return Err(broken("an unknown block of a GIF file")),
        }
    }
}

/// Returns the bytes of the colour table that follows these flags.
fn color_table_bytes(flags: u8) -> u64 {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 0x07) + 1) }
}

fn copy_image(input: &mut impl BufRead, output: &mut impl Write) -> io::Result<()> {
    let descriptor: [u8; 9] = read_array(input)?;
    output.write_all(&[IMAGE])?;
    output.write_all(&descriptor)?;
    // The colour table is followed by the code size.
    copy_bytes(input, output, color_table_bytes(descriptor[8]) + 1)?;
    copy_sub_blocks(input, output)
}

fn copy_extension(input: &mut impl BufRead, output: &mut impl Write) -> io::Result<()> {
    let label = read_byte(input)?;
    let length = read_byte(input)?;
    let mut first = [0; MAX_SUB_BLOCK_BYTES];
    let first = &mut first[..length.into()];
    input.read_exact(first)?;
    let kept = match label {
        PLAIN_TEXT | GRAPHIC_CONTROL => true,
        APPLICATION => KEPT_APPLICATIONS.contains(&&*first),
        _ => false,
    };
    if kept {
        output.write_all(&[EXTENSION, label, length])?;
        output.write_all(first)?;
    }
    if length == 0 {
        return Ok(());
    }
    if kept { copy_sub_blocks(input, output) } else { copy_sub_blocks(input, &mut io::sink()) }
}

/// Copies sub-blocks and the empty one that ends them.
fn copy_sub_blocks(input: &mut impl BufRead, output: &mut impl Write) -> io::Result<()> {
    loop {
        let length = read_byte(input)?;
        output.write_all(&[length])?;
        if length == 0 {
            return Ok(());
        }
        copy_bytes(input, output, length.into())?;
    }
}
