//! `/account`: the settings of an account.

use axum::extract::State;
use axum::http::HeaderMap;
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

/// Shows the settings.
pub(super) async fn show(
    State(app): State<AppState>,
    PageQuery(params): PageQuery<SettingsParams>,
    AccountHolder(identity): AccountHolder,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let done = match params.done.as_str() {
        "name" => Some(AccountAction::Rename),
        "password" => Some(AccountAction::ChangePassword),
        "sessions" => Some(AccountAction::EndSessions),
        _ => None,
    };
    let entered_name = identity.user.name.to_string();
    let page = settings(&app, &headers, &identity, AccountSettings { entered_name, done, ..empty() }).await?;
    Ok(form::show(&headers, page).await)
}

/// Handles `POST /account/name`.
pub(super) async fn rename(
    State(app): State<AppState>,
    from: ClientAddress,
    AccountHolder(identity): AccountHolder,
    headers: HeaderMap,
    PageForm(form): PageForm<AccountForm>,
) -> Result<Response, Response> {
    let outcome = match app.hub.limits().try_acquire(RateLimitKind::Joining, Some(identity.user.id), from) {
        Ok(()) => accounts::rename(&app.auth, &identity, &form.username).await,
        Err(refusal) => Err(AccountRefusal::TooFast(refusal).into()),
    };
    finish(&app, &headers, &identity, outcome, AccountAction::Rename, Some(form.username)).await
}

/// Handles `POST /account/password`.
pub(super) async fn change_password(
    State(app): State<AppState>,
    from: ClientAddress,
    AccountHolder(identity): AccountHolder,
    headers: HeaderMap,
    PageForm(form): PageForm<AccountForm>,
) -> Result<Response, Response> {
    let (current, new) = (&form.password, &form.new_password);
    let outcome = accounts::change_password(&app.auth, from, &identity, current, new).await;
    finish(&app, &headers, &identity, outcome, AccountAction::ChangePassword, None).await
}

/// Handles `POST /account/sessions/end`.
pub(super) async fn end_session(
    State(app): State<AppState>,
    AccountHolder(identity): AccountHolder,
    headers: HeaderMap,
    PageForm(form): PageForm<AccountForm>,
) -> Result<Response, Response> {
    let outcome = accounts::end_session(&app.auth, &identity, SessionId(form.session)).await;
    let outcome = outcome.map_err(AccountError::from);
    finish(&app, &headers, &identity, outcome, AccountAction::EndSessions, None).await
}

/// Handles `POST /account/sessions/end_others`.
pub(super) async fn end_others(
    State(app): State<AppState>,
    AccountHolder(identity): AccountHolder,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let outcome = accounts::end_others(&app.auth, &identity).await.map_err(AccountError::from);
    finish(&app, &headers, &identity, outcome, AccountAction::EndSessions, None).await
}

/// Handles `POST /account/remove`.
pub(super) async fn remove(
    State(app): State<AppState>,
    from: ClientAddress,
    AccountHolder(identity): AccountHolder,
    headers: HeaderMap,
    PageForm(form): PageForm<AccountForm>,
) -> Result<Response, Response> {
    let outcome = accounts::remove(&app.auth, from, &identity, &form.password).await;
    finish(&app, &headers, &identity, outcome, AccountAction::Remove, None).await
}

/// Redirects to the page after success, so that reloading it does not repeat the action. `entered_name` is the name in a
/// refused form.
async fn finish(
    app: &AppState,
    headers: &HeaderMap,
    identity: &Identity,
    outcome: Result<(), AccountError>,
    action: AccountAction,
    entered_name: Option<String>,
) -> Result<Response, Response> {
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
            let page = AccountSettings { entered_name, problem, ..empty() };
            let page = settings(app, headers, identity, page).await?;
            Ok(form::show_refused(headers, page, &refusal).await)
        }
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

/// Adds the name and the sessions of the account to the page.
async fn settings(
    app: &AppState,
    headers: &HeaderMap,
    identity: &Identity,
    page: AccountSettings,
) -> Result<AccountPage, Response> {
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
