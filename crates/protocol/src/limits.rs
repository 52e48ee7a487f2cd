//! Every limit of a value on the wire, named with its unit. What is longer is refused, never cut.

/// Longest message text, in Unicode scalar values.
pub const MAX_TEXT_CHARS: usize = 4_000;
/// Longest message text, in bytes of UTF-8.
pub const MAX_TEXT_BYTES: usize = 16 * 1024;
/// Largest frame (and message of several frames) a peer may send, in bytes.
pub const MAX_FRAME_BYTES: usize = 64 * 1024;
/// Longest room name, in characters (all of them ASCII).
pub const MAX_ROOM_NAME_CHARS: usize = 64;
/// Longest user name, in Unicode scalar values.
pub const MAX_USER_NAME_CHARS: usize = 32;
/// Shortest password, in Unicode scalar values (NIST SP 800-63B).
pub const MIN_PASSWORD_CHARS: usize = 8;
/// Longest password, in Unicode scalar values: hashing takes time for each byte.
pub const MAX_PASSWORD_CHARS: usize = 128;
/// Messages in a page of history when nobody says how many.
pub const DEFAULT_PAGE_MESSAGES: u32 = 50;
/// Most messages in one page of history, and events in one batch of a catch-up.
pub const MAX_PAGE_MESSAGES: u32 = 200;
/// Bytes of text after which a batch or page ends early, at least one message long: frames stay small
/// enough to be sent to somebody slow. What is left out comes with the next batch or page.
pub const MAX_BATCH_TEXT_BYTES: usize = 128 * 1024;
/// Events a client may have missed in a room and still catch up; beyond, it starts over from a fresh page.
pub const MAX_CATCH_UP_EVENTS: i64 = 1_000;
/// Rooms one connection may be in at once, and rooms one may be a member of.
pub const MAX_ROOMS_PER_CONNECTION: usize = 100;
/// Requests a connection may have open; the server reads no further frame until one is answered.
pub const MAX_OPEN_REQUESTS: usize = 64;
/// People a room lists by name; beyond, it tells only how many there are.
pub const MAX_PEOPLE_LISTED: usize = 200;
/// Seconds without any frame from the client after which the server closes the connection.
pub const IDLE_TIMEOUT_SECONDS: u32 = 90;
/// Longest topic of a room, in Unicode scalar values.
pub const MAX_TOPIC_CHARS: usize = 250;
/// Longest emoji of a reaction, in bytes of UTF-8: the longest family of people joined together has 35.
pub const MAX_EMOJI_BYTES: usize = 64;
/// Reactions at one message, each of one person with one emoji.
pub const MAX_REACTIONS_PER_MESSAGE: usize = 100;
/// Times one message may be edited: its history is kept.
pub const MAX_EDITS_PER_MESSAGE: usize = 100;
/// Characters of a message that are quoted in an answer.
pub const MAX_QUOTE_CHARS: usize = 160;
/// Members of a room up to which it shows who has read up to where.
pub const MAX_READERS_SHOWN: usize = 50;
/// Unread messages of a room that are counted; beyond, there are "at least so many".
pub const MAX_UNREAD_COUNTED: u32 = 1_000;
/// Rooms in one answer to `browse`.
pub const MAX_ROOMS_BROWSED: u32 = 50;
/// Milliseconds after the last sign of writing at which it ends by itself.
pub const TYPING_MILLIS: u64 = 3_000;
/// Milliseconds between two signs of writing that a client sends.
pub const TYPING_INTERVAL_MILLIS: u64 = 2_000;
/// Milliseconds without a sign of life after which somebody is away.
pub const AWAY_MILLIS: u64 = 5 * 60 * 1_000;
/// Milliseconds after the last connection of somebody has closed before they are offline: a reload is no absence.
pub const ABSENCE_GRACE_MILLIS: u64 = 5_000;
