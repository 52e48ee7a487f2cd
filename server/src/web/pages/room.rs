//! `GET /rooms/{room}` and `POST /rooms/{room}/messages`: a room to read and to write in, which also works without
//! JavaScript.

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::Cookie;
use hubbub_app::{PageSnapshot, RoomPage, path_to_room, room_path};
use hubbub_chat::{History, PageAnchor, RoomChange, Store, StoreError, WriteOutcome, text};
use hubbub_protocol::{
    Appearance, ClientId, DEFAULT_PAGE_MESSAGES, Field, MessageText, MyRoom, Page, Refusal, RoomName, Seq,
    Topic, User, UserId,
};
use serde::Deserialize;

use super::extract::{NamedRoom, PageForm, PageQuery, authenticated};
use super::{display, render};
use crate::auth::SignInError;
use crate::hub::RoomSnapshot;
use crate::limits::RateLimitKind;
use crate::net::client_address::ClientAddress;
use crate::web::http::form_status;
use crate::web::state::AppState;

/// Query parameters.
#[derive(Debug, Deserialize)]
pub(super) struct RoomPageParams {
    /// Shows the page before this position.
    before: Option<i64>,
    /// Shows the page around this position.
    at: Option<i64>,
}

/// The form of the composer.
#[derive(Debug, Deserialize)]
pub(super) struct PostForm {
    #[serde(default)]
    text: String,
    /// The id of the message. It is generated with the page, so that submitting the form twice posts one message.
    #[serde(default)]
    client_id: String,
    #[serde(rename = "as")]
    acting_as: Option<i64>,
}

/// The user who requests the page, the requested position, and a refused post.
#[derive(Default)]
struct RoomPageRequest {
    me: Option<User>,
    is_account: bool,
    acting_as: Option<UserId>,
    before: Option<Seq>,
    at: Option<Seq>,
    draft: String,
    problem: Option<Refusal>,
}

