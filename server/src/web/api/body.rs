//! JSON bodies, parsed so that an error can name the field.

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use hubbub_protocol::{Field, Refusal, read_json};
use serde::de::DeserializeOwned;

use crate::web::http::MAX_BODY_BYTES;
use crate::web::http::problem::Problem;
use crate::web::state::AppState;

/// The parsed body of a request.
pub(super) struct JsonBody<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<AppState> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &AppState) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::not_json());
        }
        // Reading fails only for a body that is too large; a peer that disconnects does not read the answer.
        let bytes = to_bytes(request.into_body(), MAX_BODY_BYTES)
            .await
            .map_err(|_| Problem::too_large(MAX_BODY_BYTES))?;
        let text = std::str::from_utf8(&bytes).map_err(|_| not_utf8())?;
        Ok(Self(read_json(text, Field::Body)?))
    }
}

/// Whether the type is `application/json`, with any parameters (RFC 9110, section 8.3.1).
fn is_json(headers: &HeaderMap) -> bool {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    said.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

fn not_utf8() -> Refusal {
    Refusal { field: Some(Field::Body), ..Refusal::not_understood("body must be valid UTF-8") }
}
