//! Access tokens.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Timestamp, User};

/// A request for a token: of an account if a password is given, else of a new guest.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewToken {
    /// Name of the account, or the name that the guest requests. A guest without a name receives a generated
    /// one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(example = "robot"))]
    pub username: Option<String>,
    /// Password of the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// Hides the password, so that it does not reach a log.
impl fmt::Debug for NewToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewToken").field("username", &self.username).finish_non_exhaustive()
    }
}

/// A signed access token.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Token {
    /// Token for the header `Authorization: Bearer`, or for the query parameter `token` of a WebSocket.
    pub token: String,
    /// Always `Bearer`.
    pub token_type: String,
    /// Time at which the token expires. It becomes invalid earlier if its session ends.
    pub expires_at: Timestamp,
    /// User whom the token authenticates.
    pub user: User,
}

/// Hides the token, so that it does not reach a log.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { expires_at, user, .. } = self;
        f.debug_struct("Token").field("user", user).field("expires_at", expires_at).finish_non_exhaustive()
    }
}
