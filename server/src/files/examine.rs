//! What the server finds out about the content of a complete upload.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::content_type::{HEAD_BYTES, TextCheck, content_type};
use crate::sqlite::FileFacts;

/// Bytes of one read.
const READ_BYTES: usize = 64 * 1024;

/// Reads a complete upload and returns what is known about its content. It blocks, so it runs on a thread.
///
/// # Errors
/// If the file cannot be read.
pub(super) fn after_upload(file: &Path) -> io::Result<FileFacts> {
    let mut file = File::open(file)?;
    let mut buffer = vec![0; READ_BYTES];
    let (mut hash, mut text, mut head) = (Sha256::new(), TextCheck::new(), Vec::new());
    loop {
        let read = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let piece = &buffer[..read];
        head.extend_from_slice(&piece[..piece.len().min(HEAD_BYTES - head.len())]);
        hash.update(piece);
        text.add(piece);
    }
    Ok(FileFacts {
        content_type: content_type(&head, text.is_text()).to_owned(),
        sha256: hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect(),
        ..FileFacts::default()
    })
}

#[cfg(test)]
mod tests {
    use tempfile::NamedTempFile;

    use super::*;

    #[test]
    fn hashes_the_whole_file() {
        let file = NamedTempFile::new().unwrap();
        std::fs::write(file.path(), b"abc").unwrap();
        let facts = after_upload(file.path()).unwrap();
        // The example of FIPS 180-4.
        assert_eq!(facts.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(facts.content_type, "text/plain");

        std::fs::write(file.path(), [&b"text "[..], &vec![b'a'; READ_BYTES], b"\0"].concat()).unwrap();
        assert_eq!(
            after_upload(file.path()).unwrap().content_type,
            "application/octet-stream",
            "its end is not text"
        );
    }
}
