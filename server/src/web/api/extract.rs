//! Extracts the room or message that a path names, as the caller sees it.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use hubbub_protocol::{Field, Message, MessageId, Refusal, RoomId, RoomName, UserId};

use super::caller::Caller;
use crate::sqlite::FoundRoom;
use crate::web::http::problem::Problem;
use crate::web::state::AppState;

/// The id of no user, because ids begin with 1.
pub(in crate::web) const NOBODY: UserId = UserId(0);

/// A room that the caller may see.
pub(super) struct VisibleRoom {
    pub(super) caller: Caller,
    pub(super) room: FoundRoom,
}

/// A room that the caller may read; no identity is needed if guests are allowed.
pub(super) struct ReadableRoom {
    pub(super) room: FoundRoom,
}

/// A message of a room that the caller may read.
pub(super) struct ReadableMessage {
    pub(super) room: FoundRoom,
    pub(super) message: Message,
}

/// A message of a room that the caller may see. The room decides whether the caller may change it.
pub(super) struct VisibleMessage {
    pub(super) caller: Caller,
    pub(super) room: FoundRoom,
    pub(super) message: Message,
}

impl VisibleRoom {
    pub(super) fn name(&self) -> &RoomName {
        &self.room.record.name
    }
}

impl VisibleMessage {
    /// Checks that the caller is a member of the room, for data that only members may read.
    ///
    /// # Errors
    /// A refusal if the caller is not a member.
    pub(super) fn require_membership(&self) -> Result<(), Refusal> {
        if self.room.joined { Ok(()) } else { Err(Refusal::not_joined(self.room.record.name.as_str())) }
    }
}

impl FromRequestParts<AppState> for VisibleRoom {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let id = RoomId(number(parts, app, Field::RoomId).await?);
        let room =
            find_room(app, caller.user.id, id).await?.ok_or_else(|| Refusal::not_found(Field::RoomId))?;
        Ok(Self { caller, room })
    }
}

impl ReadableRoom {
    pub(super) fn id(&self) -> RoomId {
        self.room.record.id
    }
}

impl FromRequestParts<AppState> for ReadableRoom {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        let reader = reader(parts, app).await?;
        let id = RoomId(number(parts, app, Field::RoomId).await?);
        let room = find_room(app, reader, id).await?.ok_or_else(|| Refusal::not_found(Field::RoomId))?;
        Ok(Self { room })
    }
}

impl FromRequestParts<AppState> for ReadableMessage {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        let reader = reader(parts, app).await?;
        let id = MessageId(number(parts, app, Field::MessageId).await?);
        let not_found = || Refusal::not_found(Field::MessageId);
        let (room, message) = app.hub.store().message(id).await?.ok_or_else(not_found)?;
        let room = find_room(app, reader, room).await?.ok_or_else(not_found)?;
        Ok(Self { room, message })
    }
}

impl FromRequestParts<AppState> for VisibleMessage {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let id = MessageId(number(parts, app, Field::MessageId).await?);
        let not_found = || Refusal::not_found(Field::MessageId);
        let (room, message) = app.hub.store().message(id).await?.ok_or_else(not_found)?;
        let room = find_room(app, caller.user.id, room).await?.ok_or_else(not_found)?;
        Ok(Self { caller, room, message })
    }
}

/// Returns the room if the reader may see it. At present all rooms are public; a private room must be reported as
/// missing, and this function is the only place that decides it.
pub(in crate::web) async fn find_room(
    app: &AppState,
    reader: UserId,
    id: RoomId,
) -> Result<Option<FoundRoom>, Problem> {
    Ok(app.hub.store().room(id, reader).await?)
}

/// Returns the user who reads; [`NOBODY`] for a request without identity, if guests are allowed.
async fn reader(parts: &Parts, app: &AppState) -> Result<UserId, Problem> {
    let identity = app.auth.authenticate(&parts.headers, parts.uri.query()).await?;
    if !app.auth.may_read_public_rooms(identity.is_some()) {
        return Err(Problem::sign_in_required());
    }
    Ok(identity.map_or(NOBODY, |identity| identity.user.id))
}

/// Parses a number in the path. A number that is too large is the id of no object.
async fn number(parts: &mut Parts, app: &AppState, field: Field) -> Result<i64, Problem> {
    let text = text(parts, app, field).await?;
    let digits = text.strip_prefix('-').unwrap_or(&text);
    match text.parse() {
        Ok(number) => Ok(number),
        Err(_) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Err(Refusal::not_found(field).into())
        }
        Err(_) => Err(Problem::not_a_number(field)),
    }
}

/// Returns a parameter of the path.
pub(super) async fn text(parts: &mut Parts, app: &AppState, field: Field) -> Result<String, Problem> {
    let found = RawPathParams::from_request_parts(parts, app).await.ok();
    let found = found.and_then(|found| {
        found.iter().find(|(name, _)| *name == field.as_str()).map(|(_, value)| value.to_owned())
    });
    found.ok_or_else(|| Refusal::not_found(field).into())
}
