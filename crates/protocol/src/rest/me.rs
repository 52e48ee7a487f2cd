//! The user who sends the request.

use serde::{Deserialize, Serialize};

use crate::{Epoch, Status, User};

/// The user who sends the request, with the settings that control what other users see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Me {
    /// User.
    pub user: User,
    /// `true` for an account with a password, `false` for a guest.
    pub is_account: bool,
    /// Status that other users see.
    pub status: Status,
    /// Whether other users may see the user's read positions.
    pub share_reads: bool,
    /// Id of the database. A different epoch makes all positions and ids invalid.
    pub epoch: Epoch,
}

/// Changes of the user. Omitted fields keep their values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ChangeMe {
    /// New name, at most 32 characters. Earlier messages keep the former name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(max_length = 32))]
    pub name: Option<String>,
    /// Status that other users see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Whether other users may see the user's read positions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_reads: Option<bool>,
}
