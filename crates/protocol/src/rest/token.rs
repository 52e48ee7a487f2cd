//! Tokens: who a program is.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Timestamp, User};

/// Who wants a token. With a password, the account of that name; without, a new guest.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewToken {
    /// The name of the account, or the one a guest wishes. A guest without a wish gets a generated one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(example = "robot"))]
    pub username: Option<String>,
    /// The account's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// A password must not reach a log by way of a derived `Debug`.
impl fmt::Debug for NewToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewToken").field("username", &self.username).finish_non_exhaustive()
    }
}

/// A signed token.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Token {
    /// To be sent in `Authorization: Bearer`, or to a socket as `?token=`.
    pub token: String,
    /// `Bearer`.
    pub token_type: String,
    /// When it runs out. It is of no use earlier already when its session ends.
    pub expires_at: Timestamp,
    /// Whom it names.
    pub user: User,
}

/// Neither must a token.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { expires_at, user, .. } = self;
        f.debug_struct("Token").field("user", user).field("expires_at", expires_at).finish_non_exhaustive()
    }
}
