//! The memory for frames that contain a file.

use std::sync::Arc;
use std::time::Duration;

use hubbub_protocol::MAX_FRAME_BYTES;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes of a frame around the file that it contains: names, the text and the structure of the protocol.
const ENVELOPE_BYTES: usize = 64 * 1024;
/// Frames with a file that may be in memory at the same time. Further ones wait.
const FRAMES_AT_ONCE: usize = 32;

/// Time in which a long frame must arrive: 1.4 MB at 50 KB a second.
pub(crate) const LARGE_FRAME_TIMEOUT: Duration = Duration::from_secs(30);

/// The limit for frames of protocols in which a client sends a file in a frame. Frames up to `MAX_FRAME_BYTES` need no
/// permission; a longer one is read only while fewer than 32 others are in memory.
#[derive(Clone, Debug)]
pub(crate) struct LargeFrames {
    max_file_bytes: usize,
    permits: Arc<Semaphore>,
}

/// The permission to keep one long frame in memory.
#[derive(Debug)]
pub(crate) struct LargeFramePermit {
    _permit: OwnedSemaphorePermit,
}

impl LargeFrames {
    /// Creates the limit for files of at most this size.
    pub(crate) fn new(max_file_bytes: usize) -> Self {
        Self { max_file_bytes, permits: Arc::new(Semaphore::new(FRAMES_AT_ONCE)) }
    }

    /// Returns the size of the largest file in bytes.
    pub(crate) const fn max_file_bytes(&self) -> usize {
        self.max_file_bytes
    }

    /// Returns the size of the largest frame in bytes: a file in base64, four characters for three bytes, and what
    /// surrounds it.
    pub(crate) fn max_frame_bytes(&self) -> usize {
        let encoded = self.max_file_bytes.div_ceil(3).saturating_mul(4);
        encoded.saturating_add(ENVELOPE_BYTES).max(MAX_FRAME_BYTES)
    }

    /// Waits for the permission to read a frame of more than `MAX_FRAME_BYTES`. The holder must end after
    /// [`LARGE_FRAME_TIMEOUT`].
    pub(crate) async fn acquire(&self) -> Option<LargeFramePermit> {
        // An error means that the semaphore was closed, which never happens.
        let permit = Arc::clone(&self.permits).acquire_owned().await.ok()?;
        Some(LargeFramePermit { _permit: permit })
    }
}
