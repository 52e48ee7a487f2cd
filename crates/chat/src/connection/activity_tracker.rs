//! The activity of the user on one connection.

use hubbub_protocol::{AWAY_MILLIS, Appearance, Millis, Presence, Status};

use crate::DisplayedPresence;

/// The time of the user's last activity, and the status and settings that the user chose.
#[derive(Debug)]
pub(super) struct ActivityTracker {
    pub(super) appearance: Appearance,
    active_at: Millis,
    /// Presence that was last reported to the rooms.
    reported: Presence,
}

impl ActivityTracker {
    pub(super) fn new(appearance: Appearance, now: Millis) -> Self {
        let mut activity = Self { appearance, active_at: now, reported: Presence::Online };
        activity.reported = activity.presence(now);
        activity
    }

    /// Records activity of the user. Opening the page counts as activity.
    pub(super) const fn sign_of_life(&mut self, now: Millis) {
        self.active_at = now;
    }

    fn presence(&self, now: Millis) -> Presence {
        match self.appearance.status {
            Status::Invisible => Presence::Offline,
            Status::Busy => Presence::Busy,
            Status::Away => Presence::Away,
            Status::Online if now.since(self.active_at) >= AWAY_MILLIS => Presence::Away,
            Status::Online => Presence::Online,
        }
    }

    /// Returns the presence that the rooms should show.
    pub(super) fn shown(&self, now: Millis) -> DisplayedPresence {
        DisplayedPresence { presence: self.presence(now), share_reads: self.appearance.share_reads }
    }

    /// Returns the presence that was last reported to the rooms.
    pub(super) const fn reported(&self) -> DisplayedPresence {
        DisplayedPresence { presence: self.reported, share_reads: self.appearance.share_reads }
    }

    /// Updates the reported presence and returns whether it changed.
    pub(super) fn update_reported(&mut self, now: Millis) -> bool {
        let presence = self.presence(now);
        let changed = presence != self.reported;
        self.reported = presence;
        changed
    }

    /// Returns the time at which the user becomes away without further activity.
    pub(super) fn deadline(&self) -> Option<Millis> {
        let waits = self.appearance.status == Status::Online && self.reported == Presence::Online;
        waits.then(|| self.active_at.plus(AWAY_MILLIS))
    }
}
