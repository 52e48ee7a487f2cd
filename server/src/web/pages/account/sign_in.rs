//! `/register` and `/sign-in`: creating an account, and signing in with name and password.

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use hubbub_app::{AccountPage, SignInForm, room_path};
use serde::Deserialize;

use super::form::{self, AccountForm};
use super::{redirect, remember_device};
use crate::auth::accounts::{self, AccountError};
use crate::auth::{Identity, SignedIn};
use crate::net::client_address::ClientAddress;
use crate::web::pages::extract::{PageForm, PageQuery, authenticated};
use crate::web::pages::landing::latest_room;
use crate::web::state::AppState;

/// Query parameters.
#[derive(Debug, Deserialize)]
pub(super) struct SignInParams {
    /// The room to enter afterwards.
    #[serde(default)]
    room: String,
    /// Not empty if the session has ended.
    #[serde(default)]
    signed_out: String,
}

/// Shows the form to create an account, with the name of the current guest.
pub(super) async fn show_register(
    State(app): State<AppState>,
    PageQuery(params): PageQuery<SignInParams>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let identity = app.auth.authenticate(&headers, query.as_deref()).await;
    match authenticated(&headers, identity).await? {
        Some(Identity { is_account: true, .. }) => Ok(redirect(&app, "/account", None)),
        identity => {
            let is_guest = identity.is_some();
            let name = identity.map(|identity| identity.user.name.to_string()).unwrap_or_default();
            let form = SignInForm { name, room: params.room, is_guest, ..empty_form(&app) };
            Ok(form::show(&headers, AccountPage::Register(form)).await)
        }
    }
}

/// Shows the form to sign in.
pub(super) async fn show_sign_in(
    State(app): State<AppState>,
    PageQuery(params): PageQuery<SignInParams>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let identity = app.auth.authenticate(&headers, None).await;
    match authenticated(&headers, identity).await? {
        Some(Identity { is_account: true, .. }) => Ok(redirect(&app, "/account", None)),
        _ => {
            let signed_out = !params.signed_out.is_empty();
            let form = SignInForm { room: params.room, signed_out, ..empty_form(&app) };
            Ok(form::show(&headers, AccountPage::SignIn(form)).await)
        }
    }
}

/// Creates an account and redirects to the chat.
pub(super) async fn register(
    State(app): State<AppState>,
    from: ClientAddress,
    headers: HeaderMap,
    PageForm(form): PageForm<AccountForm>,
) -> Result<Response, Response> {
    let outcome = accounts::register(&app.auth, form.credentials(from, &headers)).await;
    finish(&app, &headers, AccountPage::Register, form, outcome).await
}

/// Signs in and redirects to the chat.
pub(super) async fn sign_in(
    State(app): State<AppState>,
    from: ClientAddress,
    headers: HeaderMap,
    PageForm(form): PageForm<AccountForm>,
) -> Result<Response, Response> {
    let outcome = accounts::sign_in(&app.auth, form.credentials(from, &headers)).await;
    finish(&app, &headers, AccountPage::SignIn, form, outcome).await
}

/// Redirects to the chat after success. Shows a refused form again, with its input except the password.
async fn finish(
    app: &AppState,
    headers: &HeaderMap,
    page: fn(SignInForm) -> AccountPage,
    submitted: AccountForm,
    outcome: Result<SignedIn, AccountError>,
) -> Result<Response, Response> {
    match form::result(headers, outcome).await? {
        Ok(signed_in) => Ok(redirect_to_chat(app, headers, signed_in, &submitted.room).await),
        Err(refusal) => {
            let AccountForm { username: name, room, .. } = submitted;
            let form = SignInForm { name, room, problem: Some(refusal.clone()), ..empty_form(app) };
            Ok(form::show_refused(headers, page(form), &refusal).await)
        }
    }
}

fn empty_form(app: &AppState) -> SignInForm {
    let (guests, registration) = (app.auth.allows_guests(), app.auth.allows_registration());
    SignInForm { guests, registration, ..SignInForm::default() }
}

/// Redirects to the room that the form names, otherwise to the user's latest room, otherwise to the landing page.
async fn redirect_to_chat(app: &AppState, headers: &HeaderMap, signed_in: SignedIn, room: &str) -> Response {
    let SignedIn { user, cookie, .. } = signed_in;
    let room = match app.hub.room_name(room).await {
        Ok(Ok(room)) => Some(room),
        _ => latest_room(app, user.id).await,
    };
    let path = room.map_or_else(|| "/".to_owned(), |room| room_path(&room, None));
    remember_device(app, headers, user.id, redirect(app, &path, cookie))
}
