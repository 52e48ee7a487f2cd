//! Problem details of refused requests.

use serde::{Deserialize, Serialize};

/// Problem details of a refused request (RFC 9457, `application/problem+json`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Problem {
    /// URL of the explanation of this kind of problem.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "schema", schema(example = "/api/docs#not_joined"))]
    pub kind: String,
    /// Short title of the kind of problem, the same for every problem with this `code`.
    pub title: String,
    /// HTTP status of the response.
    pub status: u16,
    /// Reason of this refusal, as an English sentence.
    pub detail: String,
    /// Kind of problem, for programs.
    #[cfg_attr(feature = "schema", schema(example = "not_joined"))]
    pub code: String,
    /// Field of the request that the problem concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(example = "text"))]
    pub field: Option<String>,
    /// Limit that was exceeded, in the unit that `detail` names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// Milliseconds until the same request can succeed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// Id of the request in the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}
