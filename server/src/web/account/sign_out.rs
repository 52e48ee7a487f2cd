//! `POST /sign-out`: ends the session of this browser.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};

use super::go;
use crate::identity::{self, NotIdentified};
use crate::web::{App, page};

/// Ends the session, closes its sockets, and leads to the entrance. What the browser has kept goes with it: the next
/// person at this device finds no rooms, drafts or messages of the last.
pub(super) async fn leave(State(app): State<App>, headers: HeaderMap) -> Response {
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
    let mut response = go(&app, "/?signed_out=1", Some(app.session_cookie.removed()));
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"storage\""));
    response
}
