//! Files of a client that uses a legacy protocol.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream;
use hubbub_protocol::{Attachment, ClientId, Field, FileName, Refusal, RoomId, User};
use hubbub_wires::{FileUrls, InboundContent};

use super::transport::LargeFrames;
use crate::file_links::FileLinks;
use crate::files::{NewUpload, SameUpload, UploadError, Uploads};

/// Path at which larger files are uploaded.
const UPLOADS_PATH: &str = "/api/v1/uploads";

/// Stores the files that clients send in frames.
#[derive(Debug)]
pub(crate) struct FrameUploads {
    uploads: Uploads,
    large_frames: LargeFrames,
}

/// The files of one client: stores those that it sends in frames, and knows the addresses under which it loads files.
#[derive(Debug)]
pub(crate) struct PeerFiles {
    links: FileLinks,
    shared: Arc<FrameUploads>,
}

/// A file that a client sends.
pub(super) struct SentFile {
    /// Id of the upload. Storing a file again under this id returns the first file.
    pub(super) upload_id: ClientId,
    /// File name, unchecked.
    pub(super) name: String,
    pub(super) content: InboundContent,
    /// The binary attachment of the frame.
    pub(super) attachment: Option<Bytes>,
}

impl FrameUploads {
    /// Creates the service for files of at most this size in bytes.
    pub(crate) fn new(uploads: Uploads, max_file_bytes: usize) -> Self {
        Self { uploads, large_frames: LargeFrames::new(max_file_bytes) }
    }

    /// Returns the limit for frames with files.
    pub(crate) const fn large_frames(&self) -> &LargeFrames {
        &self.large_frames
    }
}

impl PeerFiles {
    /// Returns the files of a client that reaches the server under these links.
    pub(crate) const fn new(links: FileLinks, shared: Arc<FrameUploads>) -> Self {
        Self { links, shared }
    }

    /// Stores a file of a user who is a member of the room.
    ///
    /// # Errors
    /// A refusal of the name, the content or the size, or because space or storage is missing.
    pub(super) async fn store(
        &self,
        owner: &User,
        room: RoomId,
        file: SentFile,
    ) -> Result<Attachment, Refusal> {
        let FrameUploads { uploads, large_frames } = &*self.shared;
        let name = FileName::parse(&file.name)?;
        let bytes = match (file.content, file.attachment) {
            (InboundContent::Base64(text), _) => decode(&text)?,
            (InboundContent::Attachment, Some(bytes)) => bytes,
            (InboundContent::Attachment, None) => return Err(Refusal::missing(Field::File)),
        };
        let limit = large_frames.max_file_bytes();
        if bytes.len() > limit {
            let limit = u64::try_from(limit).unwrap_or(u64::MAX);
            let refusal = Refusal::too_large(Field::File, limit);
            let message =
                format!("{refusal}; larger files are uploaded to {}", self.links.url_of(UPLOADS_PATH));
            return Err(Refusal { message, ..refusal });
        }
        let _slot = uploads.acquire_slot(owner.id).map_err(refusal)?;
        let upload = NewUpload {
            owner: owner.id,
            room,
            upload_id: file.upload_id.to_string(),
            name,
            size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        };
        let same = SameUpload { room, name: &upload.name, bytes: Some(upload.size) };
        let known = uploads.find_complete(owner.id, &upload.upload_id, &same).await.map_err(refusal)?;
        let stored = match known {
            Some(known) => known,
            None => {
                let (begun, _) = uploads.begin(upload).await.map_err(refusal)?;
                let body = stream::once(async { Ok(bytes) }).boxed();
                uploads.receive_whole(begun, body).await.map_err(refusal)?
            }
        };
        stored.attachment().ok_or_else(Refusal::unavailable)
    }
}

impl FileUrls for PeerFiles {
    fn url(&self, file: &Attachment) -> String {
        self.links.url(file)
    }
}

/// Decodes base64 as clients write it: with or without a `data:` URL in front (RFC 2397), as browsers read files.
fn decode(text: &str) -> Result<Bytes, Refusal> {
    let encoded = match text.strip_prefix("data:") {
        Some(url) => url.split_once(";base64,").map(|(_, encoded)| encoded),
        None => Some(text),
    };
    let decoded = encoded.and_then(|encoded| STANDARD.decode(encoded.trim_end()).ok());
    decoded
        .map(Bytes::from)
        .ok_or_else(|| Refusal::invalid(Field::File, "file must be in base64 (RFC 4648, section 4)"))
}

/// Returns the refusal for an upload that failed. Failures of storage are logged where they occur.
fn refusal(error: UploadError) -> Refusal {
    let full = |limit, whose| Refusal::storage_full(limit, whose);
    match error {
        UploadError::FileTooLarge { limit } | UploadError::BeyondLength { size: limit } => {
            Refusal::too_large(Field::File, limit)
        }
        UploadError::UserFull { limit } => full(limit, "each user"),
        UploadError::ServerFull { limit } => full(limit, "this server"),
        UploadError::TooManyUnposted { limit } => {
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            Refusal::too_many(Field::File, limit, "files that are not part of a message")
        }
        UploadError::TooManyAtOnce { limit } => {
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            Refusal::too_many(Field::File, limit, "simultaneous uploads per user")
        }
        UploadError::UploadIdTaken => Refusal::client_id_taken(),
        error @ (UploadError::DiskFull
        | UploadError::NotFound
        | UploadError::Complete
        | UploadError::WrongOffset { .. }
        | UploadError::WrongChecksum
        | UploadError::Interrupted
        | UploadError::BodyEnded
        | UploadError::NotJoined
        | UploadError::Storage(_)
        | UploadError::Store(_)) => Refusal { message: error.to_string(), ..Refusal::unavailable() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_base64_and_data_urls() {
        assert_eq!(decode("aGk=").unwrap(), "hi");
        assert_eq!(decode("data:text/plain;base64,aGk=\n").unwrap(), "hi");
        assert_eq!(decode("").unwrap(), "");
        for wrong in ["aGk", "a b c", "data:text/plain,hi", "häh"] {
            assert!(decode(wrong).is_err(), "{wrong}");
        }
    }
}
