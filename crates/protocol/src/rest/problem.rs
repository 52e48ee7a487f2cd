//! Why a request was refused.

use serde::{Deserialize, Serialize};

/// A refusal over HTTP: RFC 9457, `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Problem {
    /// An address at which the kind of problem is explained.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "schema", schema(example = "/api/docs#not_joined"))]
    pub kind: String,
    /// The kind of problem in a few words, always the same for one `code`.
    pub title: String,
    /// The status of the answer.
    pub status: u16,
    /// What is wrong with this request, as an English sentence.
    pub detail: String,
    /// The kind of problem, for programs.
    #[cfg_attr(feature = "schema", schema(example = "not_joined"))]
    pub code: String,
    /// What in the request it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(example = "text"))]
    pub field: Option<String>,
    /// The limit that was passed, in the unit that `detail` names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// Milliseconds after which the same request may pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// The request's own name in the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}
