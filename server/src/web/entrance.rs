//! `GET /` and `POST /join_chat`: a name, a room, and in.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use hubbub_app::{Entrance, PageSnapshot};
use hubbub_protocol::{Refusal, RoomName, UserId, UserName};
use serde::Deserialize;

use super::{App, cookie, page};
use crate::identity::{self, Session, SignInError};

/// What may follow the `?`.
#[derive(Debug, Deserialize)]
pub(super) struct Wishes {
    /// The room to fill in.
    #[serde(default)]
    room: String,
    #[serde(rename = "as")]
    acting_as: Option<i64>,
}

/// The form. A field that is missing is an empty one.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Join {
    #[serde(default)]
    username: String,
    #[serde(default)]
    room_id: String,
}

/// The entrance, with the name this browser had last time.
pub(super) async fn show(
    State(app): State<App>,
    Query(wishes): Query<Wishes>,
    headers: HeaderMap,
) -> Response {
    let name = match Session::find(&app.hub, &headers).await {
        Ok(Some(session)) => session.user(wishes.acting_as.map(UserId)).name.to_string(),
        Ok(None) => String::new(),
        Err(_) => return page::broken(&headers).await,
    };
    let entrance = Entrance { name, room: wishes.room, problem: None };
    page::render(StatusCode::OK, &headers, PageSnapshot::Entrance(entrance)).await
}

/// Signs a guest in and leads to the room. Wrong input gets 422 and the form again.
pub(super) async fn join(
    State(app): State<App>,
    headers: HeaderMap,
    form: Result<Form<Join>, FormRejection>,
) -> Response {
    let join = match form {
        Ok(Form(join)) => join,
        Err(rejection) => return rejection.into_response(),
    };
    let again = async |problem: Refusal| {
        let entrance =
            Entrance { name: join.username.clone(), room: join.room_id.clone(), problem: Some(problem) };
        page::render(StatusCode::UNPROCESSABLE_ENTITY, &headers, PageSnapshot::Entrance(entrance)).await
    };
    let checked =
        UserName::parse(&join.username).and_then(|name| Ok((name, RoomName::parse(join.room_id.trim())?)));
    let (name, room) = match checked {
        Ok(checked) => checked,
        Err(problem) => return again(problem).await,
    };
    let Ok(session) = Session::find(&app.hub, &headers).await else { return page::broken(&headers).await };
    match identity::sign_in(&app.hub, session, &name).await {
        Ok(signed_in) => {
            let mut response = Redirect::to(&room_path(&room, signed_in.acting_as)).into_response();
            if let Some(cookie) = signed_in.cookie.and_then(|cookie| cookie::header_value(&app, cookie)) {
                response.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            response
        }
        Err(SignInError::Refused(problem)) => again(problem).await,
        Err(SignInError::Store(_)) => page::broken(&headers).await,
    }
}

/// Where a room lives, for this user.
pub(super) fn room_path(room: &RoomName, acting_as: Option<UserId>) -> String {
    match acting_as {
        Some(user) => format!("/rooms/{room}?as={user}"),
        None => format!("/rooms/{room}"),
    }
}
