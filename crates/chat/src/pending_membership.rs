//! Joins and leaves that a room has decided and not yet applied.

use std::collections::BTreeMap;

use hubbub_protocol::UserId;

use crate::{PendingEvent, RoomChange, RoomCommand};

/// The pending joins and leaves of each user. They are stored in the order in which they were decided.
#[derive(Debug, Default)]
pub(crate) struct PendingMembership(BTreeMap<UserId, UserChanges>);

/// The pending joins and leaves of one user.
#[derive(Debug, Default)]
struct UserChanges {
    /// Number of joins and leaves.
    count: usize,
    /// Number of leaves among them.
    leaves: usize,
    /// Whether the last of them is a join.
    ends_with_join: bool,
}

impl PendingMembership {
    /// Adds a join or leave that is about to be stored.
    pub(crate) fn begin(&mut self, pending: &PendingEvent) {
        let (RoomChange::Join { .. } | RoomChange::Leave) = pending.change else { return };
        let is_leave = pending.change == RoomChange::Leave;
        let changes = self.0.entry(pending.by.id).or_default();
        changes.count += 1;
        changes.leaves += usize::from(is_leave);
        changes.ends_with_join = !is_leave;
    }

    /// Removes a join or leave that was stored or that failed.
    pub(crate) fn end(&mut self, user: UserId, command: &RoomCommand) {
        let is_leave = match command {
            RoomCommand::Change(RoomChange::Join { .. }) | RoomCommand::Enter { .. } => false,
            RoomCommand::Change(RoomChange::Leave) => true,
            _ => return,
        };
        let Some(changes) = self.0.get_mut(&user) else { return };
        changes.count -= 1;
        changes.leaves -= usize::from(is_leave);
        if changes.count == 0 {
            self.0.remove(&user);
        }
    }

    /// Returns whether the last pending change of a user is a join.
    pub(crate) fn is_joining(&self, user: UserId) -> bool {
        self.0.get(&user).is_some_and(|changes| changes.ends_with_join)
    }

    /// Returns whether a user has a pending leave.
    pub(crate) fn is_leaving(&self, user: UserId) -> bool {
        self.0.get(&user).is_some_and(|changes| changes.leaves > 0)
    }
}
