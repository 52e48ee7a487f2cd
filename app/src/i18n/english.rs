//! The English texts, dates and times.

use super::{LocalDate, LocalTime, Refusals, Strings, composer, conversation, files, frame};
use crate::i18n::UnreadSince;

pub(super) static STRINGS: Strings = Strings {
    frame: &frame::ENGLISH,
    conversation: &conversation::ENGLISH,
    files: &files::ENGLISH,
    composer: &composer::ENGLISH,
    #[cfg(any(feature = "ssr", feature = "csr"))]
    pages: &super::pages::ENGLISH,
    #[cfg(feature = "ssr")]
    account: &super::account::ENGLISH,
    join: "Join",
    to_entrance: "To the start page",
    copy_link: "Copy link",
    link_copied: "Link copied",
    language: "Language",
    people_count: |count| format!("{count} {} here", if count == 1 { "person" } else { "people" }),
    you: "(you)",
    and_more: |count| format!("and {count} more"),
    close: "Close",
    messages: "Messages",
    older_messages: "Older messages",
    newest_messages: "To the newest messages",
    loading: "Loading older messages…",
    beginning: "This is where the room begins.",
    empty_title: "No messages yet",
    empty_text: "Write the first message, or share this link with others.",
    new_messages: |count| format!("{count} new {}", if count == 1 { "message" } else { "messages" }),
    today: "Today",
    yesterday: "Yesterday",
    date,
    date_and_time,
    sending: "Sending",
    waiting: "Waiting for the connection",
    not_sent: "Not sent",
    retry: "Retry",
    cancel: "Cancel",
    message: "Message",
    write_to: |room| format!("Write to #{room}"),
    send: "Send",
    outbox_full: "Too many messages are waiting to be sent. This one stays in the input field until there is space.",
    keys_hint: "Enter sends, Shift+Enter starts a new line",
    characters_left: |count| {
        format!("{} {} left", grouped(count), if count == 1 { "character" } else { "characters" })
    },
    characters_over: |count| {
        format!("{} {} too many", grouped(count), if count == 1 { "character" } else { "characters" })
    },
    no_answer: "The server is not responding",
    held_back: |seconds| format!("Sending too fast. The waiting messages will be sent in {seconds} s."),
    unkept: "This browser’s storage is full. Unsent messages will be lost if you close this tab.",
    unreadable: "Unsent messages in this browser’s storage cannot be read at the moment. They are kept and will be sent later.",
    connecting: |attempt| format!("Connecting… (attempt {attempt})"),
    connection_lost: |attempt| format!("Connection lost (attempt {attempt})"),
    offline: "Offline",
    next_try: |seconds| format!("next attempt in {seconds} s"),
    kept: "Your messages are saved and will be sent when the connection is back.",
    retry_now: "Retry now",
    load_again: "Reload the page",
    stopped_elsewhere: "The server closed the connection.",
    stopped_version: "This page is out of date and cannot connect to the server.",
    new_version: "A new version of Hubbub is available.",
    reload: "Reload",
    broken: "Something went wrong on this page.",
    refusals: Refusals {
        empty_name: "Enter a name.",
        empty_room: "Enter a room name.",
        empty_text: "The message is empty.",
        long_name: |limit| format!("The name is too long: at most {limit} characters."),
        long_room: |limit| format!("The room name is too long: at most {limit} characters."),
        long_text: |limit| {
            format!("The message is too long: at most {} characters.", grouped(usize_from(limit)))
        },
        long_topic: |limit| format!("The topic is too long: at most {limit} characters."),
        large_text: |limit| format!("The message is too large: at most {limit} KiB."),
        invalid_name: "This name cannot be used. A name must not contain line breaks, invisible characters, stacked accents or “::”, and must not be “system”.",
        invalid_room: "A room name must contain only the letters A–Z, digits, - and _.",
        invalid_text: "The message contains control characters, which cannot be sent.",
        invalid_topic: "The topic must be one line without control characters.",
        invalid_emoji: "This is not an emoji that can be used as a reaction.",
        not_joined: "You are not in this room; join it first.",
        no_such_room: "This room does not exist.",
        no_such_line: "This message does not exist in this room.",
        no_such_message: "The message no longer exists.",
        no_such_reply: "The message you reply to no longer exists.",
        not_yours: "Only the author of a message can change it.",
        too_many_rooms: |limit| format!("You can be in at most {limit} rooms; leave one first."),
        too_many_edits: |limit| format!("This message was edited {limit} times and cannot be edited again."),
        too_many_names: |limit| format!("This browser has already used {limit} names. Choose one of them."),
        too_many_reactions: |limit| {
            format!("This message already has {limit} reactions. No more can be added.")
        },
        client_id_taken: "The id of this message was already used. “Retry” sends it with a new id.",
        another_author: "This message was written under another name. “Retry” sends it under your current name.",
        too_fast: "Sending too fast. Try again in a moment.",
        unavailable: "The server cannot save this right now. Try again in a moment.",
        other: "The server refused the request.",
    },
};

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) fn date_and_time(time: LocalTime) -> String {
    format!("{}, {}", date(time.date()), time.full())
}

/// Formats a time as `14:02`, with the date if it is not today.
pub(super) fn since_when(UnreadSince { time, today, .. }: UnreadSince) -> String {
    let (date, clock) = (time.date(), time.short());
    let (year, _, day) = date.parts();
    match today {
        None => clock,
        Some(today) if today == date => clock,
        Some(today) if today.yesterday() == date => format!("yesterday, {clock}"),
        Some(today) if today.parts().0 == year => format!("{day} {}, {clock}", MONTHS[date.month()]),
        Some(_) => format!("{day} {} {year}, {clock}", MONTHS[date.month()]),
    }
}

fn date(date: LocalDate) -> String {
    let (year, _, day) = date.parts();
    format!("{}, {day} {} {year}", WEEKDAYS[date.weekday()], MONTHS[date.month()])
}

/// Formats a number as `4,000`.
fn grouped(number: usize) -> String {
    if number < 1_000 { number.to_string() } else { format!("{},{:03}", number / 1_000, number % 1_000) }
}

fn usize_from(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
