//! The user's status and settings.

use hubbub_protocol::{Appearance, Command, Status};

use crate::Millis;
use crate::output::ClientOutput;
use crate::requests::Request;
use crate::retry_backoff::RetryBackoff;

/// Stores the status and the settings that the user chooses.
#[derive(Clone, Debug, Default)]
pub(crate) struct AppearanceUpdate {
    stored: Appearance,
    wanted: RequestedAppearance,
    in_flight: Option<RequestedAppearance>,
    backoff: RetryBackoff,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct RequestedAppearance {
    status: Option<Status>,
    share_reads: Option<bool>,
}

impl AppearanceUpdate {
    /// Returns the status and settings, with a choice that is not stored yet.
    pub(crate) fn appearance(&self) -> Appearance {
        Appearance {
            status: self.wanted.status.unwrap_or(self.stored.status),
            share_reads: self.wanted.share_reads.unwrap_or(self.stored.share_reads),
        }
    }

    /// Changes the given settings.
    pub(crate) fn choose(
        &mut self,
        status: Option<Status>,
        share_reads: Option<bool>,
        out: &mut ClientOutput,
    ) {
        self.wanted.status = status.or(self.wanted.status);
        self.wanted.share_reads = share_reads.or(self.wanted.share_reads);
        out.change_set.appearance = true;
    }

    /// Records the status and settings that the server reports.
    pub(crate) fn set_stored(&mut self, appearance: Appearance, out: &mut ClientOutput) {
        self.stored = appearance;
        out.change_set.appearance = true;
    }

    pub(crate) fn next_request(&mut self) -> Option<(Command, Request)> {
        let RequestedAppearance { status, share_reads } = self.wanted;
        let is_idle = self.wanted == RequestedAppearance::default() || self.in_flight.is_some();
        if is_idle || !self.backoff.is_ready() {
            return None;
        }
        self.in_flight = Some(self.wanted);
        Some((Command::Appear { status, share_reads }, Request::Appear))
    }

    /// Handles the reply.
    pub(crate) fn on_reply(&mut self, appearance: Appearance, out: &mut ClientOutput) {
        self.clear_answered(out);
        self.backoff.granted();
        self.set_stored(appearance, out);
    }

    /// Handles a refusal, which is temporary if `later`.
    pub(crate) fn on_refusal(&mut self, later: bool, now: Millis, out: &mut ClientOutput) {
        if later {
            self.in_flight = None;
            self.backoff.refused(now);
        } else {
            self.clear_answered(out);
        }
    }

    /// Removes the answered part of a choice; later choices remain.
    fn clear_answered(&mut self, out: &mut ClientOutput) {
        let Some(answered) = self.in_flight.take() else { return };
        if self.wanted.status == answered.status {
            self.wanted.status = None;
        }
        if self.wanted.share_reads == answered.share_reads {
            self.wanted.share_reads = None;
        }
        out.change_set.appearance = true;
    }

    pub(crate) const fn reset_in_flight(&mut self) {
        self.in_flight = None;
    }

    pub(crate) fn wake(&mut self, now: Millis) {
        self.backoff.wake(now);
    }

    pub(crate) const fn deadline(&self) -> Option<Millis> {
        self.backoff.deadline()
    }
}
