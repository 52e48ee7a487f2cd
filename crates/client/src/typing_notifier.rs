//! The user's own typing indicator.

use hubbub_protocol::{Command, RoomName, TYPING_INTERVAL_MILLIS, TYPING_MILLIS};

use crate::Millis;
use crate::requests::Request;

/// Sends typing commands for key presses, at most one in [`TYPING_INTERVAL_MILLIS`].
#[derive(Clone, Debug, Default)]
pub(crate) struct TypingNotifier {
    /// Time of the last command that typing started or continues.
    sent_at: Option<Millis>,
    due: DueNotice,
}

/// The typing command to send next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum DueNotice {
    #[default]
    None,
    Started,
    Stopped,
}

impl TypingNotifier {
    /// Records a key press.
    pub(crate) const fn press(&mut self) {
        self.due = DueNotice::Started;
    }

    /// Ends typing: the composer was emptied, or the user posted or left the room.
    pub(crate) fn stop(&mut self, now: Millis) {
        let is_shown = self.sent_at.is_some_and(|sent| now < sent.plus(TYPING_MILLIS));
        self.due = if is_shown { DueNotice::Stopped } else { DueNotice::None };
    }

    /// Returns the typing command to send now.
    pub(crate) fn next_request(&mut self, room: &RoomName, now: Millis) -> Option<(Command, Request)> {
        let on = match self.due {
            DueNotice::Stopped => {
                self.sent_at = None;
                false
            }
            DueNotice::Started if self.deadline().is_none_or(|at| now >= at) => {
                self.sent_at = Some(now);
                true
            }
            DueNotice::None | DueNotice::Started => return None,
        };
        self.due = DueNotice::None;
        Some((Command::Type { room: room.as_str().to_owned(), on }, Request::Type))
    }

    /// Returns the time at which a typing command is due.
    pub(crate) fn deadline(&self) -> Option<Millis> {
        let sent = self.sent_at.filter(|_| self.due == DueNotice::Started)?;
        Some(sent.plus(TYPING_INTERVAL_MILLIS))
    }
}
