//! What keys mean. The types are the same on the server, where no key is pressed.

use hubbub_protocol::Seq;

use crate::state::message_action::MessageAction;

/// What a key means in the field of the composer, beyond writing.
#[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "no key is pressed on the server"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldKey {
    /// Enter alone, and not the Enter that ends a word of an input method: send.
    Send,
    /// Up.
    Up,
    /// Escape.
    Escape,
}

/// What a key means in the timeline, beyond moving the focus.
#[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "no key is pressed on the server"))]
pub(crate) enum KeyCommand {
    /// Perform the action on the message at this position.
    Do(MessageAction, Seq),
    /// Go back to the composer.
    Leave,
}
