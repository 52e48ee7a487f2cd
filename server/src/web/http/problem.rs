//! The only place that defines error responses over HTTP (RFC 9457).

mod upload;

use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hubbub_chat::StoreError;
use hubbub_protocol::{AccountRefusal, Code, Field, Refusal, rest};

use super::request_id;
use super::trailing_slash;
use crate::auth::accounts::AccountError;
use crate::auth::{AuthError, SignInError};

/// Seconds after which to retry if storage does not work.
const UNAVAILABLE_FOR_SECONDS: u64 = 5;

/// A kind of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) struct ProblemKind {
    /// The code, which programs check, and the anchor of its documentation.
    pub(in crate::web) code: &'static str,
    pub(in crate::web) status: u16,
    /// A short description of the kind of problem.
    pub(in crate::web) title: &'static str,
}

/// A status by its name, or the number of one that no RFC defines.
macro_rules! status {
    ($number:literal) => {
        $number
    };
    ($name:ident) => {
        StatusCode::$name.as_u16()
    };
}

macro_rules! kinds {
    ($($name:ident = $code:literal, $status:tt, $title:literal;)*) => {
        $(const $name: ProblemKind = ProblemKind { code: $code, status: status!($status), title: $title };)*
        /// All kinds, for the documentation.
        pub(in crate::web) const KINDS: &[ProblemKind] = &[$($name),*];
    };
}

kinds! {
    NOT_UNDERSTOOD = "not_understood", BAD_REQUEST, "Malformed request";
    BAD_HOST = "bad_host", BAD_REQUEST, "Missing or ambiguous host";
    UNKNOWN_HOST = "unknown_host", MISDIRECTED_REQUEST, "Unknown host name";
    INVALID_TOKEN = "invalid_token", UNAUTHORIZED, "Invalid or expired token";
    SIGN_IN_REQUIRED = "sign_in_required", UNAUTHORIZED, "Authentication required";
    WRONG_ORIGIN = "wrong_origin", FORBIDDEN, "Origin not allowed";
    NOT_JOINED = "not_joined", FORBIDDEN, "Not a member of the room";
    NOT_YOURS = "not_yours", FORBIDDEN, "Not the author of the message";
    INVALID_SIGNATURE = "invalid_signature", FORBIDDEN, "Invalid or expired address";
    NOT_FOUND = "not_found", NOT_FOUND, "Not found";
    METHOD_NOT_ALLOWED = "method_not_allowed", METHOD_NOT_ALLOWED, "Method not allowed";
    LATE_BODY = "late_body", REQUEST_TIMEOUT, "Request body timed out";
    CLIENT_ID_TAKEN = "client_id_taken", CONFLICT, "client_id already used";
    TOO_MANY_ROOMS = "too_many_rooms", CONFLICT, "Room limit reached";
    TOO_MANY = "too_many", CONFLICT, "Limit reached";
    UPLOAD_ID_TAKEN = "upload_id_taken", CONFLICT, "upload_id already used";
    UPLOAD_COMPLETE = "upload_complete", CONFLICT, "Upload already complete";
    WRONG_OFFSET = "wrong_offset", CONFLICT, "Wrong upload offset";
    UNSUPPORTED_VERSION = "unsupported_version", PRECONDITION_FAILED, "Unsupported protocol version";
    TOO_LARGE = "too_large", PAYLOAD_TOO_LARGE, "Request body or file too large";
    NOT_JSON = "not_json", UNSUPPORTED_MEDIA_TYPE, "Unsupported content type";
    RANGE_NOT_SATISFIABLE = "range_not_satisfiable", RANGE_NOT_SATISFIABLE, "Range outside of the file";
    MISSING = "missing", UNPROCESSABLE_ENTITY, "Missing field";
    EMPTY = "empty", UNPROCESSABLE_ENTITY, "Empty field";
    TOO_LONG = "too_long", UNPROCESSABLE_ENTITY, "Field exceeds its limit";
    INVALID = "invalid", UNPROCESSABLE_ENTITY, "Invalid field value";
    INTERRUPTED = "interrupted", LOCKED, "Upload interrupted";
    TOO_MANY_UPLOADS = "too_many_uploads", TOO_MANY_REQUESTS, "Too many simultaneous uploads";
    TOO_FAST = "too_fast", TOO_MANY_REQUESTS, "Rate limit exceeded";
    UNAVAILABLE = "unavailable", SERVICE_UNAVAILABLE, "Storage unavailable";
    STORAGE_FULL = "storage_full", INSUFFICIENT_STORAGE, "Space for files used up";
    // The tus protocol defines this status (tus 1.0, extension checksum).
    WRONG_CHECKSUM = "wrong_checksum", 460, "Wrong checksum";
}

