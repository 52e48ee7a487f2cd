//! Writes the local copy: collects the changed rooms, and loads the code that writes them.

use hubbub_client::{ChangeSet, Client};
use hubbub_protocol::{RoomName, UserId};
use leptos::task::spawn_local;

use super::chat_input::Input;
use super::chat_task::ChatHandle;
use super::clock;
use super::local_copy::{self, LocalCopy};

/// Maximum delay before changes are written to the local copy, in milliseconds.
const KEEP_MILLIS: u64 = 10_000;

/// The schedule of writes to the local copy.
pub(super) struct LocalCopyTask {
    handle: ChatHandle,
    copy: LocalCopy,
    /// Rooms with changes that are not in the local copy yet; `None` if nothing has changed.
    changed: Option<Vec<RoomName>>,
}

impl LocalCopyTask {
    pub(super) const fn new(handle: ChatHandle, acting_as: Option<UserId>) -> Self {
        Self { handle, copy: LocalCopy::new(acting_as), changed: None }
    }

    /// Schedules writing these changes, together with later ones.
    pub(super) fn note_changes(&mut self, change_set: &ChangeSet) {
        let changed = change_set.rooms.iter().filter(|(_, room)| room.timeline || room.topic);
        if change_set.rooms_list || change_set.rooms.values().any(|room| room.timeline) {
            self.note(changed.map(|(name, _)| name));
        }
    }

    /// Schedules writing these rooms and the list of rooms.
    pub(super) fn note<'a>(&mut self, rooms: impl Iterator<Item = &'a RoomName>) {
        if self.changed.is_none() {
            let handle = self.handle;
            clock::after(KEEP_MILLIS, move || handle.step(Input::Keep));
        }
        let changed = self.changed.get_or_insert_default();
        for room in rooms {
            if !changed.contains(room) {
                changed.push(room.clone());
            }
        }
    }

    /// Loads the code that writes the local copy, if there are changes. If loading fails, the changes are kept
    /// for the next time.
    pub(super) fn load_writer(&self) {
        if self.changed.is_some() {
            let handle = self.handle;
            spawn_local(async move {
                if let Ok(write) = local_copy::writer().await {
                    handle.step(Input::Write(write));
                }
            });
        }
    }

    /// Writes the changes; `here` is the open room.
    pub(super) fn write(&mut self, write: local_copy::Write, client: &Client, here: &RoomName) {
        if let Some(changed) = self.changed.take() {
            write(&self.copy, client, here, &changed);
        }
    }
}
