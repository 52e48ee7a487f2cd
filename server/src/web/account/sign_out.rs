//! `POST /sign-out`: ends the session of this browser.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};

use crate::identity::{self, NotIdentified};
use crate::web::{App, cookie, page};

/// Ends the session, closes its sockets, and leads to the entrance.
pub(in crate::web) async fn leave(State(app): State<App>, headers: HeaderMap) -> Response {
    let session = match identity::identify(&app, &headers, None).await {
        Ok(identity) => identity.map(|identity| identity.session),
        Err(NotIdentified::Store(_)) => return page::broken(&headers).await,
        Err(refused) => return refused.into_response(),
    };
    if let Some(session) = session
        && identity::end_session(&app, session).await.is_err()
    {
        return page::broken(&headers).await;
    }
    let mut response = Redirect::to("/?signed_out=1").into_response();
    if let Some(cookie) = cookie::header_value(&app, identity::no_cookie()) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
