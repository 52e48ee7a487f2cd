//! Removes what nobody needs: uploads that were not posted in time, the objects of deleted files, and staged bytes of
//! uploads that no longer exist.

use std::time::Duration;

use hubbub_chat::StoreError;
use hubbub_protocol::{FileId, Timestamp};

use super::{StorageError, Uploads};
use crate::clock::wall_time;
use crate::sqlite::{FileChange, FileRecord};

/// Time after its begin until which an upload must be posted.
pub(crate) const UPLOAD_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
/// Time between two sweeps.
const INTERVAL: Duration = Duration::from_secs(10 * 60);
/// Maximum number of files that are read from the database at once.
const BATCH_FILES: u32 = 100;
/// Time without a write after which staged bytes without an upload are removed. An upload is in the database before its
/// first byte is staged, so this only has to be longer than a step of the server's clock.
const STAGED_WITHOUT_UPLOAD: Duration = Duration::from_secs(60 * 60);

/// Sweeps now and at intervals, until the server stops.
pub(crate) async fn sweep_at_intervals(uploads: Uploads) {
    let stopping = uploads.stopping.clone();
    let forever = async {
        loop {
            uploads.sweep(wall_time()).await;
            tokio::time::sleep(INTERVAL).await;
        }
    };
    stopping.run_until_cancelled(forever).await;
}

/// Why a step of a sweep failed. The next sweep tries again.
#[derive(Debug, thiserror::Error)]
enum SweepError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Uploads {
    /// Removes everything that nobody needs at this time.
    pub(super) async fn sweep(&self, now: Timestamp) {
        for (step, result) in [
            ("expired uploads", self.expire_unposted(now).await),
            ("deleted files", self.remove_deleted().await),
            ("staged bytes", self.remove_staged().await),
        ] {
            if let Err(error) = result {
                tracing::warn!(step, %error, "files could not be removed; the next sweep tries again");
            }
        }
    }

    /// Marks uploads as deleted that were not posted in time.
    async fn expire_unposted(&self, now: Timestamp) -> Result<(), SweepError> {
        let lifetime = i64::try_from(UPLOAD_LIFETIME.as_millis()).unwrap_or(i64::MAX);
        let before = Timestamp::from_millis(now.millis().saturating_sub(lifetime));
        loop {
            let expired = self.store.unposted_files(before, BATCH_FILES).await?;
            for upload in &expired {
                // A request that still sends bytes ends now.
                let _turn = self.active.take_turn(&upload.key).await;
                self.store.change_file(FileChange::Delete { file: upload.id, at: now }).await?;
            }
            if expired.is_empty() {
                return Ok(());
            }
        }
    }

    /// Removes the bytes of deleted files, then their rows.
    async fn remove_deleted(&self) -> Result<(), SweepError> {
        let mut after = FileId(0);
        loop {
            let deleted = self.store.deleted_files(after, BATCH_FILES).await?;
            let Some(last) = deleted.last() else { return Ok(()) };
            after = last.id;
            for file in &deleted {
                // A file that cannot be removed does not keep the others.
                if let Err(error) = self.remove_bytes(file).await {
                    tracing::warn!(file = %file.id, %error, "the bytes of a deleted file could not be removed");
                    continue;
                }
                self.store.change_file(FileChange::Forget { file: file.id }).await?;
            }
        }
    }

    async fn remove_bytes(&self, file: &FileRecord) -> Result<(), StorageError> {
        self.staging.remove(&file.key).await?;
        self.storage.remove(&file.key).await
    }

    /// Removes staged bytes whose upload is complete or does not exist.
    async fn remove_staged(&self) -> Result<(), SweepError> {
        for key in self.staging.unchanged_for(STAGED_WITHOUT_UPLOAD).await? {
            let _turn = self.active.take_turn(&key).await;
            let upload = self.store.file_by_key(&key).await?;
            if upload.is_none_or(|upload| upload.facts.is_some()) {
                self.staging.remove(&key).await?;
            }
        }
        Ok(())
    }
}
