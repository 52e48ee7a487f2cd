//! Why somebody is not let in, and what is answered.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hubbub_chat::StoreError;
use hubbub_protocol::{Field, Refusal};

use crate::web;

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
        match self {
            Self::WrongToken => Problem::new(StatusCode::UNAUTHORIZED, "invalid_token", self.to_string()),
            Self::Store(_) => Problem::unavailable(),
        }
        .into_response()
    }
}

impl IntoResponse for SignInError {
    fn into_response(self) -> Response {
        match self {
            Self::Refused(refusal) => Problem::of(&refusal),
            Self::SignInRequired => {
                Problem::new(StatusCode::UNAUTHORIZED, "sign_in_required", self.to_string())
            }
            Self::Store(_) => Problem::unavailable(),
        }
        .into_response()
    }
}

/// An error for programs (RFC 9457).
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    code: String,
    detail: String,
    field: Option<&'static str>,
    retry_after_seconds: Option<u32>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        let (code, detail) = (code.to_owned(), detail.into());
        Self { status, code, detail, field: None, retry_after_seconds: None }
    }

    /// The same, for those who come back after so many seconds.
    pub(crate) const fn later(mut self, seconds: u32) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }

    /// What is wrong with a value.
    pub(crate) fn of(refusal: &Refusal) -> Self {
        let code = serde_json::to_value(refusal.code).unwrap_or_default();
        let code = code.as_str().unwrap_or_default();
        let (status, wait) = web::refused::status(refusal);
        let problem = Self::new(status, code, refusal.message.clone());
        let problem = wait.into_iter().fold(problem, Self::later);
        Self { field: refusal.field.map(Field::as_str), ..problem }
    }

    pub(crate) fn unavailable() -> Self {
        let refusal = Refusal::unavailable();
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", refusal.message).later(5)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Self { status, code, detail, field, retry_after_seconds } = self;
        let mut body = serde_json::json!({
            "type": "about:blank", "title": status.canonical_reason(), "status": status.as_u16(),
            "detail": detail, "code": code,
        });
        if let Some(field) = field {
            body["field"] = field.into();
        }
        let mut response =
            (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::UNAUTHORIZED {
            // RFC 9110, section 15.5.2, asks for a challenge.
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = retry_after_seconds {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}
