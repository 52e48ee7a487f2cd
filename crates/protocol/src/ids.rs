//! Identifiers. Each has its own type, so that the compiler rejects a wrong one.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! integer_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

integer_id!(
    /// Id of a message, unique on one server.
    MessageId
);
integer_id!(
    /// Id of a room, unique on one server.
    RoomId
);
integer_id!(
    /// Id of a user, unique on one server.
    UserId
);
integer_id!(
    /// Id of a file, unique on one server.
    FileId
);
integer_id!(
    /// Position of an event in its room: 1, 2, 3 and so on, without gaps. As a cursor, 0 is the start of the
    /// room.
    #[derive(Default)]
    Seq
);

impl Seq {
    /// Returns the following position.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// Id of a request, unique on one connection. The client chooses it and the answer repeats it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(pub u64);

/// UUID (RFC 9562) that a client gives to a message. A second post with the same id returns the result of the
/// first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(value_type = String, format = "uuid"))]
pub struct ClientId(Uuid);

impl ClientId {
    /// Builds a version 4 UUID from 16 random bytes of the caller.
    #[must_use]
    pub fn from_random_bytes(bytes: [u8; 16]) -> Self {
        Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
    }

    /// Builds a version 7 UUID (RFC 9562, section 5.7) from a time in milliseconds since 1970 and random bytes of the
    /// caller. The later ids of an author follow the earlier ones, so that they share a page of the store's index.
    #[must_use]
    pub fn from_time(millis: u64, random: [u8; 16]) -> Self {
        let [.., a, b, c, d, e, f, g, h, i, j] = random;
        let random = [a, b, c, d, e, f, g, h, i, j];
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for ClientId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::try_parse(text).map(Self)
    }
}

/// Id of a database. A client that receives another epoch discards its cursors, because positions belong to
/// one database.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Epoch(pub String);