/// Returns the kind of problem for a refusal.
const fn kind(code: Code) -> ProblemKind {
    match code {
        Code::NotUnderstood | Code::UnknownCommand => NOT_UNDERSTOOD,
        Code::Missing => MISSING,
        Code::Empty => EMPTY,
        Code::TooLong => TOO_LONG,
        Code::Invalid => INVALID,
        Code::NotJoined => NOT_JOINED,
        Code::TooManyRooms => TOO_MANY_ROOMS,
        Code::ClientIdTaken => CLIENT_ID_TAKEN,
        Code::NotFound => NOT_FOUND,
        Code::NotYours => NOT_YOURS,
        Code::TooMany => TOO_MANY,
        Code::TooFast => TOO_FAST,
        Code::Unavailable => UNAVAILABLE,
        Code::TooLarge => TOO_LARGE,
        Code::StorageFull => STORAGE_FULL,
    }
}

/// An error response. Handlers return it with `?`.
#[derive(Clone, Debug)]
pub(in crate::web) struct Problem(Box<rest::Problem>);

impl Problem {
    fn of_kind(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self(Box::new(rest::Problem {
            kind: format!("/api/docs#{}", kind.code),
            title: kind.title.to_owned(),
            status: kind.status,
            detail: detail.into(),
            code: kind.code.to_owned(),
            field: None,
            limit: None,
            retry_after_ms: None,
            request_id: None,
        }))
    }

    /// Creates a problem with a code that only one address uses.
    pub(in crate::web) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        let known = KINDS.iter().find(|kind| kind.code == code);
        let title = known.map_or_else(|| status.canonical_reason().unwrap_or_default(), |kind| kind.title);
        Self::of_kind(ProblemKind { code, status: status.as_u16(), title }, detail)
    }

    /// Creates the problem for storage that does not work at the moment.
    pub(in crate::web) fn unavailable() -> Self {
        Refusal::unavailable().into()
    }

    pub(in crate::web) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Returns after how many seconds to retry (RFC 9110, section 10.2.3), if that is known.
    pub(in crate::web) fn retry_after_seconds(&self) -> Option<u64> {
        match self.0.retry_after_ms {
            Some(millis) => Some(millis.div_ceil(1_000).max(1)),
            None => (self.status() == StatusCode::SERVICE_UNAVAILABLE).then_some(UNAVAILABLE_FOR_SECONDS),
        }
    }

    /// Serialising fails only for maps with keys that are not strings, and a problem has no maps.
    fn json(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    /// Sets the field of the request that the problem concerns.
    pub(in crate::web) fn about(mut self, field: &str) -> Self {
        self.0.field = Some(field.to_owned());
        self
    }

    /// Sets the limit that was exceeded.
    fn with_limit(mut self, limit: u64) -> Self {
        self.0.limit = Some(limit);
        self
    }

    /// Creates the problem for a refusal.
    pub(in crate::web) fn of(refusal: &Refusal) -> Self {
        refusal.clone().into()
    }

    /// Creates the problem for a request without identity.
    pub(in crate::web) fn sign_in_required() -> Self {
        Self::of_kind(SIGN_IN_REQUIRED, "send a token in the Authorization header, or the session cookie")
    }

    /// Creates the problem for a change that a page of another origin requests.
    pub(in crate::web) fn wrong_origin() -> Self {
        Self::of_kind(WRONG_ORIGIN, "pages of other origins must not send this request")
    }

    /// Creates the problem for an invalid value in the address of a socket.
    pub(in crate::web) fn of_address(refusal: Refusal) -> Self {
        let mut problem = Self::from(refusal);
        problem.0.status = StatusCode::BAD_REQUEST.as_u16();
        problem
    }

    /// Creates the problem for a body that is larger than `limit` bytes.
    pub(in crate::web) fn too_large(limit: usize) -> Self {
        let mut problem = Self::of_kind(TOO_LARGE, format!("body must be at most {limit} bytes"))
            .about(Field::Body.as_str());
        problem.0.limit = u64::try_from(limit).ok();
        problem
    }

    /// Creates the problem for a request that names no host, or several.
    pub(in crate::web) fn bad_host(rule: &str) -> Self {
        Self::of_kind(BAD_HOST, rule)
    }

    /// Creates the problem for a request that names another server.
    pub(in crate::web) fn unknown_host(rule: String) -> Self {
        Self::of_kind(UNKNOWN_HOST, rule)
    }

    /// Creates the problem for a body that did not arrive in time.
    pub(in crate::web) fn late_body() -> Self {
        Self::of_kind(LATE_BODY, "the request body did not arrive in time").about(Field::Body.as_str())
    }

    /// Creates the problem for a body whose content type is missing or not JSON.
    pub(in crate::web) fn not_json() -> Self {
        Self::of_kind(NOT_JSON, "the content type of the body must be application/json")
            .about(Field::Body.as_str())
    }

    /// Creates the problem for a parameter of the path that must be a number.
    pub(in crate::web) fn not_a_number(field: Field) -> Self {
        Self::of_kind(NOT_UNDERSTOOD, format!("{} must be an integer", field.as_str())).about(field.as_str())
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let mut problem = Self::of_kind(kind(refusal.code), refusal.message);
        problem.0.field = refusal.field.map(|field| field.as_str().to_owned());
        problem.0.limit = refusal.limit;
        problem.0.retry_after_ms = refusal.retry_after_ms;
        problem
    }
}

