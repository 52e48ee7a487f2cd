//! `/register` and `/sign-in`: creating an account, and signing in with name and password.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Query, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use hubbub_app::{AccountPage, SignInForm};
use hubbub_protocol::{AccountRefusal, RoomName};
use serde::Deserialize;

use super::{go, remember_device, render};
use crate::auth::accounts::{self, AccountError};
use crate::auth::{AuthError, Identity, SignedIn};
use crate::net::client_address::ClientAddress;
use crate::web::landing::latest_room;
use crate::web::{AppState, page};

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

/// The form. A missing field is an empty one.
#[derive(Deserialize)]
pub(super) struct SignInFields {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    room: String,
}

type SignInFormResult = Result<Form<SignInFields>, FormRejection>;

/// Shows the form to create an account, with the name of the current guest.
pub(super) async fn show_register(
    State(app): State<AppState>,
    Query(params): Query<SignInParams>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    match app.auth.authenticate(&headers, query.as_deref()).await {
        Ok(Some(Identity { is_account: true, .. })) => go(&app, "/account", None),
        Ok(identity) => {
            let is_guest = identity.is_some();
            let name = identity.map(|identity| identity.user.name.to_string()).unwrap_or_default();
            let form = SignInForm { name, room: params.room, is_guest, ..empty_form(&app) };
            render::page(&headers, AccountPage::Register(form), None).await
        }
        Err(AuthError::Store(_)) => page::broken(&headers).await,
        Err(refused) => refused.into_response(),
    }
}

/// Shows the form to sign in.
pub(super) async fn show_sign_in(
    State(app): State<AppState>,
    Query(params): Query<SignInParams>,
    headers: HeaderMap,
) -> Response {
    match app.auth.authenticate(&headers, None).await {
        Ok(Some(Identity { is_account: true, .. })) => go(&app, "/account", None),
        Ok(_) => {
            let signed_out = !params.signed_out.is_empty();
            let form = SignInForm { room: params.room, signed_out, ..empty_form(&app) };
            render::page(&headers, AccountPage::SignIn(form), None).await
        }
        Err(AuthError::Store(_)) => page::broken(&headers).await,
        Err(refused) => refused.into_response(),
    }
}

/// Creates an account and redirects to the chat.
pub(super) async fn register(
    State(app): State<AppState>,
    from: ClientAddress,
    headers: HeaderMap,
    form: SignInFormResult,
) -> Response {
    let filled = match form {
        Ok(Form(filled)) => filled,
        Err(rejection) => return rejection.into_response(),
    };
    match accounts::register(&app.auth, from, &headers, &filled.username, &filled.password).await {
        Ok(signed_in) => into_chat(&app, &headers, signed_in, &filled.room).await,
        Err(AccountError::Refused(problem)) => {
            again(&app, &headers, AccountPage::Register, filled, problem).await
        }
        Err(AccountError::Store(_)) => page::broken(&headers).await,
    }
}

/// Signs in and redirects to the chat.
pub(super) async fn sign_in(
    State(app): State<AppState>,
    from: ClientAddress,
    headers: HeaderMap,
    form: SignInFormResult,
) -> Response {
    let filled = match form {
        Ok(Form(filled)) => filled,
        Err(rejection) => return rejection.into_response(),
    };
    match accounts::sign_in(&app.auth, from, &headers, &filled.username, &filled.password).await {
        Ok(signed_in) => into_chat(&app, &headers, signed_in, &filled.room).await,
        Err(AccountError::Refused(problem)) => {
            again(&app, &headers, AccountPage::SignIn, filled, problem).await
        }
        Err(AccountError::Store(_)) => page::broken(&headers).await,
    }
}

/// Shows the form again, with its input except the password, and the reason for the refusal.
async fn again(
    app: &AppState,
    headers: &HeaderMap,
    page: fn(SignInForm) -> AccountPage,
    filled: SignInFields,
    problem: AccountRefusal,
) -> Response {
    let shown = Some(problem.clone());
    let form = SignInForm { name: filled.username, room: filled.room, problem: shown, ..empty_form(app) };
    render::page(headers, page(form), Some(&problem)).await
}

fn empty_form(app: &AppState) -> SignInForm {
    let guests = app.auth.allows_guests();
    SignInForm { guests, registration: app.auth.allows_registration(), ..SignInForm::default() }
}

/// Redirects to the room that the form names, otherwise to the user's latest room, otherwise to the landing page.
async fn into_chat(app: &AppState, headers: &HeaderMap, signed_in: SignedIn, room: &str) -> Response {
    let SignedIn { user, cookie, .. } = signed_in;
    let room = match RoomName::parse(room) {
        Ok(room) => Some(room),
        Err(_) => latest_room(app, user.id).await,
    };
    let path = room.map_or_else(|| "/".to_owned(), |room| format!("/rooms/{room}"));
    remember_device(app, headers, user.id, go(app, &path, cookie))
}
