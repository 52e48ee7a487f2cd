//! Password hashes: Argon2id with the parameters that OWASP asks for, off the runtime, few at once.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use hubbub_chat::StoreError;
use hubbub_protocol::{AccountRefusal, Password};
use tokio::sync::Semaphore;

/// Hashes worked on at once: each takes a processor for some 50 ms and 19 MiB.
const HASHES_AT_ONCE: usize = 2;
/// Hashes that are worked on or wait; who comes then is told to come back. The last waits about a second.
const MAX_HASHES: usize = 32;
/// What a password is compared with when there is no account of that name, so that it takes as long: a hash with
/// the parameters of all others, of which nobody knows the password.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$vI3rGqBnR0m5cYpWw2yXHg$Zx9bqS1tq0mV7cF3hJ8nT5rLwYp2kDaE6uGiQoXsBvM";

/// Hashes and compares passwords.
#[derive(Clone, Debug)]
pub(crate) struct Passwords {
    places: Arc<Semaphore>,
    workers: Arc<Semaphore>,
    #[cfg(test)]
    pub(super) hashed: Arc<std::sync::atomic::AtomicU32>,
}

/// Why a password was not hashed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HashError {
    #[error(transparent)]
    Refused(#[from] AccountRefusal),
    #[error(transparent)]
    Broken(#[from] StoreError),
}

impl Passwords {
    pub(crate) fn new() -> Self {
        Self {
            places: Arc::new(Semaphore::new(MAX_HASHES)),
            workers: Arc::new(Semaphore::new(HASHES_AT_ONCE)),
            #[cfg(test)]
            hashed: Arc::default(),
        }
    }

    /// The hash of a password, with a salt of its own, as text (PHC).
    ///
    /// # Errors
    /// When too many wait.
    pub(crate) async fn hash(&self, password: Password) -> Result<String, HashError> {
        self.work(move || {
            let hash = Argon2::default().hash_password(password.as_str().as_bytes());
            hash.map(|hash| hash.to_string())
                .map_err(|error| StoreError(format!("cannot hash: {error}")).into())
        })
        .await
    }

    /// Whether `password` is the one of that hash. Without a hash it is not, and that takes as long.
    ///
    /// # Errors
    /// When too many wait.
    pub(crate) async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, HashError> {
        self.work(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODYS.to_owned());
            let hash = PasswordHash::new(&hash)
                .map_err(|error| StoreError(format!("a stored password hash is damaged: {error}")))?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok() && known)
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, HashError> {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            return Err(AccountRefusal::Busy.into());
        };
        let stopped = || StoreError("hashing has stopped".to_owned());
        let worker = Arc::clone(&self.workers).acquire_owned().await.map_err(|_| stopped())?;
        #[cfg(test)]
        self.hashed.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        // The permits go with the work: who hangs up in the meantime does not make room for another one.
        let done = tokio::task::spawn_blocking(move || {
            let _held = (place, worker);
            work()
        });
        done.await.map_err(|_| stopped())?
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;
    use hubbub_protocol::UserName;

    use super::*;

    fn password(text: &str) -> Password {
        Password::parse(text, &UserName::parse("alice").unwrap()).unwrap()
    }

    #[tokio::test]
    async fn a_password_belongs_to_its_hash_alone() {
        let passwords = Passwords::new();
        let hash = passwords.hash(password("violets are blue")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let other = passwords.hash(password("violets are blue")).await.unwrap();
        assert_ne!(hash, other, "each has its salt");
        assert!(passwords.verify("violets are blue".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("Violets are blue".to_owned(), Some(hash)).await.unwrap());
        assert!(!passwords.verify("violets are blue".to_owned(), None).await.unwrap());
    }

    #[test]
    fn nobodys_hash_costs_what_others_cost() {
        let nobodys = PasswordHash::new(NOBODYS).unwrap();
        let one = Argon2::default().hash_password(b"violets are blue").unwrap();
        assert_eq!(nobodys.algorithm, one.algorithm);
        assert_eq!(nobodys.version, one.version);
        assert_eq!(nobodys.params, one.params);
        assert_eq!(nobodys.hash.map(|hash| hash.len()), one.hash.map(|hash| hash.len()));
    }

    #[tokio::test]
    async fn a_hundred_at_once_are_not_all_taken() {
        let passwords = Passwords::new();
        let tries = (0..100).map(|_| passwords.verify("violets are blue".to_owned(), None));
        let outcomes = join_all(tries).await;
        let busy = outcomes
            .iter()
            .filter(|outcome| matches!(outcome, Err(HashError::Refused(AccountRefusal::Busy))));
        assert_eq!(busy.count(), 100 - MAX_HASHES);
        assert!(!passwords.verify("violets are blue".to_owned(), None).await.unwrap(), "and then it goes on");
    }
}
