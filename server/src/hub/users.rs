//! The connections of each user, for what concerns them all.

use std::collections::HashMap;
use std::sync::Arc;

use hubbub_chat::ConnectionId;
use hubbub_protocol::{Mine, UserId};

use super::delivery::Delivery;
use super::outbox::Outbox;

/// Who is connected, and where to tell them.
#[derive(Debug, Default)]
pub(super) struct Users {
    /// Few each, so they are looked through.
    connected: HashMap<UserId, Vec<(ConnectionId, Outbox)>>,
}

impl Users {
    pub(super) fn connect(&mut self, user: UserId, connection: ConnectionId, outbox: Outbox) {
        self.connected.entry(user).or_default().push((connection, outbox));
    }

    pub(super) fn disconnect(&mut self, user: UserId, connection: ConnectionId) {
        let Some(connections) = self.connected.get_mut(&user) else { return };
        connections.retain(|(other, _)| *other != connection);
        if connections.is_empty() {
            self.connected.remove(&user);
        }
    }

    /// Never waits: see [`Outbox::put`].
    pub(super) fn tell(&self, user: UserId, mine: &Mine) {
        let Some(connections) = self.connected.get(&user) else { return };
        let mine = Arc::new(mine.clone());
        for (_, outbox) in connections {
            outbox.put(Delivery::Mine(Arc::clone(&mine)));
        }
    }
}
