//! Reading and copying the parts of files.

use std::io::{self, BufRead, Read, Write};

/// Returns the error for a file whose parts do not fit together.
pub(super) fn broken(reason: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

/// Reads one byte.
pub(super) fn read_byte(input: &mut impl BufRead) -> io::Result<u8> {
    Ok(read_array::<1>(input)?[0])
}

/// Reads `N` bytes.
pub(super) fn read_array<const N: usize>(input: &mut impl BufRead) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Copies `length` bytes.
pub(super) fn copy_bytes(input: &mut impl BufRead, output: &mut impl Write, length: u64) -> io::Result<()> {
    let copied = io::copy(&mut input.take(length), output)?;
    if copied < length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
}

/// Passes over `length` bytes.
pub(super) fn skip(input: &mut impl BufRead, length: u64) -> io::Result<()> {
    copy_bytes(input, &mut io::sink(), length)
}

/// Reads `length` bytes and keeps at most `limit` of them.
pub(super) fn read_at_most(input: &mut impl BufRead, length: u64, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let kept = length.min(limit);
    copy_bytes(input, &mut bytes, kept)?;
    skip(input, length - kept)?;
    Ok(bytes)
}
