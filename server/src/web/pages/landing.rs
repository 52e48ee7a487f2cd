//! `GET /` and `POST /join_chat`: the landing page, on which a user enters a name and a room.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use hubbub_app::{Landing, PageSnapshot, message_path, path_to_room, room_path};
use hubbub_chat::Store;
use hubbub_chat::text::user_name;
use hubbub_protocol::{PublicRoom, Refusal, RoomName, Seq, UserId, UserName};
use serde::Deserialize;

use super::extract::{PageForm, PageQuery};
use super::render;
use crate::auth::SignInError;
use crate::net::client_address::ClientAddress;
use crate::web::http::form_status;
use crate::web::state::AppState;

/// Maximum rooms on the page.
const MAX_OPEN_ROOMS: u32 = 20;

/// Query parameters.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct LandingParams {
    /// The room for the form. A link with this parameter, even an empty one, always shows the form.
    room: Option<String>,
    /// Not empty if the session of the previous page has ended.
    #[serde(default)]
    signed_out: String,
}

/// The form. A missing field is an empty one.
#[derive(Debug, Default, Deserialize)]
pub(super) struct JoinForm {
    #[serde(default)]
    username: String,
    #[serde(default)]
    room_id: String,
    /// The message to show afterwards.
    at: Option<i64>,
    /// Not empty for a visitor who goes on without a name.
    #[serde(default)]
    guest: String,
}

/// Redirects a user with rooms to the room with the latest activity. Otherwise shows the form, with the last name of
/// this browser.
pub(in crate::web) async fn show(app: AppState, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let params: LandingParams = match PageQuery::from_request_parts(&mut parts, &app).await {
        Ok(PageQuery(params)) => params,
        Err(page) => return page,
    };
    let Parts { headers, uri, .. } = parts;
    let identity = match app.auth.authenticate(&headers, uri.query()).await {
        Ok(None) if !app.auth.allows_guests() => return to_sign_in(&params),
        Ok(identity) => identity,
        Err(_) => return render::unavailable(&headers).await,
    };
    let signed_out = !params.signed_out.is_empty();
    if let Some(identity) = &identity
        && params.room.is_none()
        && !signed_out
        && let Some(room) = latest_room(&app, identity.user.id).await
    {
        let response = Redirect::to(&room_path(&room, identity.acting_as));
        // The response must not be cached, because another user of this browser has other rooms.
        return ([(header::CACHE_CONTROL, "no-store")], response).into_response();
    }
    let (name, account) = identity
        .map_or_else(Default::default, |identity| (identity.user.name.to_string(), identity.is_account));
    let room = params.room.unwrap_or_default();
    let rooms = open_rooms(&app).await;
    let landing = Landing { name, room, rooms, account, signed_out, problem: None };
    render::page(StatusCode::OK, &headers, PageSnapshot::Landing(landing)).await
}

/// Redirects to the sign-in, which replaces the landing page if guests are not allowed.
fn to_sign_in(params: &LandingParams) -> Response {
    let path = match params.room.as_deref().unwrap_or_default() {
        "" if !params.signed_out.is_empty() => "/sign-in?signed_out=1".to_owned(),
        room => path_to_room("/sign-in", room),
    };
    Redirect::to(&path).into_response()
}

/// Signs a guest in and redirects to the room. Invalid input gets status 422 and the form again.
pub(super) async fn join(
    State(app): State<AppState>,
    from: ClientAddress,
    headers: HeaderMap,
    PageForm(join): PageForm<JoinForm>,
) -> Response {
    let again = async |problem: Refusal| {
        let (status, retry_after) = form_status::of(&problem);
        let landing = Landing {
            name: join.username.clone(),
            room: join.room_id.clone(),
            rooms: open_rooms(&app).await,
            account: false,
            signed_out: false,
            problem: Some(problem),
        };
        let page = render::page(status, &headers, PageSnapshot::Landing(landing)).await;
        (retry_after, page).into_response()
    };
    let name = if join.guest.is_empty() {
        user_name(&join.username)
    } else {
        Ok(UserName::generated(rand::random()))
    };
    let room = match app.hub.room_name(&join.room_id).await {
        // A person may type white space by mistake, but the name of a stored room may also contain it.
        Ok(Err(_)) => app.hub.room_name(join.room_id.trim()).await,
        found => found,
    };
    let Ok(room) = room else {
        return render::unavailable(&headers).await;
    };
    let (name, room) = match name.and_then(|name| Ok((name, room?))) {
        Ok(checked) => checked,
        Err(problem) => return again(problem).await,
    };
    match app.auth.sign_in_as_guest(from, &headers, &name).await {
        Ok(signed_in) => {
            let path = match join.at {
                Some(at) => message_path(&room, signed_in.acting_as, Seq(at)),
                None => room_path(&room, signed_in.acting_as),
            };
            let mut response = Redirect::to(&path).into_response();
            if let Some(cookie) = signed_in.cookie.and_then(|cookie| app.cookie_header(cookie)) {
                response.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            response
        }
        Err(SignInError::Refused(problem)) => again(problem).await,
        Err(SignInError::SignInRequired) => {
            to_sign_in(&LandingParams { room: Some(room.to_string()), ..LandingParams::default() })
        }
        Err(SignInError::Store(_)) => render::unavailable(&headers).await,
    }
}

/// Returns public rooms to choose from. Empty if they cannot be read: the form works without.
async fn open_rooms(app: &AppState) -> Vec<PublicRoom> {
    app.hub.store().active_rooms(MAX_OPEN_ROOMS).await.unwrap_or_default()
}

/// Returns the user's room with the latest activity; `None` if there is none or it cannot be read.
pub(super) async fn latest_room(app: &AppState, user: UserId) -> Option<RoomName> {
    let rooms = app.hub.store().my_rooms(user).await.ok()?;
    rooms.into_iter().max_by_key(|mine| mine.active_at).map(|mine| mine.room.name)
}
