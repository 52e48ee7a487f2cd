//! Rooms and their members.

use serde::{Deserialize, Serialize};

use crate::{Person, RoomId, RoomName, Seq, Timestamp, Topic};

use super::ReadPosition;

/// A room, with the membership of the user who sends the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RoomInfo {
    /// Room id, unique on this server.
    pub id: RoomId,
    /// Room name, unique on this server.
    pub name: RoomName,
    /// Topic; may be empty.
    pub topic: Topic,
    /// Number of members.
    pub members: u32,
    /// Whether the user is a member.
    pub joined: bool,
    /// Position of the newest event; 0 if there is none.
    pub head: Seq,
    /// Time at which the room was created.
    pub created_at: Timestamp,
}

/// Public rooms, sorted by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RoomList {
    /// Rooms.
    pub rooms: Vec<RoomInfo>,
    /// URL of the next part of the list, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A room of which the user is a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MyRoomInfo {
    /// Room id, unique on this server.
    pub id: RoomId,
    /// Room name, unique on this server.
    pub name: RoomName,
    /// Topic; may be empty.
    pub topic: Topic,
    /// Read position and number of unread messages.
    pub read: ReadPosition,
    /// Time of the newest message, or of the user's joining if it is later.
    pub active_at: Timestamp,
}

/// The rooms of which the user is a member, sorted by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MyRooms {
    /// Rooms; at most 100, the maximum for one user.
    pub rooms: Vec<MyRoomInfo>,
}

/// A room to create, or to join if a room of this name exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewRoom {
    /// Room name: 1 to 64 letters (A-Z, a-z), digits, `_` and `-`.
    #[cfg_attr(feature = "schema", schema(pattern = "^[A-Za-z0-9_-]{1,64}$", example = "general"))]
    pub name: String,
}

/// Changes of a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ChangeRoom {
    /// New topic: one line of at most 250 characters; may be empty.
    #[cfg_attr(feature = "schema", schema(max_length = 250))]
    pub topic: String,
}

/// The members of a room and their presence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Members {
    /// Members, online members first: at most 200.
    pub people: Vec<Person>,
    /// Number of members who are present.
    pub present: u32,
    /// Number of members.
    pub members: u32,
}
