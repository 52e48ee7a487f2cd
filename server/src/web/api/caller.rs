//! Who sends a request.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use hubbub_protocol::User;

use super::App;
use super::problem::Problem;
use crate::identity::{Identity, identify};

/// Who sends a request. An operation that takes one is for people who are known.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) user: User,
    pub(super) is_account: bool,
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let found = identify(app, &parts.headers, parts.uri.query()).await?;
        let Identity { user, is_account, .. } = found.ok_or_else(Problem::sign_in_required)?;
        Ok(Self { user, is_account })
    }
}
