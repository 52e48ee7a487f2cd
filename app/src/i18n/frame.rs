//! Texts around a conversation: sidebar, room bar, members, dialogs.

mod english;
mod russian;

pub(super) use english::STRINGS as ENGLISH;
pub(super) use russian::STRINGS as RUSSIAN;

/// Keyboard shortcuts of one part of the page.
pub(crate) struct ShortcutHelp {
    pub(crate) route: &'static str,
    /// Keys that are pressed together, and their effect.
    pub(crate) keys: &'static [(&'static [&'static str], &'static str)],
}

/// The texts in one language.
pub(crate) struct FrameStrings {
    // Rooms.
    pub(crate) rooms: &'static str,
    pub(crate) show_rooms: &'static str,
    pub(crate) find_room: &'static str,
    pub(crate) new_room: &'static str,
    pub(crate) browse_rooms: &'static str,
    pub(crate) rooms_loading: &'static str,
    pub(crate) no_rooms: &'static str,
    /// Number of unread messages; 1,000 and more are shown as `999+`.
    pub(crate) unread: fn(u32) -> String,
    // The current user.
    pub(crate) me_unknown: &'static str,
    pub(crate) my_settings: &'static str,
    pub(crate) my_status: &'static str,
    pub(crate) status_online: &'static str,
    pub(crate) status_away: &'static str,
    pub(crate) status_busy: &'static str,
    pub(crate) status_invisible: &'static str,
    pub(crate) share_reads: &'static str,
    pub(crate) theme: &'static str,
    /// System, light, dark.
    pub(crate) themes: [&'static str; 3],
    pub(crate) text_size: &'static str,
    /// From small to largest.
    pub(crate) text_sizes: [&'static str; 4],
    pub(crate) compact: &'static str,
    pub(crate) reduce_motion: &'static str,
    pub(crate) account: &'static str,
    pub(crate) other_name: &'static str,
    pub(crate) sign_out: &'static str,
    // Room bar.
    pub(crate) topic: &'static str,
    pub(crate) add_topic: &'static str,
    pub(crate) edit_topic: &'static str,
    pub(crate) leave_room: &'static str,
    pub(crate) room_menu: &'static str,
    // Members.
    pub(crate) people: &'static str,
    pub(crate) here: &'static str,
    pub(crate) not_here: &'static str,
    pub(crate) members: fn(u32) -> String,
    pub(crate) online: &'static str,
    pub(crate) away: &'static str,
    pub(crate) busy: &'static str,
    pub(crate) offline: &'static str,
    // Dialogs.
    pub(crate) save: &'static str,
    pub(crate) topic_hint: &'static str,
    pub(crate) leave_title: fn(&str) -> String,
    pub(crate) leave_text: &'static str,
    pub(crate) leave: &'static str,
    pub(crate) name: &'static str,
    pub(crate) name_rule: &'static str,
    pub(crate) topic_optional: &'static str,
    pub(crate) create: &'static str,
    pub(crate) create_named: fn(&str) -> String,
    pub(crate) exists: &'static str,
    pub(crate) not_loaded: &'static str,
    pub(crate) search: &'static str,
    pub(crate) searching: &'static str,
    pub(crate) nothing_found: &'static str,
    pub(crate) no_public_rooms: &'static str,
    pub(crate) found: fn(usize) -> String,
    pub(crate) more: &'static str,
    pub(crate) joined: &'static str,
    pub(crate) switcher_hint: &'static str,
    // Keyboard shortcuts.
    pub(crate) keys: &'static str,
    pub(crate) keys_about: [ShortcutHelp; 3],
    // Toasts.
    pub(crate) notices: &'static str,
    pub(crate) left: &'static str,
    pub(crate) join_again: &'static str,
    pub(crate) kept_here: &'static str,
    pub(crate) nothing_kept_title: &'static str,
    pub(crate) nothing_kept_text: &'static str,
}
