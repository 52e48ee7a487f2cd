//! The user's own typing indicator.

use hubbub_protocol::{TYPING_INTERVAL_MILLIS, TYPING_MILLIS};

use crate::Millis;

/// The times of key presses in a room and of the typing commands sent for them.
#[derive(Clone, Debug, Default)]
pub(crate) struct TypingNotifier {
    told: Option<Millis>,
    pressed: bool,
    stopped: bool,
}

impl TypingNotifier {
    /// Records a key press.
    pub(crate) const fn press(&mut self) {
        self.pressed = true;
        self.stopped = false;
    }

    /// Ends typing: the composer was emptied, or the user posted or left the room.
    pub(crate) fn stop(&mut self, now: Millis) {
        self.pressed = false;
        self.stopped = self.told.is_some_and(|told| now < told.plus(TYPING_MILLIS));
    }

    /// Returns the typing command to send now.
    pub(crate) fn tell(&mut self, now: Millis) -> Option<bool> {
        if std::mem::take(&mut self.stopped) {
            self.told = None;
            return Some(false);
        }
        if self.pressed && self.told.is_none_or(|told| now >= told.plus(TYPING_INTERVAL_MILLIS)) {
            self.pressed = false;
            self.told = Some(now);
            return Some(true);
        }
        None
    }

    /// Returns the time at which a typing command is due.
    pub(crate) fn deadline(&self) -> Option<Millis> {
        self.told.filter(|_| self.pressed).map(|told| told.plus(TYPING_INTERVAL_MILLIS))
    }
}
