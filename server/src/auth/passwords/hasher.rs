//! Argon2id with reused memory.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use hubbub_chat::StoreError;

/// Bytes of a salt (RFC 9106, section 3.1).
const SALT_BYTES: usize = 16;
/// Bytes of a hash.
const HASH_BYTES: usize = Params::DEFAULT_OUTPUT_LEN;

/// Computes hashes. The memory of a hash, 19 MiB, is kept for the next one: if it were freed, the allocator would keep
/// it in the arena of each thread, and thirty sign-ins would hold 300 MiB. There are as many buffers as hashes were
/// computed at once.
#[derive(Debug, Default)]
pub(super) struct Hasher {
    // The lock is held to take or return a buffer, never while a hash is computed.
    buffers: Mutex<Vec<Vec<Block>>>,
    buffers_made: AtomicUsize,
    hashed: AtomicUsize,
}

impl Hasher {
    /// Returns the hash of a password with a new salt, in PHC string format.
    ///
    /// # Errors
    /// If the library fails.
    pub(super) fn hash(&self, password: &[u8]) -> Result<String, StoreError> {
        let params = Params::default();
        let salt: [u8; SALT_BYTES] = rand::random();
        let mut output = [0; HASH_BYTES];
        self.compute(&params, password, &salt, &mut output)?;
        let failed =
            |error: &dyn std::fmt::Display| StoreError(format!("cannot write a password hash: {error}"));
        let parameters = ParamsString::try_from(&params).map_err(|error| failed(&error))?;
        let text = || -> Result<String, argon2::password_hash::phc::Error> {
            let hash = PasswordHash {
                algorithm: Algorithm::Argon2id.ident(),
                version: Some(Version::V0x13.into()),
                params: parameters,
                salt: Some(Salt::new(&salt)?),
                hash: Some(Output::new(&output)?),
            };
            Ok(hash.to_string())
        };
        text().map_err(|error| failed(&error))
    }

    /// Whether a password belongs to a stored hash.
    ///
    /// # Errors
    /// If the hash is damaged, or the library fails.
    pub(super) fn verify(&self, password: &[u8], hash: &str) -> Result<bool, StoreError> {
        let damaged = || StoreError("a stored password hash is damaged".to_owned());
        let hash = PasswordHash::new(hash).map_err(|_| damaged())?;
        let params = Params::try_from(&hash).map_err(|_| damaged())?;
        let is_ours =
            hash.algorithm == Algorithm::Argon2id.ident() && hash.version == Some(Version::V0x13.into());
        let (Some(salt), Some(wanted), true) = (&hash.salt, &hash.hash, is_ours) else {
            return Err(damaged());
        };
        let mut output = vec![0; wanted.as_bytes().len()];
        self.compute(&params, password, salt, &mut output)?;
        // The type `Output` compares in constant time.
        Ok(Output::new(&output).is_ok_and(|output| output == *wanted))
    }

    #[cfg(test)]
    pub(super) fn hashed(&self) -> usize {
        self.hashed.load(Ordering::Relaxed)
    }

    #[cfg(test)]
    pub(super) fn buffers_made(&self) -> usize {
        self.buffers_made.load(Ordering::Relaxed)
    }

    fn compute(
        &self,
        params: &Params,
        password: &[u8],
        salt: &[u8],
        output: &mut [u8],
    ) -> Result<(), StoreError> {
        let kept = self.buffers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut buffer = kept.unwrap_or_else(|| {
            self.buffers_made.fetch_add(1, Ordering::Relaxed);
            Vec::new()
        });
        buffer.resize(params.block_count(), Block::new());
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        let computed = argon2.hash_password_into_with_memory(password, salt, output, &mut buffer);
        self.hashed.fetch_add(1, Ordering::Relaxed);
        self.buffers.lock().unwrap_or_else(PoisonError::into_inner).push(buffer);
        computed.map_err(|error| StoreError(format!("cannot hash: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::{PasswordHasher, PasswordVerifier};

    use super::super::DUMMY_HASH;
    use super::*;

    #[test]
    fn hashes_equal_those_of_the_library() {
        let hasher = Hasher::default();
        let theirs: PasswordHash = Argon2::default().hash_password(b"violets are blue").unwrap();
        assert!(hasher.verify(b"violets are blue", &theirs.to_string()).unwrap());
        assert!(!hasher.verify(b"roses are red", &theirs.to_string()).unwrap());
        let ours = hasher.hash(b"violets are blue").unwrap();
        let ours = PasswordHash::new(&ours).unwrap();
        Argon2::default().verify_password(b"violets are blue", &ours).unwrap();
        assert_eq!(
            (ours.algorithm, ours.version, &ours.params),
            (theirs.algorithm, theirs.version, &theirs.params)
        );
    }

    #[test]
    fn dummy_hash_costs_as_much_as_others() {
        let nobodys = PasswordHash::new(DUMMY_HASH).unwrap();
        let one = Hasher::default().hash(b"violets are blue").unwrap();
        let one = PasswordHash::new(&one).unwrap();
        assert_eq!(nobodys.algorithm, one.algorithm);
        assert_eq!(nobodys.version, one.version);
        assert_eq!(nobodys.params, one.params);
        assert_eq!(
            nobodys.hash.map(|hash| hash.as_bytes().len()),
            one.hash.map(|hash| hash.as_bytes().len())
        );
    }
}
