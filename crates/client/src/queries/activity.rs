//! Reports of the user's activity, from which the server derives presence.

use hubbub_protocol::Command;

use crate::Millis;
use crate::requests::Request;

/// Milliseconds between two reports of activity.
const REPORT_INTERVAL_MILLIS: u64 = 60_000;

/// Reports activity, at most once in [`REPORT_INTERVAL_MILLIS`].
#[derive(Clone, Debug, Default)]
pub(crate) struct ActivityReport {
    /// Time of the last report on this connection.
    reported: Option<Millis>,
    /// Time of the last activity that is not reported.
    active: Option<Millis>,
}

impl ActivityReport {
    /// Records activity of the user.
    pub(crate) const fn on_active(&mut self, now: Millis) {
        self.active = Some(now);
    }

    pub(crate) fn next_request(&mut self, now: Millis) -> Option<(Command, Request)> {
        let is_due = |since: Millis| now.since(since) >= REPORT_INTERVAL_MILLIS;
        if self.active.is_none_or(is_due) || !self.reported.is_none_or(is_due) {
            return None;
        }
        *self = Self { reported: Some(now), active: None };
        Some((Command::Ping { active: true }, Request::Ping))
    }

    /// Forgets the last report after the connection is lost.
    pub(crate) const fn reset(&mut self) {
        self.reported = None;
    }
}
