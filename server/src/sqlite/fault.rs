//! Reasons why the database cannot be used, in terms that an operator understands.

use std::fmt;

/// Primary result codes of SQLite (<https://www.sqlite.org/rescode.html>); the low byte of an extended code.
const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const OUT_OF_MEMORY: i32 = 7;
const READ_ONLY: i32 = 8;
const INPUT_OUTPUT: i32 = 10;
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
const CANNOT_OPEN: i32 = 14;
const PROTOCOL: i32 = 15;
const NOT_A_DATABASE: i32 = 26;
const PRIMARY_CODE: i32 = 0xff;

/// Cause of a failed statement that is not an error in the statement itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The disk or a quota has no space for another page.
    DiskFull,
    /// The system failed to read or to write.
    InputOutput,
    /// The file or its folder may not be written.
    ReadOnly,
    /// The file or one of its companion files could not be opened.
    CannotOpen,
    /// Another program holds a lock for longer than the busy timeout, or all readers are in use.
    Busy,
    /// The process has no memory left.
    OutOfMemory,
    /// The file has content that SQLite has not written.
    Damaged,
    /// The thread of the connection has ended.
    Stopped,
}

impl Fault {
    /// Returns the fault behind an error; `None` if the statement itself is wrong.
    pub(super) fn of(error: &sqlx::Error) -> Option<Self> {
        match error {
            sqlx::Error::Database(error) => {
                let code: i32 = error.code()?.parse().ok()?;
                Self::of_code(code & PRIMARY_CODE)
            }
            sqlx::Error::PoolTimedOut => Some(Self::Busy),
            sqlx::Error::WorkerCrashed | sqlx::Error::PoolClosed => Some(Self::Stopped),
            sqlx::Error::Io(_) => Some(Self::InputOutput),
            _ => None,
        }
    }

    const fn of_code(code: i32) -> Option<Self> {
        Some(match code {
            FULL => Self::DiskFull,
            INPUT_OUTPUT => Self::InputOutput,
            READ_ONLY => Self::ReadOnly,
            CANNOT_OPEN => Self::CannotOpen,
            BUSY | LOCKED | PROTOCOL => Self::Busy,
            OUT_OF_MEMORY => Self::OutOfMemory,
            CORRUPT | NOT_A_DATABASE => Self::Damaged,
            _ => return None,
        })
    }

    /// Whether the connection may be the cause, so that a new connection can help.
    pub(super) const fn is_of_connection(self) -> bool {
        !matches!(self, Self::Busy)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DiskFull => "the disk is full",
            Self::InputOutput => "the disk cannot be read or written",
            Self::ReadOnly => "the database is read-only",
            Self::CannotOpen => "the database file cannot be opened",
            Self::Busy => "the database is locked by another program",
            Self::OutOfMemory => "there is not enough memory",
            Self::Damaged => "the database is damaged",
            Self::Stopped => "the connection to the database has stopped",
        })
    }
}

/// Describes an error in one line: the fault, and the message of SQLite.
pub(super) fn describe(error: &sqlx::Error) -> String {
    match (Fault::of(error), error) {
        (Some(fault), sqlx::Error::Database(cause)) => {
            let code = cause.code().unwrap_or_default();
            format!("{fault} (SQLite {code}: {})", cause.message())
        }
        (Some(fault), _) => fault.to_string(),
        (None, error) => error.to_string(),
    }
}
