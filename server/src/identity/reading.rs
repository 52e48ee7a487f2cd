//! Who may read a room: see `docs/decisions/0010-who-may-read-a-public-room.md`.

use crate::config::Guests;

/// Whether what is said in a public room may be read: by whoever may join it, whether they have joined it or not.
/// Where guests are let in that is everybody, else everybody with an account.
pub(crate) const fn may_read_public_rooms(guests: Guests, has_identity: bool) -> bool {
    has_identity || matches!(guests, Guests::On)
}
