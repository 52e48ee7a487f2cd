//! The authenticated sender of a request.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use hubbub_protocol::{Refusal, User};

use crate::auth::Identity;
use crate::limits::RateLimitKind;
use crate::net::client_address::ClientAddress;
use crate::web::http::problem::Problem;
use crate::web::state::AppState;

/// The authenticated sender of a request. An operation with this parameter requires an identity.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) user: User,
    pub(super) identity: Identity,
    client: ClientAddress,
}

impl Caller {
    /// Takes one request from the buckets of the user and of the client.
    ///
    /// # Errors
    /// A refusal with the time after which to retry.
    pub(super) fn try_acquire(&self, app: &AppState, kind: RateLimitKind) -> Result<(), Refusal> {
        app.hub.limits().try_acquire(kind, Some(self.user.id), self.client)
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        let found = app.auth.authenticate(&parts.headers, parts.uri.query()).await?;
        let identity = found.ok_or_else(Problem::sign_in_required)?;
        let client = ClientAddress::of(&parts.extensions);
        Ok(Self { user: identity.user.clone(), identity, client })
    }
}
