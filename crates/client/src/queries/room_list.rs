//! The list of the user's rooms.

use hubbub_protocol::{Command, RoomName};

use crate::Millis;
use crate::request_state::RequestState;
use crate::requests::Request;
use crate::retry_backoff::RetryBackoff;

/// Maximum rooms that are remembered as left while a list is in flight.
const MAX_LEFT_ROOMS: usize = crate::rooms::MAX_ROOMS_KNOWN;

/// Requests the list of the user's rooms.
#[derive(Clone, Debug, Default)]
pub(crate) struct RoomListQuery {
    /// A list was received, or came with a seed.
    is_known: bool,
    /// The list was received on this connection, or was refused permanently.
    is_answered: bool,
    request: RequestState,
    /// Rooms that were left since the request. The list may still contain them.
    left: Vec<RoomName>,
    backoff: RetryBackoff,
}

impl RoomListQuery {
    pub(crate) const fn is_known(&self) -> bool {
        self.is_known
    }

    pub(crate) const fn set_known(&mut self) {
        self.is_known = true;
    }

    /// Returns whether no list is to be expected on this connection before rooms are joined.
    pub(crate) const fn is_answered(&self) -> bool {
        self.is_answered
    }

    /// Requests the list again.
    pub(crate) const fn require(&mut self) {
        self.request.require();
    }

    /// Records that the user left a room.
    pub(crate) fn on_left(&mut self, room: &RoomName) {
        if self.left.len() < MAX_LEFT_ROOMS {
            self.left.push(room.clone());
        }
    }

    pub(crate) fn next_request(&mut self) -> Option<(Command, Request)> {
        if !self.request.is_due() || !self.backoff.is_ready() {
            return None;
        }
        self.request = RequestState::InFlight;
        self.left.clear();
        Some((Command::Rooms {}, Request::Rooms))
    }

    /// Handles the reply. Returns the rooms that the list may contain although they were left.
    pub(crate) fn on_reply(&mut self, now: Millis) -> Vec<RoomName> {
        self.request.end();
        self.is_known = true;
        self.is_answered = true;
        self.backoff.granted();
        // Delays the next request, in case the list is needed again at once.
        self.backoff.pause(now);
        std::mem::take(&mut self.left)
    }

    /// Handles a refusal, which is temporary if `later`.
    pub(crate) fn on_refusal(&mut self, later: bool, now: Millis) {
        self.request = if later { RequestState::Due } else { RequestState::Idle };
        self.is_answered |= !later;
        self.backoff.refused(now);
    }

    pub(crate) const fn reset_in_flight(&mut self) {
        self.request.end();
        self.is_answered = false;
    }

    pub(crate) fn wake(&mut self, now: Millis) {
        self.backoff.wake(now);
    }

    pub(crate) const fn deadline(&self) -> Option<Millis> {
        self.backoff.deadline()
    }
}
