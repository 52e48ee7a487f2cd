//! The former texts of a message.

use hubbub_protocol::{Command, Edits, MessageId, RoomName};

use crate::Millis;
use crate::output::ClientOutput;
use crate::requests::Request;
use crate::retry_backoff::RetryBackoff;
use crate::rooms::Rooms;

/// Requests the former texts of one message.
#[derive(Clone, Debug, Default)]
pub(crate) struct EditHistoryQuery {
    wanted: Option<(RoomName, MessageId)>,
    in_flight: bool,
    backoff: RetryBackoff,
    found: Option<Edits>,
}

impl EditHistoryQuery {
    pub(crate) const fn found(&self) -> Option<&Edits> {
        self.found.as_ref()
    }

    /// Requests the former texts of a message.
    pub(crate) fn look_up(&mut self, room: RoomName, message_id: MessageId, out: &mut ClientOutput) {
        self.wanted = Some((room, message_id));
        self.in_flight = false;
        out.change_set.edits |= self.found.take().is_some();
    }

    pub(crate) fn next_request(&mut self, rooms: &Rooms) -> Option<(Command, Request)> {
        if self.in_flight || !self.backoff.is_ready() {
            return None;
        }
        let (room, message_id) = self.wanted.clone()?;
        if !rooms.get(&room).is_some_and(|room| room.subscription.is_joined()) {
            return None;
        }
        self.in_flight = true;
        let command = Command::Edits { room: room.as_str().to_owned(), message_id };
        Some((command, Request::Edits { room, message_id }))
    }

    /// Handles the reply.
    pub(crate) fn on_reply(&mut self, edits: Edits, out: &mut ClientOutput) {
        if self.wanted.as_ref().is_some_and(|(_, wanted)| *wanted == edits.message_id) {
            self.wanted = None;
            self.in_flight = false;
            self.backoff.granted();
            self.found = Some(edits);
            out.change_set.edits = true;
        }
    }

    /// Handles a refusal, which is temporary if `later`.
    pub(crate) fn on_refusal(&mut self, later: bool, now: Millis) {
        self.in_flight = false;
        if later {
            self.backoff.refused(now);
        } else {
            self.wanted = None;
        }
    }

    pub(crate) const fn reset_in_flight(&mut self) {
        self.in_flight = false;
    }

    pub(crate) fn wake(&mut self, now: Millis) {
        self.backoff.wake(now);
    }

    pub(crate) const fn deadline(&self) -> Option<Millis> {
        self.backoff.deadline()
    }
}
