//! The former texts of a message.

use hubbub_protocol::{Command, Edits, MessageId, RoomName};

use super::latest_request::LatestRequest;
use crate::Millis;
use crate::output::ClientOutput;
use crate::requests::Request;
use crate::rooms::Rooms;

/// Requests the former texts of one message.
#[derive(Clone, Debug, Default)]
pub(crate) struct EditHistoryQuery {
    pub(super) request: LatestRequest<(RoomName, MessageId)>,
    found: Option<Edits>,
}

impl EditHistoryQuery {
    pub(crate) const fn found(&self) -> Option<&Edits> {
        self.found.as_ref()
    }

    /// Requests the former texts of a message.
    pub(crate) fn look_up(&mut self, room: RoomName, message_id: MessageId, out: &mut ClientOutput) {
        self.request.replace((room, message_id));
        out.change_set.edits |= self.found.take().is_some();
    }

    pub(crate) fn next_request(&mut self, rooms: &Rooms) -> Option<(Command, Request)> {
        let (room, message_id) = self.request.due()?.clone();
        if !rooms.get(&room).is_some_and(|room| room.subscription.is_joined()) {
            return None;
        }
        self.request.set_in_flight();
        let command = Command::Edits { room: room.as_str().to_owned(), message_id };
        Some((command, Request::Edits { room, message_id }))
    }

    /// Handles the reply.
    pub(crate) fn on_reply(&mut self, edits: Edits, out: &mut ClientOutput) {
        if self.request.wanted().is_some_and(|(_, wanted)| *wanted == edits.message_id) {
            self.request.on_reply();
            self.found = Some(edits);
            out.change_set.edits = true;
        }
    }

    /// Handles a refusal, which is temporary if `later`.
    pub(crate) fn on_refusal(&mut self, later: bool, now: Millis) {
        self.request.on_refusal(later, now);
    }
}
