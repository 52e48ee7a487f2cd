//! The connections of each user, for updates to all of them.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use hubbub_chat::ConnectionId;
use hubbub_protocol::{CloseReason, ServerFrame, UserEvent, UserId};
use smallvec::SmallVec;

use super::delivery::{Broadcast, Delivery};
use super::outbox::Outbox;
use crate::sqlite::SessionId;

/// Maximum number of ended sessions that are remembered. A connection may be accepted just before its session ends and
/// registered just after it; this list closes it.
const ENDED_REMEMBERED: usize = 1_024;

/// The connected users and their outboxes.
#[derive(Debug, Default)]
pub(super) struct Users {
    /// A user has few connections, most users one, so the vector is searched linearly.
    connected: HashMap<UserId, SmallVec<[UserConnection; 1]>>,
    /// The sessions that ended last, oldest first.
    ended: VecDeque<SessionId>,
}

#[derive(Debug)]
struct UserConnection {
    id: ConnectionId,
    session: Option<SessionId>,
    outbox: Outbox,
}

impl Users {
    pub(super) fn connect(
        &mut self,
        user: UserId,
        session: Option<SessionId>,
        id: ConnectionId,
        outbox: Outbox,
    ) {
        if session.is_some_and(|session| self.ended.contains(&session)) {
            outbox.close(CloseReason::SignedOut);
        }
        self.connected.entry(user).or_default().push(UserConnection { id, session, outbox });
    }

    pub(super) fn disconnect(&mut self, user: UserId, connection: ConnectionId) {
        let Some(connections) = self.connected.get_mut(&user) else { return };
        connections.retain(|other| other.id != connection);
        if connections.is_empty() {
            self.connected.remove(&user);
        }
    }

    /// Sends an update to all connections of a user without waiting: see [`Outbox::put`].
    pub(super) fn notify(&self, user: UserId, event: &UserEvent) {
        let Some(connections) = self.connected.get(&user) else { return };
        let broadcast = Arc::new(Broadcast::to_user(ServerFrame::UserEvent(event.clone())));
        for connected in connections {
            connected.outbox.put([Delivery::Broadcast(Arc::clone(&broadcast))]);
        }
    }

    /// Closes all connections of a user.
    pub(super) fn close(&self, user: UserId, reason: CloseReason) {
        for connected in self.connected.get(&user).into_iter().flatten() {
            connected.outbox.close(reason);
        }
    }

    /// Closes the connections of a session, also those that are not registered yet. Connections of the user `keep` may
    /// reconnect with another session.
    pub(super) fn end_session(&mut self, session: SessionId, keep: Option<UserId>) {
        if self.ended.len() == ENDED_REMEMBERED {
            self.ended.pop_front();
        }
        self.ended.push_back(session);
        for (user, connections) in &self.connected {
            let reason = if Some(*user) == keep { CloseReason::Restart } else { CloseReason::SignedOut };
            let of_session = connections.iter().filter(|connected| connected.session == Some(session));
            of_session.for_each(|connected| connected.outbox.close(reason));
        }
    }

    /// Returns the sessions of a user that have a connection.
    pub(super) fn sessions_of(&self, user: UserId) -> HashSet<SessionId> {
        self.connected.get(&user).into_iter().flatten().filter_map(|connected| connected.session).collect()
    }
}
