//! Why somebody is not let in, and what is answered.

use axum::response::{IntoResponse, Response};
use hubbub_chat::StoreError;
use hubbub_protocol::Refusal;

pub(crate) use crate::web::api::problem::Problem;

/// Why it is not known who sends a request.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotIdentified {
    /// A token was brought that is not ours, has run out, or belongs to a session that has ended. Never
    /// taken for "nobody": a program must learn that its token is of no use.
    #[error("this token is not valid, or no longer")]
    WrongToken,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why signing in failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignInError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Guests are not let in here.
    #[error("guests are not let in here; sign in with an account")]
    SignInRequired,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who tries to come in with a token that is not valid has to sign in.
impl From<NotIdentified> for SignInError {
    fn from(error: NotIdentified) -> Self {
        match error {
            NotIdentified::WrongToken => Self::SignInRequired,
            NotIdentified::Store(error) => Self::Store(error),
        }
    }
}

impl IntoResponse for NotIdentified {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}

impl IntoResponse for SignInError {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}
