//! Meanings of keys. The server compiles the same types, although it receives no key events.

use hubbub_protocol::Seq;

use crate::state::message_action::MessageAction;

/// Meaning of a key in the composer, if it is more than text.
#[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "no key is pressed on the server"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldKey {
    /// Enter alone, except the Enter that ends a word of an input method: sends the message.
    Send,
    Up,
    Escape,
}

/// Meaning of a key in the timeline, if it is more than moving the focus.
#[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "no key is pressed on the server"))]
pub(crate) enum KeyCommand {
    /// Performs the action on the message at this position.
    Do(MessageAction, Seq),
    /// Returns to the composer.
    Leave,
}
