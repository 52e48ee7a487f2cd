//! What only a living chat shows and does: nothing of it is there at the first render.

use hubbub_client::{Client, Phase};
use hubbub_protocol::{Refusal, RoomName};
use leptos::prelude::*;

use super::room_step::{RoomStep, beside};
use super::{ChatSignals, MembershipStatus, Toast, set_if_new};

/// So many are shown at once.
const MAX_TOASTS: usize = 3;

impl ChatSignals {
    /// Shows how I appear.
    pub(crate) fn show_appearance(self, client: &Client) {
        set_if_new(self.appearance, client.appearance());
    }

    /// Shows the public rooms that were asked for.
    pub(crate) fn show_browsed(self, client: &Client) {
        set_if_new(self.browsed, client.browsed().cloned());
    }

    /// Shows the former texts that were asked for.
    pub(crate) fn show_edits(self, client: &Client) {
        set_if_new(self.edits, client.edits().cloned());
    }

    /// Adds a toast for a refusal and returns its number, by which it is closed.
    pub(crate) fn add_toast(self, room: RoomName, refusal: Refusal) -> u32 {
        let number = self.toasts_shown.get_value();
        self.toasts_shown.set_value(number.wrapping_add(1));
        self.toasts.update(|toasts| {
            toasts.push(Toast { number, room, refusal });
            // Whoever does ten things without a connection need not read ten sentences at once.
            if toasts.len() > MAX_TOASTS {
                toasts.remove(0);
            }
        });
        number
    }

    /// Shows how far I am in the room I look at.
    pub(crate) fn show_membership(self, phase: &Phase) {
        let membership = match phase {
            Phase::Joining | Phase::Live => MembershipStatus::In,
            Phase::Left => MembershipStatus::Left,
            Phase::Refused(refusal) => MembershipStatus::Refused(refusal.clone()),
        };
        set_if_new(self.membership, membership);
    }

    /// How much of one of my rooms is shown as unread.
    pub(crate) fn unread_of(self, room: &RoomName) -> u32 {
        self.rooms.value(room).map_or(0, |shown| shown.with_untracked(|shown| shown.unread))
    }

    /// The room beside the one I am in. After the last comes the first.
    pub(crate) fn beside(self, step: RoomStep) -> Option<RoomName> {
        let here = self.route.with_untracked(|route| route.room.clone());
        let is_unread = |room: &RoomName| self.unread_of(room) > 0;
        self.rooms.keys.with_untracked(|rooms| {
            beside(rooms, &here, step.down, |room| !step.unread || is_unread(room)).cloned()
        })
    }
}
