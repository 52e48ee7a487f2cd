//! The problems of uploads and files.

use hubbub_protocol::{Field, Refusal};

use super::{
    INTERRUPTED, INVALID_SIGNATURE, NOT_FOUND, NOT_JOINED, NOT_JSON, NOT_UNDERSTOOD, Problem,
    RANGE_NOT_SATISFIABLE, STORAGE_FULL, TOO_LARGE, TOO_MANY, TOO_MANY_UPLOADS, UNSUPPORTED_VERSION,
    UPLOAD_COMPLETE, UPLOAD_ID_TAKEN, WRONG_CHECKSUM, WRONG_OFFSET,
};
use crate::files::UploadError;
use crate::web::http::tus;

/// Milliseconds after which a user with too many simultaneous uploads may try again.
const SLOT_RETRY_MS: u64 = 2_000;

impl Problem {
    /// Creates the problem for a header that is missing or has an invalid value.
    pub(in crate::web) fn bad_header(name: &str, rule: &str) -> Self {
        Self::of_kind(NOT_UNDERSTOOD, format!("{name}: {rule}")).about(name)
    }

    /// Creates the problem for a request of another version of tus.
    pub(in crate::web) fn unsupported_tus_version() -> Self {
        let detail = format!("Tus-Resumable must be {}", tus::PROTOCOL_VERSION);
        Self::of_kind(UNSUPPORTED_VERSION, detail).about("Tus-Resumable")
    }

    /// Creates the problem for a body with another content type than `expected`.
    pub(in crate::web) fn wrong_content_type(expected: &str) -> Self {
        let detail = format!("the content type of the body must be {expected}");
        Self::of_kind(NOT_JSON, detail).about(Field::Body.as_str())
    }

    /// Creates the problem for a multipart body that cannot be parsed.
    pub(in crate::web) fn malformed_body(cause: &str) -> Self {
        Self::of_kind(NOT_UNDERSTOOD, format!("the body is not valid multipart/form-data: {cause}"))
            .about(Field::Body.as_str())
    }

    /// Creates the problem for a file that does not exist, or that the reader must not know of.
    pub(in crate::web) fn no_such_file() -> Self {
        Self::of_kind(NOT_FOUND, "the file does not exist or was deleted")
    }

    /// Creates the problem for a signed address that is not valid.
    pub(in crate::web) fn invalid_signature() -> Self {
        Self::of_kind(
            INVALID_SIGNATURE,
            "the address has expired, was changed, or its user has left the room",
        )
    }

    /// Creates the problem for a range outside of a file of this size.
    pub(in crate::web) fn range_not_satisfiable(size: u64) -> Self {
        Self::of_kind(RANGE_NOT_SATISFIABLE, format!("the file has {size} bytes"))
            .about("Range")
            .with_limit(size)
    }
}

impl From<UploadError> for Problem {
    fn from(error: UploadError) -> Self {
        let detail = error.to_string();
        let about_file = |kind| Self::of_kind(kind, detail.clone()).about(Field::File.as_str());
        match error {
            UploadError::FileTooLarge { limit } => about_file(TOO_LARGE).with_limit(limit),
            UploadError::UserFull { limit } | UploadError::ServerFull { limit } => {
                about_file(STORAGE_FULL).with_limit(limit)
            }
            UploadError::DiskFull => about_file(STORAGE_FULL),
            UploadError::TooManyUnposted { limit } => about_file(TOO_MANY).with_limit(limit),
            UploadError::TooManyAtOnce { limit } => {
                let mut problem = about_file(TOO_MANY_UPLOADS).with_limit(limit.into());
                problem.0.retry_after_ms = Some(SLOT_RETRY_MS);
                problem
            }
            UploadError::UploadIdTaken => Self::of_kind(UPLOAD_ID_TAKEN, detail).about("upload_id"),
            UploadError::NotFound => Self::of_kind(NOT_FOUND, detail),
            UploadError::Complete => Self::of_kind(UPLOAD_COMPLETE, detail),
            UploadError::WrongOffset { .. } => Self::of_kind(WRONG_OFFSET, detail).about("Upload-Offset"),
            UploadError::BeyondLength { size } => {
                Self::of_kind(TOO_LARGE, detail).about(Field::Body.as_str()).with_limit(size)
            }
            UploadError::WrongChecksum => Self::of_kind(WRONG_CHECKSUM, detail).about("Upload-Checksum"),
            UploadError::Interrupted => Self::of_kind(INTERRUPTED, detail),
            UploadError::BodyEnded => Self::of_kind(NOT_UNDERSTOOD, detail).about(Field::Body.as_str()),
            UploadError::NotJoined => Self::of_kind(NOT_JOINED, detail).about(Field::Room.as_str()),
            UploadError::Storage(cause) => {
                tracing::error!(%cause, "the storage of files failed");
                Refusal::unavailable().into()
            }
            UploadError::Store(error) => error.into(),
        }
    }
}
