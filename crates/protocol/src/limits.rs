//! The limits of values on the wire, with their units. Values over a limit are refused, not truncated.

/// Longest message text, in Unicode scalar values.
pub const MAX_TEXT_CHARS: usize = 4_000;
/// Longest message text, in bytes of UTF-8.
pub const MAX_TEXT_BYTES: usize = 16 * 1024;
/// Largest frame, and largest message of several frames, that a peer may send, in bytes.
pub const MAX_FRAME_BYTES: usize = 64 * 1024;
/// Maximum attachments of one message.
pub const MAX_FILES_PER_MESSAGE: usize = 10;
/// Longest name of a file, in bytes of UTF-8: what file systems accept.
pub const MAX_FILE_NAME_BYTES: usize = 255;
/// Longest name of a file that the server accepts before it removes what does not belong in a name, in bytes.
pub const MAX_RAW_FILE_NAME_BYTES: usize = 4 * 1024;
/// Longest preview of a picture, in characters.
pub const MAX_PREVIEW_CHARS: usize = 1_024;
/// Longest room name, in characters (ASCII only).
pub const MAX_ROOM_NAME_CHARS: usize = 64;
/// Longest user name, in Unicode scalar values.
pub const MAX_USER_NAME_CHARS: usize = 32;
/// Shortest password, in Unicode scalar values (NIST SP 800-63B).
pub const MIN_PASSWORD_CHARS: usize = 8;
/// Longest password, in Unicode scalar values. Bounds the time for hashing.
pub const MAX_PASSWORD_CHARS: usize = 128;
/// Messages in a page of history if the request gives no number.
pub const DEFAULT_PAGE_MESSAGES: u32 = 50;
/// Maximum messages in a page of history, and events in a batch of a catch-up.
pub const MAX_PAGE_MESSAGES: u32 = 200;
/// Bytes of text after which a batch or page ends early; it contains at least one message. Keeps frames small
/// enough for slow clients. The remaining events come with the next batch or page.
pub const MAX_BATCH_TEXT_BYTES: usize = 128 * 1024;
/// Maximum missed events in a room that a client catches up with. Clients that missed more receive a fresh
/// page.
pub const MAX_CATCH_UP_EVENTS: i64 = 1_000;
/// Maximum rooms that one connection may join, and of which one user may be a member.
pub const MAX_ROOMS_PER_CONNECTION: usize = 100;
/// Maximum open requests of a connection. At this limit, the server reads the next frame after it has
/// answered one.
pub const MAX_OPEN_REQUESTS: usize = 64;
/// Maximum members that a room lists by name. Larger rooms report their number only.
pub const MAX_PEOPLE_LISTED: usize = 200;
/// Seconds without a frame from the client after which the server closes the connection.
pub const IDLE_TIMEOUT_SECONDS: u32 = 90;
/// Longest topic of a room, in Unicode scalar values.
pub const MAX_TOPIC_CHARS: usize = 250;
/// Longest emoji of a reaction, in bytes of UTF-8. The longest family sequence has 35.
pub const MAX_EMOJI_BYTES: usize = 64;
/// Maximum reactions to one message, each of one user with one emoji.
pub const MAX_REACTIONS_PER_MESSAGE: usize = 100;
/// Maximum edits of one message. Bounds the stored history of former texts.
pub const MAX_EDITS_PER_MESSAGE: usize = 100;
/// Maximum characters of a message that a reply quotes.
pub const MAX_QUOTE_CHARS: usize = 160;
/// Maximum members of a room that shows the read positions of its members.
pub const MAX_READERS_SHOWN: usize = 50;
/// Maximum unread messages that are counted in a room.
pub const MAX_UNREAD_COUNTED: u32 = 1_000;
/// Maximum rooms in one answer to `browse`.
pub const MAX_ROOMS_BROWSED: u32 = 50;
/// Milliseconds after which a typing indicator ends if it is not renewed.
pub const TYPING_MILLIS: u64 = 3_000;
/// Milliseconds between two typing commands of a client.
pub const TYPING_INTERVAL_MILLIS: u64 = 2_000;
/// Milliseconds without activity after which a user is away.
pub const AWAY_MILLIS: u64 = 5 * 60 * 1_000;
/// Milliseconds between the close of a user's last connection and the presence `offline`. Hides page reloads.
pub const ABSENCE_GRACE_MILLIS: u64 = 5_000;
