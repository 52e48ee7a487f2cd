//! Who sends a request.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use hubbub_protocol::User;

use super::App;
use super::problem::Problem;
use crate::identity::Session;

/// Who sends a request. An operation that takes one is for people who are known.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) user: User,
    pub(super) is_account: bool,
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let session = Session::find(&app.hub, &parts.headers).await?.ok_or_else(Problem::sign_in_required)?;
        Ok(Self { user: session.user(None).clone(), is_account: false })
    }
}
