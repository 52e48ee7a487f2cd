//! The end of a run: messages are stored first, then the client leaves its rooms, then the program ends.

use hubbub_protocol::Millis;

/// Maximum time for leaving rooms. Nothing is lost if it fails.
const LEAVE_TIMEOUT_MILLIS: u64 = 2_000;

/// The stage of the shutdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShutdownStage {
    Running,
    /// No more input is read; the client waits until all messages are stored.
    Finishing {
        by: Millis,
        /// Whether the input ended by itself. If so, the client also waits until it was in the room and printed its
        /// messages.
        at_end: bool,
    },
    /// Everything is stored. Guests leave their rooms, because they cannot reconnect as the same user.
    Leaving {
        by: Millis,
    },
    Over,
}

/// Facts on which the shutdown depends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PendingWork {
    /// A message or edit of this client is not known to be stored, or not printed as stored.
    pub(crate) unstored: bool,
    /// Whether the client was in the room.
    pub(crate) entered: bool,
    /// Whether there are rooms to leave and a connection to do so.
    pub(crate) to_leave: bool,
}

impl ShutdownStage {
    /// Begins the shutdown. A second call ends the run at once.
    pub(crate) fn go(&mut self, at_end: bool, patience_millis: u64, now: Millis) {
        *self = match self {
            Self::Running => Self::Finishing { by: now.plus(patience_millis), at_end },
            // The end of input comes only once, so a second call is a signal from an impatient user.
            _ => Self::Over,
        };
    }

    /// A message was stored. Extends the wait, whose limit is the time without a stored message.
    pub(crate) fn progress(&mut self, patience_millis: u64, now: Millis) {
        if let Self::Finishing { by, .. } = self {
            *by = now.plus(patience_millis);
        }
    }

    /// Advances the shutdown as far as possible.
    pub(crate) fn advance(&mut self, pending_work: PendingWork, now: Millis) {
        if let Self::Finishing { by, at_end } = *self {
            let waits = pending_work.unstored || (at_end && !pending_work.entered);
            if now >= by {
                *self = Self::Over;
            } else if !waits {
                *self = Self::Leaving { by: now.plus(LEAVE_TIMEOUT_MILLIS) };
            }
        }
        if let Self::Leaving { by } = *self
            && (now >= by || !pending_work.to_leave)
        {
            *self = Self::Over;
        }
    }

    pub(crate) const fn deadline(self) -> Option<Millis> {
        match self {
            Self::Finishing { by, .. } | Self::Leaving { by } => Some(by),
            Self::Running | Self::Over => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DONE: PendingWork = PendingWork { unstored: false, entered: true, to_leave: false };

    #[test]
    fn waits_until_all_messages_are_stored() {
        let mut stage = ShutdownStage::Running;
        stage.advance(DONE, Millis(5));
        assert_eq!(stage, ShutdownStage::Running);
        stage.go(true, 1_000, Millis(10));
        stage.advance(PendingWork { unstored: true, ..DONE }, Millis(500));
        assert_eq!(stage.deadline(), Some(Millis(1_010)));
        stage.advance(PendingWork { to_leave: true, ..DONE }, Millis(600));
        assert_eq!(stage, ShutdownStage::Leaving { by: Millis(2_600) });
        stage.advance(DONE, Millis(700));
        assert_eq!(stage, ShutdownStage::Over);
    }

    #[test]
    fn every_wait_has_a_limit() {
        let mut stage = ShutdownStage::Running;
        stage.go(true, 1_000, Millis(0));
        stage.advance(PendingWork { unstored: true, ..DONE }, Millis(1_000));
        assert_eq!(stage, ShutdownStage::Over);
        let mut stage = ShutdownStage::Leaving { by: Millis(50) };
        stage.advance(PendingWork { to_leave: true, ..DONE }, Millis(50));
        assert_eq!(stage, ShutdownStage::Over);
    }

    #[test]
    fn keeps_waiting_for_a_slow_server() {
        let mut stage = ShutdownStage::Running;
        stage.go(true, 1_000, Millis(0));
        stage.progress(1_000, Millis(900));
        stage.advance(PendingWork { unstored: true, ..DONE }, Millis(1_500));
        assert_eq!(stage.deadline(), Some(Millis(1_900)));
    }

    #[test]
    fn end_of_input_still_joins_the_room() {
        let nowhere = PendingWork { entered: false, ..DONE };
        let mut stage = ShutdownStage::Running;
        stage.go(true, 1_000, Millis(0));
        stage.advance(nowhere, Millis(1));
        assert!(matches!(stage, ShutdownStage::Finishing { .. }));
        let mut stage = ShutdownStage::Running;
        stage.go(false, 1_000, Millis(0));
        stage.advance(nowhere, Millis(1));
        assert_eq!(stage, ShutdownStage::Over);
    }

    #[test]
    fn second_interrupt_quits_at_once() {
        let mut stage = ShutdownStage::Running;
        stage.go(true, 1_000, Millis(0));
        stage.go(false, 1_000, Millis(1));
        assert_eq!(stage, ShutdownStage::Over);
    }
}
