//! What attempts to sign in are counted for.

use hubbub_chat::text::NameKey;
use hubbub_protocol::UserId;

use crate::identity::KnownDevice;
use crate::sqlite::SessionId;

/// Whose password is tried, wherever the attempt comes from and however the name is typed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Attempt {
    /// An account, in a browser that is not known for it.
    Account(UserId),
    /// A browser that has signed in to the account before: whoever guesses elsewhere does not keep its owner out.
    KnownDevice(KnownDevice),
    /// A session of the account, for the same reason.
    Session(SessionId),
    /// A name that no account has.
    Name(NameKey),
    /// All that cannot be a name, together.
    NoName,
}
