//! The English texts of the landing page, the name form and the error pages.

use super::PageStrings;

pub(in crate::i18n) static STRINGS: PageStrings = PageStrings {
    tagline: "Group chat on your own server: choose a name, open a room, talk.",
    your_name: "Your name",
    room: "Room",
    room_hint: "Letters A–Z, digits, - and _. A new name opens a new room.",
    signed_out: "Your session has ended.",
    have_account: "You join as a guest. With an account, your name is yours alone, on every device.",
    join_conversation: "Join the conversation",
    join_room: |room| format!("Join #{room} to take part. Choose a name."),
    as_guest: "Continue as a guest",
    open_rooms: "Open rooms",
    no_open_rooms: "There are no open rooms yet. Enter a name above to create the first one.",
    sign_in: "Sign in",
    account: "Account",
    not_found_title: "Page not found",
    not_found_text: "There is no page at this address.",
    #[cfg(feature = "ssr")]
    unreadable_request: (
        "Request not understood",
        "The address or the form contains a value that the server cannot read. Go back and try again.",
    ),
    #[cfg(feature = "ssr")]
    late_form: (
        "The form did not arrive",
        "The connection was too slow or was interrupted, so nothing was saved. Go back and send the form again.",
    ),
    #[cfg(feature = "ssr")]
    foreign_form: (
        "The form was not accepted",
        "A page of another site sent it, so nothing was changed. Open the chat and try again there.",
    ),
    unavailable_title: "Just a moment",
    unavailable_text: "The server cannot reach its storage right now. Nothing is lost; try again in a moment.",
    #[cfg(feature = "ssr")]
    discard_one: "1 message or draft was not sent. Discard it? Otherwise it is kept here until you sign in again.",
    #[cfg(feature = "ssr")]
    discard_many: "{count} messages and drafts were not sent. Discard them? Otherwise they are kept here until you sign in again.",
};
