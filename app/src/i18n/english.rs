//! English.

use super::{LocalDate, LocalTime, Refusals, Strings, composer, conversation, frame};
use crate::i18n::UnreadSince;

pub(super) static STRINGS: Strings = Strings {
    frame: &frame::ENGLISH,
    conversation: &conversation::ENGLISH,
    composer: &composer::ENGLISH,
    #[cfg(any(feature = "ssr", feature = "csr"))]
    pages: &super::pages::ENGLISH,
    #[cfg(feature = "ssr")]
    account: &super::account::ENGLISH,
    join: "Join",
    to_entrance: "To the entrance",
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
    empty_title: "Nobody has said anything yet",
    empty_text: "Say hello below, or send this link to those you want to talk with.",
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
    outbox_full: "Too many messages wait for the connection. This one stays here until there is place.",
    keys_hint: "Enter sends, Shift+Enter starts a new line",
    characters_left: |count| {
        format!("{} {} left", grouped(count), if count == 1 { "character" } else { "characters" })
    },
    characters_over: |count| {
        format!("{} {} too many", grouped(count), if count == 1 { "character" } else { "characters" })
    },
    no_answer: "The server does not answer",
    held_back: |seconds| format!("Too much at once. What waits is sent in {seconds} s."),
    unkept: "This browser has no room to keep what you write. What is not sent yet lives only as long as this tab.",
    connecting: |attempt| format!("Connecting… (attempt {attempt})"),
    connection_lost: |attempt| format!("Connection lost (attempt {attempt})"),
    offline: "Offline",
    next_try: |seconds| format!("next try in {seconds} s"),
    kept: "Messages you write are kept and sent when it is back.",
    retry_now: "Retry now",
    load_again: "Load the page again",
    stopped_elsewhere: "The server closed the connection.",
    stopped_version: "This page is older than the server and cannot talk to it.",
    new_version: "A new version of Hubbub is available.",
    reload: "Reload",
    broken: "Something broke on this page.",
    refusals: Refusals {
        empty_name: "Say what you want to be called.",
        empty_room: "Say which room you want to go to.",
        empty_text: "The message is empty.",
        long_name: |limit| format!("The name is too long: at most {limit} characters."),
        long_room: |limit| format!("The name of the room is too long: at most {limit} characters."),
        long_text: |limit| {
            format!("The message is too long: at most {} characters.", grouped(usize_from(limit)))
        },
        long_topic: |limit| format!("The topic is too long: at most {limit} characters."),
        large_text: |limit| format!("The message is too large: at most {limit} KiB."),
        invalid_name: "Take another name: without line breaks, invisible characters, a stack of accents or “::”, and not “system”.",
        invalid_room: "A room name has only the letters A–Z, digits, - and _.",
        invalid_text: "The message has control characters, which cannot be sent.",
        invalid_topic: "A topic is one line without control characters.",
        invalid_emoji: "That is no emoji that can be put to a message.",
        not_joined: "You are not in this room; join it first.",
        no_such_room: "There is no such room.",
        no_such_line: "This message is not here.",
        no_such_message: "The message is no longer there.",
        no_such_reply: "The message it answers is no longer there.",
        not_yours: "Only its author may change a message.",
        too_many_rooms: |limit| format!("You can be in at most {limit} rooms; leave one first."),
        too_many_edits: |limit| format!("It has been edited {limit} times, and no further edit is kept."),
        too_many_names: |limit| format!("This browser has used {limit} names already. Take one of them."),
        too_many_reactions: |limit| format!("There are already {limit} reactions; no more can be added."),
        client_id_taken: "It has the number of another message; “Retry” gives it a new one.",
        another_author: "It was written under another name; “Retry” sends it under yours.",
        too_fast: "That was too much in a short time. Try again in a moment.",
        unavailable: "The server cannot store it right now. Try again in a moment.",
        other: "The server refused this.",
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

/// `14:02`, or with its day if that is not today.
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

/// `4,000`.
fn grouped(number: usize) -> String {
    if number < 1_000 { number.to_string() } else { format!("{},{:03}", number / 1_000, number % 1_000) }
}

fn usize_from(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
