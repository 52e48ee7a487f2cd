//! Texts of the landing page, the name form and the error pages.

mod english;
mod russian;

pub(super) use english::STRINGS as ENGLISH;
pub(super) use russian::STRINGS as RUSSIAN;

/// The texts in one language.
pub(crate) struct PageStrings {
    pub(crate) tagline: &'static str,
    pub(crate) your_name: &'static str,
    pub(crate) room: &'static str,
    pub(crate) room_hint: &'static str,
    pub(crate) signed_out: &'static str,
    pub(crate) have_account: &'static str,
    // Name form in a room.
    pub(crate) join_conversation: &'static str,
    pub(crate) join_room: fn(&str) -> String,
    pub(crate) as_guest: &'static str,
    // Public rooms.
    pub(crate) open_rooms: &'static str,
    pub(crate) no_open_rooms: &'static str,
    pub(crate) sign_in: &'static str,
    pub(crate) account: &'static str,
    pub(crate) not_found_title: &'static str,
    pub(crate) not_found_text: &'static str,
    // Titles and texts of the page about a refused address or form.
    #[cfg(feature = "ssr")]
    pub(crate) unreadable_request: (&'static str, &'static str),
    #[cfg(feature = "ssr")]
    pub(crate) late_form: (&'static str, &'static str),
    #[cfg(feature = "ssr")]
    pub(crate) foreign_form: (&'static str, &'static str),
    pub(crate) unavailable_title: &'static str,
    pub(crate) unavailable_text: &'static str,
    /// Asks a signed-out user whether to discard one message or draft.
    #[cfg(feature = "ssr")]
    pub(crate) discard_one: &'static str,
    /// Asks the same for several messages and drafts; `{count}` is replaced by their number.
    #[cfg(feature = "ssr")]
    pub(crate) discard_many: &'static str,
}
