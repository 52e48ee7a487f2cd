//! Which users may read a public room: see `docs/decisions/0010-who-may-read-a-public-room.md`.

use crate::config::Guests;

/// Whether a client may read the messages of public rooms: every client that may join may also read, member or not. If
/// guests are allowed, these are all clients, otherwise users with an account.
pub(crate) const fn may_read_public_rooms(guests: Guests, has_identity: bool) -> bool {
    has_identity || matches!(guests, Guests::On)
}
