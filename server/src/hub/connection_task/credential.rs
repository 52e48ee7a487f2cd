//! Why a peer may use a connection.

use crate::hub::transient_guest::TransientGuest;
use crate::sqlite::SessionId;

/// The reason why a peer may use a connection.
pub(crate) enum Credential {
    /// The peer has a session.
    Session(SessionId),
    /// The peer is a transient guest without a session.
    TransientGuest(TransientGuest),
}
