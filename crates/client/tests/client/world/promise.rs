//! Invariants of every scenario.

use hubbub_client::{Change, Kept};
use hubbub_protocol::{Command, Event, Seq};

use super::World;
use crate::check::{check, position, unsent};
use crate::stored::Stored;
use crate::words::face;

impl World {
    /// Checks the invariants that hold at any time.
    pub(super) fn check(&self) {
        if self.closed {
            return;
        }
        check(&self.client);
        self.check_uploads();
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
        assert_eq!(self.kept_of_mine(), unsent(&self.client), "storage and what waits differ");
    }

    /// Returns the stored records of the user, by id.
    fn kept_of_mine(&self) -> Vec<Kept> {
        let me = self.client.me().map(|me| me.id);
        let mine = |kept: &&Kept| me.is_none() || kept.author().is_none_or(|author| Some(author) == me);
        self.storage.values().filter(mine).cloned().collect()
    }

    /// Returns whether the storage contains the record of this command.
    pub(super) fn is_kept(&self, command: &Command) -> bool {
        self.storage.values().any(|kept| match (kept, command) {
            (Kept::Message(entry), Command::Post { client_id, .. }) => entry.client_id == *client_id,
            (Kept::Change(kept), Command::Edit { message_id, text, .. }) => {
                matches!(&kept.change, Change::Edit { message_id: id, text: new, .. }
                    if id == message_id && new.as_str() == text)
            }
            (Kept::Change(kept), Command::Delete { message_id, .. }) => {
                kept.change == Change::Delete { message_id: *message_id }
            }
            (Kept::Change(kept), Command::React { message_id, emoji, on, .. }) => {
                kept.change == Change::React { message_id: *message_id, emoji: face(emoji), on: *on }
            }
            (Kept::Change(kept), Command::Describe { topic, .. }) => {
                matches!(&kept.change, Change::Describe { topic: new, .. } if new.as_str() == topic)
            }
            _ => false,
        }) || !matches!(
            command,
            Command::Post { .. }
                | Command::Edit { .. }
                | Command::Delete { .. }
                | Command::React { .. }
                | Command::Describe { .. }
        )
    }
}
