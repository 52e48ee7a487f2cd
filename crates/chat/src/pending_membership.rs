//! Joins and leaves that a room has decided and not yet applied.

use std::collections::BTreeMap;

use hubbub_protocol::UserId;

use crate::{PendingEvent, RoomChange};

/// Counts the pending joins and leaves of each user.
#[derive(Debug, Default)]
pub(crate) struct PendingMembership {
    joins: Counts,
    leaves: Counts,
}

#[derive(Debug, Default)]
struct Counts(BTreeMap<UserId, usize>);

impl PendingMembership {
    /// Counts an event that is about to be stored.
    pub(crate) fn begin(&mut self, pending: &PendingEvent) {
        match pending.change {
            RoomChange::Join { .. } => self.joins.add(pending.by.id),
            RoomChange::Leave => self.leaves.add(pending.by.id),
            _ => {}
        }
    }

    /// Ends a change that was stored or that failed.
    pub(crate) fn end(&mut self, user: UserId, change: &RoomChange) {
        match change {
            RoomChange::Join { .. } => self.joins.remove(user),
            RoomChange::Leave => self.leaves.remove(user),
            _ => {}
        }
    }

    /// Returns whether a user has a pending join.
    pub(crate) fn is_joining(&self, user: UserId) -> bool {
        self.joins.0.contains_key(&user)
    }

    /// Returns whether a user has a pending leave.
    pub(crate) fn is_leaving(&self, user: UserId) -> bool {
        self.leaves.0.contains_key(&user)
    }
}

impl Counts {
    fn add(&mut self, user: UserId) {
        *self.0.entry(user).or_default() += 1;
    }

    fn remove(&mut self, user: UserId) {
        if let Some(count) = self.0.get_mut(&user) {
            *count -= 1;
            if *count == 0 {
                self.0.remove(&user);
            }
        }
    }
}
