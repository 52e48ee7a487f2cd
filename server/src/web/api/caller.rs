//! The authenticated sender of a request.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use hubbub_protocol::{Refusal, User};

use super::App;
use super::problem::Problem;
use crate::identity::{Identity, identify};
use crate::limits::Bucket;
use crate::net::client::Client;
use crate::web::middleware::client::ClientAddress;

/// The authenticated sender of a request. An operation with this parameter requires an identity.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) user: User,
    pub(super) identity: Identity,
    client: Client,
}

impl Caller {
    /// Takes one request from the buckets of the user and of the client.
    ///
    /// # Errors
    /// A refusal with the time after which to retry.
    pub(super) fn take(&self, app: &App, bucket: Bucket) -> Result<(), Refusal> {
        app.hub.limits().take(bucket, Some(self.user.id), self.client)
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let found = identify(app, &parts.headers, parts.uri.query()).await?;
        let identity = found.ok_or_else(Problem::sign_in_required)?;
        let ClientAddress(client) = ClientAddress::of(&parts.extensions);
        Ok(Self { user: identity.user.clone(), identity, client })
    }
}
