//! A user, as other users see it.

use serde::{Deserialize, Serialize};

use crate::{UserId, UserName};

/// An account or a guest.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct User {
    /// User id, unique on this server.
    pub id: UserId,
    /// User name.
    pub name: UserName,
}
