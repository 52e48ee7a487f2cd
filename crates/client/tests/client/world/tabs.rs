//! A tab that is closed, reloaded or joined by another one. Only the storage survives.

use hubbub_client::{Client, Intent, Kept};
use hubbub_protocol::ClientId;

use super::World;
use crate::words::lobby;

impl World {
    /// Closes the tab and opens it again. Only the storage survives.
    pub(crate) fn reloads(&mut self) {
        self.closes();
        self.opens();
    }

    /// Closes the tab and opens another that has not read the remaining records.
    pub(crate) fn another_tab_opens(&mut self) {
        self.closes();
        let storage = std::mem::take(&mut self.storage).into_iter();
        let failed = |kept: &Kept| matches!(kept, Kept::Message(entry) if entry.failed.is_some());
        let (failed, left): (Vec<_>, Vec<_>) = storage.partition(|(_, kept)| failed(kept));
        self.storage = failed.into_iter().collect();
        self.left_elsewhere.extend(left.into_iter().map(|(_, kept)| kept));
        self.opens();
    }

    /// Another tab takes these records over. Returns them.
    pub(crate) fn loses(&mut self, ids: &[ClientId]) -> Vec<Kept> {
        let taken = ids.iter().map(|id| self.storage.remove(id).unwrap()).collect();
        self.client.disown(ids);
        self.run();
        taken
    }

    /// Another tab was closed and left these records.
    pub(crate) fn takes_in(&mut self, left: Vec<Kept>) {
        self.storage.extend(left.iter().map(|kept| (kept.id(), kept.clone())));
        self.client.take_in(left, self.now);
        self.run();
    }

    /// Closes the tab. Only the storage survives.
    pub(crate) fn closes(&mut self) {
        self.opened += 1;
        self.closed = true;
        self.client = Client::new(7 + self.opened);
        self.uploads.clear();
        self.lose_socket();
    }

    /// Opens a tab without open rooms, not started.
    pub(crate) const fn opens_in_the_background(&mut self) {
        self.closed = false;
    }

    /// Opens a tab.
    pub(crate) fn opens(&mut self) {
        self.closed = false;
        self.client.restore_outbox(self.storage.values().cloned().collect());
        self.wants(Intent::Open { room: lobby() });
        self.wants(Intent::Start);
    }

    /// The records in storage for which the outbox was held are read.
    pub(crate) fn reads(&mut self, kept: Vec<Kept>) {
        self.storage.extend(kept.iter().map(|kept| (kept.id(), kept.clone())));
        self.client.release_outbox(kept, self.now);
        self.run();
    }
}
