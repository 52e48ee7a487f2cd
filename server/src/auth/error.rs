//! Errors of authentication and sign-in.

use hubbub_chat::StoreError;
use hubbub_protocol::Refusal;

/// The reason why a request could not be authenticated.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AuthError {
    /// The token was not signed by this server, has expired, or belongs to a session that has ended. The request is
    /// never treated as anonymous, because a program must learn that its token is invalid.
    #[error("the token is invalid or has expired")]
    InvalidToken,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The reason why signing in failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignInError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// This server does not allow guests.
    #[error("this server does not accept guests; sign in with an account")]
    SignInRequired,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A client with an invalid token must sign in.
impl From<AuthError> for SignInError {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::InvalidToken => Self::SignInRequired,
            AuthError::Store(error) => Self::Store(error),
        }
    }
}
