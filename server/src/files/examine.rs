//! What the server finds out about the content of a complete upload, and what it removes from it.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::content_type::{HEAD_BYTES, TextCheck, content_type};
use super::pictures::{self, DecodeLimits, NoPicture, Thumbnails};
use crate::sqlite::FileFacts;

/// Bytes of one read.
const READ_BYTES: usize = 64 * 1024;

/// The type of a picture that cannot be decoded or is over a limit: browsers must not try to show it.
const NOT_SHOWN: &str = "application/octet-stream";

/// A complete upload that is ready to be stored.
#[derive(Debug)]
pub(super) struct Examined {
    pub(super) facts: FileFacts,
    /// The file to store: the upload, or a copy without private data beside it.
    pub(super) content: PathBuf,
    /// Bytes of that file.
    pub(super) size: u64,
    /// Smaller versions of a picture.
    pub(super) thumbnails: Option<Thumbnails>,
    /// Why a file that begins like a picture is none.
    pub(super) no_picture: Option<String>,
}

/// A complete upload without private data whose pixels were not decoded yet.
#[derive(Debug)]
pub(super) struct Prepared {
    facts: FileFacts,
    content: PathBuf,
    /// Why the private data of a picture could not be removed.
    failure: Option<NoPicture>,
}

/// Reads a complete upload. Unless `keeps_exif` is set, a picture is copied to `clean` without its position, camera and
/// other private data. It blocks, so it runs on a thread.
///
/// # Errors
/// If a file cannot be read or written.
pub(super) fn prepare(upload: &Path, clean: &Path, keeps_exif: bool) -> io::Result<Prepared> {
    let stripped = if keeps_exif { Ok(upload) } else { strip(upload, clean).map(|()| clean) };
    let (content, failure) = match stripped {
        Ok(content) => (content, None),
        Err(NoPicture::Read(error)) => return Err(error),
        Err(error) => (upload, Some(error)),
    };
    Ok(Prepared { facts: facts(content)?, content: content.to_owned(), failure })
}

impl Prepared {
    /// Decodes a picture and makes its thumbnails. It blocks and uses a processor, so it runs on a thread, and at most
    /// `DECODES_AT_ONCE` of it.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(super) fn render(self) -> io::Result<Examined> {
        let Self { mut facts, content, failure } = self;
        let rendered = match failure {
            None => pictures::render(&mut BufReader::new(File::open(&content)?), &DecodeLimits::default()),
            Some(error) => Err(error),
        };
        let (mut thumbnails, mut no_picture) = (None, None);
        match rendered {
            Ok((picture, made)) => {
                facts.pixels = Some((picture.width, picture.height));
                facts.preview = Some(format!("image/webp;base64,{}", made.preview));
                thumbnails = Some(made);
            }
            Err(NoPicture::UnknownFormat) => {}
            Err(NoPicture::Read(error)) => return Err(error),
            Err(error) => {
                NOT_SHOWN.clone_into(&mut facts.content_type);
                no_picture = Some(error.to_string());
            }
        }
        let size = std::fs::metadata(&content)?.len();
        Ok(Examined { facts, content, size, thumbnails, no_picture })
    }
}

/// Copies a picture without its private data.
fn strip(upload: &Path, clean: &Path) -> Result<(), NoPicture> {
    // An earlier copy may be the stored object under another name, so it is never written to.
    match std::fs::remove_file(clean) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(NoPicture::Read(error)),
        _ => {}
    }
    let mut output = BufWriter::new(File::create_new(clean).map_err(NoPicture::Read)?);
    let stripped = File::open(upload)
        .map_err(NoPicture::Read)
        .and_then(|file| pictures::strip(&mut BufReader::new(file), &mut output))
        .and_then(|()| output.flush().and_then(|()| output.get_ref().sync_data()).map_err(NoPicture::Read));
    if stripped.is_err() {
        // An incomplete copy is removed, because the disk may be full. If that fails, the sweep removes the copy.
        _ = std::fs::remove_file(clean);
    }
    stripped
}

/// Returns what the bytes of a file tell about it.
fn facts(file: &Path) -> io::Result<FileFacts> {
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
        let found = facts(file.path()).unwrap();
        // The example of FIPS 180-4.
        assert_eq!(found.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(found.content_type, "text/plain");

        std::fs::write(file.path(), [&b"text "[..], &vec![b'a'; READ_BYTES], b"\0"].concat()).unwrap();
        assert_eq!(
            facts(file.path()).unwrap().content_type,
            "application/octet-stream",
            "its end is not text"
        );
    }
}
