//! Rooms and who belongs to them.

use serde::{Deserialize, Serialize};

use crate::{Person, RoomId, RoomName, Seq, Timestamp, Topic};

use super::ReadPosition;

/// A room, as one user finds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RoomInfo {
    /// Unique on this server.
    pub id: RoomId,
    /// Its name, unique too.
    pub name: RoomName,
    /// What it is about; may be empty.
    pub topic: Topic,
    /// How many members it has.
    pub members: u32,
    /// Whether one is a member.
    pub joined: bool,
    /// The position of its newest event; 0 when nothing has happened.
    pub head: Seq,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Public rooms by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RoomList {
    /// The rooms.
    pub rooms: Vec<RoomInfo>,
    /// Where the list goes on, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A room one is a member of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MyRoomInfo {
    /// Unique on this server.
    pub id: RoomId,
    /// Its name, unique too.
    pub name: RoomName,
    /// What it is about; may be empty.
    pub topic: Topic,
    /// Up to where one has read, and what is not read.
    pub read: ReadPosition,
    /// When something was last said there, or when one became a member.
    pub active_at: Timestamp,
}

/// The rooms one is a member of, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MyRooms {
    /// The rooms; at most 100, because one cannot be a member of more.
    pub rooms: Vec<MyRoomInfo>,
}

/// A room to be made, or joined if there is one of that name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewRoom {
    /// Its name.
    #[cfg_attr(feature = "schema", schema(pattern = "^[A-Za-z0-9_-]{1,64}$", example = "general"))]
    pub name: String,
}

/// What is to change about a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ChangeRoom {
    /// What it is about from now on: one line, may be empty.
    #[cfg_attr(feature = "schema", schema(max_length = 250))]
    pub topic: String,
}

/// Who belongs to a room, and who of them is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Members {
    /// The members, those who are there first: at most 200.
    pub people: Vec<Person>,
    /// How many are there.
    pub present: u32,
    /// How many members there are.
    pub members: u32,
}
