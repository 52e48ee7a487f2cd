//! That I am writing, as I tell it.

use hubbub_protocol::{TYPING_INTERVAL_MILLIS, TYPING_MILLIS};

use crate::Millis;

/// When a key was pressed in a room, and when that was told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys {
    told: Option<Millis>,
    pressed: bool,
    stopped: bool,
}

impl Keys {
    /// A key was pressed.
    pub(crate) const fn press(&mut self) {
        self.pressed = true;
        self.stopped = false;
    }

    /// Nothing is being written any more: cleared, posted, or one has gone elsewhere.
    pub(crate) fn stop(&mut self, now: Millis) {
        self.pressed = false;
        self.stopped = self.told.is_some_and(|told| now < told.plus(TYPING_MILLIS));
    }

    /// What to tell now.
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

    /// When there is something to tell.
    pub(crate) fn deadline(&self) -> Option<Millis> {
        self.told.filter(|_| self.pressed).map(|told| told.plus(TYPING_INTERVAL_MILLIS))
    }
}
