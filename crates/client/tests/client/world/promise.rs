//! What holds whatever the story is.

use hubbub_protocol::{Event, Seq};

use super::World;
use crate::check::{check, position};
use crate::stored::Stored;

impl World {
    /// What holds at any moment, whatever the story is.
    pub(super) fn check(&self) {
        check(&self.client);
        let here = self.client.hello().is_some_and(|hello| hello.epoch.0 == self.server.epoch);
        for room in self.client.rooms().filter(|_| here) {
            let held: Vec<Seq> = room.timeline.rows().filter_map(|row| position(&row)).collect();
            let lines = self.server.rooms.get(&room.name).map(Stored::lines).unwrap_or_default();
            let lines: Vec<Seq> = lines.iter().map(Event::seq).collect();
            assert!(
                lines.windows(held.len().max(1)).any(|run| run == held) || held.is_empty(),
                "{held:?} is no run of {lines:?}"
            );
        }
        assert_eq!(self.storage.len(), self.client.outbox().len(), "storage and outbox differ");
        for entry in self.client.outbox().entries() {
            assert_eq!(self.storage.get(&entry.client_id), Some(entry), "storage and outbox differ");
        }
    }
}
