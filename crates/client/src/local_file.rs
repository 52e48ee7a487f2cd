//! Files of unsent messages.

use hubbub_protocol::{Attachment, ClientId, Code, Field, FileName, Refusal, Retry};
use serde::{Deserialize, Serialize};

/// A file of an unsent message. The driver stores its content under `upload_id`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalFile {
    /// UUID of the upload, the same on every attempt.
    pub upload_id: ClientId,
    /// Name of the file.
    pub name: FileName,
    /// Size in bytes.
    pub size: u64,
    /// Media type by the browser, for the view until the server has found the type; empty if unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub content_type: String,
    /// Result of the upload as it is stored. A running upload is stored as waiting.
    #[serde(default)]
    pub state: UploadState,
    /// Bytes that the server has, while the upload runs; `None` otherwise. It is not stored, because after a restart the
    /// server is asked.
    #[serde(skip)]
    pub sent: Option<u64>,
}

/// The durable state of an upload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UploadState {
    /// The upload runs, or waits to begin or to be resumed.
    #[default]
    Waiting,
    /// The server has the whole file.
    Uploaded(Attachment),
    /// The upload was refused permanently.
    Failed(Refusal),
}

impl LocalFile {
    /// Returns the file as the server has it, if it is uploaded.
    #[must_use]
    pub const fn attachment(&self) -> Option<&Attachment> {
        match &self.state {
            UploadState::Uploaded(attachment) => Some(attachment),
            UploadState::Waiting | UploadState::Failed(_) => None,
        }
    }

    /// Returns why the upload was refused permanently.
    #[must_use]
    pub const fn failure(&self) -> Option<&Refusal> {
        match &self.state {
            UploadState::Failed(refusal) => Some(refusal),
            UploadState::Waiting | UploadState::Uploaded(_) => None,
        }
    }

    /// Returns whether the upload neither runs nor has ended.
    pub(crate) fn is_waiting(&self) -> bool {
        self.state == UploadState::Waiting && self.sent.is_none()
    }

    /// The refusal of an upload whose content is no longer in the storage of this device.
    #[must_use]
    pub fn content_missing() -> Refusal {
        Refusal {
            code: Code::NotFound,
            message: "file: its content is no longer stored on this device; choose it again".to_owned(),
            field: Some(Field::File),
            limit: None,
            retry: Retry::Never,
            retry_after_ms: None,
        }
    }
}
