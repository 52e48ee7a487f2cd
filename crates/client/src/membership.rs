//! The user's membership in a room.

use hubbub_protocol::{Command, Refusal, Retry, RoomName};

use crate::requests::Request;

/// Whether the user is a member of the room, how certain that is, and a pending leave.
#[derive(Clone, Debug, Default)]
pub(crate) struct Membership {
    /// The user is a member, even if a leave is pending.
    belongs: bool,
    leave: LeaveState,
    confirmation: Confirmation,
    /// The user has the room open, so the next join makes the user a member. Other joins only resume a membership.
    wanted: bool,
    /// One of the two results of a leave has arrived, its reply or the notice to all connections. The other
    /// one is ignored.
    echo_due: bool,
}

/// A leave that the user requested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum LeaveState {
    /// Not requested.
    #[default]
    None,
    /// Requested and not sent.
    Due,
    /// Sent and not answered.
    InFlight,
    /// Sent and not answered, but the list of rooms shows that the user is no member.
    Obsolete,
}

/// What is known about the membership.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Confirmation {
    #[default]
    None,
    /// The room comes from a seed. It is kept until the list of rooms arrives.
    Seeded,
    /// The user was a member on the last connection, or may have been. The list of rooms decides.
    AwaitsRoomList,
}

impl Membership {
    /// Returns whether the user is a member and has not requested to leave.
    pub(crate) const fn is_member(&self) -> bool {
        self.belongs && !self.is_leaving()
    }

    /// Returns whether the user is a member, even if a leave is pending.
    pub(crate) const fn belongs(&self) -> bool {
        self.belongs
    }

    /// Returns whether a leave is pending.
    pub(crate) const fn is_leaving(&self) -> bool {
        matches!(self.leave, LeaveState::Due | LeaveState::InFlight)
    }

    /// Returns whether a leave should be sent.
    pub(crate) const fn is_leave_due(&self) -> bool {
        matches!(self.leave, LeaveState::Due)
    }

    pub(crate) const fn is_seeded(&self) -> bool {
        matches!(self.confirmation, Confirmation::Seeded)
    }

    pub(crate) const fn awaits_room_list(&self) -> bool {
        matches!(self.confirmation, Confirmation::AwaitsRoomList)
    }

    /// Returns whether the next join makes the user a member, because the user opened the room.
    pub(crate) const fn is_wanted(&self) -> bool {
        self.wanted
    }

    /// Records that the user opened the room in the view.
    pub(crate) const fn set_wanted(&mut self) {
        self.wanted = true;
    }

    /// Records whether the user is a member.
    pub(crate) const fn set_belongs(&mut self, belongs: bool) {
        self.belongs = belongs;
    }

    pub(crate) fn set_seeded(&mut self) {
        if self.confirmation == Confirmation::None {
            self.confirmation = Confirmation::Seeded;
        }
    }

    /// Waits for the list of rooms before the room is joined.
    pub(crate) const fn await_room_list(&mut self) {
        self.confirmation = Confirmation::AwaitsRoomList;
    }

    /// Cancels a leave that is not sent, because the user opens the room. `is_joined` is set if this connection is
    /// in the room.
    pub(crate) fn on_opened(&mut self, is_joined: bool) {
        if !is_joined || self.leave == LeaveState::InFlight {
            self.wanted = true;
        }
        if self.awaits_room_list() {
            self.confirmation = Confirmation::None;
        }
        if self.leave == LeaveState::Due {
            self.leave = LeaveState::None;
        }
    }

    /// Records that the user closed the room in the view.
    pub(crate) const fn on_closed(&mut self) {
        self.wanted = false;
    }

    /// Requests to leave. `is_needed` is unset if the user is certainly no member and will not become one.
    pub(crate) const fn leave(&mut self, is_needed: bool) {
        self.leave = match self.leave {
            LeaveState::None if is_needed => LeaveState::Due,
            LeaveState::Obsolete if is_needed => LeaveState::InFlight,
            leave => leave,
        };
    }

    /// Cancels a leave that is not sent if the user is no member. The caller knows that no join is in flight
    /// or due.
    pub(crate) fn drop_needless_leave(&mut self) {
        if self.leave == LeaveState::Due && !self.belongs {
            self.leave = LeaveState::None;
        }
    }

    /// Returns the leave to send now.
    pub(crate) fn next_request(&mut self, room: &RoomName) -> Option<(Command, Request)> {
        if self.leave != LeaveState::Due {
            return None;
        }
        self.leave = LeaveState::InFlight;
        Some((Command::Leave { room: room.as_str().to_owned() }, Request::Leave(room.clone())))
    }

    /// Handles the refusal of a leave. Returns whether it is permanent, so that the user stays a member.
    pub(crate) fn on_refusal(&mut self, refusal: &Refusal) -> bool {
        if refusal.retry == Retry::Later {
            self.leave = match self.leave {
                LeaveState::Due | LeaveState::InFlight => LeaveState::Due,
                LeaveState::None | LeaveState::Obsolete => LeaveState::None,
            };
            return false;
        }
        self.leave = LeaveState::None;
        self.belongs = true;
        true
    }

    /// Records the reply to a leave.
    pub(crate) const fn on_reply(&mut self) {
        self.belongs = false;
        self.leave = LeaveState::None;
        self.echo_due = !self.echo_due;
    }

    /// Records the notice of a leave on any device. Returns whether it was made by another device.
    pub(crate) const fn on_left_notice(&mut self) -> bool {
        self.belongs = false;
        let is_own = self.echo_due || matches!(self.leave, LeaveState::InFlight | LeaveState::Obsolete);
        if is_own {
            self.echo_due = !self.echo_due;
        }
        !is_own
    }

    /// Records a join of this connection.
    pub(crate) const fn on_joined(&mut self) {
        self.belongs = true;
        self.wanted = false;
        self.echo_due = false;
    }

    /// Records that a join was refused because the user is no member any more.
    pub(crate) const fn on_not_member(&mut self) {
        self.belongs = false;
    }

    /// Records that the room is in the list of the user's rooms.
    pub(crate) const fn on_listed(&mut self) {
        self.confirmation = Confirmation::None;
    }

    /// Records that a list of the user's rooms arrived.
    pub(crate) fn on_list(&mut self) {
        if self.is_seeded() {
            self.confirmation = Confirmation::None;
        }
    }

    /// Records that the room is not in the list: another device left it, or the reply to a leave was lost. A
    /// room with unsent work is joined to send it, and left afterwards. Returns whether the user was a member
    /// until now.
    pub(crate) fn on_not_listed(&mut self, has_work: bool) -> bool {
        self.belongs = false;
        if !has_work && self.leave == LeaveState::InFlight {
            self.leave = LeaveState::Obsolete;
        }
        let awaited = self.awaits_room_list();
        if awaited {
            self.confirmation = Confirmation::None;
        }
        awaited
    }

    /// Resets what is known of this connection after it is lost. The list of rooms decides whether a leave in
    /// flight arrived. A user who opened the room again since then wants to join in any case.
    pub(crate) fn reset(&mut self, is_open: bool) {
        let was_sent = matches!(self.leave, LeaveState::InFlight | LeaveState::Obsolete);
        self.leave = if self.is_leaving() && !is_open { LeaveState::Due } else { LeaveState::None };
        self.belongs &= !was_sent;
        if self.belongs {
            self.confirmation = Confirmation::AwaitsRoomList;
        }
        self.echo_due = false;
    }
}
