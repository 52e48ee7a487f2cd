//! Password hashes: Argon2id with the parameters that OWASP recommends, computed outside the async runtime, few at a
//! time.

mod hasher;

use std::sync::Arc;

use hubbub_chat::StoreError;
use hubbub_chat::text::prepare_password;
use hubbub_protocol::AccountRefusal;
use tokio::sync::Semaphore;

use hasher::Hasher;

/// Maximum number of hashes computed at once: each takes a processor for about 50 ms and 19 MiB.
const HASHES_AT_ONCE: usize = 2;
/// Maximum number of requests that are processed or wait; a further one is refused and may retry. The last one waits
/// about a second.
const MAX_REQUESTS: usize = 32;
/// The hash that a password is compared with if there is no account of that name, so that the answer takes as long. It
/// has the usual parameters, and nobody knows its password.
const DUMMY_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$vI3rGqBnR0m5cYpWw2yXHg$Zx9bqS1tq0mV7cF3hJ8nT5rLwYp2kDaE6uGiQoXsBvM";

/// Hashes and verifies passwords.
#[derive(Clone, Debug)]
pub(crate) struct Passwords {
    places: Arc<Semaphore>,
    workers: Arc<Semaphore>,
    hasher: Arc<Hasher>,
}

/// The result of comparing a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PasswordCheck {
    Mismatch,
    Match,
    /// The password matches only byte by byte, as older versions compared passwords without preparing them; the hash
    /// should be computed again.
    MatchUnprepared,
}

/// The reason why a password was not hashed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HashError {
    #[error(transparent)]
    Refused(#[from] AccountRefusal),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Passwords {
    pub(crate) fn new() -> Self {
        Self {
            places: Arc::new(Semaphore::new(MAX_REQUESTS)),
            workers: Arc::new(Semaphore::new(HASHES_AT_ONCE)),
            hasher: Arc::default(),
        }
    }

    /// Returns the hash of a password, prepared for comparison (RFC 8265) and with a salt of its own, in PHC string
    /// format.
    ///
    /// # Errors
    /// If too many requests wait.
    pub(crate) async fn hash(&self, password: &str) -> Result<String, HashError> {
        let prepared = prepare_password(password);
        self.work(move |hasher| hasher.hash(prepared.as_bytes())).await
    }

    /// Whether `password` belongs to the hash. Tries the prepared form first, and then the password as typed, because
    /// older hashes were computed from the typed form. Without a hash, the result is a mismatch, and the same number of
    /// hashes is computed, so that the answer takes as long.
    ///
    /// # Errors
    /// If too many requests wait.
    pub(crate) async fn verify(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<PasswordCheck, HashError> {
        let prepared = prepare_password(&password);
        self.work(move |hasher| {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| DUMMY_HASH.to_owned());
            if hasher.verify(prepared.as_bytes(), &hash)? && known {
                return Ok(PasswordCheck::Match);
            }
            if prepared != password && hasher.verify(password.as_bytes(), &hash)? && known {
                return Ok(PasswordCheck::MatchUnprepared);
            }
            Ok(PasswordCheck::Mismatch)
        })
        .await
    }

    /// Returns the number of hashes computed so far.
    #[cfg(test)]
    pub(super) fn hashed(&self) -> usize {
        self.hasher.hashed()
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Hasher) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, HashError> {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            return Err(AccountRefusal::Busy.into());
        };
        let stopped = || StoreError("hashing has stopped".to_owned());
        let worker = Arc::clone(&self.workers).acquire_owned().await.map_err(|_| stopped())?;
        let hasher = Arc::clone(&self.hasher);
        // The permits belong to the work, so that a client that disconnects meanwhile does not make space for another
        // request.
        let done = tokio::task::spawn_blocking(move || {
            let _held = (place, worker);
            work(&hasher)
        });
        Ok(done.await.map_err(|_| stopped())??)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;

    use super::*;

    async fn check(passwords: &Passwords, password: &str, hash: Option<&str>) -> PasswordCheck {
        passwords.verify(password.to_owned(), hash.map(str::to_owned)).await.unwrap()
    }

    #[tokio::test]
    async fn hash_matches_only_its_password() {
        let passwords = Passwords::new();
        let hash = passwords.hash("violets are blue").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let other = passwords.hash("violets are blue").await.unwrap();
        assert_ne!(hash, other, "each has its salt");
        assert_eq!(check(&passwords, "violets are blue", Some(&hash)).await, PasswordCheck::Match);
        assert_eq!(check(&passwords, "Violets are blue", Some(&hash)).await, PasswordCheck::Mismatch);
        assert_eq!(check(&passwords, "violets are blue", None).await, PasswordCheck::Mismatch);
        assert!(passwords.verify(String::new(), Some("no hash".to_owned())).await.is_err());
    }

    #[tokio::test]
    async fn password_is_equal_on_all_keyboards() {
        let passwords = Passwords::new();
        for (one, other) in [
            ("café au lait", "cafe\u{301} au\u{A0}lait"),
            ("한국어 비밀", "\u{1112}\u{1161}\u{11AB}국어 비밀"),
        ] {
            let hash = passwords.hash(one).await.unwrap();
            assert_eq!(check(&passwords, other, Some(&hash)).await, PasswordCheck::Match);
            let hash = passwords.hash(other).await.unwrap();
            assert_eq!(check(&passwords, one, Some(&hash)).await, PasswordCheck::Match);
        }
    }

    #[tokio::test]
    async fn accepts_hashes_of_older_versions() {
        let passwords = Passwords::new();
        let typed = "cafe\u{301} au lait";
        let old = Hasher::default().hash(typed.as_bytes()).unwrap();
        let before = passwords.hashed();
        assert_eq!(check(&passwords, typed, Some(&old)).await, PasswordCheck::MatchUnprepared);
        assert_eq!(passwords.hashed() - before, 2);
        assert_eq!(check(&passwords, "café au lait", Some(&old)).await, PasswordCheck::Mismatch);
    }

    #[tokio::test]
    async fn hashes_equally_without_an_account() {
        let passwords = Passwords::new();
        let hash = passwords.hash("violets are blue").await.unwrap();
        for password in ["roses are red", "cafe\u{301} au lait"] {
            let before = passwords.hashed();
            check(&passwords, password, Some(&hash)).await;
            let with = passwords.hashed() - before;
            check(&passwords, password, None).await;
            assert_eq!(passwords.hashed() - before, 2 * with, "{password}");
        }
    }

    #[tokio::test]
    async fn limits_concurrent_hashes_and_shares_buffers() {
        let passwords = Passwords::new();
        let tries = (0..100).map(|_| passwords.verify("violets are blue".to_owned(), None));
        let outcomes = join_all(tries).await;
        let busy = outcomes
            .iter()
            .filter(|outcome| matches!(outcome, Err(HashError::Refused(AccountRefusal::Busy))));
        assert_eq!(busy.count(), 100 - MAX_REQUESTS);
        assert_eq!(
            check(&passwords, "violets are blue", None).await,
            PasswordCheck::Mismatch,
            "and then it goes on"
        );
        assert!(passwords.hasher.buffers_made() <= HASHES_AT_ONCE, "{}", passwords.hasher.buffers_made());
    }
}
