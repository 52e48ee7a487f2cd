//! Presence of users and the status that they choose.

use serde::{Deserialize, Serialize};

use crate::User;

/// Status that a user chooses. It applies to all devices of the user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Status {
    /// Shown as online, or as away after a time without activity.
    #[default]
    Online,
    /// Always shown as away.
    Away,
    /// Shown as busy: the user does not want to be disturbed.
    Busy,
    /// Shown as offline.
    Invisible,
}

/// Presence of a user, as other users see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Presence {
    /// Connected and active.
    Online,
    /// Connected, and does not want to be disturbed.
    Busy,
    /// Connected without recent activity, or away by choice.
    Away,
    /// Not connected, or invisible.
    Offline,
}

/// A member of a room with the current presence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Person {
    /// User.
    pub user: User,
    /// Presence of the user.
    pub presence: Presence,
}

/// How other users see a user, by the user's own choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appearance {
    /// Status that other users see.
    pub status: Status,
    /// Whether other users may see the user's read positions.
    pub share_reads: bool,
}

impl Default for Appearance {
    fn default() -> Self {
        Self { status: Status::Online, share_reads: true }
    }
}

impl Status {
    /// Returns the name of the status on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Away => "away",
            Self::Busy => "busy",
            Self::Invisible => "invisible",
        }
    }

    /// Parses the name of a status.
    #[must_use]
    pub fn from_wire(text: &str) -> Option<Self> {
        [Self::Online, Self::Away, Self::Busy, Self::Invisible]
            .into_iter()
            .find(|status| status.as_str() == text)
    }
}
