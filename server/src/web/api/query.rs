//! Query parameters, parsed so that an error can name the field.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use hubbub_protocol::{Field, Refusal, Seq};

use crate::web::state::AppState;

/// The query parameters of a request. Unknown parameters are ignored.
pub(super) struct QueryParams(Vec<(String, String)>);

impl FromRequestParts<AppState> for QueryParams {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Infallible> {
        let pairs = axum::extract::Query::try_from_uri(&parts.uri).map(|axum::extract::Query(pairs)| pairs);
        std::future::ready(Ok(Self(pairs.unwrap_or_default()))).await
    }
}

impl QueryParams {
    /// Returns a parameter as text.
    ///
    /// # Errors
    /// A refusal if the parameter occurs twice.
    pub(super) fn text(&self, field: Field) -> Result<Option<&str>, Refusal> {
        let mut found = self.0.iter().filter(|(name, _)| name == field.as_str());
        match (found.next(), found.next()) {
            (_, Some(_)) => Err(Refusal::invalid(field, format!("{} must occur only once", field.as_str()))),
            (found, None) => Ok(found.map(|(_, value)| value.as_str())),
        }
    }

    /// Returns a parameter as an integer.
    ///
    /// # Errors
    /// A refusal if it is not an integer.
    pub(super) fn integer(&self, field: Field) -> Result<Option<i64>, Refusal> {
        let parse = |text: &str| {
            let rule = |_| Refusal::invalid(field, format!("{} must be an integer", field.as_str()));
            text.parse().map_err(rule)
        };
        self.text(field)?.map(parse).transpose()
    }

    /// Returns a parameter as a position in a room, not yet checked.
    ///
    /// # Errors
    /// A refusal if it is not an integer.
    pub(super) fn seq(&self, field: Field) -> Result<Option<Seq>, Refusal> {
        Ok(self.integer(field)?.map(Seq))
    }
}
