//! The uploads that receive bytes at this moment. Each is received by one request at a time, and a user has few at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hubbub_protocol::UserId;
use tokio::sync::OwnedMutexGuard;
use tokio_util::sync::CancellationToken;

use super::UploadError;
use crate::sqlite::StorageKey;

/// The uploads that receive bytes at this moment.
#[derive(Clone, Debug, Default)]
pub(super) struct ActiveUploads(Arc<Mutex<Registry>>);

#[derive(Debug, Default)]
struct Registry {
    uploads: HashMap<StorageKey, ActiveUpload>,
    users: HashMap<UserId, u32>,
}

#[derive(Debug, Default)]
struct ActiveUpload {
    turn: Arc<tokio::sync::Mutex<()>>,
    /// Ends the newest request for the upload.
    interrupt: CancellationToken,
    /// Number of requests that have the turn or wait for it.
    requests: usize,
}

/// The right of one request to change an upload.
#[derive(Debug)]
pub(super) struct Turn {
    request: TurnRequest,
    _turn: OwnedMutexGuard<()>,
}

/// A request that has the turn of an upload, or waits for it.
#[derive(Debug)]
struct TurnRequest {
    active: ActiveUploads,
    key: StorageKey,
    interrupt: CancellationToken,
}

/// One of the simultaneous uploads of a user.
#[derive(Debug)]
pub(crate) struct UploadSlot {
    active: ActiveUploads,
    user: UserId,
}

impl ActiveUploads {
    /// Takes one of the `limit` slots of a user.
    ///
    /// # Errors
    /// If none is free.
    pub(super) fn acquire_slot(&self, user: UserId, limit: u32) -> Result<UploadSlot, UploadError> {
        let mut registry = self.lock();
        let used = registry.users.entry(user).or_default();
        if *used >= limit {
            return Err(UploadError::TooManyAtOnce { limit });
        }
        *used += 1;
        Ok(UploadSlot { active: self.clone(), user })
    }

    /// Waits for the right to change an upload, and interrupts the request that has it: a client that repeats a request
    /// has lost the connection of the former one, which the server may not know yet.
    pub(super) async fn take_turn(&self, key: &StorageKey) -> Turn {
        let (request, turn) = self.register(key);
        Turn { _turn: turn.lock_owned().await, request }
    }

    fn register(&self, key: &StorageKey) -> (TurnRequest, Arc<tokio::sync::Mutex<()>>) {
        let interrupt = CancellationToken::new();
        let mut registry = self.lock();
        let upload = registry.uploads.entry(key.clone()).or_default();
        upload.interrupt.cancel();
        upload.interrupt = interrupt.clone();
        upload.requests += 1;
        let turn = Arc::clone(&upload.turn);
        drop(registry);
        (TurnRequest { active: self.clone(), key: key.clone(), interrupt }, turn)
    }

    /// The lock is held only for a look-up or a change, never across an await.
    fn lock(&self) -> MutexGuard<'_, Registry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// Completes when another request for the same upload arrives.
    pub(super) async fn interrupted(&self) {
        self.request.interrupt.cancelled().await;
    }
}

impl Drop for TurnRequest {
    fn drop(&mut self) {
        let mut registry = self.active.lock();
        if let Some(upload) = registry.uploads.get_mut(&self.key) {
            upload.requests -= 1;
            if upload.requests == 0 {
                registry.uploads.remove(&self.key);
            }
        }
    }
}

impl Drop for UploadSlot {
    fn drop(&mut self) {
        let mut registry = self.active.lock();
        if let Some(used) = registry.users.get_mut(&self.user) {
            *used -= 1;
            if *used == 0 {
                registry.users.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn a_newer_request_interrupts_the_older_one_and_waits_for_it() {
        let (active, key) = (ActiveUploads::default(), StorageKey::random());
        let first = active.take_turn(&key).await;
        assert!(first.interrupted().now_or_never().is_none());

        let mut second = Box::pin(active.take_turn(&key));
        assert!((&mut second).now_or_never().is_none(), "the first request has the turn");
        assert!(first.interrupted().now_or_never().is_some());
        drop(first);
        let second = second.await;
        assert!(second.interrupted().now_or_never().is_none());

        let other = active.take_turn(&StorageKey::random()).now_or_never();
        assert!(other.is_some(), "another upload is not affected");
        drop((second, other));
        assert!(active.lock().uploads.is_empty());
    }

    #[tokio::test]
    async fn a_request_that_gives_up_leaves_nothing() {
        let (active, key) = (ActiveUploads::default(), StorageKey::random());
        let first = active.take_turn(&key).await;
        assert!(active.take_turn(&key).now_or_never().is_none());
        drop(first);
        assert!(active.lock().uploads.is_empty());
    }

    #[test]
    fn a_user_has_a_limited_number_of_slots() {
        let active = ActiveUploads::default();
        let slots = [active.acquire_slot(UserId(1), 2).unwrap(), active.acquire_slot(UserId(1), 2).unwrap()];
        assert!(matches!(active.acquire_slot(UserId(1), 2), Err(UploadError::TooManyAtOnce { limit: 2 })));
        active.acquire_slot(UserId(2), 2).unwrap();
        drop(slots);
        active.acquire_slot(UserId(1), 2).unwrap();
        assert!(active.lock().users.is_empty());
    }
}
