//! The key by which attempts to sign in are counted.

use hubbub_chat::text::NameKey;
use hubbub_protocol::UserId;

use crate::sqlite::SessionId;

/// The account or name whose password is tried, independent of the address and of the spelling of the name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum SignInAttempt {
    /// An account, from a browser that has not signed in to it before.
    Account(UserId),
    /// A browser that has signed in to the account before. It is counted separately, so that guesses from elsewhere do
    /// not lock its owner out.
    KnownDevice { account: UserId, device: u128 },
    /// A session of the account, counted separately for the same reason.
    Session(SessionId),
    /// A name that no account has.
    Name(NameKey),
    /// All texts that are not valid names, counted together.
    NoName,
}