impl From<StoreError> for Problem {
    /// The store has logged the cause.
    fn from(_: StoreError) -> Self {
        Self::unavailable()
    }
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::InvalidToken => Self::of_kind(INVALID_TOKEN, error.to_string()),
            AuthError::Store(error) => error.into(),
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused(refusal) => refusal.into(),
            SignInError::SignInRequired => Self::of_kind(SIGN_IN_REQUIRED, error.to_string()),
            SignInError::Store(error) => error.into(),
        }
    }
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        let refusal = match error {
            AccountError::Refused(refusal) => refusal,
            AccountError::Store(error) => return error.into(),
        };
        let status = match refusal {
            AccountRefusal::Name(refusal) | AccountRefusal::TooFast(refusal) => return refusal.into(),
            AccountRefusal::WrongNameOrPassword => StatusCode::UNAUTHORIZED,
            AccountRefusal::Busy => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, refusal.code(), refusal.to_string())
    }
}

impl IntoResponse for AuthError {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}

impl IntoResponse for SignInError {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        let mut response = (status, kind, self.json()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after_seconds() {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Adds the request id, which is also in the log, to a problem before it is sent.
pub(in crate::web) async fn name_request(request: Request, next: Next) -> Response {
    let id = request.headers().get(request_id::NAME).and_then(|id| id.to_str().ok()).map(str::to_owned);
    let mut response = next.run(request).await;
    if let Some(mut problem) = response.extensions_mut().remove::<Problem>() {
        problem.0.request_id = id;
        *response.body_mut() = problem.json().into();
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response
}

/// Answers a request to an unknown address: redirects if it has a trailing slash, otherwise 404.
pub(in crate::web) async fn no_such_address(uri: Uri) -> Response {
    let problem = || Problem::of_kind(NOT_FOUND, format!("no resource at {}", uri.path()));
    std::future::ready(trailing_slash::redirect(&uri).unwrap_or_else(|| problem().into_response())).await
}

/// Answers a method that the address does not accept; the router lists the accepted methods in `Allow`.
pub(in crate::web) async fn wrong_method(method: Method) -> Problem {
    let detail = format!("{method} is not supported here; the Allow header lists the supported methods");
    std::future::ready(Problem::of_kind(METHOD_NOT_ALLOWED, detail)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_protocol_code_is_unchanged_over_http() {
        for known in KINDS {
            let code: Result<Code, _> = serde_json::from_str(&format!("\"{}\"", known.code));
            if let Ok(code) = code {
                assert_eq!(kind(code), *known);
            }
        }
        let codes: std::collections::BTreeSet<&str> = KINDS.iter().map(|kind| kind.code).collect();
        assert_eq!(codes.len(), KINDS.len(), "each stands there once");
    }
}
