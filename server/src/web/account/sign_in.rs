//! `/register` and `/sign-in`: creating an account, and signing in with name and password.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Query, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use hubbub_app::{AccountPage, SignInForm};
use hubbub_protocol::{AccountRefusal, RoomName};
use serde::Deserialize;

use super::{go, known_here, render};
use crate::config::{Guests, Registration};
use crate::identity::accounts::{self, AccountError};
use crate::identity::{self, Identity, NotIdentified, SignedIn};
use crate::web::landing::latest_room;
use crate::web::middleware::client::ClientAddress;
use crate::web::{App, page};

/// Query parameters.
#[derive(Debug, Deserialize)]
pub(super) struct Wishes {
    /// The room to enter afterwards.
    #[serde(default)]
    room: String,
    /// Not empty if the session has ended.
    #[serde(default)]
    signed_out: String,
}

/// The form. A missing field is an empty one.
#[derive(Deserialize)]
pub(super) struct Filled {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    room: String,
}

type Taken = Result<Form<Filled>, FormRejection>;

/// Shows the form to create an account, with the name of the current guest.
pub(super) async fn show_register(
    State(app): State<App>,
    Query(wishes): Query<Wishes>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    match identity::identify(&app, &headers, query.as_deref()).await {
        Ok(Some(Identity { is_account: true, .. })) => go(&app, "/account", None),
        Ok(identity) => {
            let is_guest = identity.is_some();
            let name = identity.map(|identity| identity.user.name.to_string()).unwrap_or_default();
            let form = SignInForm { name, room: wishes.room, is_guest, ..empty_form(&app) };
            render::page(&headers, AccountPage::Register(form), None).await
        }
        Err(NotIdentified::Store(_)) => page::broken(&headers).await,
        Err(refused) => refused.into_response(),
    }
}

/// Shows the form to sign in.
pub(super) async fn show_sign_in(
    State(app): State<App>,
    Query(wishes): Query<Wishes>,
    headers: HeaderMap,
) -> Response {
    match identity::identify(&app, &headers, None).await {
        Ok(Some(Identity { is_account: true, .. })) => go(&app, "/account", None),
        Ok(_) => {
            let signed_out = !wishes.signed_out.is_empty();
            let form = SignInForm { room: wishes.room, signed_out, ..empty_form(&app) };
            render::page(&headers, AccountPage::SignIn(form), None).await
        }
        Err(NotIdentified::Store(_)) => page::broken(&headers).await,
        Err(refused) => refused.into_response(),
    }
}

/// Creates an account and redirects to the chat.
pub(super) async fn register(
    State(app): State<App>,
    from: ClientAddress,
    headers: HeaderMap,
    form: Taken,
) -> Response {
    let filled = match form {
        Ok(Form(filled)) => filled,
        Err(rejection) => return rejection.into_response(),
    };
    match accounts::register(&app, from, &headers, &filled.username, &filled.password).await {
        Ok(signed_in) => into_chat(&app, &headers, signed_in, &filled.room).await,
        Err(AccountError::Refused(problem)) => {
            again(&app, &headers, AccountPage::Register, filled, problem).await
        }
        Err(AccountError::Store(_)) => page::broken(&headers).await,
    }
}

/// Signs in and redirects to the chat.
pub(super) async fn sign_in(
    State(app): State<App>,
    from: ClientAddress,
    headers: HeaderMap,
    form: Taken,
) -> Response {
    let filled = match form {
        Ok(Form(filled)) => filled,
        Err(rejection) => return rejection.into_response(),
    };
    match accounts::sign_in(&app, from, &headers, &filled.username, &filled.password).await {
        Ok(signed_in) => into_chat(&app, &headers, signed_in, &filled.room).await,
        Err(AccountError::Refused(problem)) => {
            again(&app, &headers, AccountPage::SignIn, filled, problem).await
        }
        Err(AccountError::Store(_)) => page::broken(&headers).await,
    }
}

/// Shows the form again, with its input except the password, and the reason for the refusal.
async fn again(
    app: &App,
    headers: &HeaderMap,
    page: fn(SignInForm) -> AccountPage,
    filled: Filled,
    problem: AccountRefusal,
) -> Response {
    let shown = Some(problem.clone());
    let form = SignInForm { name: filled.username, room: filled.room, problem: shown, ..empty_form(app) };
    render::page(headers, page(form), Some(&problem)).await
}

fn empty_form(app: &App) -> SignInForm {
    let guests = app.guests == Guests::On;
    SignInForm { guests, registration: app.registration == Registration::Open, ..SignInForm::default() }
}

/// Redirects to the room that the form names, otherwise to the user's latest room, otherwise to the landing page.
async fn into_chat(app: &App, headers: &HeaderMap, signed_in: SignedIn, room: &str) -> Response {
    let SignedIn { user, cookie, .. } = signed_in;
    let room = match RoomName::parse(room) {
        Ok(room) => Some(room),
        Err(_) => latest_room(app, user.id).await,
    };
    let path = room.map_or_else(|| "/".to_owned(), |room| format!("/rooms/{room}"));
    known_here(app, headers, user.id, go(app, &path, cookie))
}
