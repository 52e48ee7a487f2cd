//! The id of a request, in the log and in the response.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use tower_http::request_id::{MakeRequestId, RequestId};

pub(in crate::web) const NAME: HeaderName = HeaderName::from_static("x-request-id");

/// Generates 64 random bits as 16 hexadecimal digits.
#[derive(Clone, Copy, Debug)]
pub(super) struct RandomRequestId;

impl MakeRequestId for RandomRequestId {
    fn make_request_id<B>(&mut self, _request: &Request<B>) -> Option<RequestId> {
        let id = format!("{:016x}", rand::random::<u64>());
        HeaderValue::try_from(id).ok().map(RequestId::new)
    }
}

/// Whether an id set by a proxy may be written to the log.
pub(super) fn is_loggable(id: &[u8]) -> bool {
    (1..=64).contains(&id.len())
        && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}
