//! The open requests of this connection.

use crate::sorted_vec_map::SortedVecMap;

use hubbub_protocol::{ClientId, MessageId, RequestId, RoomName};

use crate::Millis;
use crate::timeline::PageRequest;

/// Milliseconds after which a request times out. The server has then lost it, and only a new connection
/// restores a common state.
const TIMEOUT_MILLIS: u64 = 60_000;

/// A request that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    Join(RoomName),
    Leave(RoomName),
    Post(ClientId),
    Change { room: RoomName, change_id: ClientId },
    Read(RoomName),
    Type,
    History { room: RoomName, ask: PageRequest },
    Edits { room: RoomName, message_id: MessageId },
    Rooms,
    Browse { number: u64, further: bool },
    Appear,
    Ping,
}

/// The open requests, numbered from 1 on each connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requests {
    last: u64,
    open: SortedVecMap<RequestId, (Request, Millis)>,
}

impl Requests {
    pub(crate) fn add(&mut self, request: Request, now: Millis) -> RequestId {
        self.last = self.last.saturating_add(1);
        let id = RequestId(self.last);
        self.open.insert(id, (request, now));
        id
    }

    /// Removes and returns the request that an answer belongs to; `None` if no such request is open.
    pub(crate) fn take(&mut self, id: RequestId) -> Option<Request> {
        self.open.remove(&id).map(|(request, _)| request)
    }

    pub(crate) fn len(&self) -> usize {
        self.open.len()
    }

    /// Returns the time of the oldest unanswered command. Pings have a timeout of their own.
    pub(crate) fn unanswered(&self) -> Option<Millis> {
        let mut commands = self.open.values().filter(|(request, _)| *request != Request::Ping);
        commands.next().map(|(_, since)| *since)
    }

    /// Returns the time at which the oldest request times out.
    pub(crate) fn deadline(&self) -> Option<Millis> {
        self.open.values().next().map(|(_, since)| since.plus(TIMEOUT_MILLIS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each_request_once() {
        let mut requests = Requests::default();
        assert_eq!(requests.add(Request::Type, Millis(0)), RequestId(1));
        assert_eq!(requests.add(Request::Ping, Millis(5)), RequestId(2));
        assert_eq!(requests.deadline(), Some(Millis(60_000)));
        assert_eq!(requests.take(RequestId(1)), Some(Request::Type));
        assert_eq!(requests.take(RequestId(1)), None);
        assert_eq!(requests.take(RequestId(3)), None);
        assert_eq!(requests.deadline(), Some(Millis(60_005)));
        assert_eq!(requests.len(), 1);
    }
}
