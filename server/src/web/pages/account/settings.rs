//! `/account`: the settings of an account.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::Response;
use hubbub_app::{AccountAction, AccountPage, AccountSettings, SessionRow};
use hubbub_protocol::AccountRefusal;
use serde::Deserialize;

use super::form::{self, AccountForm};
use super::redirect;
use super::sign_out::signed_out;
use crate::auth::accounts::{self, AccountError};
use crate::auth::{Identity, SessionId};
use crate::limits::RateLimitKind;
use crate::net::client_address::ClientAddress;
use crate::sqlite::SessionSummary;
use crate::web::pages::extract::{AccountHolder, PageForm, PageQuery};
use crate::web::pages::render;
use crate::web::state::AppState;

/// Query parameters.
#[derive(Debug, Deserialize)]
pub(super) struct SettingsParams {
    /// The action that was completed before the redirect.
    #[serde(default)]
    done: String,
}

/// The identity and the client of a request to `/account`.
pub(super) struct SettingsRequest {
    app: AppState,
    identity: Identity,
    from: ClientAddress,
    headers: HeaderMap,
}

impl FromRequestParts<AppState> for SettingsRequest {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Response> {
        let AccountHolder(identity) = AccountHolder::from_request_parts(parts, app).await?;
        let (from, headers) = (ClientAddress::of(&parts.extensions), parts.headers.clone());
        Ok(Self { app: app.clone(), identity, from, headers })
    }
}

/// Shows the settings.
pub(super) async fn show(
    PageQuery(params): PageQuery<SettingsParams>,
    request: SettingsRequest,
) -> Result<Response, Response> {
    let done = match params.done.as_str() {
        "name" => Some(AccountAction::Rename),
        "password" => Some(AccountAction::ChangePassword),
        "sessions" => Some(AccountAction::EndSessions),
        _ => None,
    };
    let entered_name = request.identity.user.name.to_string();
    let page = request.page(AccountSettings { entered_name, done, ..empty() }).await?;
    Ok(form::show(&request.headers, page).await)
}

/// Handles `POST /account/name`.
pub(super) async fn rename(
    request: SettingsRequest,
    PageForm(form): PageForm<AccountForm>,
) -> Result<Response, Response> {
    let SettingsRequest { app, identity, from, .. } = &request;
    let outcome = match app.hub.limits().try_acquire(RateLimitKind::Joining, Some(identity.user.id), *from) {
        Ok(()) => accounts::rename(&app.auth, identity, &form.username).await,
        Err(refusal) => Err(AccountRefusal::TooFast(refusal).into()),
    };
    request.finish(outcome, AccountAction::Rename, Some(form.username)).await
}

/// Handles `POST /account/password`.
pub(super) async fn change_password(
    request: SettingsRequest,
    PageForm(form): PageForm<AccountForm>,
) -> Result<Response, Response> {
    let SettingsRequest { app, identity, from, .. } = &request;
    let (current, new) = (&form.password, &form.new_password);
    let outcome = accounts::change_password(&app.auth, *from, identity, current, new).await;
    request.finish(outcome, AccountAction::ChangePassword, None).await
}

/// Handles `POST /account/sessions/end`.
pub(super) async fn end_session(
    request: SettingsRequest,
    PageForm(form): PageForm<AccountForm>,
) -> Result<Response, Response> {
    let session = SessionId(form.session);
    let outcome = accounts::end_session(&request.app.auth, &request.identity, session).await;
    request.finish(outcome.map_err(AccountError::from), AccountAction::EndSessions, None).await
}

/// Handles `POST /account/sessions/end_others`.
pub(super) async fn end_others(request: SettingsRequest) -> Result<Response, Response> {
    let outcome = accounts::end_others(&request.app.auth, &request.identity).await;
    request.finish(outcome.map_err(AccountError::from), AccountAction::EndSessions, None).await
}

/// Handles `POST /account/remove`.
pub(super) async fn remove(
    request: SettingsRequest,
    PageForm(form): PageForm<AccountForm>,
) -> Result<Response, Response> {
    let SettingsRequest { app, identity, from, .. } = &request;
    let outcome = accounts::remove(&app.auth, *from, identity, &form.password).await;
    request.finish(outcome, AccountAction::Remove, None).await
}

impl SettingsRequest {
    /// Redirects to the page after success, so that reloading it does not repeat the action. `entered_name` is the name
    /// in a refused form.
    async fn finish(
        self,
        outcome: Result<(), AccountError>,
        action: AccountAction,
        entered_name: Option<String>,
    ) -> Result<Response, Response> {
        let Self { app, identity, headers, .. } = &self;
        match form::result(headers, outcome).await? {
            Ok(()) => Ok(match action {
                AccountAction::Rename => redirect(app, "/account?done=name", None),
                AccountAction::ChangePassword => redirect(app, "/account?done=password", None),
                AccountAction::EndSessions => redirect(app, "/account?done=sessions", None),
                AccountAction::Remove => signed_out(app, Some(identity.user.id)),
            }),
            Err(refusal) => {
                let entered_name = entered_name.unwrap_or_else(|| identity.user.name.to_string());
                let problem = Some((action, refusal.clone()));
                let page = self.page(AccountSettings { entered_name, problem, ..empty() }).await?;
                Ok(form::show_refused(headers, page, &refusal).await)
            }
        }
    }

    /// Adds the name and the sessions of the account to the page.
    async fn page(&self, page: AccountSettings) -> Result<AccountPage, Response> {
        let Self { app, identity, headers, .. } = self;
        let Ok(sessions) = accounts::sessions(&app.auth, identity).await else {
            return Err(render::unavailable(headers).await);
        };
        let connected = app.hub.connected_sessions(identity.user.id);
        let row = |session: SessionSummary| SessionRow {
            id: session.id.0,
            device: session.device,
            since: session.created_at,
            seen: (!connected.contains(&session.id)).then_some(session.seen_at),
            is_this: session.id == identity.session,
        };
        let sessions = sessions.into_iter().map(row).collect();
        let page = AccountSettings { name: identity.user.name.to_string(), sessions, ..page };
        Ok(AccountPage::Settings(Box::new(page)))
    }
}

fn empty() -> AccountSettings {
    AccountSettings {
        name: String::new(),
        entered_name: String::new(),
        sessions: Vec::new(),
        done: None,
        problem: None,
    }
}
