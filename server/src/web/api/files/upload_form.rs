//! Receives a form with files.

use axum::extract::Multipart;
use axum::extract::multipart::Field as Part;
use futures_util::{StreamExt, TryStreamExt};
use hubbub_protocol::{ClientId, Field, FileName, MAX_FILES_PER_MESSAGE, Refusal, RoomId, UserId};
use sha2::{Digest, Sha256};

use super::form_body::UnparsedBytes;
use super::new_client_id;
use super::text_parts::TextParts;
use crate::files::{NewUpload, SameUpload, UploadBody, UploadError, Uploads};
use crate::sqlite::FileRecord;
use crate::web::http::problem::Problem;

/// Name of a part that contains a file.
pub(super) const FILE_PART: &str = "file";

/// A form with files that is received.
pub(super) struct UploadForm {
    uploads: Uploads,
    owner: UserId,
    room: RoomId,
    /// Bytes of the body, if its length is known. No file in it is larger.
    body_bytes: Option<u64>,
    unparsed: UnparsedBytes,
    received: ReceivedForm,
    /// Whether a repetition of the request interrupted it. The repetition uses its files.
    is_interrupted: bool,
    /// The files that an earlier request with the same `client_id` stored. They stay if this request fails.
    earlier: usize,
}

/// A form whose files are all stored.
#[derive(Default)]
pub(super) struct ReceivedForm {
    pub(super) files: Vec<FileRecord>,
    pub(super) texts: TextParts,
}

impl UploadForm {
    pub(super) fn new(
        uploads: Uploads,
        owner: UserId,
        room: RoomId,
        body_bytes: Option<u64>,
        unparsed: UnparsedBytes,
    ) -> Self {
        let received = ReceivedForm::default();
        Self { uploads, owner, room, body_bytes, unparsed, received, is_interrupted: false, earlier: 0 }
    }

    /// Receives all files, or none: if one of them fails, the others are deleted, unless a repetition of the request uses
    /// them.
    pub(super) async fn receive(mut self, mut form: Multipart) -> Result<ReceivedForm, Problem> {
        match self.receive_parts(&mut form).await {
            Ok(()) => Ok(self.received),
            Err(problem) if self.is_interrupted => Err(problem),
            Err(problem) => {
                for file in &self.received.files[self.earlier..] {
                    // A file that cannot be deleted now expires after a day.
                    _ = self.uploads.delete(&file.key, self.owner).await;
                }
                Err(problem)
            }
        }
    }

    async fn receive_parts(&mut self, form: &mut Multipart) -> Result<(), Problem> {
        while let Some(part) =
            form.next_field().await.map_err(|error| Problem::malformed_body(&error.body_text()))?
        {
            self.unparsed.taken();
            let index = self.received.files.len();
            if part.name() != Some(FILE_PART) {
                self.received.texts.read(part, index > 0, &self.unparsed).await?;
                continue;
            }
            if index == MAX_FILES_PER_MESSAGE {
                return Err(
                    Refusal::too_many(Field::Files, MAX_FILES_PER_MESSAGE, "files per message").into()
                );
            }
            let file = self.receive_file(part, index).await?;
            self.received.files.push(file);
        }
        if self.received.files.is_empty() { Err(Refusal::missing(Field::File).into()) } else { Ok(()) }
    }

    async fn receive_file(&mut self, part: Part<'_>, index: usize) -> Result<FileRecord, Problem> {
        let limit = self.uploads.max_file_bytes();
        let name = FileName::parse(part.file_name().unwrap_or_default())?;
        let upload_id = self.received.texts.client_id.map_or_else(new_client_id, |id| id_of_file(id, index));
        let upload_id = upload_id.to_string();
        let unparsed = self.unparsed.clone();
        let bytes: UploadBody<'_> =
            part.inspect_ok(move |_| unparsed.taken()).map_err(|_| UploadError::BodyEnded).boxed();
        let same = SameUpload { room: self.room, name: &name, bytes: None };
        if let Some(file) = self.uploads.find_complete(self.owner, &upload_id, &same).await? {
            // The client repeats a request whose answer it did not receive.
            bytes.try_for_each(|_| std::future::ready(Ok(()))).await?;
            self.earlier += 1;
            return Ok(file);
        }
        let size = self.body_bytes.unwrap_or(limit).min(limit);
        let new = NewUpload { owner: self.owner, room: self.room, upload_id, name, size };
        let (upload, _) = self.uploads.begin(new).await?;
        let received = self.uploads.receive_whole(upload, bytes).await;
        self.is_interrupted = matches!(received, Err(UploadError::Interrupted));
        Ok(received.map_err(|error| match error {
            UploadError::BeyondLength { .. } => UploadError::FileTooLarge { limit },
            error => error,
        })?)
    }
}

/// Returns the upload id of a file of a request with a `client_id`. It is the same when the request is repeated.
fn id_of_file(client_id: ClientId, index: usize) -> ClientId {
    let hash = Sha256::digest(format!("{client_id} {index}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    ClientId::from_random_bytes(bytes)
}
