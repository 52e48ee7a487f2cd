//! English.

use super::PageStrings;

pub(in crate::i18n) static STRINGS: PageStrings = PageStrings {
    tagline: "Group chat on your own server: say a name, open a room, talk.",
    your_name: "Your name",
    room: "Room",
    room_hint: "Letters A–Z, digits, - and _. A new name opens a new room.",
    signed_out: "Your session has ended.",
    have_account: "You come in as a guest. With an account, your name is yours alone, on every device.",
    join_conversation: "Join the conversation",
    join_room: |room| format!("Join #{room} to take part. What do you want to be called?"),
    as_guest: "Go on as a guest",
    open_rooms: "Open rooms",
    no_open_rooms: "No room is open yet. Name one above, and you are the first.",
    sign_in: "Sign in",
    account: "Account",
    not_found_title: "There is nothing here",
    not_found_text: "The address leads to no page.",
    unavailable_title: "Just a moment",
    unavailable_text: "The server cannot reach its storage right now. Nothing is lost; try again in a moment.",
    #[cfg(feature = "ssr")]
    discard_one: "1 message or draft of yours was not sent. Discard? Otherwise it is kept for the next time you sign in here.",
    #[cfg(feature = "ssr")]
    discard_many: "{count} messages and drafts of yours were not sent. Discard? Otherwise they are kept for the next time you sign in here.",
};
