//! A request of which only the newest matters.

use crate::Millis;
use crate::retry_backoff::RetryBackoff;

/// A request until the server answers it. A newer request replaces an older one. After a temporary refusal the
/// request is sent again with a delay.
#[derive(Clone, Debug)]
pub(super) struct LatestRequest<T> {
    wanted: Option<T>,
    in_flight: bool,
    backoff: RetryBackoff,
}

impl<T> Default for LatestRequest<T> {
    fn default() -> Self {
        Self { wanted: None, in_flight: false, backoff: RetryBackoff::default() }
    }
}

impl<T> LatestRequest<T> {
    /// Replaces the request, even if it is in flight.
    pub(super) fn replace(&mut self, wanted: T) {
        self.wanted = Some(wanted);
        self.in_flight = false;
    }

    /// Returns the request that is not answered.
    pub(super) const fn wanted(&self) -> Option<&T> {
        self.wanted.as_ref()
    }

    /// Returns the request to send now. The caller sends it and calls [`LatestRequest::set_in_flight`].
    pub(super) fn due(&self) -> Option<&T> {
        self.wanted.as_ref().filter(|_| !self.in_flight && self.backoff.is_ready())
    }

    pub(super) const fn set_in_flight(&mut self) {
        self.in_flight = true;
    }

    /// Handles the reply to the newest request.
    pub(super) fn on_reply(&mut self) {
        self.wanted = None;
        self.in_flight = false;
        self.backoff.granted();
    }

    /// Handles a refusal of the newest request, which is temporary if `later`.
    pub(super) fn on_refusal(&mut self, later: bool, now: Millis) {
        self.in_flight = false;
        if later {
            self.backoff.refused(now);
        } else {
            self.wanted = None;
        }
    }

    pub(super) const fn reset_in_flight(&mut self) {
        self.in_flight = false;
    }

    pub(super) fn wake(&mut self, now: Millis) {
        self.backoff.wake(now);
    }

    pub(super) const fn deadline(&self) -> Option<Millis> {
        self.backoff.deadline()
    }
}
