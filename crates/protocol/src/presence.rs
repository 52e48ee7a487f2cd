//! Whether somebody is there, and how they want to be seen.

use serde::{Deserialize, Serialize};

use crate::User;

/// How somebody wants to be seen by others. It holds on all their devices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Status {
    /// As they are: online, or away after a while without a sign of life.
    #[default]
    Online,
    /// Away, whatever they do.
    Away,
    /// Not to be disturbed.
    Busy,
    /// Not there at all.
    Invisible,
}

/// How somebody appears to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Presence {
    /// There.
    Online,
    /// There, and not to be disturbed.
    Busy,
    /// There, without a sign of life for a while.
    Away,
    /// Not there.
    Offline,
}

/// A member of a room, and whether they are there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Person {
    /// Who.
    pub user: User,
    /// Whether they are there.
    pub presence: Presence,
}

/// How one appears to others, by one's own choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appearance {
    /// How one wants to be seen.
    pub status: Status,
    /// Whether others may see up to where one has read.
    pub share_reads: bool,
}

impl Default for Appearance {
    fn default() -> Self {
        Self { status: Status::Online, share_reads: true }
    }
}

impl Status {
    /// How it reads on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Away => "away",
            Self::Busy => "busy",
            Self::Invisible => "invisible",
        }
    }

    /// The status that reads so.
    #[must_use]
    pub fn from_wire(text: &str) -> Option<Self> {
        [Self::Online, Self::Away, Self::Busy, Self::Invisible]
            .into_iter()
            .find(|status| status.as_str() == text)
    }
}
