//! How much of a person is at a connection.

use hubbub_protocol::{AWAY_MILLIS, Appearance, Millis, Presence, Status};

use crate::DisplayedPresence;

/// When the person at a connection last gave a sign of life, and how they want to be seen.
#[derive(Debug)]
pub(super) struct ActivityTracker {
    pub(super) appearance: Appearance,
    active_at: Millis,
    /// How the rooms were told to show them.
    told: Presence,
}

impl ActivityTracker {
    pub(super) fn new(appearance: Appearance, now: Millis) -> Self {
        let mut activity = Self { appearance, active_at: now, told: Presence::Online };
        activity.told = activity.presence(now);
        activity
    }

    /// Opening the page is a sign of life.
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

    /// How the rooms are to show them.
    pub(super) fn shown(&self, now: Millis) -> DisplayedPresence {
        DisplayedPresence { presence: self.presence(now), share_reads: self.appearance.share_reads }
    }

    /// How the rooms were told to show them.
    pub(super) const fn told(&self) -> DisplayedPresence {
        DisplayedPresence { presence: self.told, share_reads: self.appearance.share_reads }
    }

    /// Whether the rooms must be told.
    pub(super) fn news(&mut self, now: Millis) -> bool {
        let presence = self.presence(now);
        let changed = presence != self.told;
        self.told = presence;
        changed
    }

    /// When they are away, if nothing is heard of them.
    pub(super) fn deadline(&self) -> Option<Millis> {
        let waits = self.appearance.status == Status::Online && self.told == Presence::Online;
        waits.then(|| self.active_at.plus(AWAY_MILLIS))
    }
}
