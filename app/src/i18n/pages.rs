//! What the entrance says, and the pages that are shown where there is no other.

mod english;
mod russian;

pub(super) use english::STRINGS as ENGLISH;
pub(super) use russian::STRINGS as RUSSIAN;

/// All of it, in one language.
pub(crate) struct PageStrings {
    pub(crate) tagline: &'static str,
    pub(crate) your_name: &'static str,
    pub(crate) room: &'static str,
    pub(crate) room_hint: &'static str,
    pub(crate) signed_out: &'static str,
    pub(crate) have_account: &'static str,
    // For a stranger in a room.
    pub(crate) join_conversation: &'static str,
    pub(crate) join_room: fn(&str) -> String,
    pub(crate) as_guest: &'static str,
    // The public rooms.
    pub(crate) open_rooms: &'static str,
    pub(crate) no_open_rooms: &'static str,
    pub(crate) sign_in: &'static str,
    pub(crate) account: &'static str,
    pub(crate) not_found_title: &'static str,
    pub(crate) not_found_text: &'static str,
    pub(crate) unavailable_title: &'static str,
    pub(crate) unavailable_text: &'static str,
    /// Asks whether to discard the one message or draft of a user who has signed out.
    #[cfg(feature = "ssr")]
    pub(crate) discard_one: &'static str,
    /// The same for several; `{count}` stands for their number.
    #[cfg(feature = "ssr")]
    pub(crate) discard_many: &'static str,
}
