//! The dialogs of the page.

/// A dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DialogKind {
    /// Goes to a room.
    Switcher,
    /// Lists the keyboard shortcuts.
    Keys,
    /// Lists the public rooms.
    Browse,
    /// Creates a room; the field for its name begins with this text.
    NewRoom(String),
    /// Edits the topic of the room.
    Topic,
    /// Asks before leaving the room.
    Leave,
}
