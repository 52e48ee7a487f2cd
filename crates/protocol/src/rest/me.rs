//! Oneself.

use serde::{Deserialize, Serialize};

use crate::{Epoch, Status, User};

/// Who sends the request, and how they appear to others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Me {
    /// Who one is.
    pub user: User,
    /// Whether one has a password; else one is a guest.
    pub is_account: bool,
    /// How one wants to be seen.
    pub status: Status,
    /// Whether others may see up to where one has read.
    pub share_reads: bool,
    /// Names the database: under another epoch, positions and ids mean nothing.
    pub epoch: Epoch,
}

/// What one wants to change about oneself. What is not given stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ChangeMe {
    /// What one is called from now on. What one has said keeps the name of its time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(max_length = 32))]
    pub name: Option<String>,
    /// How one wants to be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Whether others may see up to where one has read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_reads: Option<bool>,
}
