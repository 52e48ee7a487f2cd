//! Files of messages: uploads, their storage and the addresses under which they are served. The table `files` of the
//! database says which files exist, and `storage` has their bytes.

mod active_uploads;
mod byte_size;
mod checksum;
mod content_type;
mod error;
mod examine;
mod pictures;
mod signature;
mod staging;
mod storage;
mod sweep;
mod upload_error;
mod uploads;

pub use byte_size::ByteLimit;
pub(crate) use checksum::{CHECKSUM_ALGORITHMS, Checksum};
pub(crate) use error::StorageError;
pub(crate) use signature::{AddressSigner, SignedQuery};
pub(crate) use staging::{StagedFile, Staging};
pub use storage::StorageLocation;
pub(crate) use storage::{FileVersion, Storage};
pub(crate) use sweep::{UPLOAD_LIFETIME, sweep_at_intervals};
pub(crate) use upload_error::UploadError;
pub(crate) use uploads::{FileLimits, NewUpload, SameUpload, UploadBody, Uploads};
