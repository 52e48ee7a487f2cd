//! Signed tokens for programs (RFC 7519), with the user, the session and the expiry. A token only refers to a session,
//! which is looked up each time, so that the token ends with the session.

use hubbub_protocol::{Timestamp, UserId};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::signature::{self, Signer, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::sqlite::SessionId;

/// Maximum length of a token in bytes; a longer one is rejected unread. Tokens of this server have about 200.
const MAX_TOKEN_BYTES: usize = 2_048;

/// The only algorithm that the library is given, so that a token cannot choose another one.
static HS256_ALONE: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| {
        pinned(*algorithm)?;
        Ok(Box::new(Hs256(mac(key.as_bytes())?)))
    },
    verifier_factory: |algorithm, key| {
        pinned(*algorithm)?;
        Ok(Box::new(Hs256(mac(key.try_get_as_bytes()?)?)))
    },
    key_utils: KeyUtils::new_unimplemented(),
};

/// The content of a token.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    /// The id of the user, as text.
    sub: String,
    sid: i64,
    /// Time of issue, in seconds since 1970.
    iat: i64,
    exp: i64,
}

/// Signs and verifies tokens.
#[derive(Clone)]
pub(crate) struct TokenSigner {
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
    /// Validation for expired tokens. They do not authenticate, but show that a program was signed in before.
    ignoring_expiry: Validation,
}

impl TokenSigner {
    pub(crate) fn new(key: &[u8]) -> Self {
        // The first call installs the provider, and all further calls would install the same one.
        _ = HS256_ALONE.install_default();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = 0;
        validation.set_required_spec_claims(&["exp", "sub"]);
        let mut ignoring_expiry = validation.clone();
        ignoring_expiry.validate_exp = false;
        Self {
            signing: EncodingKey::from_secret(key),
            verifying: DecodingKey::from_secret(key),
            validation,
            ignoring_expiry,
        }
    }

    /// Returns a token for `user` in `session`.
    ///
    /// # Errors
    /// If the library cannot sign.
    pub(crate) fn sign(
        &self,
        user: UserId,
        session: SessionId,
        now: Timestamp,
        end: Timestamp,
    ) -> Result<String, Error> {
        let seconds = |time: Timestamp| time.millis().div_euclid(1_000);
        let claims = Claims { sub: user.to_string(), sid: session.0, iat: seconds(now), exp: seconds(end) };
        encode(&Header::new(Algorithm::HS256), &claims, &self.signing)
    }

    /// Returns user and session of a token that this server has signed and that has not expired.
    pub(crate) fn read(&self, token: &str) -> Option<(UserId, SessionId)> {
        self.read_as(token, &self.validation)
    }

    /// Returns user and session of a token that this server has signed, even if it has expired.
    pub(super) fn read_expired(&self, token: &str) -> Option<(UserId, SessionId)> {
        self.read_as(token, &self.ignoring_expiry)
    }

    fn read_as(&self, token: &str, validation: &Validation) -> Option<(UserId, SessionId)> {
        if token.len() > MAX_TOKEN_BYTES {
            return None;
        }
        let claims = decode::<Claims>(token, &self.verifying, validation).ok()?.claims;
        Some((UserId(claims.sub.parse().ok()?), SessionId(claims.sid)))
    }
}

/// This implementation is written by hand, because a derived `Debug` could write the key to a log.
impl std::fmt::Debug for TokenSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenSigner(..)")
    }
}

/// HMAC with SHA-256 (RFC 7518, section 3.2).
struct Hs256(Hmac<Sha256>);

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(self.0.clone().chain_update(message).finalize().into_bytes().to_vec())
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    /// Compares in constant time.
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        let mac = self.0.clone().chain_update(message);
        mac.verify_slice(signature).map_err(signature::Error::from_source)
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

fn mac(key: &[u8]) -> Result<Hmac<Sha256>, Error> {
    Hmac::new_from_slice(key).map_err(|_| ErrorKind::InvalidKeyFormat.into())
}

fn pinned(algorithm: Algorithm) -> Result<(), Error> {
    if algorithm == Algorithm::HS256 { Ok(()) } else { Err(ErrorKind::InvalidAlgorithm.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = b"a key of the tests, long enough!";
    const NEVER: i64 = 32_503_680_000_000;

    fn token(token_signer: &TokenSigner, end: i64) -> String {
        let (now, end) = (Timestamp::from_millis(0), Timestamp::from_millis(end));
        token_signer.sign(UserId(7), SessionId(3), now, end).unwrap()
    }

    #[test]
    fn verifies_its_own_tokens() {
        let token_signer = TokenSigner::new(KEY);
        assert_eq!(token_signer.read(&token(&token_signer, NEVER)), Some((UserId(7), SessionId(3))));
    }

    #[test]
    fn rejects_expired_tokens_and_other_keys() {
        let token_signer = TokenSigner::new(KEY);
        assert_eq!(token_signer.read(&token(&token_signer, 1_000)), None);
        assert_eq!(token_signer.read_expired(&token(&token_signer, 1_000)), Some((UserId(7), SessionId(3))));
        assert_eq!(token_signer.read_expired(&token(&TokenSigner::new(b"another key"), 1_000)), None);
        assert_eq!(token_signer.read(&token(&TokenSigner::new(b"another key"), NEVER)), None);
    }

    #[test]
    fn rejects_any_modification() {
        let token_signer = TokenSigner::new(KEY);
        let token = token(&token_signer, NEVER);
        for place in 0..token.len() {
            let mut forged = token.clone().into_bytes();
            forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
            assert_eq!(token_signer.read(std::str::from_utf8(&forged).unwrap()), None, "at {place}");
        }
        for garbage in ["", ".", "..", "a.b.c", &token[..token.len() - 1], &format!("{token}.")] {
            assert_eq!(token_signer.read(garbage), None, "{garbage}");
        }
    }
}
