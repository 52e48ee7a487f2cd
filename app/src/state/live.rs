//! Updates of the signals that only a started client makes, none of which occurs in the first rendering.

use hubbub_client::{Client, Phase};
use hubbub_protocol::{Refusal, RoomName};
use leptos::prelude::*;

use super::room_step::{RoomStep, beside};
use super::{ChatSignals, MembershipStatus, Toast, set_if_new};

/// Maximum toasts at the same time.
const MAX_TOASTS: usize = 3;

impl ChatSignals {
    /// Updates how the user appears to others.
    pub(crate) fn show_appearance(self, client: &Client) {
        set_if_new(self.appearance, client.appearance());
    }

    /// Updates the result of the search for public rooms.
    pub(crate) fn show_browsed(self, client: &Client) {
        set_if_new(self.browsed, client.browsed().cloned());
    }

    /// Updates the earlier versions of a message.
    pub(crate) fn show_edits(self, client: &Client) {
        set_if_new(self.edits, client.edits().cloned());
    }

    /// Adds a toast for a refusal and returns its number, by which it is closed.
    pub(crate) fn add_toast(self, room: RoomName, refusal: Refusal) -> u32 {
        let number = self.toasts_shown.get_value();
        self.toasts_shown.set_value(number.wrapping_add(1));
        self.toasts.update(|toasts| {
            toasts.push(Toast { number, room, refusal });
            // Removes the oldest toast, so that many failures without a connection do not fill the page.
            if toasts.len() > MAX_TOASTS {
                toasts.remove(0);
            }
        });
        number
    }

    /// Updates the membership in the open room.
    pub(crate) fn show_membership(self, phase: &Phase) {
        let membership = match phase {
            Phase::Joining | Phase::Live => MembershipStatus::In,
            Phase::Left => MembershipStatus::Left,
            Phase::Refused(refusal) => MembershipStatus::Refused(refusal.clone()),
        };
        set_if_new(self.membership, membership);
    }

    /// Returns the number of unread messages shown for a room.
    pub(crate) fn unread_of(self, room: &RoomName) -> u32 {
        self.rooms.value(room).map_or(0, |shown| shown.with_untracked(|shown| shown.unread))
    }

    /// Returns the room next to the open one in the list; wraps at both ends.
    pub(crate) fn beside(self, step: RoomStep) -> Option<RoomName> {
        let here = self.route.with_untracked(|route| route.room.clone());
        let is_unread = |room: &RoomName| self.unread_of(room) > 0;
        self.rooms.keys.with_untracked(|rooms| {
            beside(rooms, &here, step.down, |room| !step.unread || is_unread(room)).cloned()
        })
    }
}
