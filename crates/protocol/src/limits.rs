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
/// Messages in a page of history when nobody says how many.
pub const DEFAULT_PAGE_MESSAGES: u32 = 50;
/// Most messages in one page of history, and events in one batch of a catch-up.
pub const MAX_PAGE_MESSAGES: u32 = 200;
/// Bytes of text after which a batch or page ends early, at least one message long: frames stay small
/// enough to be sent to somebody slow. What is left out comes with the next batch or page.
pub const MAX_BATCH_TEXT_BYTES: usize = 128 * 1024;
/// Events a client may have missed in a room and still catch up; beyond, it starts over from a fresh page.
pub const MAX_CATCH_UP_EVENTS: i64 = 1_000;
/// Rooms one connection may be in at once.
pub const MAX_ROOMS_PER_CONNECTION: usize = 100;
/// Requests a connection may have open; the server reads no further frame until one is answered.
pub const MAX_OPEN_REQUESTS: usize = 64;
/// People a room lists by name; beyond, it tells only how many there are.
pub const MAX_PEOPLE_LISTED: usize = 200;
/// Seconds without any frame from the client after which the server closes the connection.
pub const IDLE_TIMEOUT_SECONDS: u32 = 90;
