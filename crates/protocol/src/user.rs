//! Who somebody is, as others see it.

use serde::{Deserialize, Serialize};

use crate::{UserId, UserName};

/// An account or a guest.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct User {
    /// Which user, on this server.
    pub id: UserId,
    /// What they are called.
    pub name: UserName,
}