/// Shows the room with its newest page or an older one.
pub(super) async fn show(
    State(app): State<AppState>,
    PageQuery(params): PageQuery<RoomPageParams>,
    NamedRoom(room): NamedRoom,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let identity = app.auth.authenticate(&headers, query.as_deref()).await;
    let identity = authenticated(&headers, identity).await?;
    let is_account = identity.as_ref().is_some_and(|identity| identity.is_account);
    let (me, acting_as, renewal) = match identity {
        Some(identity) => (Some(identity.user), identity.acting_as, identity.renewal),
        None => (None, None, None),
    };
    if !app.auth.may_read_public_rooms(me.is_some()) {
        return Ok(to_sign_in(&room));
    }
    let (before, at) = (params.before.map(Seq), params.at.map(Seq).filter(|at| *at > Seq(0)));
    let request = RoomPageRequest { me, is_account, acting_as, before, at, ..RoomPageRequest::default() };
    let mut response = show_to(&app, room, &headers, StatusCode::OK, request).await;
    // Without JavaScript, no socket renews the session.
    if let Some(renewal) = renewal
        && let Some(cookie) = renewal.execute(&app.auth).await
        && let Some(cookie) = app.cookie_header(cookie)
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Posts the text of the form and shows the room again. A visitor without identity becomes a guest.
pub(super) async fn post(
    State(app): State<AppState>,
    from: ClientAddress,
    NamedRoom(room): NamedRoom,
    headers: HeaderMap,
    PageForm(form): PageForm<PostForm>,
) -> Result<Response, Response> {
    let identity = app.auth.authenticate_as(&headers, form.acting_as.map(UserId)).await;
    let identity = authenticated(&headers, identity).await?;
    let is_account = identity.as_ref().is_some_and(|identity| identity.is_account);
    let (me, acting_as) = identity.map(|identity| (identity.user, identity.acting_as)).unzip();
    let acting_as = acting_as.flatten();

    match store(&app, from, &headers, &room, me.clone(), &form).await? {
        Ok(cookie) => {
            let mut response = Redirect::to(&room_path(&room, acting_as)).into_response();
            if let Some(cookie) = cookie.and_then(|cookie| app.cookie_header(cookie)) {
                response.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            Ok(response)
        }
        Err(problem) => {
            let (status, retry_after) = form_status::of(&problem);
            let (draft, problem) = (form.text, Some(problem));
            let request =
                RoomPageRequest { me, is_account, acting_as, draft, problem, ..RoomPageRequest::default() };
            Ok((retry_after, show_to(&app, room, &headers, status, request).await).into_response())
        }
    }
}

/// Stores the message of the form. Returns the session cookie of a new guest, or the refusal to show with the form.
///
/// # Errors
/// The response to send instead: to the sign-in if guests are not allowed, or the page for storage that fails.
async fn store(
    app: &AppState,
    from: ClientAddress,
    headers: &HeaderMap,
    room: &RoomName,
    me: Option<User>,
    form: &PostForm,
) -> Result<Result<Option<Cookie<'static>>, Refusal>, Response> {
    let checked = MessageText::parse(&form.text)
        .and_then(text::visible_text)
        .and_then(|text| Ok((text, client_id(&form.client_id)?)));
    let (text, client_id) = match checked {
        Ok(checked) => checked,
        Err(problem) => return Ok(Err(problem)),
    };
    let known = me.as_ref().map(|me| me.id);
    if let Err(problem) = app.hub.limits().try_acquire(RateLimitKind::Posting, known, from) {
        return Ok(Err(problem));
    }
    let (author, cookie) = match me {
        Some(me) => (me, None),
        None => match app.auth.create_guest(from, None).await {
            Ok(signed_in) => (signed_in.user, signed_in.cookie),
            Err(SignInError::SignInRequired) => return Err(to_sign_in(room)),
            Err(SignInError::Refused(problem)) => return Ok(Err(problem)),
            Err(SignInError::Store(_)) => return Err(render::unavailable(headers).await),
        },
    };
    let post = RoomChange::Post { client_id, text, reply_to: None, files: Vec::new() };
    match app.hub.change_as_member(room, author, post).await {
        Ok(WriteOutcome::Refused(problem)) => Ok(Err(problem)),
        Ok(_) => Ok(Ok(cookie)),
        Err(_) => Err(render::unavailable(headers).await),
    }
}

/// Redirects a visitor without identity to the sign-in if guests are not allowed, and back to the room afterwards.
fn to_sign_in(room: &RoomName) -> Response {
    Redirect::to(&path_to_room("/sign-in", room.as_str())).into_response()
}

/// Returns the form's `client_id`, or a new one if the form has none.
fn client_id(text: &str) -> Result<ClientId, Refusal> {
    if text.is_empty() {
        return Ok(new_client_id());
    }
    text.parse().map_err(|_| Refusal::invalid(Field::ClientId, "client_id must be a UUID"))
}

fn new_client_id() -> ClientId {
    ClientId::from_random_bytes(rand::random())
}

async fn show_to(
    app: &AppState,
    room: RoomName,
    headers: &HeaderMap,
    status: StatusCode,
    request: RoomPageRequest,
) -> Response {
    match Box::pin(read(app, room, request)).await {
        Ok(page) => {
            let page = RoomPage { utc_offset: display::utc_offset(headers), ..page };
            render::page(status, headers, PageSnapshot::Room(Box::new(page))).await
        }
        Err(_) => render::unavailable(headers).await,
    }
}

/// Reads the content of the page. A room that does not exist is shown as an empty one, and is not created.
async fn read(app: &AppState, room: RoomName, request: RoomPageRequest) -> Result<RoomPage, StoreError> {
    let store = app.hub.store();
    let anchor = match (request.at, request.before) {
        (Some(at), _) => PageAnchor::Around(at),
        (None, Some(before)) => PageAnchor::Before(before),
        (None, None) => PageAnchor::Newest,
    };
    let (rooms, appearance) = match &request.me {
        Some(me) => (store.my_rooms(me.id).await?, store.appearance(me.id).await?),
        None => (Vec::new(), Appearance::default()),
    };
    let mine = rooms.iter().find(|mine| mine.room.name == room);
    let record = store.find_room(&room).await?;
    let nothing = History { events: Vec::new(), older: false, newer: false, head: Seq(0) };
    let (history, present, topic) = match record {
        Some(record) => {
            let mut history = store.history(record.id, anchor, DEFAULT_PAGE_MESSAGES).await?;
            if anchor == PageAnchor::Newest
                && let Some(unread) = first_unread(&history, mine)
            {
                history = store.history(record.id, PageAnchor::Around(unread), DEFAULT_PAGE_MESSAGES).await?;
            }
            let present = match app.hub.room_snapshot(&room).await {
                Some(present) => present,
                None => RoomSnapshot::nobody(store.members(record.id).await?),
            };
            (history, present, record.topic)
        }
        None => (nothing, RoomSnapshot::default(), Topic::default()),
    };
    let History { events, older, newer, head } = history;
    Ok(RoomPage {
        read: mine.map_or(head, |mine| mine.read.seq),
        // A draft that was refused comes back to its field.
        asks_name: request.me.is_none() && request.problem.is_none(),
        me: request.me,
        is_account: request.is_account,
        acting_as: request.acting_as,
        at: request.at,
        appearance,
        rooms,
        epoch: Some(store.epoch()),
        history: Page { room: room.clone(), events, older, newer },
        room,
        cursor: head,
        marks: present.marks,
        topic,
        people: present.people,
        count: present.count,
        members: present.members,
        form_client_id: new_client_id(),
        draft: request.draft,
        problem: request.problem,
        utc_offset: None,
    })
}

/// Returns the position of the first unread message, if it is before the newest page.
fn first_unread(newest: &History, mine: Option<&MyRoom>) -> Option<Seq> {
    let read = &mine.filter(|mine| mine.read.unread > 0)?.read;
    let first = newest.events.first().filter(|_| newest.older)?.seq();
    (first > read.seq).then(|| read.seq.next())
}
