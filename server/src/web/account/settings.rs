//! `/account`: the settings of an account.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use hubbub_app::{AccountAction, AccountPage, AccountSettings, SessionRow};
use hubbub_protocol::AccountRefusal;
use serde::Deserialize;

use super::sign_out::signed_out;
use super::{go, render};
use crate::auth::accounts::{self, AccountError};
use crate::auth::{AuthError, Identity, SessionId};
use crate::limits::RateLimitKind;
use crate::net::client_address::ClientAddress;
use crate::web::{AppState, page};

/// Query parameters.
#[derive(Debug, Deserialize)]
pub(super) struct SettingsParams {
    /// The action that was completed before the redirect.
    #[serde(default)]
    done: String,
}

/// The fields of all forms. Each form has some of them; a missing field is an empty one.
#[derive(Deserialize)]
pub(super) struct SettingsFields {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    new_password: String,
    #[serde(default)]
    session: i64,
}

type SettingsFormResult = Result<Form<SettingsFields>, FormRejection>;

/// Shows the settings. A guest is redirected to the registration, a client without session to the sign-in.
pub(super) async fn show(
    State(app): State<AppState>,
    Query(params): Query<SettingsParams>,
    headers: HeaderMap,
) -> Response {
    let who = match account(&app, &headers).await {
        Ok(who) => who,
        Err(elsewhere) => return elsewhere,
    };
    let done = match params.done.as_str() {
        "name" => Some(AccountAction::Rename),
        "password" => Some(AccountAction::ChangePassword),
        "sessions" => Some(AccountAction::EndSessions),
        _ => None,
    };
    let entered_name = who.user.name.to_string();
    page(&app, &headers, &who, AccountSettings { entered_name, done, ..empty() }).await
}

/// Handles `POST /account/name`.
pub(super) async fn rename(
    State(app): State<AppState>,
    from: ClientAddress,
    headers: HeaderMap,
    form: SettingsFormResult,
) -> Response {
    let (who, filled) = match begin(&app, &headers, form).await {
        Ok(begun) => begun,
        Err(elsewhere) => return elsewhere,
    };
    let outcome = match app.hub.limits().try_acquire(RateLimitKind::Joining, Some(who.user.id), from) {
        Ok(()) => accounts::rename(&app.auth, &who, &filled.username).await,
        Err(refusal) => Err(AccountRefusal::TooFast(refusal).into()),
    };
    finish(&app, &headers, &who, outcome, AccountAction::Rename, filled.username).await
}

/// Handles `POST /account/password`.
pub(super) async fn change_password(
    State(app): State<AppState>,
    from: ClientAddress,
    headers: HeaderMap,
    form: SettingsFormResult,
) -> Response {
    let (who, filled) = match begin(&app, &headers, form).await {
        Ok(begun) => begun,
        Err(elsewhere) => return elsewhere,
    };
    let outcome =
        accounts::change_password(&app.auth, from, &who, &filled.password, &filled.new_password).await;
    let name = who.user.name.to_string();
    finish(&app, &headers, &who, outcome, AccountAction::ChangePassword, name).await
}

/// Handles `POST /account/sessions/end`.
pub(super) async fn end_session(
    State(app): State<AppState>,
    headers: HeaderMap,
    form: SettingsFormResult,
) -> Response {
    let (who, filled) = match begin(&app, &headers, form).await {
        Ok(begun) => begun,
        Err(elsewhere) => return elsewhere,
    };
    let outcome = accounts::end_session(&app.auth, &who, SessionId(filled.session)).await;
    let name = who.user.name.to_string();
    finish(&app, &headers, &who, outcome.map_err(AccountError::from), AccountAction::EndSessions, name).await
}

/// Handles `POST /account/sessions/end_others`.
pub(super) async fn end_others(State(app): State<AppState>, headers: HeaderMap) -> Response {
    let who = match account(&app, &headers).await {
        Ok(who) => who,
        Err(elsewhere) => return elsewhere,
    };
    let outcome = accounts::end_others(&app.auth, &who).await;
    let name = who.user.name.to_string();
    finish(&app, &headers, &who, outcome.map_err(AccountError::from), AccountAction::EndSessions, name).await
}

/// Handles `POST /account/remove`.
pub(super) async fn remove(
    State(app): State<AppState>,
    from: ClientAddress,
    headers: HeaderMap,
    form: SettingsFormResult,
) -> Response {
    let (who, filled) = match begin(&app, &headers, form).await {
        Ok(begun) => begun,
        Err(elsewhere) => return elsewhere,
    };
    let outcome = accounts::remove(&app.auth, from, &who, &filled.password).await;
    let name = who.user.name.to_string();
    finish(&app, &headers, &who, outcome, AccountAction::Remove, name).await
}

async fn begin(
    app: &AppState,
    headers: &HeaderMap,
    form: SettingsFormResult,
) -> Result<(Identity, SettingsFields), Response> {
    let who = account(app, headers).await?;
    let Form(filled) = form.map_err(IntoResponse::into_response)?;
    Ok((who, filled))
}

/// Returns the identity of the account, or the response to send instead.
async fn account(app: &AppState, headers: &HeaderMap) -> Result<Identity, Response> {
    match app.auth.authenticate(headers, None).await {
        Ok(Some(who)) if who.is_account => Ok(who),
        Ok(Some(_)) => Err(go(app, "/register", None)),
        Ok(None) => Err(go(app, "/sign-in", None)),
        Err(AuthError::Store(_)) => Err(page::broken(headers).await),
        Err(refused) => Err(refused.into_response()),
    }
}

/// Redirects to the page after success, so that reloading it does not repeat the action.
async fn finish(
    app: &AppState,
    headers: &HeaderMap,
    who: &Identity,
    outcome: Result<(), AccountError>,
    action: AccountAction,
    entered_name: String,
) -> Response {
    match outcome {
        Ok(()) => match action {
            AccountAction::Rename => go(app, "/account?done=name", None),
            AccountAction::ChangePassword => go(app, "/account?done=password", None),
            AccountAction::EndSessions => go(app, "/account?done=sessions", None),
            AccountAction::Remove => signed_out(app, Some(who.user.id)),
        },
        Err(AccountError::Refused(problem)) => {
            let asked = AccountSettings { entered_name, problem: Some((action, problem)), ..empty() };
            page(app, headers, who, asked).await
        }
        Err(AccountError::Store(_)) => page::broken(headers).await,
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

async fn page(app: &AppState, headers: &HeaderMap, who: &Identity, asked: AccountSettings) -> Response {
    let Ok(sessions) = accounts::sessions(&app.auth, who).await else { return page::broken(headers).await };
    let connected = app.hub.connected_sessions(who.user.id);
    let row = |session: crate::sqlite::SessionSummary| SessionRow {
        id: session.id.0,
        device: session.device,
        since: session.created_at,
        seen: (!connected.contains(&session.id)).then_some(session.seen_at),
        is_this: session.id == who.session,
    };
    let sessions = sessions.into_iter().map(row).collect();
    let page = AccountSettings { name: who.user.name.to_string(), sessions, ..asked };
    let problem = page.problem.as_ref().map(|(_, problem)| problem.clone());
    render::page(headers, AccountPage::Settings(Box::new(page)), problem.as_ref()).await
}
