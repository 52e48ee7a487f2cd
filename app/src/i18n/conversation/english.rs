//! The English texts of a conversation.

use super::{ConversationStrings, split};
use crate::i18n::english::{date_and_time, since_when};
use crate::i18n::short_count;

pub(in crate::i18n) static STRINGS: ConversationStrings = ConversationStrings {
    joined: |names| format!("{} joined", list(names)),
    left: |names| format!("{} left", list(names)),
    topic_set: |name| format!("{name} set the topic:"),
    topic_removed: |name| format!("{name} removed the topic"),
    new: "New",
    new_since: |since| format!("{} new since {}", short_count(since.count), since_when(since)),
    jump_to_end: "Jump to the end",
    deleted: "Message deleted",
    deleted_own: "You deleted this message",
    edited: "(edited)",
    edited_at: |time| format!("Edited: {}", date_and_time(time)),
    quote_of: |name| format!("Reply to {name}"),
    quote_deleted: "a deleted message",
    read_by: |names| format!("Read by {}", list(names)),
    me: "you",
    actions: "Message actions",
    react: "React",
    reply: "Reply",
    edit: "Edit",
    delete: "Delete",
    copy_text: "Copy text",
    copy_link: "Copy link to message",
    mark_unread: "Mark unread from here",
    more: "More",
    ask_delete: "Delete this message for everyone?",
    keep: "Keep",
    edits: "Edit history",
    edits_show: "Show the edit history",
    now: "Now",
    replying_to: |name| format!("Replying to {name}"),
    editing: "Editing a message",
    save: "Save",
    edit_hint: "Enter saves, Esc cancels",
    loading_newer: "Loading newer messages…",
    typing: |names| match names {
        [] => String::new(),
        [one] => format!("{one} is writing…"),
        [one, two] => format!("{one} and {two} are writing…"),
        many => format!("{} people are writing…", many.len()),
    },
};

/// Formats names as `Anna, Ben and 3 others`.
fn list(names: &[&str]) -> String {
    match (split(names), names) {
        ((named, others @ 1..), _) => format!("{} and {others} others", named.join(", ")),
        (_, [before @ .., one, last]) => {
            before.iter().map(|name| format!("{name}, ")).collect::<String>() + &format!("{one} and {last}")
        }
        _ => names.concat(),
    }
}
